"""How lists and reports call a broadcast: by its first words."""

import pytest

from domain.broadcasts.content import TITLE, Content


class TestTitle:
    @pytest.mark.parametrize(
        ("html", "title"),
        [
            ("Ada <b>pameran</b>, {nama}.\nDatang ya", "Ada pameran, Bapak/Ibu"),
            ("Halo {usaha}!", "Halo warung!"),
            ("kata " * 30, "kata " * 11 + "kata…"),
            ("panjangsekali" * 10, "panjangsekali" * 4 + "panjang…"),
            ("", ""),
        ],
    )
    def test_is_its_first_line(self, html: str, title: str) -> None:
        """With the blanks filled, without the stop at its end, cut between words where there are any."""
        content = Content(html, fallbacks={"usaha": "warung"})

        assert content.title == title
        assert len(content.title) <= TITLE
