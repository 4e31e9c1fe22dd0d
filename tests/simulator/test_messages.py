"""Sending, editing and deleting, and what Telegram refuses of it."""

import pytest

from simulator import Person, PretendTelegram
from simulator.schema import check_object
from tests.simulator.conftest import Bot

SUPERGROUP = -1_000_000_000_700

pytestmark = pytest.mark.usefixtures("sari")

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def inline(*buttons: dict) -> dict:
    return {"inline_keyboard": [[button] for button in buttons]}


YES = inline({"text": "Ya", "callback_data": "ya"})


class TestSendMessage:
    async def test_returns_what_now_stands_in_the_chat(self, bot: Bot, sari: Person) -> None:
        """The answer is the stored message: the bot's, in that chat, with its keyboard, in the Bot API's shape."""
        message = await bot.get("sendMessage", chat_id=101, text="Halo", reply_markup=YES)

        assert sari.messages() == [message]
        assert message["from"] == {"id": 1, "is_bot": True, "first_name": "Demo", "username": "demo_bot"}
        assert message["chat"]["id"] == 101
        assert message["reply_markup"] == YES
        check_object("Message", message)

    async def test_turns_html_into_entities(self, bot: Bot) -> None:
        """The stored text is plain; tags became entities, and links in it were found."""
        html = "<b>Halo</b> &amp; lihat a.id"

        message = await bot.get("sendMessage", chat_id=101, text=html, parse_mode="HTML")

        assert message["text"] == "Halo & lihat a.id"
        assert message["entities"] == [
            {"type": "bold", "offset": 0, "length": 4},
            {"type": "url", "offset": 13, "length": 4},
        ]

    async def test_takes_entities_as_given(self, bot: Bot) -> None:
        """Entities instead of a parse_mode are kept, and those beyond the text refused."""
        bold = {"type": "bold", "offset": 0, "length": 4}

        message = await bot.get("sendMessage", chat_id=101, text="Halo Sari", entities=[bold])

        assert message["entities"] == [bold]
        assert "ends after the end of the text" in await bot.refusal(
            "sendMessage", chat_id=101, text="Hai", entities=[bold]
        )

    async def test_trims(self, bot: Bot) -> None:
        """White space around a text is dropped, and entities move along."""
        message = await bot.get("sendMessage", chat_id=101, text="\n <b>Halo</b> \n", parse_mode="HTML")

        assert message["text"] == "Halo"
        assert message["entities"] == [{"type": "bold", "offset": 0, "length": 4}]

    @pytest.mark.parametrize(
        ("text", "mode", "refusal"),
        [
            ("", None, "message text is empty"),
            (" \n", None, "text must be non-empty"),
            ("<b></b>", "HTML", "text must be non-empty"),
            ("a" * 4097, None, "message is too long"),
            ("😀" * 2049, None, "message is too long"),
            ("a" * 33_000, None, "text is too long"),
            ("<x>a</x>", "HTML", 'can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
            ("a", "Bold", "unsupported parse_mode"),
        ],
    )
    async def test_refuses_texts(self, bot: Bot, text: str, mode: str | None, refusal: str) -> None:
        """Empty, overlong and broken texts are refused in Telegram's words; lengths are in UTF-16 units."""
        assert await bot.refusal("sendMessage", chat_id=101, text=text, parse_mode=mode) == f"Bad Request: {refusal}"

    async def test_counts_after_the_markup_was_read(self, bot: Bot) -> None:
        """4,096 units of text pass however long their HTML is."""
        text = f"<b>{'a' * 2000}</b>&amp;{'a' * 2095}"

        assert len((await bot.get("sendMessage", chat_id=101, text=text, parse_mode="HTML"))["text"]) == 4096

    @pytest.mark.parametrize("chat_id", [999, -1001, "@siapa"])
    async def test_refuses_unknown_chats(self, bot: Bot, chat_id: int | str) -> None:
        """Whoever never met the bot has no chat with it."""
        assert await bot.refusal("sendMessage", chat_id=chat_id, text="x") == "Bad Request: chat not found"

    async def test_replies(self, bot: Bot, sari: Person) -> None:
        """A reply quotes a message of the chat; one that is missing is refused, or let go if so asked."""
        question = sari.write("Kapan?")
        known, missing = {"message_id": question["message_id"]}, {"message_id": 77}

        answer = await bot.get("sendMessage", chat_id=101, text="Besok", reply_parameters=known)
        loose = {**missing, "allow_sending_without_reply": True}
        unquoted = await bot.get("sendMessage", chat_id=101, text="Besok", reply_parameters=loose)

        assert answer["reply_to_message"] == question
        assert "reply_to_message" not in unquoted
        assert (
            await bot.refusal("sendMessage", chat_id=101, text="Besok", reply_parameters=missing)
            == "Bad Request: message to be replied not found"
        )


class TestKeyboard:
    @pytest.mark.parametrize(
        ("button", "refusal"),
        [
            ({"text": "Ya", "callback_data": "a" * 65}, "BUTTON_DATA_INVALID"),
            ({"text": "Ya", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
            ({"text": "Ya"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
            ({"text": " ", "callback_data": "a"}, "can't parse inline keyboard button: text must be non-empty"),
            (
                {"text": "Peta", "url": "http://localhost"},
                "inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL",
            ),
            (
                {"text": "Peta", "url": "http://127.0.0.1:8080/x"},
                "inline keyboard button URL 'http://127.0.0.1:8080/x' is invalid: Wrong HTTP URL",
            ),
            (
                {"text": "Peta", "url": "javascript://a.id"},
                "inline keyboard button URL 'javascript://a.id' is invalid: Unsupported URL protocol",
            ),
            ({"text": "Salin", "copy_text": {"text": "a" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ],
    )
    async def test_refuses_buttons(self, bot: Bot, button: dict, refusal: str) -> None:
        """A dead button takes the whole message with it."""
        answer = await bot.refusal("sendMessage", chat_id=101, text="x", reply_markup=inline(button))

        assert answer == f"Bad Request: {refusal}"

    @pytest.mark.parametrize(
        "button",
        [
            {"text": "Ya", "callback_data": "a" * 64},
            {"text": "Peta", "url": "lamongankab.go.id/peta"},
            {"text": "Peta", "url": "https://lamongankab.go.id:8443/peta?x=1"},
            {"text": "Sari", "url": "tg://user?id=101"},
            {"text": "Salin", "copy_text": {"text": "LMG-12"}},
            {"text": "Cari", "switch_inline_query_current_chat": ""},
        ],
    )
    async def test_takes_buttons(self, bot: Bot, button: dict) -> None:
        """Buttons at the limit, and of every kind a bot uses, pass."""
        assert await bot.get("sendMessage", chat_id=101, text="x", reply_markup=inline(button))

    async def test_refuses_too_many_buttons(self, bot: Bot) -> None:
        """A hundred buttons pass, a hundred and one do not."""
        button = {"text": "Ya", "callback_data": "a"}

        assert await bot.get("sendMessage", chat_id=101, text="x", reply_markup=inline(*[button] * 100))
        assert (
            await bot.refusal("sendMessage", chat_id=101, text="x", reply_markup=inline(*[button] * 101))
            == "Bad Request: reply markup is too long"
        )

    async def test_is_no_part_of_the_message_below_the_input(self, bot: Bot, sari: Person) -> None:
        """A reply keyboard stands in the chat until another one or its removal, and in no message."""
        keys = {"keyboard": [["Lamongan", {"text": "Babat"}]]}

        message = await bot.get("sendMessage", chat_id=101, text="Pilih", reply_markup=keys)
        shown = sari.chat.keyboard
        await bot.get("sendMessage", chat_id=101, text="Terima kasih", reply_markup={"remove_keyboard": True})

        assert "reply_markup" not in message
        assert shown == keys
        assert sari.chat.keyboard is None


class TestEditMessageText:
    async def test_replaces_text_and_keyboard(self, bot: Bot, sari: Person) -> None:
        """An edit keeps id and date, and without a keyboard takes the old one away."""
        sent = await bot.get("sendMessage", chat_id=101, text="satu", reply_markup=YES)

        edited = await bot.get("editMessageText", chat_id=101, message_id=sent["message_id"], text="dua")

        assert sari.messages() == [edited]
        assert edited["text"] == "dua"
        assert "reply_markup" not in edited
        assert {edited[name] == sent[name] for name in ("message_id", "date", "from", "chat")} == {True}
        check_object("Message", edited)

    async def test_refuses_what_changes_nothing(self, bot: Bot) -> None:
        """The same words, marks and buttons once more are an error in Telegram."""
        same = {"chat_id": 101, "text": "<b>satu</b>", "parse_mode": "HTML", "reply_markup": YES}
        sent = await bot.get("sendMessage", **same)

        answer = await bot.refusal("editMessageText", message_id=sent["message_id"], **same)

        assert answer == NOT_MODIFIED

    async def test_refuses_unknown_and_foreign_messages(self, bot: Bot, sari: Person) -> None:
        """A bot edits its own messages, and its pictures have no text to edit."""
        theirs = sari.write("halo")
        photo = await bot.get("sendPhoto", chat_id=101, photo="https://a.id/a.png", caption="satu")

        async def refusal(message_id: int) -> str:
            return await bot.refusal("editMessageText", chat_id=101, message_id=message_id, text="x")

        assert await refusal(77) == "Bad Request: message to edit not found"
        assert await refusal(theirs["message_id"]) == "Bad Request: message can't be edited"
        assert await refusal(photo["message_id"]) == "Bad Request: there is no text in the message to edit"

    async def test_is_refused_by_who_blocked(self, bot: Bot, sari: Person) -> None:
        """Edits reach a person who blocked the bot no more than messages do."""
        sent = await bot.get("sendMessage", chat_id=101, text="satu")
        sari.blocks_bot()

        assert "bot was blocked" in await bot.refusal(
            "editMessageText", chat_id=101, message_id=sent["message_id"], text="dua"
        )


class TestEditMessageReplyMarkup:
    async def test_takes_the_keyboard_away(self, bot: Bot) -> None:
        """Only the buttons change; taking away what is not there changes nothing."""
        sent = await bot.get("sendMessage", chat_id=101, text="satu", reply_markup=YES)

        edited = await bot.get("editMessageReplyMarkup", chat_id=101, message_id=sent["message_id"])

        assert "reply_markup" not in edited
        assert edited["text"] == "satu"
        assert await bot.refusal("editMessageReplyMarkup", chat_id=101, message_id=sent["message_id"]) == NOT_MODIFIED


class TestEditMessageCaption:
    async def test_replaces_the_caption(self, bot: Bot, sari: Person) -> None:
        """A picture keeps its file when its words change."""
        sent = await bot.get("sendPhoto", chat_id=101, photo="https://a.id/a.png", caption="satu")

        edited = await bot.get("editMessageCaption", chat_id=101, message_id=sent["message_id"], caption="dua")

        assert edited["photo"] == sent["photo"]
        assert sari.texts() == ["dua"]


class TestDeleteMessage:
    async def test_takes_it_out_of_the_chat(self, bot: Bot, sari: Person) -> None:
        """A bot deletes its own messages and, in a private chat, the person's; a second time there is nothing."""
        theirs = sari.write("halo")
        sent = await bot.get("sendMessage", chat_id=101, text="satu")

        for message in (theirs, sent):
            assert await bot.get("deleteMessage", chat_id=101, message_id=message["message_id"]) is True

        assert sari.messages() == []
        assert (
            await bot.refusal("deleteMessage", chat_id=101, message_id=sent["message_id"])
            == "Bad Request: message to delete not found"
        )

    async def test_refuses_after_two_days(self, bot: Bot, telegram: PretendTelegram) -> None:
        """Messages older than 48 hours stay, also where the bot may delete; Telegram words it by the kind of chat."""
        telegram.group(SUPERGROUP, members=[101], bot="administrator")
        sent = [await bot.get("sendMessage", chat_id=chat, text="satu") for chat in (101, SUPERGROUP)]
        then = telegram.clock()
        telegram.clock = lambda: then + 48 * 3600 + 1

        refused = [
            await bot.refusal("deleteMessage", chat_id=message["chat"]["id"], message_id=message["message_id"])
            for message in sent
        ]

        assert refused == [
            "Bad Request: message can't be deleted for everyone",
            "Bad Request: message can't be deleted",
        ]

    async def test_skips_in_bulk_what_it_cannot_delete(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """deleteMessages deletes what it can, leaves what is older than 48 hours, and takes up to a hundred ids."""
        sent = await bot.get("sendMessage", chat_id=101, text="satu")

        assert await bot.get("deleteMessages", chat_id=101, message_ids=[sent["message_id"], 77]) is True
        assert sari.messages() == []
        then = telegram.clock()
        old = await bot.get("sendMessage", chat_id=101, text="lama")
        telegram.clock = lambda: then + 48 * 3600 + 2
        new = await bot.get("sendMessage", chat_id=101, text="baru")
        numbers = [old["message_id"], new["message_id"]]
        assert await bot.get("deleteMessages", chat_id=101, message_ids=numbers) is True
        assert sari.texts() == ["lama"]
        assert "too many message identifiers" in await bot.refusal(
            "deleteMessages", chat_id=101, message_ids=list(range(1, 102))
        )


class TestSendChatAction:
    async def test_takes_known_actions(self, bot: Bot) -> None:
        """typing passes, an invented action does not."""
        assert await bot.get("sendChatAction", chat_id=101, action="typing") is True
        assert (
            await bot.refusal("sendChatAction", chat_id=101, action="sleeping")
            == "Bad Request: wrong parameter action in request"
        )


class TestSetMessageReaction:
    async def test_is_kept_beside_the_message(self, bot: Bot, sari: Person) -> None:
        """A bot has one reaction on a message, and may take it back."""
        message_id = sari.write("halo")["message_id"]
        thumb = [{"type": "emoji", "emoji": "👍"}]

        await bot.get("setMessageReaction", chat_id=101, message_id=message_id, reaction=thumb)

        assert sari.chat.reactions == {message_id: thumb}
        assert sari.chat.reactions_under(message_id) == [{**thumb[0], "by": None}]
        assert "REACTIONS_TOO_MANY" in await bot.refusal(
            "setMessageReaction", chat_id=101, message_id=message_id, reaction=thumb * 2
        )

    @pytest.mark.parametrize("emoji", ["✅", "❤\ufe0f", "a"])
    async def test_takes_telegrams_own_signs_only(self, bot: Bot, sari: Person, emoji: str) -> None:
        """Most signs are none of those one can react with; a heart is, without what asks for its colour."""
        message_id = sari.write("halo")["message_id"]
        reaction = {"chat_id": 101, "message_id": message_id}

        assert await bot.get("setMessageReaction", **reaction, reaction=[{"type": "emoji", "emoji": "❤"}])
        assert (
            await bot.refusal("setMessageReaction", **reaction, reaction=[{"type": "emoji", "emoji": emoji}])
            == "Bad Request: REACTION_INVALID"
        )

    async def test_needs_the_message(self, bot: Bot, sari: Person) -> None:
        """What its writer took away cannot be reacted to, replied to, or edited."""
        theirs = sari.write("halo")["message_id"]
        sari.delete(theirs)
        gone = {"chat_id": 101, "message_id": theirs}

        assert await bot.refusal("setMessageReaction", **gone) == "Bad Request: message to react not found"
        assert await bot.refusal("editMessageText", **gone, text="x") == "Bad Request: message to edit not found"
        assert (
            await bot.refusal("sendMessage", chat_id=101, text="x", reply_parameters={"message_id": theirs})
            == "Bad Request: message to be replied not found"
        )
