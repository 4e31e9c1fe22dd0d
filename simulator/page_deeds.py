"""What can be done on the chat page: a person's deeds, a group's, and the failures of the rehearsal drawer."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.groups import Group
from simulator.people import Person
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

LARGEST_ID = 2**52
LONGEST_NAME = 64
LONGEST_PAUSE = 60.0  # seconds
SENDABLE = {"sticker", "voice", "photo", "document", "video", "venue"}
LANGUAGE = re.compile(r"[a-z]{2}")


class Misused(Exception):
    """A page sent what it cannot send; the text says what."""


@dataclass(frozen=True)
class Deeds:
    """Each method in NAMES is a deed: it takes who, and what the page asked, and may answer."""

    telegram: PretendTelegram

    def person(self, asked: Any) -> Person:
        """Whom the page is for; somebody new has not pressed START yet. Raises Misused for no number."""
        number = str(asked.get("person", ""))
        if not number.isascii() or not number.isdecimal() or not 0 < int(number[:17]) < LARGEST_ID:
            raise Misused("person must be a positive number")
        person_id = int(number)
        name = str(asked.get("name") or "")[:LONGEST_NAME].strip()
        if person_id in self.telegram.people:
            return self.telegram.person(person_id)
        person = self.telegram.person(person_id, name or None)
        person.has_started = False
        return person

    def join(self, _: Person, __: Json) -> None:
        """Somebody new, who is made by being named."""

    def write(self, person: Person, asked: Json) -> None:
        person.write(_text(asked), _number(asked, "reply_to", is_needed=False), chat=_chat(asked))

    def edit(self, person: Person, asked: Json) -> None:
        person.edit(_number(asked, "message_id") or 0, _text(asked), chat=_chat(asked))

    def delete(self, person: Person, asked: Json) -> None:
        person.delete(_number(asked, "message_id") or 0, chat=_chat(asked))

    def tap(self, person: Person, asked: Json) -> Json:
        if not isinstance(asked.get("data"), str):
            raise Misused("no button")
        return {"query_id": person.tap_data(_number(asked, "message_id") or 0, asked["data"], chat=_chat(asked))}

    def share(self, person: Person, asked: Json) -> None:
        """The two things a reply keyboard's button can ask for."""
        if asked.get("what") == "contact":
            person.shares_contact()
        elif asked.get("what") == "location":
            person.shares_location()
        else:
            raise Misused("nothing to share")

    def send(self, person: Person, asked: Json) -> None:
        if asked.get("kind") not in SENDABLE:
            raise Misused(f"kind must be one of {', '.join(sorted(SENDABLE))}")
        person.sends(asked["kind"], chat=_chat(asked))

    def inline(self, person: Person, asked: Json) -> Json:
        offset = asked.get("offset", "")
        return {"query_id": person.inline(str(asked.get("query", ""))[:256], str(offset), chat=_chat(asked))}

    def choose(self, person: Person, asked: Json) -> None:
        person.choose(str(asked.get("result")), chat=_chat(asked))

    def block(self, person: Person, asked: Json) -> None:
        if bool(asked.get("is_blocked")) != person.has_blocked:
            (person.unblocks_bot if person.has_blocked else person.blocks_bot)()

    def language(self, person: Person, asked: Json) -> None:
        """What the person's Telegram speaks."""
        code = str(asked.get("language"))
        if not LANGUAGE.fullmatch(code):
            raise Misused("language must be two small letters")
        self.telegram.person(person.id, language_code=code)

    def group(self, person: Person, asked: Json) -> Json:
        """Make one: {"title": …, "members": [102]}; the maker owns it and adds the bot."""
        title = str(asked.get("title") or "").strip()[:LONGEST_NAME]
        if not title:
            raise Misused("a group needs a title")
        others = [self.person({"person": other}) for other in asked.get("members", [])]
        members = [person, *(other for other in others if other is not person)]
        group = self.telegram.group(min([-500, *self.telegram.groups], key=abs) - 1, title, members, bot="left")
        group.add_bot(by=person)
        return {"chat": group.id}

    def manage(self, person: Person, asked: Json) -> Json:
        """What a group's menu has: {"chat": -500, "what": "promote"}."""
        group = self.telegram.groups.get(_chat(asked) or 0)
        if group is None or not group.is_in(person.id):
            raise Misused("no such group")
        what = MANAGE.get(str(asked.get("what")))
        if what is None:
            raise Misused(f"a group's menu has {', '.join(MANAGE)}")
        result = what(group, person)
        return {"chat": result.id if isinstance(result, Group) else group.id}

    def trouble(self, _: Person, asked: Json) -> None:
        """The rehearsal drawer: {"what": "slow" | "429" | "outage" | "none", "seconds": 2, "times": 3}."""
        seconds = min(max(float(asked.get("seconds", 0)), 0.0), LONGEST_PAUSE)
        match asked.get("what"):
            case "slow":
                self.telegram.latency = seconds
            case "429":
                times = min(max(int(asked.get("times", 1)), 1), 100)
                self.telegram.fail(kind="429", times=times, retry_after=max(1, round(seconds)))
            case "outage":
                asyncio.get_running_loop().call_later(0.05, self._go_away, seconds)  # once this was answered
            case "none":
                self.telegram.latency = 0.0
                self.telegram.failures.ordered.clear()
            case _:
                raise Misused("no such trouble")
        self.telegram.reshaped()

    def _go_away(self, seconds: float) -> None:
        self.telegram.outage = True
        asyncio.get_running_loop().call_later(seconds, setattr, self.telegram, "outage", False)


NAMES = (
    *("join", "write", "edit", "delete", "tap", "share", "send", "inline", "choose", "block", "language"),
    *("group", "manage", "trouble"),
)
MANAGE: dict[str, Callable[[Group, Person], Any]] = {
    "add": Group.add_bot,
    "remove": Group.remove_bot,
    "promote": Group.promote_bot,
    "demote": Group.demote_bot,
    "migrate": lambda group, person: group.migrate(by=person),
}


def _text(asked: Json) -> str:
    if not isinstance(asked.get("text"), str):
        raise Misused("no text")
    return str(asked["text"])


def _number(asked: Json, name: str, *, is_needed: bool = True) -> int | None:
    value = asked.get(name)
    if value is None and not is_needed:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise Misused(f"{name} must be a number")
    return value


def _chat(asked: Json) -> int | None:
    return _number(asked, "chat", is_needed=False)
