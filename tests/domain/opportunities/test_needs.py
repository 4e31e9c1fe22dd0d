"""How what is asked for stands with what somebody said."""

import pytest

from db.models import Opportunity, Profile
from domain.opportunities import needs


@pytest.mark.parametrize(
    ("asked", "said", "stands"),
    [
        (100, "200", "maybe"),
        (50, "200", "has"),
        (49, "200", "has"),
        (200, "200", "lacks"),
        (199, "200", "maybe"),
        (30, "50", "maybe"),
        (5_000, "more", "has"),
        (9_000, "more", "maybe"),
        (100, None, "unknown"),
    ],
)
class TestCapacity:
    def test_within_a_band_is_perhaps(self, asked: int, said: str | None, stands: str) -> None:
        """Said as a band: below its bound they lack it, from its beginning they have it, in between nobody knows."""
        met = needs.met(Opportunity(capacity=asked, needs=[]), Profile(capacity=said))

        assert {name: getattr(met, name) for name in ("has", "lacks", "unknown", "maybe")} == {
            name: ("capacity",) if name == stands else () for name in ("has", "lacks", "unknown", "maybe")
        }
