"""The ways to send a call, and that none of them breaks the server."""

import io
import json

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator import Person, PretendTelegram, serve
from tests.simulator.conftest import Bot

MARKUP = {"inline_keyboard": [[{"text": "Ya", "callback_data": "1"}]]}
AS_FORM = {"chat_id": "101", "text": "halo", "disable_notification": "True", "reply_markup": json.dumps(MARKUP)}
AS_TYPED = {"chat_id": 101, "text": "halo", "disable_notification": True, "reply_markup": MARKUP}


def multipart(fields: dict[str, str]) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value)
    return form


class TestWays:
    @pytest.mark.parametrize(
        "request_with",
        [
            {"params": AS_FORM},
            {"data": AS_FORM},
            {"data": multipart(AS_FORM)},
            {"json": AS_TYPED},
            {"json": AS_FORM},
            {"params": {"chat_id": "101"}, "data": {**AS_FORM, "chat_id": "101"}},
        ],
        ids=["query", "form", "multipart", "json", "json of strings", "query and form"],
    )
    @pytest.mark.parametrize("http_method", ["GET", "POST"])
    async def test_are_all_the_same(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, http_method: str, request_with: dict
    ) -> None:
        """Query, form, multipart and JSON, by GET or POST, give the same typed parameters."""
        async with bot.session.request(http_method, bot.url("sendMessage"), **request_with) as response:
            answer = await response.json()

        assert answer["ok"], answer
        assert telegram.calls[0].parameters == AS_TYPED


class TestToken:
    @pytest.mark.parametrize("token", ["1:wrong", "2:test", "", "1:test%20"])
    async def test_must_be_right(self, bot: Bot, token: str) -> None:
        """Another token is answered as Telegram answers it."""
        async with bot.session.get(f"{bot.address}/bot{token}/getMe") as response:
            assert response.status == 401
            assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}

    async def test_guards_files(self, bot: Bot) -> None:
        """Files need the token too, and must be there."""
        for token, status in (("1:wrong", 401), ("1:test", 404)):
            async with bot.session.get(f"{bot.address}/file/bot{token}/photos/file_1.jpg") as response:
                assert response.status == status


class TestBadRequests:
    @pytest.mark.parametrize(
        ("content_type", "body", "refusal"),
        [
            ("application/json", b"{", "can't parse the request"),
            ("application/json", b"[1]", "an Object was expected"),
            ("application/json", b"[" * 100_000, "can't parse the request"),
            ("application/json", b"\xff", "strings must be encoded in UTF-8"),
            ("application/x-www-form-urlencoded", b"text=%ff", "strings must be encoded in UTF-8"),
            ("application/x-www-form-urlencoded", b"a=1&" * 2000, "can't parse the request"),
            ("multipart/form-data", b"x", "a boundary was expected"),
            ("multipart/form-data; boundary=x", b"nonsense", "chat_id is empty"),
            ("text/plain", b"chat_id=101", "chat_id is empty"),
        ],
    )
    async def test_are_told_why(self, bot: Bot, content_type: str, body: bytes, refusal: str) -> None:
        """A body that cannot be read is a 400 in Telegram's shape."""
        headers = {"Content-Type": content_type}
        async with bot.session.post(bot.url("sendMessage"), data=body, headers=headers) as response:
            answer = await response.json()

        assert response.status == answer["error_code"] == 400
        assert refusal in answer["description"]

    async def test_have_a_bound(self, bot: Bot) -> None:
        """A body beyond 50 MB is not read on."""
        async with bot.session.post(bot.url("sendMessage"), data=io.BytesIO(bytes(51 * 2**20))) as response:
            assert (await response.json())["error_code"] == 413

    async def test_are_json_everywhere(self, bot: Bot) -> None:
        """Paths nobody serves are answered in Telegram's shape as well."""
        async with bot.session.get(f"{bot.address}/nowhere") as response:
            assert await response.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


FIELDS = """
    chat_id text message_id reply_markup inline_keyboard callback_data url parse_mode type entities offset length x
    commands command description scope photo keyboard latitude message_ids reply_parameters reaction callback_query_id
    allowed_updates drop_pending_updates limit
"""
CALLED = """
    sendMessage editMessageText sendPhoto setMyCommands getUpdates answerCallbackQuery nothing deleteMessages
    setMessageReaction sendLocation setWebhook sendGame getChat deleteWebhook
"""
NAMES, METHODS = st.sampled_from(FIELDS.split()), st.sampled_from(CALLED.split())
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(NAMES, inside, max_size=4),
    max_leaves=12,
)
plausible = st.fixed_dictionaries(
    {},
    optional={
        "chat_id": st.sampled_from([101, "101", 5, "x"]) | values,
        "text": st.text(max_size=30) | values,
        "parse_mode": st.sampled_from(["HTML", "html", "x"]),
        "message_id": st.integers(0, 9) | values,
        "reply_markup": values,
        "entities": st.lists(
            st.fixed_dictionaries({"type": st.just("bold"), "offset": st.integers(), "length": st.integers()}),
            max_size=3,
        ),
    },
)


class TestAnyRequest:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.tuples(
                METHODS,
                st.sampled_from(
                    ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "x")
                ),
                (plausible | st.dictionaries(NAMES, values, max_size=5)).map(lambda body: json.dumps(body).encode())
                | st.binary(max_size=60)
                | st.binary(max_size=40).map(
                    lambda content: (
                        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + content + b"\r\n--b--"
                    )
                ),
            ),
            min_size=1,
            max_size=8,
        )
    )
    async def test_is_answered_in_telegrams_shape(self, requests: list[tuple[str, str, bytes]]) -> None:
        """No body crashes the server: each call is answered with ok and a result, or an error with its reason."""
        telegram = PretendTelegram()
        telegram.person(101).write("halo")
        async with serve(telegram) as address, aiohttp.ClientSession() as session:
            for method, content_type, body in requests:
                headers = {"Content-Type": content_type}
                async with session.post(f"{address}/bot1:test/{method}", data=body, headers=headers) as response:
                    answer = await response.json()

                assert response.status == answer.get("error_code", 200)
                assert "result" in answer if answer["ok"] else answer["description"]
                assert response.status < 500
