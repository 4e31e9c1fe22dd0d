"""The control API: what tests and benchmarks of another process do to the pretend Telegram, as POSTs of JSON.

Who reaches the address can do all of it, so it belongs on the loopback only.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from aiohttp import web

from simulator.groups import Group
from simulator.members import Gathering
from simulator.people import Person
from simulator.settings import change, settings_of
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

DEEDS = {
    *("write", "edit", "delete", "react", "tap", "tap_data", "press", "sends", "sends_album", "shares_contact"),
    *(
        "shares_location",
        "forward",
        "forward_message",
        "forward_messages",
        "hides_account",
        "inline",
        "inline_answer",
        "choose",
    ),
    *("blocks_bot", "unblocks_bot"),
}
GROUP_DEEDS = {
    *("add_bot", "remove_bot", "promote_bot", "demote_bot", "add", "remove", "promote", "demote", "rename", "migrate"),
    *("create_topic", "rename_topic", "close_topic", "reopen_topic", "delete_topic", "topic", "switch_topics"),
}
CHANNEL_DEEDS = {"add_bot", "remove_bot", "add", "remove", "promote", "demote", "rename"}
LONGEST_WAIT = 600  # seconds


class Impossible(Exception):
    """What was asked for cannot be done; the text says why."""


@dataclass(frozen=True)
class Control:
    telegram: PretendTelegram

    def add_to(self, app: web.Application) -> None:
        for name in NAMES:
            app.router.add_post(f"/control/{name}", self._handler(getattr(self, name)))

    async def people(self, asked: Json) -> Json:
        """{"people": [{"id": 101, "first_name": "Sari", …}]} or {"first_id": 1000, "count": 500}: make them."""
        listed = asked.get("people", [])
        ids = range(asked["first_id"], asked["first_id"] + asked["count"]) if "first_id" in asked else []
        for person in [*listed, *({"id": person_id} for person_id in ids)]:
            details = dict(person)
            self.telegram.person(details.pop("id"), **details)
        return {"people": len(self.telegram.people)}

    async def groups(self, asked: Json) -> Json:
        """{"groups": [{"group_id": -500, "title": "Batik", "members": [101]}]}: as PretendTelegram.group takes them."""
        for group in asked["groups"]:
            self.telegram.group(**group)
        return {"groups": len(self.telegram.groups)}

    async def channels(self, asked: Json) -> Json:
        """{"channels": [{"channel_id": -1000000000900, "title": "Kabar", "members": [101]}]}: likewise."""
        for channel in asked["channels"]:
            self.telegram.channel(**channel)
        return {"channels": len(self.telegram.channels)}

    async def do(self, asked: Json) -> Json:
        """{"deeds": [{"person": 101, "do": "write", "text": "halo"}, …]}: Person's methods, in bulk.

        {"group": -500, "do": "add_bot", "by": 101} is one of a group's, {"channel": …} one of a channel's.
        Answers {"results": […]} with the message or the id of the tap each returned.
        """
        return {"results": [self._deed(dict(deed)) for deed in asked["deeds"]]}

    async def push(self, asked: Json) -> Json:
        """{"updates": […]}: raw updates, exactly as given."""
        return {"updates": [self.telegram.push(update) for update in asked["updates"]]}

    async def settings(self, asked: Json) -> Json:
        """{"latency": 0.05, "flood_limits": true}: set what is given; answers all of them (settings.py has them)."""
        change(self.telegram, asked)
        return settings_of(self.telegram)

    async def fail(self, asked: Json) -> Json:
        """The parameters of PretendTelegram.fail."""
        self.telegram.fail(**asked)
        return {}

    async def outage(self, asked: Json) -> Json:
        """{"seconds": 5}: be away for so long. Control is away too, hence an outage that ends by itself."""
        asyncio.get_running_loop().call_later(0.05, self._go_away, float(asked["seconds"]))
        return {}

    async def wait(self, asked: Json) -> Json:
        """{"calls": 1000, "method": "sendMessage", "pending_updates": 0, "timeout": 30}: until all that is given holds.

        *calls* counts those accepted, of *method* if given. Answers {"is_so": true}, or false after *timeout* seconds.
        """
        seconds = min(float(asked.get("timeout", 5)), LONGEST_WAIT)
        try:
            await self.telegram.wait_until(lambda: self._holds(asked), timeout=seconds)
        except TimeoutError:
            return {"is_so": False}
        return {"is_so": True}

    async def calls(self, asked: Json) -> Json:
        """{"since": 0, "method": "sendMessage"}: the calls from that one on; *next* is where to go on from."""
        calls = self.telegram.calls[asked.get("since", 0) :]
        method = asked.get("method")
        chosen = [asdict(call) for call in calls if method in (None, call.method)]
        return {"calls": chosen, "next": len(self.telegram.calls)}

    async def arrivals(self, asked: Json) -> Json:
        """{"since": 0, "clear": true}: when each accepted call came, as columns; *next* is where to go on from."""
        arrivals = self.telegram.record.arrivals
        told = {**arrivals.told(int(asked.get("since", 0))), "next": len(arrivals)}
        if asked.get("clear"):
            arrivals.clear()
            told["next"] = 0
        return told

    async def chats(self, asked: Json) -> Json:
        """{"people": [101]}: what they see, texts, messages, alerts; of all without that, groups and channels too."""
        ids = asked.get("people") or list(self.telegram.people)
        people = [self._person(person_id) for person_id in ids if person_id > 0]
        gatherings = [*self.telegram.groups.values(), *self.telegram.channels.values()]
        shown = [gathering for gathering in gatherings if not asked.get("people") or gathering.id in ids]
        told = {str(one.id): {"texts": one.texts(), "messages": one.messages()} for one in shown}
        return {"chats": told | {str(person.id): _seen(person) for person in people}}

    async def state(self, _: Json) -> Json:
        """{}: how many calls there were, by method and by refusal, how many updates wait, and words for people."""
        telegram, record = self.telegram, self.telegram.record
        counts = {"calls": record.accepted.total() + record.refused.total(), "accepted": dict(record.accepted)}
        refused = {str(status): count for status, count in record.refused.items()}
        waiting = {"pending_updates": telegram.pending_updates()}
        return {**counts, "refused": refused, **waiting, "description": telegram.describe()}

    def _handler(self, action: Callable[[Json], Any]) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            try:
                asked = json.loads(await request.text() or "{}")
                if not isinstance(asked, dict):
                    raise Impossible("an Object was expected")
                answer, status = {"ok": True, **await action(asked)}, 200
            except (Impossible, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
                answer, status = {"ok": False, "description": f"{type(error).__name__}: {error}"}, 400
            return web.json_response(answer, status=status, dumps=_dumps)

        return handle

    def _deed(self, deed: Json) -> Any:
        if "group" in deed:
            return self._gathering_deed(self.telegram.groups[deed.pop("group")], GROUP_DEEDS, deed)
        if "channel" in deed:
            return self._gathering_deed(self.telegram.channels[deed.pop("channel")], CHANNEL_DEEDS, deed)
        person, name = self._person(deed.pop("person")), deed.pop("do")
        if name not in DEEDS:
            raise Impossible(f"people do no {name!r}; they do {', '.join(sorted(DEEDS))}")
        return getattr(person, name)(**deed)

    def _gathering_deed(self, gathering: Gathering, deeds: set[str], deed: Json) -> Any:
        name = deed.pop("do")
        if name not in deeds:
            raise Impossible(f"they do no {name!r}; they do {', '.join(sorted(deeds))}")
        told = {key: self._person(value) if key in ("by", "person") else value for key, value in deed.items()}
        result = getattr(gathering, name)(**told)
        return result.id if isinstance(result, Group) else result

    def _person(self, person_id: Any) -> Person:
        if isinstance(person_id, bool) or not isinstance(person_id, int) or person_id <= 0:
            raise Impossible(f"a person's id is a positive Integer, not {person_id!r}")
        return self.telegram.person(person_id)

    def _go_away(self, seconds: float) -> None:
        self.telegram.outage = True
        asyncio.get_running_loop().call_later(seconds, setattr, self.telegram, "outage", False)

    def _holds(self, asked: Json) -> bool:
        telegram, method = self.telegram, asked.get("method")
        if "pending_updates" in asked and telegram.pending_updates() > asked["pending_updates"]:
            return False
        if "calls" not in asked:
            return True
        accepted = telegram.record.accepted
        return (accepted[method] if method else accepted.total()) >= int(asked["calls"])


NAMES = (
    *("people", "groups", "channels", "do", "push", "settings", "fail", "outage", "wait", "calls", "arrivals"),
    *("chats", "state"),
)


def _seen(person: Person) -> Json:
    return {"texts": person.texts(), "messages": person.messages(), "alerts": person.alerts()}


def _dumps(value: Any) -> str:
    return json.dumps(value, default=repr)  # an Upload has no other way to be shown
