"""The days of a training in the domain: who is reminded of them, and who was there."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import col, select

from db.models import (
    AuditEntry,
    Occurrence,
    Person,
    Seat,
    TrainingDay,
)
from db.session import Session, open_database
from domain.trainings import attendance, clockwork, seats
from domain.trainings.editing import Hours
from domain.trainings.refusals import IsThere
from tests.support.training_rows import DISTRICT, NOW, START, ZONE, a_training, people, registered, texts, wib


@pytest.fixture
async def session(database_url: str) -> AsyncIterator[Session]:
    async with open_database(database_url) as database, database.transaction() as session:
        yield session


class TestRemind:
    async def test_each_once_whatever_ticks(self, session: Session) -> None:
        """Three days before, on the eve and two hours before, once each however often the clock ticks."""
        training = await a_training(session, 1)
        first, second = await people(session, 2)
        await registered(session, training, first, second)
        for now in (wib(20, 7, 59), wib(20, 8), wib(20, 8, 1), wib(22, 9), wib(22, 10), wib(23, 6), wib(23, 6, 1)):
            await clockwork.remind(session, DISTRICT, now)

        said = await texts(session, first)
        assert [text.split(":")[0] for text in said] == ["⏰ Tiga hari lagi", "⏰ Besok", "⏰ Sebentar lagi mulai"]
        waits = await texts(session, second)
        assert all("nomor 1 di daftar tunggu" in text for text in waits)
        assert [text.split(":")[0] for text in waits] == ["⏰ Tiga hari lagi", "⏰ Besok", "⏰ Sebentar lagi"]

    async def test_on_the_morning_of_each_further_day(self, session: Session) -> None:
        """Two hours before, of that day only and to who has a seat; not when it is late, nor of a second session."""
        days = [(23, 8), (23, 13), (24, 8), (25, 8)]
        hours = [Hours(wib(day, hour), wib(day, hour + 2)) for day, hour in days]
        training = await a_training(session, hours=hours)
        first, second = await people(session, 2)
        await registered(session, training, first, second)
        await clockwork.follow_time(session, DISTRICT, START)
        before = len(await texts(session, first)), len(await texts(session, second))
        for now in (wib(23, 11), wib(24, 5, 59), wib(24, 6), wib(24, 6, 1), wib(25, 8)):
            await clockwork.remind(session, DISTRICT, now)

        (said,) = (await texts(session, first))[before[0] :]
        assert said.startswith("⏰ Sebentar lagi hari ke-3")
        assert "Selasa, 24 November" in said
        assert "23 November" not in said
        assert (await texts(session, second))[before[1] :] == []

    async def test_late_is_still_sent_while_useful_else_noted(self, session: Session) -> None:
        """A bot that was away on the morning reminds in the afternoon; one that was away all day notes it."""
        training = await a_training(session)
        (first,) = await people(session, 1)
        await registered(session, training, first)
        await clockwork.remind(session, DISTRICT, wib(20, 22))
        await clockwork.remind(session, DISTRICT, wib(20, 22, 1))
        await clockwork.remind(session, DISTRICT, wib(22, 17))

        assert [text.split(":")[0] for text in await texts(session, first)] == ["⏰ Besok"]
        missed = await session.exec(select(AuditEntry.after).where(AuditEntry.deed == "reminder.missed"))
        assert missed.all() == [{"kind": "days3"}]

    async def test_one_missed_until_after_the_start_is_noted_too(self, session: Session) -> None:
        """A bot that was away from the eve until the training ran writes down all that it could not say."""
        training = await a_training(session)
        (first,) = await people(session, 1)
        await registered(session, training, first)
        await clockwork.follow_time(session, DISTRICT, START + timedelta(hours=1))
        await clockwork.remind(session, DISTRICT, START + timedelta(hours=1))

        assert await texts(session, first) == []
        missed = await session.exec(select(AuditEntry.after).where(AuditEntry.deed == "reminder.missed"))
        assert [entry["kind"] for entry in missed.all() if entry] == ["days3", "eve", "hours2"]

    async def test_nobody_is_woken(self, session: Session) -> None:
        """Of a training at seven nobody is reminded at five, but at six."""
        training = await a_training(session, hours=[Hours(wib(23, 7), wib(23, 9))])
        (first,) = await people(session, 1)
        await registered(session, training, first)
        for now in (wib(23, 5, 30), wib(23, 6)):
            await clockwork.remind(session, DISTRICT, now)

        assert len(await texts(session, first)) == 1
        missed = (await session.exec(select(Occurrence.what).where(col(Occurrence.what).endswith("missed")))).all()
        assert not [what for what in missed if "hours2" in what]

    async def test_not_of_what_they_just_read(self, session: Session) -> None:
        """Who registers on the eve at noon is not told at once that it is tomorrow."""
        training = await a_training(session)
        (first,) = await people(session, 1)
        await registered(session, training, first, now=wib(22, 12))
        await clockwork.remind(session, DISTRICT, wib(22, 12, 1))

        assert await texts(session, first) == []


class TestMark:
    async def test_twice_changes_nothing(self, session: Session) -> None:
        """A second scan says that they were there already."""
        training = await a_training(session)
        (person,) = await people(session, 1)
        ((confirmed),) = await registered(session, training, person)
        first = await attendance.mark(session, confirmed.seat, training, person, person, START)
        again = await attendance.mark(session, confirmed.seat, training, person, person, START + timedelta(hours=1))

        assert (first.was_there, again.was_there) == (False, True)
        assert await attendance.count(session, first.day) == 1

    async def test_counts_only_who_still_has_a_seat(self, session: Session) -> None:
        """Who was marked gives nothing up by themselves; taken out by an officer they are not counted any more."""
        training = await a_training(session)
        (person,) = await people(session, 1)
        ((confirmed),) = await registered(session, training, person)
        early = START - timedelta(hours=1)
        marked = await attendance.mark(session, confirmed.seat, training, person, person, early)
        for even_late in (False, True):
            with pytest.raises(IsThere):
                await seats.give_up(session, training.id, person, early, ZONE, even_late=even_late)
        before = await attendance.count(session, marked.day)
        await seats.take_away(session, confirmed.seat.id, "keliru", early, ZONE)

        assert (before, await attendance.count(session, marked.day)) == (1, 0)

    async def test_by_code_however_it_is_typed(self, session: Session) -> None:
        """Small letters, spaces and dashes do; another code is no ticket."""
        training = await a_training(session)
        (person,) = await people(session, 1)
        ((confirmed),) = await registered(session, training, person)
        code = confirmed.seat.code
        found = await attendance.by_code(session, f" {code[:3].lower()}-{code[3:].lower()} ")

        assert found[0].id == confirmed.seat.id
        with pytest.raises(attendance.NoSuchTicket):
            await attendance.by_code(session, "AAAAA1")

    async def test_not_on_another_day_and_not_without_a_seat(self, session: Session) -> None:
        """The right ticket on the wrong day, and who gave the seat up, get a sentence each."""
        training = await a_training(session)
        (person,) = await people(session, 1)
        ((confirmed),) = await registered(session, training, person)
        with pytest.raises(attendance.WrongDay):
            await attendance.mark(session, confirmed.seat, training, person, person, NOW)
        await seats.give_up(session, training.id, person, NOW, ZONE)
        with pytest.raises(attendance.NoSeat):
            await attendance.mark(session, confirmed.seat, training, person, person, START)

    async def test_numbers_of_the_list_after_a_day_without_signal(self, session: Session) -> None:
        """ "hadir 3 7 12": who has a seat counts, twice is once, and the rest is named."""
        training = await a_training(session, 2)
        await registered(session, training, *await people(session, 2))
        day = (await session.exec(select(TrainingDay))).one()
        officer = (await session.exec(select(Person))).first()
        assert officer
        first = await attendance.mark_numbers(session, training, day, [2, 2, 9], officer, START)
        again = await attendance.mark_numbers(session, training, day, [1, 2], officer, START)

        assert (first.marked, first.before, first.unknown) == ([2], [], [9])
        assert (again.marked, again.before, again.unknown) == ([1], [2], [])

    async def test_numbers_never_change(self, session: Session) -> None:
        """Who leaves and comes back has the old number; nobody else gets it."""
        training = await a_training(session, 3)
        first, second = await people(session, 2)
        await registered(session, training, first)
        await seats.give_up(session, training.id, first, NOW, ZONE)
        await registered(session, training, second, first)
        numbers = {seat.person_id: seat.number for seat in (await session.exec(select(Seat))).all()}

        assert numbers == {first.id: 1, second.id: 2}
