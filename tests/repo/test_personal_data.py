"""No table is forgotten: each says whose its rows are, how long they are kept, and loses a person's words with them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Table
from sqlmodel import SQLModel, col, select, update

from db.models import Delivery, DeliveryState, Erasure, Person, SeatState, TrainingState, UpdateState
from db.session import Database, open_database
from domain import erasure, personal_data
from domain.keeping import KEPT
from domain.personal_data import NOBODYS, PARTS

TABLES: dict[str, Table] = dict(SQLModel.metadata.tables)
MARK = "Melatiwangi"
HER_CHAT = 7_700_000_077
NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)

HERS: dict[str, dict[str, Any]] = {
    "person": {"telegram_id": HER_CHAT, "language": "id", "erased_at": None},
    "received_update": {"queue_key": HER_CHAT, "state": UpdateState.FINISHED},
    "delivery": {"chat_id": HER_CHAT, "state": DeliveryState.SENT, "after_id": None, "method": "send_message"},
    "audit": {"subject": "person:1", "actor": "person", "deed": "profile.changed", "place": "private"},
    "relay": {"chat_id": HER_CHAT, "kind": "text", "is_answer": False},
    "seat": {"state": SeatState.CONFIRMED},
    "training": {"state": TrainingState.OPEN, "office": "diskopum"},
    "inquiry": {"chat_id": None, "topic_id": None, "office": "diskopum"},
    "officer": {"role": "officer"},
    "recipient": {"chat_id": None},
}
"""What a row of hers must hold, beside marks wherever there is room for words."""

STAY = {
    "audit": {"before", "after"},  # personal fields by name only, and nothing may change them
    # Telegram's words and ours, and which message of somebody else's chat told of her.
    "delivery": {"reason", "claim_owner", "claim_token", "verb", "method", "edits", "message_ids"},
    "person": {"source", "language"},
    "question": {"outcome", "entry_id", "suggestions", "missing", "chosen_id"},  # which entry helped, for the figures
    "received_update": {"kind", "claim_owner", "claim_token"},
    "registered_business": {"register_number", "kecamatan"},
    "inquiry": {"office", "closed_by"},
    "relay": {"kind"},
    "officer": {"office"},
    # What an officer announced, who is told by number.
    "training": {"title", "description", "picture", "place", "address", "online_link", "contact"}
    | {"kecamatan", "sectors", "questions", "why_off"},
    "broadcast": {"office", "topic", "content", "replaced", "audience", "code", "why"},
    "broadcast_schedule": {"office", "rhythm"},
    "hoax_report": {"fingerprint"},
    "opportunity": {"office", "title", "sought", "products", "market", "needs", "kecamatan", "place", "source", "link"}
    | {"file", "why_closed", "read"},
    "interest": {"why", "orders"},  # keys of closed lists, for the figures
}
"""Columns that are no words of hers: what stands there stays, for the figures or for the order of things."""

OF_OFFICERS = {"appointment_link", "house_rule", "saved_reply", "staff_group", "walk_in"} | {
    *("broadcast", "broadcast_schedule", "outlet", "opportunity", "feed")
}
"""What officers made as officers stays; their row says by number who did."""


PARENTS = {"training_day", "broadcast", "broadcast_schedule", "opportunity"}
"""Nobody's or an office's, but rows of hers hang on theirs."""


def of_persons(table: Table) -> set[str]:
    """Its columns that name a person by our id."""
    named = {
        column.name for column in table.columns for key in column.foreign_keys if key.column.table.name == "person"
    }
    return named | ({"about_id"} if table.name == "delivery" else set())


@pytest.mark.parametrize("name", sorted(TABLES))
class TestTables:
    def test_belong_to_persons_or_to_nobody(self, name: str) -> None:
        """Each stands in `domain.personal_data`: what of it is somebody's, or why nothing is."""
        somebodys = {part.table.__tablename__ for part in PARTS}
        nobodys = {table.__tablename__ for table in NOBODYS}

        assert (name in somebodys) != (name in nobodys)

    def test_give_out_whatever_names_a_person(self, name: str) -> None:
        """Each column that names a person is one by which they find the row in their file."""
        found_by = {column for part in PARTS if part.table.__tablename__ == name for column in part.by}

        assert of_persons(TABLES[name]) - found_by - ({"person_id"} if name == "erasure" else set()) == set()

    def test_say_how_long_they_are_kept(self, name: str) -> None:
        """Each stands in `domain.keeping`, and what is said of a column is said of one there is."""
        columns = {key.partition(".")[2] for key in KEPT if key.startswith(f"{name}.")}

        assert name in KEPT
        assert columns <= set(TABLES[name].columns.keys())


class TestKept:
    def test_names_no_table_that_is_gone(self) -> None:
        """Nothing is promised of what there is not."""
        assert {key.partition(".")[0] for key in KEPT} <= set(TABLES)


# A row in every table, full of marks.


def a_row(table: Table, **given: Any) -> dict[str, Any]:
    # Without its number, which the database counts: from 1.
    columns = [column for column in table.columns if column.name != "id"]
    return {column.name: given.get(column.name, _value(column)) for column in columns}


def _value(column: Column[Any]) -> Any:
    if column.foreign_keys:
        return 1
    if states := getattr(column.type, "enum_class", None):
        return next(iter(states))
    words, plain = f"{MARK} {column.name}", getattr(column.type, "impl_instance", column.type)
    # JSON may be anything.
    by_type = {datetime: NOW, date: NOW.date(), bool: False, int: 1, float: 0.5, str: words, object: {"words": [words]}}
    return by_type[plain.python_type]


@pytest.fixture
async def full(database_url: str) -> Any:
    """A database in which everything that can be hers is, in rows of number 1."""
    async with open_database(database_url) as database:
        names = {part.table.__tablename__ for part in PARTS} - OF_OFFICERS | PARENTS
        async with database.transaction() as session:
            connection = await session.connection()
            for table in SQLModel.metadata.sorted_tables:
                if table.name in names:
                    await connection.execute(table.insert().values(**a_row(table, **HERS.get(table.name, {}))))
            told = {"chat_id": -100500, "person_id": None, "state": DeliveryState.SENT, "after_id": None}
            await connection.execute(TABLES["delivery"].insert().values(**a_row(TABLES["delivery"], **told)))
        yield database


async def marks_in(database: Database) -> dict[str, list[str]]:
    """By table, the columns in which a mark stands."""
    found: dict[str, list[str]] = {}
    async with database.reading() as session:
        connection = await session.connection()
        for name, table in TABLES.items():
            rows = (await connection.execute(select(table))).mappings().all()
            marked = {column for row in rows for column, value in row.items() if MARK in str(value)}
            if columns := sorted(marked - STAY.get(name, set())):
                found[name] = columns
    return found


async def erase(database: Database) -> None:
    """Erase her, let the calls be made that take things back, and sweep."""
    async with database.transaction() as session:
        await erasure.erase(session, await session.get_one(Person, 1), NOW)
    async with database.transaction() as session:
        waiting = update(Delivery).where(col(Delivery.state) == DeliveryState.WAITING)
        await (await session.connection()).execute(waiting.values(state=DeliveryState.SENT))
        assert await erasure.sweep(session, await session.get_one(Erasure, 1))


class TestErasure:
    async def test_leaves_no_word_in_any_table(self, full: Database) -> None:
        """Whatever column of hers can hold words is emptied, or its row is gone: also of a table that is new."""
        assert {"person", "profile", "question", "delivery", "received_update", "relay"} <= set(await marks_in(full))
        await erase(full)

        assert await marks_in(full) == {}

    async def test_leaves_her_chat_in_no_table(self, full: Database) -> None:
        """Her Telegram id stands nowhere any more."""
        await erase(full)
        async with full.reading() as session:
            connection = await session.connection()
            rows = [(name, row) for name, table in TABLES.items() for row in await connection.execute(select(table))]

        assert [name for name, row in rows if str(HER_CHAT) in str(row)] == []


class TestFile:
    async def test_shows_a_row_of_every_table(self, full: Database) -> None:
        """What is kept in any table is in the file that she takes out."""
        async with full.reading() as session:
            held = await personal_data.everything(session, await session.get_one(Person, 1), "Asia/Jakarta")

        filled = {part.name for part in PARTS if part.table.__tablename__ not in OF_OFFICERS}
        assert {part.name for part in PARTS if held.get(part.name)} >= filled
