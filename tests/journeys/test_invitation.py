"""A letter's link: its owner sees what the office has, mends it, agrees, and only then is anything kept."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from db.models import (
    AuditEntry,
    Consent,
    Delivery,
    Draft,
    OpenedInvitation,
    Person,
    Profile,
    Question,
    RegisteredBusiness,
)
from domain import consent, register
from domain.district import read_district
from domain.knowledge.shelf import Library
from domain.secret_tokens import hash_of, new_token
from messages import LANGUAGES, text_of
from messages.limits import ALERT, units
from tests.conftest import LAMONGAN
from tests.support.filling import Filling, at_once, filling
from tests.support.register import OFFICE_HAS, letter_for
from tests.support.running import RunningBot, running_bot
from tests.support.serving import ADMIN, Clock, appoint, met

__all__ = ["at_once"]
pytestmark = pytest.mark.usefixtures("at_once")

SAVE = "button.keep"
MASKED = "0812-••••-999"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def bot(database_url: str, library: Library, clock: Clock) -> AsyncIterator[RunningBot]:
    """The real bot on each database, with a clock that can be moved."""
    async with running_bot(database_url, LAMONGAN, now=clock, library=library, ADMIN_IDS=(ADMIN,)) as running:
        yield running


async def opens(who: Filling, token: str) -> str:
    """What the bot says to somebody who opens the link."""
    return (await who.writes(f"/start undangan_{token}"))[-1]


async def comes(who: Filling, token: str) -> None:
    """By the letter, agreeing on the way: the business is theirs."""
    await opens(who, token)
    await who.taps("button.mine")
    await who.taps(SAVE)
    if not await who.profile():
        await who.taps("button.agree")


def refusals(who: Filling) -> list[str]:
    """What taps were answered with, but for the thanks for agreeing."""
    return [one["text"] for one in who.person.alerts() if one["text"] != text_of("tap.agreed", who.language)]


async def business(bot: RunningBot) -> RegisteredBusiness:
    (found,) = await bot.rows(select(RegisteredBusiness))
    return found


async def audited(bot: RunningBot, kind: str = "register") -> list[AuditEntry]:
    entries = await bot.rows(select(AuditEntry).order_by(AuditEntry.id))
    return [entry for entry in entries if entry.deed.startswith(kind)]


async def kept_of_them(bot: RunningBot) -> list[Any]:
    """Whatever a person can leave behind but the row that says that they wrote."""
    tables = (Consent, Profile, Draft, Question)
    return [row for table in tables for row in await bot.rows(select(table))] + await audited(bot)


class TestClaim:
    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_takes_three_taps(self, bot: RunningBot, language: str) -> None:
        """Yes, right, agreed: the profile is what the office had, the business has its owner, the audit knows."""
        sari = filling(bot, language=language)
        asked = await opens(sari, await letter_for(bot))
        assert "Sri Wahyuni" in asked
        assert "Tenun Sri Rejeki" in asked
        assert sari.buttons == [text_of("button.mine", language), text_of("button.not_mine", language)]

        (details,) = await sari.taps("button.mine")
        await sari.taps(SAVE)
        thanks = (await sari.taps("button.agree"))[-1]

        assert all(part in details for part in ("Tenun ikat dan batik", "Babat", "sarung, selendang", MASKED))
        assert "Sri Wahyuni" in thanks
        assert await sari.profile() == OFFICE_HAS
        (person,) = await bot.rows(select(Person).where(Person.telegram_id == 101))
        assert (await business(bot)).person_id == person.id
        (entry,) = await audited(bot)
        assert (entry.actor, entry.actor_id, entry.deed) == ("person", person.id, "register.claimed")
        assert entry.subject == f"person:{person.id}"
        assert entry.after == {"business": (await business(bot)).id, "filled": list(OFFICE_HAS)}
        assert await bot.rows(select(OpenedInvitation)) == []

    async def test_keeps_nothing_before_they_agree(self, bot: RunningBot) -> None:
        """Opening, saying yes and reading all of it leave no trace but that the letter was opened."""
        sari = filling(bot)
        await opens(sari, await letter_for(bot))
        await sari.taps("button.mine")
        await sari.taps(SAVE)
        await sari.taps("button.decline")

        assert await kept_of_them(bot) == []
        assert (await business(bot)).person_id is None
        shown = [row.arguments for row in await bot.rows(select(Delivery)) if "Tenun Sri" in str(row.arguments)]
        assert shown == []

    async def test_may_go_on_after_not_agreeing(self, bot: RunningBot) -> None:
        """Who did not agree at first can do so later, by the same letter."""
        sari, token = filling(bot), await letter_for(bot)
        await opens(sari, token)
        await sari.taps("button.mine")
        await sari.taps(SAVE)
        await sari.taps("button.decline")

        await comes(sari, token)

        assert await sari.profile() == OFFICE_HAS

    async def test_asks_no_consent_twice(self, bot: RunningBot) -> None:
        """Who agreed before in /profil saves with one tap."""
        sari = filling(bot)
        await sari.agrees()
        await opens(sari, await letter_for(bot))
        await sari.taps("button.mine")
        await sari.taps(SAVE)

        assert await sari.profile() == OFFICE_HAS
        assert len(await bot.rows(select(Consent))) == 1

    async def test_twice_changes_nothing(self, bot: RunningBot) -> None:
        """A second tap on Simpan, and the buttons above it, say where the details are; the audit has it once."""
        sari = filling(bot)
        await sari.agrees()
        await opens(sari, await letter_for(bot))
        await sari.taps("button.mine")
        id = sari.person.messages()[-1]["message_id"]
        for data in ("keep", "keep", "mine", "not_mine"):
            await sari.does(lambda data=data: sari.person.tap_data(id, f"{data}:1"))

        assert refusals(sari) == [text_of("invitation.yours", "id")] * 3
        assert len(await audited(bot)) == 1

    async def test_leaves_what_they_told_themselves(self, bot: RunningBot) -> None:
        """What somebody has in /profil goes before what the office has; the rest is filled."""
        sari = filling(bot)
        await sari.agrees()
        await sari.taps("profile.business")
        await sari.writes("Tenun Sri Jaya")

        await opens(sari, await letter_for(bot))
        (details,) = await sari.taps("button.mine")
        await sari.taps(SAVE)

        assert "Tenun Sri Jaya" in details
        assert await sari.profile() == OFFICE_HAS | {"business": "Tenun Sri Jaya"}
        (entry,) = await audited(bot)
        assert "business" not in entry.after["filled"]

    async def test_of_a_row_that_says_little(self, bot: RunningBot) -> None:
        """Name and kecamatan are enough; what the office has not is said to be missing."""
        sari = filling(bot)
        nothing = dict.fromkeys(("business", "sector", "products", "phone"))
        asked = await opens(sari, await letter_for(bot, **nothing))
        (details,) = await sari.taps("button.mine")
        await sari.taps(SAVE)
        await sari.taps("button.agree")

        assert "Nama usaha" not in asked
        assert details.count("belum diisi") == 4
        assert await sari.profile() == {"name": "Sri Wahyuni", "kecamatan": "Babat"}

    async def test_says_a_name_as_it_is(self, bot: RunningBot) -> None:
        """HTML in the register is shown, and does nothing."""
        sari = filling(bot)

        asked = await opens(sari, await letter_for(bot, name="Sri <b>& Budi", business="<i>Kopi</i>"))

        assert "Sri <b>& Budi" in asked
        assert "<i>Kopi</i>" in asked


class TestMend:
    async def test_asks_after_the_agreement(self, bot: RunningBot) -> None:
        """The first correction needs the agreement; then the question follows at once, and the details again."""
        sari = filling(bot)
        await opens(sari, await letter_for(bot))
        await sari.taps("button.mine")

        words = (await sari.taps("profile.business"))[-1]
        assert "Untuk apa" in words
        asked = (await sari.taps("button.agree"))[-1]
        assert "Apa nama usaha Anda?" in asked
        assert "Sekarang tertulis: Tenun Sri Rejeki" in asked
        assert sari.buttons == [text_of("button.cancel", "id")]
        (details,) = await sari.writes("Tenun Sri Jaya")

        assert "Tenun Sri Jaya" in details
        assert (await business(bot)).person_id is None
        await sari.taps(SAVE)
        assert await sari.profile() == OFFICE_HAS | {"business": "Tenun Sri Jaya"}

    async def test_of_several_details(self, bot: RunningBot) -> None:
        """One after another, by typing, tapping and their own contact; what was mended stays in the register's row."""
        sari = filling(bot)
        await sari.agrees()
        await opens(sari, await letter_for(bot))
        await sari.taps("button.mine")
        await sari.taps("profile.sector")
        await sari.taps("Kerajinan dan tas")
        asked = (await sari.taps("profile.phone"))[-1]
        await sari.does(lambda: sari.person.shares_contact("+6281234500111"))
        await sari.taps("profile.kecamatan")
        await sari.taps("Pucuk")
        details = sari.person.texts()[-1]
        await sari.taps(SAVE)

        assert "0812" not in asked.replace("0812-3456-7890", "")
        assert "0812-3450-0111" in details
        mended = {"sector": "kerajinan", "phone": "+6281234500111", "kecamatan": "Pucuk"}
        assert await sari.profile() == OFFICE_HAS | mended
        assert {name: getattr(await business(bot), name) for name in OFFICE_HAS} == OFFICE_HAS

    async def test_cancelled_leads_back(self, bot: RunningBot) -> None:
        """[Batal] shows the details as they were."""
        sari = filling(bot)
        await sari.agrees()
        await opens(sari, await letter_for(bot))
        (before,) = await sari.taps("button.mine")
        await sari.taps("profile.name")

        (after,) = await sari.taps("button.cancel")

        assert after == before
        assert await sari.profile() == {}

    async def test_of_what_is_somebodys_meanwhile(self, bot: RunningBot) -> None:
        """An answer to a question of an invitation that another took is not kept, and is said so."""
        sari, budi, token = filling(bot), filling(bot, 102), await letter_for(bot)
        for who in (sari, budi):
            await who.agrees()
            await opens(who, token)
            await who.taps("button.mine")
        await sari.taps("profile.name")
        await budi.taps(SAVE)

        (said,) = await sari.writes("Sri W")

        assert "sudah ditutup" in said
        assert await sari.profile() == {}


class TestNotMine:
    async def test_keeps_nothing_and_leaves_the_link(self, bot: RunningBot) -> None:
        """The audit notes it, by our numbers; the owner can still come by the same link."""
        budi, sari, token = filling(bot, 102), filling(bot), await letter_for(bot)
        await opens(budi, token)
        (said,) = await budi.taps("button.not_mine")

        assert "salah alamat" in said
        assert "/profil" in said
        assert await bot.rows(select(OpenedInvitation)) == []
        (entry,) = await kept_of_them(bot)
        assert (entry.deed, entry.subject, entry.before, entry.after) == ("register.declined", "business:1", None, None)

        await comes(sari, token)
        assert await sari.profile() == OFFICE_HAS

    async def test_closes_the_buttons_above(self, bot: RunningBot) -> None:
        """Who said no and taps an older button finds it stale: the letter must be opened again."""
        budi = filling(bot, 102)
        await opens(budi, await letter_for(bot))
        id = budi.person.messages()[-1]["message_id"]
        await budi.taps("button.not_mine")
        await budi.does(lambda: budi.person.tap_data(id, "mine:1"))

        assert refusals(budi)[-1] == text_of("tap.stale", "id")


class TestLink:
    async def test_used_by_somebody_else(self, bot: RunningBot) -> None:
        """The second is told that it was used, and whom to ask; they see nothing of it."""
        sari, budi, token = filling(bot), filling(bot, 102), await letter_for(bot)
        await comes(sari, token)

        said = await opens(budi, token)

        assert said == text_of("invitation.used", "id")
        assert "/petugas" in said
        assert await budi.profile() == {}

    async def test_used_by_themselves(self, bot: RunningBot) -> None:
        """Who comes back by the letter sees their profile."""
        sari, token = filling(bot), await letter_for(bot)
        await comes(sari, token)

        assert "Profil Anda" in await opens(sari, token)
        assert "Sri Wahyuni" in sari.person.texts()[-1]

    async def test_on_its_last_day_and_after(self, bot: RunningBot, clock: Clock) -> None:
        """It opens until the end of its last day here, and not after midnight, nor do buttons of before."""
        sari, token = filling(bot), await letter_for(bot, until=date(2026, 11, 30))
        clock.at = clock.at.replace(hour=16, minute=59)  # 23.59 in Lamongan
        assert "Sri Wahyuni" in await opens(sari, token)
        clock.go_on(minutes=1)

        assert await opens(sari, token) == text_of("invitation.expired", "id")
        id = sari.person.messages()[-3]["message_id"]
        await sari.does(lambda: sari.person.tap_data(id, "mine:1"))
        assert refusals(sari)[-1] == text_of("invitation.expired", "id")

    async def test_that_was_never_made(self, bot: RunningBot) -> None:
        """Forged, cut, or what the table holds: it is unknown, and nothing is shown."""
        token = await letter_for(bot)
        for wrong in (new_token(), token[:-1], "", "x", hash_of(token), "ñ" * 32):
            assert await opens(filling(bot), wrong) == text_of("invitation.unknown", "id")

    async def test_of_a_letter_that_gave_way_to_a_newer(self, bot: RunningBot, clock: Clock) -> None:
        """The older link is unknown, and the buttons it led to are stale."""
        sari, token = filling(bot), await letter_for(bot)
        await opens(sari, token)
        id = sari.person.messages()[-1]["message_id"]
        async with bot.database.transaction() as session:
            (one,) = await register.waiting(session, "Babat")
            newer = new_token()
            await register.note_letters(session, "Babat", {one: newer}, date(2027, 1, 1), clock())

        assert await opens(sari, token) == text_of("invitation.unknown", "id")
        await sari.does(lambda: sari.person.tap_data(id, "mine:1"))
        assert refusals(sari)[-1] == text_of("tap.stale", "id")
        assert "Sri Wahyuni" in await opens(sari, newer)

    async def test_opened_by_an_officer(self, bot: RunningBot) -> None:
        """It is explained, nothing is shown or claimed, and the owner can still come; also who became one since."""
        officer, sari, token = filling(bot, 103), filling(bot), await letter_for(bot)
        await officer.writes("/start")
        await opens(officer, token)
        id = officer.person.messages()[-1]["message_id"]
        await appoint(bot, officer.person)

        assert await opens(officer, token) == text_of("invitation.officer", "id")
        await officer.does(lambda: officer.person.tap_data(id, "keep:1"))
        assert refusals(officer)[-1] == text_of("invitation.officer", "id")
        assert "Sri Wahyuni" in await opens(sari, token)

    async def test_of_a_second_business(self, bot: RunningBot) -> None:
        """One account, one business: who has one is told, and the other link stays good."""
        sari = filling(bot)
        await sari.agrees()
        await opens(sari, await letter_for(bot))
        await sari.taps("button.mine")
        await sari.taps(SAVE)

        other = await letter_for(bot, name="Budi", phone=None)

        assert await opens(sari, other) == text_of("invitation.has_one", "id")
        assert "Budi" in await opens(filling(bot, 102), other)

    async def test_is_not_shown_by_forged_taps(self, bot: RunningBot) -> None:
        """Who did not open the letter learns nothing of whose business there is, whatever they send."""
        await letter_for(bot)
        budi = filling(bot, 102)
        await budi.agrees()
        id = budi.person.messages()[-1]["message_id"]
        forged = ("mine:1", "keep:1", "not_mine:1", "mend:1.name", "mine:2", "form:resume.invitation-1.")
        for data in (*forged, "pick:invitation-1.sector.jasa", f"consent:yes.{consent.VERSION}.invitation-1"):
            await budi.does(lambda data=data: budi.person.tap_data(id, data))

        assert set(refusals(budi)) == {text_of("tap.stale", "id")}
        assert not any("Sri" in text for text in budi.person.texts())
        assert (await business(bot)).person_id is None

    async def test_does_not_go_on_without_the_letter(self, bot: RunningBot) -> None:
        """A forged agreement leads no further: it is undone with the rest."""
        await letter_for(bot)
        budi = filling(bot, 102)
        await budi.writes("/profil")
        id = budi.person.messages()[-1]["message_id"]
        for then in ("invitation-1", "mendname-1"):
            await budi.does(lambda then=then: budi.person.tap_data(id, f"consent:yes.{consent.VERSION}.{then}"))

        assert await bot.rows(select(Consent)) == []
        assert (await business(bot)).person_id is None

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_refused_in_few_words(self, language: str) -> None:
        """Each refusal fits the alert that answers a tap."""
        keys = ("yours", "unknown", "used", "expired", "officer", "has_one")

        assert [key for key in keys if units(text_of(f"invitation.{key}", language)) > ALERT] == []


class TestAtOnce:
    async def test_gives_one_claim(self, bot: RunningBot) -> None:
        """Of several who tap at the same moment one has it, each other is told, and one profile is filled."""
        token = await letter_for(bot)
        several = [filling(bot, number) for number in range(301, 307)]
        for who in several:
            await who.agrees()
            await opens(who, token)
        for who in several:
            who.person.tap_data(who.person.messages()[-1]["message_id"], "keep:1")
        await bot.settled()

        filled = [bool(await who.profile()) for who in several]
        assert sorted(filled) == [False] * 5 + [True]
        used = [said for who in several for said in refusals(who)]
        assert used == [text_of("invitation.used", "id")] * 5
        assert len(await audited(bot)) == 1

    async def test_waits_for_the_first(self, bot: RunningBot) -> None:
        """Who comes while another's claim is not yet committed waits for it, and then finds it taken."""
        token, district = await letter_for(bot), read_district(LAMONGAN)
        people = [filling(bot, number) for number in (301, 302)]
        for who in people:
            await who.agrees()
            await opens(who, token)

        async def claims(telegram_id: int) -> None:
            async with bot.database.transaction() as session:
                person = (await session.exec(select(Person).where(Person.telegram_id == telegram_id))).one()
                found = await register.opened(session, person, 1, district, bot.app.house.now())
                await asyncio.sleep(0.1)  # so that the other is under way
                await register.claim(session, person, found, bot.app.house.now())

        outcomes = await asyncio.gather(claims(301), claims(302), return_exceptions=True)

        assert sorted(type(one).__name__ for one in outcomes) == ["InvitationUsed", "NoneType"]
        assert len(await bot.rows(select(Profile))) == 1


class TestPoster:
    async def source(self, bot: RunningBot, number: int = 101) -> str | None:
        (found,) = await bot.rows(select(Person.source).where(Person.telegram_id == number))
        return found

    @pytest.mark.parametrize("payload", ["src_babat", "SRC_Babat"])
    async def test_is_noted_for_who_is_new(self, bot: RunningBot, payload: str) -> None:
        """Who comes by a poster is greeted as everybody, and counted for it."""
        said = await bot.says(bot.person(), f"/start {payload}")

        assert "Saya asisten UMKM" in said
        assert await self.source(bot) == "src_babat"

    async def test_never_changes_where_somebody_came_from(self, bot: RunningBot, clock: Clock) -> None:
        """Neither a second poster nor one after the first words counts."""
        await bot.says(bot.person(), "/start src_babat")
        await bot.says(bot.person(), "/start src_pucuk")
        await met(bot, 102, "Budi")
        clock.go_on(seconds=1)
        await bot.says(bot.person(102), "/start src_pucuk")

        assert await self.source(bot) == "src_babat"
        assert await self.source(bot, 102) is None

    @pytest.mark.parametrize("payload", ["src_", "src_surabaya", "src_081234500999", "src_babat_"])
    async def test_of_nobody_is_kept_nowhere(self, bot: RunningBot, payload: str) -> None:
        """A link that somebody made up is an unknown link, and what stands in it is not kept."""
        said = await bot.says(bot.person(), f"/start {payload}")

        assert said == text_of("start.unknown_link", "id")
        assert await self.source(bot) is None
