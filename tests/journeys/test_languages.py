"""Three languages: the first one from the person's Telegram, another by /bahasa, and everything in it from then on."""

import re

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlmodel import select

from db.migrations.upgrade import configuration
from db.models import Person
from db.session import one_off_engine, to_async_url
from domain.knowledge.shelf import Library
from messages import LANGUAGES, catalogue, text_of
from messages.limits import BUTTON_LABEL
from simulator import Person as Somebody
from tests.conftest import LAMONGAN
from tests.support.offices import ON_SQLITE
from tests.support.running import RunningBot, running_bot

WELCOMES = {"id": "Tulis saja pertanyaan Anda", "jv": "Monggo tulis wae pitakone", "en": "I understand questions"}


def words(key: str, language: str) -> str:
    """The longest stretch of a sentence that holds no blank, tag or line's end: what tells it in a chat."""
    return max(re.split(r"\{[^}]*\}|<[^>]*>|\n", text_of(key, language)), key=len).strip()


def labels(language: str) -> set[str]:
    """All that our own buttons may say in *language*."""
    ours = {str(message.string) for message in catalogue(language) if str(message.id).startswith("button.")}
    return ours | {text_of("language.name", each) for each in LANGUAGES}


async def choose(bot: RunningBot, person: Somebody, language: str) -> str:
    """Choose *language* by /bahasa; returns what the message says then."""
    await bot.says(person, "/bahasa")
    person.tap(text_of("language.name", language))
    await bot.settled()
    return person.texts()[-1]


class TestFirstLanguage:
    async def test_is_the_clients(self, bot: RunningBot) -> None:
        """Who meets the bot is greeted in their Telegram's language, and in Indonesian when we do not speak it."""
        codes = {"id": "id", "jv": "jv", "jv-ID": "jv", "en": "en", "en-GB": "en", "ms": "id", "su": "id", "zh": "id"}
        for number, (code, expected) in enumerate(codes.items(), 201):
            reply = await bot.says(bot.person(number, language_code=code), "/start")

            assert WELCOMES[expected] in reply, code

    async def test_is_indonesian_when_not_told(self, bot: RunningBot) -> None:
        """Telegram may leave the language out; then it is Indonesian, and stays what it was for who is known."""
        unknown, english = bot.person(201), bot.person(202, language_code="en")
        await bot.says(english, "/start")
        for person in (unknown, english):
            person.user = {name: value for name, value in person.user.items() if name != "language_code"}

        assert WELCOMES["id"] in await bot.says(unknown, "/start")
        assert WELCOMES["en"] in await bot.says(english, "/start")

    async def test_follows_the_client_until_chosen(self, bot: RunningBot) -> None:
        """Who sets Telegram to another language, and chose none here, is followed there."""
        await bot.says(bot.person(language_code="en"), "/start")

        assert WELCOMES["id"] in await bot.says(bot.person(language_code="id"), "/start")


class TestChoice:
    async def test_offers_each_language_by_its_own_name(self, bot: RunningBot) -> None:
        """/bahasa says which language is spoken and shows all three, each named in itself."""
        sari = bot.person()

        assert "Bahasa Indonesia" in await bot.says(sari, "/bahasa")
        assert sari.labels() == ["Bahasa Indonesia", "Basa Jawa", "English"]

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_is_answered_in_the_new_language(self, bot: RunningBot, language: str) -> None:
        """The message of /bahasa says in the chosen language what is spoken now; a new one is not needed."""
        sari = bot.person()

        said = await choose(bot, sari, language)

        assert words("language.changed", language) in said
        assert text_of("language.name", language) in said
        assert text_of("button.topics", language) in sari.labels()
        assert len(sari.texts()) == 1

    async def test_can_be_taken_back_by_a_tap(self, bot: RunningBot) -> None:
        """The three buttons stay under the answer: whoever tapped the wrong one taps again."""
        sari = bot.person()
        await choose(bot, sari, "en")
        sari.tap("Bahasa Indonesia")
        await bot.settled()

        assert words("language.changed", "id") in sari.texts()[-1]

    async def test_goes_before_the_clients(self, bot: RunningBot) -> None:
        """Once chosen, a language stays, whatever Telegram is set to; another choice changes it."""
        await choose(bot, bot.person(), "jv")

        assert WELCOMES["jv"] in await bot.says(bot.person(language_code="en"), "/start")

        assert words("language.changed", "id") in await choose(bot, bot.person(), "id")
        assert WELCOMES["id"] in await bot.says(bot.person(language_code="en"), "/start")

    async def test_is_each_persons_own(self, bot: RunningBot) -> None:
        """One person's choice is nobody else's."""
        await choose(bot, bot.person(), "jv")

        assert WELCOMES["id"] in await bot.says(bot.person(102, name="Budi"), "/start")

    async def test_refuses_what_we_do_not_speak(self, bot: RunningBot) -> None:
        """A forged button with another language changes nothing."""
        sari = bot.person()
        await bot.says(sari, "/bahasa")
        sari.tap_data(sari.messages()[-1]["message_id"], "language:xx")
        await bot.settled()

        assert [alert["text"] for alert in sari.alerts()] == [text_of("tap.stale", "id")]
        assert [person.language for person in await bot.rows(select(Person))] == ["id"]

    async def test_survives_a_restart(self, database_url: str, library: Library) -> None:
        """The choice is kept with the person: another process speaks it too."""
        async with running_bot(database_url, LAMONGAN, library=library) as before:
            await choose(before, before.person(), "jv")
        async with running_bot(database_url, LAMONGAN, library=library) as after:
            assert WELCOMES["jv"] in await after.says(after.person(language_code="en"), "/start")


@ON_SQLITE
@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "id"])
class TestEverything:
    async def test_is_in_the_language(self, bot: RunningBot, language: str) -> None:
        """Welcome, help, topics, answers, small talk, what we cannot read: all that the bot says of its own."""
        sari = bot.person(language_code=language)
        heard = {
            "/start": "start.welcome",
            "/start P999": "start.unknown_link",
            "/bantuan": "help.text",
            "/program": "topics.page",
            "/tanya": "ask.prompt",
            "/batal": "cancel.done",
            "/siaran": "command.unknown",
            "halo": "smalltalk.greeting",
            "matur nuwun": "smalltalk.thanks",
            "asdfghjkl qwrtp": "answer.lost",
            "नमस्ते आप कैसे हैं": "answer.other_script",
            "kata " * 500: "answer.too_long",
        }
        for written, key in heard.items():
            reply = await bot.says(sari, written)
            assert words(key, language) in reply, written
            assert words(key, "id") not in reply, written
        assert words("other.voice", language) in await bot.reply_after(sari, lambda: sari.sends("voice"))

        assert set(sari.labels()) <= labels(language) | set(bot.app.house.district.topics.values())
        assert max(map(len, sari.labels())) <= BUTTON_LABEL

    async def test_frames_an_entry_that_stays_as_written(self, bot: RunningBot, language: str) -> None:
        """A card has title and text as the officers wrote them; what stands around them is in the language."""
        sari = bot.person(language_code=language)
        entry = (await bot.shelf()).entries["P05"]

        card = await bot.says(sari, "/start P05")

        assert card.startswith(entry.title)
        assert entry.body in card
        assert entry.source in card
        assert words("answer.card", language) in card
        assert words("answer.card", "id") not in card

    async def test_rates_and_refuses_in_it(self, bot: RunningBot, language: str) -> None:
        """What answers a tap, thanks or refusal, is in the language too."""
        sari = bot.person(language_code=language)
        await bot.says(sari, "cara bikin nib gimana")
        sari.tap(text_of("button.helpful", language))
        await bot.settled()
        sari.tap_data(sari.messages()[-1]["message_id"], "nonsense:1")
        await bot.settled()

        assert [alert["text"] for alert in sari.alerts()] == [
            text_of("feedback.thanks", language), text_of("tap.stale", language),
        ]  # fmt: skip

    async def test_apologises_in_it(self, bot: RunningBot, language: str) -> None:
        """Who is known reads of our own faults in their language."""
        sari = bot.person(language_code=language)
        await bot.says(sari, "/start")

        broken = {"message_id": 900, "date": "soon", "chat": sari.chat.info, "from": sari.user, "text": "halo"}
        reply = await bot.reply_after(sari, lambda: bot.telegram.push({"message": broken}))

        assert reply == text_of("trouble.parked", language)


class TestDates:
    async def test_on_cards_are_in_the_language(self, bot: RunningBot) -> None:
        """The month of the last look has its name in the person's language."""
        shelf = await bot.shelf()
        entry = next(entry for entry in shelf.entries.values() if re.fullmatch(r"\d{4}-(05|08|10|12)", entry.as_of))
        year, month = entry.as_of.split("-")
        english = {"05": "May", "08": "August", "10": "October", "12": "December"}[month]
        indonesian = {"05": "Mei", "08": "Agustus", "10": "Oktober", "12": "Desember"}[month]

        for number, (language, name) in enumerate({"id": indonesian, "jv": indonesian, "en": english}.items(), 201):
            card = await bot.says(bot.person(number, language_code=language), f"/start {entry.id}")
            assert f": {name} {year}" in card


class TestOlderDatabase:
    async def test_keeps_its_people(self, database_url: str, library: Library) -> None:
        """Who was met before there were languages is known after the update, and can choose."""
        await downgrade(database_url)
        async with running_bot(database_url, LAMONGAN, library=library) as bot:
            sari = bot.person()
            assert words("language.changed", "jv") in await choose(bot, sari, "jv")
            assert [person.name for person in await bot.rows(select(Person))] == ["Bu Sari"]


async def downgrade(database_url: str) -> None:
    """Make the database one of the first version, with a person in it who wrote so lately that their name is kept."""

    def go_back(connection: Connection) -> None:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO person (telegram_id, name, language, is_reachable, met_at, last_wrote_at)"
                " VALUES (101, 'Bu Sari', 'id', true, '2026-11-01 00:00:00', '2099-01-01 00:00:00')"
            )
        )

    engine = one_off_engine(to_async_url(database_url))
    async with engine.begin() as connection:
        await connection.run_sync(go_back)
    await engine.dispose()
