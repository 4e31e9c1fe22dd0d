"""The list of whom a broadcast did not reach (XLSX), made when it is sent."""

import asyncio
import io
from collections.abc import Sequence

from bot.deliverer import File
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
    """What begins like a formula is text: nobody's name may compute."""
    from openpyxl import Workbook  # noqa: PLC0415 -- heavy, and seldom needed
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Tak terjangkau")
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    head = []
    for name in HEAD:
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    for number, line in enumerate(lines, 1):
        cells: list[object] = [number]
        for text in line:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
