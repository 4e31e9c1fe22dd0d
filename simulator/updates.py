"""What happened and the bot has not yet confirmed: Telegram's queue, behind getUpdates and behind webhooks."""

import asyncio
import itertools
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.refusals import Refused
from simulator.schema import update_kinds

Json = dict[str, Any]

LIMIT = 100  # updates in one answer
LONGEST_WAIT = 50  # seconds
ONLY_WHEN_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}  # not among the default kinds


@dataclass(slots=True, eq=False)
class Waiting:
    place: int  # in the queue, ever rising
    number: int  # what an offset is compared with
    update: Any
    must_be_seen: bool = False  # its number is lower than what the bot confirmed already, so that alone drops it not


class Updates:
    """The queue. An update is kept until an offset beyond it is asked for, or a webhook took it.

    *changed* is called whenever it changes, *seen* with each update that was handed to the bot.
    """

    def __init__(self, changed: Callable[[], None], seen: Callable[[Any], None] = lambda _: None) -> None:
        self._changed = changed
        self._seen = seen
        self.added: Callable[[Waiting], None] = lambda _: None  # set by whoever calls the webhook
        self._queue: OrderedDict[int, Waiting] = OrderedDict()  # by place; any can be taken out of the middle at once
        self._places = 0
        # Telegram's numbers start anywhere; bots that count from one should not get away with it.
        self._next = 100_000_000 + secrets.randbelow(800_000_000)
        self._confirmed = 0
        self._poll: asyncio.Future[None] | None = None
        self.allowed = default_kinds()
        self.webhook: Json = {}

    def __len__(self) -> int:
        return len(self._queue)

    def add(self, kind: str, content: Json) -> None:
        """Put an update of *kind*, unless the bot did not ask for that kind when it happened."""
        if kind in self.allowed:
            self.push({kind: content})

    def push(self, update: Any) -> Any:
        """Put an update exactly as given. Only a dict without an ``update_id`` gets one."""
        if isinstance(update, dict) and "update_id" not in update:
            update = {"update_id": self._next, **update}
        number = update.get("update_id") if isinstance(update, dict) else None
        if isinstance(number, bool) or not isinstance(number, int):
            number = self._next
        self._places += 1
        waiting = Waiting(self._places, number, update, must_be_seen=number < self._confirmed)
        self._queue[waiting.place] = waiting
        self._next = max(self._next, number + 1)
        self._wake()
        self.added(waiting)
        self._changed()
        return update

    def clear(self) -> None:
        self._queue.clear()
        self._changed()

    def waiting(self) -> list[Waiting]:
        """All that waits, first to last."""
        return list(self._queue.values())

    def take(self, waiting: Waiting) -> None:
        """A webhook accepted this one: it is no longer kept."""
        self._queue.pop(waiting.place, None)
        self._seen(waiting.update)
        self._changed()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Any]:
        """The next updates, first to last; [] after that many *seconds* without one. Confirms those before *offset*.

        Raises Refused (409) while a webhook is set, and in the older of two polls under way at once.
        """
        self._refuse_beside_webhook()
        self.conflict(
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        self._confirm(offset)
        if not self._queue and seconds > 0:
            await self._wait(seconds)
        chosen = list(itertools.islice(self._queue.values(), limit))
        for waiting in chosen:
            waiting.must_be_seen = False
            self._seen(waiting.update)
        return [waiting.update for waiting in chosen]

    def conflict(self, description: str) -> None:
        """End the poll under way, if there is one, with a 409."""
        if self._poll and not self._poll.done():
            self._poll.set_exception(Refused(409, description))

    def _refuse_beside_webhook(self) -> None:
        if self.webhook.get("url"):
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )

    def _confirm(self, offset: int) -> None:
        before = len(self._queue)
        if offset < 0:
            while len(self._queue) > -offset:
                self._queue.popitem(last=False)
        elif offset > 0:
            self._confirmed = max(self._confirmed, offset)
            while (first := self._first()) and first.number < offset and not first.must_be_seen:
                self._queue.popitem(last=False)
            # Only a pushed one with a number of its own can stand behind a higher number: the next few are enough.
            for waiting in list(itertools.islice(self._queue.values(), 2 * LIMIT)):
                if waiting.number < offset and not waiting.must_be_seen:
                    del self._queue[waiting.place]
        if len(self._queue) != before:
            self._changed()

    def _first(self) -> Waiting | None:
        return next(iter(self._queue.values()), None)

    async def _wait(self, seconds: float) -> None:
        self._poll = poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await poll
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None

    def _wake(self) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(None)


def default_kinds() -> frozenset[str]:
    return frozenset(update_kinds()) - ONLY_WHEN_ASKED


def kinds_of(names: list[str]) -> frozenset[str]:
    """The kinds that *names* stand for. Telegram ignores names it does not know; none left means the default."""
    return frozenset(name.lower() for name in names) & frozenset(update_kinds()) or default_kinds()
