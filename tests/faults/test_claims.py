"""Who takes what: chats in order, one at a time, by whoever comes first, and back again when its owner is gone."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel import col, select

from db import inbox, outbox
from db.inbox import Accepted, ClaimLost
from db.models import Delivery, DeliveryState, Lane, ReceivedUpdate, UpdateState
from db.outbox import Owed, Settlement
from db.session import Session
from tests.faults.owing import a_text, owe
from tests.faults.scene import Scene
from tests.support.running import RunningBot

CHATS, EACH, WORKERS = 5, 6, 8


async def fill(scene: Scene) -> None:
    """Updates of several chats, in turn."""
    updates = [Accepted(number, 1 + number % CHATS, "message", {"number": number}) for number in range(CHATS * EACH)]
    async with scene.database.transaction() as session:
        assert await inbox.accept(session, updates) == len(updates)


async def oldest_without_claim(session: Session) -> Sequence[int]:
    """What a worker would take that knows nothing of claims."""
    waiting = col(ReceivedUpdate.state) == UpdateState.WAITING
    return (await session.exec(select(ReceivedUpdate.id).where(waiting).order_by(col(ReceivedUpdate.id)))).all()


class TestAccept:
    async def test_keeps_each_update_once(self, scene: Scene) -> None:
        """However often Telegram repeats an update, it is stored once."""
        await fill(scene)
        async with scene.database.transaction() as session:
            again = await inbox.accept(session, [Accepted(3, 1, "message", {"number": "other"})])

        assert again == 0
        assert len(await scene.updates()) == CHATS * EACH


class TestClaim:
    async def test_a_plain_look_would_give_two_the_same(self, scene: Scene) -> None:
        """What the claim is for: two workers that merely look take the same update of the same chat."""
        await fill(scene)
        async with scene.database.reading() as one, scene.database.reading() as other:
            assert (await oldest_without_claim(one))[0] == (await oldest_without_claim(other))[0]

    async def test_gives_each_chat_to_one(self, scene: Scene) -> None:
        """Of many workers that look at the same moment one gets a chat, and only its oldest update."""
        await fill(scene)
        together = asyncio.Barrier(1 if scene.database.is_sqlite else WORKERS)

        async def look(owner: int) -> list[inbox.Claim]:
            async with scene.database.transaction() as session:
                await together.wait()  # on SQLite a transaction begins when the one before has ended
                claims = await inbox.claim(session, str(owner), 100)
                await together.wait()
                return claims

        claims = [claim for mine in await asyncio.gather(*map(look, range(WORKERS))) for claim in mine]

        assert sorted(claim.payload["number"] for claim in claims) == list(range(CHATS))

    async def test_keeps_the_order_of_each_chat(self, scene: Scene) -> None:
        """Many workers empty an inbox: each update is handled once, and each chat's in the order of their arrival."""
        await fill(scene)
        handled: dict[int, list[int]] = defaultdict(list)
        chance = random.Random(1)  # noqa: S311 -- no secret

        async def work(owner: str) -> None:
            while (await scene.counts()).get("waiting"):
                async with scene.database.transaction() as session:
                    claims = await inbox.claim(session, owner, chance.randrange(1, 4))
                for claim in claims:
                    async with scene.database.transaction() as session:
                        await asyncio.sleep(chance.random() / 500)
                        await inbox.finish(session, claim)
                        handled[claim.payload["number"] % CHATS].append(claim.payload["number"])

        await asyncio.gather(*(work(str(number)) for number in range(WORKERS)))

        assert dict(handled) == {chat: list(range(chat, CHATS * EACH, CHATS)) for chat in range(CHATS)}

    async def test_passes_to_another_once_it_ran_out(self, scene: Scene) -> None:
        """A claim that ran out goes to whoever looks next; what its old owner did then is undone."""
        await fill(scene)
        async with scene.database.transaction() as session:
            (old, *_) = await inbox.claim(session, "frozen", 100)
        async with scene.database.transaction() as session:
            assert await inbox.claim(session, "other", 100) == []
        await scene.let_claims_run_out()
        async with scene.database.transaction() as session:
            (new,) = await inbox.claim(session, "other", 100)

        assert (new.id, new.attempts) == (old.id, 2)

        async def go_on() -> None:
            async with scene.database.transaction() as session:
                await inbox.accept(session, [Accepted(999, 1, "message", {"number": 999})])
                await inbox.finish(session, old)

        with pytest.raises(ClaimLost):
            await go_on()
        assert len(await scene.updates()) == CHATS * EACH

    async def test_a_suspect_comes_alone(self, scene: Scene) -> None:
        """What was claimed and never settled is claimed by itself, by who has nothing else under way."""
        await fill(scene)
        async with scene.database.transaction() as session:
            await inbox.claim(session, "killed", 100)
        await scene.let_claims_run_out()

        async with scene.database.transaction() as session:
            assert await inbox.claim(session, "busy", 100, is_idle=False) == []
            (suspect,) = await inbox.claim(session, "idle", 100)
        assert suspect.is_suspect
        assert suspect.payload["number"] == 0


async def owe_here(scene: Scene, *rows: Delivery) -> None:
    async with scene.database.transaction() as session:
        for row in rows:
            await outbox.enqueue(session, row)


async def take(scene: Scene, most: int = 100, lanes: Sequence[Lane] = tuple(Lane)) -> list[Owed]:
    async with scene.database.transaction() as session:
        return await outbox.claim(session, "me", most, lanes)


async def done(scene: Scene, *owed: Owed) -> None:
    async with scene.database.transaction() as session:
        sent = [Settlement(one, DeliveryState.SENT) for one in owed]
        assert all(await outbox.settle(session, sent))


def texts(owed: Sequence[Owed]) -> list[str]:
    return [one.arguments["text"] for one in owed]


class TestOutbox:
    async def test_one_call_of_a_chat_is_under_way(self, scene: Scene) -> None:
        """Each chat's oldest may go, and its next only when that is settled."""
        sari, budi = scene.telegram.person(1), scene.telegram.person(2)
        await owe_here(scene, a_text(sari, "satu"), a_text(sari, "dua"), a_text(budi, "tiga"))

        first = await take(scene)
        assert texts(first) == ["satu", "tiga"]
        assert await take(scene) == []
        await done(scene, first[0])
        assert texts(await take(scene)) == ["dua"]

    async def test_gives_each_call_to_one(self, scene: Scene) -> None:
        """Of many deliverers that look at the same moment one gets a call, and none the chat's next."""
        people = [scene.telegram.person(number) for number in range(1, 10)]
        await owe_here(scene, *(a_text(person, text) for text in ("satu", "dua") for person in people))
        together = asyncio.Barrier(1 if scene.database.is_sqlite else WORKERS)

        async def look(owner: int) -> list[Owed]:
            async with scene.database.transaction() as session:
                await together.wait()
                owed = await outbox.claim(session, str(owner), 100, list(Lane))
                await together.wait()
                return owed

        taken = [one for some in await asyncio.gather(*map(look, range(WORKERS))) for one in some]

        assert sorted(one.chat_id for one in taken) == list(range(1, 10))
        assert set(texts(taken)) == {"satu"}

    async def test_answers_go_before_bulk(self, scene: Scene) -> None:
        """Taps first, then replies, then bulk, whatever was owed first."""
        people = [scene.telegram.person(number) for number in range(1, 4)]
        lanes = [Lane.BULK, Lane.REPLY, Lane.TAP]
        await owe_here(scene, *(a_text(who, lane.name, lane=lane) for who, lane in zip(people, lanes, strict=True)))

        assert texts(await take(scene)) == ["TAP", "REPLY", "BULK"]

    async def test_a_reply_overtakes_its_chats_bulk(self, scene: Scene) -> None:
        """In one chat too an answer goes before what is owed of a broadcast."""
        sari = scene.telegram.person(1)
        await owe_here(scene, a_text(sari, "siaran", lane=Lane.BULK), a_text(sari, "jawaban"))

        assert texts(await take(scene)) == ["jawaban"]

    async def test_a_row_waits_for_the_one_it_names(self, scene: Scene) -> None:
        """What must come after another chat's message waits until that is settled."""
        sari, budi = scene.telegram.person(1), scene.telegram.person(2)
        await owe_here(scene, a_text(sari, "satu"))
        (first,) = await scene.deliveries()
        await owe_here(scene, a_text(budi, "dua", after_id=first.id))

        taken = await take(scene)
        assert texts(taken) == ["satu"]
        await done(scene, *taken)
        assert texts(await take(scene)) == ["dua"]

    async def test_a_retry_holds_its_chat(self, scene: Scene) -> None:
        """While a call rests before another try, the chat's next waits behind it."""
        sari = scene.telegram.person(1)
        await owe_here(scene, a_text(sari, "satu"), a_text(sari, "dua"))
        (first,) = await take(scene)
        async with scene.database.transaction() as session:
            await outbox.settle(session, [Settlement(first, DeliveryState.WAITING, wait=timedelta(hours=1))])

        assert await take(scene) == []


class TestRecover:
    async def test_what_was_under_way(self, scene: Scene) -> None:
        """Calls of a process that is gone: a reply goes once more, an edit again, bulk is left to a person."""
        people = [scene.telegram.person(number) for number in range(1, 4)]
        edit = a_text(people[1], "ubah", edits="2:5")
        await owe_here(scene, a_text(people[0], "jawab"), edit, a_text(people[2], "siaran", lane=Lane.BULK))
        states = []
        for _ in range(2):
            await take(scene)
            await scene.let_claims_run_out()
            async with scene.database.transaction() as session:
                await outbox.recover(session, everything=False)
            states.append([row.state.value for row in await scene.deliveries()])

        assert states == [["waiting", "waiting", "uncertain"], ["uncertain", "waiting", "uncertain"]]

    async def test_keeps_no_secret(self, scene: Scene) -> None:
        """A link that was lost on the way for good stands in no row any more."""
        await owe_here(scene, a_text(scene.telegram.person(1), "t.me/…?start=petugas_…", is_secret=True))
        for _ in range(2):
            await take(scene)
            await scene.let_claims_run_out()
            async with scene.database.transaction() as session:
                await outbox.recover(session, everything=False)

        assert [(row.state.value, row.arguments) for row in await scene.deliveries()] == [("uncertain", {})]

    async def test_leaves_what_is_still_held(self, scene: Scene) -> None:
        """A call whose claim has not run out, or whose fate is known here, is nobody else's."""
        await owe_here(scene, *(a_text(scene.telegram.person(number), "satu") for number in (1, 2)))
        held = await take(scene)
        async with scene.database.transaction() as session:
            assert await outbox.recover(session, everything=False) == 0
        await scene.let_claims_run_out()
        async with scene.database.transaction() as session:
            assert await outbox.recover(session, everything=False, known=[held[0].id]) == 1

        await done(scene, held[0])

    async def test_leading_again_leaves_ones_own_calls(self, scene: Scene) -> None:
        """Who takes over deals with everybody's calls but those it is making itself."""
        await owe_here(scene, *(a_text(scene.telegram.person(number), "satu") for number in (1, 2)))
        held = await take(scene)
        async with scene.database.transaction() as session:
            assert await outbox.recover(session, everything=True, known=[held[0].id]) == 1

        await done(scene, held[0])

    async def test_a_call_that_takes_long_is_not_made_twice(self, sqlite_bot: RunningBot) -> None:
        """A process whose claim ran out while it waits for Telegram's answer does not call a second time."""
        sari = sqlite_bot.person()
        sqlite_bot.telegram.latency = 0.3
        await owe(sqlite_bot, a_text(sari, "satu"))
        await sqlite_bot.telegram.wait_until(sari.texts)
        scene = Scene(sqlite_bot.telegram, "", "", sqlite_bot.database)
        await scene.let_claims_run_out()
        await sqlite_bot.app.deliverer.recover()
        await sqlite_bot.settled()

        assert sari.texts() == ["satu"]
        assert [row.state for row in await scene.deliveries()] == [DeliveryState.SENT]
