"""A town with trainings: people whom the bot knows, and a clock that the test sets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from db.models import Consent, Person, Profile, Seat, SeatState, Training
from domain import audit, consent, people
from domain.knowledge.shelf import Library
from domain.trainings import editing, seats
from domain.trainings.editing import Hours
from domain.trainings.questions import Asked
from simulator import PretendTelegram
from tests.conftest import LAMONGAN
from tests.support.desk import Clock
from tests.support.filling import NUMBER, Filling
from tests.support.running import RunningBot, running_bot

ZONE = ZoneInfo("Asia/Jakarta")
NOW = "2026-11-24 09:00"
"""A Tuesday morning."""

KNOWN = {"name": "Sri Wahyuni", "kecamatan": "Babat", "phone": NUMBER}
"""What nobody needs to be asked for a training for everybody."""

PIRT = (
    Asked("pirt", "Sudah punya PIRT?", "yesno"),
    Asked("nomor", "Berapa nomornya?", "text", only_if=("pirt", "ya")),
    Asked("jenis", "Apa yang dijual?", "choice", ("Keripik", "Kerupuk", "Lainnya")),
    Asked("tahun", "Mulai usaha tahun berapa?", "number", is_required=False),
)


OF_THE_WORLD = ("message is not modified", "wrong file identifier")
"""What Telegram may refuse: two taps on one button, a picture that is gone."""


def wib(text: str) -> datetime:
    """ "2026-12-07 08:00" in Lamongan."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@dataclass
class Town:
    """The bot, the clock, and what a test makes of them."""

    bot: RunningBot
    clock: Clock

    async def someone(self, number: int = 101, language: str = "id", **known: Any) -> Filling:
        """Somebody who agreed and told what a training needs, or what is *known* instead."""
        name = f"Warga {number}"
        person = self.bot.person(number, name, language_code=language)
        person.has_started = True
        async with self.bot.database.transaction() as session:
            row = await people.recognise(session, person.id, name, self.clock.now(), language)
            given = {"version": consent.VERSION, "language": language, "given_at": self.clock.now()}
            session.add(Consent(person_id=row.id, **given))
            session.add(Profile(person_id=row.id, changed_at=self.clock.now(), **(known or KNOWN)))
        return Filling(self.bot, person, language)

    async def training(
        self, seats: int = 2, days: str | list[str] = "2026-12-07 08:00", title: str = "Kemasan", **values: Any
    ) -> int:
        """An open one, four hours from each of *days* on; its number."""
        district, now = self.bot.app.house.district, self.clock.now()
        hours = [Hours(wib(day), wib(day) + timedelta(hours=4)) for day in ([days] if isinstance(days, str) else days)]
        given = {"place": "MPP Lamongan", "description": "Belajar mengemas.", "contact": "0812-0000-0000"} | values
        async with self.bot.database.transaction() as session:
            made = await editing.make(session, "diskopum", title, seats, audit.TERMINAL, now)
            await editing.set_days(session, made.id, hours, audit.TERMINAL, district, now)
            await editing.change(session, made.id, given, audit.TERMINAL, district, now)
            await editing.publish(session, made.id, audit.TERMINAL, now)
        return made.id

    async def fill(self, training: int, number: int, first: int = 501) -> None:
        """Let *number* others register, who have nothing to do with the test."""
        for telegram_id in range(first, first + number):
            async with self.bot.database.transaction() as session:
                person = await people.recognise(session, telegram_id, f"Warga {telegram_id}", self.clock.now())
                await seats.register(session, training, person, self.clock.now(), ZONE)

    async def leaves(self, training: int, telegram_id: int) -> None:
        """One of them gives up what they have; nobody is told before the clock ticks."""
        async with self.bot.database.transaction() as session:
            person = (await session.exec(select(Person).where(Person.telegram_id == telegram_id))).one()
            held = await session.get_one(Training, training, with_for_update=True)
            seat = await seats.seat_of(session, held, person)
            assert seat
            seats.let_go(seat, "cancelled", self.clock.now())

    async def change(self, training: int, **values: Any) -> None:
        """Set columns of the training as they are to be, whoever would be allowed to."""
        async with self.bot.database.transaction() as session:
            row = await session.get_one(Training, training)
            for name, value in values.items():
                setattr(row, name, value)

    async def moves_to(self, training: int, *days: str) -> None:
        """An officer gives it other days, four hours each; everybody concerned is told."""
        hours = [Hours(wib(day), wib(day) + timedelta(hours=4)) for day in days]
        district = self.bot.app.house.district
        async with self.bot.database.transaction() as session:
            await editing.set_days(session, training, hours, audit.TERMINAL, district, self.clock.now())
        await self.bot.settled()

    async def changes(self, training: int, **values: Any) -> None:
        """An officer changes fields of it; everybody concerned is told."""
        district = self.bot.app.house.district
        async with self.bot.database.transaction() as session:
            await editing.change(session, training, values, audit.TERMINAL, district, self.clock.now())
        await self.bot.settled()

    async def seat(self, who: Filling, training: int) -> Seat | None:
        """What somebody has in it."""
        theirs = select(Seat).join(Person, col(Person.id) == col(Seat.person_id))
        theirs = theirs.where(Person.telegram_id == who.person.id, Seat.training_id == training)
        return next(iter(await self.bot.rows(theirs)), None)

    async def states(self, training: int) -> list[SeatState]:
        """Of all its seats, by when they were first taken."""
        rows = await self.bot.rows(select(Seat).where(Seat.training_id == training).order_by(col(Seat.id)))
        return [seat.state for seat in rows]

    async def goes_on(self, text: str) -> None:
        """It is *text* now, and the clock has ticked."""
        self.clock.show(text)
        await self.bot.app.tick()
        await self.bot.settled()


@asynccontextmanager
async def town_at(
    database_url: str, library: Library, at: str = NOW, telegram: PretendTelegram | None = None
) -> AsyncIterator[Town]:
    """The bot runs there; in the end nothing was asked of Telegram that is of the wrong form."""
    clock = Clock.showing(at)
    async with running_bot(database_url, LAMONGAN, telegram, now=clock.now, library=library) as bot:
        yield Town(bot, clock)
        refused = [call.description or "" for call in bot.telegram.calls if call.status >= 400]
        assert [words for words in refused if not any(said in words for said in OF_THE_WORLD)] == []


async def at_summary(who: Filling, title: str = "1. Kemasan") -> str:
    """/daftar and the first tap: what is asked first, or the summary."""
    await who.writes("/daftar")
    return (await who.taps(title))[0]
