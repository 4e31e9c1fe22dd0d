"""Whatever Telegram might send, nothing of it stops the bot: what cannot be handled is parked, the rest answered."""

import copy
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import col, select

from db.models import ReceivedUpdate, UpdateState
from tests.faults.test_turns import soon
from tests.faults.waiting import until
from tests.support.running import RunningBot

pytestmark = pytest.mark.usefixtures("soon")
__all__ = ["soon"]

Json = Any
WRONG = [None, True, -1, 2**70, 1.5, "x", "", [], {}, [1], {"id": "x"}]


def message(person: int, **content: Json) -> Json:
    user = {"id": person, "is_bot": False, "first_name": "Sari", "language_code": "id"}
    chat = {"id": person, "type": "private", "first_name": "Sari"}
    return {"message_id": 5, "from": user, "chat": chat, "date": 1_700_000_000, **content}


def valid_updates(person: int) -> Iterator[Json]:
    """An update of each kind that we ask for."""
    entities = [{"type": "bot_command", "offset": 0, "length": 6}]
    plain = message(person, text="/batal", entities=entities, reply_to_message=message(person, text="apa"))
    yield {"message": plain}
    yield {"edited_message": message(person, text="cara bikin nib", edit_date=1_700_000_001)}
    tap = {"id": "7", "from": plain["from"], "message": plain, "chat_instance": "1", "data": "topics:0"}
    yield {"callback_query": tap}
    bot = {"id": 1000, "is_bot": True, "first_name": "Demo", "username": "demo_bot"}
    change = {"chat": plain["chat"], "from": plain["from"], "date": 1_700_000_000}
    kicked = {"user": bot, "status": "kicked", "until_date": 0}
    yield {
        "my_chat_member": {**change, "old_chat_member": {"user": bot, "status": "member"}, "new_chat_member": kicked}
    }
    group = {"id": -person - 1, "type": "group", "title": "Warga"}
    named = [{"type": "mention", "offset": 0, "length": 9}]
    card = {**message(person, text="Kartu"), "from": bot, "chat": group}
    yield {"message": message(person, text="@demo_bot nib", entities=named, chat=group, reply_to_message=card)}
    yield {"message": message(person, chat=group, migrate_to_chat_id=-(10**12) - person)}
    yield {"message": message(person, chat=group, new_chat_title="Warga Paciran")}
    joined = {"old_chat_member": kicked, "new_chat_member": {"user": bot, "status": "member"}}
    yield {"my_chat_member": {**change, **joined, "chat": group}}
    yield {"inline_query": {"id": "8", "from": plain["from"], "query": "nib", "offset": "", "chat_type": "sender"}}


def paths(value: Json, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything inside *value*."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in inside:
        yield (*at, name)
        yield from paths(item, (*at, name))


def changed(update: Json, path: tuple[Any, ...], value: Json) -> Json:
    """*update* with something else at *path*."""
    update = copy.deepcopy(update)
    holder = update
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = value
    return update


def without(update: Json, path: tuple[Any, ...]) -> Json:
    update = copy.deepcopy(update)
    holder = update
    for name in path[:-1]:
        holder = holder[name]
    del holder[path[-1]]
    return update


def broken_updates() -> Iterator[Json]:
    """Valid updates in which one thing is missing or of the wrong type, each in a chat of its own."""
    people = itertools.count(10_000)
    kinds = [list(paths(update)) for update in valid_updates(0)]
    wrong = itertools.cycle(WRONG)
    for kind, ways in enumerate(kinds):
        for path in ways:
            yield without(list(valid_updates(next(people)))[kind], path)
            yield changed(list(valid_updates(next(people)))[kind], path, next(wrong))


def deep(levels: int) -> Json:
    value: Json = []
    for _ in range(levels):
        value = [value]
    return value


NONSENSE = [
    {"update_id": None},
    {"update_id": "12"},
    {"update_id": True},
    {"update_id": 1.5},
    {},
    {"message": None},
    {"message": []},
    {"message": {}},
    {"future_kind": {"id": 1}},
    {"message": {"chat": {"id": 2**70}}},
    [],
    [{"update_id": 1}],
    "text",
    7,
    None,
    {"message": message(77, text="a" * 1_000_000)},
    {"message": message(78, text="nol \0 dan \ud800 separuh")},
    {"message": message(79, text="x", dice={"value": float("nan")})},
    {"message": message(80, text="x", poll=deep(400))},
    {"\0": {"chat": {"id": 81}}},
]


async def is_well(bot: RunningBot, said: list[Any]) -> None:
    """That everything was dealt with, and no loop stumbled."""
    states = set(await bot.rows(select(ReceivedUpdate.state)))
    assert states <= {UpdateState.FINISHED, UpdateState.PARKED}
    assert [line for line in said if line["event"] == "loop in trouble"] == []

    async def runs() -> bool:
        return await bot.app.checks()["loops"]() is None

    # Behind a thousand updates a look may have waited long for its turn to write; one that ended never comes round.
    await until(runs)


class TestNonsense:
    async def test_is_parked_beside_good_ones(self, bot: RunningBot, said: list[Any]) -> None:
        """What is no update is parked with the reason, and what came with it is answered."""
        sari, budi = bot.person(1), bot.person(2, "Budi")
        sari.write("/batal")
        for nonsense in NONSENSE:
            bot.telegram.push(nonsense)
        budi.write("/batal")
        await bot.telegram.wait_until(lambda: sari.texts() and budi.texts(), timeout=10)
        await bot.settled()

        await is_well(bot, said)
        parked = await bot.rows(select(ReceivedUpdate.error).where(ReceivedUpdate.state == UpdateState.PARKED))
        assert {"no update_id", "nothing in it"} <= set(parked)

    async def test_what_cannot_be_acknowledged_is_stored_once(self, bot: RunningBot, said: list[Any]) -> None:
        """An update without a number comes again and again; it is kept once, and whoever writes then is answered."""
        bot.telegram.push({"update_id": None, "message": message(5, text="apa")})
        await bot.telegram.wait_until(lambda: [line for line in said if line["log_level"] == "error"], timeout=10)

        await bot.says(bot.person(), "/batal")

        assert len(await bot.rows(select(ReceivedUpdate).where(col(ReceivedUpdate.update_id).is_(None)))) <= 2
        await is_well(bot, said)


class TestWrongTypes:
    async def test_at_every_level(self, bot: RunningBot, said: list[Any]) -> None:
        """Anything missing or of the wrong type, anywhere, is answered or parked; good ones in between are answered."""
        people = itertools.count(1)
        good = []
        for number, update in enumerate(broken_updates()):
            if number % 50 == 0:
                good.append(bot.person(next(people)))
                good[-1].write("/batal")
            bot.telegram.push(update)
        await bot.telegram.wait_until(lambda: not bot.telegram.pending_updates(), timeout=30)
        await bot.settled(60)

        assert all(len(person.texts()) == 1 for person in good)
        await is_well(bot, said)
