"""A training of two days on its first morning, its tickets, and who was marked."""

from sqlmodel import col, select

from db.models import Attendance, Officer, Person, Role, Seat
from simulator import Person as Somebody
from tests.support.desk import EARLIER
from tests.support.offices import Offices
from tests.support.training_office import does, hours, put_training, seat_of, seated

DAY, NEXT = "2026-12-01", "2026-12-02"
ON_THE_DAY = "2026-12-01 07:30"
WALK_INS, STANDBY = "🚶 Peserta langsung", "🪑 Cadangan hari ini"


async def a_reader(offices: Offices) -> Somebody:
    reader = offices.telegram.person(210, first_name="Lina")
    await does(offices, reader, ">/start")
    async with offices.bot.database.transaction() as session:
        person = (await session.exec(select(Person).where(Person.telegram_id == 210))).one()
        session.add(Officer(person_id=person.id, role=Role.READER, office="diskopum", appointed_at=EARLIER))
    return reader


async def marked(offices: Offices) -> list[tuple[int, int | None]]:
    """Day and number of each who is there."""
    there = select(Attendance.day_id, Seat.number).join(Seat, col(Seat.id) == col(Attendance.seat_id))
    return sorted(await offices.bot.rows(there))


async def two_days(offices: Offices, *names: str, number: int = 3) -> tuple[int, list[Somebody]]:
    """A training of two days with people in it, on the morning of the first."""
    training_id = await put_training(offices, number=number, days=(hours(DAY), hours(NEXT)))
    people = await seated(offices, training_id, *names)
    offices.clock.show(ON_THE_DAY)
    return training_id, people


async def code_of(offices: Offices, training_id: int, somebody: Somebody) -> str:
    return (await seat_of(offices, training_id, somebody)).code or ""
