"""People's quiet hours around a moment: their own, as they set them in /langganan, before those of the house."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from db.models import Wishes
from db.session import Session
from domain.district import District
from domain.opportunities import rhythm

IN_ONE = 1_000
"""People in one statement."""


@dataclass(frozen=True)
class Nights:
    """Of some people, by our id."""

    over: Mapping[int, datetime]
    """When the quiet hours in which the moment lies are over; who is in none is not there."""
    begin: Mapping[int, datetime]
    """When they next begin; who has none is not there."""


async def nights(session: Session, person_ids: Sequence[int], district: District, now: datetime) -> Nights:
    """Of *person_ids*, around *now*."""
    own: dict[int, list[str] | None] = dict.fromkeys(person_ids)
    for start in range(0, len(person_ids), IN_ONE):
        theirs = select(Wishes.person_id, Wishes.quiet).where(
            col(Wishes.person_id).in_(person_ids[start : start + IN_ONE])
        )
        own |= {id: None if hours is None else list(hours) for id, hours in (await session.exec(theirs)).all()}
    timing = await rhythm.timing(session, district)
    over = {id: timing.quiet_until(hours, now) for id, hours in own.items()}
    begin = {id: timing.quiet_from(hours, now) for id, hours in own.items()}
    return Nights(*({id: at for id, at in times.items() if at is not None} for times in (over, begin)))
