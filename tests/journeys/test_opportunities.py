"""/peluang: what is open, the card, what is not known yet in one tap, and passing it on."""

from datetime import timedelta

import pytest

from db.models import NoticeState
from domain.audit import TERMINAL
from domain.opportunities import composing, states
from tests.support.offices import ON_SQLITE, Offices
from tests.support.opportunities import (
    agree,
    buttons,
    forge,
    notices_of,
    owner,
    profile_of,
    publish,
    published,
    taps,
    told,
    wishes_of,
)

STALE = "sudah tidak berlaku"


async def end(offices: Offices, number: int, why: str, *, is_withdrawn: bool = False) -> None:
    """Let its office close it, or take it back."""
    async with offices.bot.database.transaction() as session:
        one = await states.lock(session, number)
        assert one
        deed = composing.withdraw if is_withdrawn else composing.close
        await deed(session, one, why, TERMINAL, offices.now())
    await told(offices)


async def _after(offices: Offices, label: str) -> list[str]:
    """The buttons that Sari sees after she tapped one."""
    await taps(offices, offices.sari, label)
    return buttons(offices.sari)


class TestList:
    async def test_is_warm_when_there_is_nothing(self, offices: Offices) -> None:
        """Without any opportunity it says so, that they will be told, and what to do meanwhile."""
        shown = await offices.bot.says(offices.sari, "/peluang")

        assert "belum ada peluang" in shown
        assert "saya kabari di sini" in shown
        rows = ["🧺 Pilih produk saya", "🔔 Atur kabar", "✏️ Perbaiki profil", "📚 Lihat topik"]
        assert buttons(offices.sari) == rows
        asked = await taps(offices, offices.sari, "🧺 Pilih produk saya")
        assert asked.startswith("🧺 Produk Anda apa?")

    @ON_SQLITE
    @pytest.mark.parametrize(
        "words",
        ["ana buyer?", "info peluang dong", "lomba", "info pameran", "sing golek kripik sopo", "ada pembeli jepang?"],
    )
    async def test_comes_for_the_words_people_use(self, offices: Offices, words: str) -> None:
        """Who asks for opportunities in their own words gets the list, as by /peluang."""
        await owner(offices, offices.sari, sector="tenun")
        await publish(offices, title="Pembeli sarung")

        assert "Pembeli sarung" in await offices.bot.says(offices.sari, words)

    @ON_SQLITE
    async def test_stands_near_questions_about_a_market(self, offices: Offices) -> None:
        """Under an answer about a market, under guesses and where there is no answer, a button leads to the list."""
        for question in ("syarat ekspor kain ke jepang apa saja", "cara cari pembeli", "klnk ekspr lmg krjasama sm sp"):
            await offices.bot.says(offices.sari, question)
            assert "📣 Semua peluang" in buttons(offices.sari)
        await offices.bot.says(offices.sari, "syarat ekspor kain ke jepang apa saja")
        offices.sari.tap("👍 Membantu")
        await offices.settled()
        assert "📣 Semua peluang" in buttons(offices.sari)
        await offices.bot.says(offices.sari, "cara bikin nib gimana")
        assert "📣 Semua peluang" not in buttons(offices.sari)

    @ON_SQLITE
    async def test_leads_to_what_else_they_write(self, offices: Offices) -> None:
        """Their interests, their profile and the news are found in plain words; help and welcome name the list."""
        said = offices.bot.says
        one = await publish(offices, title="Pembeli sarung")
        await publish(offices, title="Kue kering")
        assert "belum" in await said(offices.sari, "piye minat sy td")
        assert buttons(offices.sari) == ["📣 Semua peluang"]
        await forge(offices, offices.sari, f"opp_yes:{one}")
        mine = await said(offices.sari, "minat saya")
        assert "Pembeli sarung" in mine
        assert "Kue kering" not in mine
        assert await said(offices.sari, "nib sy sdh ada 9120001234567") == await said(offices.sari, "/profil")
        assert await said(offices.sari, "lanjut kabari sy lg") == await said(offices.sari, "/langganan")
        for words in ("Bot ini bisa apa?", "/start"):
            assert "/peluang" in await said(offices.sari, words)

    async def test_puts_what_fits_first(self, offices: Offices) -> None:
        """What fits stands first and is marked; what they said does not suit them comes last."""
        await owner(offices, offices.sari, sector="tenun")
        await publish(offices, title="Kue kering", products=["makanan"], deadline=offices.now() + timedelta(days=1))
        late = offices.now() + timedelta(days=9)
        await publish(offices, title="Pembeli sarung", products=["tenun"], deadline=late)
        no = await publish(offices, title="Tenun murah", products=["tenun"])
        await forge(offices, offices.sari, f"opp_no:{no}")

        shown = await offices.bot.says(offices.sari, "/peluang")

        assert [shown.index(title) for title in ("Pembeli sarung", "Kue kering", "Tenun murah")] == sorted(
            shown.index(title) for title in ("Pembeli sarung", "Kue kering", "Tenun murah")
        )
        assert shown.count("🎯 cocok untuk Anda") == 1
        assert "👎 Anda bilang tidak cocok" in shown
        assert buttons(offices.sari)[:3] == ["1. Pembeli sarung", "2. Kue kering", "3. Tenun murah"]

    async def test_says_when_nothing_fits(self, offices: Offices) -> None:
        """What does not fit may be looked at all the same, and is not called fitting."""
        await owner(offices, offices.sari, sector="tenun")
        await publish(offices, products=["makanan"])

        shown = await offices.bot.says(offices.sari, "/peluang")

        assert "Yang pas dengan pilihan Anda belum ada" in shown
        assert "cocok untuk Anda" not in shown

    async def test_has_pages(self, offices: Offices) -> None:
        """Five on a page, in one message; the card leads back to the page it stands on."""
        await owner(offices, offices.sari, sector="makanan")
        async with offices.bot.database.transaction() as session:
            for number in range(1, 8):
                at = offices.now() + timedelta(days=number)
                await published(session, offices.now(), title=f"Pembeli {number}", deadline=at)
        await told(offices)
        await offices.bot.says(offices.sari, "/peluang")
        before = len(offices.sari.texts())

        shown = await taps(offices, offices.sari, "Berikutnya »")
        assert "6. " in shown
        assert "Pembeli 5" not in shown
        await taps(offices, offices.sari, "6. Pembeli 6")
        assert "Pembeli 7" in await taps(offices, offices.sari, "📣 Semua peluang")

        assert len(offices.sari.texts()) == before

    async def test_asks_for_products_first(self, offices: Offices) -> None:
        """Who never said what they make is asked before the list: several may be tapped, and tapped away; they are
        kept as wishes, need no agreement, and sort.
        """
        id = await owner(offices, offices.sari)
        await publish(offices, title="Gula", products=None)
        await publish(offices, title="Sarung", products=["tenun"])
        shown = await offices.bot.says(offices.sari, "/peluang")
        assert "Produk Anda apa?" in shown
        assert "Ada 2 peluang" in shown
        assert "Sarung" not in shown

        await taps(offices, offices.sari, "⬜ Tenun ikat dan batik", "⬜ Konveksi dan bordir")
        assert (await wishes_of(offices.bot, id)).products == ["tenun", "konveksi"]  # type: ignore[union-attr]
        await taps(offices, offices.sari, "✅ Konveksi dan bordir")
        assert (await wishes_of(offices.bot, id)).products == ["tenun"]  # type: ignore[union-attr]
        assert (await profile_of(offices.bot, id)).sector is None  # type: ignore[union-attr]

        toasts = len(offices.sari.alerts())
        await taps(offices, offices.sari, "📣 Lihat peluang")
        assert len(offices.sari.alerts()) == toasts
        await told(offices)  # what fits now comes as news, too
        (shown,) = (text for text in offices.sari.texts() if "🎯 = cocok" in text)
        assert shown.count("🎯 cocok untuk Anda") == 2
        assert "🧺 Pilih produk saya" not in buttons(offices.sari)

    async def test_marks_nothing_while_products_are_unknown(self, offices: Offices) -> None:
        """Who looks on without saying what they make is not told that anything fits; one tap leads to the question."""
        id = await owner(offices, offices.sari)
        await publish(offices, title="Gula", products=None)
        await offices.bot.says(offices.sari, "/peluang")

        shown = await taps(
            offices, offices.sari, "⬜ Tenun ikat dan batik", "✅ Tenun ikat dan batik", "📣 Lihat peluang"
        )
        assert (await wishes_of(offices.bot, id)).products is None  # type: ignore[union-attr]
        assert "🎯" not in shown
        assert "Produk Anda belum saya tahu" in shown

        assert "Produk Anda apa?" in await taps(offices, offices.sari, "🧺 Pilih produk saya")

    async def test_adds_a_product_by_an_old_button(self, offices: Offices) -> None:
        """What was chosen meanwhile stays when the question of before is answered once more."""
        id = await owner(offices, offices.sari, sector="makanan")
        await publish(offices)

        await forge(offices, offices.sari, "opp_sector:tenun")

        wishes = await wishes_of(offices.bot, id)
        assert wishes
        assert wishes.products == ["tenun", "makanan"]

    async def test_says_that_news_is_off(self, offices: Offices) -> None:
        """Who muted markets sees all of it, and that nothing is sent."""
        await owner(offices, offices.sari, sector="makanan")
        await publish(offices)
        await forge(offices, offices.sari, "unfollow:pasar")

        assert "Kabar peluang sedang mati" in await offices.bot.says(offices.sari, "/peluang")

    async def test_promises_no_news_after_stop(self, offices: Offices) -> None:
        """With nothing open, who stopped everything is not told that they will hear; one tap leads to /langganan."""
        await owner(offices, offices.sari, sector="makanan")
        await offices.bot.says(offices.sari, "STOP")

        shown = await offices.bot.says(offices.sari, "/peluang")

        assert "saya kabari di sini" not in shown
        assert "tidak memberi tahu" in shown
        assert "Ikuti lagi" in " ".join(await _after(offices, "🔔 Atur kabar"))

    async def test_shows_officers_all_without_marks(self, offices: Offices) -> None:
        """Officers see what is open; nothing is said to fit them, and they are not asked what they make."""
        await publish(offices)

        shown = await offices.bot.says(offices.budi, "/peluang")

        assert "Toko oleh-oleh" in shown
        assert "cocok untuk Anda" not in shown
        assert "Produk Anda apa?" not in shown


class TestCard:
    async def test_counts_as_told(self, offices: Offices) -> None:
        """Who has read it by themselves is not told of it any more."""
        id = await owner(offices, offices.sari, sector="makanan")
        await offices.bot.says(offices.sari, "/langganan")
        await forge(offices, offices.sari, "wish_rhythm:weekly")
        number = await publish(offices)
        assert (await notices_of(offices.bot, id))[number].state is NoticeState.WAITING

        await offices.bot.says(offices.sari, f"/start peluang_{number}")

        assert (await notices_of(offices.bot, id))[number].reason == "seen"

    async def test_opens_beside_a_digest(self, offices: Offices) -> None:
        """What told of several goes on saying so; the card comes below it."""
        await owner(offices, offices.sari, sector="makanan")
        async with offices.bot.database.transaction() as session:
            for title in ("Pameran di Babat", "Lomba kemasan"):
                await published(session, offices.now(), title=title)
        await told(offices)

        card = await taps(offices, offices.sari, "2. Lomba kemasan")

        assert card.startswith("Pembeli: Lomba kemasan")
        assert "2 peluang" in offices.sari.texts()[0]
        assert len(offices.sari.texts()) == 2

    async def test_shows_its_file(self, offices: Offices) -> None:
        """A picture stands over the card, and what is tapped there changes the words under it."""
        await owner(offices, offices.sari, sector="tenun")
        file = {"kind": "photo", "file_id": offices.telegram.files.store("photo").file_id}
        number = await publish(offices, products=["makanan"], file=file)
        await offices.bot.says(offices.sari, f"/start peluang_{number}")
        await offices.settled()
        shown = offices.sari.messages()[-1]
        assert shown["photo"]
        assert "Toko oleh-oleh" in shown["caption"]

        await taps(offices, offices.sari, "👎 Tidak cocok")

        assert offices.sari.messages()[-1]["message_id"] == shown["message_id"]
        assert "Kenapa tidak cocok" in offices.sari.messages()[-1]["caption"]

    async def test_of_a_link(self, offices: Offices) -> None:
        """A link opens the card; one that leads nowhere, or to a draft, says so and leads on."""
        number = await publish(offices)
        async with offices.bot.database.transaction() as session:
            draft = await composing.make(
                session, "disperindag", {"title": "Rahasia"}, TERMINAL, offices.bot.app.house.district, offices.now()
            )
        assert "Toko oleh-oleh" in await offices.bot.says(offices.sari, f"/start peluang_{number}")

        for payload in (f"peluang_{draft.id}", "peluang_0", "peluang_x", "peluang_" + "9" * 40):
            assert "tidak ada atau belum terbit" in await offices.bot.says(offices.sari, f"/start {payload}")
        assert buttons(offices.sari) == ["📣 Semua peluang"]

    async def test_of_a_link_keeps_a_form_open(self, offices: Offices) -> None:
        """Who follows a link while a form asks them something is told below the card how to go on with it."""
        id = await owner(offices, offices.sari)
        await agree(offices, id)
        number = await publish(offices)
        await offices.bot.says(offices.sari, "/profil")
        await taps(offices, offices.sari, "✍️ Isi semua")

        await offices.bot.says(offices.sari, f"/start peluang_{number}")
        await offices.settled()
        assert "Toko oleh-oleh" in offices.sari.texts()[-2]
        assert "Isian tadi masih menunggu jawaban: Nama" in offices.sari.texts()[-1]
        assert "Siapa nama Anda?" in await taps(offices, offices.sari, "▶️ Lanjutkan")

    async def test_is_shared(self, offices: Offices) -> None:
        """It goes on to others by a link, or as words to paste, with the day as in a calendar and nobody's standing."""
        await owner(offices, offices.sari, sector="makanan", nib="no")
        number = await publish(offices, needs=["nib"], capacity=300)

        await offices.bot.says(offices.sari, f"/start peluang_{number}")
        text = await taps(offices, offices.sari, "💬 Teks untuk WA")

        assert f"https://t.me/demo_bot?start=peluang_{number}" in text
        assert "Selasa, 1 Desember" in text
        assert "Syarat (boleh menyusul): NIB dan kapasitas 300" in text
        assert "Anda" not in text

    async def test_of_one_that_is_over(self, offices: Offices) -> None:
        """It says that it is over and why, and offers no answer; old buttons say the same and change nothing."""
        await owner(offices, offices.sari, sector="makanan")
        number = await publish(offices)
        await end(offices, number, "kuota penuh")

        shown = await offices.bot.says(offices.sari, f"/start peluang_{number}")

        assert "kuota penuh" in shown
        assert buttons(offices.sari) == ["📣 Semua peluang"]
        for data in (f"opp_yes:{number}", f"opp_no:{number}", f"opp_wa:{number}"):
            await forge(offices, offices.sari, data)
            assert "kuota penuh" in offices.sari.texts()[-1]
            assert buttons(offices.sari) == ["📣 Semua peluang"]


class TestNeeds:
    async def test_are_answered_in_one_tap(self, offices: Offices) -> None:
        """What is asked for and not known has its buttons; a tap is kept in the profile and said on the card."""
        id = await owner(offices, offices.sari, sector="makanan", halal="yes")
        await agree(offices, id)
        number = await publish(offices, needs=["nib", "halal"], capacity=500)
        await offices.bot.says(offices.sari, f"/start peluang_{number}")
        assert {"✅ NIB: sudah", "✖️ NIB: belum", "📦 200–999"} <= set(buttons(offices.sari))
        assert "✅ Halal: sudah" not in buttons(offices.sari)

        shown = await taps(offices, offices.sari, "✅ NIB: sudah", "📦 50–199")

        kept = await profile_of(offices.bot, id)
        assert kept
        assert (kept.nib, kept.capacity, kept.halal) == ("yes", "200", "yes")
        assert "✅ NIB: Anda punya" in shown
        assert "⚠️ kapasitas Anda: 50 sampai 199, diminta 500 buah" in shown
        assert not any(label.startswith(("📦", "✖️")) for label in buttons(offices.sari))

    async def test_that_are_lacking_are_explained(self, offices: Offices) -> None:
        """What they lack is said, with the entry that explains how to get it."""
        id = await owner(offices, offices.sari, sector="makanan")
        await agree(offices, id)
        number = await publish(offices, needs=["pirt"])
        await offices.bot.says(offices.sari, f"/start peluang_{number}")

        shown = await taps(offices, offices.sari, "✖️ PIRT: belum")
        assert "⚠️ PIRT: belum Anda punya" in shown

        assert "Yang wajib belum lengkap" not in shown

        assert "PIRT" in await taps(offices, offices.sari, "📖 Cara urus PIRT")

    @ON_SQLITE
    async def test_that_must_be_there_and_lack_are_warned_of(self, offices: Offices) -> None:
        """Who lacks what an opportunity insists on reads that the chance is small; who lacks nothing does not."""
        id = await owner(offices, offices.sari, sector="makanan")
        await agree(offices, id)
        number = await publish(offices, needs=["nib", "pirt"], is_strict=True)
        shown = await offices.bot.says(offices.sari, f"/start peluang_{number}")
        assert "Yang wajib belum lengkap" not in shown

        assert "Yang wajib belum lengkap" not in await taps(offices, offices.sari, "✅ NIB: sudah")
        assert "Yang wajib belum lengkap" in await taps(offices, offices.sari, "✖️ PIRT: belum")
        assert "📋 Syarat (wajib): NIB dan PIRT" in await taps(offices, offices.sari, "💬 Teks untuk WA")

    async def test_wait_for_the_agreement(self, offices: Offices) -> None:
        """Before the agreement nothing is kept; after it the tap of before is, and the card says so."""
        id = await owner(offices, offices.sari, sector="makanan")
        number = await publish(offices, needs=["nib"], capacity=500)
        await offices.bot.says(offices.sari, f"/start peluang_{number}")

        assert "Boleh saya simpan" in await taps(offices, offices.sari, "📦 1.000–4.999")
        assert (await profile_of(offices.bot, id)).capacity is None  # type: ignore[union-attr]
        shown = await taps(offices, offices.sari, "✅ Setuju")

        assert (await profile_of(offices.bot, id)).capacity == "5000"  # type: ignore[union-attr]
        assert "✅ kapasitas 500" in shown

    @ON_SQLITE
    async def test_take_no_forged_answer(self, offices: Offices) -> None:
        """What is not asked for, or is no answer, changes nothing."""
        id = await owner(offices, offices.sari, sector="makanan")
        await agree(offices, id)
        number = await publish(offices, needs=["nib"])

        forged = (f"{number}.pirt.yes", f"{number}.nib.200", f"{number}.name.yes", f"{number}.capacity.50", "0.nib.yes")
        for said in forged:
            assert STALE in await forge(offices, offices.sari, f"opp_need:{said}")
        forged = (f"consent:yes.2.oppneed-{number}99", "consent:yes.2.oppneed", "consent:yes.2.oppneed-5")
        for data in forged:
            await forge(offices, offices.sari, data)

        kept = await profile_of(offices.bot, id)
        assert kept
        assert (kept.nib, kept.pirt, kept.capacity) == (None, None, None)
