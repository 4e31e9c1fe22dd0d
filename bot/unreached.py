"""The list of whom a broadcast did not reach (XLSX), made when it is sent."""

import asyncio
from collections.abc import Sequence

from bot.deliverer import File
from bot.spreadsheets import Book
from db.models import Broadcast, RecipientState
from db.session import Session
from domain.broadcasts import reasons, unreached
from domain.broadcasts.unreached import Unreached
from domain.forms import phone
from messages import FIRST_LANGUAGE, Sentence, say

HEAD = ("No", "Nama", "Usaha", "Kecamatan", "Telepon", "Kenapa")
WIDTHS = (5, 28, 28, 18, 18, 44)


async def unreached_list(session: Session, broadcast_id: int) -> File | None:
    """As it stands now; None for a broadcast there is not."""
    broadcast = await session.get(Broadcast, broadcast_id)
    if broadcast is None:
        return None
    found = await unreached.unreached(session, broadcast)
    lines = [(one.name, one.business, one.kecamatan, _phone(one), _why(one)) for one in found]
    return File(f"tak-terjangkau-{broadcast_id}.xlsx", await asyncio.to_thread(_spreadsheet, lines))


def _phone(one: Unreached) -> str:
    return _said(phone.spoken(one.phone)) if one.phone else ""


def _why(one: Unreached) -> str:
    if one.state is RecipientState.BLOCKED:
        return _said(say("broadcast.why_blocked"))
    return _said(reasons.reason_of(one.reason))


def _said(sentence: Sentence | str) -> str:
    """Papers are in the first language, whoever asks for them."""
    return sentence.in_language(FIRST_LANGUAGE) if isinstance(sentence, Sentence) else sentence


def _spreadsheet(lines: Sequence[Sequence[str]]) -> bytes:
    book = Book()
    book.add("Tak terjangkau", WIDTHS, HEAD, ([number, *line] for number, line in enumerate(lines, 1)))
    return book.content()
