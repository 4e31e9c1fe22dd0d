"""How much a month a post asks for, in pieces or kilograms."""

import re

_DIGITS = r"[0-9]{1,3}(?:[.,][0-9]{3}){1,2}(?:[.,][0-9]{1,2})?|[0-9]{1,7}(?:[.,][0-9]{1,2})?"
_NUMBER = rf"(?<![0-9])(?<![0-9][.,/⁄])(?P<number>{_DIGITS})(?![0-9])"
"""None that is begun inside another."""
_FROM = (
    rf"(?<![0-9.,/-])(?P<low>{_DIGITS})(?![0-9])\s*(?P<low_thousand>ribu|rb|k)?"
    r"\s*(?:[-–—]|s\.?\s?/?\s?d\.?|sampai|hingga|to)\s*"
)
_UNIT = (
    r"(?P<unit>pcs|pc|pieces?|potong|buah|biji|lembar|helai|units?|bungkus|packs?|pak|porsi|portions?|kotak|box(?:es)?|k?ardus|dus|karton|cartons?|botol|toples|stel|pasang|kg|kilo(?:gram)?|tons?"
    r"|kuintal|kwintal|kodi|lusin|dozens?)\b"
)
_PERIODS = {
    4: ("minggu", "mgg", "mggu", "week", "weekly"),
    25: ("hari", "hr", "dina", "day", "daily"),
    1 / 12: ("tahun", "taun", "thn", "year", "yearly", "annually"),
}
"""By what an amount of each is multiplied to be one of a month: a month has 25 working days."""
_TIMES = {word: times for times, words in _PERIODS.items() for word in words}
_EACH = (
    r"(?:(?:(?:\s+[^\W\d]+){0,3}\s+|\s*)(?:/|per|setiap|tiap|saben|a|each|se)\s*"
    r"(?P<period>bulan|bln|month|mo|sasi|wulan|minggu|mggu?|week|hari|hr|dina|day|tahun|taun|thn|year)\b"
    r"|\s+(?P<adverb>monthly|weekly|daily|yearly|annually)\b)"
)
_AMOUNT = re.compile(rf"(?:{_FROM})?{_NUMBER}\s*(?P<thousand>ribu|rb|k)?\s*{_UNIT}(?P<each>{_EACH})?", re.IGNORECASE)
_CAN = re.compile(
    r"\b(?:kapasitas|kapasitase|capacity|mampu|sanggup|able\s+to)\b[^\n.;]{0,60}?$",
    re.IGNORECASE,
)
_LARGER = {
    "ton": 1000,
    "tons": 1000,
    "kuintal": 100,
    "kwintal": 100,
    "kodi": 20,
    "lusin": 12,
    "dozen": 12,
    "dozens": 12,
}
_MOST_CAPACITY = 10_000_000


def capacity_in(text: str) -> int | None:
    """Pieces or kilograms of a month, the least where it is from so many to so many.

    An amount of no period is one where it is said to be what one can make.
    """
    for found in _AMOUNT.finditer(text):
        if not found["each"] and not _CAN.search(text[max(0, found.start() - 80) : found.start()]):
            continue
        amount = _least(found) * _LARGER.get(found["unit"].lower(), 1)
        period = (found["period"] or found["adverb"] or "").lower()
        capacity = int(amount * _TIMES.get(period, 1) + 1e-6)  # a twelfth of 3,600 is 300
        if 0 < capacity <= _MOST_CAPACITY:
            return capacity
    return None


def _least(found: re.Match[str]) -> float:
    most = _amount(found["number"]) * (1000 if found["thousand"] else 1)
    if not found["low"]:
        return most
    # "5-10 ribu" is from five thousand on.
    least = _amount(found["low"]) * (1000 if found["low_thousand"] or found["thousand"] else 1)
    return least if 0 < least < most else most


def capacity_of(typed: str) -> int | None:
    """A capacity as one types it alone: "500", "1.500 pcs", "300 per hari", "1,5 ton sebulan"; None for none."""
    text = " ".join(typed.split())
    # Without a unit they are pieces.
    bare = None if _AMOUNT.search(text) else _AMOUNT_ALONE.fullmatch(text)
    return capacity_in(f"kapasitas {bare['amount']} pcs {bare['rest'] or ''}" if bare else f"kapasitas {text}")


_AMOUNT_ALONE = re.compile(rf"(?P<amount>(?:{_FROM})?{_NUMBER}\s*(?:ribu|rb|k)?)(?P<rest>{_EACH})?", re.IGNORECASE)


def _amount(digits: str) -> float:
    """ "1.000" and "1,000" are a thousand, "1,5" and "1.5" one and a half."""
    if thousands := re.fullmatch(r"([0-9]{1,3}(?:[.,][0-9]{3})+)(?:[.,]([0-9]{1,2}))?", digits):
        return float(f"{re.sub(r'[.,]', '', thousands[1])}.{thousands[2] or 0}")
    return float(digits.replace(",", "."))
