"""Somebody's formatting becomes HTML that Telegram reads, whatever the spans say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.formatted import Span, html_of
from messages.limits import split_html
from simulator.markup import read_html

KINDS = ["bold", "italic", "spoiler", "pre", "blockquote", "expandable_blockquote", "text_link", "mention"]
TEXT = st.text(alphabet="ab <&>\"'\n😀é", max_size=20)
SPANS = st.lists(
    st.builds(
        Span,
        kind=st.sampled_from(KINDS),
        offset=st.integers(-2, 25),
        length=st.integers(-2, 25),
        url=st.sampled_from(["", "https://a.id/?x=1&y=\"'<b>", "javascript:alert(1)"]),
    ),
    max_size=6,
)


class TestHtmlOf:
    @pytest.mark.parametrize(
        ("text", "spans", "written"),
        [
            ("<b> & co", [], "&lt;b&gt; &amp; co"),
            ("satu dua", [Span("bold", 0, 4)], "<b>satu</b> dua"),
            ("satu dua", [Span("bold", 0, 8), Span("italic", 5, 3)], "<b>satu <i>dua</i></b>"),
            ("satu dua", [Span("bold", 0, 5), Span("italic", 2, 6)], "<b>sa<i>tu </i></b><i>dua</i>"),
            ("😀 dua", [Span("code", 3, 3)], "😀 <code>dua</code>"),
            ("lihat", [Span("text_link", 0, 5, 'https://a.id/"x')], '<a href="https://a.id/&quot;x">lihat</a>'),
            ("lihat", [Span("text_link", 0, 5, "javascript:alert(1)")], "lihat"),
            ("@sari", [Span("mention", 0, 5)], "@sari"),
            ("kata", [Span("blockquote", 0, 4), Span("blockquote", 0, 4)], "<blockquote>kata</blockquote>"),
        ],
    )
    def test_keeps_what_telegram_can_show(self, text: str, spans: list[Span], written: str) -> None:
        """Words are escaped, formatting is kept, nested or crossing; no link leads but to the web."""
        assert html_of(text, spans).text == written

    @settings(deadline=None)
    @given(text=TEXT, spans=SPANS)
    def test_is_well_formed_whatever_comes(self, text: str, spans: list[Span]) -> None:
        """Telegram reads any result, whole or split, and the words are those that were written."""
        html = html_of(text, spans).text

        assert read_html(html)[0] == text
        for part in split_html(html, 7):
            read_html(part)
