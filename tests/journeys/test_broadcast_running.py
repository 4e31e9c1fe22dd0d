"""A broadcast under way, as its officers see and steer it: kept current, paused, resumed, stopped, reported."""

import asyncio

import pytest

from db.models import BroadcastState, RecipientState
from simulator import Person as Somebody
from tests.support.broadcasting import (
    broadcast,
    by_state,
    ended,
    is_settled,
    met,
    now,
    opens,
    over,
    told,
    under_way,
    until,
)
from tests.support.offices import Offices
from tests.support.training_office import does

PAUSE, RESUME, STOP, SURELY = "⏸ Jeda", "▶️ Lanjutkan", "⏹ Hentikan", "⏹ Ya, hentikan"
FAILED, UNCERTAIN, SENT = RecipientState.FAILED, RecipientState.UNCERTAIN, RecipientState.SENT
BLOCKED, SKIPPED = RecipientState.BLOCKED, RecipientState.SKIPPED


async def awaits_only(offices: Offices, number: int, chats: int) -> bool:
    waiting = (await by_state(offices.bot, number)).get(RecipientState.WAITING, 0)
    refused = len([call for call in offices.telegram.calls if call.status == 429])
    return refused == chats and waiting > 0 and (chats > 1 or waiting == 1)


def texts(somebody: Somebody) -> str:
    return "\n".join(somebody.texts())


class TestPause:
    async def test_keeps_it_from_everybody_else(self, slow: Offices) -> None:
        """Whoever had no turn gets nothing while it stands still, and once when it goes on."""
        people = await met(slow.bot, 40)
        number = await under_way(slow, people)

        paused = await opens(slow, slow.rini, number, PAUSE)
        await until(lambda: is_settled(slow, number))
        have = len(told(people))
        await asyncio.sleep(0.3)
        assert 3 <= have < 40
        assert len(told(people)) == have
        assert "dijeda" in paused

        await does(slow, slow.rini, RESUME)
        await over(slow, number)

        assert [len(somebody.texts()) for somebody in people] == [1] * 40
        assert "🏁" in texts(slow.rini)
        assert "Laporan siaran" in slow.rini.texts()[-1]


class TestStop:
    async def test_asks_once_more_with_both_numbers(self, slow: Offices) -> None:
        """How many have it and how many will not is said before; afterwards nobody else gets it, as the report says."""
        people = await met(slow.bot, 40)
        number = await under_way(slow, people)
        await opens(slow, slow.rini, number, PAUSE)
        await until(lambda: is_settled(slow, number))
        have = (await by_state(slow.bot, number))[SENT]

        asked = await does(slow, slow.rini, STOP)
        before = (await now(slow.bot, number)).state
        await does(slow, slow.rini, SURELY)
        state = await over(slow, number)

        assert f"✅ {have} orang sudah menerima" in asked
        assert f"🚫 {44 - have} orang tidak akan menerima" in asked
        assert (before, state) == (BroadcastState.PAUSED, BroadcastState.CANCELLED)
        assert await by_state(slow.bot, number) == {SENT: have, SKIPPED: 44 - have}
        assert "Dihentikan di tengah jalan" in slow.rini.texts()[-1]
        assert f"siaran dihentikan sebelum giliran mereka: {44 - have}" in slow.rini.texts()[-1]
        assert "🔁 Ulangi yang gagal" not in slow.rini.labels()

    async def test_by_somebody_else_is_told(self, slow: Offices) -> None:
        """The author hears who paused and who stopped it, once each, whoever taps twice sees how it stands; the message
        in which it was followed ends with what became of it, and its bar counts who was told alone.
        """
        people = await met(slow.bot, 40)
        number = await under_way(slow, people)
        await opens(slow, slow.tono, number)
        message = slow.tono.messages()[-1]["message_id"]
        for verb in ("pause", "pause", "stopped", "stopped"):
            slow.tono.tap_data(message, f"broadcast_{verb}:{number}")
            await slow.settled()
        await over(slow, number)
        have = (await by_state(slow.bot, number))[SENT]

        heard = texts(slow.rini)
        assert heard.count("menjeda siaran “Ada pameran UMKM, Bapak/Ibu”") == 1
        assert heard.count("menghentikan siaran “Ada pameran UMKM, Bapak/Ibu”") == 1
        assert f"{have * 100 // 44}%" in next(text for text in slow.rini.texts() if "dihentikan\n" in text)
        assert not [alert for alert in slow.tono.alerts() if alert.get("text")]

    async def test_may_be_left(self, slow: Offices) -> None:
        """Whoever thinks better of it sees it going on."""
        people = await met(slow.bot, 30)
        number = await under_way(slow, people)
        shown = await opens(slow, slow.rini, number, STOP, "Tidak jadi")
        await over(slow, number)

        assert "mendapat giliran" in shown
        assert len(told(people)) == 30

    async def test_twice_says_how_it_stands(self, offices: Offices) -> None:
        """Buttons of before are each answered with where it stands by now."""
        await met(offices.bot, 3)
        number = await broadcast(offices.bot, author=offices.rini)
        await over(offices, number)
        rini = offices.rini
        for data, said in {
            "broadcast_pause": "sekarang selesai, jadi tidak bisa dijeda",
            "broadcast_resume": "sekarang selesai, jadi tidak bisa dilanjutkan",
            "broadcast_stop": "tidak berjalan",
            "broadcast_stopped": "sekarang selesai, jadi tidak bisa dihentikan",
            "broadcast_retry": "Tidak ada penerima",
            "broadcast_uncertain_ok": "Tidak ada penerima",
            "broadcast_unreached": "semuanya sudah terjangkau",
        }.items():
            rini.tap_data(rini.messages()[-1]["message_id"], f"{data}:{number}")
            await offices.settled()
            assert said in rini.alerts()[-1]["text"], data
        rini.tap_data(rini.messages()[-1]["message_id"], f"broadcast_late_ok:{number}")
        await offices.settled()
        assert "Laporan siaran" in rini.texts()[-1]


class TestProgress:
    async def test_is_kept_current_in_one_message(self, slow: Offices) -> None:
        """One message with a bar, changed as it goes on; in the end it says that it is over and leads to the report."""
        people = await met(slow.bot, 40)
        number = await under_way(slow, people)
        for second in (10, 20):
            slow.clock.show(f"2026-11-24 09:00:{second}")
            await asyncio.sleep(0.6)
        bars = [text for text in slow.rini.texts() if "░" in text]
        await over(slow, number)

        assert len(bars) == 1
        assert [text for text in slow.rini.texts() if "░" in text] == []
        assert "🏁" in texts(slow.rini)
        assert "44 penerima" in slow.rini.texts()[-1]
        assert "📊 Lihat laporan" in slow.rini.labels()

    async def test_is_not_changed_while_nothing_does(self, slow: Offices) -> None:
        """While it stands still no call is made for it, however often it is looked at."""
        people = await met(slow.bot, 40)
        number = await under_way(slow, people)
        await opens(slow, slow.rini, number, PAUSE)
        await until(lambda: is_settled(slow, number))
        await opens(slow, slow.rini, number, RESUME, PAUSE)
        await until(lambda: is_settled(slow, number))
        edits = len([call for call in slow.telegram.calls if call.method == "editMessageText"])
        for second in (10, 20, 30):
            slow.clock.show(f"2026-11-24 09:00:{second}")
            await asyncio.sleep(0.6)

        assert len([call for call in slow.telegram.calls if call.method == "editMessageText"]) == edits

    async def test_of_a_small_one_ends_too(self, offices: Offices) -> None:
        """One that is over before its message stood there leaves no bar behind."""
        await met(offices.bot, 2)
        await over(offices, await broadcast(offices.bot, author=offices.rini))

        assert "░" not in texts(offices.rini)
        assert "🏁" in texts(offices.rini)

    async def test_goes_to_nobody_who_serves_no_more(self, slow: Offices) -> None:
        """An author dismissed meanwhile hears nothing more; who serves the office gets the report."""
        people = await met(slow.bot, 40)
        number = await under_way(slow, people)
        await slow.dismiss(slow.rini)
        heard = len(slow.rini.texts())
        await over(slow, number)

        assert len(told(people)) == 40
        assert not any("🏁" in text or "Laporan" in text for text in slow.rini.texts()[heard:])
        assert "Laporan siaran" in slow.tono.texts()[-1]


class TestFailures:
    async def test_too_many_pause_it(self, slow: Offices) -> None:
        """When a fifth fails something is wrong with it: it stands still, the author hears why, and a resume holds."""
        people = await met(slow.bot, 40)
        for somebody in people[:14]:
            slow.telegram.fail("sendMessage", kind="400", chat_id=somebody.id, description="Bad Request: strange")
        number = await broadcast(slow.bot, author=slow.rini)
        await ended(slow.bot, number, {BroadcastState.PAUSED, BroadcastState.FINISHED})
        await until(lambda: is_settled(slow, number))
        await slow.settled()
        counted = await by_state(slow.bot, number)
        assert (await now(slow.bot, number)).state is BroadcastState.PAUSED
        assert 10 <= counted[FAILED] < 14
        assert "Strange" in slow.rini.texts()[-1]

        await does(slow, slow.rini, RESUME)
        await over(slow, number)

        assert len(told(people)) == 26
        assert "⚠️ Gagal: 14\n      • alasan teknis: Strange: 14" in slow.rini.texts()[-1]

    async def test_a_gateway_in_between_pauses_it_too(self, slow: Offices) -> None:
        """Where no answer is Telegram's nobody is reached for sure, and not a whole district is to be in doubt."""
        people = await met(slow.bot, 40)
        for somebody in people:
            slow.telegram.fail("sendMessage", kind="502", chat_id=somebody.id)
        number = await broadcast(slow.bot, author=slow.rini)
        await ended(slow.bot, number, {BroadcastState.PAUSED, BroadcastState.FINISHED})
        await until(lambda: is_settled(slow, number))

        assert (await now(slow.bot, number)).state is BroadcastState.PAUSED
        assert 10 <= (await by_state(slow.bot, number))[UNCERTAIN] <= 20

    async def test_all_of_a_small_one_end_it(self, offices: Offices) -> None:
        """Where nobody is left to be spared it is over, and the report says what was wrong."""
        people = await met(offices.bot, 12)
        for somebody in people:
            offices.telegram.fail("sendMessage", kind="400", chat_id=somebody.id, description="Bad Request: strange")
        number = await broadcast(offices.bot, author=offices.rini)

        assert await over(offices, number) is BroadcastState.FINISHED
        assert "Strange: 12" in offices.rini.texts()[-1]

    async def test_are_tried_again_alone(self, offices: Offices) -> None:
        """Retry reaches those who failed and nobody else once more."""
        people = await met(offices.bot, 10)
        for somebody in people[:3]:
            offices.telegram.fail("sendMessage", kind="400", chat_id=somebody.id, description="Bad Request: strange")
        number = await broadcast(offices.bot, author=offices.rini)
        await over(offices, number)
        assert len(told(people)) == 7

        await does(offices, offices.rini, "🔁 Ulangi yang gagal")
        await over(offices, number)

        assert [len(somebody.texts()) for somebody in people] == [1] * 10
        assert "🔁 Ulangi yang gagal" not in offices.rini.labels()[-6:]

    async def test_uncertain_ones_only_by_hand(self, offices: Offices) -> None:
        """Who may have it gets it again only after a question that says what may happen."""
        people = await met(offices.bot, 5)
        offices.telegram.fail("sendMessage", kind="reset_after", chat_id=people[0].id)
        offices.telegram.fail("sendMessage", kind="reset_before", chat_id=people[1].id)
        number = await broadcast(offices.bot, author=offices.rini)
        await over(offices, number)
        assert "❔ Tidak pasti sampai: 2\n      • Telegram tidak menjawab: 2" in offices.rini.texts()[-1]

        asked = await does(offices, offices.rini, "❔ Kirim ulang yang tak pasti")
        assert "2 orang" in asked
        assert "dua kali" in asked
        assert [len(somebody.texts()) for somebody in people] == [1, 0, 1, 1, 1]
        await does(offices, offices.rini, "🔁 Ya, kirim ulang")
        await over(offices, number)

        assert [len(somebody.texts()) for somebody in people] == [2, 1, 1, 1, 1]
        assert UNCERTAIN not in await by_state(offices.bot, number)

    async def test_blocked_people_are_unreachable(self, offices: Offices) -> None:
        """They are named as such, stand on the list for a call, and the next broadcast leaves them out."""
        people = await met(offices.bot, 5)
        people[0].blocks_bot()
        people[1].is_there = False
        offices.telegram.fail(
            "sendMessage", kind="403", chat_id=people[1].id, description="Forbidden: user is deactivated"
        )
        await offices.settled()
        number = await broadcast(offices.bot, author=offices.rini)
        await over(offices, number)
        second = await broadcast(offices.bot, author=offices.rini)
        await over(offices, second)

        assert (await by_state(offices.bot, number))[BLOCKED] >= 1
        assert BLOCKED not in await by_state(offices.bot, second)
        assert people[0].texts() == []

    @pytest.mark.parametrize("chats", [1, 2])
    async def test_429_slows_the_lane_only_when_two_chats_are_told(self, offices: Offices, chats: int) -> None:
        """One chat rests alone while the others go on; told so to a second one, all of bulk rests. Nobody is lost."""
        people = await met(offices.bot, 60)
        for somebody in people[:chats]:
            offices.telegram.fail("sendMessage", kind="429", retry_after=1, chat_id=somebody.id)
        number = await broadcast(offices.bot, author=offices.rini)
        await until(lambda: awaits_only(offices, number, chats))
        offices.clock.show("2026-11-24 09:05")
        await over(offices, number)

        assert [len(somebody.texts()) for somebody in people] == [1] * 60
        assert set(await by_state(offices.bot, number)) == {SENT}
