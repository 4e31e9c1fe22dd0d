"""Posters for the wall of a kecamatan, a market, a shop: what the bot helps with, and a code that leads to it."""

from collections.abc import Iterable

from bot.people.letters import sender_of
from bot.people.paper import GREEN, HEIGHT, INNER, MARGIN, WIDTH, Paper
from domain import register
from domain.district import District
from messages import Sentence, say

LINK = "https://t.me/{username}?start={source}"

CODE_SIDE = 96.0
"""Millimetres: read from two steps away."""


def posters_of(kecamatan: Iterable[str], username: str, district: District, language: str) -> bytes:
    """A PDF with a page for each of *kecamatan*."""
    paper = Paper(say("poster.title", kecamatan=district.short_name).in_language(language))
    for name in kecamatan:
        _draw(paper, name, username, district, language)
        paper.next_page()
    return paper.finished()


def _draw(paper: Paper, kecamatan: str, username: str, district: District, language: str) -> None:
    def write(said: Sentence | str, top: float, size: float, most: float, colour: str = "#000000") -> float:
        text = said.in_language(language) if isinstance(said, Sentence) else said
        return paper.write(text, top, size, most=most, colour=colour, is_centred=True)

    paper.band(HEIGHT, 78)
    y = write(say("poster.title", kecamatan=kecamatan), HEIGHT - 16, 36, 32, "#ffffff")
    write(say("poster.offer", district=district.name), y - 3, 20, 24, "#ffffff")
    y = write(say("poster.can"), HEIGHT - 86, 17, 17)
    y = write(say("poster.example"), y - 3, 15, 14, GREEN)
    top = y - 9
    link = LINK.format(username=username, source=register.source_of(kecamatan))
    paper.code(link, (WIDTH - CODE_SIDE) / 2, top, CODE_SIDE)
    y = write(say("poster.steps"), top - CODE_SIDE - 7, 15, 26)
    y = write(say("poster.search", username=username), y - 2, 12, 8)
    paper.band(27, 0.6, left=MARGIN, width=INNER)
    y = write("\n".join(sender_of(district)), 25, 10, 14)
    write(say("poster.safe"), y - 1, 9, 6, "#444444")
