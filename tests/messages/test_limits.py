"""Telegram's limits, in Telegram's units."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.limits import cut, split_html, units

TEXTS = st.text(st.sampled_from("ab \n😀é&<"), max_size=300)


def visible(message: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", message))


class TestUnits:
    @pytest.mark.parametrize(("text", "expected"), [("", 0), ("abc", 3), ("é", 1), ("😀", 2), ("\ud83d", 1)])
    def test_counts_as_utf_16(self, text: str, expected: int) -> None:
        """An emoji counts two, as Telegram counts."""
        assert units(text) == expected


class TestCut:
    @given(TEXTS, st.integers(1, 40))
    def test_never_exceeds(self, text: str, limit: int) -> None:
        """Whatever is cut fits, and what fits is not cut."""
        short = cut(text, limit)

        assert units(short) <= limit
        assert short == text or short.endswith("…")


class TestSplitHtml:
    @given(st.lists(st.tuples(st.sampled_from(["", "b", "i"]), TEXTS), max_size=8), st.integers(5, 60))
    def test_no_message_is_too_long_and_no_tag_is_cut(self, parts: list[tuple[str, str]], limit: int) -> None:
        """Every message fits, closes what it opens, and together they say everything but white space at the cuts."""
        escaped = [(tag, text.replace("&", "&amp;").replace("<", "&lt;")) for tag, text in parts]
        whole = "".join(f"<{tag}>{text}</{tag}>" if tag else text for tag, text in escaped)
        messages = split_html(whole, limit)

        for message in messages:
            assert units(visible(message)) <= limit
            for tag in "bi":
                assert message.count(f"<{tag}>") == message.count(f"</{tag}>")
        assert "".join("".join(map(visible, messages)).split()) == "".join(visible(whole).split())

    def test_short_text_stays_as_it_is(self) -> None:
        """What fits is one message, untouched."""
        assert split_html("<b>halo</b> &amp; apa kabar") == ["<b>halo</b> &amp; apa kabar"]

    def test_a_tag_open_at_the_cut_is_opened_again(self) -> None:
        """Bold text goes on bold in the next message."""
        assert split_html("<b>aa bb</b>", 3) == ["<b>aa</b>", "<b>bb</b>"]
