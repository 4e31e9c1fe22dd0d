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


@dataclass(frozen=True)
class Item:
    """One of what a feed tells, in plain text."""

    key: str
    """The same each time, and no other item's of this feed."""
    title: str
    link: str | None
    """http or https."""
    text: str
    """At most 3,000 characters."""
    published: datetime | None


def draft_of(item: Item, source: str, district: District, now: datetime) -> tuple[dict[str, Any], datetime | None]:
    """Values by field, as far as *item* says, none of which can be refused; and the deadline that was read but has
    passed. *source*: what the feed is called.
    """
    found = read(f"{item.title}\n\n{item.text}", [item.link] if item.link else [], district, now)
    link = next((one for one in (item.link, found.link) if one and telling.is_link(one)), None)
    sought = body_of(f"{item.title}\n\n{item.text}", link, district) if item.text.strip() else found.sought or ""
    if link is None and item.link and item.link not in sought:  # one of http, for which a message has no button
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
    return {name: values[name] for name in FIELDS if values.get(name)}, passed
