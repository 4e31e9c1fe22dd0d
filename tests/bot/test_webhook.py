"""Telegram calls us: stored before it is acknowledged, refused when it is not Telegram."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from sqlmodel import select

from bot import health
from bot.settings import BadSetting, read_settings
from bot.webhook import keep_webhook
from db.models import ReceivedUpdate
from domain.knowledge.shelf import Library
from tests.conftest import LAMONGAN
from tests.support.running import RunningBot, running_bot

SECRET = "a-secret"
PUBLIC = {"RECEIVE": "webhook", "PUBLIC_URL": "http://127.0.0.1:9", "WEBHOOK_SECRET": SECRET}


@asynccontextmanager
async def serving(database_url: str, library: Library) -> AsyncIterator[tuple[RunningBot, str]]:
    """A bot that receives by webhook, and the address Telegram posts to."""
    async with running_bot(database_url, LAMONGAN, library=library, **PUBLIC) as bot:
        pages = health.pages(bot.app.checks(), routes=[bot.app.webhook.route()])
        async with health.serving(pages, "127.0.0.1", 0) as address:
            yield bot, f"{address}/telegram"


def update(number: int, text: str = "/start") -> dict[str, Any]:
    sender = {"id": 101, "is_bot": False, "first_name": "Sari", "language_code": "id"}
    command = [{"type": "bot_command", "offset": 0, "length": len(text)}] if text.startswith("/") else []
    message = {"message_id": number, "date": 1_800_000_000, "chat": {"id": 101, "type": "private"}, "from": sender}
    return {"update_id": number, "message": {**message, "text": text, "entities": command}}


async def post(address: str, body: Any, secret: str | None = SECRET, kind: str = "application/json") -> int:
    headers = {"Content-Type": kind} | ({"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {})
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data=io.BytesIO(content), headers=headers) as answer,
    ):
        return answer.status


class TestTake:
    async def test_is_stored_when_200_is_said(self, database_url: str, library: Library) -> None:
        """Whatever was acknowledged is in the database, once, and answered."""
        async with serving(database_url, library) as (bot, address):
            sari = bot.person()
            codes = await asyncio.gather(*(post(address, update(number)) for number in (1, 2, 3, 3, 2)))
            stored = await bot.rows(select(ReceivedUpdate))
            await bot.settled()

            assert codes == [200] * 5
            assert sorted(row.update_id for row in stored) == [1, 2, 3]
            assert len(sari.texts()) == 3

    @pytest.mark.parametrize(
        ("body", "secret", "kind", "code"),
        [
            (update(1), None, "application/json", 401),
            (update(1), "", "application/json", 401),
            (update(1), "another", "application/json", 401),
            (update(1), SECRET, "text/plain", 415),
            (b"{", SECRET, "application/json", 400),
            (b"[" * 100_000, SECRET, "application/json", 400),
            (b" " * 10_000_000, SECRET, "application/json", 413),
        ],
    )
    async def test_refuses_what_is_not_telegrams(
        self, database_url: str, library: Library, body: Any, secret: str | None, kind: str, code: int
    ) -> None:
        """Without the secret, of another kind, broken or too large: refused, and nothing is stored."""
        async with serving(database_url, library) as (bot, address):
            assert await post(address, body, secret, kind) == code
            assert await bot.inbox_counts() == {}

    async def test_malformed_updates_are_stored_and_parked(self, database_url: str, library: Library) -> None:
        """What Telegram posts is kept even where it makes no sense, so that it does not come again and again."""
        async with serving(database_url, library) as (bot, address):
            assert [await post(address, body) for body in ([], {}, {"update_id": 7, "message": 1})] == [200] * 3
            assert await bot.inbox_counts() == {"parked": 3}

    async def test_says_come_again_when_too_much_waits(
        self, database_url: str, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """503 with Retry-After when the inbox is too deep; nothing is stored."""
        # Twenty thousand real updates would only make the test slow.
        monkeypatch.setattr("bot.webhook.DEEPEST_INBOX", -1)
        async with serving(database_url, library) as (bot, address):
            assert await post(address, update(1)) == 503
            assert await bot.inbox_counts() == {}


class TestSwitching:
    async def test_between_polling_and_webhook_nothing_is_lost(self, database_url: str, library: Library) -> None:
        """What waits at Telegram is answered whichever way the bot receives next."""
        async with running_bot(database_url, LAMONGAN, library=library) as bot:
            await bot.says(bot.person(), "/start")
            telegram = bot.telegram
        telegram.person(101).write("/bantuan")
        async with running_bot(database_url, LAMONGAN, telegram, library=library, **PUBLIC) as bot:
            keeping = asyncio.create_task(
                keep_webhook(bot.app.application.bot, bot.settings, bot.app.receiver, bot.app.leader)
            )
            await telegram.wait_until(lambda: any(call.method == "setWebhook" for call in telegram.calls))
            keeping.cancel()
            assert telegram.pending_updates() == 1
        async with running_bot(database_url, LAMONGAN, telegram, library=library) as bot:
            await telegram.wait_until(lambda: len(telegram.person(101).texts()) == 2, timeout=10)
            await bot.settled()

        assert "/tanya" in telegram.person(101).texts()[-1]


class TestSettings:
    @pytest.mark.parametrize("missing", ["PUBLIC_URL", "WEBHOOK_SECRET"])
    def test_needs_address_and_secret(self, missing: str) -> None:
        """RECEIVE=webhook without an address or a secret is refused by name."""
        with pytest.raises(BadSetting, match=missing):
            read_settings(_env_file=None, **(PUBLIC | {missing: ""}))
