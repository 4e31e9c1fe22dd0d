"""Officers in tests: appointed by the link an admin makes, as in the chat, or at once where that is not the point."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from db.models import AuditEntry, Officer, Role
from db.models import Person as Known
from domain import appointments, people
from domain.secret_tokens import hash_of
from simulator import Person
from tests.support.running import RunningBot

ADMIN = 201
"""Telegram id of the one whom ADMIN_IDS names in these tests."""

TOKEN = re.compile(r"\?start=petugas_([\w-]{32})$", re.MULTILINE)

DISMISS, SURELY = "⛔ Berhentikan", "⛔ Ya, berhentikan"

ROLES = {Role.ADMIN: "Admin (semua dinas)", Role.OFFICER: "Petugas satu dinas", Role.READER: "Pengamat satu dinas"}
"""Where each role is chosen."""


@dataclass
class Clock:
    """Stands still, and goes on when told."""

    at: datetime = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def go_on(self, **by: float) -> None:
        self.at += timedelta(**by)


async def met(bot: RunningBot, number: int, name: str, **details: str) -> Person:
    """Somebody who has written /start."""
    person = bot.person(number, name, **details)
    person.write("/start")
    await bot.settled()
    return person


async def taps(bot: RunningBot, person: Person, *labels: str) -> str:
    """Tap one after another; returns what the newest message says then."""
    for label in labels:
        person.tap(label)
        await bot.settled()
    return person.texts()[-1]


async def open_list(bot: RunningBot, admin: Person) -> str:
    """The list of officers, in the newest message."""
    admin.tap_data(admin.messages()[-1]["message_id"], "officers:0")
    await bot.settled()
    return admin.texts()[-1]


async def link_for(bot: RunningBot, admin: Person, role: Role = Role.OFFICER, office: str = "Diskopum") -> str:
    """The token of a link that the admin makes in the chat."""
    await open_list(bot, admin)
    await taps(bot, admin, "➕ Tambah petugas", ROLES[role], *([] if role is Role.ADMIN else [office]))
    found = TOKEN.search(admin.texts()[-1])
    assert found, admin.texts()[-1]
    return found[1]


async def opens(bot: RunningBot, person: Person, token: str) -> str:
    """What the bot says to somebody who opens the link."""
    seen = len(person.texts())
    person.write(f"/start petugas_{token}")
    await bot.settled()
    return person.texts()[seen]


async def appoint(bot: RunningBot, person: Person, role: Role = Role.OFFICER, office: str = "diskopum") -> None:
    """Make *person*, who has written before, an officer of *office* (a key) without any chat."""
    now = bot.app.house.now()
    async with bot.database.transaction() as session:
        admin = await people.addressee(session, ADMIN, now)
        known = await people.addressee(session, person.id, now)
        token = await appointments.make_link(session, admin, role, office, now)
        await appointments.open_link(session, known, hash_of(token), now)
    await bot.settled()


# What is looked at afterwards.


async def officers(bot: RunningBot) -> dict[int, tuple[str, str]]:
    """Role and office of all, by Telegram id."""
    serving = select(Known.telegram_id, Officer.role, Officer.office).join(
        Officer, col(Officer.person_id) == col(Known.id)
    )
    rows = await bot.rows(serving)
    return {telegram_id: (role.value, office) for telegram_id, role, office in rows}


async def audited(bot: RunningBot, deed: str) -> list[AuditEntry]:
    return await bot.rows(select(AuditEntry).where(col(AuditEntry.deed) == deed).order_by(col(AuditEntry.id)))


def menu(bot: RunningBot, chat_id: int, member_id: int | None = None) -> list[str]:
    """The commands set for a chat, as somebody in it sees them."""
    return [one["command"] for one in bot.telegram.profile.commands_seen(chat_id, "id", member_id)]


def alert(person: Person) -> str:
    """What the last tap was answered with."""
    return str(person.alerts()[-1]["text"])
