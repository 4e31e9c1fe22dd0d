"""The chat page's side of the server: its files, what its people see as a stream of events, and what they do there."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from simulator.chats import Chat, Watcher
from simulator.page_deeds import NAMES, Deeds, Misused
from simulator.people import Person
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

FILES = Path(__file__).with_name("page")
ENDINGS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    # The page shows what a bot sends; nothing of that may load or run anything from elsewhere.
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
FIRST_PEOPLE: list[Json] = [{"id": 101, "name": "Sari"}]
LONGEST_CAPTION = 1024
MOST_PEOPLE = 8  # on one page
MOST_WAITING = 500  # events a slow page may be behind before it has to load anew
SIGN_OF_LIFE_AFTER = 15.0  # seconds
RIGHTS = (
    "can_delete_messages",
    "can_manage_topics",
    "can_promote_members",
    "can_post_messages",
)  # of administrators, that a page asks for
RESHAPED: Json = {"event": "reshaped"}


@dataclass(frozen=True)
class ChatPage:
    """*first_people* are whom the page shows when its address names nobody: {"id", "name"[, "language_code"]}."""

    telegram: PretendTelegram
    first_people: list[Json] = field(default_factory=lambda: FIRST_PEOPLE)

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/", self.open)
        app.router.add_get("/favicon.ico", self.show_favicon)
        app.router.add_get("/page/events", self.stream)
        app.router.add_get("/page/file/{file_id}", self.show_file)
        app.router.add_get("/page/{name}", self.show)
        app.router.add_post("/page/upload", self.upload)
        deeds = Deeds(self.telegram)
        for name in NAMES:
            app.router.add_post(f"/page/{name}", self._handler(deeds, getattr(deeds, name)))

    async def open(self, _: web.Request) -> web.Response:
        return _file("chat.html")

    async def show_favicon(self, _: web.Request) -> web.Response:
        return _file("favicon.svg")

    async def show(self, request: web.Request) -> web.Response:
        if request.match_info["name"] not in {path.name for path in FILES.iterdir()}:
            raise web.HTTPNotFound
        return _file(request.match_info["name"])

    async def show_file(self, request: web.Request) -> web.Response:
        """A photo or document of the chat; only photos are shown, anything else is to be saved."""
        stored = self.telegram.files.by_id.get(request.match_info["file_id"])
        if stored is None or not stored.content:
            raise web.HTTPNotFound
        if stored.kind == "photo":
            return web.Response(body=stored.content, content_type="image/jpeg", headers=HEADERS)
        saved = {**HEADERS, "Content-Disposition": "attachment"}
        return web.Response(body=stored.content, content_type="application/octet-stream", headers=saved)

    async def upload(self, request: web.Request) -> web.Response:
        """A person's file: its bytes as the body, ?person=101&chat=101&name=produk.jpg and what else comes with it."""
        try:
            person = Deeds(self.telegram).person({"person": request.query.get("person")})
            content = await request.read()
            if not content:
                raise Misused("the file is empty")
            person.sends_file(
                content, request.query.get("name", "berkas")[-64:], request.content_type, **_with(request)
            )
        except (Misused, LookupError, ValueError) as error:
            return web.json_response({"ok": False, "description": str(error)}, status=400)
        return web.json_response({"ok": True})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """All its people see first, then each event of it. A page that falls behind is cut off, and loads anew."""
        try:
            people = self._people(request)
        except Misused as misused:
            raise web.HTTPBadRequest(reason=str(misused)) from None
        watching = Watching(self.telegram, people)
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        try:
            await response.prepare(request)
            await response.write(b"retry: 500\n\n")  # milliseconds until a page whose connection broke comes back
            watching.start()
            while watching.waiting.qsize() <= MOST_WAITING:
                event = await _next(watching.waiting)
                await _send(response, watching.snapshot() if event is RESHAPED else event)
        except ConnectionError:
            pass  # the page was closed
        finally:
            watching.stop()
        return response

    def _handler(
        self, deeds: Deeds, action: Callable[[Person, Json], Json | None]
    ) -> Callable[[web.Request], Awaitable[Any]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                asked = json.loads(await request.text())
                if not isinstance(asked, dict):
                    raise Misused("an Object was expected")
                answer = {"ok": True, **(action(deeds.person(asked), asked) or {})}
            except (Misused, LookupError, ValueError, TypeError, RecursionError) as error:
                return web.json_response({"ok": False, "description": str(error)}, status=400)
            return web.json_response(answer)

        return handle

    def _people(self, request: web.Request) -> list[Person]:
        """Those of ?people=101,201, the one of ?person=102&name=Budi, else the first people."""
        deeds = Deeds(self.telegram)
        if "people" in request.query:
            ids = list(dict.fromkeys(request.query["people"].split(",")))[:MOST_PEOPLE]
            return [self._named(person_id) for person_id in ids]
        if "person" in request.query:
            return [deeds.person(request.query) if "name" in request.query else self._named(request.query["person"])]
        return [self._named(str(first["id"])) for first in self.first_people]

    def _named(self, person_id: str) -> Person:
        """The person of that id, with the name the first people have."""
        first = next((first for first in self.first_people if str(first["id"]) == person_id), {})
        is_new = person_id.isdecimal() and int(person_id) not in self.telegram.people
        person = Deeds(self.telegram).person({"person": person_id, "name": first.get("name")})
        if is_new and "language_code" in first:
            self.telegram.person(person.id, language_code=first["language_code"])
        return person


class Watching:
    """What one page's people see, as it happens."""

    def __init__(self, telegram: PretendTelegram, people: list[Person]) -> None:
        self._telegram = telegram
        self._people = people
        self.waiting: asyncio.Queue[Json] = asyncio.Queue()
        self._left: list[Callable[[], None]] = []
        self._is_reshaped = False

    def start(self) -> None:
        self._telegram.watchers.add(self._reshaped)
        self._reshaped()

    def stop(self) -> None:
        self._telegram.watchers.discard(self._reshaped)
        for leave in self._left:
            leave()

    def snapshot(self) -> Json:
        """Everything there is to see now. What waits behind it may be older, and does no harm when told again."""
        self._is_reshaped = False
        for leave in self._left:
            leave()
        seen = {person.id: self._chats_of(person) for person in self._people}
        chats = {chat.id: chat for chats in seen.values() for chat in chats}
        self._left = [
            *(_watch(chat.watchers, self._told("chat", chat.id)) for chat in chats.values()),
            *(_watch(person.watchers, self._told("person", person.id)) for person in self._people),
        ]
        telegram = self._telegram
        return {
            "event": "snapshot",
            "now": telegram.clock(),
            "bot": {**telegram.bot, "can_inline": telegram.inline_mode},
            "people": [self._seen_by(person, seen[person.id]) for person in self._people],
            "chats": [self._shown(chat) for chat in chats.values()],
            "everyone": [person.user for person in itertools.islice(telegram.people.values(), 50)],
            "latency": telegram.latency,
            "failures": sum(failure.times for failure in telegram.failures.ordered),
        }

    def _seen_by(self, person: Person, chats: list[Chat]) -> Json:
        """What differs from person to person: their language, their menus, what the bot calls itself to them."""
        profile, language = self._telegram.profile, person.user.get("language_code", "")
        return {
            "user": person.user,
            "has_blocked": person.has_blocked,
            "bot_name": profile.text("name", language) or self._telegram.bot["first_name"],
            "description": profile.text("description", language),
            "chats": [
                {"id": chat.id, "commands": self._telegram.menu(person, chat), **self._standing(person, chat)}
                for chat in chats
            ],
        }

    def _standing(self, person: Person, chat: Chat) -> Json:
        """What a person may do in a group or channel."""
        gathering = self._telegram.gathering(chat.id)
        if gathering is None:
            return {}
        rights = [right for right in RIGHTS if gathering.may(person.id, right)]
        return {"rights": rights, "is_anonymous": bool(gathering.members[person.id].get("is_anonymous"))}

    def _shown(self, chat: Chat) -> Json:
        group, gathering = self._telegram.groups.get(chat.id), self._telegram.gathering(chat.id)
        everyone = gathering.members.items() if gathering else ()
        members = {user: member for user, member in everyone if gathering and gathering.is_in(user)}
        bot_status = members.get(self._telegram.bot["id"], {}).get("status", "left") if gathering else "member"
        return {
            **chat.info,
            "messages": list(chat.messages.values()),
            "reactions": {
                str(number): chat.reactions_under(number) for number in {*chat.reactions, *chat.peoples_reactions}
            },
            "authors": {str(number): author for number, author in chat.authors.items()},
            "keyboard": chat.keyboard,
            "pinned": chat.pinned,
            "read": sorted(chat.read),
            "members": {str(user): member["status"] for user, member in members.items()},
            "bot_status": bot_status,
            "topics": group.forum.shown() if group else [],
        }

    def _chats_of(self, person: Person) -> list[Chat]:
        telegram = self._telegram
        groups = [group for group in telegram.groups.values() if not group.migrated_to]
        gatherings = [*groups, *telegram.channels.values()]
        return [person.chat, *(gathering.chat for gathering in gatherings if gathering.is_in(person.id))]

    def _reshaped(self) -> None:
        if not self._is_reshaped:
            self._is_reshaped = True
            self.waiting.put_nowait(RESHAPED)

    def _told(self, whose: str, number: int) -> Watcher:
        return lambda event: self.waiting.put_nowait({**event, whose: number})


def _watch(watchers: set[Watcher], watcher: Watcher) -> Callable[[], None]:
    watchers.add(watcher)
    return lambda: watchers.discard(watcher)


async def _next(waiting: asyncio.Queue[Json]) -> Json:
    try:
        async with asyncio.timeout(SIGN_OF_LIFE_AFTER):
            return await waiting.get()
    except TimeoutError:
        return {"event": "alive"}


async def _send(response: web.StreamResponse, event: Json) -> None:
    await response.write(f"data: {json.dumps(event)}\n\n".encode())


def _with(request: web.Request) -> Json:
    """Where a file goes, and its caption. Raises ValueError for what is no number."""
    asked = request.query
    numbers = {name: int(asked.get(name, 0)) or None for name in ("chat", "thread", "reply_to")}
    words = {name: asked.get(name, "").strip()[:LONGEST_CAPTION] or None for name in ("album", "caption")}
    return {**numbers, **words}


def _file(name: str) -> web.Response:
    kind = ENDINGS[Path(name).suffix]
    return web.Response(body=(FILES / name).read_bytes(), content_type=kind, charset="utf-8", headers=HEADERS)
