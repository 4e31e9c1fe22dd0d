"""The chat page in a channel: the owner posts, others read, and the bot is let in and put out."""

from playwright.async_api import expect

from simulator import Person, PretendTelegram
from tests.simulator.browser import BROWSER, opened
from tests.simulator.conftest import Bot
from tests.simulator.test_page_people import phone, write

pytestmark = BROWSER

CHANNEL = -1_000_000_000_900


class TestChannel:
    async def test_is_made_posted_in_and_read(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Whoever makes it posts; the others on the page see the bot's posts and the owner's, and cannot write."""
        telegram.person(201, first_name="Rini")
        async with opened(1280, f"{bot.address}/?people=201,101") as page:
            await page.get_by_role("button", name="Latihan").click()
            await page.get_by_label("Nama grup baru").fill("Kabar UMKM")
            await page.get_by_label("Kanal; bot jadi admin").check()
            await page.get_by_role("button", name="Buat", exact=True).click()
            await expect(phone(page, "Sari").locator(".name")).to_have_text("Kabar UMKM")
            (channel,) = telegram.channels.values()
            await bot.get("sendMessage", chat_id=channel.id, text="Pameran besok")
            await write(phone(page, "Rini"), "Dari admin")

            said = phone(page, "Sari").locator(".message")
            await expect(said).to_have_count(2)
            await expect(said.first.locator(".sender")).to_have_text("Kabar UMKM")
            await expect(said.last).to_contain_text("Dari admin")
            await expect(phone(page, "Sari").locator(".composer")).to_be_hidden()
            await expect(phone(page, "Sari").locator(".shut")).to_have_text("Hanya admin kanal yang menulis di sini.")
            assert (await bot.get("getUpdates"))[-1]["channel_post"]["text"] == "Dari admin"

    async def test_lets_its_owner_put_the_bot_out(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """The owner's menu removes the bot and makes it an administrator again; a reader's has neither."""
        budi = telegram.person(102, first_name="Budi")
        channel = telegram.channel(CHANNEL, "Kabar", members=[sari, budi])
        async with opened(1280, f"{bot.address}/?people=101,102") as page:
            for name in ("Sari", "Budi"):
                await phone(page, name).get_by_role("button", name="Daftar obrolan").click()
                await phone(page, name).locator(".chats").get_by_role("button", name="Kabar").click()
            await phone(page, "Budi").get_by_role("button", name="Menu obrolan").click()
            await expect(phone(page, "Budi").get_by_role("button", name="Keluarkan bot")).to_have_count(0)
            for entry, is_there in (("Keluarkan bot", False), ("Jadikan bot admin", True)):
                await phone(page, "Sari").get_by_role("button", name="Menu obrolan").click()
                await phone(page, "Sari").get_by_role("button", name=entry).click()
                await telegram.wait_until(lambda is_there=is_there: channel.is_admin(1) is is_there)

        statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in await bot.get("getUpdates")]
        assert statuses == ["left", "administrator"]
