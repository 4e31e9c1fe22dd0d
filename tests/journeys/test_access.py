"""Who may do what: every command and every button, tried by everybody, wherever it can be typed or tapped."""

import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

import pytest
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.app import App, open_app
from domain.knowledge.shelf import Library
from handlers.commands import COMMANDS, IN_STAFF_GROUPS, OFFICERS
from simulator import PretendTelegram, serve
from tests.conftest import LAMONGAN
from tests.support import (
    access_answers,
    access_broadcast_dates,
    access_broadcasts,
    access_broadcasts_sent,
    access_feeds,
    access_interested,
    access_opportunities,
    access_outreach,
    access_report,
    access_seats,
    access_training_desk,
)
from tests.support.access import NOBODY, TABLE, May, tap
from tests.support.attempts import (
    ADMIN,
    EVERYBODY,
    NOW,
    OFFICER,
    PERSON,
    READER,
    Attempt,
    House,
    Outcome,
    Said,
    Who,
    furnish,
)
from tests.support.offices import ON_SQLITE
from tests.support.running import TOKEN, settings_for

__all__ = [  # each adds its rows to TABLE
    "access_answers",
    "access_broadcast_dates",
    "access_broadcasts",
    "access_broadcasts_sent",
    "access_feeds",
    "access_interested",
    "access_opportunities",
    "access_outreach",
    "access_report",
    "access_seats",
    "access_training_desk",
]


def routed(app: App) -> list[str]:
    """Every command and every pattern of the routing table."""
    handlers = [handler for group in app.application.handlers.values() for handler in group]
    commands = [f"/{name}" for handler in handlers if isinstance(handler, CommandHandler) for name in handler.commands]
    taps = [handler.pattern for handler in handlers if isinstance(handler, CallbackQueryHandler)]
    return sorted([*commands, *(pattern.pattern for pattern in taps if isinstance(pattern, re.Pattern))])


@pytest.fixture
async def house(database_url: str, library: Library) -> AsyncIterator[House]:
    """Everything in place and nothing running, on each database."""
    async with serve(PretendTelegram(token=TOKEN)) as address:
        settings = settings_for(address, database_url, DISTRICT_DIR=LAMONGAN)
        async with open_app(settings, now=lambda: NOW, library=library) as app:
            yield await furnish(app)


async def became(house: House, who: Who, may: May) -> str:
    """What comes of one attempt: "may", "told" why not, or "nothing", as if it did not exist."""
    outcome = await house.attempt(who, may.attempt)
    if may.attempt.is_command:
        if outcome.said == await said_to_unknown(house, who, may.attempt):
            return "nothing"
    elif outcome.is_stale:
        return "nothing"
    has_done_it = may.deed in outcome.deeds if may.deed else outcome.refusal is None
    return "may" if has_done_it and outcome.said else "told"


async def said_to_unknown(house: House, who: Who, attempt: Attempt) -> Said:
    """What is said to a command that there is none of, typed in the same place and way."""
    _name, at, rest = attempt.text.partition("@")
    same = replace(attempt, text=f"/tidakada{at}{rest}")
    if (who, same) not in house.known:
        house.known[who, same] = (await house.attempt(who, same)).said
    return house.known[who, same]


def expected(who: Who, may: May) -> str:
    return "may" if who in may.who else "told" if who in may.told else "nothing"


async def differences(house: House, mays: Iterable[May], whos: Iterable[Who] = EVERYBODY) -> list[str]:
    """Each attempt whose outcome is another than the table says, bugs among them."""
    found = []
    for may in mays:
        for who in whos:
            try:
                real = await became(house, who, may)
            except Exception as error:  # noqa: BLE001 -- all that fails is to be seen at once
                real = f"{type(error).__name__}: {error}"
            if real != expected(who, may):
                said = f"{may.attempt.text} in {may.attempt.where} by {who.name}"
                found.append(f"{said}: {real}, not {expected(who, may)}")
    return found


class TestTable:
    async def test_has_every_command_and_button(self, house: House) -> None:
        """What is routed stands in the table, and nothing else: no button is added without saying who may tap it."""
        listed = routed(house.app)

        assert sorted(set(listed) ^ set(TABLE)) == []
        assert len(listed) == len(set(listed))
        assert {name for name in TABLE if name.startswith("/")} == {
            f"/{name}" for name in (*COMMANDS, *OFFICERS, *IN_STAFF_GROUPS)
        }

    async def test_is_how_it_is(self, house: House) -> None:
        """Everybody tries everything: who may does it, and for anybody else it does not exist."""
        assert await differences(house, [may for mays in TABLE.values() for may in mays]) == []

    @ON_SQLITE
    async def test_holds_in_private_only(self, house: House) -> None:
        """A button that has no business in a group does nothing there, whoever forges the tap."""
        apart = []
        for mays in TABLE.values():
            taps = [may for may in mays if not may.attempt.is_command]
            if taps and all(may.attempt.where == "private" for may in taps):
                apart += [May(Attempt(taps[0].attempt.text, where), NOBODY) for where in ("staff", "group")]

        assert await differences(house, apart, (PERSON, ADMIN)) == []


class TestOutcome:
    async def test_tells_them_apart(self, house: House) -> None:
        """The walk itself sees the difference between what is done, what is refused and what does not exist."""
        (forged,) = tap("nothing:1", NOBODY)
        close = TABLE["/selesai"][1]

        assert await became(house, ADMIN, forged) == "nothing"
        assert [await became(house, who, close) for who in (PERSON, READER, OFFICER)] == ["nothing", "told", "may"]
        assert isinstance(await house.attempt(OFFICER, close.attempt), Outcome)
