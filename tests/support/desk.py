"""Officers, and questions that wait for them, put into a bot's database as the chat would leave them there."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from db.models import Inquiry, InquiryState, Officer, Person, Relay, Role
from simulator import Person as Somebody
from tests.support.running import RunningBot

EARLIER = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass
class Clock:
    """The bot's, which a test sets. Given and set by the time in Lamongan: "2026-11-26 07:30"."""

    at: datetime

    @classmethod
    def showing(cls, text: str) -> "Clock":
        return cls(_in_utc(text))

    def show(self, text: str) -> None:
        self.at = _in_utc(text)

    def now(self) -> datetime:
        return self.at


def _in_utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=7)


async def appoint(bot: RunningBot, somebody: Somebody, role: Role, office: str = "diskopum") -> None:
    """Make an officer of *somebody*, who writes to the bot for the first time; since long ago."""
    await bot.says(somebody, "/batal")
    async with bot.database.transaction() as session:
        person = (await session.exec(select(Person).where(Person.telegram_id == somebody.id))).one()
        session.add(Officer(person_id=person.id, role=role, office=office, appointed_at=EARLIER))


async def put_inquiry(
    bot: RunningBot, asker: Somebody, text: str, office: str = "diskopum", *, is_answered: bool = False
) -> int:
    """Let *asker*, who writes to the bot first if need be, have asked *text* (HTML) now; returns the number."""
    if not asker.texts():
        await bot.says(asker, "/batal")
    now = bot.app.house.now()
    async with bot.database.transaction() as session:
        person = (await session.exec(select(Person).where(Person.telegram_id == asker.id))).one()
        inquiry = Inquiry(
            person_id=person.id,
            office=office,
            state=InquiryState.TALKING if is_answered else InquiryState.WAITING,
            opened_at=now,
            promised_at=now + timedelta(hours=4),
            waits_since=None if is_answered else now,
            officer_wrote_at=now if is_answered else None,
        )
        session.add(inquiry)
        await session.flush()
        words = Relay(inquiry_id=inquiry.id, is_answer=False, text=text, chat_id=asker.id, written_at=now)
        session.add(words)
    return inquiry.id
