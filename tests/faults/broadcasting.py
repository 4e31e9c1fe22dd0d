"""Broadcasts in the fault tests: put into the database as the chat leaves them there, and looked at from outside."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from db.models import Broadcast, BroadcastState, Person, Recipient, RecipientState
from domain.broadcasts import codes, running
from domain.broadcasts.audience import Audience
from domain.broadcasts.content import Content
from tests.faults.scene import Scene
from tests.faults.waiting import until

FIRST = 1001
"""Telegram id of the first of those who are told."""

TEXT = "Ada pameran <b>UMKM</b>, {nama}."

LONG_ENOUGH = 120.0
"""Seconds for a whole broadcast with its starts anew, on a slow machine."""


async def met(scene: Scene, number: int) -> range:
    """So many people who have written to the bot; returns their Telegram ids."""
    ids, now = range(FIRST, FIRST + number), datetime.now(UTC)
    for id in ids:
        scene.telegram.person(id).has_started = True
    async with scene.database.transaction() as session:
        session.add_all(Person(telegram_id=id, name=f"Orang {id}", met_at=now, last_wrote_at=now) for id in ids)
    return ids


async def broadcast(scene: Scene, html: str = TEXT, **details: Any) -> int:
    """One that is confirmed and due at once; returns its id."""
    now = datetime.now(UTC)
    given: dict[str, Any] = {"state": BroadcastState.SCHEDULED, "code": codes.new(), **details}
    async with scene.database.transaction() as session:
        row = Broadcast(
            office="diskopum",
            topic="umum",
            keeps_quiet_hours=False,
            content=Content(html=html).as_json(),
            audience=Audience().as_json(),
            made_at=now,
            changed_at=now,
            **given,
        )
        session.add(row)
        await session.flush()
        running.note_new(session, running.STEPS)
        return row.id


async def recipients(scene: Scene, broadcast_id: int) -> list[tuple[int, Recipient]]:
    """With the Telegram id of each."""
    theirs = select(Person.telegram_id, Recipient).join(Person, col(Person.id) == col(Recipient.person_id))
    return await scene.rows(theirs.where(Recipient.broadcast_id == broadcast_id).order_by(col(Recipient.id)))


async def in_state(scene: Scene, broadcast_id: int, *states: RecipientState) -> set[int]:
    """The Telegram ids of those who stand there."""
    return {id for id, row in await recipients(scene, broadcast_id) if row.state in states}


async def is_over(scene: Scene, broadcast_id: int) -> bool:
    (state,) = await scene.rows(select(Broadcast.state).where(Broadcast.id == broadcast_id))
    return bool(state is BroadcastState.FINISHED)


async def ended(scene: Scene, broadcast_id: int) -> None:
    """Wait until it is finished."""

    async def holds() -> bool:
        return await is_over(scene, broadcast_id)

    await until(holds, scene.telegram.describe, LONG_ENOUGH)


def told(scene: Scene, ids: Collection[int], words: str = "") -> Counter[int]:
    """How often each was told (something with these *words*), as Telegram knows it."""
    calls = [call for call in scene.telegram.calls if call.accepted and call.method == "sendMessage"]
    given = [call.parameters for call in calls if words in call.parameters["text"]]
    return Counter(one["chat_id"] for one in given if one["chat_id"] in ids)


async def check(
    scene: Scene, broadcast_id: int, ids: Collection[int], under_way: Collection[int], words: str = ""
) -> None:
    """That nobody was skipped, and nobody told twice but those *under way* at a kill, who are all shown uncertain."""
    rows, times = dict(await recipients(scene, broadcast_id)), told(scene, ids, words)
    assert set(rows) == set(ids)
    by_state = Counter(row.state for row in rows.values())
    assert set(by_state) <= {RecipientState.SENT, RecipientState.UNCERTAIN}, by_state
    uncertain = {id for id, row in rows.items() if row.state is RecipientState.UNCERTAIN}
    reasons = {id: rows[id].reason for id in uncertain - set(under_way)}
    assert not reasons
    assert {id for id in ids if times[id] != 1} <= uncertain
    assert all(len(row.message_ids) == 1 for row in rows.values() if row.state is RecipientState.SENT)
