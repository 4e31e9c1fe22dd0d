"""Sources of news: an officer adds one, its new items become drafts, and nothing of it goes out by itself."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.feeds.fetching import Limits
from db.models import Feed, OpportunityKind, OpportunityState, Role
from domain.opportunities import feeds
from domain.opportunities.feed_looks import New
from domain.opportunities.feeds import Head
from tests.support.feeding import ADD, LIST, adds, drafts, feeds_of, go_on, let_through, looked, opens_list
from tests.support.interests import tick
from tests.support.news_site import ITEM, RSS, NewsSite, news_site, rss
from tests.support.offices import ON_SQLITE, Offices
from tests.support.opportunities import owner, publish, told

SEVEN = [f"Pameran {number}" for number in range(7, 0, -1)]

TENUN = """Buyer dari Jepang cari kain tenun ikat, 200 pcs per bulan. Syarat: NIB.
Batas pendaftaran 12 Desember 2026. Info: https://kabar.example/tenun"""


@pytest.fixture
async def site(offices: Offices) -> AsyncIterator[NewsSite]:
    """The site that is read, let through."""
    async with news_site() as there:
        let_through(offices, there)
        yield there


class TestAdd:
    async def test_is_tried_at_once(self, offices: Offices, site: NewsSite) -> None:
        """Who adds one hears its name and its newest items, with a button to each draft; colleagues hear of those."""
        answer = await adds(offices, offices.rini, site.says("/feed", rss(*SEVEN)))

        assert "Kabar Dagang ditambahkan" in answer
        assert "1. Pameran 7\n2. Pameran 6" in answer
        assert "Pameran 2" not in answer
        assert "1. Pameran 7" in offices.rini.labels()
        assert offices.rini.texts()[-1] == answer
        assert "5 peluang baru dari Kabar Dagang" in offices.tono.texts()[-1]
        assert offices.budi.texts() == []

    async def test_leads_to_the_drafts(self, offices: Offices, site: NewsSite) -> None:
        """The button under the news opens the draft's sheet, where it can be corrected, published or dropped."""
        await adds(offices, offices.rini, site.says("/feed", rss("Lomba kemasan")))
        offices.tono.tap("1. Lomba kemasan")
        await offices.settled()

        assert "Lomba kemasan" in offices.tono.texts()[-1]
        assert "1 peluang baru" not in offices.tono.texts()[-1]

    async def test_takes_the_five_newest(self, offices: Offices, site: NewsSite) -> None:
        """What stood there before is old: it is seen, and becomes no draft, now or later."""
        await adds(offices, offices.rini, site.says("/feed", rss(*SEVEN)))
        await go_on(offices)

        made = await drafts(offices)
        assert [one.title for one in made] == [f"Pameran {number}" for number in range(3, 8)]
        assert {(one.office, one.state, one.author_id) for one in made} == {("diskopum", OpportunityState.DRAFT, None)}
        assert "2 berita lain tidak dijadikan konsep. Baca di https://kabar.example/" in offices.rini.texts()[-1]

    async def test_reads_what_an_item_says(self, offices: Offices, site: NewsSite) -> None:
        """Whom it is for, where to, what is asked for and until when stand in the draft, marked as read."""
        await adds(offices, offices.rini, site.says("/feed", rss("Buyer Jepang cari tenun", text=TENUN)))

        (one,) = await drafts(offices)
        assert (one.kind, one.products, one.market, one.needs) == (OpportunityKind.EXPORT, ["tenun"], "JP", ["nib"])
        assert one.deadline is not None
        assert one.link == "https://kabar.example/Buyer-Jepang-cari-tenun"
        assert {"title", "products", "market", "deadline", "link"} <= set(one.read)

    async def test_an_empty_one(self, offices: Offices, site: NewsSite) -> None:
        """A feed that tells nothing yet is one; its first item comes when it is there."""
        answer = await adds(offices, offices.rini, site.says("/feed", rss()))
        assert "belum ada berita baru" in answer

        site.says("/feed", rss("Lomba"))
        await go_on(offices)

        assert "1 peluang baru" in offices.rini.texts()[-1]

    async def test_by_an_admin(self, offices: Offices, site: NewsSite) -> None:
        """Who serves several offices says for which; its officers hear of the drafts, and the admin of the answer."""
        wati = offices.wati
        await opens_list(offices, wati)
        wati.tap(ADD)
        await offices.settled()
        wati.tap("Disperindag")
        await offices.settled()
        seen = len(wati.texts())
        wati.write(site.says("/feed", rss("Lomba")))
        await offices.settled()
        await looked(offices)

        assert "ditambahkan" in wati.texts()[seen + 1]
        assert "1 peluang baru" in offices.budi.texts()[-1]
        assert offices.rini.texts() == []

    @ON_SQLITE
    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("kabar", "belum alamat situs"),
            ("ftp://kabar.example/feed", "belum alamat situs"),
            ("https://kabar.example/" + "a" * 1_000, "belum alamat situs"),
            ("https://[kabar.example/", "belum alamat situs"),
            ("https://sari:rahasia@kabar.example/feed", "kata sandi"),
        ],
    )
    async def test_asks_again(self, offices: Offices, site: NewsSite, typed: str, said: str) -> None:
        """What is no address is said at once, kept nowhere, and the next try is taken."""
        await opens_list(offices, offices.rini)
        offices.rini.tap(ADD)
        await offices.settled()

        assert said in await offices.bot.says(offices.rini, typed)
        assert LIST in offices.rini.labels()[-1:]
        assert await feeds_of(offices) == []
        assert "coba buka" in await offices.bot.says(offices.rini, site.says("/feed", rss()))

    async def test_once(self, offices: Offices, site: NewsSite) -> None:
        """The same address twice is one source, however it is written."""
        url = site.says("/feed", rss("Lomba"))
        await adds(offices, offices.rini, url)
        await opens_list(offices, offices.tono)
        offices.tono.tap(ADD)
        await offices.settled()

        for typed in (url, f" {url.replace('http', 'Http')}#terbaru"):  # as phones write it
            assert "sudah ada di daftar" in await offices.bot.says(offices.tono, typed)
        assert len(await feeds_of(offices)) == 1


class TestRefuse:
    async def test_what_is_no_feed(self, offices: Offices, site: NewsSite) -> None:
        """A web page, 50 MB, a loop, something broken, slow or inside: each is told, and none is kept in the list."""

        async def pour(request: object) -> object:
            from aiohttp import web

            response = web.StreamResponse()
            await response.prepare(request)  # type: ignore[arg-type]
            for _ in range(1_000):
                await response.write(b" " * 50_000)
            return response

        site.answers["/huge"] = pour  # type: ignore[assignment]
        async with news_site() as other:
            cases = {
                site.says("/page", b"<!doctype html><html><body>Dinas</body></html>", "text/html"): "halaman biasa",
                site.url("/huge"): "terlalu besar",
                site.says_status("/loop", 302, Location="/loop"): "dialihkan terus",
                site.says("/broken", rss("Lomba")[:60]): "rusak atau kosong",
                site.says_status("/away", 302, Location=other.url("/feed")): "nomor port",
                site.says_status("/inside", 302, Location="http://127.0.0.1/"): "jaringan dalam",
                site.url("/nothing"): "tidak ada halaman",
                "http://127.0.0.1/feed": "jaringan dalam",
            }
            for url, said in cases.items():
                answer = await adds(offices, offices.rini, url)
                assert "tidak ditambahkan" in answer
                assert said in answer
            assert other.asked == []
        let_through(offices, site, seconds=0.2)
        assert "terlalu lama menjawab" in await adds(offices, offices.rini, site.hangs("/slow"))

        assert "Belum ada sumber" in await opens_list(offices, offices.rini)
        assert await drafts(offices) == []
        assert offices.tono.texts() == []

    async def test_this_machine_by_default(self, offices: Offices, site: NewsSite) -> None:
        """As it is installed, the bot opens nothing of the machine it runs on."""
        offices.bot.app.feeds.limits = Limits()

        assert "nomor port" in await adds(offices, offices.rini, site.says("/feed", rss("Lomba")))
        assert site.asked == []

    async def test_the_rest_goes_on(self, offices: Offices, site: NewsSite) -> None:
        """One that never answers is left in time, and keeps none of the others from being read."""
        good, bad = site.says("/good", rss("Lomba")), site.says("/bad", rss("Tender"))
        await adds(offices, offices.rini, bad)
        await adds(offices, offices.rini, good)
        site.hangs("/bad")
        site.says("/good", rss("Bazar", "Lomba"))
        let_through(offices, site, seconds=1.0)
        asked = len(site.asked)
        await go_on(offices)

        assert site.asked[asked:] == ["/bad", "/good"]
        assert "1. Bazar" in offices.rini.texts()[-1]
        assert [feed.trouble for feed in await feeds_of(offices)] == ["feed.too_slow", None]


class TestWatch:
    async def test_tells_what_is_new_once(self, offices: Offices, site: NewsSite) -> None:
        """One message to each officer of the office, however often it is looked at; nobody else hears of it."""
        await owner(offices, offices.sari, sector="makanan")
        await adds(offices, offices.rini, site.says("/feed", rss("Lomba")))
        site.says("/feed", rss("Bazar", "Tender", "Pameran", "Lomba"))
        await go_on(offices)
        seen = len(offices.rini.texts())
        await go_on(offices)

        for officer in (offices.rini, offices.tono):
            assert officer.texts()[-1].startswith("📰 3 peluang baru dari Kabar Dagang menunggu Anda lihat")
        assert len(offices.rini.texts()) == seen
        assert {one.state for one in await drafts(offices)} == {OpportunityState.DRAFT}
        assert offices.sari.texts() == offices.budi.texts() == []

    @ON_SQLITE
    async def test_is_dropped_together(self, offices: Offices, site: NewsSite) -> None:
        """Asked once, also after the source was stopped; what nobody touched goes; what a colleague works on stays. A
        deadline that is over is said.
        """
        old = "Lomba batik, batas 1 Januari 2020"
        await adds(offices, offices.rini, site.says("/feed", rss("Bazar", "Tender", old)))
        assert "(batasnya 1 Januari 2020, sudah lewat)" in offices.rini.texts()[-1]
        offices.clock.at += timedelta(minutes=1)
        for label in ("1. Bazar", "Mendesak"):
            offices.tono.tap(label)
            await offices.settled()
        async with offices.bot.database.transaction() as session:
            feed = await session.get_one(Feed, 1)
            feed.stopped_at = offices.now()  # its drafts stay, and are what one wants to throw away
        offices.rini.tap("🗑 Buang semua kabar ini")
        await offices.settled()
        offices.rini.tap("🗑 Ya, buang")
        offices.rini.tap("🗑 Ya, buang")
        await offices.settled()

        assert "2 konsep" in offices.rini.texts()[-1]
        states = {one.title: one.state for one in await drafts(offices)}
        assert states == {
            "Bazar": OpportunityState.DRAFT,
            "Tender": OpportunityState.DROPPED,
            old: OpportunityState.DROPPED,
        }

    @ON_SQLITE
    async def test_is_named_in_the_morning(self, offices: Offices, site: NewsSite) -> None:
        """Drafts that nobody looked at, beside what ended by its deadline; to their office, and that once."""
        await adds(offices, offices.rini, site.says("/feed", rss(*SEVEN)))
        await publish(offices, office="diskopum", title="Lomba kemasan", deadline=offices.now() + timedelta(hours=2))
        offices.clock.show("2026-11-24 12:00")
        await told(offices)
        heard = []
        for day in (25, 26):
            offices.clock.show(f"2026-11-{day} 07:30")
            await tick(offices)
            heard.append(offices.rini.texts()[-1])

        assert "5 konsep dari sumber berita menunggu diperiksa" in heard[0]
        assert "1 peluang ditutup karena batas waktunya lewat: Lomba kemasan" in heard[0]
        assert "Kelola peluang" in offices.rini.labels()[-1]
        assert "konsep dari sumber berita" in heard[1]
        assert "Lomba kemasan" not in heard[1]
        assert not any("konsep" in text for text in offices.budi.texts())

    async def test_hands_back_the_marks(self, offices: Offices, site: NewsSite) -> None:
        """A site that says that nothing changed is not read again."""
        await adds(offices, offices.rini, site.says("/feed", rss("Lomba"), ETag='"v1"'))
        site.says_status("/feed", 304)
        await go_on(offices)

        assert site.headers[-1]["If-None-Match"] == '"v1"'
        assert (await feeds_of(offices))[0].trouble is None

    async def test_says_once_that_one_broke(self, offices: Offices, site: NewsSite) -> None:
        """Not when it is off for a moment; then once to each officer, and once when it works again."""
        await adds(offices, offices.rini, site.says("/feed", rss("Lomba")))
        seen = len(offices.rini.texts())
        site.says_status("/feed", 500)
        await go_on(offices)
        assert len(offices.rini.texts()) == seen

        for _ in range(3):
            await go_on(offices, timedelta(days=1, minutes=5))
        assert len(offices.rini.texts()) == seen + 1
        assert "tidak terbaca sejak" in offices.rini.texts()[-1]
        assert "sedang bermasalah" in offices.tono.texts()[-1]
        assert "tidak terbaca" in await opens_list(offices, offices.tono)

        site.says("/feed", rss("Lomba"))
        for _ in range(2):
            await go_on(offices, timedelta(days=1, minutes=5))
        assert [text for text in offices.rini.texts() if "bisa dibaca lagi" in text] == offices.rini.texts()[seen + 1 :]
        assert "terakhir dibaca" in await opens_list(offices, offices.tono)

    @ON_SQLITE
    async def test_rests_longer_while_it_is_broken(self, offices: Offices, site: NewsSite) -> None:
        """An hour, two, four, at most a day."""
        await adds(offices, offices.rini, site.says("/feed", rss("Lomba")))
        site.says_status("/feed", 500)
        rests = []
        for _ in range(7):
            await go_on(offices, timedelta(days=1, minutes=5))
            rests.append((await feeds_of(offices))[0].next_at - offices.now())

        assert rests == [timedelta(hours=hours) for hours in (1, 2, 4, 8, 16, 24, 24)]

    @ON_SQLITE
    async def test_is_not_accused_of_our_own_network(self, offices: Offices, site: NewsSite) -> None:
        """While that is away nothing is settled: none is told broken, and one just added is tried until it is back."""
        known = site.says("/feed", rss("Lomba"))
        await adds(offices, offices.rini, known)
        outside, seen = offices.bot.app.feeds.outside, len(offices.rini.texts())
        async with news_site() as gone:
            offices.bot.app.feeds.outside = gone.url("/")
        site.says_status("/feed", 500)
        for _ in range(4):
            await go_on(offices)
        await opens_list(offices, offices.tono)
        offices.tono.tap(ADD)
        await offices.settled()
        await offices.bot.says(offices.tono, site.says_status("/new", 503))
        await looked(offices)
        assert offices.rini.texts()[seen:] == []
        assert [(feed.failures, feed.trouble, feed.stopped_at) for feed in await feeds_of(offices)] == [
            (0, None, None)
        ] * 2

        offices.bot.app.feeds.outside = outside
        site.says("/feed", rss("Bazar", "Lomba"))
        site.says("/new", rss("Tender", title="Kabar Baru"))
        with capture_logs() as said:
            await go_on(offices, timedelta(minutes=6))
        assert [one["log_level"] for one in said if "our network is back" in one["event"]] == ["info"]
        assert any("Kabar Baru ditambahkan" in text for text in offices.tono.texts())
        assert any("1. Bazar" in text for text in offices.rini.texts()[seen:])

    @ON_SQLITE
    async def test_brings_the_rest_at_the_next_look(self, offices: Offices, site: NewsSite) -> None:
        """Twenty at once; how many follow is said, and they do, the oldest first, though nothing changed meanwhile."""
        await adds(offices, offices.rini, site.says("/feed", rss("Lomba"), ETag='"v1"'))
        new = [f"Tender {number}" for number in range(24, 0, -1)]
        site.says("/feed", rss(*new, "Lomba"), ETag='"v2"')
        await go_on(offices)
        assert offices.rini.texts()[-1].startswith("📰 20 peluang baru")
        assert "4 berita lagi menyusul bertahap, paling banyak 20 setiap jam" in offices.rini.texts()[-1]

        await go_on(offices)
        assert "If-None-Match" not in site.headers[-1]
        assert offices.rini.texts()[-1].startswith("📰 4 peluang baru")
        assert "menyusul" not in offices.rini.texts()[-1]
        assert [one.title for one in await drafts(offices)] == ["Lomba", *reversed(new)]

    @ON_SQLITE
    async def test_dates_are_of_the_day_an_item_was_written(self, offices: Offices, site: NewsSite) -> None:
        """A day without a year is not moved on: what was over before anybody looked is said to be over."""
        old = ITEM.format(title="Lomba batik, batas akhir 10 Februari", key="b", day=1, text="").replace("Nov", "Feb")
        answer = await adds(
            offices, offices.rini, site.says("/feed", RSS.format(title="Kabar Dagang", items=old).encode())
        )

        assert "(batasnya 10 Februari 2026, sudah lewat)" in answer
        assert (await drafts(offices))[0].deadline is None

    @ON_SQLITE
    async def test_does_not_flood_an_office(self, offices: Offices, site: NewsSite) -> None:
        """A site that gives all its items new names brings twenty drafts, and not two hundred; what it leaves out is
        said.
        """
        await adds(offices, offices.rini, site.says("/feed", rss("Lomba")))
        items = "".join(f"<item><title>Kabar {number}</title></item>" for number in range(200))
        itself = RSS.format(title="Kabar Dagang", items=items).replace("https://kabar.example/", site.url("/feed"))
        site.says("/feed", itself.encode())
        await go_on(offices)
        await go_on(offices)

        assert len(await drafts(offices)) == 21
        assert offices.rini.texts()[-1].startswith("📰 20 peluang baru")
        where = f"180 berita lain tidak dijadikan konsep. Baca di {site.url('/')}\n"
        assert where in offices.rini.texts()[-1]

    async def test_strikes_identity_numbers(self, offices: Offices, site: NewsSite) -> None:
        """What looks like one is kept of no site either."""
        await adds(offices, offices.rini, site.says("/feed", rss("Lomba", text="Hubungi 3524 0112 3456 7890 segera")))

        assert "3524" not in (await drafts(offices))[0].sought

    async def test_a_killed_look_is_made_again(self, offices: Offices, site: NewsSite) -> None:
        """Whoever claimed it and went away is not waited for, and nobody else takes it before that."""
        await adds(offices, offices.rini, site.says("/feed", rss("Lomba")))
        offices.clock.at += timedelta(hours=2)
        async with offices.bot.database.transaction() as session:
            first = await feeds.claim(session, offices.now())
            again = await feeds.claim(session, offices.now())
        if first is None:  # the bot's own loop was quicker
            await looked(offices)
        assert again is None

        site.says("/feed", rss("Bazar", "Lomba"))
        await go_on(offices, timedelta(hours=2))
        assert "Bazar" in offices.rini.texts()[-1]


class TestStop:
    async def test_is_asked_once(self, offices: Offices, site: NewsSite) -> None:
        """Then it is looked at no more, and its drafts stay; added again, it goes on where it was."""
        url = site.says("/feed", rss("Lomba"))
        await adds(offices, offices.rini, url)
        await opens_list(offices, offices.rini)
        for label in ("Kabar Dagang", "⏹ Berhenti", "⏹ Ya, berhenti"):
            offices.rini.tap(label)
            await offices.settled()
        assert "tidak saya lihat lagi" in offices.rini.texts()[-1]
        assert "Belum ada sumber" in await opens_list(offices, offices.rini)

        new = [f"Bazar {number}" for number in range(7, 0, -1)]
        site.says("/feed", rss(*new, "Lomba"))
        asked = len(site.asked)
        await go_on(offices)
        assert len(site.asked) == asked

        answer = await adds(offices, offices.rini, url)
        assert "ditambahkan lagi" in answer
        assert "Yang baru sejak terakhir dilihat" in answer
        assert "7. Bazar 1" in answer
        assert [one.title for one in await drafts(offices)] == ["Lomba", *reversed(new)]
        assert [deed for _, deed, _ in await offices.deeds() if deed.startswith("feed.")] == [
            *("feed.added", "feed.stopped", "feed.added"),
        ]

    async def test_while_it_is_looked_at(self, offices: Offices, site: NewsSite) -> None:
        """What was fetched for one that was stopped meanwhile is not taken."""
        await adds(offices, offices.rini, site.says("/feed", rss("Lomba")))
        (feed,) = await feeds_of(offices)
        async with offices.bot.database.transaction() as session:
            one = await session.get_one(type(feed), feed.id)
            one.stopped_at = offices.now()
        async with offices.bot.database.transaction() as session:
            district = offices.bot.app.house.district
            assert await feeds.take(session, feed.id, Head("x", None), New(), (), district, offices.now()) == []
            await feeds.note_trouble(session, feed.id, "feed.busy", district, offices.now())

        assert (await feeds_of(offices))[0].title == "Kabar Dagang"

    async def test_not_by_readers(self, offices: Offices, site: NewsSite) -> None:
        """A reader sees how each does, and changes nothing."""
        await adds(offices, offices.rini, site.says("/feed", rss("Lomba")))
        await offices.make(offices.tono, Role.READER)

        assert "Kabar Dagang: ✅ terakhir dibaca hari ini" in await opens_list(offices, offices.tono)
        offices.tono.tap("Kabar Dagang")
        await offices.settled()
        assert site.url("/feed") in offices.tono.texts()[-1]
        assert not {ADD, "⏹ Berhenti"} & set(offices.tono.labels())
