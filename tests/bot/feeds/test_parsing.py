"""What a feed tells, in plain text; and what is no feed, or one made to harm."""

import calendar
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot.feeds.fetching import Fetched, Marks
from bot.feeds.parsing import Feed, parse
from bot.feeds.troubles import Malformed, NoFeed, NotRead, Unreadable
from tests.support.news_site import RSS, rss

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Peluang</title>
<entry><title type="html">Pembeli &lt;b&gt;tenun&lt;/b&gt;</title><id>tag:kabar.example,2026:1</id>
<link href="/tenun"/><updated>2026-11-20T03:00:00Z</updated>
<summary>Singkat.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Dicari penenun.</p>
<ul><li>NIB</li><li>Halal</li></ul></div></content></entry></feed>"""

SECONDS = 60.0
"""Nobody's machine is so slow."""


HERE = "https://kabar.example/feed"


async def read(
    body: str | bytes, kind: str = "application/rss+xml", seconds: float = SECONDS, address: str = HERE
) -> Feed:
    content = body.encode() if isinstance(body, str) else body
    return await parse(Fetched(address, content, kind, Marks()), seconds)


def items(*each: str) -> str:
    return RSS.format(title="Kabar", items="".join(f"<item>{inside}</item>" for inside in each))


def item(inside: str) -> str:
    return items(inside)


def titles(feed: Feed) -> Sequence[str]:
    return [one.title for one in feed.items]


class TestParse:
    async def test_rss(self) -> None:
        """Title, link, text and moment of each item, newest first."""
        feed = await read(rss("Pameran Surabaya", "Lomba desain", title="Kabar Dagang"))

        assert (feed.title, titles(feed)) == ("Kabar Dagang", ["Pameran Surabaya", "Lomba desain"])
        first = feed.items[0]
        assert (first.keys[0], first.link) == ("Pameran-Surabaya", "https://kabar.example/Pameran-Surabaya")
        assert first.text == "Keterangan lengkap di situs."
        assert first.published == datetime(2026, 11, 25, 1, tzinfo=UTC)

    async def test_atom(self) -> None:
        """A link that is relative is made whole; of short and long texts the long one is taken; lists stay lists."""
        one = (await read(ATOM, "application/atom+xml")).items[0]

        assert (one.keys[0], one.link) == ("tag:kabar.example,2026:1", "https://kabar.example/tenun")
        assert (one.title, one.text) == ("Pembeli tenun", "Dicari penenun.\n\n• NIB\n• Halal")
        assert one.published == datetime(2026, 11, 20, 3, tzinfo=UTC)

    async def test_old_first(self) -> None:
        """Newest is first, however the feed orders them; what has no moments keeps the feed's order."""
        dated = "".join(
            f"<item><title>{day}</title><pubDate>0{day} Nov 2026 08:00 +0700</pubDate></item>" for day in (2, 9, 5)
        )
        undated = "".join(f"<item><title>{one}</title></item>" for one in "bac")

        assert titles(await read(RSS.format(title="", items=dated))) == ["9", "5", "2"]
        assert titles(await read(RSS.format(title="", items=undated))) == ["b", "a", "c"]

    async def test_old_first_with_one_undated(self) -> None:
        """One without a moment stays where it stood among the others, and hides nothing that is new."""
        some = [
            f"<title>{n}</title><pubDate>{n % 25 + 1:02} {calendar.month_abbr[n // 25 + 1]} 2026 08:00 +0700</pubDate>"
            for n in range(250)
        ]
        many = titles(await read(items(*some[:249], "<title>x</title>", some[249])))

        assert many[:3] == ["249", "248", "x"]
        assert len(many) == 200

    async def test_empty(self) -> None:
        """A feed that tells nothing now is one."""
        feed = await read(rss(title="Baru"))

        assert (feed.title, feed.items) == ("Baru", ())

    async def test_plain_text(self) -> None:
        """Nothing of the markup is left, scripts and styles least; signs are signs, and white space is tidy."""
        inside = (
            "<title>Batik &amp;amp; tenun &#8211; <![CDATA[<i>ekspor</i>]]></title><description><![CDATA["
            "<style>p{color:red}</style><script>alert(1)</script><p>Syarat:   NIB&nbsp;&amp; halal</p>\n\n\n"
            "<p>Lihat <a href='x:y'>di sini</a><br/>Batas\u202e 1 Des</p><img src=x onerror=y>]]></description>"
        )
        one = (await read(item(inside))).items[0]

        assert one.title == "Batik & tenun – ekspor"
        assert one.text == "Syarat: NIB & halal\n\nLihat di sini\nBatas 1 Des"

    async def test_what_no_row_can_hold(self) -> None:
        """Neither NUL nor half a pair comes out of a broken feed."""
        one = (await read(item("<title>a&#0;b&#xd800;c&#7;</title><description>&lt;p&gt;x&amp;#0;y"))).items

        assert not any(set("\0\ud800\x07") & set(text) for each in one for text in (each.title, each.text))

    async def test_long_texts_are_cut(self) -> None:
        """At a word, with a sign that more follows."""
        one = (await read(item(f"<title>{'kata ' * 200}</title><description>{'kata ' * 2_000}</description>"))).items[0]

        assert (len(one.title), len(one.text)) <= (300, 3_000)
        assert one.title.endswith("kata…")
        assert one.text.endswith("kata…")

    @pytest.mark.parametrize(
        "link",
        ["javascript:alert(1)", "ftp://kabar.example/x", "mailto:a@b.example", f"https://x.example/{'a' * 1000}"],
    )
    async def test_links_are_http(self, link: str) -> None:
        """Whatever else is given as one is left out."""
        assert (await read(item(f"<title>a</title><link>{link}</link>"))).items[0].link is None

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (rss("Pameran é ñ"), "text/plain; charset=us-ascii"),
            (rss("Pameran é ñ"), "application/rss+xml; charset=iso-8859-2"),
            (rss("Pameran é ñ"), "application/rss+xml; charset=tidak-ada"),
            (rss("Pameran é ñ").decode().encode("cp1252"), "application/rss+xml; charset=utf-8"),
            (rss("Pameran é ñ").decode().replace("utf-8", "utf-16").encode("utf-16"), "text/xml"),
        ],
    )
    async def test_wrong_charsets(self, body: bytes, kind: str) -> None:
        """A site that names the wrong one, or none there is, is read all the same."""
        assert len((await read(body, kind)).items) == 1

    async def test_knows_an_item_again(self) -> None:
        """By its guid, else by its link and title, else by what it says; each is told once."""
        guid, link = '<guid isPermaLink="false">g</guid>', "<link>https://kabar.example/1</link>"
        assert (await read(item(f"{guid}<title>a</title>{link}"))).items[0].keys[0] == "g"
        assert (await read(item(f"<title>a</title>{link}"))).items[0].keys == ("https://kabar.example/1\na",)
        bare = [(await read(item(f"<title>{title}</title>"))).items[0].keys[0] for title in "aab"]
        assert bare[0] == bare[1] != bare[2]
        long = (await read(item(f"<guid>{'g' * 5_000}</guid><title>a</title>"))).items[0].keys[0]
        assert len(long) == 64
        twice = "<item><guid>g</guid><title>a</title></item>" * 2
        assert titles(await read(RSS.format(title="", items=twice))) == ["a"]

    @pytest.mark.parametrize("named", ["<link>https://kabar.example/daftar</link>", "<guid>daftar</guid>"])
    async def test_tells_apart_what_is_named_alike(self, named: str) -> None:
        """Where several are called the same, their titles tell; one that had the name alone before is known again."""
        alone = (await read(item(f"<title>a</title>{named}"))).items[0]
        both = (await read(items(f"<title>b</title>{named}", f"<title>a</title>{named}"))).items

        assert [one.title for one in both] == ["b", "a"]
        assert not set(both[0].keys) & {*alone.keys, *both[1].keys}
        assert set(both[1].keys) & set(alone.keys)

    async def test_tells_apart_what_stands_alone(self) -> None:
        """A feed that shows one item at a time, all by one link, hides none of them; a guid is its own."""
        link, guid = "<link>https://kabar.example/</link>", "<guid>p-17</guid>"
        first, second = [(await read(item(f"<title>{title}</title>{link}"))).items[0] for title in "ab"]
        retitled, again = [(await read(item(f"<title>{title}</title>{guid}{link}"))).items[0] for title in "ab"]

        assert not set(first.keys) & set(second.keys)
        assert set(retitled.keys) & set(again.keys)

    @pytest.mark.parametrize(
        "named", ["<guid>p-17</guid>", '<guid isPermaLink="true">/p-17</guid>', "<link>/p-17</link>"]
    )
    async def test_knows_an_item_again_after_a_redirect(self, named: str) -> None:
        """What is no whole address is the same wherever the site moves to; its link leads to where that is."""
        before, after = [
            (await read(item(f"{named}<title>a</title>"), address=address)).items[0]
            for address in ("http://kabar.example/feed", "https://www.kabar.example/feed")
        ]

        assert before.keys == after.keys
        assert (before.link, after.link) == ("http://kabar.example/p-17", "https://www.kabar.example/p-17")

    async def test_leaves_out_what_says_nothing(self) -> None:
        """An item without title and text is none."""
        assert (await read(item("<guid>g</guid><title> </title>"))).items == ()

    async def test_takes_two_hundred(self) -> None:
        """More than anybody looks at is left out."""
        many = "".join(f"<item><title>{number}</title></item>" for number in range(1_000))

        assert len((await read(RSS.format(title="", items=many))).items) == 200

    async def test_odd_moments(self) -> None:
        """A moment that no calendar holds is none."""
        for moment in ("besok", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "32 Nov 2026"):
            one = (await read(item(f"<title>a</title><pubDate>{moment}</pubDate>"))).items[0]
            assert one.published is None


class TestRefuse:
    @pytest.mark.parametrize(
        "body",
        [
            "<!DOCTYPE html><html><head><title>Dinas</title></head><body><p>Selamat datang</body></html>",
            "\n <!-- a --> <html><body>Selamat datang</body></html>",
            '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Hai</p></body></html>',
            '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url/></urlset>',
            '{"title": "kabar"}',
            b"%PDF-1.7 \x00\xff\xfe",
            "Selamat datang",
        ],
    )
    async def test_what_is_no_feed(self, body: str | bytes) -> None:
        """A page, a picture, a text: whole, but something else."""
        with pytest.raises(NoFeed):
            await read(body, "text/html")

    @pytest.mark.parametrize(
        "body",
        [b"", b" \n", rss("Pameran")[:70], rss("Pameran")[:200], b'<rss version="2.0"><channel><title>a</titel>'],
    )
    async def test_what_is_broken(self, body: bytes) -> None:
        """Nothing, or what was to be a feed."""
        with pytest.raises(Malformed):
            await read(body)

    async def test_not_what_can_be_mended(self) -> None:
        """A bare & or an unknown sign hides no item; of a feed that was cut off, the item it was cut in is left out."""
        whole = rss("Pameran & bazar", "Lomba &tidakada; desain")

        assert len((await read(whole)).items) == 2
        assert titles(await read(rss("Pameran", "Lomba", "Tender")[:-120])) == ["Pameran", "Lomba"]


class TestTraps:
    async def test_a_head_of_comments(self) -> None:
        """Comments before a feed, however many and however they are made, take no time and hide nothing."""
        start = b"<!---->" * 130
        for body in (start + rss("Pameran"), b"<!--" * 240 + b"-->" + rss("Pameran")):
            try:
                feed = await read(body, seconds=10.0)
            except Malformed:
                continue
            assert titles(feed) == ["Pameran"]
        with pytest.raises(NoFeed):
            await read(start + b"<html><body>Dinas</body></html>")

    async def test_entities_do_not_grow(self) -> None:
        """Ten to the power of eleven laughs stay what they are."""
        laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
        body = (
            f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
            + item("<title>&l11;</title><description>&l11;</description>")[38:]
        )
        feed = await read(body)

        assert all(len(one.title) + len(one.text) < 100 for one in feed.items)

    async def test_one_long_entity(self) -> None:
        """Nor does one of a megabyte, named often."""
        body = f'<!DOCTYPE x [<!ENTITY l "{"a" * 1_000_000}">]>' + item(f"<title>{'&l;' * 9_000}</title>")[38:]
        try:
            feed = await read(body)
        except NotRead:
            return
        assert all(len(one.title) + len(one.text) <= 3_300 for one in feed.items)

    async def test_no_file_is_read(self) -> None:
        """What names a file, or another site, as a part of itself does not get it."""
        for named in ("file:///etc/passwd", "http://127.0.0.1:9/"):
            body = f'<!DOCTYPE x [<!ENTITY f SYSTEM "{named}">]>' + item("<title>a&f;b</title>")[38:]
            assert titles(await read(body))[0] in {"ab", "a&f;b"}

    async def test_what_hangs_is_ended(self) -> None:
        """What takes reading more than its time is ended with the process that reads it."""
        deep = b"<rss version='2.0'><channel>" + b"<a>" * 600_000
        with pytest.raises(Unreadable):
            await read(deep, seconds=0.5)
        with pytest.raises(Unreadable):
            await read(rss("Pameran"), seconds=0.001)  # what waits, and computes nothing, too

    async def test_what_fills_the_memory_is_ended(self) -> None:
        """The system bounds it, and only that process ends."""
        wide = b"<rss version='2.0'><channel><title>" + b"a" * 150_000_000
        with pytest.raises(Unreadable):
            await read(wide)
