"""What somebody is told of their own matter: it comes in time or is told anew, and a kill in the call loses none of it.

What the bot could not send by the hour at which it would wake somebody, or come too late, is owed again as it stands
by then.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col, delete, select

from db import outbox
from db.models import Delivery, DeliveryState, Interest, InterestAnswer, Occurrence, Opportunity
from db.outbox import Settlement
from db.session import Session
from domain.opportunities.asleep import Nights
from domain.opportunities.interested import OVER, occurrence_of
from domain.post import Note

TOLD = "opportunity.own_told"
"""The verb that hears what became of it."""

REMINDER, NEWS, END, ORDERS = "reminder", "news", "end", "orders"

CALLED_BACK = "not so any more"


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
        verb=TOLD,
        verb_arguments=arguments,
        is_bulk=is_bulk,
        goes_again=True,
        expires_at=min(times, default=None),
    )


async def told(session: Session, arguments: Mapping[str, Any], settlement: Settlement, now: datetime) -> None:
    """What came too late to be sent is told anew; for a reminder it may be too late for good, which is written down."""
    if settlement.state is not DeliveryState.SKIPPED:
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
        row.news, row.news_at = {**arguments["was"], **(row.news or {})}, now
    elif what == END:
        row.told_end_at = None
    elif what == ORDERS:
        row.asked_at = None
    await session.flush()


async def call_back(session: Session, opportunity: Opportunity, *whats: str) -> None:
    """What of *whats* still waits to be sent to anybody about it is not sent."""
    waiting = select(Delivery.id, Delivery.verb_arguments)
    waiting = waiting.where(Delivery.state == DeliveryState.WAITING, Delivery.verb == TOLD)
    for id, arguments in (await session.exec(waiting.order_by(col(Delivery.id)))).all():
        if arguments and arguments["opportunity"] == opportunity.id and arguments["what"] in whats:
            await outbox.skip_row(session, id, CALLED_BACK)
