"""Tokens of our links are hashed in an update before it is stored, so that no table and no log ever holds one.

Handlers see the hash; who types one has it hashed again, so that a hash that was seen somewhere opens nothing.
"""

import re
from typing import Any

from domain.secret_tokens import LENGTH, PREFIXES, hash_of

# In any case of letters, since what opens nothing is a token all the same.
_SECRET = re.compile(rf"({'|'.join(PREFIXES)})([\w-]{{{LENGTH}}})", re.IGNORECASE | re.ASCII)


def hash_tokens(text: str) -> str:
    """*text*, as long as it was, with the hash of each token in its place."""
    return _SECRET.sub(lambda found: found[1] + hash_of(found[2]), text)


def hash_all(payload: Any) -> Any:
    """A copy of an update's JSON with `hash_tokens` applied to every string: a link also stands in entities."""
    if isinstance(payload, str):
        return hash_tokens(payload)
    if isinstance(payload, dict):
        return {key: hash_all(value) for key, value in payload.items()}
    return [hash_all(item) for item in payload] if isinstance(payload, list) else payload
