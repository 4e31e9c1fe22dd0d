"""/metrics for Prometheus: what came in, what was answered, what waits, and what was sent.

No label holds anything of a person, and each has a closed list of values.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable
from itertools import product
from typing import get_args

import structlog
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Update

from bot.outcomes import Verdict
from db import inbox, outbox
from db.models import Lane, RecipientState
from db.session import Database, Session
from domain.answering.verdict import Outcome
from domain.broadcasts.sending import Call
from handlers.turn import Turn

log = structlog.get_logger()

KINDS = frozenset(Update.ALL_TYPES)
"""Of updates; whatever else comes, malformed ones too, is "other"."""

NO_HANDLER = "none"
"""The turn of an update that is met with silence, or that failed before a handler took it."""

TURN_OUTCOMES = ("ok", "refused", "failed", "parked", "lost")
SEND_RESULTS = ("sent", "retry", "flood", "failed", "skipped", "uncertain")

BULK_RESULTS = {
    RecipientState.SENT: "sent",
    RecipientState.WAITING: "retry",
    RecipientState.BLOCKED: "failed",
    RecipientState.FAILED: "failed",
    RecipientState.UNCERTAIN: "uncertain",
}
"""What became of a recipient, as a result of the call."""

TURN_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0, 20.0)
SEND_BUCKETS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0)
"""Seconds."""

DATABASE_SECONDS = 3.0
"""How long a scrape waits for the database before it does without."""


class Metrics:
    """The figures of one process, in a registry of their own. What is counted twice by two processes adds up;
    what is asked of the database is the same in each."""

    def __init__(self, *, silence: Callable[[], float], leads: Callable[[], bool]) -> None:
        """*silence*: seconds since Telegram's last good answer; *leads*: whether this process leads."""
        # They would be a second series beside each counter, of which nobody asks.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the package left it untyped
        self.registry = CollectorRegistry()
        self._count_flow()
        self._measure_queues()
        silent = self._gauge("telegram_silence_seconds", "Seconds since Telegram's last good answer.")
        silent.set_function(silence)
        leader = self._gauge("leader", "1 in the process that polls, ticks and sends.")
        leader.set_function(lambda: float(leads()))
        ProcessCollector(registry=self.registry)

    def _count_flow(self) -> None:
        self._received = self._counter("updates_received", "Updates stored, by kind; repeated ones too.", "kind")
        self._turns = self._counter("turns", "Turns that ended, by handler and outcome.", "handler", "outcome")
        self._turn_seconds = self._histogram("turn_seconds", "How long turns took.", TURN_BUCKETS, "handler")
        self._answers = self._counter("answers", "Questions by what became of them, once committed.", "outcome")
        self._sends = self._counter("sends", "Calls to Telegram, by lane and result.", "lane", "result")
        self._send_seconds = self._histogram("send_seconds", "How long calls took.", SEND_BUCKETS, "lane")
        # At nought from the start: of a series that begins with its first event Prometheus never sees the rise.
        for outcome in get_args(Outcome):
            self._answers.labels(outcome)
        for lane, result in product(Lane, SEND_RESULTS):
            self._sends.labels(_name(lane), result)
        self._handlers: set[str] = set()
        self._meet(NO_HANDLER)

    def _meet(self, handler: str) -> None:
        if handler not in self._handlers:
            self._handlers.add(handler)
            for outcome in TURN_OUTCOMES:
                self._turns.labels(handler, outcome)

    def _measure_queues(self) -> None:
        self._inbox = self._gauge("inbox_updates", "Updates that wait or are parked.", "state")
        self._inbox_oldest = self._gauge("inbox_oldest_seconds", "How long the oldest update has waited.")
        self._outbox = self._gauge("outbox_calls", "Calls that are owed.", "lane", "state")
        self._outbox_oldest = self._gauge("outbox_oldest_seconds", "How long the oldest call has waited.", "lane")
        self._database_up = self._gauge("database_up", "1 when the database told what waits.")

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"umkm_{name}", what, labels, registry=self.registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"umkm_{name}", what, labels, registry=self.registry)

    def _histogram(self, name: str, what: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"umkm_{name}", what, labels, buckets=buckets, registry=self.registry)

    # What the loops tell.

    def count_updates(self, updates: Iterable[inbox.Accepted]) -> None:
        """Updates that were stored."""
        for accepted in updates:
            self._received.labels(accepted.kind if accepted.kind in KINDS else "other").inc()

    def count_turn(self, turn: Turn | None, outcome: str, seconds: float) -> None:
        """A turn that ended ok, refused, failed, parked or lost; its answer counts once it is committed."""
        handler = turn.handled_by if turn else NO_HANDLER
        self._meet(handler)
        self._turns.labels(handler, outcome).inc()
        self._turn_seconds.labels(handler).observe(seconds)
        if turn and turn.answered_with and outcome == "ok":
            self._answers.labels(turn.answered_with).inc()

    def count_send(self, verdict: Verdict, seconds: float | None) -> None:
        """A call and what became of it; *seconds* None for one that was not made any more."""
        lane = _name(verdict.settlement.owed.lane)
        self._sends.labels(lane, verdict.result).inc()
        if seconds is not None:
            self._send_seconds.labels(lane).observe(seconds)

    def count_bulk(self, call: Call, became: RecipientState, seconds: float) -> None:
        """A call of a broadcast, and what became of whom it went to."""
        self._sends.labels("bulk", BULK_RESULTS[became]).inc()
        self._send_seconds.labels("bulk").observe(seconds)

    # What Prometheus asks.

    async def page(self, database: Database) -> bytes:
        """All figures as Prometheus reads them; without those of the queues while the database is away."""
        try:
            async with asyncio.timeout(DATABASE_SECONDS), database.reading() as session:
                await self._ask(session)
            self._database_up.set(1)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the other figures are wanted all the more
            log.warning("no figures of the queues", error=type(error).__name__)
            self._database_up.set(0)
            for gauge in (self._inbox, self._outbox, self._outbox_oldest):
                gauge.clear()
            self._inbox_oldest.set(float("nan"))
        return generate_latest(self.registry)

    async def _ask(self, session: Session) -> None:
        numbers, oldest = await inbox.backlog(session)
        for state, number in numbers.items():
            self._inbox.labels(state).set(number)
        self._inbox_oldest.set(oldest)
        owed, waited = await outbox.backlog(session)
        for (lane, state), number in owed.items():
            self._outbox.labels(_name(lane), state).set(number)
        for lane, seconds in waited.items():
            self._outbox_oldest.labels(_name(lane)).set(seconds)


def _name(lane: int) -> str:
    return Lane(lane).name.lower()


def page_of(metrics: Metrics, database: Database, token: str) -> Route:
    """/metrics; with a *token* only for those who send it as `Authorization: Bearer …`, else 401."""
    # As bytes, since a header may hold letters that a comparison of texts refuses.
    expected = f"Bearer {token}".encode()

    async def show(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if token and not secrets.compare_digest(given, expected):
            return PlainTextResponse("METRICS_TOKEN is needed\n", 401, {"WWW-Authenticate": "Bearer"})
        return Response(await metrics.page(database), media_type=CONTENT_TYPE_LATEST)

    return Route("/metrics", show)
