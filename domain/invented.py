"""Invented people, to try on a whole district what is meant for one: marked as such, and never beside real ones."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlmodel import col, select

from db.models import Person, Profile, Wishes
from db.session import Session
from db.upsert import insert_new
from domain.district import District
from domain.opportunities import needs, wishes
from domain.opportunities.rhythm import RHYTHMS

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


# Their businesses.

PAPERS_SAID = (needs.YES, needs.YES, needs.NO, None)
"""Half have a paper, a quarter have not, and a quarter never said."""

WITHOUT_PROFILE, WITH_WISHES = 5, 4
"""One in so many told nothing of themselves; one in so many wishes for something of their own."""


async def invent_businesses(
    session: Session, number: int, first_chat_id: int, district: District, now: datetime
) -> None:
    """Let most of those whom `invent_people` adds have a business, and some wishes, as varied as the district."""
    for start in range(first_chat_id, first_chat_id + number, SLICE):
        some = col(Person.telegram_id).between(start, min(start + SLICE, first_chat_id + number) - 1)
        theirs = select(Person).where(some, col(Person.is_invented)).order_by(col(Person.id))
        people = (await session.exec(theirs)).all()
        profiles = [_profile(one, district, now) for one in people if _draw(one, 1)[0] % WITHOUT_PROFILE]
        chosen = [_wishes(one, district, now) for one in people if _draw(one, 2)[0] % WITH_WISHES == 0]
        await insert_new(session, Profile.__table__, profiles, unique=["person_id"])  # type: ignore[attr-defined]  # SQLModel adds it
        await insert_new(session, Wishes.__table__, chosen, unique=["person_id"])  # type: ignore[attr-defined]  # likewise


def _draw(person: Person, what: int) -> bytes:
    """Numbers that are always the same for the same person, and have nothing to do with those for something else."""
    return sha256(f"{person.telegram_id} {what}".encode()).digest()


def _profile(person: Person, district: District, now: datetime) -> dict[str, Any]:
    drawn = _draw(person, 3)
    sector = list(district.sectors)[drawn[0] % len(district.sectors)]
    capacities = [*needs.CAPACITIES, None]
    papers: dict[str, Any] = {
        paper: PAPERS_SAID[drawn[3 + place] % len(PAPERS_SAID)] for place, paper in enumerate(needs.PAPERS)
    }
    profile = Profile(
        person_id=person.id,
        name=person.name,
        business=f"Usaha Contoh {person.name.split()[0]}",
        sector=sector,
        kecamatan=district.kecamatan[drawn[1] % len(district.kecamatan)],
        capacity=capacities[drawn[2] % len(capacities)],
        changed_at=now,
        **papers,
    )
    return profile.model_dump()


def _wishes(person: Person, district: District, now: datetime) -> dict[str, Any]:
    """One or two of everything, or whatever there is."""
    drawn = _draw(person, 4)
    chosen: dict[str, Any] = {}
    for place, name in enumerate(("products", "markets", "kinds")):
        options = wishes.options(name, district)
        first, second = drawn[2 * place] % len(options), drawn[2 * place + 1] % len(options)
        wants_all = drawn[8 + place] % 2
        chosen[name] = None if wants_all else [options[number] for number in sorted({first, second})]
    rhythm = RHYTHMS[drawn[12] % len(RHYTHMS)]
    return Wishes(person_id=person.id, rhythm=rhythm, changed_at=now, **chosen).model_dump()
