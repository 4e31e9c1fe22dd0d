"""Two offices with their officers and staff groups, and a person who asks: what hand-over journeys stand on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import select

from bot import pace
from db.models import AuditEntry, GroupChat, GroupState, Inquiry, Officer, Person, Role, StaffGroup
from db.session import Session
from domain import people
from domain.knowledge.shelf import Library
from simulator import Group, PretendTelegram
from simulator import Person as Somebody
from tests.conftest import LAMONGAN
from tests.support.desk import EARLIER, Clock
from tests.support.running import TOKEN, RunningBot, running_bot

DISKOPUM, DISPERINDAG = -1_000_000_000_700, -1_000_000_000_800
MORNING = "2026-11-24 09:00"
"""A Tuesday; the office works from 8 to 15."""

QUESTION = "cara bikin nib gimana"

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For rules that do not concern the database: on PostgreSQL each test takes a second more."""


@dataclass
class Offices:
    """Sari asks, Rini and Tono serve Diskopum, Budi Disperindag; Wati is the admin."""

    bot: RunningBot
    clock: Clock

    @property
    def telegram(self) -> PretendTelegram:
        return self.bot.telegram

    @property
    def sari(self) -> Somebody:
        return self.telegram.person(101, first_name="Sari")

    @property
    def rini(self) -> Somebody:
        return self.telegram.person(201, first_name="Rini")

    @property
    def tono(self) -> Somebody:
        return self.telegram.person(202, first_name="Tono")

    @property
    def budi(self) -> Somebody:
        return self.telegram.person(203, first_name="Budi")

    @property
    def wati(self) -> Somebody:
        return self.telegram.person(200, first_name="Wati")

    @property
    def group(self) -> Group:
        return self.telegram.groups[DISKOPUM]

    @property
    def other_group(self) -> Group:
        return self.telegram.groups[DISPERINDAG]

    async def settled(self) -> None:
        await self.bot.settled()

    async def asks(self, text: str = QUESTION, who: Somebody | None = None) -> int:
        """Somebody asks the bot, then an officer; returns the number."""
        who = who or self.sari
        await self.bot.says(who, text)
        return await self.sends(who)

    async def sends(self, who: Somebody | None = None) -> int:
        """Somebody sends what they last asked to the officers, choosing Diskopum where it is asked."""
        who = who or self.sari
        await self.bot.reply_after(who, lambda: who.tap("🙋 Tanya petugas"))
        if "Diskopum" in who.labels() and "dinas mana" in who.texts()[-1]:
            await self.bot.reply_after(who, lambda: who.tap("Diskopum"))
        who.tap("📨 Kirim")
        await self.settled()
        return (await self.inquiries())[-1].id

    async def inquiries(self) -> list[Inquiry]:
        return await self.bot.rows(select(Inquiry).order_by(Inquiry.id))

    async def inquiry(self, number: int) -> Inquiry:
        return (await self.bot.rows(select(Inquiry).where(Inquiry.id == number)))[0]

    def head(self, number: int, group: Group | None = None) -> dict:
        """The newest message of a group that shows the whole inquiry."""
        group = group or self.group
        return next(
            message
            for message in reversed(group.messages())
            if message.get("text", "").startswith(f"#{number} ·") and "\n\n" in message["text"]
        )

    async def answers(self, number: int, text: str = "Bisa, Bu.", who: Somebody | None = None) -> dict:
        """An officer replies to the head in the group."""
        written = (who or self.rini).write(text, self.head(number)["message_id"], chat=DISKOPUM)
        await self.settled()
        return written

    async def deeds(self) -> list[tuple[str, str, str]]:
        """What the audit holds: who, what, to what."""
        entries = await self.bot.rows(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.actor, entry.deed, entry.subject) for entry in entries]

    async def make(self, somebody: Somebody, role: Role) -> None:
        """Let an officer be something else from now on."""
        async with self.bot.database.transaction() as session:
            (await self._officer(session, somebody)).role = role

    async def dismiss(self, somebody: Somebody) -> None:
        async with self.bot.database.transaction() as session:
            await session.delete(await self._officer(session, somebody))

    async def _officer(self, session: Session, somebody: Somebody) -> Officer:
        person = (await session.exec(select(Person).where(Person.telegram_id == somebody.id))).one()
        return await session.get_one(Officer, person.id)

    def now(self) -> datetime:
        return self.clock.now()


def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chats take as much as they are sent: their pace has its own tests, and here a day's talk takes a second."""
    monkeypatch.setattr(pace, "PRIVATE_BURST", 10_000)
    monkeypatch.setattr(pace, "GROUP_CHAT", (10_000, 60.0))


@asynccontextmanager
async def staffed(
    database_url: str,
    library: Library,
    *,
    at: str = MORNING,
    topics: bool = False,
    groups: bool = True,
    telegram: PretendTelegram | None = None,
    **changes: Any,
) -> AsyncIterator[Offices]:
    """A bot that runs with officers, and where *groups* with a staff group for each office, with *topics* or not.

    *changes*: settings.
    """
    clock = Clock.showing(at)
    telegram = telegram or PretendTelegram(token=TOKEN)
    async with running_bot(database_url, LAMONGAN, telegram, now=clock.now, library=library, **changes) as bot:
        offices = Offices(bot, clock)
        if not await bot.rows(select(Officer)):
            await _appoint(offices)
            if groups:
                await _bind(offices, DISKOPUM, "diskopum", topics, offices.rini, offices.tono)
                await _bind(offices, DISPERINDAG, "disperindag", topics, offices.budi)
        yield offices


async def _appoint(offices: Offices) -> None:
    serving = [
        (offices.wati, Role.ADMIN, ""),
        (offices.rini, Role.OFFICER, "diskopum"),
        (offices.tono, Role.OFFICER, "diskopum"),
        (offices.budi, Role.OFFICER, "disperindag"),
    ]
    async with offices.bot.database.transaction() as session:
        for somebody, role, office in serving:
            somebody.has_started = True
            name = somebody.user["first_name"]
            person = await people.recognise(session, somebody.id, name, offices.now())
            session.add(Officer(person_id=person.id, role=role, office=office, appointed_at=EARLIER))


async def _bind(offices: Offices, chat_id: int, office: str, topics: bool, *members: Somebody) -> None:
    title = f"Petugas {office}"
    offices.telegram.group(chat_id, title, [*members, offices.wati], "administrator", is_forum=topics)
    async with offices.bot.database.transaction() as session:
        group = GroupChat(telegram_id=chat_id, title=title, state=GroupState.ADMINISTRATOR, changed_at=offices.now())
        group.is_forum = group.may_manage_topics = topics
        group.may_delete_messages = True
        session.add(group)
        session.add(StaffGroup(office=office, chat_id=chat_id, bound_at=offices.now()))
