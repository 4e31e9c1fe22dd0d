"""What an officer is to look at in a draft before everybody reads it."""

import re

from db.models import Opportunity
from domain.opportunities.reading_links import has_unsafe_link

_BETWEEN = r"[\s.()‐-―−-]{0,3}"
_PHONE = re.compile(
    rf"(?<![\w+])\(?(?:\+?\s?\(?62{_BETWEEN}(?:0{_BETWEEN})?|0[\s.-]?)8[0-9](?:{_BETWEEN}[0-9]){{6,10}}(?![0-9])"
    r"|\bwa\.me/[0-9+]"
    # Of another country: whoever answers there is no less exposed.
    rf"|(?<![\w+])\+(?!\s?\(?62)[1-9][0-9]{{0,2}}(?:[\s()‐-―−-]{{0,3}}[0-9]){{7,12}}(?![0-9])",
    re.IGNORECASE,
)


def of(one: Opportunity) -> list[str]:
    """Keys of what stands in it: "phone" for somebody's mobile number, "unsafe_link" for one that no button opens."""
    text = f"{one.title}\n{one.sought}\n{one.place}\n{one.source}\n{one.link or ''}"
    found = {"phone": bool(_PHONE.search(text)), "unsafe_link": one.link is None and has_unsafe_link(text)}
    return [name for name, is_there in found.items() if is_there]
