"""Identity numbers (NIK) are struck from an update before it is stored: 16 digits become as many bullets.

Entity offsets stay true, since a bullet counts as one UTF-16 unit, as each digit did.
"""

import re
from typing import Any

from messages.limits import units

# Also what cannot be seen (soft hyphens, joiners) and what makes a digit a keycap.
_BETWEEN = r"[\s.\-‐-―−·•_/\u00ad\u200b-\u200d\u2060\ufeff\ufe0f\u20e3]{0,3}"
# Overlapping finds are wanted: a phone number before the NIK must not hide its beginning.
_SIXTEEN = re.compile(rf"(?<!\d)(?=(\d(?:{_BETWEEN}\d){{15}})(?!\d))")
_DIGIT = re.compile(r"\d")


def strike(text: str) -> str:
    """*text* with every run of 16 digits (spaces, dots, dashes between allowed) as bullets."""
    spans = [found.span(1) for found in _SIXTEEN.finditer(text)]
    for start, end in spans:
        text = text[:start] + _DIGIT.sub(lambda digit: "•" * len(digit[0]), text[start:end]) + text[end:]
    return text


def strike_all(payload: Any, name: str = "") -> Any:
    """A copy of an update's JSON with `strike` applied to every string but ids.

    Not to texts and captions alone: a scan's file is often called by the number that stands on it.
    """
    if isinstance(payload, str):
        return payload if _is_id(name) else _strike_units(payload)
    if isinstance(payload, dict):
        return {key: strike_all(value, key) for key, value in payload.items()}
    return [strike_all(item, name) for item in payload] if isinstance(payload, list) else payload


def _is_id(name: str) -> bool:
    return name in {"id", "chat_instance"} or name.endswith("_id")


def _strike_units(text: str) -> str:
    struck = strike(text)
    # Digits outside the first plane (𝟏𝟐𝟑) take two units each, so they get two bullets.
    if struck == text or units(struck) == units(text):
        return struck
    return "".join("•" * units(old) if new == "•" else new for old, new in zip(text, struck, strict=True))
