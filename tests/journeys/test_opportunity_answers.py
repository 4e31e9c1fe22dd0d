"""What is answered to an opportunity: interested, may my number go on, not for me and why, or a question."""

from typing import Any

import pytest
from sqlmodel import select

from db.models import AuditEntry, Interest, InterestAnswer, MailState, Standing
from domain.audit import TERMINAL
from domain.opportunities import composing, interest, states
from tests.support.filling import NUMBER
from tests.support.offices import ON_SQLITE, Offices
from tests.support.opportunities import (
    agree,
    buttons,
    forge,
    interest_of,
    mails_of,
    owner,
    profile_of,
    publish,
    taps,
    told,
)

MAY = "Boleh dinas meneruskan data ini"
KNOWN = {"sector": "makanan", "name": "Bu Sari", "phone": NUMBER, "products": ["kerupuk"]}


async def deeds(offices: Offices) -> list[str]:
    rows = await offices.bot.rows(select(AuditEntry.deed).order_by(AuditEntry.id))
    return [deed for deed in rows if deed.startswith("interest.")]


async def change(offices: Offices, number: int, **values: Any) -> None:
    """Let its office change it."""
    async with offices.bot.database.transaction() as session:
        one = await states.lock(session, number)
        assert one
        district = offices.bot.app.house.district
        await composing.change(session, one, values, TERMINAL, district, offices.now())
    await told(offices)


async def withdraw(offices: Offices, number: int) -> None:
    async with offices.bot.database.transaction() as session:
        one = await states.lock(session, number)
        assert one
        await composing.withdraw(session, one, "pembelinya batal", TERMINAL, offices.now())
    await told(offices)


class TestYes:
    async def test_is_noted_at_once(self, offices: Offices) -> None:
        """A tap under the notice makes it say so, and asks whether their number may go on; nothing else is sent."""
        id = await owner(offices, offices.sari, **KNOWN)
        number = await publish(offices)

        asked = await taps(offices, offices.sari, "🙋 Berminat")

        theirs = await interest_of(offices.bot, id, number)
        assert theirs
        assert (theirs.answer, theirs.may_share) == (InterestAnswer.INTERESTED, None)
        assert "✅ Anda berminat" in offices.sari.texts()[0]
        assert MAY in asked
        assert all(known in asked for known in ("Bu Sari", "0812-3450-0999", "kerupuk"))
        assert len(offices.sari.texts()) == 2

    async def test_tapped_twice_is_one(self, offices: Offices) -> None:
        """The second tap, from whatever device, says that it was noted and asks nothing twice."""
        await owner(offices, offices.sari, **KNOWN)
        number = await publish(offices)
        shown = offices.sari.messages()[-1]["message_id"]

        for _ in range(3):
            offices.sari.tap_data(shown, f"opp_yes:{number}")
        await offices.settled()

        assert await deeds(offices) == ["interest.interested"]
        assert sum(MAY in text for text in offices.sari.texts()) == 1
        said = [alert["text"] for alert in offices.sari.alerts()]
        assert said == ["✅ Minat Anda tercatat.", *["Minat Anda sudah tercatat."] * 2]

    async def test_is_taken_back(self, offices: Offices) -> None:
        """Batal minat: officers see it no longer, the card offers its answers again, and nothing may be shared."""
        id = await owner(offices, offices.sari, **KNOWN)
        number = await publish(offices)
        await taps(offices, offices.sari, "🙋 Berminat", "✅ Ya, boleh")

        await taps(offices, offices.sari, "↩️ Batal minat")

        theirs = await interest_of(offices.bot, id, number)
        assert theirs
        assert (theirs.answer, theirs.may_share) == (InterestAnswer.WITHDRAWN, None)
        assert "Anda berminat" not in offices.sari.texts()[0]
        for data in ("opp_share:{}.yes", "opp_may:{}"):
            await forge(offices, offices.sari, data.format(number))
            assert "belum (atau tidak lagi)" in offices.sari.texts()[-1]
            assert buttons(offices.sari) == ["📣 Lihat peluangnya"]
        # A second tap says the same, and nothing is done twice.
        assert "minat Anda dibatalkan" in await forge(offices, offices.sari, f"opp_back:{number}")
        assert (await deeds(offices)).count("interest.withdrawn") == 1

    async def test_stays_when_the_message_is_edited(self, offices: Offices) -> None:
        """A change of the opportunity edits the notice, which goes on saying that they are interested."""
        id = await owner(offices, offices.sari, **KNOWN)
        number = await publish(offices)
        await taps(offices, offices.sari, "🙋 Berminat")

        await change(offices, number, place="Gedung Contoh, Babat")

        assert "Gedung Contoh" in offices.sari.texts()[0]
        assert "✅ Anda berminat" in offices.sari.texts()[0]
        assert "🙋 Berminat" not in offices.sari.labels()
        assert [mail.state for mail in await mails_of(offices.bot, id)] == [MailState.SENT]

    async def test_is_each_persons_own(self, offices: Offices) -> None:
        """Nobody answers for somebody else, takes back what another said, or shares another's number."""
        id = await owner(offices, offices.sari, **KNOWN)
        ani = offices.telegram.person(102, first_name="Ani")
        await owner(offices, ani, sector="makanan")
        number = await publish(offices)
        await taps(offices, offices.sari, "🙋 Berminat")

        for data in (f"opp_back:{number}", f"opp_share:{number}.yes", f"opp_why:{number}.price"):
            await forge(offices, ani, data)

        rows = await offices.bot.rows(select(Interest))
        assert [(row.person_id, row.answer, row.may_share) for row in rows] == [(id, InterestAnswer.INTERESTED, None)]


class TestLeave:
    """Of who was passed on or chosen, on whom somebody counts."""

    @pytest.mark.parametrize("standing", ["passed_on", "chosen"])
    @ON_SQLITE
    async def test_is_asked_once_more(self, offices: Offices, standing: str) -> None:
        """Batal minat, and Tidak cocok on a message of before: what is lost is said first; Tidak jadi changes nothing.

        The office hears that they left, and that they are back, once each; they begin anew, and are asked for consent.
        """
        id = await owner(offices, offices.sari, **KNOWN)
        number = await publish(offices)
        notice = offices.sari.messages()[-1]["message_id"]
        await taps(offices, offices.sari, "🙋 Berminat", "✅ Ya, boleh")
        await stands(offices, id, number, standing, "")
        for data in (f"opp_back:{number}", f"opp_no:{number}"):
            offices.sari.tap_data(notice, data)
            await offices.settled()
            assert "Yakin batal?" in offices.sari.texts()[0]
            assert "Nama dan nomor Anda sudah ada pada yang mencari" in offices.sari.texts()[0]
        offices.sari.tap("Tidak jadi")
        await offices.settled()
        assert "✅ Anda berminat" in offices.sari.texts()[0]
        kept = await interest_of(offices.bot, id, number)
        assert kept
        assert (kept.answer, kept.standing.value, kept.may_share) == (InterestAnswer.INTERESTED, standing, True)
        assert offices.budi.texts() == []

        offices.sari.tap("↩️ Batal minat")
        await offices.settled()
        for _ in range(2):
            offices.sari.tap_data(notice, f"opp_leave:{number}")
        await offices.settled()
        assert "Anda berminat" not in offices.sari.texts()[0]
        said = offices.sari.alerts()[-1]["text"]
        assert "Nama dan nomor Anda sudah ada pada yang mencari" in said
        assert "tidak melihatnya" not in said
        assert ["membatalkan minatnya" in text for text in offices.budi.texts()] == [True]

        assert MAY in await taps(offices, offices.sari, "🙋 Berminat")
        back = await interest_of(offices.bot, id, number)
        assert back
        assert (back.standing, back.may_share) == (Standing.NEW, None)
        assert ["berminat lagi" in text for text in offices.budi.texts()] == [False, True]
        stood = {"passed_on": "diteruskan", "chosen": "dipilih"}[standing]
        assert f"pernah {stood}, lalu batal" in await taps(offices, offices.budi, "🙋 Lihat orangnya")
        offices.sari.tap_data(notice, f"opp_leave:{number}")
        await offices.settled()
        offices.sari.tap_data(notice, f"opp_yes:{number}")
        await offices.settled()
        assert len(offices.budi.texts()) == 2

    @ON_SQLITE
    async def test_takes_more_than_an_old_message(self, offices: Offices) -> None:
        """Tidak cocok on a message of before: it shows what they said since, and takes nothing back."""
        id = await owner(offices, offices.sari, **KNOWN)
        number = await publish(offices)
        notice = offices.sari.messages()[-1]["message_id"]
        await taps(offices, offices.sari, "📣 Lihat lengkap", "🙋 Berminat", "✅ Ya, boleh")

        offices.sari.tap_data(notice, f"opp_no:{number}")
        await offices.settled()

        assert "Tidak jadi? Ketuk Batal minat" in offices.sari.alerts()[-1]["text"]
        assert "🔏 Nomor Anda boleh diteruskan" in offices.sari.texts()[0]
        theirs = await interest_of(offices.bot, id, number)
        assert theirs
        assert (theirs.answer, theirs.may_share) == (InterestAnswer.INTERESTED, True)


class TestShare:
    async def test_is_a_yes_of_their_own(self, offices: Offices) -> None:
        """Ya, boleh is kept with the interest; asked for again it says how it stands, and can be undone."""
        id = await owner(offices, offices.sari, **KNOWN)
        number = await publish(offices)
        await taps(offices, offices.sari, "🙋 Berminat")

        assert "Toko Contoh" in await taps(offices, offices.sari, "✅ Ya, boleh")
        assert (await interest_of(offices.bot, id, number)).may_share is True  # type: ignore[union-attr]
        assert "Sekarang: ✅ boleh" in await taps(offices, offices.sari, "🔏 Izin meneruskan data")
        assert "tidak diteruskan" in await taps(offices, offices.sari, "🔒 Jangan dulu")
        assert "🔒 Menunggu izin Anda" in await taps(offices, offices.sari, "📣 Lihat peluangnya")
        mine = await taps(offices, offices.sari, "🙋 Minat saya")
        assert "🔒 Menunggu izin Anda" in mine
        assert "Menunggu diteruskan" not in mine

        assert (await interest_of(offices.bot, id, number)).may_share is False  # type: ignore[union-attr]
        assert await deeds(offices) == ["interest.interested", "interest.shared", "interest.kept"]

    async def test_asks_for_what_is_missing(self, offices: Offices) -> None:
        """Without a name and a number the agreement and both are asked for, nothing else; then it is shared."""
        id = await owner(offices, offices.sari, sector="makanan")
        number = await publish(offices)
        await taps(offices, offices.sari, "🙋 Berminat")
        assert "Boleh saya simpan" in await taps(offices, offices.sari, "✅ Ya, boleh")
        assert (await interest_of(offices.bot, id, number)).may_share is None  # type: ignore[union-attr]

        assert "Siapa nama Anda?" in await taps(offices, offices.sari, "✅ Setuju")
        assert "⏭ Lewati" not in buttons(offices.sari)
        offices.sari.write("Bu Sari")
        await offices.settled()
        offices.sari.shares_contact(NUMBER)
        await offices.settled()

        assert "Terima kasih" in offices.sari.texts()[-1]
        assert (await interest_of(offices.bot, id, number)).may_share is True  # type: ignore[union-attr]
        kept = await profile_of(offices.bot, id)
        assert kept
        assert (kept.name, kept.phone) == ("Bu Sari", NUMBER)

    async def test_needs_no_more_than_the_number(self, offices: Offices) -> None:
        """Who agreed before is asked for the number only; left in between, nothing is shared."""
        id = await owner(offices, offices.sari, sector="makanan", name="Bu Sari")
        await agree(offices, id)
        number = await publish(offices)
        await taps(offices, offices.sari, "🙋 Berminat")

        assert "nomor HP" in await taps(offices, offices.sari, "✅ Ya, boleh")
        offices.sari.press("✖️ Batal")
        await offices.settled()

        assert (await interest_of(offices.bot, id, number)).may_share is None  # type: ignore[union-attr]

    async def test_ends_with_the_opportunity(self, offices: Offices) -> None:
        """What was taken back by its office is shared with nobody; a form begun for it is over."""
        id = await owner(offices, offices.sari, sector="makanan")
        await agree(offices, id)
        number = await publish(offices)
        await taps(offices, offices.sari, "🙋 Berminat", "✅ Ya, boleh")
        assert "Minat Anda tetap tercatat" in await offices.bot.says(offices.sari, "/batal")
        await offices.bot.says(offices.sari, f"/start peluang_{number}")
        assert "🔒 Nomor Anda belum boleh diteruskan" in offices.sari.texts()[-1]
        await taps(offices, offices.sari, "🔏 Izin meneruskan data", "✅ Ya, boleh")
        await withdraw(offices, number)

        offices.sari.write("Bu Sari")
        await offices.settled()
        await forge(offices, offices.sari, f"opp_share:{number}.yes")

        assert "pembelinya batal" in offices.sari.texts()[-1]
        assert (await interest_of(offices.bot, id, number)).may_share is None  # type: ignore[union-attr]


class TestNo:
    async def test_is_noted_and_asked_why(self, offices: Offices) -> None:
        """Tidak cocok is noted at once; why is one more tap, in the same message."""
        id = await owner(offices, offices.sari, sector="makanan")
        number = await publish(offices)

        asked = await taps(offices, offices.sari, "👎 Tidak cocok")
        assert "Kenapa tidak cocok?" in asked
        assert (await interest_of(offices.bot, id, number)).answer is InterestAnswer.DECLINED  # type: ignore[union-attr]
        said = await taps(offices, offices.sari, "Harganya tidak masuk")

        assert "“Harganya tidak masuk”" in said
        assert (await interest_of(offices.bot, id, number)).why == "price"  # type: ignore[union-attr]
        assert len(offices.sari.texts()) == 1

    @pytest.mark.parametrize("why", interest.WHYS)
    @ON_SQLITE
    async def test_leads_on(self, offices: Offices, why: str) -> None:
        """Each reason is kept; another product or place leads to /langganan, papers to how to get them."""
        id = await owner(offices, offices.sari, sector="makanan")
        number = await publish(offices, needs=["pirt"])
        await taps(offices, offices.sari, "👎 Tidak cocok")

        await forge(offices, offices.sari, f"opp_why:{number}.{why}")

        assert (await interest_of(offices.bot, id, number)).why == why  # type: ignore[union-attr]
        assert ("📣 Atur kabar peluang" in buttons(offices.sari)) is (why in {"product", "distance"})
        assert ("📖 Cara urus PIRT" in buttons(offices.sari)) is (why == "papers")
        assert {"🙋 Ternyata berminat", "📣 Semua peluang"} <= set(buttons(offices.sari))

    async def test_may_be_left_unsaid(self, offices: Offices) -> None:
        """Lewati: noted without a reason; a tap of before takes no reason back that was given."""
        id = await owner(offices, offices.sari, sector="makanan")
        number = await publish(offices)

        await taps(offices, offices.sari, "👎 Tidak cocok", "⏭ Lewati")
        assert (await interest_of(offices.bot, id, number)).why is None  # type: ignore[union-attr]
        await forge(offices, offices.sari, f"opp_why:{number}.time")
        await forge(offices, offices.sari, f"opp_no:{number}")

        assert (await interest_of(offices.bot, id, number)).why == "time"  # type: ignore[union-attr]

    async def test_can_be_undone(self, offices: Offices) -> None:
        """Ternyata berminat: interested, the reason is gone, and an old reason's button says nothing any more."""
        id = await owner(offices, offices.sari, **KNOWN)
        number = await publish(offices)
        await taps(offices, offices.sari, "👎 Tidak cocok", "Tempatnya jauh")

        assert MAY in await taps(offices, offices.sari, "🙋 Ternyata berminat")
        assert "sudah tidak berlaku" in await forge(offices, offices.sari, f"opp_why:{number}.price")

        theirs = await interest_of(offices.bot, id, number)
        assert theirs
        assert (theirs.answer, theirs.why) == (InterestAnswer.INTERESTED, None)

    @ON_SQLITE
    async def test_takes_no_forged_reason(self, offices: Offices) -> None:
        """What is no reason is kept nowhere."""
        id = await owner(offices, offices.sari, sector="makanan")
        number = await publish(offices)
        await taps(offices, offices.sari, "👎 Tidak cocok")

        for why in ("zzz", "deadline"):
            assert "sudah tidak berlaku" in await forge(offices, offices.sari, f"opp_why:{number}.{why}")

        assert (await interest_of(offices.bot, id, number)).why is None  # type: ignore[union-attr]


class TestMine:
    async def test_shows_how_far_each_has_come(self, offices: Offices) -> None:
        """Each with its standing and the office's reason; over ones say so; none has its own words."""
        id = await owner(offices, offices.sari, **KNOWN)
        first, second = [await publish(offices, title=title) for title in ("Pembeli A", "Pembeli B")]
        await forge(offices, offices.sari, "opps_mine:0")
        assert "belum menyatakan minat" in offices.sari.texts()[-1]
        await forge(offices, offices.sari, f"opp_yes:{first}")
        await forge(offices, offices.sari, f"opp_yes:{second}")
        await stands(offices, id, first, "not_chosen", "Jumlahnya belum cukup")
        await withdraw(offices, second)

        await offices.bot.says(offices.sari, "/peluang")
        shown = await taps(offices, offices.sari, "🙋 Minat saya")

        assert "belum terpilih" in shown
        assert "“Jumlahnya belum cukup”" in shown
        assert "❌ ditarik dinas, tidak berlaku lagi\nMinat Anda berhenti di sini" in shown
        assert "Menunggu diteruskan" not in shown
        card = await taps(offices, offices.sari, next(one for one in buttons(offices.sari) if "Pembeli A" in one))
        assert "Kata dinas: Jumlahnya belum cukup" in card


async def stands(offices: Offices, person_id: int, number: int, standing: str, reason: str) -> None:
    async with offices.bot.database.transaction() as session:
        theirs = select(Interest).where(Interest.person_id == person_id, Interest.opportunity_id == number)
        row = (await session.exec(theirs)).one()
        row.standing, row.reason = Standing(standing), reason


class TestAsk:
    async def test_goes_to_its_office(self, offices: Offices) -> None:
        """The office that published it gets the question, and sees which opportunity it is about."""
        await owner(offices, offices.sari, sector="makanan")
        await publish(offices, office="disperindag")

        assert "Disperindag" in await taps(offices, offices.sari, "💬 Tanya")
        preview = await offices.bot.says(offices.sari, "Boleh kirim lewat pos?")
        assert "Tentang peluang: Toko oleh-oleh cari pemasok" in preview
        await taps(offices, offices.sari, "📨 Kirim")

        (inquiry,) = await offices.inquiries()
        assert inquiry.office == "disperindag"
        asked = next(text for text in offices.budi.texts() if "Boleh kirim lewat pos?" in text)
        assert "Tentang peluang: Toko oleh-oleh cari pemasok" in asked
        assert not any("kirim lewat pos" in text for text in offices.rini.texts())

    async def test_is_written_anew(self, offices: Offices) -> None:
        """Tulis lain asks again about the same opportunity; dropped, nothing is sent."""
        await owner(offices, offices.sari, sector="makanan")
        await publish(offices)
        await taps(offices, offices.sari, "💬 Tanya")
        await offices.bot.says(offices.sari, "Boleh kirim lewat pos?")

        await taps(offices, offices.sari, "✏️ Tulis lain")
        assert "Tentang peluang" in await offices.bot.says(offices.sari, "Bayarnya kapan?")
        await taps(offices, offices.sari, "Batal")

        assert await offices.inquiries() == []
