"""Inline mode: queries, answers, and what is chosen."""

from typing import Any

import pytest

from simulator import Person, PretendTelegram
from simulator import inline as inline_module
from simulator.schema import check_object
from tests.simulator.conftest import Bot

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
BUTTONS = {"inline_keyboard": [[{"text": "Lagi", "callback_data": "lagi"}]]}


def article(result_id: str = "1", text: str = "Buka <b>08.00</b>", **more: Any) -> dict:
    content = {"message_text": text, "parse_mode": "HTML"}
    return {"type": "article", "id": result_id, "title": "Jam buka", "input_message_content": content, **more}


async def newest(bot: Bot) -> dict:
    (update,) = await bot.get("getUpdates", offset=-1)
    check_object("Update", update)
    return update


class TestQuery:
    async def test_is_an_update(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """What is typed after the bot's name comes with the offset and the kind of chat; empty is allowed."""
        telegram.group(-500, "Batik", members=[sari])
        query_id = sari.inline("jam buka")
        asked = (await newest(bot))["inline_query"]
        sari.inline("", offset="2", chat=-500)
        empty = (await newest(bot))["inline_query"]

        assert asked == {
            "id": query_id,
            "from": sari.user,
            "query": "jam buka",
            "offset": "",
            "chat_type": "sender",
        }
        assert (empty["query"], empty["offset"], empty["chat_type"]) == ("", "2", "group")
        assert (await bot.get("getMe"))["supports_inline_queries"] is True

    async def test_is_bounded(self, sari: Person, telegram: PretendTelegram) -> None:
        """256 characters pass, and none at all where the mode is off."""
        sari.inline("a" * 256)

        with pytest.raises(ValueError, match="at most 256"):
            sari.inline("a" * 257)
        telegram.inline_mode = False
        with pytest.raises(LookupError, match="inline mode is off"):
            sari.inline("a")


class TestAnswer:
    async def test_is_kept_for_who_asked(self, bot: Bot, sari: Person) -> None:
        """Results, next_offset and button are what the person sees; only for the newest query."""
        first = sari.inline("jam")
        second = sari.inline("jam buka")
        button = {"text": "Buka bot", "start_parameter": "inline"}
        await bot.get("answerInlineQuery", inline_query_id=first, results=[])
        before = sari.inline_answer()
        await bot.get(
            "answerInlineQuery",
            inline_query_id=second,
            results=[article()],
            next_offset="1",
            button=button,
            cache_time=0,
        )

        answer = sari.inline_answer()
        assert before is None
        assert [result["id"] for result in answer["results"]] == ["1"]
        assert (answer["next_offset"], answer["button"]) == ("1", button)

    async def test_must_be_in_time_and_once(self, bot: Bot, sari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        """A query is answered once, within ten seconds."""
        query_id = sari.inline("jam")
        await bot.get("answerInlineQuery", inline_query_id=query_id, results=[])

        assert await bot.refusal("answerInlineQuery", inline_query_id=query_id, results=[]) == TOO_OLD
        assert await bot.refusal("answerInlineQuery", inline_query_id="5", results=[]) == TOO_OLD
        monkeypatch.setattr(inline_module, "QUERY_LASTS", -1.0)  # a test cannot wait so long
        assert await bot.refusal("answerInlineQuery", inline_query_id=sari.inline("a"), results=[]) == TOO_OLD

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"results": [article(str(number)) for number in range(51)]}, "RESULTS_TOO_MUCH"),
            ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
            ({"results": [article("a" * 65)]}, "RESULT_ID_INVALID"),
            ({"results": [article("")]}, "RESULT_ID_INVALID"),
            ({"results": [], "next_offset": "é" * 33}, "NEXT_OFFSET_INVALID"),
            ({"results": [], "button": {"text": "x", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
            ({"results": [], "button": {"text": "x"}}, "can't parse inline query results button"),
            ({"results": [article(text="<b>")]}, "can't parse entities"),
            ({"results": [article(text="")]}, "message text is empty"),
            ({"results": [article(text="a" * 4097)]}, "message is too long"),
            ({"results": [article(title=" ")]}, "title must be non-empty"),
            ({"results": [article(reply_markup={"inline_keyboard": [[{"text": "x"}]]})]}, "Text buttons"),
            ({"results": [{"type": "article", "id": "1", "title": "x"}]}, "can't find field"),
            ({"results": [{"type": "photo", "id": "1", "photo_file_id": "x"}]}, "wrong file identifier"),
            ({"results": [{"type": "game", "id": "1", "game_short_name": "x"}]}, "does not support"),
        ],
    )
    async def test_has_limits(self, bot: Bot, sari: Person, given: dict, refusal: str) -> None:
        """Results are checked as Telegram does, and a refused answer can be given again."""
        query_id = sari.inline("jam")

        assert refusal in await bot.refusal("answerInlineQuery", inline_query_id=query_id, **given)
        assert await bot.get("answerInlineQuery", inline_query_id=query_id, results=[article("a" * 64)] * 1)


class TestChoose:
    async def test_sends_it_into_a_chat(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """The message is the person's, via the bot; the bot hears of the choice and, in its chats, of the message."""
        group = telegram.group(-500, "Batik", members=[sari])
        query_id = sari.inline("jam", chat=-500)
        await bot.get("answerInlineQuery", inline_query_id=query_id, results=[article()])
        await bot.get("getUpdates", offset=(await newest(bot))["update_id"] + 1)

        message = sari.choose("Jam buka", chat=-500)
        came, chosen = await bot.get("getUpdates")

        assert came["message"] == message == group.messages()[-1]
        assert (message["text"], message["via_bot"], message["from"]["id"]) == ("Buka 08.00", telegram.bot, 101)
        assert chosen["chosen_inline_result"] == {"result_id": "1", "from": sari.user, "query": "jam"}
        check_object("Update", came)
        check_object("Update", chosen)
        with pytest.raises(LookupError, match="Jam buka"):
            sari.choose("Lain", chat=-500)

    async def test_tells_only_who_asked_for_it(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Without chosen_inline_result among allowed_updates it does not come; where the bot is not, nothing does."""
        telegram.group(-500, "Keluarga", members=[sari], bot="left")
        await bot.get("getUpdates", allowed_updates=["message"])
        await bot.refusal("answerInlineQuery", inline_query_id=sari.inline("a"), results=[article(title=" ")])
        await bot.get("answerInlineQuery", inline_query_id=sari.inline("b"), results=[article()])

        sari.choose("1", chat=-500)

        assert await bot.get("getUpdates") == []

    async def test_gives_buttons_a_name(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """With buttons there is an inline_message_id, by which taps come and edits are made."""
        group = telegram.group(-500, "Keluarga", members=[sari], bot="left")
        results = [article(reply_markup=BUTTONS)]
        await bot.get("answerInlineQuery", inline_query_id=sari.inline("jam"), results=results)
        sari.choose("1", chat=-500)
        name = (await newest(bot))["chosen_inline_result"]["inline_message_id"]

        sari.tap("Lagi", chat=-500)
        query = (await newest(bot))["callback_query"]
        edited = await bot.get("editMessageText", inline_message_id=name, text="Tutup")

        assert (query["inline_message_id"], query["data"]) == (name, "lagi")
        assert "message" not in query
        assert edited is True
        assert group.messages()[-1]["text"] == "Tutup"
        assert (
            await bot.refusal("editMessageText", inline_message_id="x", text="y") == "Bad Request: MESSAGE_ID_INVALID"
        )

    async def test_knows_other_contents(self, bot: Bot, sari: Person) -> None:
        """Places, contacts and files become what they are."""
        file_id = sari.sends("photo")["photo"][-1]["file_id"]
        results = [
            {"type": "location", "id": "1", "title": "Alun-alun", "latitude": -7.1, "longitude": 112.4},
            {"type": "venue", "id": "2", "title": "Dinas", "address": "Lamongan", "latitude": -7.1, "longitude": 112.4},
            {"type": "contact", "id": "3", "phone_number": "+62", "first_name": "Dinas"},
            {"type": "photo", "id": "4", "photo_file_id": file_id, "caption": "Contoh"},
        ]
        await bot.get("answerInlineQuery", inline_query_id=sari.inline("x"), results=results)

        messages = [sari.choose(result["id"]) for result in results]

        kinds = ("location", "venue", "contact", "photo")
        assert all(kind in message for kind, message in zip(kinds, messages, strict=True))
        for message in messages:
            check_object("Message", message)
