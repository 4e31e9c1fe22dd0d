"""Identity numbers (NIK) are struck from an update before it is stored: 16 digits become as many bullets.

Entity offsets stay true, since a bullet counts as one UTF-16 unit, as each digit did.
"""

import re
from typing import Any

from messages.limits import units

# Also what cannot be seen: soft hyphens and joiners.
_BETWEEN = r"[\s.\-‐-―−·•_/\u00ad\u200b-\u200d\u2060\ufeff]{0,3}"
# Overlapping finds are wanted: a phone number before the NIK must not hide its beginning.
_SIXTEEN = re.compile(rf"(?<!\d)(?=(\d(?:{_BETWEEN}\d){{15}})(?!\d))")
_DIGIT = re.compile(r"\d")

TEXTS = frozenset(
    {
        *("text", "caption", "query", "question", "explanation", "description"),
        *("title", "performer", "file_name", "address", "vcard", "first_name", "last_name"),
    }
)
"""Where people's own words stand in an update, the name of a file they send too: a scan is often called by the NIK."""


def strike(text: str) -> str:
    """*text* with every run of 16 digits (spaces, dots, dashes between allowed) as bullets."""
    spans = [found.span(1) for found in _SIXTEEN.finditer(text)]
    for start, end in spans:
        text = text[:start] + _DIGIT.sub(lambda digit: "•" * len(digit[0]), text[start:end]) + text[end:]
    return text


def strike_all(payload: Any) -> Any:
    """A copy of an update's JSON with `strike` applied to whatever people worded, at any depth."""
    if isinstance(payload, dict):
        return {
            name: _strike_units(value) if name in TEXTS and isinstance(value, str) else strike_all(value)
            for name, value in payload.items()
        }
    return [strike_all(item) for item in payload] if isinstance(payload, list) else payload


def _strike_units(text: str) -> str:
    struck = strike(text)
    # Digits outside the first plane (𝟏𝟐𝟑) take two units each, so they get two bullets.
    if units(struck) == units(text):
        return struck
    return "".join("•" * units(old) if new == "•" else new for old, new in zip(text, struck, strict=True))
