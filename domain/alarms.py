"""Alarms: each admin is told once in Telegram when something begins to be wrong, and once when it is over.

An episode is a row, so neither a restart nor another replica tells it again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import col, select

from db import inbox
from db.models import Alarm
from db.session import Session
from db.upsert import insert_new
from domain import people, post, staff
from messages import Duration, Number, Sentence, say

Name = Literal["backup", "clock", "disk", "parked", "telegram"]

PARKED_IS_OVER_AFTER = timedelta(hours=1)
"""So long without another parked update, and the episode is over."""


@dataclass(frozen=True)
class Alarms:
    """Whom the settings name as admins (Telegram ids), told beside every other admin; and by which clock."""

    admins: tuple[int, ...]
    now: Callable[[], datetime]

    async def raise_alarm(
        self, session: Session, name: Name, detail: str = "", *, began_at: datetime | None = None
    ) -> bool:
        """Begin an episode and owe each admin its message; one that is under way only gets its newest *detail*.

        *detail*: of "disk" the percentage free, of "clock" the seconds it is off, of "parked" how many; of "backup"
        the reason in words. Returns whether an episode began.
        """
        alarm = await self._row(session, name)
        was_open = alarm.is_open
        alarm.detail = detail
        if not was_open:
            alarm.began_at, alarm.ended_at = began_at or self.now(), None
            await self._tell(session, _begun(name, detail))
        await session.flush()
        return not was_open

    async def end_alarm(
        self, session: Session, name: Name, detail: str | None = None, *, ended_at: datetime | None = None
    ) -> bool:
        """End the episode and owe each admin its message; whether there was one. *detail*: as it is now, if it says."""
        alarm = await session.get(Alarm, name, with_for_update=True, populate_existing=True)
        if alarm is None or not alarm.is_open:
            return False
        alarm.ended_at = ended_at or self.now()
        alarm.detail = alarm.detail if detail is None else detail
        await self._tell(session, _ended(name, alarm.detail, alarm.ended_at - alarm.began_at))
        await session.flush()
        return True

    async def count_parked(self, session: Session) -> None:
        """Raise or end the alarm about parked updates, by how many were parked since the last look."""
        alarm = await session.get(Alarm, "parked")
        number, last = await inbox.parked_since(session, alarm.counted_until if alarm else None)
        if number:
            before = int(alarm.detail) if alarm and alarm.is_open else 0
            await self.raise_alarm(session, "parked", str(before + number))
            (await session.get_one(Alarm, "parked")).counted_until = last
        elif alarm and alarm.counted_until and self.now() - alarm.counted_until > PARKED_IS_OVER_AFTER:
            await self.end_alarm(session, "parked")

    async def _row(self, session: Session, name: Name) -> Alarm:
        """The row of this kind of alarm; nobody else has it before this transaction ends."""
        now = self.now()
        ended = {"name": name, "began_at": now, "ended_at": now, "detail": ""}
        await insert_new(session, Alarm.__table__, [ended], unique=["name"])  # type: ignore[attr-defined]  # SQLModel adds it
        return await session.get_one(Alarm, name, with_for_update=True, populate_existing=True)

    async def _tell(self, session: Session, sentence: Sentence | None) -> None:
        if sentence is None:
            return
        named = [await people.addressee(session, telegram_id, self.now()) for telegram_id in self.admins]
        told = {admin.id for admin in named}
        # Those made admins by a link too, who stand in no setting.
        for admin in (*named, *(one for one in await staff.officers_of(session) if one.id not in told)):
            await post.owe(session, admin, sentence)


async def open_alarms(session: Session) -> list[str]:
    """The names of all episodes under way."""
    under_way = select(Alarm.name).where(col(Alarm.ended_at).is_(None)).order_by(Alarm.name)
    return list((await session.exec(under_way)).all())


def _begun(name: Name, detail: str) -> Sentence | None:
    match name:
        case "backup":
            return say("alarm.backup_began", reason=detail)
        case "clock":
            return say("alarm.clock_began", seconds=Number(int(detail)))
        case "disk":
            return say("alarm.disk_began", percent=Number(int(detail)))
        case "parked":
            return say("alarm.parked_began", number=Number(int(detail)))
        case "telegram":
            return None  # nothing reaches them now; when Telegram is back they hear how long it was away


def _ended(name: Name, detail: str, lasted: timedelta) -> Sentence:
    duration = Duration(lasted)
    match name:
        case "backup":
            return say("alarm.backup_ended", duration=duration)
        case "clock":
            return say("alarm.clock_ended", duration=duration)
        case "disk":
            return say("alarm.disk_ended", percent=Number(int(detail)), duration=duration)
        case "parked":
            return say("alarm.parked_ended", number=Number(int(detail)))
        case "telegram":
            return say("alarm.telegram_ended", duration=duration)
