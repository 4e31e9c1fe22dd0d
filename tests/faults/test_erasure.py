"""Erased means gone: no byte of a name or a phone is left, whatever was under way, and only then it is told."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url
from sqlmodel import col, select

from bot.erasures import ErasedList, Erasures
from bot.settings import BadSetting
from db import outbox
from db.models import (
    Delivery,
    DeliveryState,
    Erasure,
    Lane,
    Officer,
    Person,
    Profile,
    Question,
    ReceivedUpdate,
    Role,
    UpdateState,
)
from db.outbox import Owed, Settlement
from db.session import Database, open_database, sqlite_file
from db.wiping import wipe
from domain import erasure
from domain.erasure import Farewell
from domain.knowledge.shelf import Library
from simulator import Person as Somebody
from tests.conftest import LAMONGAN
from tests.faults.scene import Scene
from tests.faults.traces import NAME, PHONE, SIGNS, everything_kept, traces
from tests.faults.waiting import until
from tests.faults.workers import Workers
from tests.support.running import running_bot

NOW = datetime.now(UTC)
GROUP = -1009876543210
DONE = "Data Anda sudah dihapus"


def ways_of_telling() -> Iterator[str]:
    yield f"saya {NAME}, nomor saya {PHONE}, usaha keripik {'tempe ' * 150}"
    yield f"gagal {NAME} 0812-3450-0777"


async def tell_everything(scene: Scene, sari: Somebody) -> None:
    """She talks to the bot in every way it keeps for a while."""
    budi = scene.telegram.person(102, first_name="Budi")
    group = scene.telegram.group(-1001234567890, "Warga", members=[sari, budi], bot="administrator")
    for words in ways_of_telling():
        sari.write(words)
        budi.write(f"cara bikin nib gimana {len(words)}")
    sari.write(f"/tanya {NAME} {PHONE}", chat=group.id)
    question = sari.write(f"usaha {NAME} {PHONE}")
    sari.edit(question["message_id"], f"usaha {NAME} {PHONE} ya")
    sari.shares_contact(PHONE)
    sari.sends("photo", caption=f"{NAME} {PHONE}")
    sari.inline(f"{NAME} {PHONE}")


async def keep_much(scene: Scene, sari: Somebody) -> None:
    """A profile, and what a talkative month leaves: texts of all lengths, so that pages are split and filled anew."""
    lengths = random.Random(7)  # noqa: S311 -- for the same pages each time
    async with scene.database.transaction() as session:
        (person,) = (await session.exec(select(Person).where(Person.telegram_id == sari.id))).all()
        session.add(Profile(person_id=person.id, name=NAME, phone=f"+62{PHONE[1:]}", changed_at=NOW))
        for _ in range(100):
            words = f"{NAME} {PHONE} {'tempe ' * lengths.choice([1, 5, 40, 150])}"
            session.add(Question(person_id=person.id, text=words, outcome="lost", asked_at=NOW))
            session.add(to_her(person.id, words, chat_id=sari.id, state=DeliveryState.SENT, settled_at=NOW))


class TestNothingIsLeft:
    async def test_in_files_rows_and_logs(self, scene: Scene, workers: Workers) -> None:
        """After an erasure neither name nor phone stands in a row, in a byte of any file, or in the log."""
        quick = {"db.inbox.MOST_ATTEMPTS": 1, "bot.pace.PRIVATE_BURST": 1000}
        bot = await workers.start(scene.database_url, scene.address, level="debug", constants=quick)
        sari = scene.telegram.person(1, first_name=NAME)
        await tell_everything(scene, sari)
        await scene.settled(60)
        await keep_much(scene, sari)
        assert len(traces(await everything_kept(scene.database))) == len(SIGNS)

        sari.write("/data")
        await scene.settled()
        sari.tap("🗑 Hapus semua data saya")
        await scene.settled()
        sari.tap("Ya, hapus semuanya")
        await until(lambda: any(DONE in said for said in sari.texts()), lambda: f"{sari.texts()[-1]}\n{bot.said}")
        await scene.settled()

        assert traces(await everything_kept(scene.database)) == []
        assert "update parked" in bot.said
        assert traces(bot.log.read_bytes()) == []
        await bot.stop()


class TestWipe:
    @pytest.fixture
    def worn(self, sqlite_alone: str) -> Path:
        """A file whose pages were split and merged while she was in them, and from whose rows she is gone."""
        file = sqlite_file(make_url(sqlite_alone))
        assert file
        chance = random.Random(1)  # noqa: S311 -- as above
        with closing(sqlite3.connect(file, isolation_level=None)) as base:
            base.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON;")
            base.execute("CREATE TABLE worn (id INTEGER PRIMARY KEY, whose INTEGER, words TEXT)")
            base.execute("CREATE INDEX ix_worn ON worn (whose, words)")
            for number in range(3000):
                whose = chance.choice([1, 1, 2, 3])
                words = f"{NAME if whose == 1 else 'Budi'} {number} {'x' * chance.choice([5, 50, 500, 3000])}"
                base.execute("INSERT INTO worn (whose, words) VALUES (?, ?)", (whose, words))
                grown = ("y" * chance.choice([0, 3, 200]), chance.randint(1, number + 1))
                base.execute("UPDATE worn SET words = words || ? WHERE id = ?", grown)
            assert traces(file.read_bytes())
            base.execute("UPDATE worn SET words = '' WHERE whose = 1")
        return file

    async def test_leaves_no_copy_in_the_slack_of_pages(self, worn: Path) -> None:
        """What SQLite leaves behind where pages were split goes too; a log is left that holds nothing."""
        async with open_database(f"sqlite+aiosqlite:///{worn}") as database:
            assert await wipe(database)

            assert traces(b"".join(file.read_bytes() for file in worn.parent.iterdir())) == []
            assert not (log := worn.with_name(f"{worn.name}-wal")).exists() or not log.stat().st_size

    async def test_waits_for_who_reads(self, sqlite_alone: str) -> None:
        """While somebody reads an older state (a backup) it is put off, and nobody waits for it."""
        file = sqlite_file(make_url(sqlite_alone))
        assert file
        async with open_database(sqlite_alone) as database:
            async with database.reading() as session:
                await session.exec(select(Person))
                await meet(database, 5)
                assert not await wipe(database)
            assert await wipe(database)


# Calls under way.


async def meet(database: Database, telegram_id: int, name: str = NAME) -> int:
    async with database.transaction() as session:
        session.add(person := Person(telegram_id=telegram_id, name=name, met_at=NOW, last_wrote_at=NOW))
        await session.flush()
        return person.id


async def erase(database: Database, person_id: int, farewell: Farewell | None = None) -> None:
    async with database.transaction() as session:
        await erasure.erase(session, await session.get_one(Person, person_id), datetime.now(UTC), farewell)


async def claimed(database: Database, *rows: Delivery) -> list[Owed]:
    """Owe *rows*, and be their deliverer, in the middle of the calls."""
    async with database.transaction() as session:
        for row in rows:
            await outbox.enqueue(session, row)
    async with database.transaction() as session:
        return await outbox.claim(session, "us", len(rows), list(Lane))


async def settle(database: Database, *settlements: Settlement) -> None:
    async with database.transaction() as session:
        await outbox.settle(session, settlements)


async def sweep(database: Database, person_id: int) -> bool:
    async with database.transaction() as session:
        return await erasure.sweep(session, await session.get_one(Erasure, person_id))


def to_her(person_id: int, words: str = NAME, **columns: Any) -> Delivery:
    arguments = {"chat_id": 7, "text": words}
    given = {"chat_id": 7, "person_id": person_id, "method": "send_message", "arguments": arguments} | columns
    return Delivery(created_at=NOW, **given)


def about_her(person_id: int) -> Delivery:
    arguments = {"chat_id": GROUP, "text": f"#12 · {NAME}"}
    return Delivery(chat_id=GROUP, about_id=person_id, method="send_message", arguments=arguments, created_at=NOW)


class TestUnderWay:
    @pytest.mark.parametrize("comes_back", [True, False])
    async def test_a_reply_brings_nothing_back(self, scene: Scene, *, comes_back: bool) -> None:
        """A reply that is being sent while she is erased puts neither words nor chat back, sent or to be sent again."""
        her = await meet(scene.database, 7)
        (owed,) = await claimed(scene.database, to_her(her))
        await erase(scene.database, her)
        assert not await sweep(scene.database, her)
        again = {"chat_id": 7, "arguments": owed.arguments, "edits": "7:5"}
        state = DeliveryState.WAITING if comes_back else DeliveryState.SENT
        await settle(scene.database, Settlement(owed, state, "plainly", [5], changes=again if comes_back else None))
        async with scene.database.transaction() as session:
            assert await outbox.claim(session, "us", 10, list(Lane)) == []

        assert await sweep(scene.database, her)
        (row,) = await scene.deliveries()
        assert (row.arguments, row.chat_id, row.edits, row.message_ids) == ({}, 0, None, None)
        assert row.state is (DeliveryState.SKIPPED if comes_back else DeliveryState.SENT)

    async def test_what_reached_others_is_taken_away(self, scene: Scene) -> None:
        """A message about her that reaches officers after all is deleted there, and told only then."""
        her = await meet(scene.database, 7)
        (owed,) = await claimed(scene.database, about_her(her))
        await erase(scene.database, her)
        await settle(scene.database, Settlement(owed, DeliveryState.SENT, message_ids=[55]))

        assert not await sweep(scene.database, her)
        *_, deletion = await scene.deliveries()
        assert (deletion.method, deletion.chat_id) == ("delete_messages", GROUP)
        assert deletion.arguments["message_ids"] == [55]
        assert not await sweep(scene.database, her)

        async with scene.database.transaction() as session:
            (owed,) = await outbox.claim(session, "us", 10, list(Lane))
        await settle(scene.database, Settlement(owed, DeliveryState.SENT))
        assert await sweep(scene.database, her)
        assert [row.arguments for row in await scene.deliveries()] == [{}, {}]

    async def test_what_waits_is_withdrawn(self, scene: Scene) -> None:
        """Nothing that waits for her or tells of her is sent any more; what waits for others is."""
        her, him = await meet(scene.database, 7), await meet(scene.database, 8, "Budi")
        async with scene.database.transaction() as session:
            for row in (to_her(her), about_her(her), to_her(him, "halo", chat_id=8)):
                await outbox.enqueue(session, row)
        await erase(scene.database, her)

        assert [(row.state, row.arguments) for row in await scene.deliveries()] == [
            (DeliveryState.SKIPPED, {}),
            (DeliveryState.SKIPPED, {}),
            (DeliveryState.WAITING, {"chat_id": 7, "text": "halo"}),
        ]
        assert await sweep(scene.database, her)

    async def test_officers_who_quote_her_are_waited_for(self, scene: Scene) -> None:
        """An update from where her words stood is handled, and emptied before she is told."""
        her = await meet(scene.database, 7)
        (owed,) = await claimed(scene.database, about_her(her))
        await settle(scene.database, Settlement(owed, DeliveryState.SENT, message_ids=[55]))
        quoting = {"message": {"reply_to_message": {"text": NAME}}}
        async with scene.database.transaction() as session:
            session.add(ReceivedUpdate(queue_key=GROUP, kind="message", payload=quoting, received_at=NOW))
            done = {"state": UpdateState.FINISHED, "settled_at": NOW, "received_at": NOW}
            session.add(ReceivedUpdate(queue_key=GROUP, kind="message", payload=quoting, **done))
            session.add(ReceivedUpdate(queue_key=9, kind="message", payload={"message": {"from": {"id": 7}}}, **done))
            session.add(ReceivedUpdate(queue_key=9, kind="message", payload={"message": {"from": {"id": 70}}}, **done))
        await erase(scene.database, her)

        assert not await sweep(scene.database, her)
        async with scene.database.transaction() as session:
            (waiting,) = (await session.exec(select(ReceivedUpdate).where(ReceivedUpdate.state == "waiting"))).all()
            waiting.state = UpdateState.FINISHED
        assert await sweep(scene.database, her)
        assert [update.payload for update in await scene.updates()] == [
            None,
            None,
            None,
            {"message": {"from": {"id": 70}}},
        ]

    async def test_lists_for_officers_are_emptied(self, scene: Scene) -> None:
        """A list that tells officers of many names nobody's row: it is found by her name, and by her phone as read."""
        her, officer = await meet(scene.database, 7), await meet(scene.database, 8, "Budi")
        said = (f"1. {NAME}", "2. 0812-3450-0777", "3. Wati")
        async with scene.database.transaction() as session:
            session.add(Officer(person_id=officer, role=Role.OFFICER, office="diskopum", appointed_at=NOW))
            session.add(Profile(person_id=her, phone="+6281234500777", changed_at=NOW))
            for words in said:
                state = {"state": DeliveryState.SENT, "settled_at": NOW}
                session.add(to_her(officer, words, chat_id=8, **state))
        await erase(scene.database, her)

        assert [row.arguments.get("text") for row in await scene.deliveries()] == [None, None, "3. Wati"]


# Being told.


def erasures(scene: Scene, file: Path) -> Erasures:
    return Erasures(scene.database, ErasedList(file), lambda: datetime.now(UTC))


class TestTold:
    async def test_only_once_it_is_listed(self, scene: Scene, tmp_path: Path) -> None:
        """While the list cannot be written, nobody is told; once it can, they are, and their chat is forgotten."""
        her = await meet(scene.database, 7)
        await erase(scene.database, her, Farewell(7, "jv"))
        (tmp_path / "out").write_text("a file where a folder should be")
        loop = erasures(scene, tmp_path / "out" / "erased.txt")
        with pytest.raises(BadSetting, match="ERASED_LIST"):
            await loop.finish_next()
        assert await scene.deliveries() == []

        (tmp_path / "out").unlink()
        assert await loop.finish_next()
        (farewell,) = await scene.deliveries()
        assert (farewell.chat_id, farewell.person_id, farewell.is_secret) == (7, None, True)
        assert "wis dibusak" in farewell.arguments["text"]
        assert (tmp_path / "out" / "erased.txt").read_text().split()[1] == str(her)

    async def test_after_a_kill(self, scene: Scene, library: Library, tmp_path: Path) -> None:
        """Killed between the erasure and the list: the next start goes on, in the message that asked."""
        sari = scene.telegram.person(7, first_name=NAME)
        async with running_bot(scene.database_url, LAMONGAN, telegram=scene.telegram, library=library) as bot:
            await bot.says(sari, "/data")
        (her,) = await scene.rows(select(Person.id))
        asked = sari.messages()[-1]["message_id"]
        await erase(scene.database, her, Farewell(7, "id", asked))

        async with running_bot(
            scene.database_url, LAMONGAN, telegram=scene.telegram, library=library, ERASED_LIST=tmp_path / "e.txt"
        ) as bot:
            await until(lambda: DONE in sari.texts()[-1])
            await bot.settled()
        assert [message["message_id"] for message in sari.messages()][-1] == asked
        assert {row.chat_id for row in await scene.deliveries()} == {0}
        assert (tmp_path / "e.txt").read_text().split()[1] == str(her)

    async def test_who_blocked_us_is_not_told(self, scene: Scene, library: Library, tmp_path: Path) -> None:
        """A farewell that nobody hears is over too, and names nobody's chat."""
        sari = scene.telegram.person(7, first_name=NAME)
        sari.blocks_bot()
        her = await meet(scene.database, 7)
        await erase(scene.database, her, Farewell(7, "id"))
        async with running_bot(
            scene.database_url, LAMONGAN, telegram=scene.telegram, library=library, ERASED_LIST=tmp_path / "e.txt"
        ) as bot:

            async def is_over() -> bool:
                return [row.chat_id for row in await scene.deliveries()] == [0]

            await until(is_over)
            await bot.settled()
        assert [row.state for row in await scene.deliveries()] == [DeliveryState.FAILED]


class TestAtOnce:
    async def test_writing_while_being_erased(self, scene: Scene, library: Library) -> None:
        """What she writes before she is told is answered, as somebody new."""
        sari = scene.telegram.person(7, first_name=NAME)
        async with running_bot(scene.database_url, LAMONGAN, telegram=scene.telegram, library=library) as bot:
            await bot.says(sari, "/data")
            sari.tap("🗑 Hapus semua data saya")
            await bot.settled()
            sari.tap("Ya, hapus semuanya")
            sari.write("cara bikin nib gimana")
            await until(lambda: any(DONE in said for said in sari.texts()))
            await bot.settled()

        assert any("NIB" in said for said in sari.texts())
        people = await scene.rows(select(Person).order_by(col(Person.id)))
        assert [(one.name, one.telegram_id) for one in people] == [("", -people[0].id), (NAME, 7)]
