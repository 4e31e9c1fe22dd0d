"""Hoaxes that people report reach officers, and are rebutted."""

import pytest
from sqlmodel import select

from db.models import Broadcast, BroadcastState, HoaxReport, Question, Role
from domain.broadcasts import hoaxes
from tests.support.broadcasting import ended, met, now
from tests.support.hoaxes import FAIR, HOAX, announced, pasted
from tests.support.offices import DISKOPUM, DISPERINDAG, ON_SQLITE, Offices
from tests.support.training_office import does

LONG_HOAX = (
    "Kabar gembira dari Dinas Koperasi untuk semua pelaku usaha kecil. Bantuan tunai cair minggu ini tanpa syarat. "
    "Segera kirim foto KTP dan nama lengkap kepada koordinator desa supaya langsung ditransfer ke rekening "
    "masing-masing. Daftar di https://umkm-cair.site"
)


class TestReports:
    async def test_reach_every_office_once(self, office: Offices) -> None:
        """A hoax that is made of nothing of ours: each office hears of it, in its group, without who said so."""
        await office.bot.reply_after(office.sari, lambda: office.sari.forward(HOAX))

        thanks = await office.bot.reply_after(office.sari, lambda: office.sari.tap("🚩 Laporkan ke petugas"))
        await office.settled()

        assert "Terima kasih" in thanks
        assert "Diskopum & Disperindag" in thanks
        for group in (office.group, office.other_group):
            (told,) = group.texts()
            assert "bukan pengumuman kita" in told
            assert "umkm-cair.site" in told
            assert "Sari" not in told

    async def test_of_the_same_words_are_counted(self, office: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
        """Officers hear once, then when it has become many; one person counts once."""
        monkeypatch.setattr(hoaxes, "TOLD_AT", (1, 3))
        for number in range(301, 304):
            who = office.telegram.person(number, first_name=f"Warga {number}")
            text = f"{HOAX} {'🙏' * (number - 300)}"
            await office.bot.reply_after(who, lambda who=who, text=text: who.forward(text))
            message = who.messages()[-1]["message_id"]
            (data,) = [
                button["callback_data"]
                for row in who.messages()[-1]["reply_markup"]["inline_keyboard"]
                for button in row
                if button["text"] == "🚩 Laporkan ke petugas"
            ]
            await office.bot.reply_after(who, lambda who=who: who.tap("🚩 Laporkan ke petugas"))
            again = await office.bot.reply_after(who, lambda who=who, m=message, d=data: who.tap_data(m, d))
            assert "sudah Anda laporkan" in again
        await office.settled()

        texts = office.group.texts()
        assert len(texts) == 2
        assert "sudah dilaporkan 3 orang" in texts[1]
        assert len(await office.bot.rows(select(HoaxReport))) == 3

    async def test_of_ours_reach_its_office(self, office: Offices) -> None:
        """What was made of an announcement goes to who made it, with what it was made of."""
        row = await announced(office.bot)
        forged = pasted(row).replace("0812-3456-7890", "0857-1111-2222")
        await office.bot.reply_after(office.sari, lambda: office.sari.forward(forged))
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("🚩 Laporkan ke petugas"))
        await office.settled()

        assert row.code in office.group.texts()[-1]
        assert office.other_group.texts() == []

    async def test_reach_officers_privately(self, private: Offices) -> None:
        """Without a group each officer of the office hears of it."""
        await private.bot.reply_after(private.sari, lambda: private.sari.forward(HOAX))
        await private.bot.reply_after(private.sari, lambda: private.sari.tap("🚩 Laporkan ke petugas"))
        await private.settled()

        for officer in (private.rini, private.tono, private.budi):
            assert "bukan pengumuman kita" in officer.texts()[-1]

    @ON_SQLITE
    async def test_have_an_end(self, office: Offices, monkeypatch: pytest.MonkeyPatch) -> None:
        """Who reports without end is stopped, kindly."""
        monkeypatch.setattr(hoaxes, "MOST_A_DAY", 1)
        for text in (HOAX, f"{HOAX} lagi"):
            await office.bot.reply_after(office.sari, lambda text=text: office.sari.forward(text))
            office.sari.tap("🚩 Laporkan ke petugas")
            await office.settled()

        assert len(await office.bot.rows(select(HoaxReport))) == 1

    @ON_SQLITE
    async def test_hold_no_identity_number(self, office: Offices) -> None:
        """As everywhere: it is struck before it is stored."""
        text = f"{HOAX} NIK 3524 0101 0101 0001"
        await office.bot.reply_after(office.sari, lambda: office.sari.forward(text))
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("🚩 Laporkan ke petugas"))
        await office.settled()

        assert "3524" not in office.group.texts()[-1]
        assert all("3524" not in (one.text or "") for one in await office.bot.rows(select(Question)))


class TestRebuttal:
    async def test_is_drafted_once(self, office: Offices) -> None:
        """One draft, in which nothing of the hoax can be followed, called or paid to; not sent by itself."""
        await office.bot.reply_after(office.sari, lambda: office.sari.forward(HOAX))
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("🚩 Laporkan ke petugas"))
        await office.settled()

        for _ in range(2):
            office.rini.tap("📣 Buat bantahan", chat=DISKOPUM)
            await office.settled()

        (draft,) = await office.bot.rows(select(Broadcast))
        assert (draft.state, draft.office) == (BroadcastState.DRAFT, "diskopum")
        html = draft.content["html"]
        assert "Bantuan tunai 2,4 juta" in html
        assert "umkm-cair.site" not in html
        assert "0857" not in html
        assert "Konsep bantahan untuk Diskopum sudah dibuat" in office.rini.texts()[-2]
        assert "Bantahannya sudah ada" in office.rini.texts()[-1]
        assert [deed for _, deed, _ in await office.deeds()].count("broadcast.drafted") == 1
        office.budi.tap("📣 Buat bantahan", chat=DISPERINDAG)
        await office.settled()
        assert "sudah disiapkan petugas Diskopum" in office.budi.texts()[-1]
        assert "📄 Buka siaran" not in office.budi.labels()

    async def test_of_ours_is_of_its_office(self, office: Offices) -> None:
        """Another office's officers may not speak for it, nor a reader."""
        row = await announced(office.bot, FAIR, office="disperindag")
        forged = FAIR.replace("gratis", "Rp500.000")
        await office.bot.reply_after(office.sari, lambda: office.sari.forward(forged))
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("🚩 Laporkan ke petugas"))
        await office.settled()
        (report,) = await office.bot.rows(select(HoaxReport))
        message = office.other_group.messages()[-1]["message_id"]

        for who in (office.rini, office.sari):
            who.tap_data(message, f"broadcast_rebut:{report.id}")
        await office.make(office.budi, Role.READER)
        office.budi.tap("📣 Buat bantahan", chat=DISPERINDAG)
        await office.settled()
        assert len(await office.bot.rows(select(Broadcast))) == 1

        await office.make(office.budi, Role.OFFICER)
        office.budi.tap("📣 Buat bantahan", chat=DISPERINDAG)
        await office.settled()
        draft = (await office.bot.rows(select(Broadcast).order_by(Broadcast.id)))[-1]
        assert draft.office == "disperindag"
        assert row.code in draft.content["html"]

    async def test_makes_no_hoax_ours(self, office: Offices) -> None:
        """What a rebuttal quotes is not our words: the hoax, whole or with a word less, is told to be rebutted, and
        reports of it count on with all offices; the rebuttal itself is genuine.
        """
        (one, other) = await met(office.bot, 2)
        row = await rebutted(office)
        shorter = LONG_HOAX.replace(" Daftar di https://umkm-cair.site", "")

        for who, hoax in ((one, LONG_HOAX), (other, shorter)):
            said = await office.bot.reply_after(who, lambda who=who, hoax=hoax: who.forward(hoax))
            assert said.startswith(f"❌ Ini kabar palsu; sudah kami bantah (kode {row.code})")
            assert "Dibantah: Diskopum, 24 November 2026" in said
            await office.bot.reply_after(who, lambda who=who: who.tap("🚩 Laporkan ke petugas"))
        await office.settled()
        reports = await office.bot.rows(select(HoaxReport))
        assert len({report.fingerprint for report in reports}) == 1
        assert [report.broadcast_id for report in reports] == [None] * 3
        assert not [text for text in office.group.texts() if "pengumuman kita yang diubah" in text]
        copy = next(m for m in one.messages() if "Kode asli" in m.get("text", ""))
        genuine = await office.bot.reply_after(one, lambda: one.forward_message(copy["message_id"]))
        assert genuine.startswith("✅ Asli. Ini pengumuman kami, kata demi kata.")
        under_ours = f"{shorter}\nKode asli: {row.code}"
        assert "isinya bukan" in await office.bot.reply_after(one, lambda: one.forward(under_ours))


async def rebutted(office: Offices) -> Broadcast:
    """Sari reports a hoax, and Rini's rebuttal of it has reached everybody."""
    await office.bot.reply_after(office.sari, lambda: office.sari.forward(LONG_HOAX))
    await office.bot.reply_after(office.sari, lambda: office.sari.tap("🚩 Laporkan ke petugas"))
    await office.settled()
    office.rini.tap("📣 Buat bantahan", chat=DISKOPUM)
    await office.settled()
    await does(office, office.rini, "📄 Buka siaran", "📨 Periksa dan kirim", "🚀 Kirim sekarang")
    (row,) = await office.bot.rows(select(Broadcast))
    await ended(office.bot, row.id)
    await office.settled()
    return await now(office.bot, row.id)
