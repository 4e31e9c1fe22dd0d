"""Broadcasts of Diskopum in each state after they set out, put into a database with who got them and who did not."""

from datetime import datetime

from db.models import Broadcast, BroadcastKind, BroadcastState, Person, Recipient, RecipientState
from db.session import Session
from domain.broadcasts.audience import Audience
from domain.broadcasts.content import Content


async def fill_broadcasts(session: Session, now: datetime) -> dict[str, int]:
    """One that runs, one paused, one that is over, one that was missed, a correction that was stopped; our ids."""
    running, paused, finished, missed = (
        _broadcast(state, now)
        for state in (BroadcastState.RUNNING, BroadcastState.PAUSED, BroadcastState.FINISHED, BroadcastState.MISSED)
    )
    missed.started_at, missed.starts_at, missed.late_limit = None, now, 1
    finished.finished_at = now
    people = [Person(telegram_id=number, name="Warga", met_at=now, last_wrote_at=now) for number in range(181, 185)]
    session.add_all([running, paused, finished, missed, *people])
    await session.flush()
    became = (RecipientState.SENT, RecipientState.FAILED, RecipientState.UNCERTAIN, RecipientState.BLOCKED)
    for broadcast in (running, paused, finished):
        for person, state in zip(people, became, strict=True):
            row = Recipient(broadcast_id=broadcast.id, person_id=person.id, state=state, not_before=now)
            row.settled_at, row.version = now, 1
            row.message_ids = [7] if state is RecipientState.SENT else None
            session.add(row)
    halted = _broadcast(BroadcastState.CANCELLED, now)
    halted.kind, halted.parent_id, halted.code = BroadcastKind.CORRECTION, paused.id, None
    halted.finished_at, halted.why = now, "officer"
    session.add(halted)
    await session.flush()
    made = {"running": running, "paused": paused, "finished": finished, "missed": missed, "halted": halted}
    return {name: one.id for name, one in made.items()}


def _broadcast(state: BroadcastState, now: datetime) -> Broadcast:
    return Broadcast(
        office="diskopum",
        topic="umum",
        content=Content("Pameran").as_json(),
        audience=Audience().as_json(),
        state=state,
        code=f"AAAAA-{state.value[:5].upper()}",
        total=4,
        started_at=now,
        made_at=now,
        changed_at=now,
    )
