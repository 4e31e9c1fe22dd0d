"""The HTML of parse_mode."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.entities import utf16_length
from simulator.markup import read_html
from simulator.refusals import Refused

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}


class TestReadHtml:
    @pytest.mark.parametrize("tag", TAGS)
    def test_reads_tags(self, tag: str) -> None:
        """Each tag Telegram knows, in whatever case, is an entity."""
        text, entities = read_html(f"a <{tag.upper()}>b</{tag} >")

        assert text == "a b"
        assert entities == [{"type": TAGS[tag], "offset": 2, "length": 1}]

    @pytest.mark.parametrize(
        ("html", "text", "entity"),
        [
            (
                '<a href="https://a.id/?x=1&amp;y=2">di sini</a>',
                "di sini",
                {"type": "text_link", "url": "https://a.id/?x=1&y=2"},
            ),
            ("<a href='a.id'>di sini</a>", "di sini", {"type": "text_link", "url": "http://a.id"}),
            ("<a>a.id/peta</a>", "a.id/peta", {"type": "text_link", "url": "http://a.id/peta"}),
            ('<span class="tg-spoiler">ssst</span>', "ssst", {"type": "spoiler"}),
            ('<tg-emoji emoji-id="53">👍</tg-emoji>', "👍", {"type": "custom_emoji", "custom_emoji_id": "53"}),
            ("<blockquote expandable>a</blockquote>", "a", {"type": "expandable_blockquote"}),
            ('<pre><code class="language-sql">a</code></pre>', "a", {"type": "pre", "language": "sql"}),
        ],
    )
    def test_reads_attributes(self, html: str, text: str, entity: dict) -> None:
        """Links, spoilers, custom emoji, long quotes and code say more in their attributes."""
        assert read_html(html) == (text, [{"offset": 0, "length": utf16_length(text), **entity}])

    def test_drops_a_link_that_is_none(self) -> None:
        """What is no address is shown as plain text."""
        assert read_html('<a href="nanti">nanti</a>') == ("nanti", [])

    def test_mentions_by_number(self) -> None:
        """tg://user?id= names a person."""
        _, (entity,) = read_html('<a href="tg://user?id=101">Sari</a>')

        assert (entity["type"], entity["user"]["id"]) == ("text_mention", 101)

    def test_nests(self) -> None:
        """Entities come by place, the outer ones first; offsets are in UTF-16 units."""
        text, entities = read_html("😀<b>a<i>b</i></b>")

        assert text == "😀ab"
        assert [(e["type"], e["offset"], e["length"]) for e in entities] == [("bold", 2, 2), ("italic", 3, 1)]

    @pytest.mark.parametrize(
        ("html", "text"),
        [
            ("&lt;&gt;&amp;&quot;", '<>&"'),
            ("&#65;&#x42;&#128512;", "AB😀"),
            ("&copy; &nbsp; &#0; & R&D", "&copy; &nbsp; &#0; & R&D"),
        ],
    )
    def test_decodes_characters(self, html: str, text: str) -> None:
        """The four named characters and numbers are decoded; anything else stays as it is."""
        assert read_html(html) == (text, [])

    @pytest.mark.parametrize(
        ("html", "fault"),
        [
            ("é<p>a</p>", 'Unsupported start tag "p" at byte offset 2'),
            ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
            ("a <b", "Unclosed start tag at byte offset 2"),
            ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
            ("a</b>", "Unexpected end tag at byte offset 1"),
            ("<b>a</b", "Unclosed end tag at byte offset 4"),
            ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
            ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
            ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
            ('<a href="x>a</a>', "Unclosed start tag at byte offset 0"),
            ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
            ("<a =x>a</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
            ("<tg-emoji emoji-id='x'>a</tg-emoji>", "Invalid custom emoji identifier specified"),
        ],
    )
    def test_refuses_broken_html(self, html: str, fault: str) -> None:
        """Faults are told in Telegram's words, with the place in bytes."""
        with pytest.raises(Refused) as refused:
            read_html(html)

        assert refused.value.description == f"Bad Request: can't parse entities: {fault}"

    @given(st.text(alphabet="<>/&;#ab \"'=é😀", max_size=40) | st.text(max_size=40))
    def test_never_breaks(self, html: str) -> None:
        """Any text is read or refused, and entities lie within what was read."""
        try:
            text, entities = read_html(html)
        except Refused:
            return
        length = utf16_length(text)

        assert all(0 <= e["offset"] < e["offset"] + e["length"] <= length for e in entities)
