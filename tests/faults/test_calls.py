"""What an error of a call means for what we owe, and for whom it waits."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot import deliverer, telegram_request
from bot.deliverer import Deliverer
from bot.pace import Pace
from db.models import Delivery, DeliveryState, Lane, Person
from db.outbox import TAP_IS_STALE_AFTER, Settlement
from db.session import Session
from simulator import Call
from simulator import Person as Writer
from tests.faults.owing import a_call, a_text, end_rests, owe, resting_row, row, settled_row
from tests.support.running import RunningBot

NOW = datetime.now(UTC)
LONG = 3600
"""Seconds, of which no test sees the end: what waits for that is seen to wait."""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call without an answer is given up soon, since what matters is that it is."""
    monkeypatch.setattr(telegram_request, "READ_TIMEOUT", 0.2)


def calls(bot: RunningBot, method: str, chat_id: int | None = None) -> list[Call]:
    made = [call for call in bot.telegram.calls if call.method == method]
    return [call for call in made if chat_id in (None, call.parameters.get("chat_id"))]


class TestSurelyNotSent:
    async def test_a_flood_limit_holds_its_chat_only(self, sqlite_bot: RunningBot) -> None:
        """A 429 delays the chat it was said of, for as long as was said, and nobody else."""
        bot, sari, budi = sqlite_bot, sqlite_bot.person(1), sqlite_bot.person(2, "Budi")
        bot.telegram.fail("sendMessage", kind="429", retry_after=LONG, chat_id=1)
        first, second, _ = await owe(bot, a_text(sari, "satu"), a_text(sari, "dua"), a_text(budi, "lain"))

        resting = await resting_row(bot, first)
        await bot.telegram.wait_until(lambda: budi.texts() == ["lain"])

        assert resting.not_before
        assert resting.not_before > datetime.now(UTC) + timedelta(seconds=LONG - 60)
        assert (await row(bot, second)).attempts == 0
        await end_rests(bot)
        await bot.settled()
        assert sari.texts() == ["satu", "dua"]

    async def test_trouble_of_telegrams_own_is_tried_again_in_order(self, sqlite_bot: RunningBot) -> None:
        """A 5xx with Telegram's JSON is tried again after a rest that grows, the chat's next message after it."""
        bot, sari, budi = sqlite_bot, sqlite_bot.person(1), sqlite_bot.person(2, "Budi")
        bot.telegram.fail("sendMessage", kind="500", times=2, chat_id=1)
        first, _, _ = await owe(bot, a_text(sari, "satu", attempts=5), a_text(sari, "dua"), a_text(budi, "lain"))

        once = await resting_row(bot, first)
        await bot.telegram.wait_until(lambda: budi.texts() == ["lain"])
        await end_rests(bot)
        twice = await resting_row(bot, first)
        assert sari.texts() == []
        await end_rests(bot)
        await bot.settled()

        assert sari.texts() == ["satu", "dua"]
        assert once.not_before
        assert twice.not_before
        assert twice.not_before > once.not_before
        assert (await row(bot, first)).unknowns == 0

    async def test_two_chats_flood_limits_rest_their_lane(self, sqlite_bot: RunningBot) -> None:
        """A second chat's 429 within a second delays all of its lane, and never the other lane."""
        bot = sqlite_bot
        people = [bot.person(number) for number in (1, 2, 3, 4)]
        bot.telegram.fail("sendMessage", kind="429", times=2, retry_after=LONG)
        bulk = await owe(bot, *(a_text(person, "siaran", lane=Lane.BULK) for person in people[:2]))
        for row_id in bulk:
            await resting_row(bot, row_id)

        third, reply = await owe(bot, a_text(people[2], "siaran", lane=Lane.BULK), a_text(people[3], "jawaban"))

        assert (await settled_row(bot, reply)).state is DeliveryState.SENT
        assert (await row(bot, third)).attempts == 0


@pytest.mark.usefixtures("impatient")
class TestUnknownFate:
    @pytest.mark.parametrize("kind", ["timeout", "timeout_after", "reset_before", "reset_after", "502"])
    async def test_a_reply_goes_once_more_and_not_a_third_time(self, sqlite_bot: RunningBot, kind: str) -> None:
        """A reply of which nobody knows whether it arrived goes once more; then it is left, and the chat goes on."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)
        bot.telegram.fail("sendMessage", kind=kind, times=2)
        first, second = await owe(bot, a_text(sari, "satu"), a_text(sari, "dua"))

        await resting_row(bot, first)
        await end_rests(bot)
        left = await settled_row(bot, first)
        await settled_row(bot, second)

        assert left.state is DeliveryState.UNCERTAIN
        assert [call.parameters["text"] for call in calls(bot, "sendMessage")] == ["satu", "satu", "dua"]

    async def test_bulk_becomes_uncertain(self, sqlite_bot: RunningBot) -> None:
        """A broadcast's row of which nobody knows is never sent again by itself."""
        bot, kinds = sqlite_bot, ["timeout_after", "reset_before", "502"]
        people = [bot.person(number) for number, _ in enumerate(kinds, start=1)]
        for person, kind in zip(people, kinds, strict=True):
            bot.telegram.fail("sendMessage", kind=kind, chat_id=person.id)
        owed = await owe(bot, *(a_text(person, "siaran", lane=Lane.BULK) for person in people))

        assert {(await settled_row(bot, row_id)).state for row_id in owed} == {DeliveryState.UNCERTAIN}
        assert len(calls(bot, "sendMessage")) == len(kinds)

    @pytest.mark.parametrize(
        ("method", "details"),
        [("editMessageText", {"text": "baru"}), ("setMessageReaction", {"reaction": "👍"}), ("deleteMessage", {})],
    )
    async def test_what_harms_nobody_twice_goes_again(
        self, sqlite_bot: RunningBot, method: str, details: dict[str, str]
    ) -> None:
        """Edits, deletions and reactions go again until it is known what became of them."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)
        await bot.says(sari, "/bantuan")
        ours = sari.messages()[-1]["message_id"]
        bot.telegram.fail(method, kind="reset_before", times=3)
        columns = {"edits": f"1:{ours}"} if "text" in details else None
        snake = re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", method)
        (owed,) = await owe(bot, a_call(sari, snake, columns, message_id=ours, **details))

        for _ in range(3):
            await resting_row(bot, owed)
            await end_rests(bot)

        assert (await settled_row(bot, owed)).state is DeliveryState.SENT


class TestFaultOfTheMessage:
    async def test_is_settled_with_its_reason(self, sqlite_bot: RunningBot) -> None:
        """A message that Telegram refuses is not tried again, and the chat goes on."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)
        bot.telegram.fail("sendMessage", kind="400", description="Bad Request: message is too long")
        refused, next_one = await owe(bot, a_text(sari, "satu"), a_text(sari, "dua"))

        await settled_row(bot, next_one)
        failed = await row(bot, refused)

        assert (failed.state, failed.attempts) == (DeliveryState.FAILED, 1)
        assert failed.reason
        assert "essage is too long" in failed.reason

    async def test_broken_formatting_goes_once_more_as_plain_text(self, sqlite_bot: RunningBot) -> None:
        """What Telegram cannot parse arrives without its tags, as the words that were meant."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)
        (broken,) = await owe(bot, a_call(sari, text="<b>Gula &amp; <i>kopi</b>", parse_mode="HTML"))

        assert (await settled_row(bot, broken)).state is DeliveryState.SENT
        assert sari.texts() == ["Gula & kopi"]

    async def test_a_dead_button_goes_without(self, sqlite_bot: RunningBot) -> None:
        """A message whose buttons Telegram refuses arrives without them."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)
        bot.telegram.fail("sendMessage", kind="400", description="Bad Request: BUTTON_DATA_INVALID")
        keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "ya"}]]}
        (owed,) = await owe(bot, a_call(sari, text="Mau?", reply_markup=keyboard))

        assert (await settled_row(bot, owed)).state is DeliveryState.SENT
        assert sari.texts() == ["Mau?"]
        assert sari.labels() == []

    async def test_a_fault_of_form_is_mended_once(self, sqlite_bot: RunningBot) -> None:
        """What is refused even as plain text is settled with its reason."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)
        bot.telegram.fail("sendMessage", kind="400", times=2, description="Bad Request: can't parse entities")
        (owed,) = await owe(bot, a_text(sari, "satu"))

        assert (await settled_row(bot, owed)).state is DeliveryState.FAILED
        assert len(calls(bot, "sendMessage")) == 2

    async def test_an_edit_that_changes_nothing_is_done(self, sqlite_bot: RunningBot) -> None:
        """ "Message is not modified" is success."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)
        await owe(bot, a_text(sari, "sama"))
        await bot.settled()
        ours = sari.messages()[-1]["message_id"]

        (edit,) = await owe(bot, a_call(sari, "edit_message_text", message_id=ours, text="sama"))

        assert (await settled_row(bot, edit)).state is DeliveryState.SENT

    async def test_a_lost_target_becomes_a_new_message(self, sqlite_bot: RunningBot) -> None:
        """An edit of a message that is gone says what it had to say in a new one."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)

        columns = {"edits": "1:999999"}
        (edit,) = await owe(bot, a_call(sari, "edit_message_text", columns, message_id=999999, text="kabar"))

        assert (await settled_row(bot, edit)).state is DeliveryState.SENT
        assert sari.texts() == ["kabar"]

    async def test_deleting_what_is_gone_is_done(self, sqlite_bot: RunningBot) -> None:
        """A message that is not there any more counts as deleted."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)

        (deletion,) = await owe(bot, a_call(sari, "delete_message", message_id=999999))

        assert (await settled_row(bot, deletion)).state is DeliveryState.SENT

    async def test_arguments_nobody_takes_are_given_up(self, sqlite_bot: RunningBot) -> None:
        """A row that python-telegram-bot itself refuses holds up nobody."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)

        impossible, next_one = await owe(bot, a_call(sari, words="satu"), a_text(sari, "dua"))

        assert (await settled_row(bot, next_one)).state is DeliveryState.SENT
        assert (await row(bot, impossible)).state is DeliveryState.FAILED


class TestUnreachable:
    async def test_who_blocked_the_bot_is_spared_until_they_write(self, bot: RunningBot) -> None:
        """A 403 marks the person, skips all that waits for them, and their next message brings them back."""
        sari = bot.person(1)
        await bot.says(sari, "/start")
        (person,) = await bot.rows(select(Person))
        bot.telegram.fail("sendMessage", kind="403")
        refused, waiting, bulk = await owe(
            bot,
            a_text(sari, "satu", person_id=person.id),
            a_text(sari, "dua", person_id=person.id),
            a_text(sari, "siaran", person_id=person.id, lane=Lane.BULK),
        )
        await bot.settled()

        states = [(await row(bot, row_id)).state for row_id in (refused, waiting, bulk)]
        assert states == [DeliveryState.FAILED, DeliveryState.SKIPPED, DeliveryState.SKIPPED]
        (person,) = await bot.rows(select(Person))
        assert not person.is_reachable

        await bot.says(sari, "/bantuan")
        (person,) = await bot.rows(select(Person))
        assert person.is_reachable


async def answer_to_tap(bot: RunningBot, person: Writer, text: str | None = None, **columns: Any) -> int:
    """Owe the answer to a tap, by someone we know, that Telegram does not know; the row's id."""
    if not person.texts():
        await bot.says(person, "/start")
    (known,) = await bot.rows(select(Person.id))
    columns |= {"lane": Lane.TAP, "person_id": known}
    answer = a_call(person, "answer_callback_query", columns, callback_query_id="1", **({"text": text} if text else {}))
    del answer.arguments["chat_id"]
    (owed,) = await owe(bot, answer)
    return owed


class TestTaps:
    async def test_an_old_tap_is_dropped(self, sqlite_bot: RunningBot) -> None:
        """A tap is not answered after ten seconds; what the answer had to say comes as a message."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)
        long_ago = datetime.now(UTC) - TAP_IS_STALE_AFTER - timedelta(seconds=1)
        told = await answer_to_tap(bot, sari, text="Terima kasih", created_at=long_ago)
        silent = await answer_to_tap(bot, sari, created_at=long_ago)
        await bot.settled()

        assert {(await row(bot, row_id)).state for row_id in (told, silent)} == {DeliveryState.SKIPPED}
        assert calls(bot, "answerCallbackQuery") == []
        assert sari.texts()[1:] == ["Terima kasih"]

    async def test_a_tap_that_telegram_forgot(self, sqlite_bot: RunningBot) -> None:
        """When Telegram calls a tap too old, what the answer had to say comes as a message."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)
        told = await answer_to_tap(bot, sari, text="Terima kasih")
        await bot.settled()

        assert (await row(bot, told)).state is DeliveryState.SKIPPED
        assert sari.texts()[1:] == ["Terima kasih"]

    async def test_a_tap_waits_for_nobody(self, sqlite_bot: RunningBot) -> None:
        """A tap is answered while its chat rests, and costs nothing of the budget."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)
        await bot.says(sari, "/bantuan")
        bot.telegram.fail("sendMessage", kind="429", retry_after=LONG, chat_id=1)
        (resting,) = await owe(bot, a_text(sari, "satu"))
        await resting_row(bot, resting)

        sari.tap(sari.labels()[-1])
        await bot.telegram.wait_until(lambda: calls(bot, "answerCallbackQuery"))

        assert (await row(bot, resting)).state is DeliveryState.WAITING


class TestEdits:
    async def test_of_several_the_newest_goes(self, bot: RunningBot) -> None:
        """Edits of one message that still wait coalesce: the newest alone is sent."""
        sari = bot.person(1)
        await owe(bot, a_text(sari, "mula"))
        await bot.settled()
        ours = sari.messages()[-1]["message_id"]
        edits = [
            a_call(sari, "edit_message_text", {"edits": f"1:{ours}"}, message_id=ours, text=text)
            for text in ("pertama", "kedua", "ketiga")
        ]

        await owe(bot, *edits)
        await bot.settled()

        assert sari.texts() == ["ketiga"]
        assert len(calls(bot, "editMessageText")) == 1


@pytest.fixture
def brief_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the trouble is ours we look again soon, since what matters is that we do."""
    monkeypatch.setattr(deliverer, "OURS_REST", timedelta(seconds=0.05))


@pytest.mark.usefixtures("brief_rest")
class TestOurTrouble:
    @pytest.mark.parametrize("kind", ["401", "404", "409"])
    async def test_settles_nothing(self, sqlite_bot: RunningBot, said: list[Any], kind: str) -> None:
        """While Telegram refuses us nothing is settled and no attempt counted; it is said once, and then it goes on."""
        bot, sari = sqlite_bot, sqlite_bot.person(1)
        bot.telegram.fail("sendMessage", kind=kind, times=3)

        owed = await owe(bot, a_text(sari, "satu"), a_text(sari, "dua"))
        await bot.settled()

        rows = [await row(bot, row_id) for row_id in owed]
        assert [(one.state, one.attempts) for one in rows] == [(DeliveryState.SENT, 1)] * 2
        assert sari.texts() == ["satu", "dua"]
        assert len([line for line in said if line["event"] == "cannot send; what we owe waits"]) == 1
        assert len([line for line in said if line["event"] == "sending again"]) == 1

    async def test_without_network_everything_waits(self, bot: RunningBot, said: list[Any]) -> None:
        """While Telegram cannot be reached nothing is lost or settled; each loop says so once, and then it goes on."""
        people = [bot.person(number) for number in range(1, 6)]
        bot.telegram.outage = True
        owed = await owe(bot, *(a_text(person, text) for person in people for text in ("satu", "dua")))
        for row_id in owed[::2]:
            await resting_row(bot, row_id)

        bot.telegram.outage = False
        await bot.settled()

        assert [person.texts() for person in people] == [["satu", "dua"]] * 5
        sent = await bot.rows(select(Delivery.attempts))
        assert sent == [1] * 10
        assert len([line for line in said if line["event"] == "cannot send; what we owe waits"]) == 1


class TestVerbs:
    async def test_a_failing_verb_undoes_nothing_but_itself(self, sqlite_bot: RunningBot) -> None:
        """A domain verb that fails on Telegram's answer neither resends its row nor holds up others."""
        bot, heard = sqlite_bot, []

        async def hear(session: Session, arguments: dict[str, Any], answer: Settlement, _: datetime) -> None:
            session.add(Person(telegram_id=arguments["person"], name="", met_at=NOW, last_wrote_at=NOW))
            await session.flush()
            heard.append(answer.message_ids)
            if arguments["person"] == 1:
                raise ValueError("out of sugar")

        await bot.app.stop()
        alone = Deliverer(bot.app.application.bot, bot.database, Pace(1000), "alone", verbs={"hear": hear})
        people = [bot.person(number) for number in (1, 2)]
        rows = [a_text(who, "satu", verb="hear", verb_arguments={"person": who.id}) for who in people]
        owed = await owe(bot, *rows)
        while len(bot.telegram.calls) < 3:  # getMe, and theirs
            await alone.deliver_next()
            await asyncio.sleep(0.01)
        await alone.drain(5)

        assert [(await row(bot, row_id)).state for row_id in owed] == [DeliveryState.SENT] * 2
        assert len(heard) == 2
        assert await bot.rows(select(Person.telegram_id)) == [2]
