"""The links in a post: which one it is about, and its text without them."""

import re
from collections.abc import Iterable, Iterator, Sequence

from domain.opportunities.telling import is_link

_LINK = re.compile(
    r"(?<![\w@.])(?:https?://[^\s<>\"]+|(?:www\.)?[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,4}"
    r"\.(?:id|com|net|org|gle|ly|me|link|site|info|io|app|gov|jp|uk|au|my|kr|tw|in|cn|tr)(?![\w.-]*@)(?![\w-])(?:/[^\s<>\"]*)?)",
    re.IGNORECASE,
)
_REGISTERS = re.compile(r"(?:daftar|regist|formulir|form|link|apply|submit|klik|tautan|ndaftar)\w*", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"^https?://(?:www\.)?(?:maps\.|goo\.gl/maps|google\.[a-z.]+/maps|wa\.me|api\.whatsapp\.|chat\.whatsapp\.|t\.me|instagram\."
    r"|facebook\.|fb\.|youtu|tiktok\.|x\.com|twitter\.)",
    re.IGNORECASE,
)
_NEAR = 60

_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,64}")
_UNSAFE = re.compile(r"http://[^\s<>\"]", re.IGNORECASE)


def without_links(text: str) -> str:
    """*text* with blanks where links and mail addresses stood: each word stays where it was."""
    return _ADDRESS.sub(lambda found: " " * len(found[0]), _LINK.sub(lambda found: " " * len(found[0]), text))


def without_wide_gaps(text: str) -> str:
    """*text* with single blanks and single empty lines: links that were taken out leave gaps as wide as they were."""
    return re.sub(r"\n[ \n]*\n", "\n\n", re.sub(r"[^\S\n]+", " ", text))


def without_link(text: str, link: str | None) -> str:
    """*text* without *link*, as `link_in` found it; other links stay."""
    return _LINK.sub(lambda found: "" if link and _opened(found[0]) == link else found[0], text)


def has_unsafe_link(text: str) -> bool:
    """Whether a link of http stands in it, for which a message has no button."""
    return bool(_UNSAFE.search(text))


def link_in(text: str, links: Sequence[str]) -> str | None:
    """One beside "daftar" first, then those under words, then the others; maps and chats only where nothing else is.

    None too where that one is of http: another is not the one that is meant.
    """
    ranked: list[tuple[int, str]] = []
    for found in _LINK.finditer(text):
        before = text[max(0, found.start() - _NEAR) : found.start()]
        ranked.append((0 if _REGISTERS.search(before) else 2, found[0]))
    ranked += [(1, link) for link in links[:50]]
    usable = [(rank + (10 if _ELSEWHERE.search(link) else 0), link) for rank, link in _usable(ranked)]
    best = min(usable, key=lambda pair: pair[0])[1] if usable else None
    return best if best and is_link(best) else None


def _usable(ranked: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for rank, typed in ranked:
        link = _opened(typed)
        if is_link(re.sub(r"^http:", "https:", link, flags=re.IGNORECASE)):
            yield rank, link


def _opened(typed: str) -> str:
    """As a browser takes it, without the sentence's end."""
    link = typed.strip().rstrip(".,;:!?)]}'\"*_~")
    return link if re.match(r"https?://", link, re.IGNORECASE) else f"https://{link}"
