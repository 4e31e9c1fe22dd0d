"""What an officer is to look at before everybody reads it: somebody's mobile number."""

from datetime import UTC, datetime

import pytest

from db.models import Opportunity
from domain.opportunities import warnings

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)


def warned(words: str) -> list[str]:
    return warnings.of(
        Opportunity(office="diskopum", title="Cari tas", sought=words, place="", source="", made_at=NOW, changed_at=NOW)
    )


class TestPhone:
    @pytest.mark.parametrize(
        "words",
        [
            *(
                "0812-3456-7890",
                "081234567890",
                "+62 812 3456 7890",
                "62812-3456-7890",
                "0 812.3456.789",
                "wa.me/62812345",
            ),
            *("(0812) 3456789", "0812–3456–7890", "0812 — 3456 — 7890", "0812‑3456‑7890", "+62 (812) 3456-7890"),
            *(
                "(+62) 812-3456-7890",
                "+62 (0) 812 3456 7890",
                "(62) 81234567890",
                "(0812)3456789",
                "WA 0812 - 3456 - 7890",
                "WhatsApp +60 12-345 6789",
                "+81 (0) 3 1234 5678",
            ),
        ],
    )
    def test_is_warned_of(self, words: str) -> None:
        """However it is written."""
        assert warned(f"Kirim contoh, hubungi {words} ya") == ["phone"]

    @pytest.mark.parametrize(
        "words",
        [
            *(
                "jam 08.00 - 12.00, 13.00 - 16.00",
                "Rp 1.500.000 - 2.000.000",
                "08-12-2026 - 12-12-2026",
                "2008 1234567",
            ),
            *(
                "+50 pcs",
                "naik +100.000.000",
                "8123456789",
                "NIB 0812345678901234567",
                "500 (800) pcs",
                "0322 (Lamongan) 81",
            ),
        ],
    )
    def test_is_no_other_number(self, words: str) -> None:
        """Hours, amounts, days and longer numbers."""
        assert warned(words) == []
