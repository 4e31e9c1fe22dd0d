"""Spreadsheets (XLSX): a bold head that stays in sight, and text that is nothing but text."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

Cell = str | int

NARROWEST = 14
"""How wide a column is that is given no width."""


class Book:
    """One that is written sheet by sheet."""

    def __init__(self) -> None:
        from openpyxl import Workbook  # noqa: PLC0415 -- heavy, and seldom needed

        self._book = Workbook(write_only=True)

    def add(self, name: str, widths: Sequence[int], head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """A sheet; columns beyond *widths* are NARROWEST wide."""
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- as above

        sheet = self._book.create_sheet(_plain(name))
        sheet.freeze_panes = "A2"
        for place, width in enumerate([*widths, *[NARROWEST] * (len(head) - len(widths))], 1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.append([_cell(sheet, value, is_bold=True) for value in head])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])

    def content(self) -> bytes:
        """The file."""
        file = io.BytesIO()
        self._book.save(file)
        return file.getvalue()


def _cell(sheet: Any, value: Cell, *, is_bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 -- as above
    from openpyxl.styles import Font  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, value=_plain(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # what begins like a formula is text: nobody's name may compute
    if is_bold:
        cell.font = Font(bold=True)
    return cell


def _plain(text: str) -> str:
    """Without the characters that no sheet takes, so that nobody's name spoils it."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415 -- as above

    return ILLEGAL_CHARACTERS_RE.sub("", text)
