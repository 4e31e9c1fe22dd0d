"""A register from a file into the table: again and again, since the office goes on writing it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, insert, select

from db.models import RegisteredBusiness
from db.one_at_a_time import one_at_a_time
from db.session import Session
from domain import audit
from domain.audit import TERMINAL
from domain.register.rows import Row, likeness


@dataclass(frozen=True)
class Counts:
    """What became of the rows of a file."""

    new: int = 0
    changed: int = 0
    same: int = 0
    came: int = 0
    """Left as they are: their owners came, and see to their details themselves."""


async def import_rows(session: Session, rows: Sequence[Row], now: datetime) -> Counts:
    """Put *rows* into the register; one is known again by the office's number, else by name, phone and kecamatan.

    Where nobody came yet, the columns of the file go before what was there.
    """
    await one_at_a_time(session, "register.imported")
    # Locked in one order, so that nobody comes between reading and writing.
    in_order = select(RegisteredBusiness).order_by(col(RegisteredBusiness.id)).with_for_update()
    known = _Known((await session.exec(in_order)).all())
    found = [(row, known.take(row)) for row in rows]
    new = [{**row.values, "imported_at": now} for row, business in found if business is None]
    if new:
        # All at once: one by one, thousands would keep everybody else from writing for seconds.
        await (await session.connection()).execute(insert(RegisteredBusiness), new)
    became = Counter(_change(row, business, now) for row, business in found if business)
    counts = Counts(len(new), became["changed"], became["same"], became["came"])
    if counts.new or counts.changed:
        after = {"new": counts.new, "changed": counts.changed}
        await audit.record(session, now, TERMINAL, "register.imported", after=after)
    return counts


def _change(row: Row, found: RegisteredBusiness, now: datetime) -> str:
    """What was done with *found*, as Counts calls it."""
    if found.person_id is not None:
        return "came"
    changes = {name: value for name, value in row.values.items() if getattr(found, name) != value}
    if changes.get("register_number", "") is None:
        del changes["register_number"]  # a file without numbers takes none away
    for name, value in changes.items():
        setattr(found, name, value)
        found.imported_at = now
    return "changed" if changes else "same"


class _Known:
    """The rows there are, each to be found once."""

    def __init__(self, businesses: Iterable[RegisteredBusiness]) -> None:
        self._by_number: dict[str, RegisteredBusiness] = {}
        self._alike: dict[tuple[str, str, str], list[RegisteredBusiness]] = defaultdict(list)
        for one in businesses:
            if one.register_number:
                self._by_number[one.register_number] = one
            self._alike[likeness(one.name, one.phone, one.kecamatan)].append(one)
        self._taken: set[int] = set()

    def take(self, row: Row) -> RegisteredBusiness | None:
        number = row.values.get("register_number")
        found = self._by_number.get(number) if number else None
        # One with another number is another business, of the same owner.
        alike = (one for one in self._alike[row.likeness] if not (number and one.register_number))
        found = found or next((one for one in alike if one.id not in self._taken), None)
        if found:
            self._taken.add(found.id)
        return found
