"""Reading an opportunity out of a post: what is said is read, what is not stays open."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.district import BadDistrict, read_district
from domain.opportunities.reading import Found, read
from domain.opportunities.reading_lines import LONGEST_TITLE, cleaned
from domain.opportunities.telling import is_link
from tests.domain.opportunities.posts import POSTS, Post

LAMONGAN = read_district(Path("districts/lamongan"))
ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZONE)


def written(value: object) -> object:
    return f"{value:%d-%m-%Y %H.%M}" if isinstance(value, datetime) else value


class TestRead:
    @pytest.mark.parametrize("post", POSTS, ids=[post.name for post in POSTS])
    def test_reads_what_is_said(self, post: Post) -> None:
        """What a post says is read, and nothing that it does not say."""
        found = read(post.text, post.links, LAMONGAN, NOW)

        assert post.reads == {name: written(getattr(found, name)) for name in post.reads}

    def test_names_what_was_read(self) -> None:
        """The sheet can mark what comes from the post."""
        assert read("Bazar, deadline 10 Jan", (), LAMONGAN, NOW).fields == ("title", "kind", "deadline")

    def test_reads_none_out_of_nothing(self) -> None:
        """An empty post says nothing."""
        assert read(" \n ", (), LAMONGAN, NOW) == Found()

    def test_dates_without_a_year_are_near(self) -> None:
        """A year that was left out is the nearest: in January, 28 December is over."""
        january = datetime(2027, 1, 3, 9, 0, tzinfo=ZONE)

        assert read("deadline 28 Desember", (), LAMONGAN, january).deadline == datetime(
            2026, 12, 28, 23, 59, tzinfo=ZONE
        )


class TestLabels:
    def test_are_read_to_their_lines_end(self) -> None:
        """A place stands behind its label; of a text of labels only the first few are tried."""
        assert read("📍" * 10 + "\n📍 Alun-alun Contoh", (), LAMONGAN, NOW).place == "Alun-alun Contoh"
        assert read("📍" * 3000 + "\n📍 Alun-alun Contoh", (), LAMONGAN, NOW).place is None


LETTERS = st.text(max_size=4096)
PIECES = st.sampled_from(
    [
        *(
            "batas ",
            "pendaftaran ",
            "12 ",
            "5-7 ",
            "31 ",
            "Desember ",
            "jan ",
            "2026",
            "\n",
            " s.d. ",
            "4/12",
            ", ",
            ". ",
        ),
        *(
            "📍",
            "📅",
            "deadline: ",
            "bazar ",
            "\u202e",
            "\u0336",
            "https://",
            "a.id/",
            "500 pcs/bulan ",
            "Jumat, ",
            "tgl ",
        ),
        *(
            "pukul 25.61 ",
            "khusus ",
            "Kec. Babat ",
            "Tempat: ",
            "😀",
            "~",
            "*",
            "ﷺ",
            "٣",
            "²",
            "di ",
            "gedung ",
            "0",
            "99",
        ),
    ]
)


class TestAnyText:
    @settings(max_examples=300, deadline=None)
    @given(text=LETTERS | st.lists(PIECES, max_size=60).map("".join))
    @example(text="Z̸̡̛͓͉̈́a̷͚͠l̵̝̀g̴̱̑o̶͎͝ 12 D̷e̶s̸" * 60)
    @example(text="مرحبا ١٢ ديسمبر \u202e 2026")
    @example(text="😀" * 2048)
    @example(text="a" * 4096)
    @example(text="." * 4096)
    @example(text="1-" * 2048)
    @example(text="1, " * 1365)
    @example(text="dari " * 819)
    @example(text="~" * 4096)
    @example(text="batas " * 682)
    @example(text="a." * 2048)
    @example(text=" " * 4096)
    @example(text="kapasitas " * 409)
    @example(text="📍" * 3000)
    @example(text="9" + " " * 4000 + "x")
    @example(text="deadline 12 -" + " " * 4000 + "x")
    @example(text="deadline 1 Januari 2000")
    def test_never_fails(self, text: str) -> None:
        """Whatever stands in it, a post is read: in bounds, and never by a day that does not stand in it."""
        found = read(text, (), LAMONGAN, NOW)

        assert found.title is None or 0 < len(found.title) <= LONGEST_TITLE
        if found.deadline is not None:
            # As the reader sees it: letters of mathematics are letters.
            days = {int(digits) for digits in re.findall(r"[0-9]{1,2}", cleaned(text))}
            assert found.deadline.day in days
            assert found.deadline.tzinfo is not None
        assert found.link is None or is_link(found.link)

    @settings(max_examples=100, deadline=None)
    @given(link=st.text(max_size=600))
    @example(link="javascript:alert(1)")
    @example(link="http://[::1")
    @example(link="https://nama:sandi@contoh.id")
    def test_takes_no_link_that_is_none(self, link: str) -> None:
        """What is hidden under a word is an address that a browser opens, or none."""
        found = read("Bazar", [link], LAMONGAN, NOW)

        assert found.link is None or is_link(found.link)


class TestWords:
    def _changed(self, tmp_path: Path, old: str, new: str) -> Path:
        plain = Path("districts/lamongan/district.toml").read_text("utf-8")
        assert old in plain
        (tmp_path / "district.toml").write_text(plain.replace(old, new), "utf-8")
        return tmp_path

    def test_are_the_districts(self, tmp_path: Path) -> None:
        """Another district's words are read without touching the code."""
        folder = self._changed(tmp_path, '"tenun", "tenun ikat"', '"ulos"')

        assert read("Dicari ulos", (), read_district(folder), NOW).products == ("tenun",)

    def test_default_to_the_name(self, tmp_path: Path) -> None:
        """A country without words is known by its name."""
        folder = self._changed(tmp_path, 'words = ["taiwan", "taiwanese", "taipei", "kaohsiung"]', "")

        assert read("Buyer dari Taiwan", (), read_district(folder), NOW).market == "TW"

    def test_must_be_words(self, tmp_path: Path) -> None:
        """Words that are none are named when the district is read."""
        folder = self._changed(tmp_path, 'words = ["taiwan", "taiwanese", "taipei", "kaohsiung"]', 'words = "taiwan"')

        with pytest.raises(BadDistrict, match="Taiwan"):
            read_district(folder)
