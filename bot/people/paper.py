"""A4 pages on which things are written from the top down; all measures are in millimetres."""

import io
import re
import unicodedata
from html import escape
from typing import Any

from bot.qr import code_of, draw_code

WIDTH, HEIGHT = 210.0, 297.0
MARGIN = 22.0
INNER = WIDTH - 2 * MARGIN
GREEN = "#0b6e4f"
_POINTS = 72 / 25.4
_SMALLEST = 8.0
"""Points."""
_MARKED = re.compile(r"(?:(•|\d\.)\s+)?(.*)", re.DOTALL)


class Paper:
    """A PDF that grows page by page. Texts are Telegram's HTML, as sentences give it; no tag goes over a line's end."""

    def __init__(self, title: str) -> None:
        from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 -- heavy, and seldom needed

        self._file = io.BytesIO()
        self._canvas: Any = Canvas(self._file, pagesize=(WIDTH * _POINTS, HEIGHT * _POINTS))
        self._canvas.setTitle(title)
        self._canvas.setAuthor("")
        self._fonts: dict[Any, Any] = {}

    def write(
        self,
        html: str,
        top: float,
        size: float = 11.5,
        *,
        left: float = MARGIN,
        width: float = INNER,
        most: float = HEIGHT,
        colour: str = "#000000",
        is_centred: bool = False,
    ) -> float:
        """Write *html* from *top* (measured from the page's lower edge) down, in letters of *size* points; where it
        ends. It takes smaller letters where it would be higher than *most*.
        """
        while True:
            paragraphs = [self._paragraph(line, size, colour, is_centred=is_centred) for line in html.split("\n")]
            heights = [paragraph.wrap(width * _POINTS, HEIGHT * _POINTS)[1] for paragraph in paragraphs]
            if sum(heights) <= most * _POINTS or size <= _SMALLEST:
                break
            size -= 0.5
        y = top * _POINTS
        for paragraph, height in zip(paragraphs, heights, strict=True):
            y -= height
            paragraph.drawOn(self._canvas, left * _POINTS, y)
        return float(y / _POINTS)

    def _paragraph(self, line: str, size: float, colour: str, *, is_centred: bool) -> Any:
        """One line; what follows a bullet or a number at its beginning hangs behind it."""
        from reportlab.platypus import Paragraph  # noqa: PLC0415 -- heavy, and seldom needed

        mark, rest = _MARKED.fullmatch(printable(line)).groups()  # type: ignore[union-attr]  # anything matches
        style = self._style(size, colour, is_centred=is_centred, is_marked=bool(mark))
        return Paragraph(rest or "&nbsp;", style, bulletText=mark)

    def _style(self, size: float, colour: str, *, is_centred: bool, is_marked: bool) -> Any:
        from reportlab.lib.colors import HexColor  # noqa: PLC0415 -- heavy, and seldom needed
        from reportlab.lib.enums import TA_CENTER, TA_LEFT  # noqa: PLC0415
        from reportlab.lib.styles import ParagraphStyle  # noqa: PLC0415

        name = (size, colour, is_centred, is_marked)
        if name not in self._fonts:
            self._fonts[name] = ParagraphStyle(
                str(name),
                fontName="Helvetica",
                fontSize=size,
                leading=size * 1.32,
                textColor=HexColor(colour),
                alignment=TA_CENTER if is_centred else TA_LEFT,
                leftIndent=size * 1.3 if is_marked else 0,
                bulletFontSize=size,
            )
        return self._fonts[name]

    def code(self, link: str, left: float, top: float, side: float) -> None:
        """Draw the QR code that says *link*; on a screen it can be clicked."""
        x, y, points = left * _POINTS, (top - side) * _POINTS, side * _POINTS
        draw_code(self._canvas, code_of(link), x, y, points)
        self._canvas.linkURL(link, (x, y, x + points, y + points))

    def band(self, top: float, height: float, colour: str = GREEN, left: float = 0.0, width: float = WIDTH) -> None:
        """A coloured bar, from *top* down."""
        self._canvas.setFillColor(colour)
        self._canvas.rect(left * _POINTS, (top - height) * _POINTS, width * _POINTS, height * _POINTS, stroke=0, fill=1)

    def frame(self, top: float, bottom: float) -> None:
        """A thin frame between the margins."""
        self._canvas.setStrokeColor(GREEN)
        self._canvas.setLineWidth(1.2)
        x, y, width, height = MARGIN - 4, bottom, INNER + 8, top - bottom
        self._canvas.roundRect(x * _POINTS, y * _POINTS, width * _POINTS, height * _POINTS, 6)

    def next_page(self) -> None:
        self._canvas.showPage()

    def finished(self) -> bytes:
        self._canvas.save()
        return self._file.getvalue()


def printable(text: str) -> str:
    """*text* in the letters that every printer has; of others the plain letter, and nothing in place of pictures."""
    kept = text.encode("cp1252", "ignore").decode("cp1252")
    return text if kept == text else "".join(_plain(letter) for letter in text)


def _plain(letter: str) -> str:
    # What is only like a < must not become one unescaped.
    forms = [letter, *(escape(form, quote=False) for form in unicodedata.normalize("NFKD", letter))]
    return next((form for form in forms if form.encode("cp1252", "ignore")), "")
