"""A poster for the wall: what, when, where, and a QR code that leads to registration."""

import io
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.qr import code_of, draw_code
from bot.trainings.lists import printable

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, INNER = 20 * MM, 170 * MM
BAND, CODE_SIDE = 105 * MM, 68 * MM
GREEN, BLACK, WHITE = "#0b6e4f", "#000000", "#ffffff"
MOST_DAYS = 4
ABOVE_THE_CODE = 97 * MM
SMALLEST = 9
STEPS = ("1. Buka kamera, arahkan ke kode ini", "2. Telegram terbuka, tekan Mulai", "3. Tekan Daftar")


@dataclass(frozen=True)
class Announced:
    """What the poster says, each as it is to be read."""

    title: str
    days: Sequence[str]
    place: str
    office: str
    description: str
    seats: str
    link: str
    """What the code says."""


def poster(announced: Announced) -> bytes:
    """A PDF of one page A4."""
    from reportlab.lib.colors import HexColor  # noqa: PLC0415 -- heavy, and seldom needed
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 -- heavy, and seldom needed

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    canvas.setTitle(announced.title)
    canvas.setFillColor(HexColor(GREEN))
    canvas.rect(0, HEIGHT - BAND, WIDTH, BAND, stroke=0, fill=1)
    y = _write(canvas, f"{announced.office} mengundang Anda", 16, HEIGHT - 18 * MM, WHITE)
    _write(canvas, announced.title, 38, y - 4 * MM, WHITE, is_bold=True, most=70 * MM)
    _say_when_and_where(canvas, announced)
    _say_how(canvas, announced)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _say_when_and_where(canvas: Any, announced: Announced) -> None:
    y = HEIGHT - BAND - 7 * MM
    for day in announced.days[:MOST_DAYS]:
        y = _write(canvas, day, 17, y, BLACK, is_bold=True) - 1 * MM
    if len(announced.days) > MOST_DAYS:
        y = _write(canvas, f"dan {len(announced.days) - MOST_DAYS} hari lagi", 14, y, BLACK) - 1 * MM
    y = _write(canvas, announced.place, 16, y - 2 * MM, BLACK, most=20 * MM) - 3 * MM
    _write(canvas, announced.description, 13, y, BLACK, most=y - ABOVE_THE_CODE)


def _say_how(canvas: Any, announced: Announced) -> None:
    draw_code(canvas, code_of(announced.link), LEFT, 22 * MM, CODE_SIDE)
    x = LEFT + CODE_SIDE + 8 * MM
    lines = [("Daftar lewat HP:", 78, 19, "Helvetica-Bold")]
    lines += [(step, 68 - 8 * number, 14, "Helvetica") for number, step in enumerate(STEPS)]
    lines += [(announced.link.removeprefix("https://"), 38, 11, "Helvetica"), (announced.seats, 32, 11, "Helvetica")]
    for text, height, size, font in lines:
        canvas.setFont(font, size)
        canvas.drawString(x, height * MM, text)
    canvas.setFont("Helvetica", 9)
    canvas.drawString(LEFT, 12 * MM, "Petugas tidak pernah meminta NIK, kata sandi, atau uang lewat bot ini.")


def _write(
    canvas: Any, text: str, size: int, top: float, colour: str, *, is_bold: bool = False, most: float = HEIGHT
) -> float:
    """Write a paragraph below *top*, no higher than *most*, in smaller letters, then fewer words; where it ends."""
    words = printable(text).split()
    for smaller in range(size, SMALLEST - 1, -1):
        paragraph, used = _wrapped(" ".join(words), smaller, colour, is_bold=is_bold)
        if used <= most:
            break
    else:
        cut = [" ".join(words[:number]).rstrip(".,;:") + "…" for number in range(1, len(words))]
        fitting = bisect_right(cut, most, key=lambda some: _wrapped(some, SMALLEST, colour, is_bold=is_bold)[1])
        if not fitting:
            return top
        paragraph, used = _wrapped(cut[fitting - 1], SMALLEST, colour, is_bold=is_bold)
    paragraph.drawOn(canvas, LEFT, top - used)
    return top - used


def _wrapped(text: str, size: int, colour: str, *, is_bold: bool) -> tuple[Any, float]:
    """A paragraph, and how high it is."""
    from reportlab.lib.colors import HexColor  # noqa: PLC0415 -- heavy, and seldom needed
    from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415 -- heavy, and seldom needed
    from reportlab.platypus import Paragraph  # noqa: PLC0415 -- heavy, and seldom needed

    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    font = "Helvetica-Bold" if is_bold else "Helvetica"
    style = ParagraphStyle("line", fontName=font, fontSize=size, leading=size * 1.25, textColor=HexColor(colour))
    paragraph = Paragraph(escaped, style)
    return paragraph, float(paragraph.wrap(INNER, HEIGHT)[1])
