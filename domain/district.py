"""A district's own data, read from its folder: name, offices, places, kecamatan, sectors, countries, topics."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class BadDistrict(Exception):
    """A district's folder that cannot be used; the message names the file and the mend."""


@dataclass(frozen=True)
class Office:
    """One of the offices that serve the entrepreneurs; what is not known is empty."""

    key: str
    name: str
    short_name: str
    does: str
    address: str = ""
    hours: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Place:
    """Somewhere people can go, with the day the address was last known."""

    key: str
    name: str
    address: str
    as_of: str


@dataclass(frozen=True)
class Span:
    """From when to when the office works on a day, in its own time zone."""

    opens: time
    closes: time

    def __str__(self) -> str:
        return f"{self.opens:%H.%M}-{self.closes:%H.%M}"


Week = tuple[Span | None, ...]
"""Monday first; None for a day on which the office is closed."""

_OFFICE_DAY, _OFFICE_FRIDAY = Span(time(8), time(15)), Span(time(8), time(11))
USUAL_WEEK: Week = (*(_OFFICE_DAY,) * 4, _OFFICE_FRIDAY, None, None)
"""What a district without [answering_hours] is taken to have."""


@dataclass(frozen=True, order=True)
class Holiday:
    day: date
    name: str
    collective_leave: bool = False
    """Cuti bersama: offices are closed by joint decree, shops need not be."""
    estimated: bool = False
    """By the moon: the government names the day only shortly before."""
    confirmed: bool = False
    """An officer compared it with the decree."""


@dataclass(frozen=True)
class District:
    folder: Path
    name: str
    short_name: str
    timezone: str
    offices: tuple[Office, ...]
    places: tuple[Place, ...]
    kecamatan: tuple[str, ...]
    sectors: dict[str, str]
    countries: dict[str, str]
    topics: dict[str, str]
    """Title by key, in the order people see them."""
    explained: dict[str, str] = field(default_factory=dict)
    """By paper that an opportunity may ask for, the entry that tells how to get it."""
    answering_hours: Week = USUAL_WEEK
    """When officers answer; what admins set in the chat goes before it (`domain.office_hours`)."""
    holidays: tuple[Holiday, ...] = ()
    """In order."""
    sector_words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By which a sector is known in what somebody wrote, by its key; none where no word is its own."""
    country_words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Likewise for a country, by its code: its names and those of its cities."""

    @property
    def help_desk(self) -> Place:
        """Where somebody whom the bot cannot help can always go: the first place of the file."""
        return self.places[0]

    def office(self, key: str) -> Office | None:
        return next((office for office in self.offices if office.key == key), None)


def read_district(folder: Path) -> District:
    """Read `district.toml` and `holidays.toml` in *folder*. Raises BadDistrict naming what is wrong."""
    file = folder / "district.toml"
    plain = _read_toml(file)
    holidays = _holidays_in(folder)
    try:
        return _district(folder, plain, holidays)
    except (KeyError, TypeError) as error:
        raise BadDistrict(f"{file} lacks or misspells {error}") from error
    except ValueError as error:
        raise BadDistrict(f"{file}: {error}") from error


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise BadDistrict(f"{file} cannot be read: name a folder that holds a district.toml") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadDistrict(f"{file} is no TOML: {error}") from error


def _holidays_in(folder: Path) -> tuple[Holiday, ...]:
    file = folder / "holidays.toml"
    if not file.exists():
        return ()
    try:
        return tuple(sorted(Holiday(**row) for row in _read_toml(file)["holidays"]))
    except (KeyError, TypeError) as error:
        raise BadDistrict(f"{file} lacks or misspells {error}") from error


def _district(folder: Path, plain: dict[str, Any], holidays: tuple[Holiday, ...]) -> District:
    district = District(
        folder=folder,
        name=plain["name"],
        short_name=plain["short_name"],
        timezone=plain["timezone"],
        offices=tuple(Office(**office) for office in plain["offices"]),
        places=tuple(Place(**place) for place in plain["places"]),
        kecamatan=tuple(plain["kecamatan"]["names"]),
        sectors={sector["key"]: sector["name"] for sector in plain["sectors"]},
        countries={country["code"]: country["name"] for country in plain["countries"]},
        topics=dict(plain["topics"]),
        explained=dict(plain.get("explained", {})),
        answering_hours=_week(plain["answering_hours"]) if "answering_hours" in plain else USUAL_WEEK,
        holidays=holidays,
        sector_words={sector["key"]: _words_of(sector) for sector in plain["sectors"]},
        country_words={country["code"]: _words_of(country) for country in plain["countries"]},
    )
    ZoneInfo(district.timezone)  # a zone that does not exist is a KeyError
    if not district.offices or not district.places:
        raise KeyError("offices and places: give at least one of each")
    return district


def _words_of(plain: Mapping[str, Any]) -> tuple[str, ...]:
    """Its words in small letters; without any by its name. Raises ValueError for what is no list of words."""
    kept = plain.get("words", [plain["name"]])
    if not isinstance(kept, list) or not all(isinstance(word, str) and word.strip() for word in kept):
        raise ValueError(f"words of {plain['name']}: give a list of words")
    return tuple(" ".join(word.lower().split()) for word in kept)


def _week(plain: Mapping[str, str]) -> Week:
    """Days that are left out are closed. Raises KeyError for what is no weekday, ValueError for what is no span."""
    if unknown := set(plain) - set(WEEKDAYS):
        raise KeyError(f"answering_hours.{min(unknown)}")
    if not plain:
        raise ValueError("answering_hours: give at least one day")
    return tuple(span_of(plain[day]) if day in plain else None for day in WEEKDAYS)


def span_of(text: str) -> Span:
    """Read "08.00-15.00". Raises ValueError for anything else."""
    try:
        opens, closes = (datetime.strptime(hour, "%H.%M").time() for hour in text.split("-"))  # noqa: DTZ007 -- an hour
    except (ValueError, AttributeError) as error:
        raise ValueError(f"{text!r} is no span such as 08.00-15.00") from error
    if opens >= closes:
        raise ValueError(f"{text!r} ends before it begins")
    return Span(opens, closes)
