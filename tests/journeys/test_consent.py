"""Before the first personal detail, once: what for, what, how long, how to take it back."""

import textwrap
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from db.models import AuditEntry, Consent, Draft, Person, Profile
from domain import consent
from messages import LANGUAGES
from tests.repo.test_catalogues import TagCounter
from tests.support.filling import Filling, at_once, filling
from tests.support.running import RunningBot

__all__ = ["at_once"]
pytestmark = pytest.mark.usefixtures("at_once")

LINE, LINES = 38, 20
"""What a phone of 360 points shows at once, above two buttons."""


async def agreements(bot: RunningBot) -> list[Consent]:
    return await bot.rows(select(Consent).order_by(Consent.id))


async def add_agreement(filling: Filling, version: int) -> None:
    """They agreed to the words of *version*."""
    (person,) = await filling.bot.rows(select(Person))
    async with filling.bot.database.transaction() as session:
        given = datetime(2025, 1, 1, tzinfo=UTC)
        session.add(Consent(person_id=person.id, version=version, language="id", given_at=given))


class TestAsk:
    async def test_comes_before_anything_personal(self, bot: RunningBot) -> None:
        """/profil asks nothing and shows nothing before the words were read and agreed to."""
        sari = filling(bot)

        (words,) = await sari.writes("/profil")

        assert all(part in words for part in ("Untuk apa", "Yang disimpan", "Berapa lama", "/data", "Diskopum"))
        assert sari.buttons == ["✅ Setuju", "Tidak dulu"]
        assert await bot.rows(select(Profile)) == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_fits_one_screen(self, language: str) -> None:
        """Nobody has to scroll to see what they agree to."""
        shown = TagCounter()
        texts: list[str] = []
        shown.handle_data = texts.append  # type: ignore[method-assign]
        shown.feed(consent.words("Diskopum, Disperindag").in_language(language))
        lines = "".join(texts).split("\n")

        assert sum(len(textwrap.wrap(line, LINE)) or 1 for line in lines) <= LINES

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_is_asked_once(self, bot: RunningBot, language: str) -> None:
        """Who agreed is led on at once, and never asked again; the language of the words is kept."""
        sari = filling(bot, language=language)
        await sari.writes("/profil")
        asked = sari.person.messages()[-1]

        shown = await sari.taps("button.agree")
        again = await sari.writes("/profil")

        (given,) = await agreements(bot)
        assert (given.version, given.language, given.withdrawn_at) == (consent.VERSION, language, None)
        assert asked["text"] in shown  # it stays to be read, without its buttons
        assert again == shown[-1:]
        assert "reply_markup" not in next(one for one in sari.person.messages() if one["text"] == asked["text"])

    async def test_is_audited(self, bot: RunningBot) -> None:
        """It is their own deed, by our id and the version."""
        await filling(bot).agrees()

        (person,) = await bot.rows(select(Person))
        (entry,) = await bot.rows(select(AuditEntry))
        assert (entry.actor, entry.actor_id, entry.deed) == ("person", person.id, "consent.given")
        assert (entry.subject, entry.before, entry.after) == (f"person:{person.id}", None, {"version": consent.VERSION})


class TestDoubleTap:
    async def test_agrees_once(self, bot: RunningBot) -> None:
        """Whoever taps twice has agreed once, and sees the profile once."""
        sari = filling(bot)
        await sari.writes("/profil")
        asked = sari.person.messages()[-1]
        for _ in range(3):
            sari.person.tap_data(asked["message_id"], f"consent:yes.{consent.VERSION}.profile")
        await bot.settled()

        assert len(await agreements(bot)) == 1
        assert len(sari.person.texts()) == 2

    async def test_of_the_other_button_takes_nothing_back(self, bot: RunningBot) -> None:
        """A slip onto "Tidak dulu" after it was given changes nothing, and is said so."""
        sari = filling(bot)
        await sari.writes("/profil")
        asked = sari.person.messages()[-1]
        await sari.taps("button.agree")
        await sari.does(lambda: sari.person.tap_data(asked["message_id"], "consent:no.1.profile"))

        assert "tidak berlaku" in sari.person.alerts()[-1]["text"]
        assert [one.withdrawn_at for one in await agreements(bot)] == [None]


class TestDecline:
    async def test_keeps_nothing_and_says_what_works(self, bot: RunningBot) -> None:
        """Who does not agree can go on asking, and change their mind."""
        sari = filling(bot)
        await sari.writes("/profil")

        (said,) = await sari.taps("button.decline")

        assert "/profil" in said
        assert "/program" in said
        assert sari.buttons == ["📚 Lihat topik"]
        assert [await bot.rows(select(table)) for table in (Consent, Profile, Draft, AuditEntry)] == [[], [], [], []]
        assert "NIB" in (await sari.writes("cara bikin nib gimana"))[-1]


class TestVersion:
    async def test_a_new_one_asks_again(self, bot: RunningBot) -> None:
        """Who agreed to other words is told that they changed, and asked; nothing goes on before."""
        sari = filling(bot)
        await sari.writes("/batal")
        await add_agreement(sari, consent.VERSION - 1)

        (words,) = await sari.writes("/profil")
        assert words.startswith("Aturan penyimpanan data kami berubah")

        await sari.taps("button.agree")
        assert [one.version for one in await agreements(bot)] == [consent.VERSION - 1, consent.VERSION]

    async def test_declined_leaves_what_was(self, bot: RunningBot) -> None:
        """The old agreement stands, and with it what was filled in under it."""
        sari = filling(bot)
        await sari.writes("/batal")
        await add_agreement(sari, consent.VERSION - 1)
        await sari.writes("/profil")

        (said,) = await sari.taps("button.decline")

        assert "tetap seperti adanya" in said
        assert [one.withdrawn_at for one in await agreements(bot)] == [None]

    async def test_an_old_message_agrees_to_nothing(self, bot: RunningBot) -> None:
        """The tap names the words it agrees to: those of another version are no agreement."""
        sari = filling(bot)
        await sari.writes("/profil")
        asked = sari.person.messages()[-1]

        for data in ("consent:yes.0.profile", "consent:yes.99.profile", "consent:yes.1.nowhere", "consent:yes.1"):
            await sari.does(lambda data=data: sari.person.tap_data(asked["message_id"], data))

        assert len(sari.person.alerts()) == 4
        assert await agreements(bot) == []

    async def test_a_form_begun_before_waits_for_it(self, bot: RunningBot) -> None:
        """Words that change in the middle of a form are agreed to before anything is kept; the form is not lost."""
        sari = filling(bot)
        await sari.agrees()
        await sari.taps("profile.name")
        async with bot.database.transaction() as session:
            (given,) = (await session.exec(select(Consent))).all()
            given.version = consent.VERSION - 1

        (said,) = await sari.writes("Sri Wahyuni")
        assert "/profil" in said
        assert await sari.profile() == {}

        await sari.agrees()
        await sari.taps("button.resume")
        await sari.writes("Sri Wahyuni")
        assert await sari.profile() == {"name": "Sri Wahyuni"}


class TestWithdraw:
    async def test_takes_the_profile_and_forms_with_it(self, bot: RunningBot) -> None:
        """What was kept on its ground goes; that it was given, until when, stays; and it is audited."""
        sari = filling(bot)
        await sari.agrees()
        await sari.taps("profile.name")
        await sari.writes("Sri Wahyuni")
        await sari.taps("profile.business")
        (person,) = await bot.rows(select(Person))
        now = datetime(2026, 12, 1, tzinfo=UTC)
        async with bot.database.transaction() as session:
            first = await consent.withdraw(session, person, now)
            again = await consent.withdraw(session, person, now)

        assert (first, again) == (True, False)
        assert [one.withdrawn_at for one in await agreements(bot)] == [now]
        assert [await bot.rows(select(table)) for table in (Profile, Draft)] == [[], []]
        deeds = [(entry.actor, entry.deed, entry.before) for entry in await bot.rows(select(AuditEntry))]
        assert ("person", "consent.withdrawn", {"versions": [consent.VERSION]}) in deeds

        # What is typed into the form that is gone is not kept, and /profil asks anew.
        assert "sudah ditutup" in (await sari.writes("Tenun Sri"))[-1]
        assert "Untuk apa" in (await sari.writes("/profil"))[-1]
        assert await sari.profile() == {}
