"""By when one must answer, out of a post with several days: what stands beside a day says what it is.

The nearest word decides. A day with no such word is none we would name, not the last day of an event either; nor is one
day beside "pendaftaran" alone, which may be the first. Of several, registration's goes before a payment's, one that was
put off before all. "besok" and "Jumat depan" are left alone: nobody knows when a forwarded post was written.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from domain import dates

_MONTHS = (
    ("januari", "january", "jan"),
    ("februari", "pebruari", "february", "feb", "peb"),
    ("maret", "march", "mar"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("agustus", "august", "agust", "agu", "ags", "agt", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nopember", "nov", "nop"),
    ("desember", "december", "des", "dec"),
)
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_MONTH = "|".join(sorted(_NUMBER_OF, key=len, reverse=True))
_WEEKDAY = (
    r"(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad|slasa|rebo|kemis|jemuwah|setu"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun)"
)
_TILL = r"(?:s\s?[./]?\s?d\b\.?|sampai(?:\s+dengan)?|hingga|nganti|tekan|until|till|through)"
_JOINED = rf"\s*(?:[-–—,&]|dan\b|lan\b|and\b|to\b|{_TILL})\s*(?:tgl\.?\s*|tanggal\s*)?(?:{_WEEKDAY}\s*,?\s*)?"
_DAY = r"[0-9]{1,2}(?![0-9])"
_YEAR = r"(?P<year>20[0-9]{2})(?![0-9])"

_IN_WORDS = re.compile(
    rf"(?<![0-9.,:/])(?:(?P<first>{_DAY})(?:st|nd|rd|th)?{_JOINED}(?:{_DAY}{_JOINED}){{0,4}})?"
    rf"(?P<day>{_DAY})(?:st|nd|rd|th)?[\s-]*(?:of\s+)?(?P<month>{_MONTH})(?![a-z])\.?(?:[\s,'’-]{{0,3}}{_YEAR})?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<![a-z])(?P<month>{_MONTH})(?![a-z])\.?\s+(?:(?P<first>{_DAY})(?:st|nd|rd|th)?{_JOINED})?(?P<day>{_DAY})"
    rf"(?:st|nd|rd|th)?(?![.:][0-9])(?:\s*,?\s*{_YEAR})?",
    re.IGNORECASE,
)
_IN_NUMBERS = re.compile(
    rf"(?<![0-9./-])(?:(?P<first>{_DAY})\s*(?:[-–]|{_TILL})\s*(?=[0-9]{{1,2}}[/.]))?(?P<day>[0-9]{{1,2}})(?P<sep>[/.-])"
    r"(?P<month>[0-9]{1,2})(?:(?P=sep)(?P<year>20[0-9]{2}|[0-9]{2}))?(?![0-9])(?![./-][0-9])",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?P<first>)(?![0-9])")
_DAY_ALONE = re.compile(
    r"\b(?:tgl|tanggal)\.?\s*(?P<day>[0-9]{1,2})(?![0-9]|\s*[./:-]\s*[0-9])(?!\s+bulan\s+(?:depan|ngarep))",
    re.IGNORECASE,
)
_NAMED_AS_DAY = re.compile(rf"(?:{_WEEKDAY}|\btgl|\btanggal|\bdeadline|\blambat|{_TILL})[\s.,:(]*$", re.IGNORECASE)
"""What stands before "4/12" where that is a day and no fraction."""

_BETWEEN = re.compile(_JOINED, re.IGNORECASE)
_TILL_BEFORE = re.compile(rf"\b(?:{_TILL}|by)[\s:]*(?:tgl\.?|tanggal)?[\s:]*(?:{_WEEKDAY}[\s,]*)?$", re.IGNORECASE)

_CUES: dict[str, str] = {
    "extended": r"di\s?perpanjang|perpanjangan|extended",
    "deadline": (
        r"batas(?:\s+(?:akhir|waktu|pendaftaran|registrasi|pengumpulan|pengiriman|penawaran))*|paling\s+(?:lambat|telat|akhir"
        r"|kasep|keri)|(?:se)?lambat-?\s?lambat(?:nya|e)?|dead\s?line|due(?:\s+date)?|ditutup|penutupan|tutup(?:e|nya)?"
        r"|terakhir|maks(?:imal)?|max|closing|closes?d?|no\s+later\s+than|last\s+day|sebelum|before|sakdurunge|apply\s+by|(?:reply|register)\s+by"
        r"|⏳"
    ),
    "registration": (
        r"pendaftaran|daftar|mendaftar|registrasi|registration|register|kirim(?:kan)?|kumpulkan|submit|submission|apply"
        r"|pemasukan\s+penawaran|ndaftar"
    ),
    "opening": r"dibuka|pembukaan|buka|mulai|sejak|wiwit|opens?|opened|starts?|from",
    "event": (
        r"dilaksanakan|pelaksanaan|diselenggarakan|penyelenggaraan|digelar|diadakan|diadake|berlangsung|hari\s?[/,&]?\s?"
        r"(?:dan\s+)?(?:tanggal|tgl)|waktu|jadwal|held|when|technical\s+meeting|hadiri|[📅🗓📆]"
    ),
    "noun": (
        r"acara(?:ne|nya)?|kegiatan|pameran|bazaa?r|e[kx]spo|lomba|festival|event|fair|exhibition|kompetisi|contest|tender"
        r"|lelang|competition"
    ),
    "other": (
        r"early\s?bird|pengumuman|diumumkan|pengiriman|dikirim|shipment|delivery|surat|nomor|diterbitkan|published|diskon|promo"
        r"|berlaku|pembayaran|bayar|pelunasan|payment|pembagian|kelahiran|lahir"
    ),
}
_CUE = re.compile("|".join(rf"(?P<{name}>(?<!\w)(?:{words})(?!\w))" for name, words in _CUES.items()), re.IGNORECASE)
_PICTURES = "📅🗓📆"
_ANSWERS = frozenset({"extended", "deadline"})
_OF_REGISTRATION = re.compile(
    r"daftar|regist|submit|apply|penawaran|proposal|pengumpulan|kumpulkan|ndaftar", re.IGNORECASE
)
_BREAK = re.compile(r"(?<!tgl)(?<!pkl)(?<!s\.d)(?<!\bno)[.;!?](?=\s)|[|•·,]", re.IGNORECASE)
_NEXT_LINE = re.compile(r"[\s:*_=.–—-]*\n[\s:*_=➡👉✅📌📅🗓📆⏰–—-]*(?:" + _WEEKDAY + r"[\s,]*)?", re.IGNORECASE)

_CLOCK = re.compile(
    r"[\s,()|/–-]{0,4}(?:(?:maksimal|maks?|max|sebelum|hingga|sampai|s\.?d\.?|at|by|pada)\.?\s+){0,2}"
    r"(?:(?P<from>(?:jam|pukul|pkl)?\.?\s*[0-9]{1,2}[.:][0-9]{2})\s*(?:[-–]|s\.?/?d\.?|sampai)\s*)?"
    r"(?P<clock>(?:jam|pukul|pkl)\.?\s*[0-9]{1,2}(?:[.:][0-9]{2})?(?:\s*(?:pagi|siang|sore|malam|esuk|awan|bengi))?"
    r"|[0-9]{1,2}[.:][0-9]{2}(?:\s*(?:am|pm))?|[0-9]{1,2}\s*(?:am|pm))(?![0-9])\s*(?P<zone>wib|wita|wit)?\b",
    re.IGNORECASE,
)
_ONLY_WHEN = re.compile(
    rf"(?<!\w)(?:{_WEEKDAY}|{_TILL}|tgl|tanggal|pukul|jam|pkl|pada|hari|ini|wib|wita|wit|akhir|waktu|nya|by)(?!\w)",
    re.IGNORECASE,
)
_ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
_LAST = time(23, 59)
"""Of a day without an hour."""

FURTHEST_CUE = 90
"""Characters between a day and what says what it is."""
LABEL_COSTS, PICTURE_COSTS = 5, 12
"""Of a line above that is a label, and of a calendar's picture, which stands before days of any kind."""
OF_A_NOUN = 40
"""Characters within which "Batas pendaftaran … pameran" is a deadline and no event."""


@dataclass(frozen=True)
class _Day:
    """One day, or the last of several that were said as one."""

    starts: int
    ends: int
    last: date
    is_range: bool = False
    has_month: bool = True


def deadline(text: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The moment by which one must answer, in *zone*; without an hour the day's last minute. May be over.

    A year that was left out is the one that brings the day nearest to *now*.
    """
    here = now.astimezone(zone).date()
    days = _days(text, here)
    if put_off := [day for before, day in pairwise(days) if _is_put_off(text, before, day)]:
        return _moment(text, put_off[-1], zone)
    found: list[tuple[int, _Day]] = []
    for place, day in enumerate(days):
        begins = days[place - 1].ends if place else 0
        ends = days[place + 1].starts if place + 1 < len(days) else len(text)
        if rank := _rank(text, day, begins, ends):
            found.append((rank, day))
    if not found:
        return None
    best = max(rank for rank, _ in found)
    is_extended = bool(_EXTENDED.search(text))
    if is_extended and best < _EXTENDED_RANK and len({day.last for _, day in found}) > 1:
        return None  # nothing says which of them is the new one
    those = sorted((day for rank, day in found if rank == best), key=lambda day: day.last)
    return _moment(text, next((day for day in those if day.last >= here), those[-1]), zone)


_EXTENDED = re.compile(_CUES["extended"], re.IGNORECASE)
_EXTENDED_RANK = 3
_FROM_BEFORE = re.compile(
    rf"\b(?:dari|semula(?:nya)?|sebelumnya|awalnya|saka|seka|from)[\s:]*(?:tgl\.?|tanggal)?\s*(?:{_WEEKDAY}[\s,]*)?$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    rf"[\s,()]*(?:(?:di)?(?:per\w+|undur|mundur\w*)\s+)?(?:men|di)?(?:jadi|dadi|ke|to|sampai|hingga|nganti)\b[\s:]*(?:tgl\.?|tanggal)?\s*(?:{_WEEKDAY}[\s,]*)?",
    re.IGNORECASE,
)


def _is_put_off(text: str, before: _Day, day: _Day) -> bool:
    """Whether *day* is the new deadline in the place of *before*: "semula … menjadi …"."""
    line_starts = text.rfind("\n", 0, before.starts) + 1
    said = text[line_starts : before.starts]
    if not _FROM_BEFORE.search(said) or not _INSTEAD.fullmatch(text, before.ends, day.starts):
        return False
    is_of_answers = any(
        cue.lastgroup in {*_ANSWERS, "registration"} for cue in _CUE.finditer(text, line_starts, day.ends + 40)
    )
    return is_of_answers or bool(_EXTENDED.search(text))


def _days(text: str, here: date) -> list[_Day]:
    """In order; those that there are not (31 February) left out."""
    found = sorted(_each(text, here), key=lambda day: (day.starts, -day.ends))
    apart: list[_Day] = []
    for day in found:
        if apart and day.starts < apart[-1].ends:
            continue
        before = apart[-1] if apart else None
        if before and before.has_month and _BETWEEN.fullmatch(text, before.ends, day.starts):
            apart[-1] = _Day(before.starts, day.ends, day.last, is_range=True)
        else:
            apart.append(day)
    return apart


_DATED = (_IN_WORDS, _MONTH_FIRST, _YEAR_FIRST)


def before_first(text: str) -> str:
    """What stands before the first day that is named by its month."""
    starts = min((found.start() for pattern in _DATED if (found := pattern.search(text))), default=len(text))
    return text[:starts]


def is_only_deadline(line: str) -> bool:
    """Whether a line says by when one must answer, and no more."""
    if not any(cue.lastgroup in _ANSWERS for cue in _CUE.finditer(line)) and not re.search(
        rf"\b{_TILL}\b", line, re.IGNORECASE
    ):
        return False
    rest = line
    for pattern in (*_DATED, _IN_NUMBERS, _DAY_ALONE, _CUE, _CLOCK, _ONLY_WHEN):
        rest = pattern.sub(" ", rest)
    return rest != line and not any(letter.isalnum() for letter in rest) and any(letter.isdigit() for letter in line)


def _each(text: str, here: date) -> Iterator[_Day]:
    dated: list[_Day] = []
    for pattern in (_IN_WORDS, _MONTH_FIRST, _IN_NUMBERS, _YEAR_FIRST):
        for found in pattern.finditer(text):
            if pattern is _IN_NUMBERS and not _is_day(text, found):
                continue
            month = _NUMBER_OF.get(found["month"].lower()) or (int(found["month"]) if found["month"].isdecimal() else 0)
            if last := _date(int(found["day"]), month, found["year"], here):
                dated.append(_Day(found.start(), found.end(), last, is_range=bool(found["first"])))
    yield from dated
    for found in _DAY_ALONE.finditer(text):
        is_part = any(found.start() < day.ends and day.starts < found.end() for day in dated)
        if not is_part and (last := _next(int(found["day"]), here)):
            yield _Day(found.start(), found.end(), last, has_month=False)


def _is_day(text: str, found: re.Match[str]) -> bool:
    if found["year"]:
        return True
    return found["sep"] != "." and bool(_NAMED_AS_DAY.search(text[max(0, found.start() - 24) : found.start()]))


def _date(day: int, month: int, year: str | None, here: date) -> date | None:
    if year:
        return _made(int(year) + (2000 if len(year) == 2 else 0), month, day)
    those = [made for years in (-1, 0, 1) if (made := _made(here.year + years, month, day))]
    return min(those, key=lambda made: abs(made - here), default=None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next(day: int, here: date) -> date | None:
    """The next day of that number."""
    month = here.replace(day=1)
    for _ in range(3):
        made = _made(month.year, month.month, day)
        if made and made >= here:
            return made
        month = (month + timedelta(days=31)).replace(day=1)
    return None


_DAYS_BEFORE = re.compile(r"\bH\s?-\s?[0-9]{1,2}\b[^.\n]{0,30}$", re.IGNORECASE)
""" "H-3 sebelum": another day than the one that is named."""


def _rank(text: str, day: _Day, begins: int, ends: int) -> int:
    """0 for what is no deadline; 1 for one, 2 for registration's, 3 for one that was put off."""
    before, is_till = text[begins : day.starts], False
    if _DAYS_BEFORE.search(before):
        return 0
    if till := _TILL_BEFORE.search(before):
        before, is_till = before[: till.start()], True
    cues = [*_cues_before(before), *([] if is_till else _cues_after(text[day.ends : ends]))]
    _, name, words = min(cues, default=(0, "", ""))
    if name in _ANSWERS:
        return _EXTENDED_RANK if name == "extended" else 2 if _OF_REGISTRATION.search(words) else 1
    if is_till:
        return 0 if not day.has_month or name in {"event", "noun", "other"} else 2 if name == "registration" else 1
    return 2 if day.is_range and (name == "registration" or _OF_REGISTRATION.search(words)) else 0


def _cues_before(text: str) -> Iterator[tuple[int, str, str]]:
    """How far each stands from the end of *text*, what it says, and the words from it on."""
    those = _without_nouns_of(list(_CUE.finditer(text)), text)
    for found in those:
        gap = text[found.end() :]
        if "\n" in gap and not _NEXT_LINE.fullmatch(gap):
            continue
        cost = LABEL_COSTS if "\n" in gap else _cost(gap) + (PICTURE_COSTS if found[0] in _PICTURES else 0)
        if cost <= FURTHEST_CUE:
            line = max(text.rfind("\n", 0, found.start()), text.rfind(". ", 0, found.start())) + 1
            yield cost, str(found.lastgroup), text[line:]


def _cues_after(text: str) -> Iterator[tuple[int, str, str]]:
    line = text.partition("\n")[0]
    for found in _CUE.finditer(line):
        gap = line[: found.start()]
        if _BREAK.search(gap):
            return  # it begins what is said next
        if (cost := _cost(gap)) <= FURTHEST_CUE:
            # What follows a day says of the next one what it is, if it stands as near to that.
            yield cost + 3, str(found.lastgroup), line


def _without_nouns_of(cues: Sequence[re.Match[str]], text: str) -> list[re.Match[str]]:
    """Without the event of which it is said by when, or from when on, one registers."""
    kept: list[re.Match[str]] = []
    for cue in cues:
        owner = kept[-1] if kept else None
        gap = text[owner.end() : cue.start()] if owner else ""
        is_of = owner is not None and owner.lastgroup in {*_ANSWERS, "registration"} and not _BREAK.search(gap)
        if cue.lastgroup == "noun" and is_of and "\n" not in gap and len(gap) <= OF_A_NOUN:
            continue
        # "Terakhir daftar" and "tutup pendaftaran" are one cue.
        if cue.lastgroup == "registration" and owner and owner.lastgroup in _ANSWERS and gap.isspace():
            continue
        kept.append(cue)
    return kept


def _cost(gap: str) -> int:
    """How far it is; beyond the end of a sentence, too far."""
    return len(gap) + sum(FURTHEST_CUE for found in _BREAK.finditer(gap) if found[0] in ".;!?")


def _moment(text: str, day: _Day, zone: ZoneInfo) -> datetime:
    said = _CLOCK.match(text, day.ends)
    clock = dates.clock_of(" ".join(said["clock"].lower().replace("pkl.", "pkl").split())) if said else None
    theirs = ZoneInfo(_ZONES[said["zone"].lower()]) if said and said["zone"] else zone
    # Midnight is said of the day that ends with it.
    at = datetime.combine(day.last, clock if clock and clock != time(0) else _LAST, theirs if clock else zone)
    return at.astimezone(zone)
