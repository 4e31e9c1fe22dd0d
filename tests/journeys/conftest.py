"""Every journey ends with a look at what Telegram was asked: all of it known, nothing of the wrong form."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from domain.knowledge.shelf import Library
from simulator import Call
from tests.conftest import LAMONGAN
from tests.support.offices import Offices, staffed, unhurried
from tests.support.running import RunningBot, running_bot
from tests.support.serving import ADMIN, Clock

# What Telegram may answer to a call that is well formed: the world has changed meanwhile.
OF_THE_WORLD = ("message to edit not found", "message is not modified", "query is too old", "bot was blocked")


def refused_calls(running: RunningBot) -> list[Call]:
    """What Telegram refused although the world had not changed."""
    refused = [call for call in running.telegram.calls if call.status >= 400]
    return [call for call in refused if not any(said in (call.description or "") for said in OF_THE_WORLD)]


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes much in a moment would wait a second for each reply."""
    unhurried(monkeypatch)


@pytest.fixture
def clock() -> Clock:
    """The bot's, where a test moves it."""
    return Clock()


@asynccontextmanager
async def with_an_admin(database_url: str, library: Library, clock: Clock) -> AsyncIterator[RunningBot]:
    """A bot with one admin by setting; nothing it asks of Telegram is refused."""
    async with running_bot(database_url, LAMONGAN, now=clock, library=library, ADMIN_IDS=(ADMIN,)) as running:
        yield running
        assert refused_calls(running) == []


@pytest.fixture
async def bot(database_url: str, library: Library) -> AsyncIterator[RunningBot]:
    """The real bot, running, on each database; no parameter of its calls is unknown, missing or refused."""
    async with running_bot(database_url, LAMONGAN, library=library) as running:
        yield running
        assert refused_calls(running) == []


@pytest.fixture
async def office(database_url: str, library: Library) -> AsyncIterator[Offices]:
    """Two offices with their officers, each in a group without topics."""
    async with staffed(database_url, library) as offices:
        yield offices


@pytest.fixture
async def forum(database_url: str, library: Library) -> AsyncIterator[Offices]:
    """The same, each in a group with topics."""
    async with staffed(database_url, library, topics=True) as offices:
        yield offices


@pytest.fixture
async def private(database_url: str, library: Library) -> AsyncIterator[Offices]:
    """The same without any group."""
    async with staffed(database_url, library, groups=False) as offices:
        yield offices


@pytest.fixture
async def offices(private: Offices) -> Offices:
    """The same, by the name most journeys give it."""
    return private


@pytest.fixture
async def slow(database_url: str, library: Library) -> AsyncIterator[Offices]:
    """The same, at twenty messages a second, so that a broadcast can be met on its way."""
    async with staffed(database_url, library, groups=False, SEND_RATE=20, ALLOW_PAID_BROADCAST=False) as offices:
        yield offices
