"""People who go on writing, whatever becomes of the bot."""

import asyncio
import itertools
import re
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator import Call, Person, PretendTelegram

FIRST_PERSON = 1001
COMMAND = "/bantuan"
TAP = "a tap"
QUESTION_IN_BUTTON = re.compile(r"(?:helpful|guess):(\d+)")
AT_ONCE = 3


@dataclass(frozen=True)
class Deed:
    """Something a person did at a time (time.monotonic()); *what* is what they wrote, or TAP."""

    what: str
    at: float


@dataclass
class Crowd:
    """*number* people; `deeds` are by person, in their order."""

    telegram: PretendTelegram
    number: int
    deeds: dict[int, list[Deed]] = field(default_factory=lambda: defaultdict(list))
    help_text: str = ""
    began: float = 0.0
    """When what counts began (time.monotonic()); before, they got acquainted."""
    _tapped: dict[int, tuple[int, str]] = field(default_factory=dict)

    @property
    def people(self) -> list[Person]:
        return [self.telegram.person(FIRST_PERSON + number, "Sari") for number in range(self.number)]

    async def get_acquainted(self, seconds: float) -> None:
        """Everybody asks once and gets a card with buttons, to tap later. Raises TimeoutError after *seconds*."""
        for person in self.people:
            self._do(person, "bagaimana cara membuat NIB?")
        self._do(self.people[0], COMMAND)
        await self.telegram.wait_until(
            lambda: all(person.texts() for person in self.people) and len(self.people[0].texts()) == 2, seconds
        )
        self.help_text = self.sent()[FIRST_PERSON][-1].parameters["text"]
        for person in self.people:
            self._tapped[person.id] = _first_button(person, "entry:")

    async def write(self, rate: float, seconds: float) -> None:
        """*rate* deeds a second for so long: in turn each person does three at once, and waits for no answer."""
        self.began = time.monotonic()
        numbers = itertools.count(1)
        for person in itertools.cycle(self.people):
            if time.monotonic() > self.began + seconds:
                return
            self._write_three(person, numbers)
            await asyncio.sleep(AT_ONCE / rate)

    def _write_three(self, person: Person, numbers: "itertools.count[int]") -> None:
        number = next(numbers)
        self._do(person, f"bagaimana cara membuat NIB nomor {number}?")
        self._do(person, COMMAND if number % 2 else TAP)
        self._do(person, f"bagaimana syarat membuat NIB nomor {number}?")

    def _do(self, person: Person, what: str) -> None:
        self.deeds[person.id].append(Deed(what, time.monotonic()))
        if what == TAP:
            person.tap_data(*self._tapped[person.id])
        else:
            person.write(what)

    def answered(self, arguments: Mapping[str, Any], asked: Mapping[int, str]) -> str:
        """Which kind of deed, or which question of *asked* (texts by id), a message with these *arguments* answers."""
        for row in (arguments.get("reply_markup") or {}).get("inline_keyboard", []):
            for button in row:
                if found := QUESTION_IN_BUTTON.match(button.get("callback_data", "")):
                    return asked.get(int(found[1]), "a question nobody asked")
        return COMMAND if arguments["text"] == self.help_text else TAP

    def sent(self) -> dict[int, list[Call]]:
        """By person, the messages Telegram accepted for them."""
        calls: dict[int, list[Call]] = defaultdict(list)
        for call in self.telegram.calls:
            if call.method == "sendMessage" and call.accepted:
                calls[call.parameters["chat_id"]].append(call)
        return calls


def _first_button(person: Person, verb: str) -> tuple[int, str]:
    """The message and the data of the first button that does *verb*. Raises StopIteration where there is none."""
    return next(
        (int(message["message_id"]), str(button["callback_data"]))
        for message in person.messages()
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
        if button.get("callback_data", "").startswith(verb)
    )
