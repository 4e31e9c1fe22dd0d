"""What a row of the office's register may say: made clean, or named with what is wrong and the mend."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

from domain.district import District
from domain.errors import Unfit
from domain.forms import checks, phone
from domain.profile import LONGEST_BUSINESS, LONGEST_NAME, LONGEST_PRODUCT, MOST_PRODUCTS
from messages import Number

COLUMNS = {
    "nomor": "register_number",
    "nama": "name",
    "usaha": "business",
    "sektor": "sector",
    "kecamatan": "kecamatan",
    "produk": "products",
    "telepon": "phone",
}
"""What we call the columns of a file, as the documents name them."""

NEEDED = ("nama", "kecamatan")

LONGEST_NUMBER = 40
"""Characters."""

_NOTHING = {"", "-", "–", "—", "0", "n/a", "tidak ada", "belum ada"}
_AREA = re.compile(r"^(?:kecamatan|kec)\b[.\s]*", re.IGNORECASE)
_SHORTENED = re.compile(r"\d[.,]?\d*E\+?\d+", re.IGNORECASE)

_WRONG = {
    "form.no_words": "holds no letters",
    "form.is_question": "ends in a question mark: take it out",
    "form.too_long": "is too long ({most} characters at most): shorten it",
    "form.too_many": "lists {number} products, and {most} is the most: leave the main ones",
    "form.phone_no_digits": "holds no number: write one as 0812-3456-7890, or leave the cell empty",
    "form.phone_short": "is too short for a mobile number: compare it with your papers, or leave the cell empty",
    "form.phone_long": "is too long for one mobile number: compare it with your papers, or leave the cell empty",
    "form.phone_several": "holds several numbers: leave the one that is used most",
    "form.phone_landline": "is a landline: write a mobile number, or leave the cell empty",
    "form.phone_unknown": "is no mobile number there is: compare it with your papers, or leave the cell empty",
}
"""What a chat says to a person, for whoever mends a file."""


@dataclass(frozen=True)
class Row:
    """A business of the file, made clean."""

    line: int
    values: Mapping[str, Any]
    """By column of RegisteredBusiness; only of those columns that the file has."""

    @property
    def likeness(self) -> tuple[str, str, str]:
        """By what a row without the office's number is known again."""
        return likeness(self.values["name"], self.values.get("phone"), self.values["kecamatan"])


def likeness(name: str, phone_number: str | None, kecamatan: str | None) -> tuple[str, str, str]:
    return name.casefold(), phone_number or "", kecamatan or ""


@dataclass(frozen=True)
class Fault:
    """Something wrong, and how it is mended."""

    line: int
    said: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.said}"


class _Wrong(ValueError):
    """A cell that cannot stay as it is; the message goes on after its column's name."""


def clean_rows(cells: Iterable[tuple[int, Mapping[str, str]]], district: District) -> tuple[list[Row], list[Fault]]:
    """Every row of *cells* (its line, its texts by the names in COLUMNS) made clean, and every fault there is."""
    readers = _readers(district)
    rows, faults = [], []
    for line, texts in cells:
        values, wrong = _clean(texts, readers)
        faults += [Fault(line, said) for said in wrong]
        if not wrong:
            rows.append(Row(line, values))
    return rows, sorted([*faults, *_said_twice(rows)], key=lambda fault: fault.line)


def _clean(texts: Mapping[str, str], readers: Mapping[str, Callable[[str], Any]]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    wrong = []
    for column, text in texts.items():
        empty = text.strip().casefold() in _NOTHING
        if empty and column in NEEDED:
            wrong.append(f"{column} is empty: fill it in")
        try:
            values[COLUMNS[column]] = None if empty else readers[column](text)
        except (_Wrong, Unfit) as error:
            said = _in_words(error) if isinstance(error, Unfit) else str(error)
            wrong.append(f'{column} "{text.strip()[:60]}" {said}')
    return values, wrong


def _in_words(unfit: Unfit) -> str:
    plain = {name: value.value if isinstance(value, Number) else value for name, value in unfit.sentence.values.items()}
    return _WRONG[unfit.sentence.key].format(**plain)


def kecamatan_meant(text: str, district: District) -> str:
    """The district's own name for "kec. karang binangun". Raises ValueError naming the nearest."""
    return _one_of(text, {name: name for name in district.kecamatan}, district.kecamatan)


def _readers(district: District) -> dict[str, Callable[[str], Any]]:
    sectors = {name: key for key, label in district.sectors.items() for name in (key, label)}
    return {
        "nomor": _number,
        "nama": partial(checks.words, most=LONGEST_NAME),
        "usaha": partial(checks.words, most=LONGEST_BUSINESS),
        "sektor": partial(_one_of, options=sectors, shown=tuple(district.sectors.values())),
        "kecamatan": partial(kecamatan_meant, district=district),
        "produk": partial(checks.items, most=MOST_PRODUCTS, longest=LONGEST_PRODUCT),
        "telepon": _phone,
    }


def _number(text: str) -> str:
    number = " ".join(text.split())
    if _SHORTENED.fullmatch(number):
        raise _Wrong("was shortened by Excel: make the column text, and type it anew")
    if len(number) > LONGEST_NUMBER or not number.isprintable():
        raise _Wrong(f"is too long ({LONGEST_NUMBER} characters at most): shorten it")
    return number


def _phone(text: str) -> str:
    if _SHORTENED.fullmatch(text.strip()):
        raise _Wrong("was shortened by Excel: make the column text, and type the number anew")
    return phone.normalise(text)


def _one_of(text: str, options: Mapping[str, str], shown: Sequence[str]) -> str:
    letters = {_letters(name): value for name, value in options.items()}
    meant = _letters(_AREA.sub("", text.strip()))
    if meant in letters:
        return letters[meant]
    names = {_letters(name): name for name in shown}
    nearest = get_close_matches(meant, names, n=1)
    raise _Wrong(f"is not known: did you mean {names[nearest[0]]}?" if nearest else f"is none of {', '.join(shown)}")


def _letters(text: str) -> str:
    """As compared: "Karang Binangun" is Karangbinangun."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _said_twice(rows: list[Row]) -> Iterator[Fault]:
    """Rows that are told from none before them."""
    numbers: dict[str, int] = {}
    like: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        number = row.values.get("register_number")
        if number:
            first = numbers.setdefault(number, row.line)
            if first != row.line:
                yield Fault(row.line, f'nomor "{number}" stands in line {first} already: each row needs its own')
        same = like.setdefault(row.likeness, row)
        # An owner may have two businesses, which the office tells apart by its number.
        if same is not row and not (number and same.values.get("register_number")):
            said = f"the same nama, telepon and kecamatan as line {same.line}: take one out, or give each its nomor"
            yield Fault(row.line, said)
