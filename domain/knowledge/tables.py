"""The knowledge base in the database: imported from files, exported to files, never overwriting an officer."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import Table
from sqlmodel import col, select

from db.models import AnsweringPart, DataVersion, KnowledgeEntry
from db.session import Session
from db.upsert import insert_new
from domain.knowledge.entry import Entry

VERSION = "knowledge"
"""The DataVersion row that rises whenever answers may change."""

_versions: Table = DataVersion.__table__  # type: ignore[attr-defined]  # SQLModel adds it at run time


class Origin(StrEnum):
    """Whose files an entry came from."""

    DISTRICT = "district"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Imported:
    """What an import did, in numbers of entries."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    """Changed by an officer or brought by a later import, therefore left alone."""
    retired: int = 0
    """No longer in the files, therefore taken out."""


async def import_entries(session: Session, entries: Sequence[Entry], origin: Origin) -> Imported:
    """Bring the tables to *entries*: idempotent, and an officer's change always wins.

    The district's own files (at each start) leave alone what a person imported from elsewhere, and take out what
    they no longer hold; an import from elsewhere adds and changes, and takes nothing out.
    """
    await _take_turns(session)
    rows = {row.id: row for row in (await session.exec(select(KnowledgeEntry))).all()}
    became = Counter(_import(session, rows.pop(entry.id, None), entry, origin) for entry in entries)
    if origin is Origin.DISTRICT:
        for row in rows.values():
            if row.origin == origin and row.changed_by_officer_at is None:
                await session.delete(row)
                became["retired"] += 1
    if became["added"] or became["updated"] or became["retired"]:
        await raise_version(session)
    return Imported(**became)


async def _take_turns(session: Session) -> None:
    """Hold the version until the transaction ends: of replicas that start together each would add the same entries."""
    await insert_new(session, _versions, [{"name": VERSION, "number": 0}], unique=["name"])
    await session.get_one(DataVersion, VERSION, with_for_update=True)


def _import(session: Session, row: KnowledgeEntry | None, entry: Entry, origin: Origin) -> str:
    """What became of one entry, as a field of Imported."""
    digest = _digest(_columns(entry))
    if row is None:
        session.add(KnowledgeEntry(**_columns(entry), imported_digest=digest, origin=origin))
        return "added"
    if row.changed_by_officer_at is not None or (origin is Origin.DISTRICT and row.origin != origin):
        return "kept"
    if row.imported_digest == digest:
        return "unchanged"
    row.sqlmodel_update({**_columns(entry), "imported_digest": digest, "origin": origin})
    return "updated"


async def import_answering(session: Session, parts: Mapping[str, Any]) -> int:
    """Store lexicon, places, thresholds and the like, each by its name; return how many changed."""
    rows = {row.name: row for row in (await session.exec(select(AnsweringPart))).all()}
    changed = 0
    for name, value in parts.items():
        row, digest = rows.get(name), _digest(value)
        if row is None:
            session.add(AnsweringPart(name=name, value=value, imported_digest=digest))
        elif row.changed_by_officer_at is not None or row.imported_digest == digest:
            continue
        else:
            row.value, row.imported_digest = value, digest
        changed += 1
    if changed:
        await raise_version(session)
    return changed


async def raise_version(session: Session) -> None:
    """Tell every replica that answers changed."""
    row = await session.get(DataVersion, VERSION, with_for_update=True)
    if row is None:
        session.add(DataVersion(name=VERSION, number=1))
    else:
        row.number += 1
    await session.flush()


async def version(session: Session) -> int:
    """The number that rises with every change; 0 before the first import."""
    number = (await session.exec(select(DataVersion.number).where(col(DataVersion.name) == VERSION))).first()
    return number or 0


async def all_entries(session: Session) -> list[Entry]:
    rows = await session.exec(select(KnowledgeEntry).order_by(col(KnowledgeEntry.id)))
    return [_entry(row) for row in rows.all()]


async def answering_parts(session: Session) -> dict[str, Any]:
    rows = await session.exec(select(AnsweringPart))
    return {row.name: row.value for row in rows.all()}


_NAMES = [field.name for field in fields(Entry)]
_LISTS = {"phrasings", "not_answered", "holds", "related"}


def _columns(entry: Entry) -> dict[str, Any]:
    return {name: list(getattr(entry, name)) if name in _LISTS else getattr(entry, name) for name in _NAMES}


def _entry(row: KnowledgeEntry) -> Entry:
    values: dict[str, Any] = {name: getattr(row, name) for name in _NAMES}
    values |= {name: tuple(values[name]) for name in _LISTS}
    return Entry(**values)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
