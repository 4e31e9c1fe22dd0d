"""Letters that invite, one person a page: what the bot does for them, how to open it, who sends it."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.people.paper import GREEN, HEIGHT, MARGIN, WIDTH, Paper
from domain.district import District
from domain.forms import phone
from domain.register import Waiting
from messages import Date, Sentence, say

LINK = "https://t.me/{username}?start=undangan_{token}"

CODE_SIDE = 58.0
"""Millimetres: large enough for the camera of an old phone."""


@dataclass(frozen=True)
class Letter:
    """To whom, and the link that is theirs alone."""

    to: Waiting
    link: str
    until: date


def letters_of(letters: Iterable[Letter], district: District, language: str) -> bytes:
    """A PDF with a page for each."""
    paper = Paper(say("letter.title").in_language(language))
    for letter in letters:
        _write(paper, letter, district, language)
        paper.next_page()
    return paper.finished()


def _write(paper: Paper, letter: Letter, district: District, language: str) -> None:
    def said(key: Sentence) -> str:
        return key.in_language(language)

    short = " & ".join(office.short_name for office in district.offices)
    paper.band(HEIGHT, 7)
    y = paper.write("\n".join(f"<b>{line}</b>" for line in sender_of(district)), HEIGHT - 14, 11, most=20)
    y = paper.write(said(_address(letter.to)), y - 7, 12.5, most=26)
    y = paper.write(f"<b>{said(say('letter.title'))}</b>", y - 8, 20, most=18, colour=GREEN)
    y = paper.write(said(say("letter.offer", district=district.name)), y - 4, 12, most=24)
    y = paper.write(said(say("letter.can")), y - 2, 12, most=30)
    top = y - 8
    paper.code(letter.link, MARGIN, top, CODE_SIDE)
    left = MARGIN + CODE_SIDE + 9
    paper.write(said(say("letter.steps")), top, 13, left=left, width=WIDTH - MARGIN - left, most=CODE_SIDE)
    until = Date(letter.until.isoformat())
    y = paper.write(said(say("letter.until", until=until)), top - CODE_SIDE - 5, 12, most=18)
    ends = paper.write(said(say("letter.safe")), y - 9, 12, most=20)
    paper.frame(y - 6, ends - 4)
    paper.write(said(say("letter.sender", offices=short, district=district.name)), ends - 9, 12, most=18)
    link = f'<a href="{letter.link}">{letter.link.removeprefix("https://")}</a>'
    paper.write(f"{said(say('letter.not_you'))}\n{link}", 20, 8.5, most=14, colour="#444444")


def sender_of(district: District) -> list[str]:
    """Who writes, line by line: the offices, and of which district."""
    return [html.escape(name, quote=False) for name in (*(office.name for office in district.offices), district.name)]


def _address(to: Waiting) -> Sentence:
    if to.business:
        return say("letter.to_business", name=to.name, business=to.business, kecamatan=to.kecamatan)
    return say("letter.to", name=to.name, kecamatan=to.kecamatan)


def text_of(letter: Letter, district: District, language: str) -> str:
    """What is sent to them by WhatsApp in place of the letter, under a line that says to whom."""
    to = letter.to
    who = f"{to.name} ({to.business})" if to.business else to.name
    where = f"https://wa.me/{to.phone.removeprefix('+')}" if to.phone else "-"
    number = phone.spoken(to.phone) if to.phone else "-"
    spoken = number.in_language(language) if isinstance(number, Sentence) else number
    offices = " & ".join(office.short_name for office in district.offices)
    sentence = say(
        "letter.whatsapp",
        name=to.name,
        offices=offices,
        district=district.name,
        until=Date(letter.until.isoformat()),
        link=letter.link,
    )
    return f"=== {who} · {spoken} · {where}\n\n{plain(sentence.in_language(language))}\n"


def plain(text: str) -> str:
    """A sentence's HTML as text."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))
