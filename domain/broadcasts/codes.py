"""The public code under every broadcast: with it anybody can ask whether a message is ours."""

import re
import secrets
from collections.abc import Iterable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without what is mixed up when it is copied by hand: 0 and O, 1 and I and L."""

LENGTH = 10

_LIKE = str.maketrans("0OD1ILJ5286U", "QQQ7777SZBGV")
"""What is mixed up in reading, as one letter of each kind, whether it stands in a code or not."""

_PART = r"[0-9A-Za-z]{5}"
_DASH = r"[ \-‐-―−.]"
_WRITTEN = re.compile(
    rf"(?<![0-9A-Za-z])(?=({_PART}){_DASH}{{0,3}}({_PART})(?![0-9A-Za-z])"
    r"|([0-9A-Za-z]{4,6})[\-‐-―−]([0-9A-Za-z]{4,6})(?![0-9A-Za-z]))"
)
"""As it should be; or, with its hyphen, with a letter too many or too few."""

_FIGURE = re.compile(r"[2-9]")
_SPACED = re.compile(r"[^0-9A-Za-z]+")


def new() -> str:
    """A code as it is shown: "7KQ2M-XW9PD"; with figures before and after, since letters alone may be words,
    and a slip may take one.
    """
    letters = ""
    while not (_FIGURE.search(letters[:5]) and _FIGURE.search(letters[5:])):
        letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def read(text: str) -> list[str]:
    """Whatever may be a code in *text*, as they are shown; ten letters without a hyphen may be a word too."""
    found = (match.group(1, 2) if match[1] else match.group(3, 4) for match in _WRITTEN.finditer(text))
    return [f"{first}-{second}".upper() for first, second in found]


def typed(text: str) -> str | None:
    """*text* as a code when it is nothing else, however it is spaced; None when it is too long or short for one."""
    letters = _SPACED.sub("", text).upper()
    # Words may have as many letters: without a figure it is one word, in capitals or with a hyphen.
    is_word = not any(letter.isdigit() for letter in letters) and not (text.strip().isupper() or "-" in text)
    if is_word or not LENGTH - 1 <= len(letters) <= LENGTH + 1:
        return None
    return f"{letters[:5]}-{letters[5:]}"


def nearest(written: str, known: Iterable[str]) -> str | None:
    """Which of the *known* codes is meant by *written*: the same, one that looks the same, one a slip away."""
    known = list(known)
    if written in known:
        return written
    alike = _alike(written)
    if same := [code for code in known if _alike(code) == alike]:
        return same[0] if len(same) == 1 else None
    slips = [code for code in known if _is_slip(written.replace("-", ""), code.replace("-", ""))]
    return slips[0] if len(slips) == 1 else None


def _alike(code: str) -> str:
    return code.replace("-", "").translate(_LIKE)


def _is_slip(one: str, other: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two stand in each other's place."""
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        wrong = [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
        if len(wrong) == 1:
            return True
        return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(one) == sorted(other)
    short, long = sorted((one, other), key=len)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))
