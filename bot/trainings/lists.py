"""The numbered list for the door (PDF) and the participants (XLSX)."""

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.spreadsheets import Book, Cell


@dataclass(frozen=True)
class Participant:
    """One line. Everything is text as it is to be read."""

    number: str
    """On the printed list; empty for who waits."""
    name: str
    business: str
    kecamatan: str
    phone: str
    code: str
    is_coming: str
    """What they said on the eve: ya, tidak or nothing."""
    there: tuple[bool, ...]
    """By day."""
    answers: tuple[str, ...] = ()
    note: str = ""


SPARE_LINES = 6
"""Empty lines for who comes without having registered."""

UPRIGHT_DAYS = 3
"""So many days stand beside the names on an upright page; more need a broad one."""

MARK_NEEDS = 12
"""Millimetres for a whole word in a day's column."""


def numbered_list(title: str, days: Sequence[str], place: str, participants: Sequence[Participant]) -> bytes:
    """A PDF on A4 with a line to sign for each; numbers never change, so that "hadir 3 7 12" can follow later."""
    from reportlab.lib.pagesizes import A4, landscape  # noqa: PLC0415 -- heavy, and seldom needed
    from reportlab.lib.styles import getSampleStyleSheet  # noqa: PLC0415
    from reportlab.lib.units import mm  # noqa: PLC0415
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer  # noqa: PLC0415

    file, margin = io.BytesIO(), 15 * mm
    size = A4 if len(days) <= UPRIGHT_DAYS else landscape(A4)
    page = SimpleDocTemplate(
        file,
        pagesize=size,
        title=printable(title),
        leftMargin=margin,
        rightMargin=margin,
        topMargin=margin,
        bottomMargin=margin,
    )
    styles = getSampleStyleSheet()
    head: list[Any] = [Paragraph(_escaped(title), styles["Heading2"])]
    head += [Paragraph(_escaped(line), styles["Normal"]) for line in (*days, place)]
    table = _table(days, participants, (size[0] - 2 * margin) / mm)

    def number_page(canvas: Any, _: object) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawRightString(size[0] - margin, 8 * mm, f"{printable(title)} - {canvas.getPageNumber()}")

    page.build([*head, Spacer(1, 5 * mm), table], onFirstPage=number_page, onLaterPages=number_page)
    return file.getvalue()


def _table(days: Sequence[str], participants: Sequence[Participant], width: float) -> Any:
    """A line for each of *participants*, and empty ones, *width* millimetres across."""
    from reportlab.lib import colors  # noqa: PLC0415 -- heavy, and seldom needed
    from reportlab.lib.styles import getSampleStyleSheet  # noqa: PLC0415
    from reportlab.lib.units import mm  # noqa: PLC0415
    from reportlab.platypus import Paragraph, Table, TableStyle  # noqa: PLC0415

    normal, columns = getSampleStyleSheet()["Normal"], [10.0, 46.0, 43.0, 28.0, 19.0]
    each = (width - sum(columns)) / max(1, len(days))
    is_wide = each >= MARK_NEEDS
    names = [f"Hari {number}" if is_wide else str(number) for number in range(1, len(days) + 1)]
    rows: list[list[object]] = [["No", "Nama", "Usaha", "Kecamatan", "Kode", *names]]
    for one in participants:
        marks = [("hadir" if is_wide else "v") if there else "" for there in one.there]
        name, business = Paragraph(_escaped(one.name), normal), Paragraph(_escaped(one.business), normal)
        rows.append([one.number, name, business, printable(one.kecamatan), one.code, *marks])
    rows += [[""] * (5 + len(days))] * SPARE_LINES
    table = Table(rows, colWidths=[column * mm for column in (*columns, *[each] * len(days))], repeatRows=1)
    lines: list[Any] = [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
        ("FONTSIZE", (0, 0), (-1, -1), 9),
        # Room for a hand to sign.
        ("TOPPADDING", (0, 1), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 1), (-1, -1), 6),
    ]
    table.setStyle(TableStyle(lines))
    return table


def printable(text: str) -> str:
    """*text* in the PDF's own letters, which know no other scripts: those are spelt in ours, pictures are left out.

    What is nothing but pictures is named, since "-" would be nobody.
    """
    words = unicodedata.normalize("NFKC", text).split()
    plain = " ".join(filter(None, map(_spelt, words)))
    return plain or " ".join(_spelling(text).replace(":", " ").replace("_", " ").split()) or ("-" if words else "")


def _spelt(word: str) -> str:
    """*word* in letters that the PDF writes; a name from a script without capitals gets one."""
    if _is_writable(word):
        return word
    kept = "".join(
        letter if _is_writable(letter) else _spelling(letter)
        for letter in word
        if _is_writable(letter) or unicodedata.category(letter)[0] in "LMN"
    )
    has_case = any(letter.isupper() or letter.islower() for letter in word)
    return kept if has_case else kept[:1].upper() + kept[1:]


def _is_writable(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _spelling(text: str) -> str:
    from anyascii import anyascii  # noqa: PLC0415 -- a large table, and seldom needed

    return anyascii(text).replace("`", "'")


def _escaped(text: str) -> str:
    return printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def spreadsheet(
    title: str, days: Sequence[str], questions: Sequence[str], participants: Sequence[Participant]
) -> bytes:
    """An XLSX with a line for each."""
    names = ["No", "Nama", "Usaha", "Kecamatan", "Telepon", "Kode", "Kabar H-1", *(f"Hadir {day}" for day in days)]
    book = Book()
    book.add(_sheet_name(title), (), [*names, *questions, "Catatan"], map(_line, participants))
    return book.content()


def _line(one: Participant) -> list[Cell]:
    number = int(one.number) if one.number.isdigit() else one.number
    there = ["hadir" if there else "" for there in one.there]
    about = [one.name, one.business, one.kecamatan, one.phone, one.code, one.is_coming]
    return [number, *about, *there, *one.answers, one.note]


def _sheet_name(title: str) -> str:
    """At most 31 characters, without those a sheet's name may not have."""
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in title)[:31].strip() or "Peserta"
