"""Invented people, to try on a whole district what is meant for one: marked as such, and never beside real ones."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from db.models import Person
from db.session import Session
from db.upsert import insert_new

GIVEN = (
    "Sari", "Budi", "Siti", "Agus", "Dewi", "Nur", "Eko", "Rini", "Joko", "Wati", "Hadi", "Lestari", "Bambang",
    "Yuli", "Suparman", "Endang", "Imam", "Ratna", "Kusno", "Fatimah", "Yanto", "Indah", "Mulyono", "Aisyah", "Slamet",
)  # fmt: skip
FAMILY = (
    "Wibowo", "Rahayu", "Santoso", "Utami", "Prasetyo", "Handayani", "Setiawan", "Wulandari", "Kurniawan", "Astuti",
    "Hidayat", "Puspitasari", "Nugroho", "Susanti", "Saputra", "Kartika", "Firmansyah", "Gunawan", "Anggraini",
    "Purnomo", "Safitri", "Wijaya", "Maharani",
)  # fmt: skip
LANGUAGES = ("id",) * 14 + ("jv",) * 5 + ("en",)
"""Of twenty people: most read Indonesian, a quarter Javanese, a few English."""

SLICE = 500
"""Rows written at a time."""


class RealPeople(Exception):
    """Somebody real is kept here already."""


async def invent_people(session: Session, number: int, first_chat_id: int, now: datetime) -> int:
    """Add *number* people whose Telegram ids count up from *first_chat_id*; return how many were not there yet.

    Raises RealPeople, and then nobody is added.
    """
    if (await session.exec(select(Person.id).where(~col(Person.is_invented)).limit(1))).first():
        raise RealPeople
    added = 0
    for start in range(0, number, SLICE):
        rows = [_row(first_chat_id + place, now) for place in range(start, min(start + SLICE, number))]
        added += await insert_new(session, Person.__table__, rows, unique=["telegram_id"])  # type: ignore[attr-defined]  # SQLModel adds it
    return added


def _row(chat_id: int, now: datetime) -> dict[str, Any]:
    """The same person for the same id, whenever it is asked for."""
    met_at = now - timedelta(days=chat_id % 365, minutes=chat_id % 1440)
    person = Person(
        telegram_id=chat_id,
        name=f"{GIVEN[chat_id % len(GIVEN)]} {FAMILY[chat_id % len(FAMILY)]}",
        language=LANGUAGES[chat_id % len(LANGUAGES)],
        met_at=met_at,
        last_wrote_at=met_at + (now - met_at) / (1 + chat_id % 7),
        is_invented=True,
    )
    return person.model_dump(exclude={"id"})
