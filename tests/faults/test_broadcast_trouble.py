"""The database goes away in the middle of a broadcast: it goes on by itself, and nobody is skipped or told twice."""

import asyncio

import pytest

from bot import loops
from db import session
from db.models import RecipientState
from domain.knowledge.shelf import Library
from tests.conftest import LAMONGAN
from tests.faults.broadcasting import broadcast, check, ended, in_state, met, told
from tests.faults.scene import Scene
from tests.faults.test_trouble_outside import away
from tests.faults.waiting import until
from tests.support.running import running_bot


class TestDatabaseAway:
    async def test_in_the_middle(self, scene: Scene, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was called before is settled when the database is back, and whoever waited is told then."""
        monkeypatch.setattr(loops, "LONGEST_REST", 0.05)  # a loop in trouble rests for seconds
        monkeypatch.setattr(session, "BUSY_TIMEOUT", 50)  # SQLite would wait for five
        ids = await met(scene, 60)
        scene.telegram.latency = 0.1
        async with running_bot(scene.database_url, LAMONGAN, scene.telegram, library=library, SEND_RATE=100):
            broadcast_id = await broadcast(scene)
            for enough in (10, 30):
                await until(lambda enough=enough: told(scene, ids).total() >= enough, scene.telegram.describe)
                async with away(scene.database_url):
                    # Its calls end, and what became of them cannot be written down.
                    await until(lambda: is_quiet(scene))
            await ended(scene, broadcast_id)

        # Where the database went in the middle of a commit nobody knew whether a call was begun: then it was not made.
        lost = await in_state(scene, broadcast_id, RecipientState.UNCERTAIN)
        assert not told(scene, lost)
        await check(scene, broadcast_id, ids, lost)
        assert len(lost) < 30


async def is_quiet(scene: Scene) -> bool:
    """Whether no call comes any more."""
    before = len(scene.telegram.calls)
    await asyncio.sleep(0.3)
    return len(scene.telegram.calls) == before
