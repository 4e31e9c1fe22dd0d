"""Identity numbers (NIK) are struck from an update before it is stored: 16 digits become as many bullets.

Entity offsets stay true, since a bullet counts as one UTF-16 unit, as each digit did.
"""

import re
from typing import Any

from domain.trainings import numbers
from messages.limits import units

# Also what cannot be seen (soft hyphens, joiners) and what makes a digit a keycap.
_BETWEEN = r"[\s.\-‐-―−·•_/\u00ad\u200b-\u200d\u2060\ufeff\ufe0f\u20e3]{0,3}"
# Overlapping finds are wanted: a phone number before the NIK must not hide its beginning.
_SIXTEEN = re.compile(rf"(?<!\d)(?=(\d(?:{_BETWEEN}\d){{15}})(?!\d))")
_DIGIT = re.compile(r"\d")

# What officers type of trainings has as many digits, and is none: a day with its hours, and who of a list was there.
_DAY = r"(?<!\d)[0-3]?\d[-/.][01]?\d[-/.]20\d\d\s+[0-2]?\d[.:][0-5]\d\s*[-–]\s*[0-2]?\d[.:][0-5]\d(?!\d)"
_HARMLESS = re.compile(rf"({_DAY})", re.ASCII)
_ON_A_LIST = re.compile(r"[1-9]\d{0,2}", re.ASCII)


def strike(text: str) -> str:
    """*text* with every run of 16 digits (spaces, dots, dashes between allowed) as bullets.

    Two forms that officers type stay, though they have as many: "30-11-2026 08.00-15.00" and "hadir 3-7 dan 12 …".
    """
    if _is_list(text):
        return text
    # Every second part is one of those.
    parts = _HARMLESS.split(text)
    return "".join(part if number % 2 else _strike(part) for number, part in enumerate(parts))


def _is_list(text: str) -> bool:
    """Whether it is a list of participants' numbers: each of at most three digits, none led by a zero."""
    ranges = numbers.written(text) if numbers.BEGINS.match(text) else None
    return bool(ranges) and all(
        _ON_A_LIST.fullmatch(first) and _ON_A_LIST.fullmatch(last) and int(first) <= int(last)
        for first, last in ranges or ()
    )


def _strike(text: str) -> str:
    parts, done = [], 0
    for found in _SIXTEEN.finditer(text):
        start, end = max(found.start(1), done), found.end(1)
        parts += [text[done:start], _DIGIT.sub("•", text[start:end])]
        done = end
    return "".join([*parts, text[done:]])


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
