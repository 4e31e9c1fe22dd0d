"""Backups: the whole database in one file, and from there into a database of either kind."""

import os
import stat
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlmodel import col, select

from bot import backups
from bot.settings import BadSetting
from db import backup
from db.migrations.upgrade import configuration
from db.models import Delivery, DeliveryState, Lane, Person, Question, ReceivedUpdate
from db.session import Database, one_off_engine, open_database, to_async_url
from domain.invented import invent_people
from domain.knowledge.shelf import Library
from tests.conftest import LAMONGAN
from tests.faults.waiting import until
from tests.support.keeping import NOW, add, lines_of, rows, settings_of, somebody
from tests.support.running import running_bot

QUESTIONS = ("cara bikin nib gimana", "syarat sertifikat halal apa saja")


class TestRehearsal:
    async def test_a_bot_goes_on_from_the_backup_of_a_running_one(
        self, database_url: str, other_url: str, library: Library, tmp_path: Path
    ) -> None:
        """Backed up under load and restored into the other kind: same questions and queues, nothing sent twice."""
        file = tmp_path / "backup.gz"
        async with running_bot(database_url, LAMONGAN, library=library, SEND_RATE=4) as bot:
            telegram, writers = bot.telegram, [bot.person(number) for number in range(101, 121)]
            for writer in writers:
                writer.write(QUESTIONS[writer.id % 2])
            await until(lambda: sum(bool(writer.texts()) for writer in writers) >= 4)
            await backups.back_up(bot.settings, file)
        calls = len(telegram.calls)
        await backups.restore(settings_of(other_url), file)
        backed_up = {table.name: table.rows for table in backups.verify(file).tables}
        restored = await rows(other_url, select(Delivery))
        sent = {row.id: row.message_ids for row in restored if row.state == DeliveryState.SENT}

        assert 0 < len(sent) < len(writers)
        assert backed_up["question"] == len(await rows(other_url, select(Question)))
        assert backed_up["received_update"] == len(await rows(other_url, select(ReceivedUpdate)))
        assert backed_up["delivery"] == len(restored)

        async with running_bot(other_url, LAMONGAN, telegram=telegram, library=library) as bot:
            await bot.settled()
            owed = await bot.rows(select(Delivery).order_by(col(Delivery.id)))
            fresh = await bot.says(writers[0], QUESTIONS[0])
            asked = await bot.rows(select(Question))

        made = [call.parameters for call in telegram.calls[calls:] if call.method == "sendMessage" and call.accepted]
        assert Counter((call["chat_id"], call["text"]) for call in made[:-1]) == Counter(
            (row.chat_id, row.arguments["text"]) for row in owed if row.id not in sent
        )
        assert {row.id: row.message_ids for row in owed if row.id in sent} == sent
        assert {row.state for row in owed} == {DeliveryState.SENT}
        assert "NIB" in fresh
        assert len(asked) == len(writers) + 1


class TestBackUp:
    async def test_holds_every_value(self, database_url: str, other_url: str, tmp_path: Path) -> None:
        """Through the other kind of database and back every value is what it was: one portable format."""
        person = somebody(2**52 - 1, name="Wati 😀 \\ \" ' %s", language="jv", is_reachable=False)
        await add(database_url, person)
        update = {"text": "baris\nkedua", "none": None, "deep": [{"a": [1.5, True, ""]}]}
        await add(
            database_url,
            ReceivedUpdate(update_id=None, queue_key=-(2**60), kind="message", payload=update, received_at=NOW),
            ReceivedUpdate(update_id=2**60, queue_key=5, kind="message", payload=None, received_at=NOW, error="x"),
            Delivery(
                chat_id=-1001234567890,
                person_id=person.id,
                lane=Lane.BULK,
                method="send_message",
                arguments={"text": "halo", "reply_markup": None},
                created_at=NOW,
                state=DeliveryState.UNCERTAIN,
                message_ids=[1, 2],
            ),
            Question(person_id=person.id, text=None, outcome="answer", confidence=0.1 + 0.2, asked_at=NOW),
        )
        first, second = tmp_path / "first.gz", tmp_path / "second.gz"
        await backups.back_up(settings_of(database_url), first)
        await backups.restore(settings_of(other_url), first)
        await backups.back_up(settings_of(other_url), second)

        kept = await rows(other_url, select(ReceivedUpdate).order_by(col(ReceivedUpdate.id)))
        assert [row.payload for row in kept] == [update, None]
        assert kept[0].received_at == NOW
        assert lines_of(second)[1:] == lines_of(first)[1:]
        assert lines_of(second)[0]["tables"] == lines_of(first)[0]["tables"]

    async def test_sees_one_state(self, database_url: str) -> None:
        """What is written while a backup is made is not in it: its rows are those its head counts."""
        async with open_database(database_url) as database:
            await add_person(database, 1)
            async with database.reading() as session:
                contents = await backup.survey(session)
                await add_person(database, 2)
                read = [(name, row) async for name, some in backup.read(session) for row in some]

        assert contents
        assert Counter(name for name, _ in read) == {held.name: held.rows for held in contents.tables if held.rows}
        assert sum(name == "person" for name, _ in read) == 1

    async def test_reads_in_slices(self, database_url: str) -> None:
        """However many rows there are, only so many are in memory; none is left out and none comes twice."""
        async with open_database(database_url) as database:
            async with database.transaction() as session:
                await invent_people(session, 2 * backup.SLICE + 7, 1000, NOW)
            async with database.reading() as session:
                await backup.survey(session)
                people = [some async for name, some in backup.read(session) if name == "person"]

        assert [len(some) for some in people] == [backup.SLICE, backup.SLICE, 7]
        assert len({row[1] for some in people for row in some}) == 2 * backup.SLICE + 7

    async def test_is_for_its_owner_only(self, database_url: str, tmp_path: Path) -> None:
        """People's words lie in it: nobody else may read it, and nothing half-written is left beside it."""
        await backups.back_up(settings_of(database_url), tmp_path / "out" / "backup.gz")

        assert stat.S_IMODE((tmp_path / "out" / "backup.gz").stat().st_mode) == 0o600
        assert os.listdir(tmp_path / "out") == ["backup.gz"]

    async def test_of_a_version_before(self, database_url: str, other_url: str, tmp_path: Path) -> None:
        """A database that was not migrated yet is backed up as it stands, and is migrated where it is restored."""
        old = f"sqlite+aiosqlite:///{tmp_path / 'old.db'}"
        engine = one_off_engine(to_async_url(old))
        async with engine.connect() as connection:
            await connection.run_sync(upgrade, "0001")
            await connection.execute(
                text(
                    "INSERT INTO person (telegram_id, name, language, is_reachable, met_at, last_wrote_at) "
                    "VALUES (7, 'Budi', 'id', true, '2026-01-02 03:04:05.000006', '2026-01-02 03:04:05.000006')"
                )
            )
            await connection.commit()
        await engine.dispose()
        await backups.back_up(settings_of(old), tmp_path / "old.gz")
        contents = await backups.restore(settings_of(other_url), tmp_path / "old.gz")

        assert contents.revision == "0001"
        (budi,) = await rows(other_url, select(Person))
        assert (budi.telegram_id, budi.met_at) == (7, datetime(2026, 1, 2, 3, 4, 5, 6, UTC))
        assert not budi.is_invented

    async def test_of_nothing(self, tmp_path: Path) -> None:
        """A database that is not there is no backup, and is not made by looking at it."""
        with pytest.raises(BadSetting, match="nothing to back up"):
            await backups.back_up(settings_of(f"sqlite:///{tmp_path / 'none.db'}"), tmp_path / "backup.gz")

        assert os.listdir(tmp_path) == []


async def add_person(database: Database, telegram_id: int) -> None:
    async with database.transaction() as session:
        session.add(somebody(telegram_id))


def upgrade(connection: Connection, revision: str) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
