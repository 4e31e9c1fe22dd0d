"""A form half filled in is there after commands, a restart, another replica and a week; after two weeks it is gone."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from sqlmodel import select

from bot.app import open_app
from db.models import Conversation, Draft, Question
from domain.forms import drafts
from domain.knowledge.shelf import Library
from simulator import PretendTelegram, serve
from tests.conftest import LAMONGAN
from tests.support.emptied import Databases
from tests.support.filling import ALL, NUMBER, Filling, at_once, filling
from tests.support.running import TOKEN, RunningBot, running_bot, settings_for
from tests.support.serving import Clock

__all__ = ["at_once"]
pytestmark = pytest.mark.usefixtures("at_once")


@pytest.fixture
async def sari(bot: RunningBot) -> Filling:
    """She agreed, and sees her empty profile."""
    agreed = filling(bot)
    await agreed.agrees()
    return agreed


class TestWaiting:
    async def test_while_a_command_is_obeyed(self, sari: Filling) -> None:
        """Commands work in the middle of a form, and /profil goes on where it was."""
        await sari.taps("button.fill_all")
        await sari.writes("Sri")
        for command in ("/program", "/bantuan", "/start", "/nothing", "/tanya"):
            assert await sari.writes(command)

        (shown,) = await sari.writes("/profil")
        assert "belum selesai" in shown
        assert sari.buttons[0] == "▶️ Lanjutkan"
        (asked,) = await sari.taps("button.resume")

        assert "Apa nama usaha Anda?" in asked
        await sari.writes("Tenun Sri")
        assert "di bidang apa" in sari.person.texts()[-1]

    async def test_takes_no_question_for_an_answer(self, sari: Filling) -> None:
        """While the profile is looked at the form waits: what is typed is a question, and answered."""
        await sari.taps("profile.business")
        await sari.writes("/profil")
        await sari.writes("cara bikin nib gimana")

        assert len(await sari.bot.rows(select(Question))) == 1
        (draft,) = await sari.bot.rows(select(Draft))
        assert draft.answers == {}

    async def test_takes_the_keyboard_away(self, sari: Filling) -> None:
        """The keys of a form that waits do not stand in the way of other things."""
        await sari.taps("profile.phone")

        said = await sari.writes("/profil")

        assert "menunggu" in said[0]
        assert sari.person.chat.keyboard is None
        await sari.taps("button.resume")
        assert "📱 Bagikan nomor saya" in sari.keys

    async def test_is_dropped_by_batal(self, sari: Filling) -> None:
        """A form that only waits can be dropped too."""
        await sari.taps("profile.business")
        await sari.writes("/profil")

        await sari.writes("/batal")

        assert await sari.bot.rows(select(Draft)) == []


class TestSurvival:
    @pytest.mark.parametrize("days", [1, 7])
    async def test_of_a_restart_days_later(self, database_url: str, library: Library, days: int) -> None:
        """A form begun before a restart goes on, typed and tapped, a week later too."""
        telegram, clock = PretendTelegram(token=TOKEN), Clock()
        async with running_bot(database_url, LAMONGAN, telegram, clock, library) as bot:
            sari = filling(bot)
            await sari.agrees()
            await sari.taps("button.fill_all")
            await sari.writes(ALL["name"])
        clock.go_on(days=days)
        async with running_bot(database_url, LAMONGAN, telegram, clock, library) as bot:
            sari = filling(bot)
            await sari.writes(ALL["business"])
            await sari.taps("Tenun ikat dan batik")
        async with running_bot(database_url, LAMONGAN, telegram, clock, library) as bot:
            sari = filling(bot)
            await sari.taps("Babat")
            await sari.writes("sarung, selendang")
            await sari.presses("button.skip")

            assert await sari.profile() == {name: value for name, value in ALL.items() if name != "phone"}

    async def test_until_two_weeks_are_over(self, database_url: str, library: Library) -> None:
        """After a week /profil still goes on with it; after two it is gone, what was answered with it."""
        telegram, clock = PretendTelegram(token=TOKEN), Clock()
        async with running_bot(database_url, LAMONGAN, telegram, clock, library) as bot:
            sari = filling(bot)
            await sari.agrees()
            await sari.taps("button.fill_all")
            await sari.writes("Sri")
            question = sari.person.messages()[-1]["message_id"]

            clock.go_on(days=13)
            await sari.writes("/profil")
            assert "▶️ Lanjutkan" in sari.buttons

            clock.go_on(days=2)
            await sari.does(lambda: sari.person.tap_data(question, "form:skip.profile.business"))
            assert "tidak berlaku" in sari.person.alerts()[-1]["text"]
            await sari.writes("/profil")
            assert "✍️ Isi semua" in sari.buttons
            async with bot.database.transaction() as session:
                await drafts.forget(session, clock())
            assert await bot.rows(select(Draft)) == []

    async def test_of_a_language_chosen_in_between(self, sari: Filling) -> None:
        """The form goes on in the language they read now, and keys of the old one still mean what they say."""
        await sari.taps("button.fill_all")
        await sari.writes("/bahasa")
        await sari.taps("English")

        assert "What do you make" not in (await sari.writes("Sri"))[-1]
        assert "What is your business called?" in sari.person.texts()[-1]
        assert "Which sector" in (await sari.writes("lewati"))[-1]


@pytest.fixture
def shared_url(postgres_databases: Databases) -> Iterator[str]:
    """A fresh PostgreSQL database, which several processes may share."""
    with postgres_databases.one() as address:
        yield address


@asynccontextmanager
async def two_replicas(url: str, library: Library) -> AsyncIterator[list[RunningBot]]:
    """Two bots that share database and Telegram, the first one leading."""
    telegram = PretendTelegram(token=TOKEN)
    telegram.flood_limits = False
    async with serve(telegram) as address, AsyncExitStack() as stack:
        settings = settings_for(address, url, DISTRICT_DIR=LAMONGAN)
        apps = [await stack.enter_async_context(open_app(settings, library=library)) for _ in range(2)]
        bots = [RunningBot(telegram, app, settings) for app in apps]
        apps[0].start()
        await telegram.wait_until(lambda: apps[0].leader.leads)
        try:
            yield bots
        finally:
            for app in apps:
                await app.stop()


class TestReplicas:
    async def test_go_on_with_each_others_forms(self, shared_url: str, library: Library) -> None:
        """A form begun in one process is filled in through another, while both run and when the first is gone."""
        async with two_replicas(shared_url, library) as (first, second):
            sari = filling(first)
            await sari.agrees()
            await sari.taps("button.fill_all")
            await sari.writes(ALL["name"])
            second.app.start()
            await sari.writes(ALL["business"])
            await first.app.stop()
            await second.telegram.wait_until(lambda: second.app.leader.leads, timeout=10)
            sari = filling(second)
            await sari.taps("Tenun ikat dan batik")
            await sari.taps("Babat")
            await sari.writes("sarung, selendang")
            await sari.does(lambda: sari.person.shares_contact(NUMBER))

            assert await sari.profile() == ALL


class TestState:
    async def test_of_the_conversation_holds_no_detail(self, sari: Filling) -> None:
        """Answers lie in the draft alone, which goes after two weeks; the step names the form and no more."""
        await sari.taps("button.fill_all")
        await sari.writes("Sri Wahyuni")

        (conversation,) = await sari.bot.rows(select(Conversation))
        assert "Sri" not in str(conversation.state)
        (draft,) = await sari.bot.rows(select(Draft))
        assert draft.answers == {"name": "Sri Wahyuni"}
