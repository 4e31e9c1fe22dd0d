"""The list of who is interested in an opportunity and agreed that it goes on (XLSX), made when it is sent."""

import asyncio
import io
from collections.abc import Sequence

from bot.deliverer import File
from db.models import Opportunity, Profile
from db.session import Session
from domain.forms import phone
from domain.opportunities import interested, needs
from domain.opportunities.interested import Interested
from messages import FIRST_LANGUAGE, Number, Sentence, say

HEAD = ("No", "Nama", "Usaha", "Produk", "Kecamatan", "Telepon", "NIB", "Halal", "PIRT", "Kapasitas sebulan", "Status")
WIDTHS = (5, 28, 28, 32, 18, 18, 12, 12, 12, 20, 14)

PAPERS = {needs.YES: "sudah", needs.NO: "belum"}


async def interested_list(session: Session, opportunity_id: int) -> File | None:
    """As it stands now: only those who agreed; how many others there are is said below. None for none there is."""
    if await session.get(Opportunity, opportunity_id) is None:
        return None
    everybody = await interested.of(session, opportunity_id)
    agreed = [one for one in everybody if one.interest.may_share]
    others = len(everybody) - len(agreed)
    below = _said(say("interested.others", number=Number(others))) if others else ""
    made = await asyncio.to_thread(_spreadsheet, [_line(one) for one in agreed], below)
    return File(f"berminat-{opportunity_id}.xlsx", made)


def _line(one: Interested) -> tuple[str, ...]:
    profile = one.profile or Profile(person_id=one.person.id, changed_at=one.person.met_at)
    return (
        one.name or "-",
        profile.business or "",
        ", ".join(profile.products or ()),
        profile.kecamatan or "",
        _said(phone.spoken(one.phone)) if one.phone else "",
        *(PAPERS.get(getattr(profile, paper) or "", "") for paper in needs.PAPERS),
        _said(needs.capacity_names().get(profile.capacity or "", "")),
        _said(say(f"interest.standing_{one.interest.standing.value}")),
    )


def _said(sentence: Sentence | str) -> str:
    """Papers are in the first language, whoever asks for them."""
    return sentence.in_language(FIRST_LANGUAGE) if isinstance(sentence, Sentence) else sentence


def _spreadsheet(lines: Sequence[Sequence[str]], below: str) -> bytes:
    """What begins like a formula is text: nobody's name may compute, nor a character that no sheet takes spoil it."""
    from openpyxl import Workbook  # noqa: PLC0415 -- heavy, and seldom needed
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Berminat")
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJK", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    head = []
    for name in HEAD:
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    texts: list[tuple[int | str, Sequence[str]]] = [*enumerate(lines, 1), *([("", [below])] if below else [])]
    for number, line in texts:
        cells: list[object] = [number]
        for text in line:
            cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
