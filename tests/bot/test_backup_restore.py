"""What restoring refuses, and the two commands as a person uses them."""

import asyncio
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot import backups
from bot.backups import BadBackup
from bot.runlock import only_run
from bot.settings import BadSetting
from db.models import Conversation, KnowledgeEntry, Leadership, Person
from db.session import sqlite_file, to_async_url
from tests.support.commands import elsewhere, environment, run
from tests.support.keeping import add, lines_of, pack, rows, settings_of, somebody


@pytest.fixture
def good(sqlite_made: Path, tmp_path: Path) -> Path:
    """A backup with two people, one of whom has a conversation."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'backed_up.db'}"
    (tmp_path / "backed_up.db").write_bytes(sqlite_made.read_bytes())
    asyncio.run(add(url, somebody(5), somebody(6)))
    asyncio.run(add(url, Conversation(person_id=1, state={"waits_for": "question"})))
    asyncio.run(backups.back_up(settings_of(url), tmp_path / "good.gz"))
    return tmp_path / "good.gz"


def with_people(head: Any, rest: list[Any], **changes: Any) -> list[Any]:
    """All lines, with *changes* in every person."""
    columns, first = head["tables"]["person"]["columns"], rest.index({"table": "person"}) + 1
    for person in rest[first : first + 2]:
        for name, value in changes.items():
            person[columns.index(name)] = value
    return [head, *rest]


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


OF_BYTES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "no backup"),
    "no gzip": (lambda _: b"hello, I am no backup", "no backup"),
    "cut in its head": (lambda content: content[:40], "cut off or damaged"),
    "cut in the middle": (lambda content: content[: len(content) // 2], "cut off or damaged"),
    "cut at its end": (lambda content: content[:-1], "cut off or damaged"),
    "a damaged byte": (lambda content: flipped(content, len(content) // 2), "damaged"),
}

STRANGE = {"tables": {"strange": {"rows": 1, "columns": ["a"]}}}

OF_LINES: dict[str, tuple[Callable[[Any, list[Any]], list[Any]], str]] = {
    "another file": (lambda _, __: [[1, 2, 3]], "no backup"),
    "another format": (lambda head, rest: [head | {"format": 2}, *rest], "format 2"),
    "of a newer program": (lambda head, rest: [head | {"revision": "9999"}, *rest], "update the program first"),
    "a row too few": (lambda head, rest: [head, *rest[:-1]], "cut off or damaged"),
    "a row too many": (lambda head, rest: [head, *rest, rest[-1]], "more than"),
    "a table of nobody's": (lambda head, _: [head | STRANGE, {"table": "strange"}, [1]], "strange"),
    "a value of another kind": (lambda head, rest: with_people(head, rest, met_at=17), "does not fit"),
    "a person twice": (lambda head, rest: with_people(head, rest, telegram_id=5), "nothing was changed"),
    "nobody's conversation": (lambda head, rest: with_people(head, [*rest[:-1], [9, *rest[-1][1:]]]), "take"),
}


def spoil(good: Path, how: str) -> str:
    """Make a good backup bad; return what is said of it."""
    if how in OF_BYTES:
        change, said = OF_BYTES[how]
        good.write_bytes(change(good.read_bytes()))
    else:
        change_lines, said = OF_LINES[how]
        head, *rest = lines_of(good)
        pack(good, *change_lines(head, rest))
    return said


class TestRestore:
    @pytest.mark.parametrize("how", [*OF_BYTES, *OF_LINES])
    async def test_takes_no_bad_file(self, database_url: str, good: Path, how: str) -> None:
        """A file that is no whole backup of ours is refused in one line that names it, and nothing changes."""
        await add(database_url, Leadership(owner="before", token="1", until=datetime(2026, 1, 1, tzinfo=UTC)))
        said = spoil(good, how)
        with pytest.raises(BadBackup) as refused:
            await backups.restore(settings_of(database_url), good)

        assert str(refused.value).startswith(f"{good}: ")
        assert "\n" not in str(refused.value)
        assert said in str(refused.value)
        assert [row.owner for row in await rows(database_url, select(Leadership))] == ["before"]
        assert len(await rows(database_url, select(KnowledgeEntry))) == 62
        assert await rows(database_url, select(Person)) == []

    async def test_spares_a_database_in_use(self, database_url: str, good: Path) -> None:
        """Where people are kept nothing is restored: no command line may wipe them out."""
        await add(database_url, somebody(77))

        with pytest.raises(BadSetting, match="DATABASE_URL: the database is in use"):
            await backups.restore(settings_of(database_url), good)
        assert [person.telegram_id for person in await rows(database_url, select(Person))] == [77]

    async def test_spares_a_running_bot(self, database_url: str, good: Path) -> None:
        """While a bot runs on it a database is not replaced under its feet."""
        file = sqlite_file(to_async_url(database_url))
        if file is None:
            until = datetime.now(UTC) + timedelta(minutes=1)
            await add(database_url, Leadership(owner="another", token="1", until=until))

        with only_run(database_url), pytest.raises(BadSetting, match=r"DATABASE_URL: (another `run`|a bot runs)"):
            await backups.restore(settings_of(database_url), good)

    async def test_replaces_first_content(self, database_url: str, good: Path) -> None:
        """A database that was only filled with first content is nobody's: what the backup holds takes its place."""
        await backups.restore(settings_of(database_url), good)

        assert [person.telegram_id for person in await rows(database_url, select(Person))] == [5, 6]
        assert [talk.state for talk in await rows(database_url, select(Conversation))] == [{"waits_for": "question"}]
        await add(database_url, somebody(7))
        assert [person.id for person in await rows(database_url, select(Person))] == [1, 2, 3]


class TestCommands:
    def test_there_and_back(self, sqlite_made: Path, tmp_path: Path) -> None:
        """`backup` writes a file of ours only, `restore` makes a database of it, and both say how much."""
        settings = elsewhere(tmp_path)
        (tmp_path / "bot.db").write_bytes(sqlite_made.read_bytes())
        made = run("backup", "b.gz", cwd=tmp_path, **settings)
        restored = run("restore", "b.gz", cwd=tmp_path, **(settings | {"DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}))

        assert (made.returncode, made.stderr, restored.returncode, restored.stderr) == (0, "", 0, "")
        assert "written to b.gz" in made.stdout
        assert restored.stdout.split(" restored")[0] == made.stdout.split(" written")[0]
        assert stat.S_IMODE((tmp_path / "b.gz").stat().st_mode) == 0o600

    @pytest.mark.parametrize(
        "arguments", [("restore", "no.gz"), ("restore", "."), ("restore", "bad.gz"), ("backup", ".")]
    )
    def test_a_fault_is_one_line(self, sqlite_made: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        """A file that cannot be used: exit 2 and one line that names it."""
        (tmp_path / "bot.db").write_bytes(sqlite_made.read_bytes())
        (tmp_path / "bad.gz").write_bytes(b"\x1f\x8b\x08 and no more")
        done = run(*arguments, cwd=tmp_path, **elsewhere(tmp_path))

        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert done.stderr.startswith(f"{arguments[1]}: ")

    def test_a_full_disk_leaves_the_last_backup(self, sqlite_made: Path, tmp_path: Path) -> None:
        """Where it cannot be written whole, what stood there before still stands, and nothing lies beside it."""
        (tmp_path / "bot.db").write_bytes(sqlite_made.read_bytes())
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "b.gz").write_text("the last one")
        done = subprocess.run(  # noqa: S603 -- our own program
            # A disk cannot be filled here; a limit on what a process may write fails the same way.
            ["/bin/bash", "-c", f"ulimit -f 40; exec {sys.executable} -m bot backup out/b.gz"],
            cwd=tmp_path,
            env=environment(**elsewhere(tmp_path)),
            capture_output=True,
            text=True,
            check=False,
        )

        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "out/b.gz: cannot be written" in done.stderr
        assert [file.read_text() for file in (tmp_path / "out").iterdir()] == ["the last one"]
