"""Who is interested, as the office sees them: passed on, chosen or not, told once each, listed, counted."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from db.models import AuditEntry, InterestAnswer, Opportunity, Role, Standing
from domain import consent, erasure, keeping, people
from domain.audit import TERMINAL
from domain.opportunities import composing, figures, interest, states
from domain.opportunities.outcomes import BANDS
from tests.support.composing import alert, taps
from tests.support.interests import interested, opens, row_of, withdraw
from tests.support.offices import ON_SQLITE, Offices
from tests.support.opportunities import buttons, owner, person_of, publish
from tests.support.training_office import does

S = Standing
PHONE = "+6281234500999"
LONG = "Pameran produk unggulan daerah"
"""A title of which a button shows the beginning alone."""


def file_of(offices: Offices) -> list[list[Any]]:
    """The rows of the file that Budi got last; none of its cells computes."""
    message = next(one for one in reversed(offices.budi.messages()) if "document" in one)
    stored = offices.telegram.files.by_id[message["document"]["file_id"]]
    rows = list(load_workbook(io.BytesIO(stored.content)).active.iter_rows())
    assert not any(cell.data_type == "f" for row in rows for cell in row)
    return [[cell.value for cell in row] for row in rows]


class TestList:
    async def test_says_what_an_officer_needs(self, offices: Offices) -> None:
        """Name, business, products, kecamatan, where they stand, whether they may be passed on and what they lack."""
        number = await publish(offices, needs=["pirt"])
        details = {"business": "Keripik Sari", "products": ["keripik"], "kecamatan": "Tikung", "pirt": "no"}
        await interested(offices, offices.sari, number, name="Sari W", phone=PHONE, sector="makanan", **details)
        await interested(offices, offices.telegram.person(102, first_name="Ani"), number, may_share=None)
        await interested(offices, offices.telegram.person(103, first_name="Umi"), number, sector="makanan")
        shown = await opens(offices, number)
        one = await does(offices, offices.budi, "1. 🆕 Sari W")

        assert "3 orang berminat, 3 baru" in shown
        assert "Umi · Makanan dan minuman" in shown
        assert "Sari W · Keripik Sari · keripik · Tikung" in shown
        assert "baru · boleh diteruskan" in shown
        assert "kurang: PIRT" in shown
        assert "Ani · profilnya belum diisi" in shown
        assert "belum menjawab" in shown
        assert "0812-3450-0999" not in shown
        assert "0812-3450-0999" in one

    async def test_keeps_the_phone_of_who_did_not_agree(self, offices: Offices) -> None:
        """Their page has no number and no button to pass them on or choose them; they can be asked, once."""
        number = await publish(offices)
        await interested(offices, offices.sari, number, may_share=False, name="Sari W", phone=PHONE)
        shown = await opens(offices, number, "1. 🆕 Sari W")
        assert "0812" not in shown
        assert {"📨 Diteruskan", "🎉 Dipilih"}.isdisjoint(offices.budi.labels())

        seen = len(offices.sari.texts())
        asked = await does(offices, offices.budi, "🤝 Minta izin")
        again = await does(offices, offices.budi, "🤝 Minta izin")

        assert "ditanya apakah" in asked
        assert "tidak ditanya dua kali" in again
        assert len(offices.sari.texts()) == seen + 1
        asks = await does(offices, offices.sari, "🤝 Lihat dan putuskan")
        assert "0812-3450-0999" in asks
        await does(offices, offices.sari, "✅ Ya, boleh")
        await opens(offices, number, "1. 🆕 Sari W", "📨 Diteruskan")
        assert "sudah diteruskan" in offices.sari.texts()[-1]

    async def test_is_leafed_through(self, offices: Offices) -> None:
        """Eight on a page, in the order in which they answered."""
        number = await publish(offices)
        for place in range(1, 10):
            await interested(offices, offices.telegram.person(300 + place, first_name=f"Warga {place}"), number)
        first = await opens(offices, number)
        second = await does(offices, offices.budi, "Berikutnya »")

        assert "8. Warga 8 " in first
        assert "Warga 9 " not in first
        assert "9. Warga 9 " in second
        assert "Halaman 2 dari 2" in second

    async def test_leaves_out_who_is_gone(self, offices: Offices) -> None:
        """Who took it back, who declined and who is erased stand in no list; an officer who had them open reads so."""
        number = await publish(offices)
        rows = [
            await interested(offices, offices.telegram.person(300 + place, first_name=f"Warga {place}"), number)
            for place in range(3)
        ]
        await opens(offices, number)
        async with offices.bot.database.transaction() as session:
            found = [await person_of(offices.bot, offices.telegram.person(300 + place)) for place in range(3)]
            everybody = [await session.merge(one) for one in found]
            one = await session.get_one(Opportunity, number)
            await interest.withdraw(session, everybody[0], one, offices.now())
            await interest.decline(session, everybody[1], one, offices.now(), "price")
            await erasure.erase(session, everybody[2], offices.now())

        for row in rows[:2]:
            said = await taps(offices, f"opp_stood:{row}.passed_on.new", offices.budi)
            assert "sudah membatalkan minatnya" in said
            assert "Belum ada yang berminat" in said
        said = await taps(offices, f"opp_stood:{rows[2]}.passed_on.new", offices.budi)
        assert "tidak ada lagi di daftar" in said
        assert "Belum ada yang berminat" in said


class TestStanding:
    async def test_is_told_once(self, offices: Offices) -> None:
        """Passed on: they hear what it means and who will contact them; tapped again nobody hears it twice."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number, name="Sari W")
        seen = len(offices.sari.texts())
        await opens(offices, number, "1. 🆕 Sari W")
        said = await does(offices, offices.budi, "📨 Diteruskan")
        again = await taps(offices, f"opp_stood:{row}.passed_on.new", offices.budi)

        assert "Sari W: diteruskan, dan sudah dikabari" in said
        assert "tidak dikabari dua kali" in again
        assert len(offices.sari.texts()) == seen + 1
        assert "Mereka yang akan menghubungi Anda" in offices.sari.texts()[-1]
        assert (await row_of(offices, row)).standing is S.PASSED_ON
        entry = (await offices.bot.rows(select(AuditEntry).where(AuditEntry.deed == "interest.passed_on")))[0]
        assert (entry.before, entry.after) == ({"standing": "new"}, {"standing": "passed_on", "opportunity": number})

    async def test_comes_with_the_officers_words(self, offices: Offices) -> None:
        """Not chosen: kindly, with the reason as it was written; words that say nothing are asked for again."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number, name="Sari W")
        await opens(offices, number, "1. 🆕 Sari W", "🙏 Belum")
        refused = await does(offices, offices.budi, ">...")
        said = await does(offices, offices.budi, ">kapasitasnya belum cukup")

        assert "Tulis dengan kata-kata" in refused
        assert "Sari W: belum, dan sudah dikabari" in said
        assert "kapasitasnya belum cukup" in offices.sari.texts()[-1]
        assert "bukan berarti produk Anda kurang baik" in offices.sari.texts()[-1]
        assert (await row_of(offices, row)).reason == "kapasitasnya belum cukup"
        kept = str([entry.after for entry in await offices.bot.rows(select(AuditEntry))])
        assert "kapasitasnya" not in kept

    async def test_is_in_their_language(self, offices: Offices) -> None:
        """Not in the officer's."""
        number = await publish(offices)
        await interested(offices, offices.sari, number)
        async with offices.bot.database.transaction() as session:
            person = await session.merge(await person_of(offices.bot, offices.sari))
            people.choose_language(person, "en", offices.now())
        await opens(offices, number, "1. 🆕 Sari", "🎉 Dipilih", "Tanpa pesan")

        assert "Congratulations, you were chosen!" in offices.sari.texts()[-1]

    async def test_goes_back_while_it_is_open(self, offices: Offices) -> None:
        """A slip is corrected, and said to be one; once it is over nobody falls back, but they may be chosen."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number)
        await opens(offices, number, "1. 🆕 Sari", "📨 Diteruskan", "🎉 Dipilih", "Tanpa pesan")
        assert "↩️ Kembali ke baru" not in offices.budi.labels()[-6:]
        seen = len(offices.sari.texts())
        assert "membaca ralat" in await does(offices, offices.budi, "📨 Diteruskan")
        assert len(offices.sari.texts()) == seen
        await does(offices, offices.budi, "↩️ Ya, kirim ralat")
        assert "Ralat dari Disperindag" in offices.sari.texts()[-1]

        async with offices.bot.database.transaction() as session:
            one = await states.lock(session, number)
            assert one
            await composing.close(session, one, "sudah cukup", TERMINAL, offices.now())
        await taps(offices, f"opp_interest:{row}", offices.budi)
        assert "↩️ Kembali ke baru" not in offices.budi.labels()
        refused = await taps(offices, f"opp_stood:{row}.new.passed_on", offices.budi)
        await taps(offices, f"opp_stood:{row}.chosen.passed_on", offices.budi)

        assert "tidak bisa lagi" in refused or "tidak bisa lagi" in alert(offices.budi)
        assert (await row_of(offices, row)).standing is S.CHOSEN

    @ON_SQLITE
    async def test_contradicts_no_words_of_before(self, offices: Offices) -> None:
        """Who read that it is not this time reads that they are considered again; the chosen, that it was a slip."""
        number = await publish(offices)
        await interested(offices, offices.sari, number)
        await opens(offices, number, "1. 🆕 Sari", "🙏 Belum", "Tanpa pesan", "↩️ Kembali ke baru", "↩️ Ya, kirim ralat")
        assert "masih ikut dipertimbangkan" in offices.sari.texts()[-1]
        await does(offices, offices.budi, "🎉 Dipilih", "Tanpa pesan", "🙏 Belum", "Tanpa pesan")
        assert "kabar bahwa Anda dipilih keliru" in offices.sari.texts()[-1]
        assert "Peluang lain yang sedang terbit bisa dilihat di bawah" in offices.sari.texts()[-1]
        assert buttons(offices.sari) == ["📣 Semua peluang"]

    async def test_tells_nobody_of_a_withdrawn_one(self, offices: Offices) -> None:
        """What was taken back goes no further: no button, and a forged one tells nobody."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number)
        await withdraw(offices, number)
        seen = len(offices.sari.texts())
        await opens(offices, number)
        for data in (f"opp_stood:{row}.passed_on.new", f"opp_passed_new:{number}", f"opp_consent:{row}"):
            await taps(offices, data, offices.budi)

        assert "📨 Teruskan semua yang baru" not in offices.budi.labels()
        assert len(offices.sari.texts()) == seen
        assert (await row_of(offices, row)).standing is S.NEW

    async def test_says_that_somebody_cannot_be_reached(self, offices: Offices) -> None:
        """Who blocked the bot is moved all the same; the officer reads that they must call."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number)
        async with offices.bot.database.transaction() as session:
            await people.mark_unreachable(session, (await person_of(offices.bot, offices.sari)).id, "blocked")
        seen = len(offices.sari.texts())
        await opens(offices, number, "1. 🆕 Sari")
        said = await does(offices, offices.budi, "📨 Diteruskan")

        assert "kabari lewat telepon" in said
        assert len(offices.sari.texts()) == seen
        assert (await row_of(offices, row)).standing is S.PASSED_ON

    async def test_begins_anew_with_who_comes_back(self, offices: Offices) -> None:
        """Who took it back and is interested again is new, and is asked again whether their number may go on."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number)
        await opens(offices, number, "1. 🆕 Sari", "📨 Diteruskan")
        async with offices.bot.database.transaction() as session:
            person = await session.merge(await person_of(offices.bot, offices.sari))
            one = await session.get_one(Opportunity, number)
            await interest.withdraw(session, person, one, offices.now())
            await interest.express(session, person, one, offices.now())

        found = await row_of(offices, row)
        assert (found.answer, found.standing, found.may_share) == (InterestAnswer.INTERESTED, S.NEW, None)


@ON_SQLITE
class TestMeanwhile:
    """While an officer looks or writes, something else happens."""

    @pytest.mark.parametrize("deed", [">kapasitasnya belum cukup", "Tidak jadi", "Tanpa pesan"])
    @pytest.mark.parametrize("is_erased", [False, True])
    async def test_they_take_it_back(self, offices: Offices, deed: str, *, is_erased: bool) -> None:
        """Whatever the officer does then, they read so and see the list; what they write next is a question again.

        Likewise where they were erased, of whom no name is left.
        """
        number = await publish(offices)
        await interested(offices, offices.sari, number, name="Sari W")
        await opens(offices, number, "1. 🆕 Sari W", "🙏 Belum")
        async with offices.bot.database.transaction() as session:
            person = await session.merge(await person_of(offices.bot, offices.sari))
            if is_erased:
                await erasure.erase(session, person, offices.now())
            else:
                await interest.withdraw(session, person, await session.get_one(Opportunity, number), offices.now())
        seen = len(offices.sari.texts())
        said = await does(offices, offices.budi, deed)

        assert ("Orang itu tidak ada lagi" if is_erased else "Sari W sudah membatalkan minatnya") in said
        assert "Belum ada yang berminat" in said
        assert "NIB" in await does(offices, offices.budi, ">cara bikin nib gimana")
        assert len(offices.sari.texts()) == seen

    async def test_it_is_taken_back(self, offices: Offices) -> None:
        """What cannot be any more does not wait for other words: the person is shown as they stand."""
        number = await publish(offices)
        await interested(offices, offices.sari, number, name="Sari W")
        await opens(offices, number, "1. 🆕 Sari W", "🎉 Dipilih")
        await withdraw(offices, number)
        said = await does(offices, offices.budi, ">bawa contoh produk")

        assert "tidak bisa lagi" in said
        assert "Sari W" in said
        assert "NIB" in await does(offices, offices.budi, ">cara bikin nib gimana")

    async def test_they_agree(self, offices: Offices) -> None:
        """Nobody is asked for what they have given; the page says so, and they can be passed on."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number, may_share=None, name="Sari W")
        await opens(offices, number, "1. 🆕 Sari W")
        await interested(offices, offices.sari, number, name="Sari W")
        said = await does(offices, offices.budi, "🤝 Minta izin")

        assert "Sari W sudah mengizinkan" in said
        assert "belum menjawab" not in said
        await does(offices, offices.budi, "📨 Diteruskan")
        assert (await row_of(offices, row)).standing is S.PASSED_ON


class TestAllNew:
    async def test_are_passed_on_at_once(self, offices: Offices) -> None:
        """Who agreed hears it, once; who did not agree stays new, and is counted; a second tap does nothing, and leaves
        what was said.
        """
        number = await publish(offices)
        others = [offices.telegram.person(300 + place, first_name=f"Warga {place}") for place in range(3)]
        for somebody in others:
            await interested(offices, somebody, number)
        silent = await interested(offices, offices.sari, number, may_share=None)
        asked = await opens(offices, number, "📨 Teruskan semua yang baru")
        said = await does(offices, offices.budi, "📨 Ya, teruskan")
        again = await taps(offices, f"opp_passed_new:{number}", offices.budi)

        assert again == said
        assert "Tidak ada lagi yang bisa diteruskan" in alert(offices.budi)
        assert "Teruskan 3 orang baru" in asked
        assert "1 orang lain belum mengizinkan" in asked
        assert "3 orang diteruskan" in said
        assert "🔒 1 orang belum mengizinkan" in said
        assert "tidak terjangkau" not in said
        told = [sum("sudah diteruskan" in text for text in somebody.texts()) for somebody in (*others, offices.sari)]
        assert told == [1, 1, 1, 0]
        assert (await row_of(offices, silent)).standing is S.NEW


class TestFile:
    async def test_holds_who_agreed(self, offices: Offices) -> None:
        """A line each with contact and papers as text, the others as a number; a double tap is one file."""
        number = await publish(offices)
        details = {"business": "Keri\x0bpik", "products": ["keripik", "opak"], "kecamatan": "Tikung"}
        papers = {"nib": "yes", "halal": "no", "capacity": "200"}
        await interested(offices, offices.sari, number, name="=HYPERLINK(1)", phone=PHONE, **details, **papers)
        await interested(offices, offices.telegram.person(104, first_name="Ida"), number, sector="makanan")
        await interested(offices, offices.telegram.person(102, first_name="Ani"), number, may_share=False, phone=PHONE)
        await interested(offices, offices.telegram.person(103, first_name="Umi"), number, may_share=None, phone=PHONE)
        await opens(offices, number)
        for _ in range(2):
            offices.budi.tap("📄 Daftar XLSX")
        await offices.settled()

        assert sum("document" in message for message in offices.budi.messages()) == 1
        assert any("/peluang" in message.get("caption", "") for message in offices.budi.messages())
        head, line, other, below = file_of(offices)
        assert head[:6] == ["No", "Nama", "Usaha", "Produk", "Kecamatan", "Telepon"]
        assert line[:6] == [1, "=HYPERLINK(1)", "Keripik", "keripik, opak", "Tikung", "0812-3450-0999"]
        assert line[6:] == ["sudah", "belum", None, "50 sampai 199", "baru"]
        assert other[1:4] == ["Ida", None, "Makanan dan minuman"]
        assert "2 orang lain berminat" in below[1]
        assert "Ani" not in str(file_of(offices))

    async def test_leaves_the_chat_after_a_day(self, offices: Offices) -> None:
        """As all files with people's details."""
        number = await publish(offices)
        await interested(offices, offices.sari, number)
        await opens(offices, number, "📄 Daftar XLSX")
        assert any("document" in message for message in offices.budi.messages())

        async with offices.bot.database.transaction() as session:
            await keeping.forget_old(session, datetime.now(UTC) + timedelta(days=2))
        await offices.settled()

        assert not any("document" in message for message in offices.budi.messages())


class TestFigures:
    async def test_count_what_came_of_it(self, offices: Offices) -> None:
        """Reached, interested by standing, declined by why, orders by band; the sheet shows them."""
        somebodies = [offices.telegram.person(300 + place, first_name=f"Warga {place}") for place in range(4)]
        for somebody in somebodies:
            await owner(offices, somebody)
        number = await publish(offices)
        rows = [await interested(offices, somebody, number) for somebody in somebodies[:3]]
        declining = await owner(offices, somebodies[3])
        async with offices.bot.database.transaction() as session:
            one = await session.get_one(Opportunity, number)
            person = await session.merge(await person_of(offices.bot, somebodies[3]))
            assert person.id == declining
            await interest.decline(session, person, one, offices.now(), "price")
        await opens(offices, number, "1. 🆕 Warga 0", "📨 Diteruskan", "⬅️ Kembali", "1. 🆕 Warga 1", "🎉 Dipilih")
        await does(offices, offices.budi, "Tanpa pesan")
        await taps(offices, f"opp_order:{rows[1]}.to_10", somebodies[1])
        async with offices.bot.database.reading() as session:
            found = await figures.of(session, number)

        assert found.reached == len(somebodies)
        assert (found.interested, found.chosen, found.declined, found.orders) == (3, 1, {"price": 1}, {"to_10": 1})
        assert found.by_standing == {S.NEW: 1, S.PASSED_ON: 1, S.CHOSEN: 1}
        sheet = await taps(offices, f"opp_sheet:{number}", offices.budi)
        assert "🙋 Berminat: 3" in sheet
        assert "Harganya tidak masuk: 1" in sheet
        # Of few nobody can tell what they earned.
        assert sheet.count("kurang dari 3") == len(BANDS)
        assert "🙋 Yang berminat" in offices.budi.labels()


class TestDigest:
    async def test_names_the_new_once_a_morning(self, offices: Offices) -> None:
        """A line for the officers of its office, leading there; no message per tap, none once they are dealt with."""
        offices.clock.show("2026-11-25 06:00")
        first = await publish(offices, title=f"{LONG} di Lamongan")
        second = await publish(offices, title=f"{LONG} di Babat")
        await interested(offices, offices.sari, first)
        await interested(offices, offices.sari, second)
        await interested(offices, offices.telegram.person(102, first_name="Ani"), second)
        assert offices.budi.texts() == []
        offices.clock.show("2026-11-25 07:30")
        await offices.bot.app.tick()
        await offices.settled()

        (digest,) = offices.budi.texts()
        assert "3 orang baru berminat di 2 peluang" in digest
        assert offices.rini.texts() == []
        listed = await does(offices, offices.budi, "🙋 Peminat baru")
        assert f"1. {LONG} di Lamongan: 1 orang baru\n2. {LONG} di Babat: 2 orang baru" in listed
        shown = await does(offices, offices.budi, buttons(offices.budi)[1], "📨 Teruskan semua yang baru")
        assert "Teruskan 2 orang baru" in shown
        await does(offices, offices.budi, "📨 Ya, teruskan")
        await opens(offices, first, "1. 🆕 Sari", "📨 Diteruskan")
        assert "Tidak ada yang menunggu" in await does(offices, offices.budi, ">/antrean")


class TestBadInput:
    async def test_is_nothing_to_others(self, offices: Offices) -> None:
        """A reader sees and changes nothing; the other office, an entrepreneur and forged ids find no button."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number)
        await offices.make(offices.budi, Role.READER)
        assert "1 orang berminat" in await opens(offices, number)
        assert "📨 Teruskan semua yang baru" not in offices.budi.labels()
        for somebody in (offices.rini, offices.sari):
            await does(offices, somebody, ">/start")
        deeds = (f"opp_stood:{row}.chosen.new", f"opp_passed_new:{number}", f"opp_stand:{row}.chosen.new")
        forged = ("opp_stood:999.chosen.new", "opp_who:999.0", f"opp_order:{row}.to_10", f"opp_interest:{10**17}")
        for somebody in (offices.budi, offices.rini, offices.sari):
            for data in (*deeds, *forged):
                await taps(offices, data, somebody)
                assert "sudah tidak berlaku" in alert(somebody), (somebody.user, data)

        found = await row_of(offices, row)
        assert (found.standing, found.orders) == (S.NEW, None)

    async def test_a_dismissed_officers_words_go_nowhere(self, offices: Offices) -> None:
        """Who serves no more while they write moves nobody, and what they write is a question again."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number)
        await opens(offices, number, "1. 🆕 Sari", "🙏 Belum")
        await offices.dismiss(offices.budi)
        assert "NIB" in await does(offices, offices.budi, ">cara bikin nib gimana")

        assert (await row_of(offices, row)).standing is S.NEW

    async def test_who_never_agreed_is_not_passed_on(self, offices: Offices) -> None:
        """Nor chosen, whatever button is forged: the officer reads what to do first."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number, may_share=None, phone=PHONE)
        await opens(offices, number)
        for to in ("passed_on", "chosen"):
            assert "Minta izin" in await taps(offices, f"opp_stood:{row}.{to}.new", offices.budi), to

        assert (await row_of(offices, row)).standing is S.NEW
        assert not any("0812-3450-0999" in text for text in offices.budi.texts())


@ON_SQLITE
class TestAgreement:
    async def test_taken_back_holds_here_too(self, offices: Offices) -> None:
        """Who takes their agreement back is passed on to nobody, and asked anew before they ever are."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number, may_share=True)
        async with offices.bot.database.transaction() as session:
            person = await session.merge(await person_of(offices.bot, offices.sari))
            await consent.give(session, person, offices.now())
            await consent.withdraw(session, person, offices.now())

        assert (await row_of(offices, row)).may_share is None
