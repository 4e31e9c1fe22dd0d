"""The public code under every broadcast: with it anybody can ask whether a message is ours."""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without what is mixed up when it is copied by hand: 0 and O, 1 and I and L."""

LENGTH = 10

_WRITTEN = re.compile(rf"\b([{ALPHABET}]{{5}})[ -]?([{ALPHABET}]{{5}})\b", re.IGNORECASE)


def new() -> str:
    """A code as it is shown: "7KQ2M-XW9PD"."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def read(text: str) -> list[str]:
    """Whatever may be a code in *text*, as they are shown; ten letters without a hyphen may be a word too."""
    return [f"{first}-{second}".upper() for first, second in _WRITTEN.findall(text)]
