"""Serving: ports, and the simulator as a process of its own."""

import asyncio
import signal
import socket
import sys

import aiohttp
import pytest

from simulator import PretendTelegram, serve
from simulator.schema import SCHEMA


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class TestServe:
    async def test_passes_over_a_taken_port(self) -> None:
        """A port somebody has is passed over for the next free one."""
        port = free_port()
        async with serve(PretendTelegram(), port=port) as first, serve(PretendTelegram(), port=port) as second:
            assert first == f"http://127.0.0.1:{port}"
            assert port < int(second.rpartition(":")[2]) <= port + 100

    async def test_frees_the_port(self) -> None:
        """After the block the port can be had again, polls under way or not."""
        port = free_port()
        async with aiohttp.ClientSession() as session:
            for _ in range(2):
                async with serve(PretendTelegram(), port=port) as address:
                    assert address.endswith(str(port))
                    poll = asyncio.create_task(session.get(f"{address}/bot1:test/getUpdates?timeout=30"))
                    await asyncio.sleep(0.05)
                with pytest.raises(aiohttp.ClientError):
                    await poll


class TestProcess:
    async def test_takes_settings(self) -> None:
        """Limits, checks and what is kept can be given when it is started."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "simulator", "--port", "0", "--flood-rate", "30", "--flood-burst", "3",
            "--everyone", "--no-schema-checks", "--keep-messages", "0", "--no-calls", "--latency", "0.01",
            stdout=asyncio.subprocess.PIPE, cwd=SCHEMA.parent.parent,
        )  # fmt: skip
        assert process.stdout
        address = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        async with aiohttp.ClientSession() as session, session.post(f"{address}/control/settings") as response:
            settings = await response.json()
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 10)

        assert settings.pop("flood")["overall"] == {"rate": 30, "burst": 3, "penalty": 3}
        assert settings == {
            "ok": True,
            "latency": 0.01,
            "flood_limits": True,
            "schema_checks": False,
            "has_everyone": True,
            "keep_messages": 0,
            "keep_calls": False,
        }

    async def test_prints_its_address_and_stops_on_a_signal(self) -> None:
        """python -m simulator serves until it is told to stop, and says where on its first line."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "simulator", "--port", "0", "--token", "7:x",
            stdout=asyncio.subprocess.PIPE, cwd=SCHEMA.parent.parent,
        )  # fmt: skip
        assert process.stdout
        address = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        async with aiohttp.ClientSession() as session, session.get(f"{address}/bot7:x/getMe") as response:
            me = await response.json()
        process.send_signal(signal.SIGTERM)

        assert me["result"]["id"] == 7
        assert await asyncio.wait_for(process.wait(), 10) == 0
