"""The pretend Telegram's state: people, chats, what the bot has not confirmed, and what shall go wrong."""

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from simulator.chats import Chat
from simulator.failures import Failure, Failures
from simulator.files import Files
from simulator.flood import Flood
from simulator.groups import ADMINISTRATOR, MEMBER, OWNER, SUPERGROUPS_BELOW, Group
from simulator.inline import InlineQueries
from simulator.people import Person
from simulator.profile import Profile
from simulator.refusals import Refused, bad_request
from simulator.sending import Sender
from simulator.updates import Updates
from simulator.webhook import WebhookCaller

Json = dict[str, Any]

QUERY_LASTS = 15.0  # seconds in which a tap can be answered; Telegram names no number, and it is not much more
LOOK_AGAIN_AFTER = 0.05  # seconds; wait_until may wait for something that is none of Telegram's


@dataclass(slots=True)
class Call:
    """A call the bot made. *status* is the HTTP status it was answered with, 0 when it got no answer."""

    method: str
    parameters: Json
    status: int
    at: float  # time.monotonic() of its arrival
    description: str = ""  # of a refusal
    accepted: bool = True  # whether it took effect


@dataclass(slots=True)
class Query:
    person: Person
    at: float
    is_answered: bool = False


class PretendTelegram:
    """One bot's Telegram. Not for threads: everything happens in the thread of the event loop that serves it."""

    def __init__(
        self,
        token: str = "1:test",  # noqa: S107 - a pretend token is no secret
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.clock = clock  # of message dates, in unix seconds
        self.bot: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Demo",
            "username": "demo_bot",
        }
        self.profile = Profile()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.groups: dict[int, Group] = {}
        self.inline_mode = True  # switched on at BotFather
        self.bot_reads_all = False  # privacy mode switched off at BotFather
        self.watchers: set[Callable[[], None]] = set()  # told when people, groups or menus are others than before
        self.updates = Updates(self.changed, self._mark_read)
        self.webhook = WebhookCaller(self)
        self.files = Files()
        self.calls: list[Call] = []
        self.latency = 0.0  # seconds before each answer, but not before those to getUpdates
        self.flood_limits = False  # enforce flood.py's limits
        self.flood = Flood()
        self.failures = Failures()
        self._outage = False
        self.outage_changed: Callable[[], None] = lambda: None  # set by whoever serves this
        self._private_numbers = itertools.count(1)
        self.inline = InlineQueries(self)
        self._queries: dict[str, Query] = {}
        self._query_ids = itertools.count(7_400_000_000_000_000_001)
        self._waiting: set[asyncio.Future[None]] = set()

    # What tests ask for.

    def person(
        self,
        person_id: int,
        first_name: str | None = None,
        language_code: str | None = None,
        username: str | None = None,
    ) -> Person:
        """The person with that id; made when new, renamed when something else is given."""
        given = {"first_name": first_name, "language_code": language_code, "username": username}
        given = {name: value for name, value in given.items() if value is not None}
        if person_id not in self.people:
            user = {
                "id": person_id,
                "is_bot": False,
                "first_name": f"Orang {person_id}",
                "language_code": "id",
                **given,
            }
            self.chats[person_id] = Chat(_chat_info(user), self._private_numbers)
            self.people[person_id] = Person(self, user, self.chats[person_id])
            self.reshaped()
        person = self.people[person_id]
        if given and any(person.user.get(name) != value for name, value in given.items()):
            person.user = {**person.user, **given}
            person.chat.info = _chat_info(person.user)
            self.reshaped()
        return person

    def group(
        self,
        group_id: int,
        title: str | None = None,
        members: Iterable[Person | int] = (),
        bot: str = "member",
        *,
        is_forum: bool = False,
    ) -> Group:
        """The group with that negative id, a supergroup below -10**12; made when new, the first member its owner.

        *bot* is what the bot is there from the start: member, administrator or left (``add_bot`` tells it of more).
        """
        if group_id >= 0:
            raise ValueError(f"a group's id is negative, not {group_id}")
        if group_id in self.groups:
            return self.groups[group_id]
        is_super = group_id < SUPERGROUPS_BELOW
        if is_forum and not is_super:
            raise ValueError(f"only a supergroup has topics; {group_id} is the id of none")
        info = {"id": group_id, "title": title or "Grup", "type": "supergroup" if is_super else "group"}
        chat = Chat({**info, "is_forum": True} if is_forum else info)
        # A supergroup's first message is that it was made, and 1 the number of a forum's General.
        chat.numbers = itertools.count(2) if is_super else self._private_numbers
        group = Group(self, chat)
        self.chats[group_id], self.groups[group_id] = chat, group
        for member in members:
            person = self.person(member) if isinstance(member, int) else member
            group.members[person.id] = MEMBER if group.members else OWNER
        if bot != "left":
            group.members[self.bot["id"]] = {"member": MEMBER, "administrator": ADMINISTRATOR}[bot]
        self.reshaped()
        return group

    def push(self, update: Any) -> Any:
        """Put a raw update exactly as given, malformed ones too; a dict without ``update_id`` gets one."""
        return self.updates.push(update)

    def pending_updates(self) -> int:
        return len(self.updates)

    def fail(
        self,
        method: str | None = None,
        times: int = 1,
        kind: str = "500",
        retry_after: int = 3,
        chat_id: int | None = None,
        description: str | None = None,
    ) -> None:
        """Order a failure of the next *times* calls of *method* (None: any but getUpdates); failures.KINDS has them."""
        self.failures.order(Failure(kind, method, chat_id, times, retry_after, description))

    @property
    def outage(self) -> bool:
        """Whether Telegram is away: connections are refused, and those open were reset. The chat page is away too."""
        return self._outage

    @outage.setter
    def outage(self, is_out: bool) -> None:
        self._outage = is_out
        self.outage_changed()
        self.changed()

    async def wait_until(
        self,
        condition: Callable[[], object],
        timeout: float = 5.0,  # noqa: ASYNC109 - it must raise with how things stand
    ) -> None:
        """Wait until *condition* holds; looked at on every change. Raises TimeoutError telling how things stand."""
        deadline = time.monotonic() + timeout
        while not condition():
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"still not so after {timeout:g} s\n{self.describe()}")
            await self._next_change(min(left, LOOK_AGAIN_AFTER))

    def describe(self) -> str:
        """How things stand, for people: the ends of the chats, the queue, the last calls."""
        lines = [f"updates waiting: {len(self.updates)}"]
        for chat in itertools.islice(self.chats.values(), 10):
            lines.append(f"chat {chat.id} ({chat.info.get('title') or chat.info['first_name']}):")
            lines += [f"  {_described(message)}" for message in list(chat.messages.values())[-8:]]
        lines.append("last calls:")
        lines += [
            f"  {call.method} {call.status or 'no answer'} {call.description} "
            + json.dumps(call.parameters, ensure_ascii=False, default=repr)[:200]
            for call in self.calls[-8:]
        ]
        return "\n".join(lines)

    # What the rest of the simulator asks for.

    def reshaped(self) -> None:
        """There are other people, groups, members or menus than before: whoever shows them shows all anew."""
        for watcher in list(self.watchers):
            watcher()

    def menu(self, person: Person, chat: Chat) -> list[Json]:
        """The commands *person* is offered in *chat*."""
        language = person.user.get("language_code", "")
        group = self.groups.get(chat.id)
        is_admin = group is not None and group.is_admin(person.id)
        return self.profile.commands_seen(chat.id, language, person.id if group else None, is_admin=is_admin)

    def now(self) -> int:
        return int(self.clock())

    def changed(self) -> None:
        """Something happened: whoever waits looks again."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def compose(self, chat: Chat, sender: Json, content: Json) -> Json:
        """A new message of *sender*, not yet put into the chat."""
        head = {"message_id": next(chat.numbers), "from": sender, "chat": chat.info, "date": self.now()}
        return {**head, **content}

    def chat(self, chat_id: int | str) -> Chat:
        """The chat, whether or not the bot may write there. Raises Refused for an unknown one."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request("chat not found")
        if chat.id in self.groups:
            self.groups[chat.id].refuse_outsider()
        return chat

    def chat_of(self, person: Sender, chat_id: int | None) -> Chat:
        """Where *person* acts: their chat with the bot, or a group they are in. Raises LookupError elsewhere."""
        if chat_id is None or chat_id == person.id:
            return person.chat
        group = self.groups.get(chat_id)
        if group is None or not group.is_in(person.id) or group.migrated_to:
            raise LookupError(f"person {person.id} is in no chat {chat_id}")
        return group.chat

    def user(self, user_id: int) -> Json:
        """A person, or the bot. Raises Refused for nobody."""
        if user_id == self.bot["id"]:
            return self.bot
        if user_id not in self.people:
            raise bad_request("invalid user_id specified")
        return self.people[user_id].user

    def open_chat(self, chat_id: int | str) -> Chat:
        """The chat to write to. Raises Refused where the person is not to be reached."""
        chat = self.chat(chat_id)
        person = self.people.get(chat.id)
        if person and person.has_blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if person and not person.has_started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def new_query(self, person: Person) -> str:
        """The id of a tap that was just made."""
        oldest = next(iter(self._queries), None)
        if oldest and time.monotonic() - self._queries[oldest].at > QUERY_LASTS:
            del self._queries[oldest]  # so that long runs forget as many as come
        query_id = str(next(self._query_ids))
        self._queries[query_id] = Query(person, time.monotonic())
        return query_id

    def answer_query(self, query_id: str) -> Person:
        """Whose tap it was. Raises Refused for one that is unknown, too old, or answered already."""
        query = self._queries.get(query_id)
        if query is None or query.is_answered or time.monotonic() - query.at > QUERY_LASTS:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        query.is_answered = True
        return query.person

    def _mark_read(self, update: Any) -> None:
        """The bot got an update: what people wrote has its second tick. Pushed updates may be anything."""
        message = update.get("message") if isinstance(update, dict) else None
        if not isinstance(message, dict) or not isinstance(message.get("chat"), dict):
            return
        chat_id = message["chat"].get("id")
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat:
            chat.mark_read(message.get("message_id"))

    async def _next_change(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        await asyncio.wait([future], timeout=seconds)
        self._waiting.discard(future)


def _chat_info(user: Json) -> Json:
    told: Json = {name: user[name] for name in ("id", "first_name", "username") if name in user}
    return {**told, "type": "private"}


def _described(message: Json) -> str:
    who = "bot" if message["from"]["is_bot"] else message["from"]["first_name"]
    kept = {"message_id", "from", "chat", "date", "entities", "text", "reply_markup"}
    what = message.get("text") or ", ".join(f"{name}: {message[name]}" for name in message if name not in kept)
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    labels = " ".join(f"[{button['text']}]" for row in rows for button in row)
    return f"#{message['message_id']} {who}: {what} {labels}".rstrip()
