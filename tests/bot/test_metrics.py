"""/metrics: what happens is counted, what waits is asked of the database, and nobody is recognisable in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import update
from telegram import Update
from telegram.ext import MessageHandler, filters

from bot import health
from bot.app import App
from bot.metrics import KINDS, Metrics, page_of
from db import inbox, outbox
from db.inbox import Accepted
from db.models import Delivery, Lane, ReceivedUpdate
from db.session import Database, open_database
from handlers.turn import Context
from tests.faults.waiting import until
from tests.support.running import RunningBot

QUESTION = "cara bikin nib gimana"


def metrics() -> Metrics:
    return Metrics(silence=lambda: 7.5, leads=lambda: True)


async def figures(told: Metrics, database: Database) -> dict[str, float]:
    """Every figure by name and labels, as `turns_total{handler=ask.rate,outcome=ok}`; ours without `umkm_`."""
    page = (await told.page(database)).decode()
    samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    return {_written(sample.name, sample.labels): sample.value for sample in samples}


def _written(name: str, labels: dict[str, str]) -> str:
    inside = ",".join(f"{label}={labels[label]}" for label in sorted(labels))
    return name.removeprefix("umkm_") + (f"{{{inside}}}" if inside else "")


class Counted:
    """Waits for figures, since a turn is counted a moment after its commit."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.last: dict[str, float] = {}

    async def has(self, expected: dict[str, float]) -> None:
        async def holds() -> bool:
            self.last = await figures(self._app.metrics, self._app.database)
            return all(self.last.get(name) == number for name, number in expected.items())

        await until(holds, lambda: f"{expected} not in {self.last}")


async def fail(_: Update, __: Context) -> None:
    raise ValueError("out of sugar")


class TestFlow:
    async def test_counts_what_is_answered(self, bot: RunningBot) -> None:
        """An update, its turn by the handler's name, its answer and the reply's call are each counted once."""
        await bot.says(bot.person(), QUESTION)
        await bot.says(bot.person(), "matur nuwun")

        await Counted(bot.app).has(
            {
                "updates_received_total{kind=message}": 2,
                "turns_total{handler=ask.answer_text,outcome=ok}": 2,
                "turn_seconds_count{handler=ask.answer_text}": 2,
                "answers_total{outcome=answer}": 1,
                "answers_total{outcome=smalltalk}": 1,
                "sends_total{lane=reply,result=sent}": 2,
                "send_seconds_count{lane=reply}": 2,
                "leader": 1,
                "database_up": 1,
            }
        )

    async def test_counts_a_refusal(self, bot: RunningBot) -> None:
        """A tap that is refused counts as refused by the handler that took it, and its answer in the lane of taps."""
        sari = bot.person()
        await bot.says(sari, QUESTION)
        sari.tap_data(sari.messages()[-1]["message_id"], "guess:99999.P05")
        await bot.telegram.wait_until(sari.alerts, timeout=10)

        await Counted(bot.app).has(
            {
                "updates_received_total{kind=callback_query}": 1,
                "turns_total{handler=ask.take_guess,outcome=refused}": 1,
                "sends_total{lane=tap,result=sent}": 1,
            }
        )

    async def test_counts_no_answer_that_was_undone(self, bot: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
        """A turn that fails is counted at each try, parked at the last; its answer was never given and counts not."""
        monkeypatch.setattr(inbox, "RETRY_AFTER", (timedelta(), timedelta()))  # for how long it rests is no matter here
        bot.app.application.add_handler(MessageHandler(filters.Text([QUESTION]), fail), group=1)
        await bot.says(bot.person(), QUESTION)

        await Counted(bot.app).has(
            {
                "turns_total{handler=ask.answer_text,outcome=failed}": 2,
                "turns_total{handler=ask.answer_text,outcome=parked}": 1,
                "answers_total{outcome=answer}": 0,
                "inbox_updates{state=parked}": 1,
            }
        )

    async def test_counts_a_claim_that_was_lost(self, bot: RunningBot) -> None:
        """A turn whose update somebody else took over is lost, and undone."""

        async def lose(_: Update, context: Context) -> None:
            taken = update(ReceivedUpdate).values(claim_token="somebody else's")
            await (await context.turn.session.connection()).execute(taken)

        bot.app.application.add_handler(MessageHandler(filters.Text([QUESTION]), lose), group=1)
        bot.person().write(QUESTION)

        await Counted(bot.app).has({"turns_total{handler=ask.answer_text,outcome=lost}": 1})

    async def test_names_no_kind_it_does_not_know(self, bot: RunningBot) -> None:
        """A kind of update that is new, or made up, is "other": labels stay few."""
        bot.app.metrics.count_updates([Accepted(1, 0, "message", {}), Accepted(2, 0, "sari's telephone", {})])

        found = await figures(bot.app.metrics, bot.database)
        kinds = [name for name in found if name.startswith("updates_received_total")]
        assert kinds == ["updates_received_total{kind=message}", "updates_received_total{kind=other}"]
        assert "message" in KINDS

    async def test_silence_has_no_handler(self, bot: RunningBot) -> None:
        """An update that nobody answers is a turn like any other, by nobody."""
        sari = bot.person()
        bot.telegram.group(-500, "Warga", members=[sari], bot="administrator")
        sari.write("/start")
        sari.write("besok rapat jam berapa", chat=-500)

        await Counted(bot.app).has(
            {"turns_total{handler=start.welcome,outcome=ok}": 1, "turns_total{handler=none,outcome=ok}": 1}
        )


class TestStart:
    async def test_begins_at_nought(self, database_url: str) -> None:
        """What may happen stands at nought before it does: Prometheus sees the first one only as a rise."""
        async with open_database(database_url) as database:
            found = await figures(metrics(), database)

        assert found["answers_total{outcome=handover}"] == 0
        assert found["sends_total{lane=bulk,result=uncertain}"] == 0
        assert found["turns_total{handler=none,outcome=parked}"] == 0


class TestSends:
    @pytest.mark.parametrize(
        ("kind", "lane", "result"),
        [
            ("429", Lane.REPLY, "flood"),
            ("500", Lane.REPLY, "retry"),
            ("403", Lane.REPLY, "failed"),
            ("reset_after", Lane.BULK, "uncertain"),
        ],
    )
    async def test_are_counted_by_result(self, bot: RunningBot, kind: str, lane: Lane, result: str) -> None:
        """Each thing that may become of a call has its name."""
        bot.telegram.fail("sendMessage", kind=kind)
        await owe(bot.database, bot.person().id, lane)

        await Counted(bot.app).has({f"sends_total{{lane={lane.name.lower()},result={result}}}": 1})

    async def test_count_a_tap_that_came_too_late(self, bot: RunningBot) -> None:
        """An answer to a tap that nobody waits for any more is skipped: counted, but not timed."""
        row = a_call(bot.person().id, Lane.TAP, created_at=datetime.now(UTC) - timedelta(minutes=1))
        async with bot.database.transaction() as session:
            await outbox.enqueue(session, row)

        counted = Counted(bot.app)
        await counted.has({"sends_total{lane=tap,result=skipped}": 1})
        assert "send_seconds_count{lane=tap}" not in counted.last


def a_call(chat_id: int, lane: Lane, created_at: datetime) -> Delivery:
    arguments: dict[str, Any] = {"chat_id": chat_id, "text": "Halo"}
    return Delivery(chat_id=chat_id, lane=lane, method="send_message", arguments=arguments, created_at=created_at)


async def owe(database: Database, chat_id: int, lane: Lane) -> None:
    async with database.transaction() as session:
        await outbox.enqueue(session, a_call(chat_id, lane, datetime.now(UTC)))


class TestQueues:
    async def test_are_asked_of_the_database(self, database_url: str) -> None:
        """How much waits, and how long the oldest has waited, is what stands in the database now."""
        async with open_database(database_url) as database:
            async with database.transaction() as session:
                waiting = [Accepted(number, number, "message", {}) for number in (1, 2)]
                await inbox.accept(session, [*waiting, Accepted(3, 3, "malformed", None, "nothing in it")])
                await outbox.enqueue(session, a_call(1, Lane.BULK, datetime.now(UTC) - timedelta(hours=1)))

            found = await figures(metrics(), database)

        assert found["inbox_updates{state=waiting}"] == 2
        assert found["inbox_updates{state=parked}"] == 1
        assert 0 <= found["inbox_oldest_seconds"] < 60
        assert found["outbox_calls{lane=bulk,state=waiting}"] == 1
        assert found["outbox_calls{lane=reply,state=waiting}"] == 0
        assert 3600 <= found["outbox_oldest_seconds{lane=bulk}"] < 3660
        assert found["outbox_oldest_seconds{lane=reply}"] == 0
        assert found["telegram_silence_seconds"] == 7.5

    async def test_are_left_out_while_the_database_is_away(self, tmp_path: Path) -> None:
        """Without its database a process still tells what it counted itself, and that the database is away."""
        told = metrics()
        async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}") as database:
            told.count_updates([Accepted(1, 0, "message", {})])

            found = await figures(told, database)

        assert found["database_up"] == 0
        assert found["updates_received_total{kind=message}"] == 1
        assert not [name for name in found if name.startswith(("inbox_updates", "outbox"))]


@asynccontextmanager
async def served(database: Database, token: str) -> AsyncIterator[str]:
    """The address of /metrics, kept by *token*."""
    pages = health.pages({}, [page_of(metrics(), database, token)])
    async with health.serving(pages, "127.0.0.1", 0) as address:
        yield f"{address}/metrics"


async def answer_to(address: str, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as client, client.get(address, headers=headers) as answer:
        return answer.status, await answer.text()


class TestPage:
    @pytest.mark.parametrize(
        "given",
        [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "secret"}, {"Authorization": "Bearer sécret"}],
    )
    async def test_asks_for_its_token(self, database_url: str, given: dict[str, str]) -> None:
        """Whoever has not the token learns nothing."""
        async with open_database(database_url) as database, served(database, "secret") as address:
            status, text = await answer_to(address, **given)

        assert status == 401
        assert "umkm_" not in text

    @pytest.mark.parametrize(("token", "given"), [("secret", {"Authorization": "Bearer secret"}), ("", {})])
    async def test_shows_the_figures(self, database_url: str, token: str, given: dict[str, str]) -> None:
        """With the token, or where none is set, the figures are shown."""
        async with open_database(database_url) as database, served(database, token) as address:
            status, text = await answer_to(address, **given)

        assert status == 200
        assert "umkm_leader 1.0\n" in text
        assert "process_resident_memory_bytes" in text

    async def test_names_nobody(self, bot: RunningBot) -> None:
        """Neither a name nor an id nor a word that somebody wrote stands in the figures."""
        await bot.says(bot.person(763512345, "Sari Wulandari"), "cara bikin nib untuk warung soto")

        page = (await bot.app.metrics.page(bot.database)).decode()
        assert not [word for word in ("763512345", "Sari", "Wulandari", "soto") if word in page]
