"""Trainings in the domain: questions, tables, offers by day and night, changes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from db.models import (
    Attendance,
    AuditEntry,
    Seat,
    SeatState,
    TrainingDay,
    TrainingState,
    WalkIn,
)
from db.session import Session, open_database
from domain.errors import Refusal
from domain.trainings import attendance, clockwork, editing, notices, questions, seats, states, waking
from domain.trainings.editing import BadTraining, Hours
from domain.trainings.questions import Asked, BadAnswer
from domain.trainings.refusals import SeatsTaken, TooLateToCancel
from tests.support.training_rows import DISTRICT, NOW, OFFICER, START, ZONE, a_training, people, registered, texts, wib


@pytest.fixture
async def session(database_url: str) -> AsyncIterator[Session]:
    async with open_database(database_url) as database, database.transaction() as session:
        yield session


class TestQuestions:
    LIST = (
        Asked("pirt", "Sudah punya PIRT?", "yesno"),
        Asked("nomor", "Berapa nomornya?", "text", only_if=("pirt", "ya")),
        Asked("jenis", "Jenis produk?", "choice", ("Keripik", "Kerupuk")),
        Asked("tahun", "Mulai tahun?", "number", is_required=False),
    )

    def test_come_back_from_how_they_are_kept(self) -> None:
        """What is written into the row is read again as it was."""
        assert questions.questions_of([one.plain() for one in self.LIST]) == list(self.LIST)

    def test_one_that_depends_is_asked_only_then(self) -> None:
        """A conditional question comes after the answer that makes it apply, and not after another."""
        assert questions.next_question(self.LIST, {"pirt": "ya"}) == self.LIST[1]
        assert questions.next_question(self.LIST, {"pirt": "tidak"}) == self.LIST[2]
        assert questions.next_question(self.LIST, {"pirt": "tidak", "jenis": "Keripik", "tahun": None}) is None

    def test_none_depends_on_a_later_one(self) -> None:
        """A condition on what was not asked yet is refused when the training is written."""
        with pytest.raises(ValueError, match="depends on none before it"):
            questions.questions_of([self.LIST[1].plain()])

    @pytest.mark.parametrize(
        ("number", "typed", "clean"), [(0, "Ya", "ya"), (2, "keripik", "Keripik"), (3, "1.250", 1250)]
    )
    def test_are_answered_loosely(self, number: int, typed: str, clean: object) -> None:
        """Case and thousands' dots do not matter."""
        assert questions.check(self.LIST[number], typed) == clean

    @pytest.mark.parametrize(("number", "typed"), [(0, "mungkin"), (1, "🙂🙂"), (1, "a" * 301), (2, "Tas"), (3, "dua")])
    def test_refuse_with_a_sentence(self, number: int, typed: str) -> None:
        """What cannot be the answer gets its own sentence."""
        with pytest.raises(BadAnswer):
            questions.check(self.LIST[number], typed)


class TestWaking:
    def test_nights_do_not_count(self) -> None:
        """An hour offered at 20.30 ends at 06.30; by day an hour is an hour."""
        assert waking.after(wib(2, 20, 30), timedelta(hours=1), ZONE) == wib(3, 6, 30)
        assert waking.after(wib(2, 12), timedelta(hours=1), ZONE) == wib(2, 13)
        assert waking.after(wib(2, 23), timedelta(hours=1), ZONE) == wib(3, 7)

    def test_a_day_is_fifteen_waking_hours(self) -> None:
        """24 waking hours from noon end at nine in the evening of the next day: nine hours and fifteen."""
        assert waking.after(wib(2, 12), timedelta(hours=24), ZONE) == wib(3, 21)


class TestStates:
    @pytest.mark.parametrize("to", [TrainingState.DONE, TrainingState.DRAFT, TrainingState.OPEN])
    async def test_illegal_moves_are_refused_by_name(self, session: Session, to: TrainingState) -> None:
        """An open training becomes neither done nor a draft nor open once more; the refusal names both states."""
        training = await a_training(session)

        with pytest.raises(states.IllegalMove) as refused:
            states.move(training, to, NOW)

        assert "dibuka" in refused.value.sentence.in_language("id")

    async def test_a_draft_that_lacks_something_is_not_published(self, session: Session) -> None:
        """What people must know before they register is asked for by name."""
        training = await editing.make(session, "diskopum", "Halal", 3, OFFICER, NOW)

        with pytest.raises(editing.NotReady) as refused:
            await editing.publish(session, training.id, OFFICER, NOW)

        assert "hari dan jam" in refused.value.sentence.in_language("id")
        assert "tempat" in refused.value.sentence.in_language("id")

    async def test_a_published_one_keeps_what_people_must_know(self, session: Session) -> None:
        """Its place may be another, and cannot be none."""
        training = await a_training(session)

        with pytest.raises(editing.NotReady) as refused:
            await editing.change(session, training.id, {"place": ""}, OFFICER, DISTRICT, NOW)

        assert "tempat" in refused.value.sentence.in_language("id")

    async def test_time_lets_it_run_and_end(self, session: Session) -> None:
        """With the first day it runs, after the last it is done; each move is in the audit, once."""
        training = await a_training(session)
        for now in (START, START + timedelta(minutes=1), START + timedelta(hours=8), START + timedelta(hours=9)):
            await clockwork.follow_time(session, DISTRICT, now)

        assert training.state is TrainingState.DONE
        moved = await session.exec(select(AuditEntry.after).where(AuditEntry.deed == "training.moved"))
        assert [entry["state"] for entry in moved.all() if entry] == ["open", "running", "done"]

    @pytest.mark.parametrize(("closes_at", "state"), [(None, "open"), (wib(22, 16), "closed")])
    async def test_one_postponed_on_its_first_morning_is_ahead_again(
        self, session: Session, closes_at: datetime | None, state: str
    ) -> None:
        """With all its days ahead it runs no more: open or closed by its registration, and seats go on to the line."""
        training = await a_training(session, closes_at=closes_at)
        first, second = await people(session, 2)
        await registered(session, training, first, second)
        await clockwork.follow_time(session, DISTRICT, START)
        later = [Hours(wib(30, 8), wib(30, 12))]
        await editing.set_days(session, training.id, later, OFFICER, DISTRICT, START + timedelta(minutes=5))
        offered = await seats.give_up(session, training.id, first, START + timedelta(minutes=9), ZONE)

        assert training.state == state
        assert [seat.person_id for seat in offered] == [second.id]
        moved = (await session.exec(select(AuditEntry.after).where(AuditEntry.deed == "training.moved"))).all()
        assert {"state": state} in moved[2:]

    @pytest.mark.parametrize("is_held_again", [False, True])
    async def test_who_waits_when_it_begins_hears_it_once(self, session: Session, is_held_again: bool) -> None:
        """That there was no seat, and what comes next: the next date where there is one; nobody else hears anything."""
        training = await a_training(session)
        first, second = await people(session, 2)
        await registered(session, training, first, second)
        if is_held_again:
            await a_training(session, hours=[Hours(wib(30, 8), wib(30, 12))])
        for minutes in (0, 1):
            await clockwork.follow_time(session, DISTRICT, START + timedelta(minutes=minutes))

        (said,) = await texts(session, second)
        assert "tidak kebagian" in said
        assert ("Senin, 30 November" in said) is is_held_again
        assert await texts(session, first) == []

    async def test_one_whose_first_day_was_held_runs_on(self, session: Session) -> None:
        """Only the second day is another: it has begun, and nobody closes what runs."""
        hours = [Hours(START, START + timedelta(hours=4)), Hours(wib(24, 8), wib(24, 12))]
        training = await a_training(session, hours=hours)
        await clockwork.follow_time(session, DISTRICT, START)
        later = [hours[0], Hours(wib(25, 8), wib(25, 12))]
        await editing.set_days(session, training.id, later, OFFICER, DISTRICT, START + timedelta(hours=5))

        assert training.state is TrainingState.RUNNING
        with pytest.raises(states.IllegalMove):
            await editing.close(session, training.id, OFFICER, START + timedelta(hours=6))


class TestOffers:
    @pytest.mark.parametrize(
        ("days_before", "until"), [(20, timedelta(days=1, hours=9)), (5, timedelta(hours=12)), (1, timedelta(hours=1))]
    )
    async def test_last_by_the_distance_to_the_start(
        self, session: Session, days_before: int, until: timedelta
    ) -> None:
        """24, 12 and 1 waking hours; from six in the morning 24 of them are a day and nine hours."""
        training = await a_training(session)
        now = (START - timedelta(days=days_before)).astimezone(ZONE).replace(hour=6).astimezone(UTC)

        assert seats.offer_ends(training, now, ZONE) == now + until

    async def test_never_after_the_start(self, session: Session) -> None:
        """An offer ends with the start at the latest, and nothing is offered once it has begun."""
        training = await a_training(session)
        first, second = await people(session, 2)
        await registered(session, training, first, second)

        assert seats.offer_ends(training, START - timedelta(minutes=10), ZONE) == START
        with pytest.raises(TooLateToCancel):
            await seats.give_up(session, training.id, first, START, ZONE)

    async def test_what_ran_out_goes_to_the_next_and_both_hear(self, session: Session) -> None:
        """The one whose offer expired is told how to stand in line again, the next one is offered the seat."""
        training = await a_training(session)
        first, second, third = await people(session, 3)
        await registered(session, training, first, second, third)
        offered = await seats.give_up(session, training.id, first, NOW, ZONE)
        await notices.tell_offers(session, offered, DISTRICT, NOW)
        await clockwork.end_offers(session, DISTRICT, NOW + timedelta(hours=1))
        before = await texts(session, third)
        await clockwork.end_offers(session, DISTRICT, NOW + timedelta(days=3))

        assert before == []
        assert "sudah habis" in (await texts(session, second))[-1]
        (offer,) = await texts(session, third)
        assert "Kemasan &lt;Keripik&gt;" in offer
        assert "Senin, 23 November 2026, 08.00–12.00 WIB" in offer

    async def test_of_a_training_that_is_off_do_not_run_out(self, session: Session) -> None:
        """Whoever was offered a seat hears that the training is off, and nothing of an offer later."""
        training = await a_training(session)
        first, second = await people(session, 2)
        await registered(session, training, first, second)
        await seats.give_up(session, training.id, first, NOW, ZONE)
        await editing.cancel(session, training.id, "pemateri sakit", OFFICER, NOW)
        await clockwork.end_offers(session, DISTRICT, NOW + timedelta(days=3))

        (said,) = await texts(session, second)
        assert "dibatalkan" in said

    async def test_end_with_a_start_that_is_moved_forward(self, session: Session) -> None:
        """A training that now begins before an offer ends takes the end of the offer with it."""
        training = await a_training(session)
        first, second = await people(session, 2)
        await registered(session, training, first, second)
        (offered,) = await seats.give_up(session, training.id, first, NOW, ZONE)
        earlier = NOW + timedelta(hours=3)
        await editing.set_days(
            session, training.id, [Hours(earlier, earlier + timedelta(hours=1))], OFFICER, DISTRICT, NOW
        )
        await session.refresh(offered)

        assert offered.offer_until == earlier

    async def test_pass_over_who_blocked_the_bot(self, session: Session) -> None:
        """Who cannot be reached keeps the place in line, and the next one is offered the seat."""
        training = await a_training(session)
        first, second, third = await people(session, 3)
        await registered(session, training, first, second, third)
        second.is_reachable = False
        (offered,) = await seats.give_up(session, training.id, first, NOW, ZONE)

        assert offered.person_id == third.id
        assert [seat.person_id for seat in await seats.waiting(session, training)] == [second.id]

    async def test_leave_the_chairs_of_those_on_paper(self, session: Session) -> None:
        """A walk-in without Telegram takes up a chair: nobody is offered it, and the seats cannot go below it."""
        training = await a_training(session, 2)
        first, second = await people(session, 2)
        await registered(session, training, first)
        day = (await session.exec(select(TrainingDay))).one()
        session.add(WalkIn(day_id=day.id, name="Pak Kertas", at=NOW, marked_by=first.id))
        await session.flush()
        ((waits),) = await registered(session, training, second)

        assert isinstance(waits, seats.Waitlisted)
        with pytest.raises(SeatsTaken):
            await editing.resize(session, training.id, 1, OFFICER, DISTRICT, NOW)


class TestResize:
    async def test_refusal_names_how_many_must_move(self, session: Session) -> None:
        """Seats cannot go below who has one."""
        training = await a_training(session, 3)
        await registered(session, training, *await people(session, 3))

        with pytest.raises(SeatsTaken) as refused:
            await editing.resize(session, training.id, 1, OFFICER, DISTRICT, NOW)

        assert "2 orang harus dipindah" in refused.value.sentence.in_language("id")

    async def test_more_seats_are_offered_at_once(self, session: Session) -> None:
        """Whoever waits hears of the new seats in the order of the line."""
        training = await a_training(session, 1)
        first, second, third = await people(session, 3)
        await registered(session, training, first, second, third)
        await editing.resize(session, training.id, 2, OFFICER, DISTRICT, NOW)

        assert len(await texts(session, second)) == 1
        assert await texts(session, third) == []


class TestChange:
    async def test_everyone_concerned_hears_old_and_new(self, session: Session) -> None:
        """A new place goes to whoever has a seat or waits, as old and new; a new description to nobody."""
        training = await a_training(session)
        first, second, third = await people(session, 3)
        await registered(session, training, first, second)
        told = await editing.change(session, training.id, {"place": "BLK"}, OFFICER, DISTRICT, NOW)
        await editing.change(session, training.id, {"description": "Lain"}, OFFICER, DISTRICT, NOW)

        assert told == 2
        (text,) = await texts(session, first)
        assert text.index("MPP") < text.index("BLK")
        assert await texts(session, third) == []

    async def test_of_days_empties_what_no_longer_fits(self, session: Session) -> None:
        """Moved forward past the end of registration: that is the start again; what still fits stays."""
        training = await a_training(session, closes_at=wib(22, 16), cancel_until=wib(9, 16))
        await editing.set_days(session, training.id, [Hours(wib(10, 8), wib(10, 12))], OFFICER, DISTRICT, NOW)

        assert (training.closes_at, training.cancel_until) == (None, wib(9, 16))
        changes = (await session.exec(select(AuditEntry.after).where(AuditEntry.deed == "training.days_set"))).all()
        assert "closes_at" in (changes[-1] or {})

    @pytest.mark.parametrize("name", ["closes_at", "cancel_until"])
    async def test_of_a_deadline_is_no_later_than_the_start(self, session: Session, name: str) -> None:
        """Nobody registers or cancels once the first day has begun, however many follow."""
        days = [Hours(START, START + timedelta(hours=4)), Hours(wib(24, 8), wib(24, 12))]
        training = await a_training(session, hours=days)
        await editing.change(session, training.id, {name: START}, OFFICER, DISTRICT, NOW)

        with pytest.raises(BadTraining):
            await editing.change(session, training.id, {name: START + timedelta(minutes=1)}, OFFICER, DISTRICT, NOW)

    @pytest.mark.parametrize(
        ("values", "old", "new"),
        [
            ({"latitude": -7.2, "longitude": 112.4}, "belum ada", "-7.20000, 112.40000"),
            ({"online_link": "https://meet.example.id/lain"}, "MPP", "internetnya diganti"),
            ({"online_link": None}, "Bisa juga lewat internet", "Tidak lewat internet"),
            ({"online_link": "https://meet.example.id/lain", "place": ""}, "MPP", "Lewat internet"),
        ],
    )
    async def test_of_pin_or_link_is_told_too(
        self, session: Session, values: dict[str, Any], old: str, new: str
    ) -> None:
        """What was and what is, and never the link itself, which only the confirmed get, and late."""
        training = await a_training(session, online_link="https://meet.example.id/satu")
        (person,) = await people(session, 1)
        await registered(session, training, person)
        told = await editing.change(session, training.id, values, OFFICER, DISTRICT, NOW)

        (text,) = await texts(session, person)
        assert told == 1
        assert old in text.split("Menjadi")[0]
        assert new in text.split("Menjadi")[1]
        assert "meet.example" not in text

    async def test_of_days_keeps_who_was_there(self, session: Session) -> None:
        """A day that stays keeps its attendance; one that was held cannot be taken out."""
        hours = [Hours(START, START + timedelta(hours=4)), Hours(wib(24, 8), wib(24, 12))]
        training = await a_training(session, hours=hours)
        (person,) = await people(session, 1)
        ((confirmed),) = await registered(session, training, person)
        marked = await attendance.mark(session, confirmed.seat, training, person, person, START)
        moved = [hours[0], Hours(wib(25, 8), wib(25, 12))]
        await editing.set_days(session, training.id, moved, OFFICER, DISTRICT, wib(23, 13))

        assert (await session.exec(select(Attendance.day_id))).all() == [marked.day.id]
        with pytest.raises(BadTraining):
            await editing.set_days(session, training.id, moved[1:], OFFICER, DISTRICT, wib(23, 13))

    @pytest.mark.parametrize(
        "hours",
        [
            [],
            [Hours(wib(1, 8), wib(1, 9))],
            [Hours(wib(23, 9), wib(23, 8))],
            [Hours(wib(23, 8), wib(23, 12)), Hours(wib(23, 11), wib(23, 13))],
        ],
    )
    async def test_impossible_days_are_refused(self, session: Session, hours: list[Hours]) -> None:
        """None, past, backwards and overlapping ones."""
        training = await editing.make(session, "diskopum", "Halal", 3, OFFICER, NOW)

        with pytest.raises(BadTraining):
            await editing.set_days(session, training.id, hours, OFFICER, DISTRICT, NOW)


class TestRegister:
    async def test_closed_past_cancelled_and_early_say_so(self, session: Session) -> None:
        """Each reason has its own sentence, and nothing is taken."""
        (person,) = await people(session, 1)
        training = await a_training(session, opens_at=NOW + timedelta(days=1))
        said = []
        with pytest.raises(Refusal) as early:
            await registered(session, training, person)
        said.append(early.value.sentence.in_language("id"))
        with pytest.raises(Refusal) as past:
            await registered(session, training, person, now=START)
        said.append(past.value.sentence.in_language("id"))
        await editing.close(session, training.id, OFFICER, NOW)
        with pytest.raises(Refusal) as closed:
            await registered(session, training, person, now=NOW + timedelta(days=2))
        said.append(closed.value.sentence.in_language("id"))
        await editing.cancel(session, training.id, "pemateri sakit", OFFICER, NOW)
        with pytest.raises(Refusal) as off:
            await registered(session, training, person, now=NOW + timedelta(days=2))
        said.append(off.value.sentence.in_language("id"))

        assert "dibuka besok" in said[0]
        assert len(set(said)) == 4
        assert (await session.exec(select(Seat))).all() == []

    async def test_the_line_may_be_off_or_bounded(self, session: Session) -> None:
        """Without a line a full training is full; with a cap the line ends there."""
        first, second, third = await people(session, 3)
        without = await a_training(session, has_waiting_list=False)
        capped = await a_training(session, waiting_cap=1)
        await registered(session, without, first)
        await registered(session, capped, first, second)

        with pytest.raises(Refusal, match=r"training\.full"):
            await registered(session, without, second)
        with pytest.raises(Refusal, match=r"training\.line_full"):
            await registered(session, capped, third)
        assert (await session.exec(select(Seat.state).where(Seat.person_id == third.id))).all() == []
        states_now = (await session.exec(select(Seat.state).where(Seat.training_id == capped.id))).all()
        assert sorted(states_now) == [SeatState.CONFIRMED, SeatState.WAITING]
