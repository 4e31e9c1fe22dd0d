"""`python -m districts.write_holidays districts/lamongan 2026 2027`: a first draft of the holidays of those years.

The dates come from the package `holidays` (needed only here). Officers confirm them; what they confirmed stays.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import holidays
from holidays.constants import GOVERNMENT, PUBLIC

from domain.district import Holiday

_ESTIMATED = " (perkiraan)"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m districts.write_holidays", description=__doc__)
    parser.add_argument("folder", type=Path, help="the district's folder")
    parser.add_argument("years", type=int, nargs="+")
    given = parser.parse_args()
    file = given.folder / "holidays.toml"
    drafted = draft(given.years)
    file.write_text(to_toml(keep_confirmed(drafted, read(file) if file.exists() else [])), "utf-8")
    sys.stdout.write(f"{file}: {len(drafted)} days of {', '.join(map(str, given.years))}\n")


def draft(years: Iterable[int]) -> list[Holiday]:
    """Every public holiday and day of collective leave of *years* in Indonesia, in order, none confirmed."""
    found = []
    for category in (PUBLIC, GOVERNMENT):
        calendar = holidays.country_holidays("ID", years=list(years), language="id", categories={category})
        for day in calendar:
            for name in calendar.get_list(day):
                plain, estimated = name.removesuffix(_ESTIMATED), name.endswith(_ESTIMATED)
                found.append(Holiday(day, plain, category == GOVERNMENT, estimated))
    return sorted(found)


def keep_confirmed(drafted: Iterable[Holiday], before: Iterable[Holiday]) -> list[Holiday]:
    """*drafted*, but what officers confirmed *before* stays as they left it, also what we would not have drafted."""
    by_officers = {(holiday.day, holiday.name): holiday for holiday in before if holiday.confirmed}
    ours = {(holiday.day, holiday.name): holiday for holiday in drafted}
    return sorted({**ours, **by_officers}.values())


def read(file: Path) -> list[Holiday]:
    """Raises OSError, ValueError for what is no TOML, TypeError or KeyError for other fields."""
    return [Holiday(**row) for row in tomllib.loads(file.read_text("utf-8"))["holidays"]]


def to_toml(rows: Iterable[Holiday]) -> str:
    """One line a day, so that officers and diffs can read it."""
    return "\n".join([_HEAD, "holidays = [", *(f"    {_line(row)}," for row in rows), "]", ""])


def _line(row: Holiday) -> str:
    flags = [
        f"{name} = {str(getattr(row, name)).lower()}"
        for name in ("collective_leave", "estimated", "confirmed")
        if name == "confirmed" or getattr(row, name)
    ]
    return "{ " + ", ".join([f"day = {row.day}", f'name = "{row.name}"', *flags]) + " }"


_HEAD = """\
# Public holidays and days of collective leave (cuti bersama). A line with confirmed = false is a draft: an officer
# compares it with the joint decree of the three ministers (SKB) and sets it to true. `estimated` days follow the
# moon and are announced shortly before. Drafted by `python -m districts.write_holidays districts/lamongan 2026 2027`;
# run it again with every year that is wanted, confirmed lines stay as they are.
"""


if __name__ == "__main__":
    main()
