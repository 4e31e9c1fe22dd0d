"""Every call is checked against the Bot API, and the Bot API's file is as aiogram has it."""

import subprocess
import sys

import pytest

from simulator import Person
from simulator.schema import SCHEMA
from tests.simulator.conftest import Bot

pytestmark = pytest.mark.usefixtures("sari")


def keyboard(**button: object) -> dict:
    return {"inline_keyboard": [[{"text": "Ya", **button}]]}


class TestSchema:
    def test_is_written_by_write_schema(self) -> None:
        """schema.json is what ``python -m simulator.write_schema`` writes; importing aiogram takes seconds, once."""
        script = "from simulator.write_schema import *; print(render(read_schema()), end='')"

        written = subprocess.run(  # noqa: S603 - our own interpreter and words
            [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=SCHEMA.parent.parent
        )

        assert written.stdout == SCHEMA.read_text(encoding="utf-8")


class TestNames:
    @pytest.mark.parametrize(
        ("parameters", "refusal"),
        [
            ({"colour": "red"}, 'unknown parameter "colour" of sendMessage'),
            ({"reply_to_message_id": 1}, 'unknown parameter "reply_to_message_id" of sendMessage'),
            (
                {"reply_markup": keyboard(callback_date="1")},
                'reply_markup.inline_keyboard[0][0]: unknown field "callback_date" of InlineKeyboardButton',
            ),
            (
                {"reply_markup": {"inline_keyboard": [], "resize": True}},
                'reply_markup: unknown field "resize" of InlineKeyboardMarkup',
            ),
            (
                {"link_preview_options": {"disabled": True}},
                'link_preview_options: unknown field "disabled" of LinkPreviewOptions',
            ),
            (
                {"reply_markup": keyboard(copy_text={"text": "a", "x": 1})},
                'reply_markup.inline_keyboard[0][0].copy_text: unknown field "x" of CopyTextButton',
            ),
        ],
    )
    async def test_must_be_known(self, bot: Bot, parameters: dict, refusal: str) -> None:
        """A name the Bot API lacks, or no longer has, is refused at every depth."""
        answer = await bot.refusal("sendMessage", chat_id=101, text="x", **parameters)

        assert answer == f"Bad Request: {refusal}"


class TestTypes:
    @pytest.mark.parametrize(
        ("parameters", "refusal"),
        [
            ({"disable_notification": "maybe"}, 'parameter "disable_notification" must be of type Boolean'),
            ({"message_thread_id": 1.5}, 'field "message_thread_id" must be of type Integer'),
            ({"message_thread_id": True}, 'field "message_thread_id" must be of type Integer'),
            ({"text": 5}, 'field "text" must be of type String'),
            ({"text": "\ud800"}, 'field "text" must be of type String'),
            ({"chat_id": [101]}, 'field "chat_id" must be of type Integer or String'),
            ({"reply_markup": "[]"}, 'field "reply_markup" must be of type ForceReply'),
            ({"reply_markup": "{"}, "can't parse reply_markup JSON object"),
            ({"reply_markup": {"inline_keyboard": [{}]}}, "must be an Array of InlineKeyboardButton"),
            (
                {"reply_markup": keyboard(callback_data=5)},
                'inline_keyboard[0][0].callback_data" must be of type String',
            ),
            ({"reply_parameters": {"message_id": "x"}}, 'field "reply_parameters.message_id" must be of type Integer'),
            ({"entities": [{"type": "bold"}]}, 'entities[0]: can\'t find field "length" of MessageEntity'),
            ({"reply_markup": {"force_reply": False}}, "must be of type ForceReply"),
        ],
    )
    async def test_must_fit(self, bot: Bot, parameters: dict, refusal: str) -> None:
        """A value of another type is refused, and the place of it named."""
        answer = await bot.refusal("sendMessage", **{"chat_id": 101, "text": "x", **parameters})

        assert answer.startswith("Bad Request: ")
        assert refusal in answer

    async def test_may_be_absent(self, bot: Bot) -> None:
        """null and an empty value are the same as leaving an option out."""
        assert await bot.get("sendMessage", chat_id=101, text="x", reply_markup=None, message_thread_id="")

    async def test_tell_alternatives_apart(self, bot: Bot, sari: Person) -> None:
        """Of several kinds of object the one that is meant is checked, by its type."""
        scope = {"type": "chat_member", "chat_id": 101}

        assert (
            await bot.refusal("getMyCommands", scope=scope)
            == 'Bad Request: scope: can\'t find field "user_id" of BotCommandScopeChatMember'
        )


class TestRequired:
    @pytest.mark.parametrize(
        ("method", "parameters", "refusal"),
        [
            ("sendMessage", {"text": "x"}, "chat_id is empty"),
            ("sendMessage", {"chat_id": 101}, "message text is empty"),
            ("deleteMessage", {"chat_id": 101}, "message identifier is not specified"),
            ("deleteMessages", {"chat_id": 101}, "message identifiers are not specified"),
            ("editMessageText", {"text": "x"}, "chat_id is empty"),
            ("editMessageText", {"text": "x", "chat_id": 101}, "message identifier is not specified"),
            ("sendChatAction", {"chat_id": 101}, 'parameter "action" is required'),
        ],
    )
    async def test_must_be_there(self, bot: Bot, method: str, parameters: dict, refusal: str) -> None:
        """What is required and missing is named."""
        assert await bot.refusal(method, **parameters) == f"Bad Request: {refusal}"


class TestMethods:
    async def test_says_which_are_not_supported(self, bot: Bot) -> None:
        """What the Bot API has and the simulator lacks is told apart from what nobody has."""
        missing = await bot.call("sendGame")
        unknown = await bot.call("sendLove")

        assert missing["error_code"] == unknown["error_code"] == 404
        assert "does not support it" in missing["description"]
        assert unknown["description"] == "Not Found: method not found"

    async def test_are_found_in_any_case(self, bot: Bot) -> None:
        """Telegram does not mind how a method's name is written."""
        assert (await bot.get("GETME"))["id"] == 1
