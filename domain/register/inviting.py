"""Letters to those of the register who have not come: who they are, and the link that each letter holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from db.models import RegisteredBusiness
from db.session import Session
from domain import audit
from domain.audit import TERMINAL
from domain.secret_tokens import hash_of

LINK_LASTS = timedelta(days=30)


class RegisterChanged(Exception):
    """Somebody else made letters to the same people meanwhile: of two links the older would open nothing."""


@dataclass(frozen=True)
class Waiting:
    """Somebody of the register who has not come."""

    id: int
    name: str
    business: str | None
    kecamatan: str
    phone: str | None
    """As +62…"""
    invited_at: datetime | None
    """When they were last sent a letter; None for who has had none."""


async def waiting(session: Session, kecamatan: str) -> list[Waiting]:
    """Who has not come yet, by name."""
    theirs = select(RegisteredBusiness).where(RegisteredBusiness.kecamatan == kecamatan)
    statement = theirs.where(col(RegisteredBusiness.person_id).is_(None))
    found = (await session.exec(statement.order_by(RegisteredBusiness.name, col(RegisteredBusiness.id)))).all()
    return [Waiting(one.id, one.name, one.business, kecamatan, one.phone, one.invited_at) for one in found]


async def note_letters(
    session: Session, kecamatan: str, tokens: Mapping[Waiting, str], until: date, now: datetime
) -> None:
    """Let each of *tokens* open what it was made for, up to the day *until*; earlier ones open nothing any more.

    Raises RegisterChanged.
    """
    ids = {one.id: one for one in tokens}
    rows = select(RegisteredBusiness).where(col(RegisteredBusiness.id).in_(ids)).order_by(col(RegisteredBusiness.id))
    for business in (await session.exec(rows.with_for_update())).all():
        one = ids[business.id]
        if business.invited_at != one.invited_at:
            raise RegisterChanged
        # Whoever came by an older letter meanwhile opens this one as theirs.
        business.token_hash, business.until, business.invited_at = hash_of(tokens[one]), until, now
    after = {"letters": len(tokens), "until": until.isoformat()}
    await audit.record(session, now, TERMINAL, "register.invited", f"kecamatan:{kecamatan}", None, after)
