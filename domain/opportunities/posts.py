"""A post that an officer brings becomes a draft: its fields as they were read, for the officer to look at."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from db.models import Opportunity, OpportunityKind, OpportunityState, Person
from db.session import Session
from domain.district import District
from domain.opportunities import composing
from domain.opportunities.reading import read
from domain.opportunities.reading_body import body_of
from messages.limits import cut

TWICE = timedelta(minutes=10)
"""The same post brought again within so long is a second tap."""


@dataclass(frozen=True)
class Post:
    """What came: its words, the addresses under them, what was attached, and the channel or group it comes from."""

    text: str
    links: tuple[str, ...] = ()
    file: dict[str, str] | None = None
    source: str = ""
    written: datetime | None = None
    """When, as far as that is known; else now."""


@dataclass(frozen=True)
class Made:
    """The draft; whether it is a new one; and the deadline that was read but has passed."""

    opportunity: Opportunity
    is_new: bool = True
    passed: datetime | None = None


@dataclass(frozen=True)
class _Given:
    values: dict[str, Any] = field(default_factory=dict)
    passed: datetime | None = None


async def draft_of(
    session: Session, person: Person, office: str, post: Post, district: District, now: datetime
) -> Made:
    """The draft made of *post*; that of a moment ago where it is the same."""
    given = _given(post, district, now)
    if before := await _before(session, person, office, given.values, now):
        return Made(before, is_new=False, passed=given.passed)
    by, fields = composing.actor(person), tuple(name for name in given.values if name != "file")
    one = await composing.make(session, office, given.values, by, district, now, read=fields)
    return Made(one, passed=given.passed)


def _given(post: Post, district: District, now: datetime) -> _Given:
    """What of it can be kept. What is sought is said by all of the post that has no field of its own."""
    found = read(post.text, post.links, district, now, post.written)
    values: dict[str, Any] = {name: getattr(found, name) for name in found.fields}
    for name in ("products", "needs", "kecamatan"):
        if name in values:
            values[name] = list(values[name])
    if "kind" in values:
        values["kind"] = OpportunityKind(values["kind"])
    if body := body_of(post.text, found.link, district):
        values["sought"] = cut(body, composing.LONGEST_SOUGHT)
    if "source" not in values and post.source:
        values["source"] = post.source[: composing.LONGEST_SOURCE]
    passed = values["deadline"] if "deadline" in values and values["deadline"] <= now else None
    if passed:
        del values["deadline"]
    if post.file:
        values["file"] = post.file
    return _Given(values, passed)


async def _before(
    session: Session, person: Person, office: str, values: dict[str, Any], now: datetime
) -> Opportunity | None:
    theirs = select(Opportunity).where(
        Opportunity.author_id == person.id,
        Opportunity.office == office,
        Opportunity.state == OpportunityState.DRAFT,
        col(Opportunity.made_at) >= now - TWICE,
    )
    for one in (await session.exec(theirs.order_by(col(Opportunity.id).desc()))).all():
        is_untouched = one.changed_at == one.made_at and one.file == values.get("file")
        if is_untouched and (one.title, one.sought) == (values.get("title", ""), values.get("sought", "")):
            return one
    return None
