"""By when one must answer, out of a post with several days: what stands beside a day says what it is.

The nearest word decides. A day with no such word is none we would name, not the last day of an event either; nor is one
day beside "pendaftaran" alone, which may be the first. Of several, registration's goes before a payment's, one that was
put off before all. "besok" and "Jumat depan" are left alone: of what was copied on nobody knows when it was first said.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from domain.opportunities.reading_days import TILL, WEEKDAY, Day, days_in, without_days
from domain.opportunities.reading_hours import moment, without_hours
from domain.opportunities.reading_links import without_wide_gaps

_TILL_BEFORE = re.compile(
    rf"\b(?:{TILL}|by)[\s:]*(?:(?:hari\s+|dina\s+)?{WEEKDAY}[\s,/]*)?(?:tgl\.?|tanggal)?[\s:]*(?:{WEEKDAY}[\s,]*)?$",
    re.IGNORECASE,
)

_CUES: dict[str, str] = {
    "extended": r"di\s?perpanjang|perpanjangan|extended",
    "deadline": (
        r"(?:batas|wates)(?:\s+(?:akhir|waktu|wektu|pendaftaran|registrasi|pengumpulan|pengiriman|penawaran))*|(?:paling|pling|plg)\s+(?:la?mba?t|te?la?t|akhir"
        r"|kasep|keri)|(?:se)?lambat-?\s?lambat(?:nya|e)?|dead\s?line|dl|due(?:\s+date)?|di?tutup|penutupan|tutup(?:e|nya)?"
        r"|terakhir|maks(?:imal)?|max|closing|closes?d?|no\s+later\s+than|last\s+day|sebelum|se?blu?m|before|sak?durung(?:e|ipun)|sak?dereng(?:e|ipun)|apply\s+by|(?:reply|register)\s+by"
        r"|⏳"
    ),
    "registration": (
        r"pendaftaran|pe?nda?fta?ra?n|daftar|dafta?r|dfta?r|mendaftar|registrasi|registration|register|kirim(?:kan)?|kumpulkan|submit|submission|apply"
        r"|pemasukan\s+(?:dok\w*\.?\s+)?penawaran|ndaftar"
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
    "price": r"harga(?:nya|ne)?|tarif|htm|biaya(?:nya|ne)?|rega(?:ne)?|prices?|fee",
}
_CUE = re.compile("|".join(rf"(?P<{name}>(?<!\w)(?:{words})(?!\w))" for name, words in _CUES.items()), re.IGNORECASE)
_PICTURES = "📅🗓📆"
_ANSWERS, _NONE = frozenset({"extended", "deadline"}), frozenset({"event", "noun", "other", "price"})
_OF_REGISTRATION = re.compile(
    r"daftar|regist|submit|apply|penawaran|proposal|pengumpulan|kumpulkan|ndaftar", re.IGNORECASE
)
_BREAK = re.compile(r"(?<!tgl)(?<!pkl)(?<!s\.d)(?<!\bno)[.;!?](?=\s)|[|•·,]", re.IGNORECASE)
_WHEN = r"(?:hari|waktu|jadwal)(?:\s?[/,&]?\s?(?:dan\s+)?(?:tanggal|tgl))?"
_NEXT_LINE = re.compile(
    rf"[\s:*_=.–—-]*\n[\s:*_=➡👉✅📌📅🗓📆⏰–—-]*(?:{_WHEN}[\s:*_=]*)?(?:{WEEKDAY}[\s,/]*)?", re.IGNORECASE
)
_IS_WHEN = re.compile(_WHEN, re.IGNORECASE)
"""A label of the day that follows, whatever the line above says it is."""

_ONLY_WHEN = re.compile(
    rf"(?<!\w)(?:{WEEKDAY}|{TILL}|tgl|tanggal|pukul|jam|pkl|pada|hari|ini|wib|wita|wit|akhir|waktu|nya|by)(?!\w)",
    re.IGNORECASE,
)
FURTHEST_CUE = 90
"""Characters between a day and what says what it is."""
FURTHEST_SAID = 300
"""Characters around a day that are looked at at all."""
LABEL_COSTS, PICTURE_COSTS = 5, 12
"""Of a line above that is a label, and of a calendar's picture, which stands before days of any kind."""
LATELY = timedelta(days=30)
"""What is copied on is so after its day, too; a day that passed longer before is another year's."""
OF_A_NOUN = 40
"""Characters within which "Batas pendaftaran … pameran" is a deadline and no event."""


def deadline(text: str, zone: ZoneInfo, now: datetime, written: datetime | None = None) -> datetime | None:
    """The moment by which one must answer, in *zone*; without an hour the day's last minute. May be over.

    A year that was left out is the one that brings the day nearest to when it was *written* (now, where nobody knows or
    it was dated ahead), but none that had long passed then. Of several the first that is ahead of *now*.
    """
    here = min(written or now, now).astimezone(zone).date()
    days = days_in(text, here, LATELY if written else timedelta.max)
    begins_of = dict(zip(days, [0, *(day.ends for day in days)], strict=False))
    if put_off := [day for before, day in pairwise(days) if _is_put_off(text, before, day)]:
        best_day = put_off[-1]
        return moment(text, begins_of[best_day], best_day.starts, best_day.ends, best_day.last, zone)
    found: list[tuple[int, Day]] = []
    for place, day in enumerate(days):
        ends = days[place + 1].starts if place + 1 < len(days) else len(text)
        if rank := _rank(text, day, begins_of[day], ends):
            found.append((rank, day))
    if not found:
        return None
    best = max(rank for rank, _ in found)
    is_extended = bool(_EXTENDED.search(text))
    if is_extended and best < _EXTENDED_RANK and len({day.last for _, day in found}) > 1:
        return None  # nothing says which of them is the new one
    those = sorted((day for rank, day in found if rank == best), key=lambda day: day.last)
    moments = [(day, moment(text, begins_of[day], day.starts, day.ends, day.last, zone)) for day in those]
    today = now.astimezone(zone).date()
    # One whose hour is by a clock of nobody knows where may be ahead as well.
    return next((at for day, at in moments if (at > now if at else day.last >= today)), moments[-1][1])


_EXTENDED = re.compile(_CUES["extended"], re.IGNORECASE)
_EXTENDED_RANK = 3
_FROM_BEFORE = re.compile(
    rf"\b(?:dari|semula(?:nya)?|sebelumnya|awalnya|saka|seka|from)[\s:]*(?:tgl\.?|tanggal)?\s*(?:{WEEKDAY}[\s,]*)?$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    rf"[\s,()]*(?:(?:di)?(?:per\w+|undur|mundur\w*)\s+)?(?:men|di)?(?:jadi|dadi|ke|to|sampai|hingga|nganti)\b[\s:]*(?:tgl\.?|tanggal)?\s*(?:{WEEKDAY}[\s,]*)?",
    re.IGNORECASE,
)


def _is_put_off(text: str, before: Day, day: Day) -> bool:
    """Whether *day* is the new deadline in the place of *before*: "semula … menjadi …"."""
    line_starts = text.rfind("\n", 0, before.starts) + 1
    line_starts = max(line_starts, before.starts - FURTHEST_SAID)
    said = text[line_starts : before.starts]
    if not _FROM_BEFORE.search(said) or not _INSTEAD.fullmatch(text, before.ends, day.starts):
        return False
    is_of_answers = any(
        cue.lastgroup in {*_ANSWERS, "registration"} for cue in _CUE.finditer(text, line_starts, day.ends + 40)
    )
    return is_of_answers or bool(_EXTENDED.search(text))


def is_only_deadline(line: str) -> bool:
    """Whether a line says by when one must answer, and no more."""
    cues = {cue.lastgroup for cue in _CUE.finditer(line)}
    is_till = re.search(rf"\b{TILL}\b", line, re.IGNORECASE) and "price" not in cues
    if not is_till and not cues & _ANSWERS:
        return False
    rest = _ONLY_WHEN.sub(" ", without_hours(_CUE.sub(" ", without_days(without_wide_gaps(line)))))
    return rest != line and not any(letter.isalnum() for letter in rest) and any(letter.isdigit() for letter in line)


_EARLIER = (
    r"(?:\bH\s?(?:[-–]|min(?:us)?)\s?[0-9]{1,2}\b"
    r"|\b(?:(?:[0-9]{1,2}\s?[x×]\s?)?[0-9]{1,2}|se|satu|dua|tiga|empat|lima|enam|tujuh|sepuluh|siji|rong|telung|patang|limang|pitung|one|two|three|five|seven|ten|a)"
    r"\s?(?:jam|hari|dina|minggu|pekan|bulan|wulan|sasi|hours?|days?|weeks?|months?)(?:\s+(?:kerja|kalender))?\s+"
    r"(?:sebelum\w*|se?blu?m|sak?durung\w*|sak?dereng\w*|sak\s+durung\w*|before|prior\s+to|ahead\s+of)\b)"
)
""" "H-3", "tiga hari sebelum": another day than the one that is named."""
_PRICE_AFTER = re.compile(
    r"[\s,;.(]{0,4}(?:se(?:te|su)(?:lah|dah)|selanjut|sawis|after|bar)\w{0,5}\s+(?:[^\W\d]+\.?\s+){0,3}(?:rp\.?\s?)?[0-9][0-9.,]{0,9}"
    r"(?:\s?(?:rb|ribu|k|jt|juta)\b|(?<=[.,][0-9]{3}))",
    re.IGNORECASE,
)
"""What it costs from then on: till then a price held."""
_DAYS_BEFORE = re.compile(rf"{_EARLIER}[^.;!?\n]{{0,60}}$", re.IGNORECASE)
_IS_EARLIER = re.compile(rf"[^.;!?\n(]{{0,20}}?{_EARLIER}", re.IGNORECASE)


def _rank(text: str, day: Day, begins: int, ends: int) -> int:
    """0 for what is no deadline; 1 for one, 2 for registration's, 3 for one that was put off."""
    before, is_till = text[max(begins, day.starts - FURTHEST_SAID) : day.starts], False
    if _DAYS_BEFORE.search(before):
        return 0
    if till := _TILL_BEFORE.search(before):
        if _PRICE_AFTER.match(text, day.ends):
            return 0
        before, is_till = before[: till.start()], True
    cues = [
        *_cues_before(before),
        *([] if is_till else _cues_after(text[day.ends : min(ends, day.ends + FURTHEST_SAID)])),
    ]
    _, name, words = min(cues, default=(0, "", ""))
    if name in _ANSWERS:
        return _EXTENDED_RANK if name == "extended" else 2 if _OF_REGISTRATION.search(words) else 1
    if is_till:
        return 0 if not day.has_month or name in _NONE else 2 if name == "registration" else 1
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
        if _IS_EARLIER.match(line, found.end()):
            continue
        if (cost := _cost(gap)) <= FURTHEST_CUE:
            # What follows a day says of the next one what it is, if it stands as near to that.
            yield cost + 3, str(found.lastgroup), line


def _without_nouns_of(cues: Sequence[re.Match[str]], text: str) -> list[re.Match[str]]:
    """Without the event and the price of which it is said by when, or from when on, one registers."""
    kept: list[re.Match[str]] = []
    for cue in cues:
        owner = kept[-1] if kept else None
        gap = text[owner.end() : cue.start()] if owner else ""
        is_of = owner is not None and owner.lastgroup in {*_ANSWERS, "registration"} and not _BREAK.search(gap)
        if cue.lastgroup in {"noun", "price"} and is_of and "\n" not in gap and len(gap) <= OF_A_NOUN:
            continue
        if (
            is_of
            and owner
            and owner.lastgroup in _ANSWERS
            and _IS_WHEN.fullmatch(cue[0])
            and not any(letter.isalnum() for letter in gap)
        ):
            continue
        # "Terakhir daftar" and "tutup pendaftaran" are one cue.
        if cue.lastgroup == "registration" and owner and owner.lastgroup in _ANSWERS and gap.isspace():
            continue
        kept.append(cue)
    return kept


def _cost(gap: str) -> int:
    """How far it is; beyond the end of a sentence, too far."""
    return len(gap) + sum(FURTHEST_CUE for found in _BREAK.finditer(gap) if found[0] in ".;!?")
