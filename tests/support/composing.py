"""Composing a broadcast in the chat, as an officer does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlmodel import col, select

from db.models import Broadcast
from domain.broadcasts import drafts
from domain.broadcasts.content import Content
from domain.knowledge.shelf import Library
from simulator import Person as Somebody
from tests.support.offices import Offices, staffed, unhurried
from tests.support.training_office import does

MAKE, SEND, NOW = "➕ Buat siaran", "📨 Periksa dan kirim", "🚀 Kirim sekarang"
BACK, DONE = "⬅️ Kembali", "✅ Selesai"


@asynccontextmanager
async def composing(
    database_url: str, library: Library, monkeypatch: pytest.MonkeyPatch, *, groups: bool = False, at: str | None = None
) -> AsyncIterator[Offices]:
    """Officers; nothing they ask of Telegram is refused."""
    unhurried(monkeypatch)
    when = {"at": at} if at else {}
    async with staffed(database_url, library, groups=groups, **when) as running:
        yield running
        refused = [(call.method, call.parameters, call.status) for call in running.telegram.calls if call.status >= 400]
        assert refused == []


async def begun(offices: Offices, *deeds: str, who: Somebody | None = None) -> str:
    """An officer begins one, and goes on from there; what is said then."""
    return await does(offices, who or offices.rini, ">/siaran", MAKE, *deeds)


async def sends(offices: Offices, kind: str, caption: str | None = None, **details: Any) -> str:
    """The officer sends something else than a text; what is said then."""
    offices.rini.sends(kind, caption, **details)
    await offices.settled()
    return offices.rini.texts()[-1]


async def every(offices: Offices) -> list[Broadcast]:
    return await offices.bot.rows(select(Broadcast).order_by(col(Broadcast.id)))


async def newest(offices: Offices) -> Broadcast:
    return (await every(offices))[-1]


async def said(offices: Offices) -> Content:
    """What the newest one says."""
    return drafts.said_by(await newest(offices))


async def taps(offices: Offices, data: str, who: Somebody | None = None) -> str:
    """A tap with any data; what the newest message says then."""
    somebody = who or offices.rini
    last = next(one for one in reversed(somebody.messages()) if one["from"]["id"] != somebody.id)
    somebody.tap_data(last["message_id"], data)
    await offices.settled()
    return somebody.texts()[-1]


def alert(somebody: Somebody) -> str:
    """What the last tap was answered with."""
    return str(somebody.alerts()[-1]["text"])
