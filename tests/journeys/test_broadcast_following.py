"""Hearing of less: a tap under a broadcast, STOP, and /langganan; what is theirs still comes, and all can come back."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from db.models import MutedTopic, Person, RecipientState, Role
from domain.broadcasts.topics import EVERYTHING, TOPICS
from domain.knowledge.shelf import Library
from simulator import Person as Somebody
from tests.conftest import LAMONGAN
from tests.support.broadcasting import broadcast, by_state, ended, met, recipients, until
from tests.support.desk import appoint
from tests.support.filling import Filling
from tests.support.offices import ON_SQLITE
from tests.support.running import RunningBot, running_bot

NAMES = ["Kabar dinas", "Pelatihan", "Bantuan dan fasilitas", "Pasar dan pameran"]
LESS = "🔔 Kurangi / berhenti"
KEPT = "jawaban atas pertanyaan Anda, dan kabar beserta pengingat pelatihan yang Anda ikuti"


async def muted(bot: RunningBot, somebody: Somebody) -> set[str]:
    theirs = select(MutedTopic.topic).join(Person).where(Person.telegram_id == somebody.id)
    return set(await bot.rows(theirs))


async def tapped(bot: RunningBot, somebody: Somebody, label: str) -> str:
    """What the newest message of the bot says after the tap."""
    somebody.tap(label)
    await bot.settled()
    return somebody.texts()[-1]


async def told(bot: RunningBot, topic: str = "pelatihan") -> int:
    """A broadcast about *topic*, at its end."""
    number = await broadcast(bot, topic=topic)
    await ended(bot, number)
    await bot.settled()
    return number


class TestUnderABroadcast:
    async def test_one_tap_less_of_it(self, bot: RunningBot) -> None:
        """The button offers three ways in a new message; one more tap does it, and says what still comes and the way
        back.
        """
        (sari,) = await met(bot, 1)
        await told(bot)
        notice = sari.texts()[0]

        offer = await tapped(bot, sari, LESS)
        assert "Pelatihan" in offer
        assert KEPT in offer
        said = await tapped(bot, sari, "🔕 Jangan soal ini lagi")

        assert await muted(bot, sari) == {"pelatihan"}
        assert KEPT in said
        assert "/langganan" in said
        assert sari.texts()[0] == notice
        assert LESS in sari.labels()
        assert await by_state(bot, await told(bot)) == {}
        assert await by_state(bot, await told(bot, "pasar")) == {RecipientState.SENT: 1}

    async def test_takes_it_back(self, bot: RunningBot) -> None:
        """Undone by a tap, it is heard of again."""
        (sari,) = await met(bot, 1)
        await told(bot)
        await tapped(bot, sari, LESS)
        await tapped(bot, sari, "🔕 Jangan soal ini lagi")

        shown = await tapped(bot, sari, "↩️ Kabari lagi soal ini")

        assert await muted(bot, sari) == set()
        assert "semua topik" in shown

    async def test_leaves_it_as_it_is(self, bot: RunningBot) -> None:
        """Tetap ikut changes nothing."""
        (sari,) = await met(bot, 1)
        await told(bot)
        await tapped(bot, sari, LESS)

        assert "tetap seperti semula" in await tapped(bot, sari, "🔔 Tetap ikut")
        assert await muted(bot, sari) == set()

    async def test_is_good_for_old_notices(self, bot: RunningBot) -> None:
        """Of a topic they hear no more, or that there is no more, the button shows what they hear of."""
        (sari,) = await met(bot, 1)
        await told(bot)
        notice = sari.messages()[-1]["message_id"]
        await bot.says(sari, "STOP")

        for data in ("follow_less:pelatihan", "follow_less:lama"):
            assert "Langganan Anda" in await bot.reply_after(sari, lambda data=data: sari.tap_data(notice, data))


class TestStop:
    @ON_SQLITE
    @pytest.mark.parametrize("word", ["STOP", "berhenti.", "mandeg", "stop dulu ya", "/stop", "ora usah dikirimi"])
    async def test_by_a_word(self, bot: RunningBot, word: str) -> None:
        """A message that is only such a word stops all, is confirmed, and is undone by a button."""
        (sari,) = await met(bot, 1)

        said = await bot.says(sari, word)

        assert await muted(bot, sari) == {EVERYTHING}
        assert "saya berhenti" in said
        assert KEPT in said
        assert "semua topik" in await tapped(bot, sari, "🔔 Ikuti lagi")
        assert await muted(bot, sari) == set()

    @ON_SQLITE
    async def test_by_other_words(self, bot: RunningBot) -> None:
        """As people write it to whoever sends them too much."""
        for place, word in enumerate(("stop broadcast", "Stop iklan!", "stop kirim pesan", "berhenti mengirim")):
            (somebody,) = await met(bot, 1, first=2001 + place)
            assert "saya berhenti" in await bot.says(somebody, word)

    async def test_keeps_what_was_off_before(self, bot: RunningBot) -> None:
        """Undone, it is as it was: a topic that was off stays off."""
        (sari,) = await met(bot, 1)
        await bot.says(sari, "/langganan")
        await tapped(bot, sari, "✅ Pasar dan pameran")
        await bot.says(sari, "STOP")
        await tapped(bot, sari, "🔔 Ikuti lagi")

        assert await muted(bot, sari) == {"pasar"}

    async def test_is_an_answer_in_a_form(self, bot: RunningBot) -> None:
        """What a form awaits is its answer, whatever it says; the word inside a question stops nothing, either."""
        sari = Filling(bot, bot.person())
        await bot.says(sari.person, "berhenti kerja dapat KUR?")
        await sari.agrees()
        await sari.taps("profile.business")
        await sari.writes("Stop")

        assert (await sari.profile())["business"] == "Stop"
        assert await muted(bot, sari.person) == set()

    async def test_is_left_alone_in_groups(self, bot: RunningBot) -> None:
        """There it is said to others."""
        sari = bot.person()
        group = bot.telegram.group(-500, "Warga", [sari])
        sari.write("stop", chat=-500)
        sari.write("@demo_bot stop", chat=-500)
        await bot.settled()

        assert await bot.rows(select(MutedTopic)) == []
        assert "sebut @demo_bot" in group.texts()[-1]

    async def test_of_an_officer_keeps_their_work(self, bot: RunningBot) -> None:
        """Broadcasts stop, and questions of people still come."""
        rini, sari = bot.person(201, "Rini"), bot.person()
        await appoint(bot, rini, Role.OFFICER)
        await bot.says(rini, "STOP")
        await bot.says(sari, "cara bikin nib gimana")
        await told(bot)

        sari.tap("🙋 Tanya petugas")
        await bot.settled()
        sari.tap("📨 Kirim")
        await bot.settled()

        assert any(text.startswith("#1 · Sari") for text in rini.texts())
        assert any("Laporan siaran" in text for text in rini.texts())
        assert not any("Kode asli" in text for text in rini.texts())


class TestLangganan:
    async def test_switches_each_topic(self, bot: RunningBot) -> None:
        """Every topic stands there with what it is; a tap makes it the other, and a second one on the old button
        nothing.
        """
        (sari,) = await met(bot, 1)
        await bot.says(sari, "/langganan")
        assert sari.labels()[:4] == [f"✅ {name}" for name in NAMES]

        shown = sari.messages()[-1]["message_id"]
        for _ in range(2):
            sari.tap_data(shown, "unfollow:fasilitas")
            await bot.settled()

        assert await muted(bot, sari) == {"fasilitas"}
        assert sari.labels()[2] == "🔕 Bantuan dan fasilitas"
        assert "3 dari 4" in sari.texts()[-1]

    async def test_stops_and_follows_all(self, bot: RunningBot) -> None:
        """Berhenti semua, then one topic: only that one comes."""
        (sari,) = await met(bot, 1)
        await bot.says(sari, "/langganan")
        await tapped(bot, sari, "🔕 Berhenti semua")
        assert await muted(bot, sari) == {EVERYTHING}
        await tapped(bot, sari, "⚙️ Atur langganan")
        assert sari.labels()[:4] == [f"🔕 {name}" for name in NAMES]

        await tapped(bot, sari, "🔕 Pelatihan")

        assert await muted(bot, sari) == set(TOPICS) - {"pelatihan"}

    async def test_of_all_off_one_by_one_comes_back(self, bot: RunningBot) -> None:
        """Ikuti lagi is there for who took each away, too."""
        (sari,) = await met(bot, 1)
        await bot.says(sari, "/langganan")
        for name in NAMES:
            await tapped(bot, sari, f"✅ {name}")
        await tapped(bot, sari, "🔔 Ikuti lagi")

        assert await muted(bot, sari) == set()

    async def test_shows_officers_the_numbers(self, bot: RunningBot) -> None:
        """How many hear of less, by topic; who stopped everything is counted there only. Nobody else sees it."""
        rini = bot.person(201, "Rini")
        await appoint(bot, rini, Role.READER)
        sari, budi, tono = await met(bot, 3)
        await bot.says(sari, "/langganan")
        assert "petugas" not in sari.texts()[-1]
        for somebody in (sari, budi):
            await bot.says(somebody, "/langganan")
            await tapped(bot, somebody, "✅ Pelatihan")
        await bot.says(sari, "stop")
        await bot.says(tono, "stop")

        shown = await bot.says(rini, "/langganan")

        assert "Berhenti dari semuanya: 2" in shown
        assert "Pelatihan: 1" in shown
        assert "Pasar dan pameran: 0" in shown


@pytest.fixture
async def slow(database_url: str, library: Library) -> AsyncIterator[RunningBot]:
    """Sends so slowly that a broadcast can be met on its way."""
    async with running_bot(database_url, LAMONGAN, library=library, SEND_RATE=8) as running:
        yield running


class TestOnItsWay:
    async def test_who_stops_is_passed_over(self, slow: RunningBot) -> None:
        """A stop holds at once: whom a running broadcast has not reached yet it does not reach."""
        people = await met(slow, 12)
        first, last = people[0], people[-1]
        number = await broadcast(slow)
        await slow.telegram.wait_until(first.texts)
        last.write("STOP")
        await until(lambda: _has_muted(slow, last))
        await ended(slow, number)

        assert await by_state(slow, number) == {RecipientState.SENT: 11, RecipientState.SKIPPED: 1}
        (skipped,) = [row for row in await recipients(slow, number) if row.state is RecipientState.SKIPPED]
        assert skipped.reason == "stopped"
        assert not any("Ada pameran" in text for text in last.texts())


async def _has_muted(bot: RunningBot, somebody: Somebody) -> bool:
    return bool(await muted(bot, somebody))
