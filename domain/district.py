"""A district's own data, read from its folder: name, offices, places, kecamatan, sectors, countries, topics."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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

    @property
    def help_desk(self) -> Place:
        """Where somebody whom the bot cannot help can always go: the first place of the file."""
        return self.places[0]

    def office(self, key: str) -> Office | None:
        return next((office for office in self.offices if office.key == key), None)


def read_district(folder: Path) -> District:
    """Read `district.toml` in *folder*. Raises BadDistrict naming what is wrong."""
    file = folder / "district.toml"
    try:
        plain = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise BadDistrict(f"{file} cannot be read: name a folder that holds a district.toml") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadDistrict(f"{file} is no TOML: {error}") from error
    try:
        return _district(folder, plain)
    except (KeyError, TypeError) as error:
        raise BadDistrict(f"{file} lacks or misspells {error}") from error


def _district(folder: Path, plain: dict[str, Any]) -> District:
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
    )
    if not district.offices or not district.places:
        raise KeyError("offices and places: give at least one of each")
    return district
