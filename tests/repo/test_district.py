"""Each district's folder is complete, and its draft of holidays can be confirmed line by line."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from districts.write_holidays import draft, keep_confirmed, read, to_toml
from domain.district import USUAL_WEEK, BadDistrict, Holiday, read_district
from domain.knowledge.folder import read_folder
from domain.knowledge.shelf import knowledge_folder, read_data
from tests.repo.tree import ROOT

FOLDERS = sorted(path.parent for path in ROOT.glob("districts/*/district.toml"))
LAMONGAN = ROOT / "districts" / "lamongan"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
class TestDistrict:
    def test_serves_what_it_names(self, folder: Path) -> None:
        """Topics, offices and related entries that an entry names exist, and every topic has an entry."""
        district = read_district(folder)
        entries, faults = read_folder(
            knowledge_folder(district), district.topics, [office.key for office in district.offices]
        )

        assert faults == []
        assert set(district.topics) == {entry.topic for entry in entries}

    def test_has_its_data(self, folder: Path) -> None:
        """Lexicon, places, talk and attributes can be read, and the district's own places are among them."""
        district = read_district(folder)
        data = read_data(district)

        assert set(district.kecamatan) <= set(data.own_places)
        assert data.attributes
        assert data.smalltalk
        assert data.actions

    def test_names_nothing_twice(self, folder: Path) -> None:
        """Offices, places, kecamatan and sectors are told apart by their keys."""
        district = read_district(folder)

        for names in (
            [office.key for office in district.offices],
            [place.key for place in district.places],
            district.kecamatan,
            list(district.sectors.values()),
            list(district.countries.values()),
            list(district.topics.values()),
        ):
            assert names
            assert len(set(names)) == len(names)

    def test_has_its_holidays(self, folder: Path) -> None:
        """Each holiday stands once, in order."""
        holidays = read(folder / "holidays.toml")

        assert holidays == sorted({(holiday.day, holiday.name): holiday for holiday in holidays}.values())
        assert holidays


class TestLamongan:
    def test_is_whole(self) -> None:
        """Lamongan has 27 kecamatan, two offices, and the ten export destinations of the founding article."""
        district = read_district(LAMONGAN)

        assert len(district.kecamatan) == 27
        assert {office.key for office in district.offices} == {"diskopum", "disperindag"}
        assert set(district.countries) == {"JP", "US", "CN", "AU", "IN", "MY", "KR", "GB", "TR", "TW"}
        assert district.timezone == "Asia/Jakarta"


class TestAnsweringHours:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "district.toml").write_text((LAMONGAN / "district.toml").read_text("utf-8"), "utf-8")
        return tmp_path

    def put(self, folder: Path, lines: str) -> None:
        """Let [answering_hours] hold *lines* and nothing else."""
        text = (folder / "district.toml").read_text("utf-8")
        text = re.sub(r"\[answering_hours\]\n(.+\n)+", f"{lines}\n", text)
        (folder / "district.toml").write_text(text, "utf-8")

    def test_are_as_written(self, folder: Path) -> None:
        """Each day has its own; one left out is closed."""
        self.put(folder, '[answering_hours]\nmonday = "07.30-14.00"\nsaturday = "08.00-12.00"')

        week = read_district(folder).answering_hours

        assert [str(span) for span in week] == ["07.30-14.00", *["None"] * 4, "08.00-12.00", "None"]

    def test_have_a_default(self, folder: Path) -> None:
        """A district that names none, and no holidays, is taken to work as offices do."""
        self.put(folder, "")

        district = read_district(folder)

        assert district.answering_hours == USUAL_WEEK
        assert district.holidays == ()

    @pytest.mark.parametrize(
        ("lines", "fault"),
        [
            ('[answering_hours]\nsenin = "08.00-15.00"', "misspells 'answering_hours.senin'"),
            ('[answering_hours]\nmonday = "pagi"', "'pagi' is no span"),
            ("[answering_hours]\nmonday = 8", "8 is no span"),
            ('[answering_hours]\nmonday = "15.00-08.00"', "ends before it begins"),
            ("[answering_hours]", "give at least one day"),
        ],
    )
    def test_that_cannot_be_read_are_named(self, folder: Path, lines: str, fault: str) -> None:
        """A slip in the file is refused at start, and named."""
        self.put(folder, lines)

        with pytest.raises(BadDistrict, match=fault):
            read_district(folder)

    @pytest.mark.parametrize("lines", ["holidays = [{ day = 2026-12-25 }]", "days = []", "holidays ="])
    def test_holidays_that_cannot_be_read_are_named(self, folder: Path, lines: str) -> None:
        """So is one in the holidays."""
        (folder / "holidays.toml").write_text(lines, "utf-8")

        with pytest.raises(BadDistrict, match=r"holidays\.toml"):
            read_district(folder)

    def test_are_in_a_zone_that_exists(self, folder: Path) -> None:
        """A time zone nobody knows is refused at start."""
        text = (folder / "district.toml").read_text("utf-8")
        (folder / "district.toml").write_text(text.replace("Asia/Jakarta", "Asia/Lamongan"), "utf-8")

        with pytest.raises(BadDistrict, match="Asia/Lamongan"):
            read_district(folder)


class TestWriteHolidays:
    def test_reads_back_what_it_writes(self, tmp_path: Path) -> None:
        """The file holds everything that was drafted."""
        drafted = draft([2026])
        (tmp_path / "holidays.toml").write_text(to_toml(drafted), "utf-8")

        assert read(tmp_path / "holidays.toml") == drafted

    def test_knows_collective_leave(self) -> None:
        """Holidays and cuti bersama are told apart, and a draft claims nothing to be confirmed."""
        drafted = draft([2026])

        assert {holiday.name.startswith("Cuti Bersama") for holiday in drafted if holiday.collective_leave} == {True}
        assert "Hari Kemerdekaan Republik Indonesia" in {holiday.name for holiday in drafted}
        assert not any(holiday.confirmed for holiday in drafted)

    def test_keeps_what_officers_confirmed(self) -> None:
        """Drafting again changes no confirmed line, nor drops a day that officers added."""
        first, *others = draft([2026])
        checked = replace(first, estimated=True, confirmed=True)
        added = Holiday(first.day, "Hari Jadi Lamongan", confirmed=True)

        kept = keep_confirmed([first, *others], [checked, added, replace(others[0], name="salah ketik")])

        assert kept == sorted([checked, added, *others])
