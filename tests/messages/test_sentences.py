"""Sentences, and the dates and sums in them."""

import pytest

from messages import Date, Number, Rupiah, say


class TestSay:
    def test_escapes_values_and_nothing_else(self) -> None:
        """What comes from outside is escaped once; the sentence's own markup stays."""
        card = say("answer.card", title="<A & B>", body="x < y", source='"S"', as_of=Date("2026"))

        text = card.in_language("id")
        assert "<b>&lt;A &amp; B&gt;</b>" in text
        assert "x &lt; y" in text
        assert '"S"' in text

    def test_blanks_in_values_stay_as_they_are(self) -> None:
        """Braces that somebody wrote are not filled in."""
        assert "{name}" in say("help.command", command="{name}", description="{0}").in_language("id")

    def test_an_unknown_language_falls_back(self) -> None:
        """Whoever speaks a language we lack reads the first one."""
        assert say("cancel.nothing").in_language("xx") == say("cancel.nothing").in_language("id")

    def test_an_unknown_key_is_loud(self) -> None:
        """A sentence that is in no catalogue is a fault, not an empty message."""
        with pytest.raises(KeyError, match=r"no\.such"):
            say("no.such").in_language("id")


class TestFormats:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [("2026", "2026"), ("2025-11", "November 2025"), ("2026-02-02", "2 Februari 2026"), ("2026-05", "Mei 2026")],
    )
    def test_a_date_is_as_exact_as_it_is_known(self, text: str, expected: str) -> None:
        """Day, month or year, never more than is known."""
        assert Date(text).in_language("id") == expected

    def test_numbers_and_rupiah(self) -> None:
        """Points between thousands, no cents."""
        assert Number(7635).in_language("id") == "7.635"
        assert Rupiah(1_250_000).in_language("id").replace("\xa0", "") == "Rp1.250.000"
