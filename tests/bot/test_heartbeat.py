"""HEARTBEAT_URL is called while all is well, and only then."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.leader import Leader
from bot.watch import Watch
from domain.alarms import open_alarms
from tests.support.running import RunningBot


@dataclass
class Monitor:
    """Somebody who counts the calls, as a monitoring service does."""

    address: str = ""
    status: int = 200
    calls: list[str] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.calls.append(request.method)
        return web.Response(status=self.status)


@pytest.fixture
async def monitor() -> AsyncIterator[Monitor]:
    counting = Monitor()
    app = web.Application()
    app.router.add_get("/ping/secret-of-ours", counting.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    counting.address = f"http://127.0.0.1:{runner.addresses[0][1]}/ping/secret-of-ours"
    yield counting
    await runner.cleanup()


@dataclass(frozen=True)
class RoomyDisk:
    free: int = 50
    total: int = 100


@pytest.fixture
async def watch(bot: RunningBot, monitor: Monitor) -> Watch:
    """The running bot's, on each database, with the monitor's address."""
    await bot.says(bot.person(), "/batal")  # it hears and leads
    bot.app.watch.settings = bot.settings.model_copy(update={"HEARTBEAT_URL": SecretStr(monitor.address)})
    bot.app.watch.disk_usage = lambda _: RoomyDisk()
    return bot.app.watch


class TestHeartbeat:
    async def test_is_called_at_each_look(self, watch: Watch, monitor: Monitor) -> None:
        """While all is well each look calls the address once."""
        await watch.look()
        await watch.look()

        assert monitor.calls == ["GET", "GET"]

    async def test_stops_with_an_alarm(self, bot: RunningBot, watch: Watch, monitor: Monitor) -> None:
        """While an alarm is open nothing is called; when it is over the calls go on."""
        async with bot.database.transaction() as session:
            await bot.app.alarms.raise_alarm(session, "backup", "disk penuh")
        await watch.look()
        assert monitor.calls == []
        async with bot.database.transaction() as session:
            await bot.app.alarms.end_alarm(session, "backup")
        await watch.look()

        assert monitor.calls == ["GET"]

    async def test_stops_when_not_ready(self, watch: Watch, monitor: Monitor) -> None:
        """What makes /readyz say no keeps the heartbeat too."""

        async def hangs() -> str:
            return "dispatcher not running"

        watch.checks = {**watch.checks, "loops": hangs}
        await watch.look()

        assert monitor.calls == []

    async def test_comes_from_the_leader_alone(self, bot: RunningBot, watch: Watch, monitor: Monitor) -> None:
        """A process that does not lead looks at nothing and calls nobody; on SQLite the only one always leads."""
        watch.leader = Leader(bot.database, "a second process")
        await watch.look()

        assert monitor.calls == (["GET"] if bot.database.is_sqlite else [])

    @pytest.mark.parametrize(("status", "error"), [(500, "HTTP 500"), (None, "ClientConnectorError")])
    async def test_a_failure_is_only_logged(
        self, bot: RunningBot, watch: Watch, monitor: Monitor, status: int | None, error: str
    ) -> None:
        """A monitor that is away is no alarm of ours; the log says so without the address, which is a secret."""
        monitor.status = status or 200
        if status is None:
            unreachable = SecretStr("http://127.0.0.1:1/secret-of-ours")
            watch.settings = bot.settings.model_copy(update={"HEARTBEAT_URL": unreachable})
        with capture_logs() as said:
            await watch.look()

        told: list[Any] = [line for line in said if line["event"] == "heartbeat failed"]
        assert [line["error"] for line in told] == [error]
        assert "secret-of-ours" not in str(said)
        async with bot.database.reading() as session:
            assert await open_alarms(session) == []
