"""Who is to hear of what: written down when an opportunity is published, and anew when somebody changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select as select_rows
from sqlmodel import col, select, update

from db.models import Interest, Notice, NoticeState, Opportunity, OpportunityState, Person
from db.session import Session, note_new
from db.upsert import insert_new
from domain.district import District
from domain.opportunities import rhythm, seekers
from domain.opportunities.marks import STEPS
from domain.opportunities.matching import Table
from domain.opportunities.rhythm import WEEK, Timing
from domain.opportunities.seekers import Hearer

SLICE = 1_000
"""People looked at in one transaction, so that nobody's answer waits for a whole district."""

ROWS_AT_ONCE = 5_000
"""Notices after which a transaction ends, however few people they are for."""

LOOKED_AT = 2_000
"""Notices after which a look at those who changed ends: everybody's answer waits for it."""

CLOSED, WITHDRAWN, STOPPED, UNFIT, SEEN, FAILED = "closed", "withdrawn", "stopped", "unfit", "seen", "failed"
"""Why a notice was skipped."""

FURTHER = "further"
"""Of one in a message that does not name it, but counts it."""

ASIDE = datetime(3000, 1, 1, tzinfo=UTC)
"""When it is due to who cannot be reached, so that nobody passes over it each second. Back, they are marked."""

AGAIN = (STOPPED, UNFIT, CLOSED)
"""Skipped for these, it waits again once they fit and want it, and it is open after all."""


async def open_ones(session: Session, now: datetime) -> list[Opportunity]:
    """All that can be taken at this moment, the one that ends first before."""
    standing = select(Opportunity).where(Opportunity.state == OpportunityState.OPEN, col(Opportunity.deadline) > now)
    return list((await session.exec(standing.order_by(col(Opportunity.deadline), col(Opportunity.id)))).all())


async def walk_next(session: Session, district: District, now: datetime) -> bool:
    """Match what is newly published with the next SLICE of people; False where nothing is."""
    walking = select(Opportunity).where(
        Opportunity.state == OpportunityState.OPEN, col(Opportunity.cursor).is_not(None)
    )
    # In one order, so that two who lock several never wait for each other crosswise.
    rows = (await session.exec(walking.order_by(col(Opportunity.id)).with_for_update(key_share=True))).all()
    if not rows:
        return False
    cursor = min(one.cursor or 0 for one in rows)
    # Those published meanwhile begin anew and meet the others where these are: each is looked at once for several.
    together = [one for one in rows if one.cursor == cursor]
    others = min((one.cursor for one in rows if one.cursor is not None and one.cursor > cursor), default=None)
    before = () if others is None else (col(Person.id) <= others,)
    people = await seekers.after(session, cursor, SLICE, *before)
    alive = [one for one in together if one.deadline is not None and one.deadline > now]
    looked_at = await _write_down(session, people, alive, await rhythm.timing(session, district), now)
    is_over = looked_at == len(people) < SLICE
    for one in together:
        one.cursor = others if is_over else people[looked_at - 1].seeker.person_id
    note_new(session, STEPS)
    await session.flush()
    return True


async def _write_down(
    session: Session, people: Sequence[Hearer], opportunities: Sequence[Opportunity], timing: Timing, now: datetime
) -> int:
    """Notices for the first of *people*, for as many as one transaction may hold; return for how many."""
    table, rows, looked_at = Table(opportunities), [], 0
    for hearer in people:
        rows += [_row(one, hearer, timing, now) for one in table.fits(hearer.seeker)]
        looked_at += 1
        if len(rows) >= ROWS_AT_ONCE:
            break
    await _insert(session, rows)
    by_opportunity: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_opportunity[row["opportunity_id"]].append(row)
    for one in opportunities:
        if one.version > 1:
            await _wait_again(session, one, by_opportunity[one.id])
    return looked_at


async def _insert(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), SLICE):
        some = rows[start : start + SLICE]
        await insert_new(session, Notice.__table__, some, unique=["opportunity_id", "person_id"])  # type: ignore[attr-defined]  # SQLModel adds it


async def _wait_again(session: Session, one: Opportunity, rows: Sequence[dict[str, Any]]) -> None:
    """Those whom it did not fit before it was changed."""
    left = (col(Notice.state) == NoticeState.SKIPPED) & col(Notice.reason).in_(AGAIN)
    again = update(Notice).where(col(Notice.opportunity_id) == one.id, left)
    for due in {row["due_at"] for row in rows}:
        ids = [row["person_id"] for row in rows if row["due_at"] == due]
        theirs = again.where(col(Notice.person_id).in_(ids))
        waiting = {"state": NoticeState.WAITING, "reason": None, "due_at": due}
        await (await session.connection()).execute(theirs.values(**waiting))


def _row(one: Opportunity, hearer: Hearer, timing: Timing, now: datetime) -> dict[str, Any]:
    return {
        "opportunity_id": one.id,
        "person_id": hearer.seeker.person_id,
        "state": NoticeState.WAITING,
        "due_at": due_at(one, hearer, timing, now),
    }


def due_at(one: Opportunity, hearer: Hearer, timing: Timing, now: datetime) -> datetime:
    """When somebody is to hear of *one* that is new to them *now*; before quiet hours and the weekly cap."""
    return now if one.is_urgent else timing.due(hearer.rhythm, now)


async def look_again(session: Session, person_ids: Sequence[int], district: District, now: datetime) -> list[int]:
    """Write down what they are to hear of as they are now: a changed profile, other wishes, a topic more or less.

    What waited and does not fit any more is skipped; what was skipped for that waits again where it fits. Returns at
    whom it looked: as many as one transaction may hold.
    """
    await session.flush()
    hearers, timing = await seekers.named(session, person_ids), await rhythm.timing(session, district)
    table = Table(await open_ones(session, now))
    is_open = {one.id for one in table.opportunities}
    looked_at, number = [], 0
    for id in person_ids:
        hearer = hearers.get(id)
        fitting = {one.id: due_at(one, hearer, timing, now) for one in table.fits(hearer.seeker)} if hearer else {}
        number += await _look_at(session, id, fitting, is_open, now, is_hearer=hearer is not None)
        looked_at.append(id)
        if number >= LOOKED_AT:
            break
    note_new(session, STEPS)
    await session.flush()
    return looked_at


async def _look_at(
    session: Session,
    person_id: int,
    fitting: Mapping[int, datetime],
    is_open: Set[int],
    now: datetime,
    *,
    is_hearer: bool,
) -> int:
    """What fits somebody, with when it is due, is all that waits for them; return how many rows were looked at."""
    columns = (col(Notice.id), col(Notice.opportunity_id), col(Notice.state), col(Notice.reason), col(Notice.due_at))
    still_open = select(Opportunity.id).where(Opportunity.state == OpportunityState.OPEN)
    counts = or_(col(Notice.state) == NoticeState.WAITING, col(Notice.opportunity_id).in_(still_open))
    theirs = select_rows(*columns).where(col(Notice.person_id) == person_id, counts).order_by(col(Notice.id))
    known = (await (await session.connection()).execute(theirs.with_for_update())).all()
    changed: dict[tuple[NoticeState, str | None, datetime], list[int]] = defaultdict(list)
    for id, one, state, reason, kept_due in known:
        due = fitting.get(one)
        if state is NoticeState.WAITING and due is None:
            why = (UNFIT if one in is_open else CLOSED) if is_hearer else STOPPED
            changed[NoticeState.SKIPPED, why, kept_due].append(id)
        elif state is NoticeState.WAITING and due is not None:
            # What is due already does not wait for another digest because somebody changed, or was away.
            again = now if kept_due >= ASIDE else min(kept_due, due)
            if again != kept_due:
                changed[state, reason, again].append(id)
        elif due is not None and state is NoticeState.SKIPPED and reason in AGAIN:
            changed[NoticeState.WAITING, None, due].append(id)
    for (state, reason, due), ids in changed.items():
        for start in range(0, len(ids), SLICE):
            some = update(Notice).where(col(Notice.id).in_(ids[start : start + SLICE]))
            await (await session.connection()).execute(some.values(state=state, reason=reason, due_at=due))
    there = {row.opportunity_id for row in known}
    rows = [
        {"opportunity_id": one, "person_id": person_id, "state": NoticeState.WAITING, "due_at": due}
        for one, due in fitting.items()
        if one not in there
    ]
    await _insert(session, rows)
    return len(known) + len(rows)


async def date_anew(session: Session, person: Person, now: datetime) -> None:
    """What waits for *person* falls due by the rhythm that `look_again` finds next, not by the one before."""
    waits = (col(Notice.person_id) == person.id) & (col(Notice.state) == NoticeState.WAITING)
    # Later than any rhythm.
    await (await session.connection()).execute(update(Notice).where(waits).values(due_at=now + 2 * WEEK))


def sweep(session: Session, opportunity: Opportunity) -> None:
    """What waits for people is brought in line with *opportunity* as it is now, by the loop (`sweeping`)."""
    opportunity.sweep = 0
    note_new(session, STEPS)


async def answered(session: Session, person_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Who of them has said something to what: person and opportunity."""
    theirs = select(Interest.person_id, Interest.opportunity_id).where(col(Interest.person_id).in_(person_ids))
    return set((await session.exec(theirs)).all())
