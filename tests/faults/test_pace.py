"""Never faster than Telegram allows, and never an answer behind a broadcast."""

import random
from collections.abc import Iterator

import pytest

from bot.pace import FREE_LIMIT, REPLY_RESERVE, Pace
from db.models import DeliveryState, Lane
from domain.knowledge.shelf import Library
from tests.conftest import LAMONGAN
from tests.faults.owing import a_text, owe
from tests.support.running import running_bot

TICK = 0.001


class Clock:
    """Goes on when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def ticks(self, seconds: float) -> Iterator[float]:
        for _ in range(round(seconds / TICK)):
            self.now += TICK
            yield self.now


def most_in_a_second(times: list[float]) -> int:
    """The most messages in any second that begins with one."""
    return max(sum(start <= time < start + 1 for time in times[at : at + 60]) for at, start in enumerate(times))


@pytest.fixture
def clock() -> Clock:
    return Clock()


class TestAllTogether:
    @pytest.mark.parametrize("rate", [1, 20, 28, 30])
    @pytest.mark.parametrize("seed", range(5))
    def test_never_more_than_telegram_allows(self, clock: Clock, rate: float, seed: int) -> None:
        """However replies and bulk alternate, no second holds more than two above the rate."""
        pace, chance = Pace(rate, clock), random.Random(seed)  # noqa: S311 -- no secret
        times = []
        for now in clock.ticks(8):
            lane = chance.choice([Lane.REPLY, Lane.BULK])
            for _ in range(min(pace.room(lane), chance.randrange(20) if chance.random() < 0.2 else 1)):
                pace.spend(lane, chance.randrange(1, 1_000_000))
                times.append(now)

        assert most_in_a_second(times) <= rate + 2

    @pytest.mark.parametrize("rate", [1, 28, 30, 500])
    def test_bulk_uses_the_rate_and_no_more(self, clock: Clock, rate: float) -> None:
        """A broadcast alone is sent at the rate, also by a loop that comes round late."""
        pace = Pace(rate, clock)
        sent = 0
        for number, _ in enumerate(clock.ticks(11)):
            if number % 7 == 0:
                for _ in range(pace.room(Lane.BULK)):
                    pace.spend(Lane.BULK, 1 + sent)
                    sent += 1

        assert rate * 9.5 <= sent <= rate * 10.2 + 1

    def test_replies_are_not_paid_for(self, clock: Clock) -> None:
        """Above the free limit only bulk is paid for: replies keep to what Telegram carries for nothing."""
        pace, times = Pace(1000, clock), []
        for now in clock.ticks(5):
            for _ in range(pace.room(Lane.REPLY)):
                pace.spend(Lane.REPLY, len(times) + 1)
                times.append(now)

        assert most_in_a_second(times) <= FREE_LIMIT + REPLY_RESERVE

    def test_a_start_begins_without_budget(self, clock: Clock) -> None:
        """What an earlier process sent in its last second is not known, so it counts as spent."""
        pace = Pace(28, clock)

        assert pace.room(Lane.REPLY) <= 1
        assert pace.room(Lane.BULK) == 0

    def test_taps_are_free(self, clock: Clock) -> None:
        """An answer to a tap is never held back, and costs the others nothing."""
        pace = Pace(1, clock)
        before = pace.room(Lane.REPLY)
        for _ in range(100):
            assert pace.room(Lane.TAP) > 0
            pace.spend(Lane.TAP, 1)

        assert pace.room(Lane.REPLY) == before

    def test_waits_until_there_is_room(self, clock: Clock) -> None:
        """Who waits as long as told finds room, and not sooner."""
        pace = Pace(28, clock)
        for _ in clock.ticks(3):
            for lane in (Lane.REPLY, Lane.BULK):
                if pace.room(lane):
                    assert pace.wait(lane) == 0
                    pace.spend(lane, 1)
                else:
                    assert pace.wait(lane) > 0
        for lane in (Lane.REPLY, Lane.BULK):
            while not pace.room(lane):
                clock.now += pace.wait(lane) + 1e-9
            assert pace.room(lane) == 1


class TestReplies:
    def test_find_room_while_bulk_is_under_way(self, clock: Clock) -> None:
        """At the default rate two answers go at once at any moment, and bulk pays the slots back."""
        pace, sent = Pace(28, clock), 0
        for number, _ in enumerate(clock.ticks(12)):
            for _ in range(pace.room(Lane.BULK)):
                pace.spend(Lane.BULK, 1 + number)
                sent += number >= 2000
            if number >= 2000 and number % 500 == 0:
                assert pace.room(Lane.REPLY) >= 2
                pace.spend(Lane.REPLY, 1)
                sent += 1

        assert 28 * 10 - 1 <= sent <= 28 * 10 + 3

    async def test_never_wait_for_bulk(self, sqlite_alone: str, library: Library) -> None:
        """With three hundred messages of a broadcast owed, answers to five people leave before what remains of it."""
        async with running_bot(sqlite_alone, LAMONGAN, library=library, SEND_RATE=28) as bot:
            await owe(bot, *(a_text(bot.person(number), "siaran", lane=Lane.BULK) for number in range(1000, 1300)))
            await bot.telegram.wait_until(lambda: any(call.method == "sendMessage" for call in bot.telegram.calls))
            people = [bot.person(number) for number in range(1, 6)]
            for person in people:
                person.write("/batal")
            await bot.telegram.wait_until(lambda: all(person.texts() for person in people), timeout=10)

            assert (await bot.outbox_counts())[DeliveryState.WAITING] > 200


class TestChat:
    def test_a_private_chat_takes_a_burst_then_one_a_second(self, clock: Clock) -> None:
        """Five messages at once, then one a second."""
        pace = Pace(1000, clock)
        times = [now for now in clock.ticks(10) if takes(pace, 7)]

        assert sum(time < times[0] + 1 for time in times) == 5
        assert len(times) == 5 + 9

    def test_a_group_takes_twenty_a_minute(self, clock: Clock) -> None:
        """Never more than twenty messages in any minute."""
        pace = Pace(1000, clock)
        times = [now for now in clock.ticks(70) if takes(pace, -7)]

        assert sum(time < times[0] + 60 for time in times) == 20

    def test_quiet_chats_are_forgotten(self, clock: Clock) -> None:
        """What is remembered of a chat goes once it has been quiet, and not before."""
        pace = Pace(1000, clock)
        while takes(pace, 7):
            pass
        pace.tidy()
        assert pace.chat_wait(7) > 0

        clock.now += 10
        pace.tidy()
        assert pace.chat_wait(7) == 0


def takes(pace: Pace, chat_id: int) -> bool:
    if pace.chat_wait(chat_id) > 0:
        return False
    pace.spend(Lane.REPLY, chat_id)
    return True
