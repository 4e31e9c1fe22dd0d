"""An item of a feed read: as of its own day, and no further than an item goes."""

from datetime import UTC, datetime

import pytest

from domain.opportunities.feed_items import Item, draft_of
from tests.support.opportunities import DISTRICT

NOW = datetime(2026, 11, 20, tzinfo=UTC)
WAVES = "Gelombang 1 paling lambat 5 Februari 2026. Gelombang 2 paling lambat 10 Desember 2026."


def item(text: str, published: datetime | None = None) -> Item:
    return Item(("k",), "Lomba kemasan", None, text, published)


@pytest.mark.parametrize(
    ("text", "published", "passed", "deadline"),
    [
        ("Batas akhir 10 Februari", datetime(2026, 2, 1, tzinfo=UTC), "2026-02-10", None),
        ("Paling lambat tanggal 25", datetime(2025, 2, 3, tzinfo=UTC), "2025-02-25", None),
        ("Batas akhir 10 Februari", datetime(2026, 11, 18, tzinfo=UTC), None, "2027-02-10"),
        ("Batas akhir 10 Februari", None, None, "2027-02-10"),
        ("Paling lambat tanggal 25", datetime(2031, 2, 3, tzinfo=UTC), None, "2026-11-25"),
        (WAVES, datetime(2026, 2, 1, tzinfo=UTC), None, "2026-12-10"),
    ],
)
def test_days_are_those_of_its_own_day(
    text: str, published: datetime | None, passed: str | None, deadline: str | None
) -> None:
    """One that nobody dated, or dated ahead of us, is of today."""
    read = draft_of(item(text, published), "Kabar", DISTRICT, NOW)

    assert (read.passed and f"{read.passed:%Y-%m-%d}") == passed
    assert (f"{read.values['deadline']:%Y-%m-%d}" if "deadline" in read.values else None) == deadline


def test_reads_no_more_than_an_item_is() -> None:
    """Whatever let it through, so that no feed can keep us reading."""
    assert (
        "deadline"
        not in draft_of(item("kata " * 700 + "\nBatas akhir 10 Desember 2026"), "Kabar", DISTRICT, NOW).values
    )
