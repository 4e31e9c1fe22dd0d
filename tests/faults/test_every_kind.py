"""Every kind of update, and every content of a message, is stored, and answered or deliberately met with silence."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import select

from db.models import Person, ReceivedUpdate, UpdateState
from domain.knowledge.shelf import Library
from messages import say
from simulator.schema import check_object, update_kinds
from tests.faults.every_kind import ABOUT_MESSAGES, QUESTION, contents, field, message, update_of
from tests.faults.ways import WAYS, receiving
from tests.support.running import RunningBot

# The library warns of its own reading of this one service message; the product lets it.
pytestmark = pytest.mark.filterwarnings("ignore:.*message_auto_delete_time:telegram.warnings.PTBDeprecationWarning")

SILENCE: list[str] = []
KINDS = {
    "message": ["sendMessage"],
    "edited_message": ["sendMessage"],
    "callback_query": ["answerCallbackQuery", "sendMessage"],
    "inline_query": ["answerInlineQuery"],
    "my_chat_member": SILENCE,  # in private; the welcome in a group is another test's
    # What we do not ask for: it may still come, from the time before or after a change at BotFather.
    "business_connection": SILENCE,
    "business_message": SILENCE,
    "channel_post": SILENCE,
    "chat_boost": SILENCE,
    "chat_join_request": SILENCE,
    "chat_member": SILENCE,
    "chosen_inline_result": SILENCE,
    "deleted_business_messages": SILENCE,
    "edited_business_message": SILENCE,
    "edited_channel_post": SILENCE,
    "guest_message": SILENCE,
    "managed_bot": SILENCE,
    "message_reaction": SILENCE,
    "message_reaction_count": SILENCE,
    "poll": SILENCE,
    "poll_answer": SILENCE,
    "pre_checkout_query": SILENCE,
    "purchased_paid_media": SILENCE,
    "removed_chat_boost": SILENCE,
    "shipping_query": SILENCE,
    "stopped_message_generation": SILENCE,
    "subscription": SILENCE,
}
"""By kind, the calls that answer it."""

WRITTEN_TO_US = {"message", "edited_message", "callback_query", "my_chat_member"}
"""The kinds by which somebody becomes a person we know: all told of their own chat with us."""

SENTENCES = {
    "text": "answer.card",
    "photo": "other.picture",
    "live_photo": "other.picture",
    "video": "other.picture",
    "animation": "other.picture",
    "story": "other.picture",
    "paid_media": "other.picture",
    "voice": "other.voice",
    "audio": "other.voice",
    "video_note": "other.voice",
    "document": "other.file",
    "sticker": "other.sticker",
    "dice": "other.sticker",
    "location": "other.location",
    "venue": "other.location",
    "contact": "other.location",
    "checklist": "other.unknown",
    "game": "other.unknown",
    "giveaway": "other.unknown",
    "giveaway_winners": "other.unknown",
    "invoice": "other.unknown",
    "passport_data": "other.unknown",
    "poll": "other.unknown",
    "rich_message": "other.unknown",
}
"""By what somebody sends in private, the sentence that answers."""

_NEWS = """
    boost_added channel_chat_created chat_background_set chat_owner_changed chat_owner_left chat_shared
    checklist_tasks_added checklist_tasks_done community_chat_added community_chat_joined community_chat_removed
    connected_website delete_chat_photo direct_message_price_changed forum_topic_closed forum_topic_created
    forum_topic_edited forum_topic_reopened general_forum_topic_hidden general_forum_topic_unhidden gift
    gift_upgrade_sent giveaway_completed giveaway_created group_chat_created left_chat_member managed_bot_created
    message_auto_delete_timer_changed migrate_from_chat_id migrate_to_chat_id new_chat_members new_chat_photo
    new_chat_title paid_message_price_changed pinned_message poll_option_added poll_option_deleted
    proximity_alert_triggered refunded_payment successful_payment suggested_post_approval_failed
    suggested_post_approved suggested_post_declined suggested_post_paid suggested_post_refunded
    supergroup_chat_created unique_gift users_shared video_chat_ended video_chat_participants_invited
    video_chat_scheduled video_chat_started web_app_data write_access_allowed
"""
NEWS = frozenset(_NEWS.split())
"""Service messages: nobody wrote them, so nobody waits for an answer."""

TO_RECEIVE = {"getMe", "deleteWebhook", "setWebhook"}
AT_ONCE = 20
"""Few enough that a slow machine has settled them before a test gives up waiting."""

NEVER_ALONE = {"from", "chat", "date", "message_id"}


@pytest.fixture(params=WAYS)
async def either_way(request: pytest.FixtureRequest, database_url: str, library: Library) -> AsyncIterator[RunningBot]:
    """The real bot, by each way on each database."""
    async with receiving(request.param, database_url, library) as running:
        yield running


async def met_with(bot: RunningBot, updates: dict[int, Any]) -> dict[int, list[str]]:
    """Let Telegram tell *updates*, by person; what the bot calls for each of them, once all are finished."""
    told = {}
    for place, (number, update) in enumerate(updates.items(), 1):
        check_object("Update", {"update_id": 1, **update})
        bot.person(number)
        told[bot.telegram.push(update)["update_id"]] = next(iter(update))
        if place % AT_ONCE == 0:
            await bot.settled()
    await bot.settled()

    rows = await bot.rows(select(ReceivedUpdate))
    assert [row.error for row in rows if row.state != UpdateState.FINISHED] == []
    assert {row.update_id: row.kind for row in rows} == told
    methods: dict[int, list[str]] = {number: [] for number in updates}
    for call in bot.telegram.calls:
        if call.method not in TO_RECEIVE:
            asked = call.parameters
            whom = asked.get("chat_id") or asked.get("callback_query_id") or asked["inline_query_id"]
            methods[int(whom)].append(call.method)
    return {number: sorted(called) for number, called in methods.items()}


def sentence(texts: list[str]) -> str | None:
    """The key of the only sentence that was said; None for silence."""
    keys = {say(key).in_language("id"): key for key in set(SENTENCES.values()) if key != "answer.card"}
    said = [keys.get(text, "answer.card" if "OSS" in text.partition("\n")[0] else text) for text in texts]
    return said[0] if len(said) == 1 else " + ".join(said) or None


class TestUpdates:
    async def test_of_every_kind_are_met_as_decided(self, either_way: RunningBot) -> None:
        """Whatever kind Telegram tells, asked for or not, is stored and finished; only what we speak to is answered."""
        kinds = dict(enumerate(update_kinds(), 1001))

        calls = await met_with(either_way, {number: update_of(kind, number) for number, kind in kinds.items()})

        assert {kinds[number]: called for number, called in calls.items()} == KINDS
        met = await either_way.rows(select(Person.telegram_id))
        assert {kinds[number] for number in met} == WRITTEN_TO_US


class TestMessages:
    async def test_of_every_content_are_met_as_decided(self, bot: RunningBot) -> None:
        """Whatever somebody sends in private has its sentence; of what Telegram tells by itself nothing is said."""
        held = dict(enumerate(contents(), 1001))

        told = {
            number: {"message": message(number, **{name: field("Message", name, number)})}
            for number, name in held.items()
        }
        for update in told.values():
            if "text" in update["message"]:
                update["message"]["text"] = QUESTION
        await met_with(bot, told)

        said = {name: sentence(bot.person(number).texts()) for number, name in held.items()}
        assert said == {**SENTENCES, **dict.fromkeys(NEWS)}

    async def test_of_every_content_in_groups_are_left_alone(self, bot: RunningBot) -> None:
        """What people send each other in a group, and what Telegram tells there, is none of ours."""
        told = {}
        for number, name in enumerate(contents(), 1001):
            group = {"id": -(10**12) - number, "type": "supergroup", "title": "Warga"}
            told[number] = {"message": {**message(number, **{name: field("Message", name, number)}), "chat": group}}

        assert set(map(tuple, (await met_with(bot, told)).values())) == {()}

    async def test_that_were_changed_are_answered_for_their_text_only(self, bot: RunningBot) -> None:
        """A live location changes every few seconds, a poll with each vote."""
        held = dict(enumerate(contents(), 1001))
        told = {
            number: {"edited_message": message(number, **{name: field("Message", name, number)})}
            for number, name in held.items()
        }

        calls = await met_with(bot, told)

        assert {held[number] for number, called in calls.items() if called} == {"text"}

    async def test_that_ask_are_answered_whatever_comes_with_them(self, bot: RunningBot) -> None:
        """No quote, effect, forward, thread or newer addition keeps a question from its answer."""
        told = {
            number: {"message": message(number, text=QUESTION, **{name: field("Message", name, number)})}
            for number, name in enumerate(sorted(ABOUT_MESSAGES - NEVER_ALONE), 1001)
        }

        calls = await met_with(bot, told)

        assert set(map(tuple, calls.values())) == {("sendMessage",)}
