"""An item of a feed, and the draft that is made of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.models import OpportunityKind
from domain.district import District
from domain.opportunities import kinds, telling
from domain.opportunities.composing import (
    FIELDS,
    LONGEST_PLACE,
    LONGEST_SOUGHT,
    LONGEST_SOURCE,
    LONGEST_TITLE,
    MOST_CAPACITY,
)
from domain.opportunities.reading import read
from domain.opportunities.reading_body import body_of
from messages.limits import cut

LONGEST_READ = 3_000
"""Characters of a text: no more is looked at, whatever the feed's reader let through."""


@dataclass(frozen=True)
class Item:
    """One of what a feed tells, in plain text."""

    keys: tuple[str, ...]
    """By each of which it is known again, and no other item of this feed."""
    title: str
    link: str | None
    """http or https."""
    text: str
    published: datetime | None


@dataclass(frozen=True)
class Reading:
    """An item, the values that were read in it, by field, none of which can be refused; and the deadline that was read
    but has passed.
    """

    item: Item
    values: dict[str, Any]
    passed: datetime | None = None


def draft_of(item: Item, source: str, district: District, now: datetime) -> Reading:
    """What *item* says; *source*: what the feed is called. It takes its time: not for the loop's thread."""
    shown = f"{item.title}\n\n{cut(item.text, LONGEST_READ)}"
    found = read(shown, [item.link] if item.link else [], district, now, item.published)
    link = next((one for one in (item.link, found.link) if one and telling.is_link(one)), None)
    sought = body_of(shown, link, district) if item.text.strip() else found.sought or ""
    is_short = item.link is not None and len(item.link) <= telling.LONGEST_LINK
    if link is None and item.link and is_short and item.link not in sought:  # one of http, which no message may carry
        sought = f"{cut(sought, LONGEST_SOUGHT - len(item.link) - 2)}\n\n{item.link}".strip()
    values = {
        "kind": OpportunityKind(found.kind) if found.kind else None,
        "title": cut(found.title or item.title or item.text.partition("\n")[0], LONGEST_TITLE),
        "sought": cut(sought, LONGEST_SOUGHT),
        "products": [key for key in found.products or () if key in district.sectors],
        "market": found.market if found.market in kinds.markets_of(district) else None,
        "needs": list(found.needs or ()),
        "capacity": found.capacity if found.capacity and found.capacity <= MOST_CAPACITY else None,
        "kecamatan": list(found.kecamatan or ()),
        "place": cut(found.place or "", LONGEST_PLACE),
        # A day that is over is left for an officer to ask about.
        "deadline": found.deadline if found.deadline and found.deadline > now else None,
        "source": cut(found.source or source, LONGEST_SOURCE),
        "link": link,
    }
    passed = found.deadline if found.deadline and found.deadline <= now else None
    return Reading(item, {name: values[name] for name in FIELDS if values.get(name)}, passed)
