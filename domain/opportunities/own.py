"""What somebody is told of their own matter: it comes in time or is told anew, and a kill in the call loses none of it.

What the bot could not send by the hour at which it would wake somebody, or come too late, is owed again as it stands
by then; so is what met somebody who had blocked the bot, once they are back.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, delete, select

from db import outbox
from db.models import UNSETTLED, Delivery, DeliveryState, Interest, InterestAnswer, Occurrence, Opportunity, Person
from db.outbox import Settlement
from db.session import Session
from domain.opportunities.asleep import Nights
from domain.opportunities.interested import OVER, occurrence_of
from domain.opportunities.marks import OWN_TOLD
from domain.post import Note

REMINDER, NEWS, END, ORDERS = "reminder", "news", "end", "orders"

TOLD_FOR = timedelta(days=30)
"""So long after an opportunity's end somebody who could not be reached before still hears of it."""

FIRST = "first"
"""In `Interest.news`, by its other keys: the row of the outbox that first told of it and did not come."""


def note(
    row: Interest,
    what: str,
    nights: Nights,
    *ends: datetime | None,
    is_bulk: bool = False,
    more: Mapping[str, Any] | None = None,
) -> Note:
    """To be owed with: skipped once their quiet hours begin, or with the first of *ends*, and then heard by `told`."""
    times = [one for one in (nights.begin.get(row.person_id), *ends) if one is not None]
    arguments = {"what": what, "interest": row.id, "opportunity": row.opportunity_id, **(more or {})}
    return Note(
        verb=OWN_TOLD,
        verb_arguments=arguments,
        is_bulk=is_bulk,
        goes_again=True,
        expires_at=min(times, default=None),
    )


async def told(session: Session, arguments: Mapping[str, Any], settlement: Settlement, now: datetime) -> None:
    """What came too late to be sent, or to who cannot be reached, is told anew; for a reminder it may be too late for
    good, which is written down.
    """
    owed = settlement.owed
    if owed.unknowns or settlement.state not in {DeliveryState.SKIPPED, DeliveryState.FAILED}:
        return  # it is there, or may be
    if settlement.state is DeliveryState.FAILED and await _is_reachable(session, owed.person_id):
        return
    row = await session.get(Interest, arguments.get("interest"), with_for_update=True)
    if row is None or row.answer is not InterestAnswer.INTERESTED:
        return
    what = arguments["what"]
    if what == REMINDER:
        # With the look back at its evening, if that was: it is looked at once more.
        done = [occurrence_of(row.opportunity_id, one) for one in (OVER, row.id)]
        at = datetime.fromisoformat(arguments["at"])
        await session.exec(delete(Occurrence).where(col(Occurrence.what).in_(done), col(Occurrence.at) == at))
    elif what == NEWS:
        row.news, row.news_at = _with(row.news or {}, arguments, owed.id), now
    elif what == END:
        row.told_end_at = None
    elif what == ORDERS:
        row.asked_at = None
    await session.flush()


def _with(news: Mapping[str, Any], arguments: Mapping[str, Any], id: int) -> dict[str, Any]:
    """*news* and what row *id*, which did not come, told of: they know what was so before the first."""
    kept, firsts = dict(news), dict(news.get(FIRST, {}))
    for name, value in arguments["was"].items():
        first = arguments[FIRST].get(name, id)
        # What is of no row came up after all that was owed.
        if name not in kept or name not in firsts or first < firsts[name]:
            kept[name], firsts[name] = value, first
    return {**kept, FIRST: firsts}


async def _is_reachable(session: Session, person_id: int | None) -> bool:
    person = await session.get(Person, person_id, populate_existing=True)
    return person is not None and person.is_reachable


async def call_back(session: Session, opportunity: Opportunity, now: datetime, *whats: str) -> None:
    """What of *whats* still waits to be sent to anybody about it is not sent; nor is what is in its call, should that
    come back.
    """
    waiting = select(Delivery.id, Delivery.verb_arguments)
    waiting = waiting.where(col(Delivery.state).in_(UNSETTLED), Delivery.verb == OWN_TOLD)
    for id, arguments in (await session.exec(waiting.order_by(col(Delivery.id)))).all():
        is_meant = arguments and arguments["opportunity"] == opportunity.id and arguments["what"] in whats
        if is_meant and not await outbox.skip_row(session, id, outbox.CALLED_BACK):
            await outbox.expire_row(session, id, now, is_silent=True)
