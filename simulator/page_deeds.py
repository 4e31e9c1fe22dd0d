"""What can be done on the chat page: a person's deeds, a group's, and the failures of the rehearsal drawer."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.channels import Channel
from simulator.groups import SUPERGROUPS_BELOW, Group
from simulator.people import Person
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

LARGEST_ID = 2**52
LONGEST_NAME = 64
LONGEST_PAUSE = 60.0  # seconds
SENDABLE = {"sticker", "voice", "photo", "document", "video", "venue", "contact"}
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
        person.write(_text(asked), _number(asked, "reply_to", is_needed=False), **_place(asked))

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
        person.sends(asked["kind"], **_place(asked))

    def react(self, person: Person, asked: Json) -> None:
        person.react(_number(asked, "message_id") or 0, asked.get("emoji"), chat=_chat(asked))

    def forward(self, person: Person, asked: Json) -> None:
        """{"chat": -500, "message_id": 7, "to": 101}: the message of a chat into another one, or into a topic of it."""
        to, thread = _number(asked, "to"), _number(asked, "thread", is_needed=False)
        person.forward_message(_number(asked, "message_id") or 0, source=_chat(asked), chat=to, thread=thread or None)

    def inline(self, person: Person, asked: Json) -> Json:
        offset = asked.get("offset", "")
        return {"query_id": person.inline(str(asked.get("query", ""))[:256], str(offset), chat=_chat(asked))}

    def choose(self, person: Person, asked: Json) -> None:
        person.choose(str(asked.get("result")), **_place(asked))

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
        """Make one: {"title": …, "members": [102]}; the maker owns it and adds the bot.

        With {"is_forum": true} it has topics, with {"is_channel": true} it is a channel; the bot administers both.
        """
        title = str(asked.get("title") or "").strip()[:LONGEST_NAME]
        if not title:
            raise Misused("a group needs a title")
        others = [self.person({"person": other}) for other in asked.get("members", [])]
        members = [person, *(other for other in others if other is not person)]
        if asked.get("is_channel"):
            channel = self.telegram.channel(self._new_number(), title, members, bot="left")
            channel.add_bot(by=person)
            return {"chat": channel.id}
        number = min([-500, *self.telegram.groups], key=abs) - 1
        if asked.get("is_forum"):
            number = self._new_number()
        while number in self.telegram.groups:
            number -= 1
        group = self.telegram.group(number, title, members, bot="left", is_forum=bool(asked.get("is_forum")))
        group.add_bot(by=person)
        if group.is_forum:
            group.promote_bot(by=person)
        return {"chat": group.id}

    def manage(self, person: Person, asked: Json) -> Json:
        """What a group's or channel's menu has: {"chat": -500, "what": "promote"}, and if need be {"whom": 102}."""
        name, whom = str(asked.get("what")), self.person({"person": asked["whom"]}) if "whom" in asked else person
        channel = self.telegram.channels.get(_chat(asked) or 0)
        if channel and name in OF_CHANNELS and channel.is_in(person.id):
            OF_CHANNELS[name](channel, person, whom)
            return {"chat": channel.id}
        group, what = self._group(person, asked), MANAGE.get(name)
        if what is None:
            raise Misused(f"a group's menu has {', '.join(MANAGE)}")
        result = what(group, person, whom)
        return {"chat": result.id if isinstance(result, Group) else group.id}

    def topic(self, person: Person, asked: Json) -> Json:
        """What a forum's menus have: {"chat": …, "what": "close", "thread": 7}; create and rename take a name."""
        group, thread = self._group(person, asked), _number(asked, "thread", is_needed=False) or 0
        name = str(asked.get("name") or "").strip()
        match asked.get("what"):
            case "create":
                return {"thread": group.create_topic(name, by=person)}
            case "rename":
                group.rename_topic(thread, name, by=person)
            case "close":
                group.close_topic(thread, by=person)
            case "reopen":
                group.reopen_topic(thread, by=person)
            case "delete":
                group.delete_topic(thread, by=person)
            case _:
                raise Misused("no such deed")
        return {"thread": thread}

    def _group(self, person: Person, asked: Json) -> Group:
        group = self.telegram.groups.get(_chat(asked) or 0)
        if group is None or not group.is_in(person.id):
            raise Misused("no such group")
        return group

    def _new_number(self) -> int:
        return min([SUPERGROUPS_BELOW - 500, *self.telegram.groups, *self.telegram.channels]) - 1

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
    *("join", "write", "edit", "delete", "react", "forward", "tap", "share", "send", "inline", "choose", "block"),
    *("language", "group", "manage", "topic", "trouble"),
)
MANAGE: dict[str, Callable[[Group, Person, Person], Any]] = {  # of the group: by whom, and whom it is about
    "add": lambda group, by, _: group.add_bot(by),
    "remove": lambda group, by, _: group.remove_bot(by),
    "promote": lambda group, by, _: group.promote_bot(by),
    "demote": lambda group, by, _: group.demote_bot(by),
    "migrate": lambda group, by, _: group.migrate(by=by),
    "topics": lambda group, _, __: group.switch_topics(on=not group.is_forum),
    "add_person": lambda group, by, whom: group.add(whom, by),
    "remove_person": lambda group, by, whom: group.remove(whom, by),
    "promote_person": lambda group, by, whom: group.promote(whom, by),
    "demote_person": lambda group, by, whom: group.demote(whom, by),
    "hide": lambda group, by, _: group.promote(by, by, is_anonymous=True),
    "show": lambda group, by, _: group.promote(by, by, is_anonymous=False),
}

OF_CHANNELS: dict[str, Callable[[Channel, Person, Person], Any]] = {
    "add": lambda channel, by, _: channel.add_bot(by),
    "remove": lambda channel, by, _: channel.remove_bot(by),
    "add_person": lambda channel, by, whom: channel.add(whom, by),
    "remove_person": lambda channel, by, whom: channel.remove(whom, by),
    "promote_person": lambda channel, by, whom: channel.promote(whom, by),
    "demote_person": lambda channel, by, whom: channel.demote(whom, by),
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


def _place(asked: Json) -> Json:
    return {"chat": _chat(asked), "thread": _number(asked, "thread", is_needed=False) or None}


def _chat(asked: Json) -> int | None:
    return _number(asked, "chat", is_needed=False)
