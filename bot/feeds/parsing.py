"""A fetched feed taken apart, in a process that is ended when it takes too long: its text may be made to hang."""

import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.feeds.fetching import Fetched
from bot.feeds.troubles import Malformed, NoFeed, Unreadable
from bot.identity_numbers import strike
from domain.opportunities.feed_items import Item

PROGRAM = Path(__file__).with_name("reading.py")
SECONDS = 10.0

_REFUSALS = {"Malformed": Malformed, "NoFeed": NoFeed}


@dataclass(frozen=True)
class Feed:
    """What a feed tells now; no items is an answer too."""

    title: str
    link: str | None
    """Of its page for people: http or https."""
    items: tuple[Item, ...]
    """Newest first."""


async def parse(fetched: Fetched, seconds: float = SECONDS) -> Feed:
    """What *fetched* tells. Raises NoFeed, Malformed, Unreadable."""
    head = {"content_type": fetched.content_type, "address": fetched.address, "seconds": seconds}
    answer = await _read(json.dumps(head).encode() + b"\n" + fetched.body, seconds)
    if refused := answer.get("refused"):
        raise _REFUSALS[refused]
    return Feed(answer["title"], answer["link"], tuple(map(_item, answer["items"])))


async def _read(asked: bytes, seconds: float) -> dict[str, Any]:
    # Isolated and without our environment: it needs neither our modules nor our secrets.
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(PROGRAM)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    try:
        async with asyncio.timeout(seconds):
            answer, _ = await process.communicate(asked)
    except TimeoutError:
        raise Unreadable from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        raise Unreadable  # out of memory, or of what else the system gives it
    return dict(json.loads(answer))


def _item(told: dict[str, Any]) -> Item:
    # What people write of themselves on a site is no more ours to keep than what they write to the bot.
    title, text = strike(told["title"]), strike(told["text"])
    return Item(tuple(told["keys"]), title, told["link"], text, _moment(told["published"]))


def _moment(seconds: int | None) -> datetime | None:
    """None for what no calendar of ours holds."""
    if seconds is None or not 0 < seconds < 2**32:
        return None
    return datetime.fromtimestamp(seconds, UTC)
