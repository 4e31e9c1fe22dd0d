"""Inline mode: what people ask ``@bot …`` in any chat, what the bot offers, and what they choose of it.

Telegram keeps answers for ``cache_time`` and shows them to others; here every query reaches the bot.
"""

import itertools
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.refusals import bad_request

if TYPE_CHECKING:
    from simulator.chats import Chat
    from simulator.people import Person
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]

QUERY_LASTS = 10.0  # seconds in which a query can be answered
LONGEST_QUERY = 256
KEPT = 1000  # queries; older ones are forgotten


@dataclass
class Query:
    query_id: str
    person: "Person"
    text: str
    at: float = field(default_factory=time.monotonic)
    answer: Json | None = None
    contents: dict[str, Json] = field(default_factory=dict)  # by result id: the fields of the message it becomes


class InlineQueries:
    def __init__(self, telegram: "PretendTelegram") -> None:
        self._telegram = telegram
        self._queries: dict[str, Query] = {}
        self._numbers = itertools.count(8_800_000_000_000_000_001)
        self._places: dict[str, tuple[int, int]] = {}  # inline_message_id -> chat and message_id
        self._names: dict[tuple[int, int], str] = {}

    def ask(self, person: "Person", text: str, offset: str, place: "Chat | None") -> Query:
        """Raises ValueError for what no client sends, LookupError where the bot has no inline mode."""
        if len(text) > LONGEST_QUERY:
            raise ValueError(f"a client sends a query of at most {LONGEST_QUERY} characters, not {len(text)}")
        if not self._telegram.inline_mode:
            raise LookupError("the bot's inline mode is off (telegram.inline_mode)")
        query = Query(str(next(self._numbers)), person, text)
        self._queries[query.query_id] = query
        if len(self._queries) > KEPT:
            del self._queries[next(iter(self._queries))]
        kind = "sender" if place is person.chat else place.info["type"] if place else "private"
        told = {"id": query.query_id, "from": person.user, "query": text, "offset": offset, "chat_type": kind}
        self._telegram.updates.add("inline_query", told)
        return query

    def answerable(self, query_id: str) -> Query:
        """Raises Refused for a query that is unknown, too old, or answered already."""
        query = self._queries.get(query_id)
        if query is None or query.answer is not None or time.monotonic() - query.at > QUERY_LASTS:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return query

    def newest(self, person: "Person") -> Query | None:
        """What the person asked last."""
        return next((query for query in reversed(self._queries.values()) if query.person is person), None)

    def choose(self, query: Query, result_id: str, place: "Chat", where: Json) -> Json:
        """The result becomes a message of the person's, with the fields *where*; the bot hears of it if it asked to."""
        content = {**where, "via_bot": self._telegram.bot, **query.contents[result_id]}
        message = self._telegram.compose(place, query.person.user, content)
        chosen = {"result_id": result_id, "from": query.person.user, "query": query.text}
        if "reply_markup" in message:
            chosen["inline_message_id"] = self._name(place.id, message["message_id"])
        query.person.places(place, message)
        self._telegram.updates.add("chosen_inline_result", chosen)
        return message

    def place_of(self, inline_message_id: str) -> tuple[int, int]:
        """The chat and number of a message by its inline_message_id. Raises Refused for an unknown one."""
        if inline_message_id not in self._places:
            raise bad_request("MESSAGE_ID_INVALID")
        return self._places[inline_message_id]

    def name_of(self, chat_id: int, message_id: int) -> str | None:
        """The inline_message_id of a message that has one."""
        return self._names.get((chat_id, message_id))

    def _name(self, chat_id: int, message_id: int) -> str:
        name = f"AgAAA{secrets.token_urlsafe(18)}"
        self._places[name], self._names[chat_id, message_id] = (chat_id, message_id), name
        return name
