"""A pretend Telegram being served, and a bot that is nothing but an HTTP client."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from simulator import Person, PretendTelegram, serve

Json = dict[str, Any]


@dataclass
class Bot:
    """Calls the Bot API as any library would."""

    address: str
    session: aiohttp.ClientSession
    token: str = "1:test"

    async def call(self, method: str, **parameters: Any) -> Json:
        """Telegram's whole answer to a call with a JSON body."""
        async with self.session.post(self.url(method), json=parameters) as response:
            return await response.json()

    async def get(self, method: str, **parameters: Any) -> Any:
        """The result of a call that must succeed."""
        answer = await self.call(method, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **parameters: Any) -> str:
        """The description of a call that must be refused."""
        answer = await self.call(method, **parameters)
        assert not answer["ok"], answer
        return answer["description"]

    def url(self, method: str) -> str:
        return f"{self.address}/bot{self.token}/{method}"


@pytest.fixture
def telegram() -> PretendTelegram:
    return PretendTelegram(token="1:test")


@pytest.fixture
async def bot(telegram: PretendTelegram) -> AsyncIterator[Bot]:
    async with serve(telegram) as address, aiohttp.ClientSession() as session:
        yield Bot(address, session)


@pytest.fixture
def sari(telegram: PretendTelegram) -> Person:
    return telegram.person(101, first_name="Sari")
