"""Secrets that stand in links: made here, handed out once, and known to us afterwards by their hash only."""

import hashlib
import secrets
from base64 import urlsafe_b64encode

LENGTH = 32
"""Characters of a token, and of its hash."""

PREFIXES = ("petugas_", "undangan_")
"""What stands before a token in the payload of a link: an appointment, an invitation."""


def new_token() -> str:
    """A token that nobody guesses: 191 bits in 32 characters of A-Z a-z 0-9 _ -, as Telegram's links carry them."""
    # Where a link's end is guessed, as in other messengers, a dash there would be left out of it.
    while not (token := secrets.token_urlsafe(LENGTH * 3 // 4))[-1].isalnum():
        pass
    return token


def hash_of(token: str) -> str:
    """What is kept of *token*: as long as it, so that texts keep their length, and of no use in its place.

    Not salted and quick, since there are no words to guess here.
    """
    return urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode()[:LENGTH]
