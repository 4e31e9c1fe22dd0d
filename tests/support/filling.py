"""Somebody fills in a form in the chat: they write, tap and press, and see what the bot made of it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from bot import pace
from db.models import Person, Profile
from messages import text_of
from simulator import Person as Somebody
from tests.support.running import RunningBot

KEY = re.compile(r"[a-z]+\.[a-z_]+")
NUMBER = "+6281234500999"
"""Rings nowhere."""

ALL = {
    "name": "Sri Wahyuni",
    "business": "Tenun Sri",
    "sector": "tenun",
    "kecamatan": "Babat",
    "products": ["sarung", "selendang"],
    "phone": NUMBER,
}
"""A whole profile."""


class Filling:
    """A person before a form, in the language they read."""

    def __init__(self, bot: RunningBot, person: Somebody, language: str = "id") -> None:
        self.bot, self.person, self.language = bot, person, language

    async def does(self, deed: Callable[[], Any]) -> list[str]:
        """Do *deed*, and return the texts of the messages that are new or changed by it."""
        before = {message["message_id"]: message for message in self.person.messages()}
        deed()
        await self.bot.settled()
        return [
            message.get("text", "")
            for message in self.person.messages()
            if message["from"]["id"] != self.person.id and before.get(message["message_id"]) != message
        ]

    async def writes(self, text: str) -> list[str]:
        return await self.does(lambda: self.person.write(text))

    async def taps(self, label: str) -> list[str]:
        """Tap the button with that label, or that key of the catalogue."""
        return await self.does(lambda: self.person.tap(self.label(label)))

    async def presses(self, label: str) -> list[str]:
        """Likewise for a key of the keyboard."""
        return await self.does(lambda: self.person.press(self.label(label)))

    def label(self, text: str) -> str:
        return text_of(text, self.language) if KEY.fullmatch(text) else text

    async def agrees(self) -> list[str]:
        """/profil for the first time, and agree."""
        await self.writes("/profil")
        return await self.taps("button.agree")

    @property
    def keys(self) -> list[str]:
        """What the keyboard in the place of their own offers."""
        return [key["text"] for row in (self.person.chat.keyboard or {}).get("keyboard", []) for key in row]

    @property
    def buttons(self) -> list[str]:
        """Under their newest message."""
        rows = self.person.messages()[-1].get("reply_markup", {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]

    async def profile(self) -> dict[str, Any]:
        """What is kept of their details."""
        theirs = select(Profile).join(Person).where(Person.telegram_id == self.person.id)
        rows = await self.bot.rows(theirs)
        kept = rows[0].model_dump(exclude={"person_id", "changed_at"}) if rows else {}
        return {name: value for name, value in kept.items() if value is not None}


def filling(bot: RunningBot, number: int = 101, language: str = "id") -> Filling:
    return Filling(bot, bot.person(number, language_code=language), language)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat takes a whole form's messages at once; its pace is the matter of tests/faults/test_pace.py."""
    # Nobody fills in a form faster than Telegram takes it, but tests do, and would wait a second for each message.
    monkeypatch.setattr(pace, "PRIVATE_BURST", 1000)
