"""A training's papers: whatever stands in them, they are made, and a name is never more than a name."""

import base64
import io
import re
import zlib

import pytest
import segno
from openpyxl import load_workbook

from bot.trainings import lists, poster
from bot.trainings.lists import Participant
from tests.support.pdf import code_on, pages_of

LINK = "https://t.me/demo_bot?start=pelatihan_1"


def participants(days: int, number: int = 40) -> list[Participant]:
    there = tuple(day % 2 == 0 for day in range(days))
    names = ["=HYPERLINK(0)", "Sari 🌸 & <b>Budi</b>", "ꦱꦫꦶ"]
    return [
        Participant(str(one), names[one % 3], "+62", "Babat", "", "ABC23D", "", there, ("@a",))
        for one in range(1, number + 1)
    ]


SPELT = {
    "محمد عبدالله": "Mhmd 'bdllh",
    "王小明": "WangXiaoMing",
    "Şükrü Иванов": "Sükrü Ivanov",
    "Sari 🌸 José": "Sari José",
    "🌸🌸": "cherry blossom cherry blossom",
    "𝓢𝓪𝓻𝓲": "Sari",
    "": "",
}


@pytest.mark.parametrize(("name", "read"), SPELT.items())
def test_names_of_other_scripts_can_be_read(name: str, read: str) -> None:
    """Who signs must find their line: a name the paper's letters cannot write is spelt in ours, never left out."""
    someone = Participant("1", name, "", "Babat", "", "ABC23D", "", (False,))
    (page,) = pages_of(lists.numbered_list("Kemasan", ["Senin"], "BLK", [someone]))

    assert lists.printable(name) == read
    assert read in page.text


@pytest.mark.parametrize("days", [1, 4, 31])
def test_numbered_list_has_room_for_every_day(days: int) -> None:
    """However many days there are, each line stands on a page, and there are empty ones for walk-ins."""
    pages = pages_of(lists.numbered_list("Kemasan 🌸", ["Senin"] * days, "BLK", participants(days)))
    text = " ".join(page.text for page in pages)

    assert "Sari & < b > Budi < /b >" in text  # as the pieces of a line are told apart
    assert text.count("ABC23D") == 40
    assert len(pages) > 1


def test_nothing_in_the_spreadsheet_computes() -> None:
    """A name that begins like a formula is text, and numbers are numbers."""
    made = lists.spreadsheet("A/B: [uji]" * 9, ["30-11-2026"], ["Apa?"], participants(1, 3))
    rows = list(load_workbook(io.BytesIO(made)).active.iter_rows())
    cells = [cell for row in rows[1:] for cell in row]

    assert rows[3][1].value == "=HYPERLINK(0)"
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert [row[0].value for row in rows[1:]] == [1, 2, 3]


def test_no_character_spoils_the_spreadsheet() -> None:
    """A name with one that no sheet takes loses that one."""
    odd = Participant("1", "Sa\x0bri", "\x00", "Babat", "", "ABC23D", "", (True,))
    made = lists.spreadsheet("Kemas\x0ban", ["30-11-2026"], [], [odd])
    book = load_workbook(io.BytesIO(made))

    assert book.sheetnames == ["Kemasan"]
    assert book.active["B2"].value == "Sari"


def test_code_of_the_poster_says_the_link() -> None:
    """What a camera reads from the wall opens the card."""
    announced = poster.Announced("Kemasan", ["Senin"] * 6, "BLK", "Dinas", "Belajar. " * 150, "3 kursi", LINK)
    (page,) = pages_of(poster.poster(announced))
    matrix = [[int(bit) for bit in row] for row in segno.make(LINK, error="m", micro=False).matrix]

    assert "dan 2 hari lagi" in page.text
    assert code_on(page, len(matrix)) == matrix


def ends_of(pdf: bytes) -> list[float]:
    """How far above the foot of the page each paragraph ends, in points, from the top down."""
    (packed,) = re.findall(rb"stream\r?\n(.*?)~>\s*endstream", pdf, re.DOTALL)
    drawn = zlib.decompress(base64.a85decode(packed))
    return [float(end) for end in re.findall(rb"1 0 0 1 [1-9][\d.]* ([\d.]+) cm", drawn)]


def test_long_description_ends_above_the_code() -> None:
    """However much is to be said, the code stays free: what has no room is cut, or left out."""
    days = ["Senin, 30 November 2026, 08.00-15.00 WIB"] * 4
    for place, description in (("BLK, Jalan Contoh 12", "Belajar kemasan. " * 88), ("BLK. " * 80, "a" * 1500)):
        announced = poster.Announced("Kemasan " * 7, days, place, "Dinas Koperasi", description, "3 kursi", LINK)
        made = poster.poster(announced)
        (page,) = pages_of(made)

        assert min(ends_of(made)) >= poster.ABOVE_THE_CODE
        assert ("Belajar" in page.text) == ("…" in page.text)
        assert "aaa" not in page.text
