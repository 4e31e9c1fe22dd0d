"""The process is killed at each step of a hand-over: between a tap and the question's settling, and with an answer."""

import asyncio
import signal
import time
from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from db.models import (
    DeliveryState,
    GroupChat,
    GroupState,
    Inquiry,
    InquiryState,
    Officer,
    Person,
    Relay,
    Role,
    StaffGroup,
)
from domain import people
from simulator import Group
from simulator import Person as Somebody
from tests.faults.scene import Scene
from tests.faults.workers import Worker, Workers
from tests.support.running import PATIENCE

GROUP = -1_000_000_000_700
STEPS = range(3, 60)
"""The first two are the storing of the update, which is killed elsewhere."""

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite_alone"], indirect=True)
"""The steps are the same, and each start takes a second there."""

ORDER = {"constants": {"bot.pace.PRIVATE_BURST": 10_000, "bot.pace.GROUP_CHAT": [10_000, 60.0]}}
"""Chats take as much as they are sent."""


async def prepare(scene: Scene, *, topics: bool) -> tuple[Somebody, Group]:
    """An officer, and the group in which her office works."""
    rini, now = scene.telegram.person(201, first_name="Rini"), datetime.now(UTC)
    group = scene.telegram.group(GROUP, "Petugas", [rini], "administrator", is_forum=topics)
    async with scene.database.transaction() as session:
        person = await people.recognise(session, rini.id, "Rini", now)
        session.add(Officer(person_id=person.id, role=Role.OFFICER, office="diskopum", appointed_at=now))
        known = {"state": GroupState.ADMINISTRATOR, "is_forum": topics, "may_manage_topics": topics}
        session.add(GroupChat(telegram_id=GROUP, title="Petugas", changed_at=now, **known))
        session.add(StaffGroup(office="diskopum", chat_id=GROUP, bound_at=now))
    return rini, group


async def begin(scene: Scene, number: int) -> Somebody:
    """Somebody has asked the bot, and sees what will be sent."""
    asker = scene.telegram.person(1000 + number, first_name=f"Warga {number}")
    for deed in (lambda: asker.write("cara bikin nib gimana"), lambda: asker.tap("🙋 Tanya petugas")):
        deed()
        await scene.settled()
    return asker


async def is_killed(scene: Scene, bot: Worker) -> bool:
    """Whether it died before everything was settled."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not bot.is_alive:
            assert await bot.ended() == -signal.SIGKILL
            return True
        if await scene.is_settled():
            return False
        await asyncio.sleep(0.01)
    raise TimeoutError(bot.said)


async def was_sending(scene: Scene, chat_id: int) -> bool:
    """Whether a message to this chat was on the wire when it died, so that it may come twice."""
    under_way = [row for row in await scene.deliveries() if row.state is DeliveryState.SENDING]
    return any(row.chat_id == chat_id and row.method == "send_message" for row in under_way)


async def again(scene: Scene, workers: Workers) -> Worker:
    """Another process goes on."""
    await scene.let_claims_run_out()
    bot = await workers.start(scene.database_url, scene.address, **ORDER)
    await scene.settled()
    return bot


def heads(group: Group, asker: Somebody) -> list[dict]:
    """What shows this person's inquiry in the group, the oldest first."""
    begun = f"· {asker.user['first_name']} · Diskopum"
    return [message for message in group.messages() if begun in message.get("text", "")]


async def inquiry_of(scene: Scene, asker: Somebody) -> Inquiry:
    theirs = select(Inquiry).join(Person, col(Person.id) == col(Inquiry.person_id))
    (inquiry,) = await scene.rows(theirs.where(Person.telegram_id == asker.id))
    return inquiry


def check_passed(steps: list[str], first: str) -> None:
    """That the steps, each of which was the last in its turn, are those of the turn, the call and the settling.

    Which number is which differs from run to run, since calls go beside each other: so all that were seen count.
    """
    for kind in (first, "sendMessage"):
        assert any("before" in step and kind in step for step in steps), steps
        assert any("after" in step and kind in step for step in steps), steps
    assert any("before" in step and "update relay_copy" in step for step in steps), steps


class TestKill:
    async def test_loses_no_question(self, scene: Scene, workers: Workers) -> None:
        """Killed at any step the question is posted, once but for what was on the wire; even its older copy answers."""
        # A start on PostgreSQL takes longer, and a topic is one call more of the same kind.
        rini, group = await prepare(scene, topics=scene.database.is_sqlite)
        bot = await workers.start(scene.database_url, scene.address, **ORDER)
        passed: list[str] = []
        for number in STEPS:
            asker = await begin(scene, number)
            await bot.arm(number)
            asker.tap("📨 Kirim")
            if not await is_killed(scene, bot):
                break
            passed.extend(bot.steps())  # the last is where it died
            may_come_twice = await was_sending(scene, GROUP)
            bot = await again(scene, workers)

            shown = heads(group, asker)
            assert len(shown) in ({1, 2} if may_come_twice else {1}), passed[-1]
            assert "sudah sampai" in asker.texts()[-1], passed[-1]
            rini.write(f"Jawaban {number}", shown[0]["message_id"], chat=GROUP)
            await scene.settled()
            assert f"Jawaban {number}" in asker.texts()[-1], passed[-1]
            assert (await inquiry_of(scene, asker)).state is InquiryState.TALKING

        check_passed(passed, "insert inquiry")

    @ON_SQLITE
    async def test_loses_no_answer(self, scene: Scene, workers: Workers) -> None:
        """Killed at any step the answer arrives, once but for what was on the wire, and the officer sees that."""
        rini, group = await prepare(scene, topics=False)
        bot = await workers.start(scene.database_url, scene.address, **ORDER)
        passed: list[str] = []
        for number in STEPS:
            asker = await begin(scene, number)
            asker.tap("📨 Kirim")
            await scene.settled()
            await bot.arm(number)
            wrote = rini.write(f"Jawaban {number}", heads(group, asker)[-1]["message_id"], chat=GROUP)
            if not await is_killed(scene, bot):
                break
            passed.extend(bot.steps())  # the last is where it died
            may_come_twice = await was_sending(scene, asker.id)
            bot = await again(scene, workers)

            arrived = sum(f"Jawaban {number}" in text for text in asker.texts())
            assert arrived in ({1, 2} if may_come_twice else {1}), passed[-1]
            assert group.chat.reactions[wrote["message_id"]], passed[-1]
            relays = await scene.rows(select(Relay).where(col(Relay.text) == f"Jawaban {number}"))
            assert len(relays) == 1, passed[-1]
            assert "✅ Dijawab Rini" in heads(group, asker)[-1]["text"], passed[-1]

        check_passed(passed, "insert relay")
