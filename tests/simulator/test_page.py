"""The chat page in a browser, at a phone's and a desk's width, with a small bot behind it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from simulator import Person, PretendTelegram
from tests.simulator.browser import BROWSER, opened
from tests.simulator.conftest import Bot

pytestmark = BROWSER

WELCOME = (
    "Halo <b>Sari</b>, lihat <a href='https://a.id/x'>panduan</a> atau /bantuan.\n<tg-spoiler>kejutan</tg-spoiler>"
)
CHOICES = {
    "inline_keyboard": [
        [{"text": "Ikut", "callback_data": "ikut"}, {"text": "Peta", "url": "https://a.id/peta"}],
        [{"text": "Kapan?", "callback_data": "kapan"}],
    ]
}


@pytest.fixture
async def page(bot: Bot) -> AsyncIterator[Page]:
    async with opened(360, f"{bot.address}/") as page:
        yield page


async def answer_start(bot: Bot, telegram: PretendTelegram) -> dict:
    """Be the bot: wait for what Sari said, and welcome her."""
    await telegram.wait_until(telegram.pending_updates, timeout=10)
    await bot.get("getUpdates", offset=-1)
    return await bot.get("sendMessage", chat_id=101, text=WELCOME, parse_mode="HTML", reply_markup=CHOICES)


class TestConversation:
    async def test_starts_and_shows_what_the_bot_says(self, page: Page, bot: Bot, telegram: PretendTelegram) -> None:
        """The first thing is a button that sends /start; bold, links and buttons are what they are elsewhere."""
        await page.get_by_role("button", name="Mulai").click()
        await answer_start(bot, telegram)
        welcome = page.locator(".message:not(.own)")

        await expect(welcome.locator("strong")).to_have_text("Sari")
        link = welcome.get_by_role("link", name="panduan")
        assert [await link.get_attribute(name) for name in ("href", "target", "rel")] == [
            "https://a.id/x",
            "_blank",
            "noopener noreferrer",
        ]
        await expect(page.locator(".message.own")).to_contain_text("/start")
        await expect(page.get_by_role("button", name="Mulai")).to_be_hidden()

    async def test_sends_with_enter_and_taps(self, page: Page, bot: Bot, telegram: PretendTelegram) -> None:
        """Enter sends, Shift+Enter breaks the line; a tap waits for its answer, which is a toast or an alert."""
        await page.get_by_role("button", name="Mulai").click()
        await answer_start(bot, telegram)
        text = page.get_by_label("Tulis pesan")
        await text.fill("satu")
        await text.press("Shift+Enter")
        await text.type("dua")
        await text.press("Enter")
        await telegram.wait_until(lambda: telegram.people[101].messages()[-1].get("text") == "satu\ndua", timeout=10)
        await expect(text).to_have_value("")

        await page.get_by_role("button", name="Ikut").click()
        await telegram.wait_until(lambda: telegram.pending_updates() >= 2, timeout=10)
        query = (await bot.get("getUpdates"))[-1]["callback_query"]
        await expect(page.get_by_role("button", name="Ikut")).to_have_attribute("aria-busy", "true")
        await bot.get("answerCallbackQuery", callback_query_id=query["id"], text="Tercatat")

        await expect(page.locator(".toast")).to_have_text("Tercatat")
        await expect(page.get_by_role("button", name="Ikut")).not_to_have_attribute("aria-busy", "true")

        await page.get_by_role("button", name="Kapan?").click()
        await telegram.wait_until(lambda: telegram.pending_updates() >= 3, timeout=10)
        query = (await bot.get("getUpdates"))[-1]["callback_query"]
        await bot.get("answerCallbackQuery", callback_query_id=query["id"], text="Besok", show_alert=True)

        await expect(page.get_by_role("dialog")).to_contain_text("Besok")
        await page.get_by_role("button", name="Oke").click()
        await expect(page.get_by_role("dialog")).to_be_hidden()

    async def test_changes_in_place(self, page: Page, bot: Bot, telegram: PretendTelegram) -> None:
        """Edits and deletions happen where the message stands; typing shows in the head."""
        await page.get_by_role("button", name="Mulai").click()
        message_id = (await answer_start(bot, telegram))["message_id"]
        bubbles = page.locator(".message")
        await expect(bubbles).to_have_count(2)

        await bot.get("sendChatAction", chat_id=101, action="typing")
        await expect(page.locator(".status")).to_have_text("mengetik…")
        await bot.get("editMessageText", chat_id=101, message_id=message_id, text="<i>Baru</i>", parse_mode="HTML")

        await expect(page.locator(f"[data-id='{message_id}'] em")).to_have_text("Baru")
        await expect(page.locator(f"[data-id='{message_id}']")).to_contain_text("diedit")
        await expect(page.get_by_role("button", name="Ikut")).to_have_count(0)
        await bot.get("deleteMessage", chat_id=101, message_id=message_id)
        await expect(bubbles).to_have_count(1)

    async def test_offers_commands(self, page: Page, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """The menu has what setMyCommands set, narrows while one types a slash, and sends what is chosen."""
        commands = [{"command": "bantuan", "description": "Bantuan"}, {"command": "jadwal", "description": "Jadwal"}]
        sari.write("/start")
        await bot.get("setMyCommands", commands=commands)

        await page.get_by_role("button", name="Perintah bot").click()
        await expect(page.locator(".commands button")).to_have_count(2)
        await page.keyboard.press("Escape")
        await expect(page.locator(".commands")).to_be_hidden()
        await page.get_by_label("Tulis pesan").fill("/ja")
        await page.locator(".commands").get_by_role("button", name="jadwal").click()

        await telegram.wait_until(lambda: sari.messages()[-1]["text"] == "/jadwal", timeout=10)


class TestSafety:
    async def test_shows_markup_as_text(self, bot: Bot, sari: Person) -> None:
        """Nothing a bot or a person writes is read as HTML, and no link runs anything."""
        evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
        sari.write(evil)
        await bot.get("sendMessage", chat_id=101, text=evil)
        await bot.get(
            "sendMessage",
            chat_id=101,
            text="klik",
            entities=[{"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(3)"}],
        )
        async with opened(360, f"{bot.address}/") as page:
            await expect(page.locator(".message")).to_have_count(3)

            assert await page.locator(".log img, .log script, .log a").count() == 0
            await expect(page.locator(".message").nth(1)).to_contain_text(evil)


class TestAddress:
    async def test_starts_by_deep_link(self, bot: Bot, telegram: PretendTelegram) -> None:
        """/?start=… sends /start with the payload, once, as the person the address names."""
        async with opened(360, f"{bot.address}/?person=102&name=Budi&start=pameran_1") as page:
            await telegram.wait_until(lambda: 102 in telegram.people and telegram.people[102].messages(), timeout=10)
            await page.reload()
            await expect(page.locator(".message.own")).to_contain_text("/start pameran_1")
            await asyncio.sleep(0.1)

            assert [message["text"] for message in telegram.people[102].messages()] == ["/start pameran_1"]
            assert telegram.people[102].user["first_name"] == "Budi"


class TestReconnection:
    async def test_shows_the_chat_again_after_an_outage(
        self, bot: Bot, sari: Person, telegram: PretendTelegram
    ) -> None:
        """When Telegram was away the page says so, comes back by itself, and misses nothing."""
        sari.write("/start")
        async with opened(360, f"{bot.address}/", outage=True) as page:
            await expect(page.locator(".message")).to_have_count(1)
            telegram.outage = True
            await expect(page.locator("#notice")).to_be_visible()
            sari.write("masih di sini?")
            telegram.outage = False

            await expect(page.locator(".message")).to_have_count(2, timeout=10_000)
            await expect(page.locator("#notice")).to_be_hidden()
