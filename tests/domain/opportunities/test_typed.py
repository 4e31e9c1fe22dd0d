"""What officers type of an opportunity: a deadline, a capacity, a link, words."""

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain import dates
from domain.broadcasts import moments
from domain.opportunities import composing, typed
from domain.opportunities.refusals import BadOpportunity
from messages import LANGUAGES, Date
from tests.domain.opportunities.test_reading import LAMONGAN, NOW

ZONE = ZoneInfo("Asia/Jakarta")


class TestDeadline:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_takes_the_examples_we_give(self, language: str) -> None:
        """In each language, on every day of a year: what is recommended is read as just that, and has not passed."""
        for days in range(366):
            now = NOW + timedelta(days=days)
            day = dates.example(now.astimezone(ZONE))
            written = Date(str(day)).in_language(language)
            for text, hours in ((written, "23:59"), (f"{written} jam 16.00", "16:00"), (f"{written} 16.00", "16:00")):
                assert f"{typed.deadline(text, ZONE, now):%Y-%m-%d %H:%M}" == f"{day} {hours}", text
            numbers = dates.in_numbers(day)
            assert f"{typed.deadline(f'{numbers} 16.00', ZONE, now):%Y-%m-%d %H:%M}" == f"{day} 16:00"
            assert f"{moments.read(f'{numbers} 08.00', ZONE, now):%Y-%m-%d %H:%M}" == f"{day} 08:00"

    @pytest.mark.parametrize(
        ("text", "at"),
        [
            ("5 Desember 2026", "2026-12-05 23:59"),
            ("5 Des jam 16", "2026-12-05 16:00"),
            ("12/12", "2026-12-12 23:59"),
            ("05-12-2026 16.00", "2026-12-05 16:00"),
            ("5.12.2026", "2026-12-05 23:59"),
            ("tgl 30", "2026-11-30 23:59"),
            ("Jumat, 4/12 pukul 10.00 WIB", "2026-12-04 10:00"),
            ("besok", "2026-11-27 23:59"),
            ("besok jam 8", "2026-11-27 08:00"),
            ("Senin", "2026-11-30 23:59"),
            ("3 hari lagi", "2026-11-29 23:59"),
            ("2 minggu lagi jam 8", "2026-12-10 08:00"),
            ("minggu depan", "2026-12-03 23:59"),
            ("jam 8 besok", "2026-11-27 08:00"),
            ("jam 4 sore besok", "2026-11-27 16:00"),
            ("paling lambat 5 Desember", "2026-12-05 23:59"),
            ("10 Jan", "2027-01-10 23:59"),
            ("31 Desember 2026 jam 12 malam", "2026-12-31 23:59"),
        ],
    )
    def test_is_a_day_with_or_without_an_hour(self, text: str, at: str) -> None:
        """As officers write it; without an hour the day's last minute."""
        assert typed.read("deadline", text, LAMONGAN, NOW) == datetime.fromisoformat(at).replace(tzinfo=ZONE)

    @pytest.mark.parametrize(
        "text", ["segera", "secepatnya", "31 November", "30", "45/12", "minggu depan kayaknya", "😀"]
    )
    def test_of_no_day_is_refused(self, text: str) -> None:
        """Nothing is guessed."""
        with pytest.raises(BadOpportunity):
            typed.read("deadline", text, LAMONGAN, NOW)


class TestCapacity:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("500", 500),
            ("1.500", 1500),
            ("1,5 ton", 1500),
            ("2 ribu pcs", 2000),
            ("10 kodi", 200),
            ("1.200 per tahun", 100),
            ("10 pcs per hari", 250),
            ("1.000/bln", 1000),
            ("200-300", 200),
        ],
    )
    def test_is_a_number_of_a_month(self, text: str, number: int) -> None:
        """With a unit or without."""
        assert typed.read("capacity", text, LAMONGAN, NOW) == number

    @pytest.mark.parametrize("text", ["banyak", "0", "-5", "99999999", "1e9", "²"])
    def test_of_no_number_is_refused(self, text: str) -> None:
        """Nor is one beyond reason taken."""
        with pytest.raises(BadOpportunity):
            typed.read("capacity", text, LAMONGAN, NOW)


class TestLink:
    @pytest.mark.parametrize("text", ["contoh.id/baru", "https://contoh.co.id", "https://bit.ly/a?b=1#c"])
    def test_is_an_address(self, text: str) -> None:
        """With or without its beginning."""
        composing.check({"link": typed.read("link", text, LAMONGAN, NOW)}, LAMONGAN, NOW)

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "08120000000",
                "https://0812000000",
                "localhost/x",
                "https://127.0.0.1/",
                "https://-/",
                "https://...",
                "…",
            ),
            *(
                "daftar",
                "https://1.2.3.4",
                "https://a..id",
                "https://-a.id",
                "https://kantor.local",
                "http://contoh.id",
            ),
            *("https://a_.1", "javascript:alert(1)", "https://nama:sandi@contoh.id"),
        ],
    )
    def test_is_nothing_else(self, text: str) -> None:
        """What leads nowhere is refused where it is typed, and in a table."""
        with pytest.raises(BadOpportunity):
            composing.check({"link": typed.read("link", text, LAMONGAN, NOW)}, LAMONGAN, NOW)


class TestAnyText:
    @settings(max_examples=200, deadline=None)
    @given(field=st.sampled_from(typed.TYPED), text=st.text(max_size=300))
    @example(field="deadline", text="99 Desember 99999")
    @example(field="capacity", text="9" * 300)
    def test_is_read_or_refused(self, field: str, text: str) -> None:
        """Whatever is typed, it is a value or a sentence that says why not."""
        with suppress(BadOpportunity):
            typed.read(field, text, LAMONGAN, NOW)
