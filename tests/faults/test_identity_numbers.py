"""No byte of an identity number (NIK) that somebody typed is kept: in the database, beside it, or in the log."""

import asyncio
import itertools
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from bot.identity_numbers import strike, strike_all
from db.session import sqlite_file
from messages.limits import units
from simulator import Person
from tests.faults.scene import Scene
from tests.faults.waiting import until
from tests.faults.workers import Workers

NUMBERS = (f"3524{number:012d}" for number in itertools.count(10190_0001))
"""Identity numbers that belong to nobody, each used once."""

FORMS: dict[str, Callable[[str], str]] = {
    "as it stands": lambda nik: nik,
    "in fours": lambda nik: " ".join(re.findall("....", nik)),
    "as on the card": lambda nik: f"{nik[:6]} {nik[6:12]} {nik[12:]}",
    "with dots": lambda nik: ".".join(re.findall("....", nik)),
    "with dashes": lambda nik: "-".join(re.findall("....", nik)),
    "with spaces and a dash": lambda nik: " - ".join(re.findall("....", nik)),
    "digit by digit": " ".join,
    "in two lines": lambda nik: f"{nik[:8]}\n{nik[8:]}",
    "after a word": lambda nik: f"NIK{nik}",
    "after a number": lambda nik: f"081234567890 {nik} 0812",
    "in other digits": lambda nik: nik.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    "in digits of two units": lambda nik: nik.translate(str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")),
    "with what cannot be seen": "\u200b".join,
    "in keycaps": lambda nik: "".join(f"{digit}\ufe0f\u20e3" for digit in nik),
}


class TestStrike:
    @pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
    def test_every_way_of_writing_one(self, form: Callable[[str], str]) -> None:
        """However it is written no digit of it stays, and the text keeps its length in Telegram's units."""
        struck = strike_all({"text": f"nomor saya {form(next(NUMBERS))} ya"})["text"]

        assert not re.search(r"\d{4}", struck.replace("081234567890", "").replace("0812", ""))
        assert struck.count("•") in {16, 32}
        assert units(struck) == units(f"nomor saya {form(next(NUMBERS))} ya")

    @pytest.mark.parametrize(
        "words", ["0812-3456-7890", "Rp 1.500.000", "3524 2024", "12345678901234567", "jam 08.00-12.00, 13.00"]
    )
    def test_other_numbers_stay(self, words: str) -> None:
        """Telephone numbers, amounts, hours and longer numbers are none."""
        assert strike(words) == words

    @pytest.mark.parametrize(
        "words",
        [
            "30-11-2026 08.00-15.00",
            "1-12-2026 8.00-12.00\n2-12-2026 8.00-12.00",
            "hadir 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
            "/hadir 101, 102, 103, 104, 105, 106.",
            "hadir no. 1, 2, 3, 4, 5-9, 10, 11, 12, 13, 14 dan 15",
            "Hadir nomor 11-15, 21-25, 31-35, 41-45",
            "hadir 1 2 3 4 5 6 7 8 9 10 11 12 13 s/d 20",
            "Pendaftaran: 01-11-2026 - 30-11-2026",
            "01/11/2026 – 30/11/2026",
            "01/11/2026-30/11/2026",
            "01-11-2026-30-11-2026",
            "01.11.2026 — 30.11.2026",
            "2026-12-01 - 2026-12-05",
            "2026/12/01 – 2026/12/05",
            "1/11/2026 - 5/11/2026 16.00",
            "01/11/2026 08.00 - 30/11/2026 16.00 WIB",
            "01-11-2026 - 30-11-2026, 08.00-15.00",
            "01/11/26 - 30/11/26 16.00",
            "daftar 11-12-2026 - 20-12-2026, bazar 21-12-2026 - 23-12-2026",
            "21-12-2026 - 23-12-2026",
            "11-12-2026 s.d. 20-12-2026",
            # In a table's cells, in two lines, either of two days, of two digits' years.
            "Bazar 01-11-2026 30-11-2026",
            "05-12-2026  28-11-2026",
            "28-11-2026\n29-11-2026",
            "28-11-2026 09.00\n29-11-2026 09.00",
            "28-11-2026 / 29-11-2026",
            "28/11/2026 · 29/11/2026",
            "28/11/26 29/11/26 16.00",
            "01.11.26 - 30.11.26 08.00-15.00",
            "11.12.26 - 20.12.26 08.00-15.00",
            "01-11-26 – 30-11-26 16.00",
        ],
    )
    def test_days_and_lists_stay(self, words: str) -> None:
        """What officers type of a training, and from when to when one registers, has as many digits, and is none."""
        assert strike(words) == words

    @pytest.mark.parametrize(
        "words",
        [
            "hadir 3524101909000112",
            "hadir 35 24 10 19 09 00 01 12",
            "hadir 3 5 2 4 1 0 1 9 0 9 0 0 0 1 1 2",
            "hadir no. 3524-1019-0900-0112",
            "hadir 352-410 190-900 011-2",
            "hadir 424-352 190-180 112-3",
            "35-24-1019 09.00-01.12",
            "30-11-2026 08.00-15.00 3524101909000112",
            # As days they would go backwards, or are none.
            "31-12-2026 - 05-12-2026",
            "31-02-2026 - 05-12-2026",
            "01/11/2026 - 30/11/2019",
            # Of Aceh, with one sign between all its digits: two days by chance.
            "11-12-2026-12-12-2026",
            "11.05.2026.13.05.2026",
            "1112202612122026",
            "11122026-12122026",
            "11 12 2026 - 12 12 2026",
            "11-05-12-13-05-12-1234",
            "11-12-2026 12-12-2026",
            "11.05.2026\n12.05.2026",
            "11-05-2026 / 12-05-2026",
            "11.05.21 - 13.05.31 00.12",
            "11.05.21.13.05.31.00.12",
            "11-05-21-13-05-31-0012",
            "11/05/21 13/05/31 00.12",
            "11/05/12-13/05/12-1234",
            "01-11-2026 - 30-11-2026 3524101909000112",
            "3524101909000112 01-11-2026 - 30-11-2026",
            "01-11-2026 - 30-11-2026-3524-1019-0900-0112",
        ],
    )
    def test_no_number_hides_behind_them(self, words: str) -> None:
        """An identity number in their place, or beside one, is struck all the same."""
        assert strike(words).count("•") == 16


def ways_of_telling(sari: Person, telegram: Any) -> Iterator[str]:
    """Tells the bot an identity number in every way; gives each number as digits."""
    for form in FORMS.values():
        yield (nik := next(NUMBERS))
        sari.write(form(nik))
    yield (nik := next(NUMBERS))
    question = sari.write(f"apa benar {nik}")
    sari.write("itu tadi", reply_to=question["message_id"])
    yield (nik := next(NUMBERS))
    sari.edit(question["message_id"], f"maksud saya {nik}")
    yield (nik := next(NUMBERS))
    sari.forward(f"tolong cek {nik}")
    for command in ("/tanya", "/start", "/tidakada", "gagal"):
        yield (nik := next(NUMBERS))
        sari.write(f"{command} {nik}")
    for kind in ("photo", "document", "video"):
        yield (nik := next(NUMBERS))
        sari.sends(kind, caption=f"KTP {nik}")
    for raw in raw_contents():
        yield (nik := next(NUMBERS))
        user = {"id": 1, "is_bot": False, "first_name": "Sari"}
        head = {"message_id": 900, "from": user, "chat": {"id": 1, "type": "private"}, "date": 1_700_000_000}
        telegram.push({"message": {**head, **raw(nik)}})
    yield (nik := next(NUMBERS))
    telegram.push({"update_id": None, "message": [nik, {"text": [nik]}]})


def raw_contents() -> list[Callable[[str], dict[str, Any]]]:
    """Other places of a message in which people's words stand."""
    file = {"file_id": "AgAC", "file_unique_id": "AQAD"}
    return [
        lambda nik: {"text": "lihat", "quote": {"text": f"NIK {nik}", "position": 0}},
        lambda nik: {"text": "lihat", "external_reply": {"origin": {"type": "hidden_user", "sender_user_name": nik}}},
        lambda nik: {"document": {**file, "file_name": f"KTP_{nik}.pdf"}},
        lambda nik: {"contact": {"phone_number": "+62812", "first_name": nik, "vcard": f"NOTE:{nik}"}},
        lambda nik: {"from": {"id": 1, "is_bot": False, "first_name": f"Sari {nik}"}, "text": "halo"},
        lambda nik: {"poll": {"id": "1", "question": nik, "options": [{"text": nik, "voter_count": 0}]}},
        lambda nik: {"venue": {"location": {"latitude": 1, "longitude": 1}, "title": nik, "address": nik}},
        lambda nik: {"text": "lihat", "something_new": {"words": [f"NIK {nik}"]}},
    ]


def trace(nik: str) -> re.Pattern[str]:
    """What would betray it: its digits in any script, whatever stands between."""
    scripts = zip(nik, FORMS["in other digits"](nik), FORMS["in digits of two units"](nik), strict=True)
    return re.compile(r".{0,6}?".join(f"[{''.join(digit)}]" for digit in scripts), re.DOTALL)


def readable(kept: bytes) -> str:
    """*kept* with JSON's \\uXXXX as the characters they stand for."""
    return re.sub(r"(?:\\u[0-9a-f]{4})+", lambda found: json.loads(f'"{found[0]}"'), kept.decode(errors="replace"))


async def everything_kept(scene: Scene) -> bytes:
    """Each byte of the database: its files, or each row of its tables as text."""
    if file := sqlite_file(make_url(scene.database_url)):
        return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))
    async with scene.database.reading() as session:
        connection = await session.connection()
        tables = await connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        rows = [await connection.execute(text(f'SELECT row_to_json(t)::text FROM "{name}" t')) for (name,) in tables]  # noqa: S608 -- our own tables
        return "\n".join(row[0] for found in rows for row in found).encode()


class TestNothingIsKept:
    async def test_wherever_it_was_typed(self, scene: Scene, workers: Workers) -> None:
        """Typed in any form and place, no identity number reaches the database, the files beside it, or the log."""
        bot = await workers.start(scene.database_url, scene.address, level="debug")
        told = list(ways_of_telling(scene.telegram.person(1), scene.telegram))
        scene.telegram.person(2).write("/batal")
        await scene.telegram.wait_until(lambda: not scene.telegram.pending_updates())
        await until(lambda: "turn failed" in bot.said, lambda: bot.said)
        await asyncio.sleep(0.2)

        kept = readable(await everything_kept(scene) + bot.log.read_bytes())
        assert f"maksud saya {'•' * 16}" in kept
        assert f"KTP_{'•' * 16}.pdf" in kept
        assert [nik for nik in told if trace(nik).search(kept)] == []
        await bot.stop()
