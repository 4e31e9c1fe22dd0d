"""getUpdates: the queue, its offsets, and who may read it."""

import asyncio

import pytest

from simulator import Person, PretendTelegram
from simulator.schema import check_object
from tests.simulator.conftest import Bot


def texts(updates: list[dict]) -> list[str]:
    return [update["message"]["text"] for update in updates]


class TestOffset:
    async def test_keeps_what_is_not_confirmed(self, bot: Bot, sari: Person) -> None:
        """Without an offset the same updates come again."""
        sari.write("satu")

        assert await bot.get("getUpdates") == await bot.get("getUpdates") != []

    async def test_confirms_what_is_before_it(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """An offset forgets every update with a lower id, and gives the rest."""
        for text in ("satu", "dua", "tiga"):
            sari.write(text)
        updates = await bot.get("getUpdates")

        rest = await bot.get("getUpdates", offset=updates[1]["update_id"])

        assert texts(rest) == ["dua", "tiga"]
        assert telegram.pending_updates() == 2

    async def test_counts_from_the_end_when_negative(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Offset -1 gives the last update and forgets those before it."""
        sari.write("satu")
        sari.write("dua")

        assert texts(await bot.get("getUpdates", offset=-1)) == ["dua"]
        assert telegram.pending_updates() == 1

    async def test_numbers_one_after_another(self, bot: Bot, sari: Person) -> None:
        """update_id rises by one, from a start that is not one."""
        sari.write("satu")
        sari.write("dua")

        first, second = [update["update_id"] for update in await bot.get("getUpdates")]

        assert second == first + 1
        assert first > 1

    async def test_gives_at_most_the_limit(self, bot: Bot, sari: Person) -> None:
        """limit bounds an answer; one beyond 1 to 100 is taken to the nearer end."""
        for number in range(102):
            sari.write(str(number))

        assert len(await bot.get("getUpdates", limit=2)) == 2
        assert len(await bot.get("getUpdates", limit=0)) == 1
        assert len(await bot.get("getUpdates", limit=1000)) == 100


class TestLongPoll:
    async def test_ends_when_something_happens(self, bot: Bot, sari: Person) -> None:
        """A waiting poll is answered by the first update."""
        poll = asyncio.create_task(bot.get("getUpdates", timeout=30))
        await asyncio.sleep(0.05)

        sari.write("halo")

        assert texts(await asyncio.wait_for(poll, 5)) == ["halo"]

    async def test_is_taken_over_by_the_newer(self, bot: Bot, sari: Person) -> None:
        """Of two polls the older is refused with 409, as when two processes use one token."""
        older = asyncio.create_task(bot.call("getUpdates", timeout=30))
        await asyncio.sleep(0.05)
        newer = asyncio.create_task(bot.call("getUpdates", timeout=30))

        refused = await asyncio.wait_for(older, 5)
        sari.write("halo")

        assert refused["error_code"] == 409
        assert refused["description"] == (
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        assert (await asyncio.wait_for(newer, 5))["ok"]

    async def test_is_forgotten_with_its_connection(self, bot: Bot, sari: Person) -> None:
        """A poll whose client went away conflicts with nobody, and takes no update along."""
        poll = asyncio.create_task(bot.get("getUpdates", timeout=30))
        await asyncio.sleep(0.05)
        poll.cancel()
        await asyncio.sleep(0.05)

        sari.write("halo")

        assert texts(await bot.get("getUpdates", timeout=5)) == ["halo"]

    async def test_is_barred_by_a_webhook(self, bot: Bot) -> None:
        """While a webhook is set there is no polling; deleteWebhook makes way, and can drop what waits."""
        await bot.get("setWebhook", url="http://127.0.0.1:9/hook", secret_token="rahasia")

        assert "can't use getUpdates method while webhook is active" in await bot.refusal("getUpdates")
        assert (await bot.get("getWebhookInfo"))["url"] == "http://127.0.0.1:9/hook"

        await bot.get("deleteWebhook", drop_pending_updates=True)

        assert await bot.get("getUpdates") == []
        assert (await bot.get("getWebhookInfo"))["url"] == ""

    async def test_is_ended_by_a_webhook(self, bot: Bot) -> None:
        """Setting a webhook ends the poll under way with a 409."""
        poll = asyncio.create_task(bot.call("getUpdates", timeout=30))
        await asyncio.sleep(0.05)

        await bot.get("setWebhook", url="http://127.0.0.1:9/hook")

        assert (await asyncio.wait_for(poll, 5))["description"] == "Conflict: terminated by setWebhook request"

    async def test_refuses_a_webhook_without_tls(self, bot: Bot) -> None:
        """Telegram calls no plain http address."""
        assert "An HTTPS URL must be provided" in await bot.refusal("setWebhook", url="http://example.org")


class TestAllowedUpdates:
    async def test_leaves_out_kinds_when_they_happen(self, bot: Bot, sari: Person) -> None:
        """What was not asked for when it happened never comes; the choice is remembered."""
        await bot.get("getUpdates", allowed_updates=["callback_query"])

        sari.write("halo")
        sari.tap_data(1, "x")

        assert [set(update) - {"update_id"} for update in await bot.get("getUpdates")] == [{"callback_query"}]

    async def test_starts_with_all_but_three(self, bot: Bot, telegram: PretendTelegram) -> None:
        """Without a choice everything comes but chat_member and reactions; an empty list goes back to that."""
        await bot.get("getUpdates", allowed_updates=["message", "nonsense"])
        chosen = await bot.get("getWebhookInfo")
        await bot.get("getUpdates", allowed_updates=[])

        assert chosen["allowed_updates"] == ["message"]
        assert "allowed_updates" not in await bot.get("getWebhookInfo")
        assert {"message", "callback_query", "my_chat_member"} < telegram.updates.allowed
        assert {"chat_member", "message_reaction", "message_reaction_count"} & telegram.updates.allowed == set()


class TestPush:
    async def test_gives_an_id_only_where_none_is(self, bot: Bot, telegram: PretendTelegram) -> None:
        """A raw update stays exactly as given; a dict without update_id gets the next one."""
        telegram.push({"message": {"broken": True}})
        telegram.push({"update_id": 5, "message": 7})
        telegram.push("nonsense")

        first, second, third = await bot.get("getUpdates")

        assert first["update_id"] > 5
        assert second == {"update_id": 5, "message": 7}
        assert third == "nonsense"

    async def test_delivers_a_repeated_id_again(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """An update pushed with an id that was confirmed already comes once more, until it was seen."""
        sari.write("satu")
        (update,) = await bot.get("getUpdates")
        beyond = update["update_id"] + 1
        await bot.get("getUpdates", offset=beyond)

        telegram.push(update)

        assert await bot.get("getUpdates", offset=beyond) == [update]
        assert await bot.get("getUpdates", offset=beyond) == []

    async def test_goes_on_from_a_jump(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """After a higher id, as after a quiet week, the next ones follow it."""
        telegram.push({"update_id": 2_000_000_000, "message": {}})
        sari.write("halo")

        assert [update["update_id"] for update in await bot.get("getUpdates")] == [2_000_000_000, 2_000_000_001]


DEEDS = {
    "write": lambda sari: sari.write("/start halo"),
    "reply": lambda sari: sari.write("halo", reply_to=sari.write("awal")["message_id"]),
    "edit": lambda sari: sari.edit(sari.write("helo")["message_id"], "halo"),
    "tap": lambda sari: sari.tap_data(sari.write("x")["message_id"], "daftar:1"),
    "tap_gone": lambda sari: sari.tap_data(999, "daftar:1"),
    "forward": lambda sari: sari.forward("kabar"),
    "blocks": lambda sari: sari.blocks_bot(),
    "unblocks": lambda sari: sari.unblocks_bot(),
    "caption": lambda sari: sari.sends("photo", caption="lihat #kemasan"),
    **{
        kind: lambda sari, kind=kind: sari.sends(kind)
        for kind in (
            *("sticker", "photo", "voice", "document", "video", "location", "contact", "poll", "animation"),
            *("audio", "dice", "video_note", "venue", "story"),
        )
    },
}


class TestShape:
    @pytest.mark.parametrize("deed", DEEDS)
    async def test_is_the_bot_apis(self, bot: Bot, sari: Person, deed: str) -> None:
        """Whatever people do becomes an update with the Bot API's fields and types, and no others."""
        DEEDS[deed](sari)

        for update in await bot.get("getUpdates"):
            check_object("Update", update)
