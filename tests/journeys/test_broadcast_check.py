"""Genuine or hoax: /cek, what is forwarded, reports that reach officers, and their rebuttal."""

from datetime import timedelta

import pytest
from sqlmodel import select

from db.models import Broadcast, BroadcastKind, BroadcastState, Question
from domain.broadcasts.content import Content
from tests.support.broadcasting import broadcast, ended, now
from tests.support.hoaxes import CLOSED, HOAX, PACKAGING, announced, pasted
from tests.support.offices import ON_SQLITE, Offices
from tests.support.running import RunningBot

OFFICIAL_HOAX = (
    "PEMBERITAHUAN RESMI. Pemerintah kabupaten membuka pendaftaran hibah modal usaha sebesar lima puluh juta rupiah "
    "bagi pedagang kecil. Biaya administrasi dibayar di muka ke rekening panitia 1234-5678-9012."
)
GROUP = -1_000_000_000_900


async def put(bot: RunningBot, row: Broadcast, **changes: object) -> None:
    async with bot.database.transaction() as session:
        kept = await session.get_one(Broadcast, row.id)
        for name, value in changes.items():
            setattr(kept, name, value)


async def child(bot: RunningBot, row: Broadcast, kind: BroadcastKind) -> None:
    """A correction or a recall that went out an hour ago."""
    at = bot.app.house.now() - timedelta(hours=1)
    async with bot.database.transaction() as session:
        given = {"office": row.office, "topic": row.topic, "made_at": at, "changed_at": at, "started_at": at}
        session.add(Broadcast(**given, kind=kind, parent_id=row.id, state=BroadcastState.FINISHED))


@ON_SQLITE
class TestCommand:
    async def test_alone_asks(self, bot: RunningBot) -> None:
        """What may be sent is said; what comes next is looked at, and then the bot answers questions again."""
        row = await announced(bot)
        sari = bot.person()

        asked = await bot.says(sari, "/cek")
        assert "kode" in asked
        assert "teruskan ke sini" in asked
        said = await bot.says(sari, pasted(row))
        assert said.startswith("✅ Asli.")
        assert "NIB" in await bot.says(sari, "cara bikin nib gimana")

    async def test_with_a_code_shows_ours(self, bot: RunningBot) -> None:
        """What we said under it, who said it, when and to whom in general, so that they compare by eye."""
        row = await announced(bot)
        sari = bot.person()

        for written in (
            row.code,
            row.code.lower(),
            row.code.replace("-", ""),
            row.code.replace("-", " "),
            f"kode {row.code}",
        ):
            said = await bot.says(sari, f"/cek {written}")
            assert "Kode ini milik kami" in said
            assert "Pelatihan Kemasan Produk gratis untuk usaha Anda" in said
            assert "Dari: Diskopum" in said
            assert "Untuk: semua pelaku usaha yang memakai bot ini" in said
            assert f"Kode: {row.code}" in said

    async def test_takes_a_slip(self, bot: RunningBot) -> None:
        """One wrong letter is told, with how it is right."""
        row = await announced(bot)
        wrong = "A" if row.code[-1] != "A" else "B"

        said = await bot.says(bot.person(), f"/cek {row.code[:-1]}{wrong}")

        assert f"Kode yang benar: {row.code}" in said

    async def test_by_link(self, bot: RunningBot) -> None:
        """The link of our text for WhatsApp, and the one from groups."""
        row = await announced(bot)
        sari = bot.person()

        assert "Kode ini milik kami" in await bot.says(sari, f"/start cek_{row.code.replace('-', '')}")
        assert "teruskan ke sini" in await bot.says(sari, "/start cek")
        assert "bukan kode kami" in await bot.says(sari, "/start cek_AAAAABBBBB")

    async def test_replying_to_a_message(self, bot: RunningBot) -> None:
        """/cek as a reply looks at what it replies to."""
        await announced(bot)
        sari = bot.person()
        message = sari.messages()[-1]

        said = await bot.reply_after(sari, lambda: sari.write("/cek", message["message_id"]))

        assert said.startswith("✅ Asli.")

    async def test_unknown_code(self, bot: RunningBot) -> None:
        """Said plainly, with what to do."""
        said = await bot.says(bot.person(), "/cek ABCDE-FGH23")

        assert "ABCDE-FGH23 bukan kode kami" in said
        assert "jangan bayar" in said

    @pytest.mark.parametrize("written", ["😀😀😀", "...", "🙏"])
    async def test_nothing_to_read(self, bot: RunningBot, written: str) -> None:
        """Emoji and signs get a sentence of their own, and it waits on."""
        sari = bot.person()
        await bot.says(sari, "/cek")

        assert "Tidak ada tulisan" in await bot.says(sari, written)
        assert "Tidak ada tulisan" in await bot.says(sari, f"/cek {written}")
        assert "terlalu pendek" in await bot.says(sari, "/cek gimana ini")

    async def test_lets_ask_and_stop(self, private: Offices) -> None:
        """A short question is answered though a message was asked for, and STOP stops; a piece of ours is looked at;
        after a quarter of an hour nothing is awaited any more.
        """
        bot, sari = private.bot, private.sari
        await ended(bot, await broadcast(bot, CLOSED))

        await bot.says(sari, "/cek")
        assert "NIB" in await bot.says(sari, "cara bikin nib gimana ya pak")
        await bot.says(sari, "/cek")
        assert "tidak utuh" in await bot.says(sari, "Besok Kamis kantor kami tutup karena rapat.")
        await bot.says(sari, "/cek")
        assert "saya berhenti" in await bot.says(sari, "STOP")
        assert "NIB" in await bot.says(sari, "cara bikin nib gimana")
        await bot.says(sari, "/cek")
        private.clock.at += timedelta(minutes=16)
        long = f"syarat bikin nib untuk usaha keripik nomor 12 {'yang baru buka di rumah saya ' * 5}"
        assert "pengumuman" not in await bot.says(sari, long)

    async def test_pictures(self, bot: RunningBot) -> None:
        """A picture is not looked at; the words below it are."""
        row = await announced(bot)
        sari = bot.person()
        await bot.says(sari, "/cek")

        assert "Tidak ada tulisan" in await bot.reply_after(sari, lambda: sari.sends("photo"))
        assert "✅" in await bot.reply_after(sari, lambda: sari.sends("photo", caption=pasted(row)))

    @pytest.mark.parametrize("question", ["ini asli gak", "hoax ya?", "bener gak pengumuman ini"])
    async def test_is_what_a_doubt_leads_to(self, bot: RunningBot, question: str) -> None:
        """Who asks whether something is genuine is told how to find out."""
        assert "Mau memastikan pesan" in await bot.says(bot.person(), question)


@ON_SQLITE
class TestVerdict:
    async def test_forwarded_from_the_bot(self, bot: RunningBot) -> None:
        """Their own copy, with their own name in it."""
        await announced(bot)
        sari = bot.person()

        said = await bot.reply_after(sari, lambda: sari.forward_message(sari.messages()[-1]["message_id"]))

        assert said.startswith("✅ Asli. Ini pengumuman kami, kata demi kata.")

    async def test_another_thing_from_the_bot(self, bot: RunningBot) -> None:
        """What the bot said that was no announcement is from it all the same."""
        sari = bot.person()
        await bot.says(sari, "cara bikin nib gimana")
        theirs = sari.messages()[-1]["message_id"]

        assert "memang dari bot ini" in await bot.reply_after(sari, lambda: sari.forward_message(theirs))

    async def test_changed(self, bot: RunningBot) -> None:
        """What people are cheated with is named first, then the difference is shown."""
        row = await announced(bot)
        sari = bot.person()
        forged = pasted(row).replace("0812-3456-7890", "0857-1111-2222").replace("gratis", "berbayar")

        said = await bot.reply_after(sari, lambda: sari.forward(forged))

        assert "isinya sudah diubah" in said
        assert said.index("nomor HP/rekening diganti: 0812-3456-7890 menjadi 0857-1111-2222") < said.index("Bedanya")
        marked = {(entity["type"], cut(sari.messages()[-1], entity)) for entity in sari.messages()[-1]["entities"]}
        assert {("strikethrough", "gratis"), ("bold", "berbayar")} <= marked
        assert "🚩 Laporkan ke petugas" in sari.labels()

    async def test_changed_link_behind_the_same_label(self, bot: RunningBot) -> None:
        """Where a label leads counts, though it reads the same."""
        await announced(bot)
        sari = bot.person()
        forged = PACKAGING.replace("lamongankab.go.id", "lamongankab.site")

        said = await bot.reply_after(sari, lambda: sari.forward(forged, html=True))

        assert "tautan diganti: https://lamongankab.go.id/kemasan menjadi https://lamongankab.site/kemasan" in said

    async def test_without_its_code(self, bot: RunningBot) -> None:
        """Hoaxes drop the code, or forge it: ours is found by its words."""
        row = await announced(bot)
        sari = bot.person()
        for forged in (pasted(row).split("Kode asli")[0], pasted(row).replace(row.code, "ABCDE-FGH23")):
            dearer = forged.replace("Rp150.000", "Rp1.500.000")
            said = await bot.reply_after(sari, lambda text=dearer: sari.forward(text))
            assert "jumlah uang diganti: 150.000 menjadi 1.500.000" in said

    async def test_a_part_of_it(self, bot: RunningBot) -> None:
        """Nobody is alarmed by what was cut off; the whole is shown."""
        row = await announced(bot)
        sari = bot.person()
        text = pasted(row)

        said = await bot.reply_after(sari, lambda: sari.forward(text[: text.index("Uang saku")]))

        assert "Asli, tetapi tidak utuh" in said
        assert "hubungi 0812-3456-7890" in said
        assert "🚩 Laporkan ke petugas" not in sari.labels()

    async def test_with_a_greeting_around_it(self, bot: RunningBot) -> None:
        """Somebody's friendly words make nothing false of it, and are shown as theirs; a number or a "tidak" does."""
        row = await announced(bot, CLOSED)
        sari = bot.person()
        text = pasted(row, CLOSED)

        greeted = f"Assalamualaikum warga.\n{text}\nSemoga bermanfaat ya"
        said = await bot.reply_after(sari, lambda: sari.forward(greeted))
        assert said.startswith("✅ Asli, ada tambahan.")
        assert "Semoga bermanfaat ya" in said
        lures = (
            "Info: 0857-1111-2222",
            "Transfer ke Bu Ani dulu",
            "Bayar dua juta",
            "https://contoh.site",
            "Acaranya batal",
        )
        for lure in lures:
            said = await bot.reply_after(sari, lambda lure=lure: sari.forward(f"{text}\n{lure}"))
            assert "isinya sudah diubah" in said, lure
        assert "terlalu pendek" in await bot.says(sari, "/cek kantor kami tutup")

    async def test_corrected(self, bot: RunningBot) -> None:
        """The old text is ours, and the newer one is shown; the newer one is genuine."""
        row = await announced(bot)
        newer = PACKAGING.replace("Aula Diskopum", "Aula Kecamatan Babat")
        await put(bot, row, content=Content(html=newer).as_json(), replaced=[row.content], version=2)
        await child(bot, row, BroadcastKind.CORRECTION)
        sari = bot.person()

        said = await bot.reply_after(sari, lambda: sari.forward(pasted(row)))
        assert "Asli, tetapi sudah kami ralat" in said
        assert "Aula Kecamatan Babat" in said
        assert (await bot.reply_after(sari, lambda: sari.forward(pasted(row, newer)))).startswith("✅")

    async def test_withdrawn(self, bot: RunningBot) -> None:
        """By its words and by its code."""
        row = await announced(bot)
        await child(bot, row, BroadcastKind.RECALL)
        sari = bot.person()

        assert "sudah kami tarik" in await bot.reply_after(sari, lambda: sari.forward(pasted(row)))
        assert "sudah kami tarik" in await bot.says(sari, f"/cek {row.code}")

    async def test_our_code_over_another_text(self, bot: RunningBot) -> None:
        """The code makes nothing ours."""
        row = await announced(bot)
        sari = bot.person()

        said = await bot.reply_after(sari, lambda: sari.forward(f"{HOAX}\nKode asli: {row.code}"))

        assert "Kodenya milik kami, isinya bukan" in said
        assert "Pelatihan Kemasan Produk" in said

    async def test_not_sent_yet(self, bot: RunningBot) -> None:
        """The text an officer copied to WhatsApp before its hour is genuine; by its code alone it is not told."""
        sari = bot.person()
        await bot.says(sari, "/batal")
        at = bot.app.house.now() + timedelta(days=1)
        row = await now(bot, await broadcast(bot, PACKAGING, starts_at=at))

        assert "belum disiarkan" in await bot.reply_after(sari, lambda: sari.forward(pasted(row)))
        by_code = await bot.says(sari, f"/cek {row.code}")
        assert "belum disiarkan" in by_code
        assert "Kemasan" not in by_code

    async def test_drafts_are_not_told(self, bot: RunningBot) -> None:
        """What is being composed nobody has seen."""
        row = await announced(bot)
        await put(bot, row, state=BroadcastState.DRAFT)
        sari = bot.person()

        assert "Bukan pengumuman kami" in await bot.reply_after(sari, lambda: sari.forward(pasted(row)))


@ON_SQLITE
class TestForwarded:
    async def test_a_notice_of_others_is_unknown(self, bot: RunningBot) -> None:
        """Long enough for a notice: what it is not, what to do, and both ways on."""
        sari = bot.person()

        said = await bot.reply_after(sari, lambda: sari.forward(HOAX))

        assert "Bukan pengumuman kami" in said
        assert "jangan bayar" in said
        assert {"🚩 Laporkan ke petugas", "❓ Tanyakan isinya", "🔎 Cek pesan lain"} <= set(sari.labels())

    async def test_can_be_asked_as_a_question(self, bot: RunningBot) -> None:
        """Somebody may want to know about what it says."""
        sari = bot.person()
        text = (
            f"Halo semua, ada yang tahu cara bikin NIB online untuk usaha kecil? {'Saya bingung mulai dari mana. ' * 3}"
        )
        await bot.reply_after(sari, lambda: sari.forward(text))

        assert "NIB" in await bot.reply_after(sari, lambda: sari.tap("❓ Tanyakan isinya"))

    async def test_short_ones_are_questions(self, bot: RunningBot) -> None:
        """A neighbour's question is answered as before."""
        sari = bot.person()

        assert "NIB" in await bot.reply_after(sari, lambda: sari.forward("cara bikin nib gimana"))

    async def test_pasted_text_with_a_code(self, bot: RunningBot) -> None:
        """Who pastes an announcement wants to know; who writes at length about something else asks."""
        row = await announced(bot)
        sari = bot.person()

        assert (await bot.says(sari, pasted(row))).startswith("✅")
        assert "pengumuman" not in await bot.says(sari, f"cara bikin nib gimana {'untuk usaha keripik saya ' * 10}")

    async def test_pasted_hoax_is_never_only_guessed_at(self, bot: RunningBot) -> None:
        """Who pastes a long text that lures is warned, and can have it checked; no matter what it was taken for."""
        sari = bot.person()
        for hoax in (HOAX, OFFICIAL_HOAX, f"{OFFICIAL_HOAX} {'Segera daftar. ' * 140}"):
            said = await bot.says(sari, hoax)
            assert said.startswith("⚠️ Ini pesan yang Anda terima dari orang lain?")
            verdict = await bot.reply_after(sari, lambda: sari.tap("🔎 Cek pesan ini"))
            assert "Bukan pengumuman kami" in verdict
            assert "🚩 Laporkan ke petugas" in sari.labels()

    async def test_in_a_talk_reaches_officers_with_a_warning(self, office: Offices) -> None:
        """While officers talk with somebody they get what is forwarded, and who forwards it is warned all the same;
        STOP stops, and the talk goes on.
        """
        number = await office.asks()
        await office.answers(number, "Bisa, Bu.")

        warned = await office.bot.reply_after(office.sari, lambda: office.sari.forward(HOAX))
        await office.settled()
        assert "Bukan pengumuman kami" in warned
        assert "umkm-cair.site" in "\n".join(office.group.texts())
        assert "saya berhenti" in await office.bot.says(office.sari, "STOP")
        before = office.group.texts()
        office.sari.write("Baik, terima kasih")
        await office.settled()
        assert "STOP" not in "\n".join(before)
        assert "Baik, terima kasih" in "\n".join(office.group.texts())

    async def test_an_open_step_goes_first(self, office: Offices) -> None:
        """Who is asked for something gets to forward it: here an answer that an officer takes over from elsewhere."""
        number = await office.asks()
        inquiry = await office.inquiry(number)
        await office.bot.reply_after(office.rini, lambda: office.rini.tap_data(1, f"answer:{inquiry.id}"))

        office.rini.forward(HOAX)
        await office.settled()

        assert HOAX in office.sari.texts()[-1]
        assert not [text for text in office.rini.texts() if "Bukan pengumuman" in text]

    async def test_pictures_without_words(self, bot: RunningBot) -> None:
        """A forwarded picture cannot be compared; that is said, with what can."""
        sari = bot.person()
        photo = sari.sends("photo")["message_id"]
        await bot.settled()

        said = await bot.reply_after(sari, lambda: sari.forward_message(photo))

        assert "Tidak ada tulisan" in said


def cut(message: dict, entity: dict) -> str:
    units = message["text"].encode("utf-16-le")
    return units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")


class TestGroups:
    async def test_get_a_short_verdict(self, bot: RunningBot) -> None:
        """A code, a reply, and nothing to look at: one line for all, and the way to the whole of it."""
        row = await announced(bot)
        sari = bot.person()
        group = bot.telegram.group(GROUP, "Warga Babat", [sari])
        await bot.settled()

        group.write(sari, f"/cek {row.code}")
        await bot.settled()
        assert "Kode ini milik Diskopum" in group.texts()[-1]
        hoax = group.write(sari, HOAX)
        group.write(sari, "/cek", hoax["message_id"])
        await bot.settled()
        assert group.texts()[-1].startswith("❌ Bukan pengumuman kami.")
        forged = group.write(sari, pasted(row).replace("gratis", "berbayar"))
        group.write(sari, "@demo_bot ini asli gak", forged["message_id"])
        await bot.settled()
        assert "isinya sudah diubah" in group.texts()[-1]
        group.write(sari, "/cek")
        await bot.settled()
        assert "Balas pesan yang meragukan" in group.texts()[-1]
        assert not [one for one in await bot.rows(select(Question)) if one.outcome == "check"]
