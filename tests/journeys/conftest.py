"""Every journey ends with a look at what Telegram was asked: all of it known, nothing of the wrong form."""

from collections.abc import AsyncIterator

import pytest

from domain.knowledge.shelf import Library
from tests.conftest import LAMONGAN
from tests.support.running import RunningBot, running_bot

# What Telegram may answer to a call that is well formed: the world has changed meanwhile.
OF_THE_WORLD = ("message to edit not found", "message is not modified", "query is too old", "bot was blocked")


@pytest.fixture
async def bot(database_url: str, library: Library) -> AsyncIterator[RunningBot]:
    """The real bot, running, on each database; no parameter of its calls is unknown, missing or refused."""
    async with running_bot(database_url, LAMONGAN, library=library) as running:
        yield running
        refused = [call for call in running.telegram.calls if call.status >= 400]
        assert [call for call in refused if not any(said in (call.description or "") for said in OF_THE_WORLD)] == []
