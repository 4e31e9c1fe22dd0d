"""House rules: a default until an admin sets them, checked, audited, and never lost between two admins."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from sqlmodel import select

from db.models import AuditEntry, HouseRule, Officer, Person, Role
from db.session import Database, open_database
from domain import holidays, office_hours, rules
from domain.district import District, Span, read_district, span_of
from domain.errors import NotForYou, Refusal, StaleButton
from messages import say
from tests.conftest import LAMONGAN
from tests.support.keeping import somebody

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
TODAY, NATAL = date(2026, 11, 26), date(2026, 12, 25)


def at_most_seven(value: int) -> int:
    if not 0 <= value <= 7:
        raise Refusal(say("settings.no_such_hour"))
    return value


@pytest.fixture
def weekly_cap() -> Iterator[rules.Rule[int]]:
    """A rule as a part adds it."""
    yield rules.add("weekly_cap_of_test", 3, check=at_most_seven)
    del rules.RULES["weekly_cap_of_test"]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url) as database:
        yield database


@pytest.fixture
async def admin(database: Database) -> Person:
    return await officer(database, 7, Role.ADMIN)


@pytest.fixture(scope="module")
def district() -> District:
    return read_district(LAMONGAN)


async def officer(database: Database, telegram_id: int, role: Role) -> Person:
    async with database.transaction() as session:
        person = somebody(telegram_id)
        session.add(person)
        await session.flush()
        session.add(Officer(person_id=person.id, role=role, office="diskopum", appointed_at=NOW))
    return person


async def put(database: Database, person: Person, rule: rules.Rule[int], value: int) -> int:
    async with database.transaction() as session:
        return await rules.change(session, person, rule, lambda _: value, NOW)


async def audited(database: Database) -> list[AuditEntry]:
    async with database.reading() as session:
        return list((await session.exec(select(AuditEntry).order_by(AuditEntry.id))).all())


class TestRule:
    async def test_has_a_default(self, database: Database, weekly_cap: rules.Rule[int]) -> None:
        """Until somebody sets it, it is what its part says, and no row is needed."""
        async with database.reading() as session:
            assert await rules.read(session, weekly_cap) == 3

    async def test_is_set_by_an_admin(self, database: Database, weekly_cap: rules.Rule[int], admin: Person) -> None:
        """The new value holds, and the audit has both, the admin and the place."""
        await put(database, admin, weekly_cap, 5)

        async with database.reading() as session:
            assert await rules.read(session, weekly_cap) == 5
            row = await session.get_one(HouseRule, weekly_cap.name)
            assert (row.changed_by, row.changed_at) == (admin.id, NOW)
        (entry,) = await audited(database)
        assert (entry.deed, entry.subject) == ("rule.changed", "rule:weekly_cap_of_test")
        assert (entry.before, entry.after) == ({"value": 3}, {"value": 5})
        assert (entry.actor, entry.actor_id, entry.place) == ("officer", admin.id, "private")

    async def test_set_to_what_it_is_leaves_no_trace(
        self, database: Database, weekly_cap: rules.Rule[int], admin: Person
    ) -> None:
        """Nothing changed, so nothing stands in the audit."""
        await put(database, admin, weekly_cap, 3)

        assert await audited(database) == []

    async def test_is_checked(self, database: Database, weekly_cap: rules.Rule[int], admin: Person) -> None:
        """What its check refuses is not kept."""
        with pytest.raises(Refusal):
            await put(database, admin, weekly_cap, 8)

        async with database.reading() as session:
            assert await rules.read(session, weekly_cap) == 3

    @pytest.mark.parametrize("role", [None, Role.READER, Role.OFFICER])
    async def test_is_for_admins(self, database: Database, weekly_cap: rules.Rule[int], role: Role | None) -> None:
        """Nobody else changes one."""
        person = await officer(database, 8, role) if role else somebody(8)

        with pytest.raises(NotForYou):
            await put(database, person, weekly_cap, 5)
        assert await audited(database) == []

    @pytest.mark.parametrize("is_set", [False, True])
    async def test_changed_by_several_at_once_keeps_all(
        self, database: Database, weekly_cap: rules.Rule[int], admin: Person, is_set: bool
    ) -> None:
        """Each makes its value of the one before, also of the very first."""
        admins = [admin, *[await officer(database, number, Role.ADMIN) for number in (8, 9, 10)]]
        if is_set:
            await put(database, admin, weekly_cap, 0)

        async def add_one(person: Person) -> None:
            async with database.transaction() as session:
                await rules.change(session, person, weekly_cap, lambda value: value + 1, NOW)

        await asyncio.gather(*map(add_one, admins))

        async with database.reading() as session:
            assert await rules.read(session, weekly_cap) == (4 if is_set else 7)
        assert all(earlier.after == later.before for earlier, later in pairwise(await audited(database)))

    def test_has_a_name_of_its_own(self, weekly_cap: rules.Rule[int]) -> None:
        """Two parts cannot mean different things by one name."""
        with pytest.raises(ValueError, match="already"):
            rules.add(weekly_cap.name, 1, check=at_most_seven)


class TestOfficeHours:
    async def test_are_the_districts_until_set(self, database: Database, district: District) -> None:
        """With its holidays."""
        async with database.reading() as session:
            calendar = await office_hours.of(session, district)

        assert calendar.week == district.answering_hours
        assert calendar.holidays == {holiday.day for holiday in district.holidays}
        assert calendar.zone == district.timezone

    async def test_change_by_the_day(self, database: Database, district: District, admin: Person) -> None:
        """A day that was set holds; the others stay the district's, also when its file changes later."""
        for weekday, typed in ((0, "09.00-12.00"), (4, "tutup")):
            async with database.transaction() as session:
                await office_hours.set_day(session, admin, district, weekday, typed, NOW)

        async with database.reading() as session:
            week = await office_hours.week_of(session, district)
        assert week == (span_of("09.00-12.00"), *district.answering_hours[1:4], None, None, None)
        assert [(entry.before, entry.after) for entry in await audited(database)] == [
            ({"value": {}}, {"value": {"0": "09.00-12.00"}}),
            ({"value": {"0": "09.00-12.00"}}, {"value": {"0": "09.00-12.00", "4": ""}}),
        ]

    async def test_leave_a_day_open(self, database: Database, district: District, admin: Person) -> None:
        """The last open day cannot be closed: nothing could be promised any more."""
        for weekday in range(4):
            async with database.transaction() as session:
                await office_hours.set_day(session, admin, district, weekday, "tutup", NOW)

        with pytest.raises(Refusal, match=r"settings\.never_open"):
            async with database.transaction() as session:
                await office_hours.set_day(session, admin, district, 4, "tutup", NOW)

    async def test_are_for_admins(self, database: Database, district: District) -> None:
        """As every rule."""
        person = await officer(database, 8, Role.OFFICER)

        with pytest.raises(NotForYou):
            async with database.transaction() as session:
                await office_hours.set_day(session, person, district, 0, "tutup", NOW)


class TestHolidays:
    @pytest.fixture
    def few(self, tmp_path: Path) -> District:
        """A district with two holidays, one of them under two names and not checked."""
        (tmp_path / "district.toml").write_text((LAMONGAN / "district.toml").read_text("utf-8"), "utf-8")
        (tmp_path / "holidays.toml").write_text(
            'holidays = [{ day = 2026-12-25, name = "Natal", confirmed = true }, '
            '{ day = 2026-12-25, name = "Cuti" }, { day = 2026-01-01, name = "Tahun Baru", confirmed = true }]',
            "utf-8",
        )
        return read_district(tmp_path)

    async def coming(self, database: Database, district: District) -> list[tuple[date, str, bool]]:
        async with database.reading() as session:
            found = await holidays.coming(session, district, TODAY)
        return [(holiday.day, holiday.name, holiday.confirmed) for holiday in found]

    async def test_stand_once_a_day(self, database: Database, few: District) -> None:
        """Under all their names, checked when all are; those that are over are left out."""
        assert await self.coming(database, few) == [(NATAL, "Cuti, Natal", False)]

    async def test_are_added_struck_and_confirmed(self, database: Database, few: District, admin: Person) -> None:
        """What admins say goes before the file, the newest word last; the office's calendar follows."""
        async with database.transaction() as session:
            await holidays.confirm(session, admin, few, NATAL, NOW)
            await holidays.add(session, admin, "28 Des 2026 Cuti bersama", TODAY, NOW)
        assert await self.coming(database, few) == [
            (NATAL, "Cuti, Natal", True),
            (date(2026, 12, 28), "Cuti bersama", True),
        ]

        async with database.transaction() as session:
            for day in (NATAL, date(2026, 12, 28)):
                await holidays.strike(session, admin, few, day, NOW)
        assert await self.coming(database, few) == []

        async with database.transaction() as session:
            await holidays.add(session, admin, "25 Des 2026", TODAY, NOW)
            calendar = await office_hours.of(session, few)
        assert await self.coming(database, few) == [(NATAL, "Cuti, Natal", True)]
        assert not calendar.is_working_day(NATAL)
        assert {entry.subject for entry in await audited(database)} == {"rule:holidays"}
        assert len(await audited(database)) == 5

    async def test_that_are_none_cannot_be_struck(self, database: Database, few: District, admin: Person) -> None:
        """A tap on what is gone is out of date."""
        for deed in (holidays.strike, holidays.confirm):
            with pytest.raises(StaleButton):
                async with database.transaction() as session:
                    await deed(session, admin, few, TODAY, NOW)


def test_a_span_is_written_as_it_is_read() -> None:
    """As the rule keeps it."""
    assert str(span_of("07.30-14.05")) == "07.30-14.05"
    assert isinstance(span_of("07.30-14.05"), Span)
