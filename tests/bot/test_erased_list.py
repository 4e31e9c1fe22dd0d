"""The list of who was erased, outside the database: it outlives a restore, and is applied before anything happens."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot import backups
from bot.erasures import ErasedList, Erasures
from bot.settings import BadSetting
from db.models import DatabaseName, Delivery, Erasure, Person, Profile, Question, ReceivedUpdate, UpdateState
from db.session import open_database, sqlite_file, to_async_url
from domain import erasure
from domain.knowledge.shelf import Library
from simulator import PretendTelegram
from tests.conftest import LAMONGAN
from tests.support.keeping import add, rows, settings_of, somebody
from tests.support.running import TOKEN, running_bot

NAME = "Sari Melatiwangi"
MET = datetime(2026, 1, 5, 3, tzinfo=UTC)
LATER = MET + timedelta(days=30)
MINUTE = timedelta(minutes=1)


async def erase(url: str, file: Path, *person_ids: int) -> None:
    """Erase them, and bring it to its end."""
    async with open_database(url) as database:
        async with database.transaction() as session:
            for person_id in person_ids:
                await erasure.erase(session, await session.get_one(Person, person_id), datetime.now(UTC))
        assert await Erasures(database, ErasedList(file), lambda: datetime.now(UTC)).finish_next()


async def named(url: str) -> str:
    """As at the first start: its name."""
    async with open_database(url) as database, database.transaction() as session:
        await erasure.name_database(session)
        return str(await erasure.name_of_database(session))


async def told_much(url: str) -> None:
    """Sari, who asked something and waits for an answer, and Budi."""
    await add(url, somebody(5, name=NAME, met_at=MET), somebody(6, name="Budi", met_at=MET))
    await add(
        url,
        Profile(person_id=1, name=NAME, phone="+6281234500777", changed_at=MET),
        Question(person_id=1, text=f"usaha {NAME}", outcome="lost", asked_at=MET),
        ReceivedUpdate(queue_key=5, kind="message", payload={"text": NAME}, received_at=MET),
        Delivery(chat_id=5, person_id=1, method="send_message", arguments={"text": NAME}, created_at=MET),
    )


async def names_in(url: str) -> list[Any]:
    """Every column that could hold her name."""
    columns = (Person.name, Profile.name, Question.text, ReceivedUpdate.payload, Delivery.arguments)
    return [value for column in columns for value in await rows(url, select(column)) if NAME in str(value)]


class TestRestore:
    async def test_of_an_older_backup_ends_the_same(self, database_url: str, other_url: str, tmp_path: Path) -> None:
        """Backup, erasure, loss, restore: erased again before anything runs; what waited of them is over."""
        listed = tmp_path / "list" / "erased.txt"
        await told_much(database_url)
        await named(database_url)
        await backups.back_up(settings_of(database_url), tmp_path / "older.gz")
        await erase(database_url, listed, 1)
        await backups.restore(settings_of(other_url, ERASED_LIST=listed), tmp_path / "older.gz")

        assert await names_in(other_url) == []
        assert [one.telegram_id for one in await rows(other_url, select(Person).order_by(Person.id))] == [-1, 6]
        assert {one.state for one in await rows(other_url, select(ReceivedUpdate))} == {UpdateState.FINISHED}
        if file := sqlite_file(to_async_url(other_url)):
            assert NAME.encode() not in b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))

    async def test_without_the_list_brings_them_back(self, database_url: str, other_url: str, tmp_path: Path) -> None:
        """So that the test above shows something: the backup does hold her."""
        await told_much(database_url)
        await backups.back_up(settings_of(database_url), tmp_path / "older.gz")
        await erase(database_url, tmp_path / "erased.txt", 1)
        await backups.restore(settings_of(other_url, ERASED_LIST=tmp_path / "none.txt"), tmp_path / "older.gz")

        assert len(await names_in(other_url)) == 5

    async def test_of_a_backup_without_a_name(self, database_url: str, other_url: str, tmp_path: Path) -> None:
        """A backup from before databases had names is known again by when its first person was met."""
        await told_much(database_url)
        await backups.back_up(settings_of(database_url), tmp_path / "older.gz")
        await erase(database_url, tmp_path / "erased.txt", 1)
        await backups.restore(settings_of(other_url, ERASED_LIST=tmp_path / "erased.txt"), tmp_path / "older.gz")

        assert await names_in(other_url) == []

    async def test_refuses_before_anything_is_changed(self, database_url: str, other_url: str, tmp_path: Path) -> None:
        """Where the list cannot be used nothing is restored: they would be back."""
        await told_much(database_url)
        await backups.back_up(settings_of(database_url), tmp_path / "older.gz")
        (tmp_path / "folder").mkdir()

        with pytest.raises(BadSetting, match=r"ERASED_LIST: .*folder"):
            await backups.restore(settings_of(other_url, ERASED_LIST=tmp_path / "folder"), tmp_path / "older.gz")
        assert await rows(other_url, select(Person)) == []


class TestStart:
    async def test_erases_again(self, database_url: str, library: Library, tmp_path: Path) -> None:
        """Also where a file was put back by hand: done before the bot takes its first update."""
        name = await named(database_url)
        await told_much(database_url)
        listed = ErasedList(tmp_path / "erased.txt")
        listed.add(name, [(1, LATER)])
        telegram = PretendTelegram(token=TOKEN)
        async with running_bot(database_url, LAMONGAN, telegram, library=library, ERASED_LIST=listed.file) as bot:
            await bot.settled()

        assert await names_in(database_url) == []
        assert telegram.person(5).texts() == []
        assert (await rows(database_url, select(Person.erased_at).where(Person.id == 1))) == [LATER]
        assert listed.file.read_text().count("\n") == 1

    async def test_spares_who_came_after(self, database_url: str, library: Library, tmp_path: Path) -> None:
        """After a restore numbers are given out again: whoever was met after the erasure is somebody else."""
        name = await named(database_url)
        listed = ErasedList(tmp_path / "erased.txt")
        listed.add(name, [(1, MET - MINUTE)])
        listed.add("another", [(2, LATER)])
        await told_much(database_url)
        async with running_bot(database_url, LAMONGAN, library=library, ERASED_LIST=listed.file):
            pass

        assert [one.name for one in await rows(database_url, select(Person).order_by(Person.id))] == [NAME, "Budi"]
        assert await rows(database_url, select(Erasure)) == []

    async def test_names_the_database_once(self, database_url: str, library: Library) -> None:
        """The name is made at the first start, and stays."""
        for _ in range(2):
            async with running_bot(database_url, LAMONGAN, library=library):
                names = await rows(database_url, select(DatabaseName.name))
        assert len(names) == 1
        assert [len(name) for name in names] == [16]

    async def test_refuses_a_list_it_cannot_write(self, database_url: str, library: Library, tmp_path: Path) -> None:
        """Better no bot than one that cannot keep its word: one line that names the setting and the mend."""
        with pytest.raises(BadSetting, match=r"ERASED_LIST: .*beside your backups"):
            async with running_bot(database_url, LAMONGAN, library=library, ERASED_LIST=tmp_path):
                pass


class TestErasedList:
    def test_holds_numbers_only(self, tmp_path: Path) -> None:
        """A line an erasure: which database, our number, when; for its owner only."""
        listed = ErasedList(tmp_path / "new" / "erased.txt")
        listed.add("abc", [(1, MET), (2, LATER)])

        assert listed.file.read_text() == f"abc 1 {MET.isoformat()}\nabc 2 {LATER.isoformat()}\n"
        assert stat.S_IMODE(listed.file.stat().st_mode) == 0o600
        assert listed.erased("abc") == {1: MET, 2: LATER}
        assert listed.erased("xyz") == {}

    def test_grows_by_what_is_new(self, tmp_path: Path) -> None:
        """What stands there already is not written again, nor does it lose a later erasure of another person."""
        listed = ErasedList(tmp_path / "erased.txt")
        for _ in range(2):
            listed.add("abc", [(1, MET)])
        listed.add("abc", [(1, LATER)])

        assert listed.file.read_text().count("\n") == 2
        assert listed.erased("abc") == {1: LATER}

    def test_goes_on_after_a_cut_line(self, tmp_path: Path) -> None:
        """A machine that stopped in the middle of a line costs that line, which comes again, and no other."""
        listed = ErasedList(tmp_path / "erased.txt")
        listed.add("abc", [(1, MET)])
        with listed.file.open("a") as file:
            file.write("abc 2 2026-01")
        listed.add("abc", [(2, LATER)])

        assert listed.erased("abc") == {1: MET, 2: LATER}

    def test_is_not_made_by_looking(self, tmp_path: Path) -> None:
        """A start leaves no empty file behind."""
        listed = ErasedList(tmp_path / "deep" / "erased.txt")
        listed.check()

        assert listed.erased("abc") == {}
        assert os.listdir(tmp_path) == []
