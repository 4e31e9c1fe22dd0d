"""Figures drawn as a picture, by a process of its own: `python -m bot.opportunities.drawing` reads a chart as JSON and
writes a PNG. So what is heavy is loaded when it is needed only, and nobody's answer waits for it.
"""

import io
import json
import os
import sys
from contextlib import suppress
from typing import Any, TypedDict

WIDTH, DPI = 7.2, 100
"""Inches, twice a phone's 360 points across, so that the letters below are half as large there."""

HEAD, UPRIGHT, LYING, ROW = 1.26, 3.87, 1.35, 0.45
"""Inches: title and subtitle, a panel of columns, and one of lying bars with no row and what each row adds."""

MARGIN, NAMES, GAP = 0.04, 0.45, 0.03
"""Of the width: beside everything, up to where lying bars begin, and between two columns of them."""

TITLE, SUBTITLE, PANEL, LABEL = 23, 16, 19, 17
"""Points."""

INK, FAINT = "#1f2933", "#5f6c7b"
FULL, PALE = "#0b6e4f", "#a9cdbf"
"""Of the period itself; of months beside it."""

LONGEST_NAME = 22
"""Letters of a bar's name."""

NICENESS = 10
"""Answers go first."""


class Bar(TypedDict):
    """One value: its name, how long it is, what is written at it, and whether it belongs to the period."""

    name: str
    value: float
    label: str
    is_full: bool


class Column(TypedDict):
    """What is counted, with the bars of it."""

    head: str
    bars: list[Bar]


class Panel(TypedDict):
    """Bars under one heading: upright by time, or lying by name, one column beside the other with the same names."""

    heading: str
    is_upright: bool
    columns: list[Column]
    empty: str
    """What is said where there are none."""


class Chart(TypedDict):
    """Panels, and what they are of."""

    title: str
    subtitle: str
    panels: list[Panel]


def height(chart: Chart) -> float:
    """Inches: as much as there is to draw."""
    return HEAD + sum(map(_room, chart["panels"]))


def _room(panel: Panel) -> float:
    return UPRIGHT if panel["is_upright"] else LYING + ROW * max(1, len(panel["columns"][0]["bars"]))


def draw(chart: Chart) -> bytes:
    """*chart* as a PNG that is read on a phone."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 -- heavy, and in this process only
    from matplotlib.figure import Figure  # noqa: PLC0415

    whole = height(chart)
    figure = Figure(figsize=(WIDTH, whole), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(MARGIN, 1 - 0.22 / whole, chart["title"], size=TITLE, weight="bold", color=INK, va="top")
    figure.text(MARGIN, 1 - 0.74 / whole, chart["subtitle"], size=SUBTITLE, color=FAINT, va="top")
    top = whole - HEAD
    for panel in chart["panels"]:
        figure.text(MARGIN, top / whole, panel["heading"], size=PANEL, weight="bold", color=INK, va="top")
        _fill(figure, panel, top, whole)
        top -= _room(panel)
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def _fill(figure: Any, panel: Panel, top: float, whole: float) -> None:
    """*panel*, which begins *top* inches above the foot of a picture of *whole* inches."""
    first, room = panel["columns"][0], _room(panel)
    if not first["bars"]:
        figure.text(MARGIN, (top - 0.55) / whole, panel["empty"], size=LABEL, color=FAINT, va="top")
    elif panel["is_upright"]:
        axes = _axes(figure, (MARGIN, (top - room + 0.585) / whole, 1 - 2 * MARGIN, (room - 1.125) / whole))
        _upright(axes, first["bars"])
    else:
        each = (1 - MARGIN - NAMES - GAP * (len(panel["columns"]) - 1)) / len(panel["columns"])
        bottom, tall = (top - room + 0.35) / whole, (room - LYING) / whole
        for place, column in enumerate(panel["columns"]):
            left = NAMES + place * (each + GAP)
            figure.text(left, (top - 0.55) / whole, column["head"], size=SUBTITLE, color=FAINT, va="top")
            _lying(_axes(figure, (left, bottom, each, tall)), column["bars"], is_first=place == 0, wide=each)


def _axes(figure: Any, where: tuple[float, float, float, float]) -> Any:
    axes = figure.add_axes(where)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    return axes


def _upright(axes: Any, bars: list[Bar]) -> None:
    """A column a month, its value above it."""
    places = range(len(bars))
    axes.bar(places, [bar["value"] for bar in bars], width=0.68, color=[_colour(bar) for bar in bars])
    axes.set_ylim(0, _most(bars) * 1.18)
    axes.set_xlim(-0.6, len(bars) - 0.4)
    size = LABEL if len(bars) <= 8 else LABEL - 2
    for place, bar in zip(places, bars, strict=True):
        if bar["label"]:
            axes.annotate(
                bar["label"],
                (place, bar["value"]),
                (0, 4),
                textcoords="offset points",
                ha="center",
                size=size,
                color=INK,
            )
    axes.set_xticks(list(places), [bar["name"] for bar in bars], size=size, color=INK)
    axes.tick_params(length=0, pad=6)
    axes.axhline(0, color=FAINT, linewidth=1)


def _lying(axes: Any, bars: list[Bar], *, is_first: bool, wide: float) -> None:
    """A line for each: its name in the first column, its bar, its value at the end; *wide* of the picture's width."""
    across = axes.get_yaxis_transform()
    for row, bar in enumerate(bars):
        at = len(bars) - 1 - row
        axes.barh(at, bar["value"], height=0.62, color=_colour(bar))
        if is_first:
            name_at = (MARGIN - NAMES) / wide
            axes.text(name_at, at, _cut(bar["name"]), size=LABEL, color=INK, va="center", transform=across)
        end = (bar["value"], at)
        axes.annotate(bar["label"], end, (6, 0), textcoords="offset points", va="center", size=LABEL, color=INK)
    # Room for a number at the longest bar's end.
    axes.set_xlim(0, _most(bars) * (1 + 0.1 / (wide - 0.1)))
    axes.set_ylim(-0.5, len(bars) - 0.5)
    axes.plot([0, 0], [-0.5, len(bars) - 0.5], color=FAINT, linewidth=1)


def _most(bars: list[Bar]) -> float:
    return max(1.0, *(bar["value"] for bar in bars))


def _colour(bar: Bar) -> str:
    return FULL if bar["is_full"] else PALE


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def main() -> None:
    """From standard input to standard output."""
    with suppress(OSError):  # the unit of systemd allows it to nobody
        os.nice(NICENESS)
    sys.stdout.buffer.write(draw(json.load(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
