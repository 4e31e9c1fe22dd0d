"""The chat page's side of the server: its files, a chat as a stream of events, and what a person does there."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from simulator.people import Person
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

FILES = Path(__file__).with_name("page")
TYPES = {
    "chat.html": "text/html",
    "chat.css": "text/css",
    "chat.js": "text/javascript",
    "render.js": "text/javascript",
    "favicon.svg": "image/svg+xml",
}
HEADERS = {
    # The page shows what a bot sends; nothing of that may load or run anything from elsewhere.
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
DEMO_PERSON = 101
DEMO_NAME = "Sari"
LARGEST_ID = 2**52
LONGEST_NAME = 64
MOST_WAITING = 500  # events a slow page may be behind before it has to load anew
SIGN_OF_LIFE_AFTER = 15.0  # seconds


class Misused(Exception):
    """A page sent what it cannot send; the text says what."""


@dataclass(frozen=True)
class ChatPage:
    telegram: PretendTelegram

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/", self.open)
        app.router.add_get("/favicon.ico", self.show_favicon)
        app.router.add_get("/page/events", self.stream)
        app.router.add_get("/page/file/{file_id}", self.show_file)
        app.router.add_get("/page/{name}", self.show)
        for name in ("write", "tap", "share"):
            app.router.add_post(f"/page/{name}", self._handler(getattr(self, name)))

    async def open(self, _: web.Request) -> web.Response:
        return _file("chat.html")

    async def show_favicon(self, _: web.Request) -> web.Response:
        return _file("favicon.svg")

    async def show(self, request: web.Request) -> web.Response:
        if request.match_info["name"] not in TYPES:
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

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """The whole chat first, then each event of it. A page that falls behind is cut off, and loads anew."""
        try:
            person = self._person(request.query)
        except Misused as misused:
            raise web.HTTPBadRequest(reason=str(misused)) from None
        waiting: asyncio.Queue[Json] = asyncio.Queue()
        person.chat.watchers.add(waiting.put_nowait)
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        try:
            await response.prepare(request)
            await response.write(b"retry: 500\n\n")  # milliseconds until a page whose connection broke comes back
            await _send(response, {"event": "snapshot", **self._snapshot(person)})
            while waiting.qsize() <= MOST_WAITING:
                await _send(response, await _next(waiting))
        except ConnectionError:
            pass  # the page was closed
        finally:
            person.chat.watchers.discard(waiting.put_nowait)
        return response

    def write(self, person: Person, asked: Json) -> None:
        text = asked.get("text")
        if not isinstance(text, str):
            raise Misused("no text")
        person.write(text)

    def tap(self, person: Person, asked: Json) -> Json:
        message_id, data = asked.get("message_id"), asked.get("data")
        if not isinstance(message_id, int) or not isinstance(data, str):
            raise Misused("no button")
        return {"query_id": person.tap_data(message_id, data)}

    def share(self, person: Person, asked: Json) -> None:
        """The two things a reply keyboard's button can ask for."""
        if asked.get("what") == "contact":
            name = person.user["first_name"]
            person.sends("contact", phone_number=f"+62{person.id:010d}", first_name=name, user_id=person.id)
        elif asked.get("what") == "location":
            person.sends("location")
        else:
            raise Misused("nothing to share")

    def _handler(self, action: Callable[[Person, Json], Json | None]) -> Callable[[web.Request], Awaitable[Any]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                asked = json.loads(await request.text())
                if not isinstance(asked, dict):
                    raise Misused("an Object was expected")
                answer = {"ok": True, **(action(self._person(asked), asked) or {})}
            except (Misused, LookupError, ValueError, RecursionError) as error:
                return web.json_response({"ok": False, "description": str(error)}, status=400)
            return web.json_response(answer)

        return handle

    def _person(self, asked: Any) -> Person:
        number = str(asked.get("person", DEMO_PERSON))
        if not number.isascii() or not number.isdecimal() or not 0 < int(number[:17]) < LARGEST_ID:
            raise Misused("person must be a positive number")
        person_id = int(number)
        name = str(asked.get("name") or "")[:LONGEST_NAME].strip()
        if person_id in self.telegram.people:
            return self.telegram.person(person_id)
        person = self.telegram.person(person_id, name or (DEMO_NAME if person_id == DEMO_PERSON else None))
        person.has_started = False  # who opens a chat has not pressed START yet
        return person

    def _snapshot(self, person: Person) -> Json:
        telegram, language = self.telegram, person.user.get("language_code", "")
        return {
            "now": time.time(),
            "person": person.user,
            "bot": {
                **telegram.bot,
                "first_name": telegram.profile.text("name", language) or telegram.bot["first_name"],
            },
            "description": telegram.profile.text("description", language),
            "messages": person.messages(),
            "reactions": {str(number): given for number, given in person.chat.reactions.items()},
            "keyboard": person.chat.keyboard,
            "commands": telegram.profile.commands_seen(person.id, language),
            "people": [other.user for other in list(telegram.people.values())[:20]],
        }


async def _next(waiting: asyncio.Queue[Json]) -> Json:
    try:
        async with asyncio.timeout(SIGN_OF_LIFE_AFTER):
            return await waiting.get()
    except TimeoutError:
        return {"event": "alive"}


async def _send(response: web.StreamResponse, event: Json) -> None:
    await response.write(f"data: {json.dumps(event)}\n\n".encode())


def _file(name: str) -> web.Response:
    return web.Response(body=(FILES / name).read_bytes(), content_type=TYPES[name], charset="utf-8", headers=HEADERS)
