"""QR codes on paper: drawn as one shape, sharp at any size and without hairs between its squares."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any


def code_of(link: str) -> Sequence[Sequence[int]]:
    """The squares of the code that says *link*, row by row, without the white around it."""
    import segno  # noqa: PLC0415 -- heavy, and seldom needed

    return tuple(segno.make(link, error="m", micro=False).matrix)


def draw_code(canvas: Any, matrix: Sequence[Sequence[int]], x: float, y: float, side: float) -> None:
    """Draw *matrix* in black on reportlab's *canvas*; *x*, *y* is its lower left corner, all in points.

    Leave it a white rim of four of its squares.
    """
    square = side / len(matrix)
    path = canvas.beginPath()
    for row, bits in enumerate(matrix):
        column = 0
        for bit, run in groupby(bits):
            length = len(list(run))
            if bit:
                path.rect(x + column * square, y + side - (row + 1) * square, length * square, square)
            column += length
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawPath(path, stroke=0, fill=1)
