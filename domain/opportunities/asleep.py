"""In whose quiet hours a moment lies: somebody's own, as they set them in /langganan, before those of the house."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import col, select

from db.models import Wishes
from db.session import Session
from domain.district import District
from domain.opportunities import rhythm

IN_ONE = 1_000
"""People in one statement."""


async def until(
    session: Session, person_ids: Sequence[int], district: District, now: datetime
) -> Mapping[int, datetime]:
    """Of those of *person_ids* in whose quiet hours *now* lies: when these are over."""
    own: dict[int, list[str] | None] = dict.fromkeys(person_ids)
    for start in range(0, len(person_ids), IN_ONE):
        theirs = select(Wishes.person_id, Wishes.quiet).where(
            col(Wishes.person_id).in_(person_ids[start : start + IN_ONE])
        )
        own |= {id: None if hours is None else list(hours) for id, hours in (await session.exec(theirs)).all()}
    timing = await rhythm.timing(session, district)
    over = {id: timing.quiet_until(hours, now) for id, hours in own.items()}
    return {id: at for id, at in over.items() if at is not None}
