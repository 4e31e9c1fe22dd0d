"""The pretend Telegram's state: people, chats, what the bot has not confirmed, and what shall go wrong."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterable
from typing import Any

from simulator.channels import ADMINISTRATOR as POSTING
from simulator.channels import Channel
from simulator.chats import Chat, Keeping
from simulator.describing import describe
from simulator.failures import Failure, Failures
from simulator.files import Files
from simulator.flood import Flood
from simulator.groups import ADMINISTRATOR, SUPERGROUPS_BELOW, Group
from simulator.inline import InlineQueries
from simulator.members import MEMBER, OWNER
from simulator.people import Person
from simulator.profile import Profile
from simulator.record import Call, Record
from simulator.refusals import Refused, bad_request
from simulator.sending import Sender
from simulator.taps import Taps
from simulator.updates import Updates
from simulator.webhook import WebhookCaller

Json = dict[str, Any]

LOOK_AGAIN_AFTER = 0.05  # seconds; wait_until may wait for something that is none of Telegram's


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
        self.channels: dict[int, Channel] = {}
        self.has_everyone = False  # any positive id is a person who started the bot
        self.inline_mode = True  # switched on at BotFather
        self.bot_reads_all = False  # privacy mode switched off at BotFather
        self.watchers: set[Callable[[], None]] = set()  # told when people, groups or menus are others than before
        self.updates = Updates(self.changed, self._mark_read)
        self.webhook = WebhookCaller(self)
        self.files = Files()
        self.record = Record()
        self.keeping = Keeping()  # of messages
        self.latency = 0.0  # seconds before each answer, but not before those to getUpdates
        self.flood_limits = False  # enforce flood.py's limits
        self.flood = Flood()
        self.schema_checks = True  # else calls are believed to be as the Bot API has them, which is faster
        self.failures = Failures()
        self._outage = False
        self.outage_changed: Callable[[], None] = lambda: None  # set by whoever serves this
        self._private_numbers = itertools.count(1)
        self.inline = InlineQueries(self)
        self.taps = Taps()
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
            user = {**_user(person_id), **given}
            self.chats[person_id] = Chat(_chat_info(user), self._private_numbers, self.keeping)
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
        if group_id in self.channels:
            raise ValueError(f"chat {group_id} is a channel")
        if group_id in self.groups:
            return self.groups[group_id]
        is_super = group_id < SUPERGROUPS_BELOW
        if is_forum and not is_super:
            raise ValueError(f"only a supergroup has topics; {group_id} is the id of none")
        info = {"id": group_id, "title": title or "Grup", "type": "supergroup" if is_super else "group"}
        # A supergroup's first message is that it was made, and 1 the number of a forum's General.
        numbers = itertools.count(2) if is_super else self._private_numbers
        group = Group(self, Chat({**info, "is_forum": True} if is_forum else info, numbers, self.keeping))
        self.groups[group_id] = group
        self._gather(group, members, {"member": MEMBER, "administrator": ADMINISTRATOR, "left": None}[bot])
        return group

    def channel(
        self,
        channel_id: int,
        title: str | None = None,
        members: Iterable[Person | int] = (),
        bot: str = "administrator",
    ) -> Channel:
        """The channel with that id, which is below -10**12; made when new, the first member its owner, others readers.

        *bot* is what the bot is there from the start: administrator or left (``add_bot`` tells it of more).
        """
        if channel_id >= SUPERGROUPS_BELOW or channel_id in self.groups:
            raise ValueError(f"a channel's id is below {SUPERGROUPS_BELOW} and no group's, not {channel_id}")
        if channel_id not in self.channels:
            info = {"id": channel_id, "title": title or "Kanal", "type": "channel"}
            chat = Chat(info, itertools.count(2), self.keeping)
            channel = self.channels[channel_id] = Channel(self, chat)
            self._gather(channel, members, {"administrator": POSTING, "left": None}[bot])
        return self.channels[channel_id]

    @property
    def calls(self) -> list[Call]:
        """Every call of the bot, first to last."""
        return self.record.calls

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
        return describe(self)

    # What the rest of the simulator asks for.

    def reshaped(self) -> None:
        """There are other people, groups, members or menus than before: whoever shows them shows all anew."""
        for watcher in list(self.watchers):
            watcher()

    def menu(self, person: Person, chat: Chat) -> list[Json]:
        """The commands *person* is offered in *chat*."""
        language = person.user.get("language_code", "")
        if chat.is_channel:
            return []
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
        """A new message of *sender*, not yet put into the chat; in a channel it is the channel's own."""
        number = next(chat.numbers)
        if chat.is_channel:
            chat.authors[number] = sender["id"]
            return {"message_id": number, "sender_chat": chat.info, "chat": chat.info, "date": self.now(), **content}
        return {"message_id": number, "from": sender, "chat": chat.info, "date": self.now(), **content}

    def gathering(self, chat_id: int) -> Group | Channel | None:
        """The group or channel of that id."""
        return (self.groups.get(chat_id) or self.channels.get(chat_id)) if chat_id < 0 else None

    def chat(self, chat_id: int | str) -> Chat:
        """The chat, whether or not the bot may write there. Raises Refused for an unknown one."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            return self._chat_of_everyone(chat_id)
        gathering = self.gathering(chat.id)
        if gathering:
            gathering.refuse_outsider()
        return chat

    def chat_of(self, person: Sender, chat_id: int | None) -> Chat:
        """Where *person* acts: their chat with the bot, or a group, a channel. Raises LookupError elsewhere."""
        if chat_id is None or chat_id == person.id:
            return person.chat
        gathering = self.gathering(chat_id)
        if gathering is None or not gathering.is_in(person.id) or gathering.migrated_to:
            raise LookupError(f"person {person.id} is in no chat {chat_id}")
        return gathering.chat

    def user(self, user_id: int) -> Json:
        """A person, or the bot. Raises Refused for nobody."""
        if user_id == self.bot["id"]:
            return self.bot
        if user_id not in self.people and not (self.has_everyone and user_id > 0):
            raise bad_request("invalid user_id specified")
        return self.person(user_id).user

    def open_chat(self, chat_id: int | str) -> Chat:
        """The chat to write to. Raises Refused where the person is not to be reached."""
        chat = self.chat(chat_id)
        person = self.people.get(chat.id)
        if person and person.has_blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if person and not person.has_started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def _mark_read(self, update: Any) -> None:
        """The bot got an update: what people wrote has its second tick. Pushed updates may be anything."""
        message = (update.get("message") or update.get("channel_post")) if isinstance(update, dict) else None
        if not isinstance(message, dict) or not isinstance(message.get("chat"), dict):
            return
        chat_id = message["chat"].get("id")
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat:
            chat.mark_read(message.get("message_id"))

    def _chat_of_everyone(self, chat_id: int | str) -> Chat:
        """The chat of somebody nothing was said of. Where messages are not kept, neither is the person."""
        if not self.has_everyone or not isinstance(chat_id, int) or chat_id <= 0:
            raise bad_request("chat not found")
        if self.keeping.messages == 0:
            return Chat(_chat_info(_user(chat_id)), self._private_numbers, self.keeping)
        return self.person(chat_id).chat

    def _gather(self, gathering: Group | Channel, members: Iterable[Person | int], bot: Json | None) -> None:
        self.chats[gathering.id] = gathering.chat
        for member in members:
            person = self.person(member) if isinstance(member, int) else member
            gathering.members[person.id] = MEMBER if gathering.members else OWNER
        if bot:
            gathering.members[self.bot["id"]] = bot
        self.reshaped()

    async def _next_change(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        await asyncio.wait([future], timeout=seconds)
        self._waiting.discard(future)


def _user(person_id: int) -> Json:
    return {"id": person_id, "is_bot": False, "first_name": f"Orang {person_id}", "language_code": "id"}


def _chat_info(user: Json) -> Json:
    told: Json = {name: user[name] for name in ("id", "first_name", "username") if name in user}
    return {**told, "type": "private"}
