"""The loops of one process, and which bell wakes which."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.feeds import watching
from bot.loops import LOOK_EVERY, Loop
from db import bulk, leadership
from db.frozen import end_frozen
from domain import erasure
from domain.broadcasts import running
from domain.opportunities import feeds
from domain.opportunities import running as opportunities
from domain.opportunities.marks import STEPS

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()

RECOVER_EVERY = 10.0

MATCH_EVERY = 1.0
"""Seconds between looks for opportunities that are due; what is new rings."""

LOOK_FOR_FROZEN_EVERY = 2.0
"""Seconds; in every process, since it may be the leader that froze."""


@dataclass(frozen=True)
class Wanted:
    """What a process is to do."""

    receives: bool = True
    dispatches: bool = True
    delivers: bool = True


def wire(app: App, wanted: Wanted) -> list[Loop]:
    """The loops that do what is *wanted*, their bells connected; none runs yet."""
    leads, deliverer, lane = app.leader, app.deliverer, app.bulk
    receive = _receiving(app)
    dispatch = Loop("dispatcher", app.dispatcher.dispatch_next)
    deliver = Loop("deliverer", leads.only(deliverer.deliver_next), rest=deliverer.rest)
    settle = Loop("settler", deliverer.settle_next)
    settle.bell = deliverer.settle_bell
    recover = Loop("recovery", leads.only(deliverer.recover), rest=lambda: RECOVER_EVERY)
    advance = Loop("broadcasts", leads.only(_advancing(app)))
    match = Loop("opportunities", leads.only(matching(app)), rest=lambda: MATCH_EVERY)
    send = Loop("bulk", leads.only(lane.send_next), rest=lane.rest)
    send.bell = lane.bell
    settle_bulk = Loop("bulk settler", lane.settle_next, rest=lane.rest_of_settling)
    settle_bulk.bell = lane.settle_bell
    recover_bulk = Loop("bulk recovery", leads.only(lane.recover), rest=lambda: RECOVER_EVERY)
    erase = Loop("erasures", leads.only(app.erasures.finish_next), rest=app.erasures.rest)
    read = Loop("feeds", leads.only(app.feeds.look_next), rest=lambda: watching.LOOK_EVERY, takes=watching.TAKES)
    sends = (deliver, settle, recover, advance, match, read, send, settle_bulk, recover_bulk, erase)
    app.database.on_new = {
        "inbox": dispatch.bell.ring,
        "outbox": deliver.bell.ring,
        bulk.QUEUE: lane.wake,
        running.STEPS: advance.bell.ring,
        STEPS: match.bell.ring,
        feeds.QUEUE: read.bell.ring,
        erasure.QUEUE: erase.bell.ring,
    }
    app.dispatcher.on_done = dispatch.bell.ring
    deliverer.on_room = deliver.bell.ring
    deliverer.may_send = lane.may_send = leads.holds
    loops = [*([receive] if wanted.receives else []), *([dispatch] if wanted.dispatches else [])]
    loops += sends if wanted.delivers else ()
    loops += _of_replicas(app, wanted) if not app.database.is_sqlite else ()
    _follow_leadership(app, loops)
    return loops


def _receiving(app: App) -> Loop:
    if app.settings.RECEIVE == "webhook":
        # Every replica takes what Telegram posts.
        storing = Loop("webhook", app.webhook.store_next)
        app.webhook.ring = storing.bell.ring
        return storing
    leads = app.leader
    return Loop("receiver", leads.only(app.receiver.receive_next), rest=lambda: 0.0 if leads.leads else LOOK_EVERY)


def _of_replicas(app: App, wanted: Wanted) -> list[Loop]:
    """What there is only where several processes share a database."""

    async def thaw() -> bool:
        # By the reading door: those who wait for the locks may hold every connection of the other one.
        async with app.database.reading() as session:
            if ended := await end_frozen(session):
                log.warning("transactions of a frozen process ended", transactions=ended)
        return False

    lead = Loop("leader", app.leader.renew, rest=leadership.RENEW_EVERY.total_seconds)
    may_lead = wanted.receives or wanted.delivers
    return [*([lead] if may_lead else []), Loop("thawing", thaw, rest=lambda: LOOK_FOR_FROZEN_EVERY)]


def _advancing(app: App) -> Callable[[], Awaitable[bool]]:
    async def advance() -> bool:
        """Start, write down and end what is due of the broadcasts."""
        async with app.database.transaction(bulk=True) as session:
            return await running.advance(session, app.house.district, app.house.now())

    return advance


def matching(app: App) -> Callable[[], Awaitable[bool]]:
    async def match() -> bool:
        """Publish, match, tell and end what is due of the opportunities."""
        now = app.house.now()
        async with app.database.reading() as session:
            if not await opportunities.is_due(session, now):
                return False
        async with app.database.transaction(bulk=True) as session:
            # Not by our own clock only: two at a time would reckon by the same room.
            if not await app.leader.begins_alone(session, STEPS):
                return False
            return await opportunities.advance(session, app.house.district, now)

    return match


def _follow_leadership(app: App, loops: list[Loop]) -> None:
    async def take_over() -> None:
        """A new leader finds what the last one left under way, and hears Telegram afresh."""
        await app.deliverer.take_over()
        await app.bulk.take_over()
        app.receiver.begin()
        for loop in loops:
            loop.bell.ring()  # they found somebody else leading, and rest

    app.leader.on_take, app.leader.on_lose = take_over, app.receiver.stop
