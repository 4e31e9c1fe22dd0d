"""The hour that a post says of a day, behind it or before it, wherever on earth it is meant."""

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from domain import dates
from domain.opportunities.reading_days import WEEKDAY

_NAMED = {
    "Asia/Jakarta": ("wib", "jakarta", "indonesia", "indonesia barat"),
    "Asia/Makassar": ("wita", "indonesia tengah"),
    "Asia/Jayapura": ("wit", "indonesia timur"),
    "Asia/Tokyo": ("jst", "tokyo", "osaka", "jepang", "japan"),
    "Asia/Seoul": ("kst", "seoul", "korea", "korea selatan", "korsel"),
    "Asia/Shanghai": ("beijing", "shanghai", "guangzhou", "tiongkok", "china", "cina"),
    "Asia/Taipei": ("taipei", "taiwan"),
    "Asia/Hong_Kong": ("hkt", "hong kong"),
    "Asia/Singapore": ("sgt", "singapura", "singapore"),
    "Asia/Kuala_Lumpur": ("myt", "malaysia", "kuala lumpur"),
    "Asia/Kolkata": ("india", "delhi", "new delhi", "mumbai"),
    "Asia/Dubai": ("dubai", "uea"),
    "Asia/Riyadh": ("arab saudi", "saudi", "jeddah"),
    "Europe/Istanbul": ("trt", "turki", "istanbul"),
    "Europe/London": ("inggris", "london", "uk"),
    "Europe/Paris": ("cet", "cest", "belanda", "amsterdam", "jerman", "berlin", "prancis", "paris"),
    "Australia/Sydney": ("aedt", "sydney", "melbourne"),
    "Australia/Brisbane": ("aest", "brisbane"),
    "Australia/Perth": ("awst", "perth"),
    "America/New_York": ("est", "edt", "new york"),
    "America/Los_Angeles": ("pst", "pdt", "los angeles", "california"),
    "UTC": ("gmt", "utc"),
}
_ZONE_OF = {name: zone for zone, names in _NAMED.items() for name in names}
_UNCLEAR = r"waktu\s+(?:setempat|australia|amerika(?:\s+serikat)?|eropa)|(?:local|us)\s+time|cst|ist|bst"
"""Of several zones, or of none that is known here."""


def _any_of(names: list[str]) -> str:
    return "|".join(re.escape(name).replace(r"\ ", r"\s") for name in sorted(names, key=len, reverse=True))


_SHORT, _PLACES = (
    _any_of(
        [name for name in _ZONE_OF if (name[-1] == "t" or name in {"utc", "wib", "wita"}) == is_short and name != "uk"]
    )
    for is_short in (True, False)
)
_ZONE = (
    rf"(?:(?P<offset>(?:gmt|utc)\s?[+−–-]\s?[0-9]{{1,2}})(?![0-9])|(?P<unclear>{_UNCLEAR})\b|(?P<short>{_SHORT})\b"
    rf"|waktu\s(?P<waktu>{_PLACES}|uk)\b|(?P<place>{_PLACES}|uk)\stime\b)"
)
_CLOCK = re.compile(
    r"[\s,()|/–-]{0,4}(?:(?:maksimal|maks?|max|sebelum|hingga|sampai|s\.?d\.?|at|by|pada)\.?\s+){0,2}"
    r"(?:(?P<from>(?:jam|pukul|pkl)?\.?\s*[0-9]{1,2}[.:][0-9]{2})\s*(?:[-–]|s\.?/?d\.?|sampai)\s*)?"
    r"(?P<clock>(?:jam|pukul|pkl)\.?\s*[0-9]{1,2}(?:[.:][0-9]{2})?(?:\s*(?:pagi|siang|sore|malam|esuk|awan|bengi))?"
    rf"|[0-9]{{1,2}}[.:][0-9]{{2}}(?:\s*(?:am|pm))?|[0-9]{{1,2}}\s*(?:am|pm)|(?:12\s+)?(?:noon|midnight)\b)(?![0-9])(?:[\s(]{{0,2}}{_ZONE}|\b)",
    re.IGNORECASE,
)
_IN_A_WORD = {"noon": time(12), "midnight": dates.END_OF_DAY}
_LEADS_ON = re.compile(rf"(?:[\s,()|/:–-]|(?:hari|dina|pada|tanggal|tgl|on|{WEEKDAY})(?!\w)\.?)*", re.IGNORECASE)
"""Between an hour and the day that is said after it."""
_FURTHEST = 80
_FURTHEST_ZONE = 14


def without_hours(text: str) -> str:
    """*text* with a blank for each hour."""
    return _CLOCK.sub(" ", text)


def moment(text: str, begins: int, starts: int, ends: int, last: date, zone: ZoneInfo) -> datetime | None:
    """When it is on *last*, in *zone*: that day stands in *text* from *starts* to *ends*, another till *begins*.

    None where an hour is said by a clock of nobody knows where.
    """
    said = _CLOCK.match(text, ends) or _before(text, begins, starts)
    clock = _clock(said["clock"]) if said else None
    theirs = _zone_of(said, zone) if said and clock else zone
    # Midnight is said of the day that ends with it.
    at = clock if clock and clock != time(0) else dates.END_OF_DAY
    return datetime.combine(last, at, theirs).astimezone(zone) if theirs else None


def _clock(words: str) -> time | None:
    words = " ".join(words.lower().replace("pkl.", "pkl").split())
    return _IN_A_WORD.get(words.removeprefix("12 ")) or dates.clock_of(words)


def _before(text: str, begins: int, starts: int) -> re.Match[str] | None:
    """The hour right before the day; not the one of the day before."""
    from_there = max(begins, starts - _FURTHEST)
    of_another = _CLOCK.match(text, begins) if from_there == begins and begins else None
    last: re.Match[str] | None = None
    for found in _CLOCK.finditer(text, of_another.end() if of_another else from_there, starts):
        last = found
    return last if last and _LEADS_ON.fullmatch(text, last.end(), starts) else None


def _zone_of(said: re.Match[str], zone: ZoneInfo) -> tzinfo | None:
    if said["unclear"]:
        return None
    if said["offset"]:
        hours = int("".join(filter(str.isdecimal, said["offset"])))
        is_west = "+" not in said["offset"]
        return timezone(timedelta(hours=-hours if is_west else hours)) if hours <= _FURTHEST_ZONE else None
    named = said["short"] or said["waktu"] or said["place"]
    return ZoneInfo(_ZONE_OF[" ".join(named.lower().split())]) if named else zone
