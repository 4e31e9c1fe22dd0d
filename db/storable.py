"""What both databases can keep: no NUL, no half of a surrogate pair, no NaN, and ids of 64 bits."""

import math
import re
from typing import Any, TypeGuard

_REFUSED = re.compile("[\0\ud800-\udfff]")


def is_id(value: Any) -> TypeGuard[int]:
    """Whether *value* can be one of Telegram's ids."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def sound(text: str) -> str:
    """*text* with DEL, which shows nowhere, for each character no database takes: as long in UTF-16 units."""
    return _REFUSED.sub("\x7f", text)


def storable(value: Any) -> Any:
    """A copy of JSON that can be stored. Raises RecursionError when it is nested too deeply."""
    if isinstance(value, str):
        return sound(value)
    if isinstance(value, dict):
        return {sound(name): storable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [storable(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
