"""Figures drawn as a picture, by a process of its own: `python -m bot.opportunities.drawing` reads a chart as JSON and
writes a PNG. So what is heavy is loaded when it is needed only, and nobody's answer waits for it.
"""

import io
import json
import os
import sys
from contextlib import suppress
from typing import Any, TypedDict

WIDTH, HEIGHT, DPI = 7.2, 9.0, 100
"""Inches, twice a phone's 360 points across, so that the letters below are half as large there."""

MARGIN, NAMES, BELOW_HEAD = 0.04, 0.45, 0.86
"""Of width: beside everything, and up to where lying bars begin; of height: below title and subtitle."""

TITLE, SUBTITLE, PANEL, LABEL = 23, 16, 19, 17
"""Points."""

INK, FAINT = "#1f2933", "#5f6c7b"
FULL, PALE = "#0b6e4f", "#a9cdbf"
"""Of the period itself; of months beside it."""

LONGEST_NAME = 22
"""Letters of a bar's name."""

FEWEST_ROWS = 6
"""Lying bars stand as close as if there were so many."""

NICENESS = 10
"""Answers go first."""


class Bar(TypedDict):
    """One value: its name, how long it is, what is written at it, and whether it belongs to the period."""

    name: str
    value: float
    label: str
    is_full: bool


class Panel(TypedDict):
    """Bars under one heading: upright by time, or lying by name."""

    heading: str
    is_upright: bool
    bars: list[Bar]
    empty: str
    """What is said where there are none."""


class Chart(TypedDict):
    """At most two panels, and what they are of."""

    title: str
    subtitle: str
    panels: list[Panel]


def draw(chart: Chart) -> bytes:
    """*chart* as a PNG that is read on a phone."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 -- heavy, and in this process only
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(MARGIN, 0.975, chart["title"], size=TITLE, weight="bold", color=INK, va="top")
    figure.text(MARGIN, 0.918, chart["subtitle"], size=SUBTITLE, color=FAINT, va="top")
    room = BELOW_HEAD / len(chart["panels"])
    for number, panel in enumerate(chart["panels"]):
        top = BELOW_HEAD - number * room
        figure.text(MARGIN, top, panel["heading"], size=PANEL, weight="bold", color=INK, va="top")
        left = MARGIN if panel["is_upright"] or not panel["bars"] else NAMES
        axes = figure.add_axes((left, top - room + 0.065, 1 - MARGIN - left, room - 0.125))
        _fill(axes, panel)
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def _fill(axes: Any, panel: Panel) -> None:
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    if not panel["bars"]:
        axes.text(0, 0.9, panel["empty"], size=LABEL, color=FAINT, va="top", transform=axes.transAxes)
    elif panel["is_upright"]:
        _upright(axes, panel["bars"])
    else:
        _lying(axes, panel["bars"])


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


def _lying(axes: Any, bars: list[Bar]) -> None:
    """A line for each: its name, its bar, its value at the end."""
    rows = max(len(bars), FEWEST_ROWS)
    across = axes.get_yaxis_transform()
    for row, bar in enumerate(bars):
        at = rows - 1 - row
        axes.barh(at, bar["value"], height=0.62, color=_colour(bar))
        name_at = (MARGIN - NAMES) / (1 - MARGIN - NAMES)
        axes.text(name_at, at, _cut(bar["name"]), size=LABEL, color=INK, va="center", transform=across)
        end = (bar["value"], at)
        axes.annotate(bar["label"], end, (6, 0), textcoords="offset points", va="center", size=LABEL, color=INK)
    axes.set_xlim(0, _most(bars) * 1.25)
    axes.set_ylim(-0.5, rows - 0.4)
    axes.plot([0, 0], [rows - len(bars) - 0.5, rows - 0.5], color=FAINT, linewidth=1)


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
