"""What a post says beside what stands in fields of its own: specification, price, how to send samples, whom to call."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.district import District
from domain.opportunities import reading_deadline
from domain.opportunities.reading_lines import (
    FEWEST_LETTERS,
    bare,
    cleaned,
    letters_in,
    place_in,
    sought_from,
    source_in,
    spoken,
    title_in,
    undecorated,
)
from domain.opportunities.reading_links import has_unsafe_link, without_link, without_links


@dataclass(frozen=True)
class _Line:
    starts: int
    text: str


def body_of(text: str, link: str | None, district: District) -> str:
    """*text* in lines, what is sought first; without a line that is the title, or only a deadline, place, source or
    link (*link* is what was read). "" where there is nothing.
    """
    shown = cleaned(text)
    plain = without_links(shown)
    title, sought = title_in(plain, district), sought_from(plain)
    lines = list(_lines(shown))
    # One line alone has nothing beside it.
    rest = [line for line in lines if not _is_kept_elsewhere(line.text, title, district)] or lines
    first: list[str] = []
    if sought:
        own = next(line for line in _lines(shown) if line.starts <= sought.starts <= line.starts + len(line.text))
        is_begun = own == lines[0] and not _SENTENCE_ENDS.search(own.text, 0, sought.starts - own.starts)
        if sought.is_labelled or is_begun:
            first = [_tidy(shown[sought.starts : own.starts + len(own.text)], link, district)]
            rest = [line for line in lines if line != own and line in rest]
    said = [*first, *(_tidy(line.text, link, district) for line in rest)]
    return "\n".join(line for line in said if letters_in(line) >= FEWEST_LETTERS or has_unsafe_link(line))


def _lines(text: str) -> Iterator[_Line]:
    starts = 0
    for line in text.split("\n"):
        if any(letter.isalnum() for letter in line):
            yield _Line(starts, line)
        starts += len(line) + 1


def _tidy(line: str, link: str | None, district: District) -> str:
    without = without_link(line, link)
    said = undecorated(without).lstrip(" -–—:;,.!>»").rstrip(" -–—;,>»")
    return spoken(_LEADS_TO_LINK.sub("", said) if without != line else said, district)


_LEADS_TO_LINK = re.compile(r"(?:\s+(?:via|di|lewat|melalui|at))?(?<![\s:])[\s:]*$", re.IGNORECASE)


def _is_kept_elsewhere(line: str, title: str | None, district: District) -> bool:
    if has_unsafe_link(line):
        return False
    plain = without_links(line)
    said = bare(plain)
    if letters_in(said) < FEWEST_LETTERS and not any(letter.isdigit() for letter in said):
        return True
    if len(line) > _LONGEST_FIELD:
        return False
    if _CALLS.fullmatch(said) and plain != line:
        return True
    if title and title_in(line, district) == title and len(said) <= len(title) + _GREETED:
        return True
    return reading_deadline.is_only_deadline(plain) or any(
        (value := read(f"{plain}\n"))
        and re.fullmatch(rf"{_NAMED}\W*{re.escape(value)}\W*", plain.strip(), re.IGNORECASE)
        for read in (place_in, source_in)
    )


_CALLS = re.compile(
    r"(?:(?:formulir|form|link|tautan|daftar|pendaftaran|registrasi|info(?:rmasi)?|klik|di|via|ke|sini|lengkap(?:nya)?|selengkapnya|di\s?bawah"
    r"|register|here|apply|registration)\W*){1,6}",
    re.IGNORECASE,
)
"""What stands before a link and says nothing without it."""

_SENTENCE_ENDS = re.compile(r"[.!?]\s")

_LONGEST_FIELD = 300
"""Characters beyond which a line says more than a field holds."""
_GREETED = 40
"""Characters that a greeting or a label before the title may take."""

_NAMED = (
    r"\W*(?:tempat(?:\s+\w+)?|lokasi(?:\s+\w+)?|alamat|venue|location|place|sumber|source|penyelenggara|organi[sz]er"
    r"|info\s+dari|dari)?\s*[:=]?"
)
