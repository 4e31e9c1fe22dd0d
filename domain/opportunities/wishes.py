"""What somebody wishes to hear of, how often, and when not; each change looks anew at what is open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import col, select

from db.models import OpportunityKind, OpportunityMail, Person, Profile, Wishes
from db.session import Session
from domain.broadcasts import quiet
from domain.district import District
from domain.errors import StaleButton, Unfit
from domain.opportunities import amending, kinds, marks, notices
from domain.opportunities.rhythm import RHYTHMS
from messages import Number, say

LISTS = ("products", "markets", "kinds", "kecamatan")
"""What is chosen from; None in their place means everything (of kecamatan: only their own)."""

LEAST_AWAKE = timedelta(hours=4)
"""Of a day outside somebody's own quiet hours: with less nothing would come through."""

AT_ONCE = 50
"""People looked at anew in one transaction."""


async def of(session: Session, person: Person) -> Wishes:
    """What *person* wishes; a row that is not kept yet for who never said."""
    return await session.get(Wishes, person.id) or Wishes(person_id=person.id, changed_at=person.met_at)


def options(name: str, district: District) -> Sequence[str]:
    """What may be chosen in one of LISTS."""
    return {
        "products": tuple(district.sectors),
        "markets": kinds.markets_of(district),
        "kinds": tuple(kind.value for kind in OpportunityKind),
        "kecamatan": tuple(sorted(district.kecamatan)),
    }[name]


async def chosen(session: Session, person: Person, name: str, district: District) -> list[str]:
    """What of one of LISTS *person* hears of now; of kecamatan only those beside their own."""
    kept, there_are = getattr(await of(session, person), name), options(name, district)
    if kept is None and name == "products":
        profile = await session.get(Profile, person.id)
        kept = [profile.sector] if profile and profile.sector else []
    elif kept is None:
        kept = [] if name == "kecamatan" else there_are
    return [one for one in there_are if one in kept]


async def own_kecamatan(session: Session, person: Person) -> str | None:
    """Whose events they hear of whatever they choose."""
    profile = await session.get(Profile, person.id)
    return profile.kecamatan if profile else None


async def switch(
    session: Session, person: Person, name: str, key: str, district: District, now: datetime, *, is_on: bool
) -> None:
    """Hear of *key* of one of LISTS from now on, or not any more; what is so already stays.

    Raises StaleButton for what there is not to choose, and Unfit where nothing would be left.
    """
    if key not in options(name, district):
        raise StaleButton
    before = await chosen(session, person, name, district)
    if is_on == (key in before) or (name == "kecamatan" and key == await own_kecamatan(session, person)):
        return
    after = [*before, key] if is_on else [one for one in before if one != key]
    if not after and name != "kecamatan":
        raise Unfit(say("wishes.last"))
    # Who hears of every market or kind hears of those that are added, too.
    is_all = name in {"markets", "kinds"} and set(after) == set(options(name, district))
    await choose(session, person, name, None if is_all or not after else after, district, now)


async def choose(
    session: Session, person: Person, name: str, chosen: Sequence[str] | None, district: District, now: datetime
) -> None:
    """Set one of LISTS; None: everything again. Raises StaleButton for what there is not to choose."""
    if name not in LISTS or not set(chosen or ()) <= set(options(name, district)):
        raise StaleButton
    # In the order of the options, so that the same wish is the same row.
    kept = None if chosen is None else [one for one in options(name, district) if one in chosen]
    await _set(session, person, {name: kept}, now)


async def choose_rhythm(session: Session, person: Person, rhythm: str, now: datetime) -> None:
    """How often they hear. Raises StaleButton for a rhythm there is not."""
    if rhythm not in RHYTHMS:
        raise StaleButton
    before = (await of(session, person)).rhythm
    await _set(session, person, {"rhythm": rhythm}, now)
    if rhythm != before:
        await notices.date_anew(session, person, now)


async def choose_quiet(session: Session, person: Person, hours: Sequence[str] | None, now: datetime) -> None:
    """Their own quiet hours, from and to as "21.00"; None: those of the house.

    Raises Unfit for what are none, and for what leaves fewer than LEAST_AWAKE of a day.
    """
    if hours is not None and timedelta(days=1) - quiet.lasting(list(hours)) < LEAST_AWAKE:
        raise Unfit(say("wishes.quiet_too_long", least=Number(LEAST_AWAKE // timedelta(hours=1))))
    await _set(session, person, {"quiet": None if hours is None else quiet.check(list(hours))}, now)


async def _set(session: Session, person: Person, values: dict[str, Any], now: datetime) -> None:
    # This first, since their row may be made elsewhere at this moment: then it waits for it.
    await marks.mark(session, person, now)
    wishes = await session.get_one(Wishes, person.id, with_for_update=True, populate_existing=True)
    for name, value in values.items():
        setattr(wishes, name, value)
    wishes.changed_at = now
    await session.flush()


async def look_next(session: Session, district: District, now: datetime) -> bool:
    """Decide anew what is owed to, and what waits for, the next who changed; False where there is nobody.

    Whose message is under way is looked at once it is settled.
    """
    # What is owed before their wishes are locked, as everybody locks them; who changes just now is looked at later.
    was_owed = await amending.call_back(session, marks.is_changed(col(OpportunityMail.person_id)), now)
    theirs = select(Wishes).where(col(Wishes.is_changed), ~amending.under_way(col(Wishes.person_id)))
    theirs = theirs.order_by(col(Wishes.person_id)).limit(AT_ONCE).with_for_update(skip_locked=True)
    rows = {row.person_id: row for row in (await session.exec(theirs.execution_options(populate_existing=True))).all()}
    if not rows:
        return was_owed
    # Owed meanwhile, as they were before they changed once more.
    named = select(Wishes.person_id).where(col(Wishes.person_id).in_(rows))
    owed = named.where(amending.under_way(col(Wishes.person_id)))
    ids = sorted(rows.keys() - set((await session.exec(owed)).all()))
    for id in await notices.look_again(session, ids, district, now):
        rows[id].is_changed = False
    await session.flush()
    return was_owed or bool(ids)


def can_look() -> ColumnElement[bool]:
    """Whether `look_next` finds somebody."""
    id = col(Wishes.person_id)
    return exists().where(col(Wishes.is_changed), or_(~amending.under_way(id), amending.under_way(id, can_wait=True)))
