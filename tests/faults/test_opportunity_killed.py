"""An opportunity whose process is killed (SIGKILL) while it is matched or told: nobody is left out or told twice."""

import asyncio
import random
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from db.models import (
    Delivery,
    DeliveryState,
    HouseRule,
    Lane,
    MailState,
    Notice,
    NoticeState,
    OpportunityMail,
    Person,
)
from db.outbox import CLAIM_LASTS
from domain.opportunities import mailing, running
from domain.opportunities.rhythm import WEEKLY_CAP
from tests.faults.broadcasting import LONG_ENOUGH, met
from tests.faults.scene import Scene
from tests.faults.test_broadcast_killed import LATENCY, ON_POSTGRESQL, ORDER, again, kill, leader_of
from tests.faults.waiting import until
from tests.faults.workers import Workers
from tests.support.opportunities import published, without_quiet_hours

SLICES = {
    "constants": {"domain.opportunities.notices.SLICE": 10, "bot.pace.PRIVATE_BURST": 100},
    "settings": {"SEND_RATE": 1000},
}


async def publish(scene: Scene, title: str = "Toko cari pemasok") -> int:
    """One for everybody, at whatever hour the test runs and however many there were; returns its id."""
    now = datetime.now(UTC)
    async with scene.database.transaction() as session:
        await without_quiet_hours(session, now)
        await session.merge(HouseRule(name=WEEKLY_CAP.name, value=21, changed_at=now))
        return (await published(session, now, title=title)).id


async def told_all(scene: Scene, opportunity_id: int) -> None:
    """Until everybody was told and nothing is to be done any more."""

    async def holds() -> bool:
        async with scene.database.reading() as session:
            waits = select(Notice.id).where(col(Notice.state).in_([NoticeState.WAITING, NoticeState.OWED])).limit(1)
            is_done = not (await session.exec(waits)).all() and not await running.is_due(session, datetime.now(UTC))
            return is_done and bool(await notices(scene, opportunity_id))

    await until(holds, scene.telegram.describe, LONG_ENOUGH)


async def notices(scene: Scene, opportunity_id: int) -> dict[int, tuple[Notice, OpportunityMail | None]]:
    """By Telegram id."""
    theirs = select(Person.telegram_id, Notice, OpportunityMail).join(Notice, col(Notice.person_id) == Person.id)
    theirs = theirs.outerjoin(OpportunityMail, col(OpportunityMail.id) == Notice.mail_id)
    rows = await scene.rows(theirs.where(Notice.opportunity_id == opportunity_id))
    return {id: (notice, mail) for id, notice, mail in rows}


def arrived(scene: Scene, ids: Collection[int], title: str = "Toko cari pemasok") -> Counter[int]:
    """How often each was told of it, as Telegram knows it."""
    return Counter(id for id in ids for text in scene.sent_to(id) if title in text)


async def calls_under_way(scene: Scene) -> set[int]:
    """Chats to which a message of ours was under way when its process ended."""
    cut_off = select(Delivery.chat_id).where(Delivery.lane == Lane.BULK, Delivery.state == DeliveryState.SENDING)
    return set(await scene.rows(cut_off))


async def check(
    scene: Scene,
    opportunity_id: int,
    ids: Collection[int],
    under_way: Collection[int],
    title: str = "Toko cari pemasok",
) -> None:
    """That all were told, nobody twice, and that only those *under way* at a kill are shown uncertain."""
    found, times = await notices(scene, opportunity_id), arrived(scene, ids, title)
    assert set(found) == set(ids)
    assert {notice.state for notice, _ in found.values()} == {NoticeState.TOLD}
    mails = {id: mail for id, (_, mail) in found.items() if mail is not None}
    assert set(mails) == set(ids)
    uncertain = {id for id, mail in mails.items() if mail.state is MailState.UNCERTAIN}
    assert {mail.state for mail in mails.values()} <= {MailState.SENT, MailState.UNCERTAIN}
    assert uncertain <= set(under_way)
    assert {id for id in ids if times[id] != 1} <= uncertain
    assert max(times.values()) == 1
    assert all(mail.message_id for id, mail in mails.items() if id not in uncertain)


async def tell_killed(
    scene: Scene, workers: Workers, ids: Collection[int], moments: Iterable[int], chance: random.Random
) -> tuple[int, set[int]]:
    """Let one be told, the process killed each time that so many more were; it, and who was under way at a kill."""
    under_way: set[int] = set()
    bot = await workers.start(scene.database_url, scene.address, **ORDER)
    opportunity_id = await publish(scene)
    for more in moments:
        enough = min(arrived(scene, ids).total() + more, len(ids) - 1)
        await until(lambda enough=enough: arrived(scene, ids).total() >= enough, scene.telegram.describe)
        await asyncio.sleep(chance.random() * LATENCY)
        await kill(bot)
        under_way |= await calls_under_way(scene)
        bot = await again(scene, workers)
    await told_all(scene, opportunity_id)
    await bot.stop()
    return opportunity_id, under_way


class TestKill:
    async def test_while_it_is_told(self, scene: Scene, workers: Workers) -> None:
        """Killed twice, everybody is told once, or their call was under way and is shown uncertain."""
        ids = await met(scene, 50)
        scene.telegram.latency = LATENCY

        chance = random.Random(7)  # noqa: S311 -- no secret
        opportunity_id, under_way = await tell_killed(scene, workers, ids, [5, 15], chance)

        assert under_way
        await check(scene, opportunity_id, ids, under_way)

    @pytest.mark.long
    @pytest.mark.parametrize("seed", [1, 2])
    async def test_ten_times(self, scene: Scene, workers: Workers, seed: int) -> None:
        """The same with ten kills at random moments of one that is for 300."""
        ids = await met(scene, 300)
        scene.telegram.latency = LATENCY
        chance = random.Random(seed)  # noqa: S311 -- no secret

        moments = [chance.randrange(30) for _ in range(10)]
        opportunity_id, under_way = await tell_killed(scene, workers, ids, moments, chance)

        assert under_way
        await check(scene, opportunity_id, ids, under_way)

    async def test_while_it_is_matched(self, scene: Scene, workers: Workers) -> None:
        """Killed between the slices of people or within one, it goes on there: everybody hears of it once."""
        ids = await met(scene, 35)
        passed: list[str] = []
        bot = await workers.start(scene.database_url, scene.address, **SLICES)
        for step in (3, 6):
            await bot.arm(step)
            title = f"Peluang {step}"
            opportunity_id = await publish(scene, title)
            await until(lambda bot=bot: not bot.is_alive, lambda bot=bot: bot.said)
            await bot.ended()
            passed.append(bot.steps()[-1])
            assert len(await notices(scene, opportunity_id)) < len(ids)
            bot = await again(scene, workers, **SLICES)
            await told_all(scene, opportunity_id)
            await check(scene, opportunity_id, ids, set(), title)
        await bot.stop()

        assert all("insert notice" in step for step in passed), passed
        assert {step.partition(" ")[0] for step in passed} == {"before", "after"}, passed

    @pytest.mark.long
    @pytest.mark.parametrize("first", [1, 12, 23])
    async def test_at_each_step(self, scene: Scene, workers: Workers, first: int) -> None:
        """Wherever it dies, from the first slice to the last answer of Telegram."""
        ids = await met(scene, 25)
        for step in range(first, first + 11):
            title = f"Peluang {step:03}"
            bot = await workers.start(scene.database_url, scene.address, **SLICES)
            await bot.arm(step)
            opportunity_id = await publish(scene, title)
            await until(lambda bot=bot: not bot.is_alive, lambda bot=bot: bot.said)
            await bot.ended()
            under_way = await calls_under_way(scene)
            bot = await again(scene, workers, **SLICES)
            await told_all(scene, opportunity_id)
            await check(scene, opportunity_id, ids, under_way, title)
            await bot.stop()


@ON_POSTGRESQL
class TestReplicas:
    async def test_the_leader_is_killed(self, scene: Scene, workers: Workers) -> None:
        """Another one goes on: nobody is left out, told twice or forgotten."""
        await self._kill_the_leader(scene, workers, number=50, enough=15)

    @pytest.mark.long
    async def test_each_leader_is_killed(self, scene: Scene, workers: Workers) -> None:
        """The same with more people and one kill after the other."""
        await self._kill_the_leader(scene, workers, number=300, enough=60, kills=3)

    async def _kill_the_leader(self, scene: Scene, workers: Workers, number: int, enough: int, kills: int = 1) -> None:
        ids = await met(scene, number)
        scene.telegram.latency = LATENCY
        bots = [await workers.start(scene.database_url, scene.address, **ORDER) for _ in range(2)]
        opportunity_id = await publish(scene)
        under_way: set[int] = set()
        for more in range(1, kills + 1):
            await until(lambda more=more: arrived(scene, ids).total() >= enough * more, scene.telegram.describe)
            leader = await leader_of(scene, bots)
            await kill(leader)
            under_way |= await calls_under_way(scene)
            bots.remove(leader)
            bots.append(await workers.start(scene.database_url, scene.address, **ORDER))
        await told_all(scene, opportunity_id)

        await check(scene, opportunity_id, ids, under_way)
        for bot in bots:
            await bot.stop()


class TestLeftovers:
    async def test_what_nobody_told_us_of_is_settled(self, scene: Scene) -> None:
        """A message whose row was settled without its verb, or is gone, does not stay under way for ever."""
        ids = await met(scene, 2)
        now = datetime.now(UTC)
        async with scene.database.transaction() as session:
            one = await published(session, now)
            for number, telegram_id in enumerate(ids, 1):
                person = (await session.exec(select(Person).where(Person.telegram_id == telegram_id))).one()
                row = Delivery(chat_id=telegram_id, person_id=person.id, lane=Lane.BULK, method="send_message",
                               arguments={}, created_at=now - CLAIM_LASTS, state=DeliveryState.SKIPPED)  # fmt: skip
                session.add(row)
                await session.flush()
                mail = OpportunityMail(person_id=person.id, made_at=now, delivery_id=row.id if number == 1 else 999)
                session.add(mail)
                await session.flush()
                waits = {"state": NoticeState.OWED, "due_at": now - timedelta(hours=1), "mail_id": mail.id}
                session.add(Notice(opportunity_id=one.id, person_id=person.id, **waits))

        async with scene.database.transaction() as session:
            assert await mailing.hear_next(session, None, now)  # type: ignore[arg-type]  # of no district

        found = await notices(scene, one.id)
        assert [found[id][0].state for id in ids] == [NoticeState.WAITING, NoticeState.TOLD]
