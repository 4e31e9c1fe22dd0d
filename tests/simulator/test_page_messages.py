"""The chat page: everything a message can be, and everything the input can send."""

import asyncio
import json
import struct
import zlib
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from simulator import Person, PretendTelegram
from tests.simulator.browser import BROWSER, opened
from tests.simulator.conftest import Bot

pytestmark = [*BROWSER, pytest.mark.usefixtures("started")]


def picture(width: int = 64, height: int = 48) -> bytes:
    """A grey PNG that a browser can show."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


@pytest.fixture
def started(sari: Person) -> None:
    sari.write("/start")


async def shown(page: Page) -> int:
    return await page.locator(".message").count()


async def send(page: Page, text: str) -> None:
    await page.get_by_label("Tulis pesan").fill(text)
    await page.get_by_role("button", name="Kirim").click()


class TestShown:
    async def test_pictures_albums_and_files(self, bot: Bot, sari: Person) -> None:
        """An album is one bubble with its pictures and caption; a file has its name and size and can be saved."""
        form = aiohttp.FormData()
        form.add_field("chat_id", "101")
        media = [{"type": "photo", "media": f"attach://p{number}"} for number in range(3)]
        form.add_field("media", json.dumps([{**media[0], "caption": "Stan kita"}, *media[1:]]))
        for number in range(3):
            form.add_field(f"p{number}", picture(), filename="a.png")
        async with bot.session.post(bot.url("sendMediaGroup"), data=form) as response:
            assert response.status == 200
        for _ in range(10):
            sari.write("Terima kasih")
        sari.sends_file(b"x" * 153_600, "Panduan.pdf", "application/pdf")
        async with opened(360, f"{bot.address}/") as page:
            album = page.locator(".message.album")
            await expect(album.locator("img")).to_have_count(3)
            await expect(album).to_contain_text("Stan kita")
            await expect(page.locator(".message")).to_have_count(13)
            assert await album.locator("img").first.evaluate("(image) => image.complete && image.naturalWidth") == 64
            saved = page.get_by_role("link", name="Panduan.pdf")
            await expect(saved).to_contain_text("150 KB")
            assert await saved.get_attribute("download") == "Panduan.pdf"
            await expect(saved).to_be_in_viewport()

    async def test_documents_of_the_bot_are_saved(self, bot: Bot) -> None:
        """A file the bot sent is saved as it is, under its own name."""
        form = aiohttp.FormData({"chat_id": "101", "caption": "Data Anda"})
        form.add_field("document", b'{"nama": "Sari"}', filename="data-saya.json", content_type="application/json")
        async with bot.session.post(bot.url("sendDocument"), data=form) as response:
            assert response.status == 200
        async with opened(360, f"{bot.address}/") as page:
            async with page.expect_download() as saving:
                await page.get_by_role("link", name="data-saya.json").click()
            saved = await saving.value

            assert saved.suggested_filename == "data-saya.json"
            assert await asyncio.to_thread(Path(await saved.path()).read_bytes) == b'{"nama": "Sari"}'

    async def test_ticks_and_pins(self, bot: Bot) -> None:
        """A message has one tick until the bot fetched it, then two; what is pinned stands on top."""
        async with opened(360, f"{bot.address}/") as page:
            await expect(page.get_by_label("Terkirim")).to_be_visible()
            await bot.get("getUpdates")
            await expect(page.get_by_label("Dibaca")).to_be_visible()
            sent = await bot.get("sendMessage", chat_id=101, text="Penting: Selasa libur")
            await bot.get("pinChatMessage", chat_id=101, message_id=sent["message_id"])
            await expect(page.locator(".pin")).to_contain_text("Penting: Selasa libur")

    async def test_deep_links_stay_here(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """A link to the bot itself is a /start with its payload, in this page, and leaves the machine for nothing."""
        keyboard = {"inline_keyboard": [[{"text": "Daftar", "url": "https://t.me/demo_bot?start=daftar_7"}]]}
        await bot.get("sendMessage", chat_id=101, text="Ikut?", reply_markup=keyboard)
        async with opened(360, f"{bot.address}/") as page:
            await page.get_by_role("link", name="Daftar").click()
            await telegram.wait_until(lambda: sari.messages()[-1].get("text") == "/start daftar_7", timeout=10)
            await expect(page.locator(".message.own").last).to_contain_text("/start daftar_7")


class TestSent:
    async def test_replies_edits_and_deletions(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """A message's tools quote it, change it and take it away, each where it stands."""
        await bot.get("sendMessage", chat_id=101, text="Nama usaha?")
        async with opened(360, f"{bot.address}/", has_touch=True) as page:
            question = page.locator(".message:not(.own)")
            await question.locator(".words").click()
            await question.get_by_role("button", name="Balas").click()
            await expect(page.locator(".reply")).to_contain_text("Membalas Demo")
            await send(page, "Batik Sari")
            answer = page.locator(".message.own").last
            await expect(answer.locator(".quoted")).to_contain_text("Nama usaha?")
            await expect(page.locator(".reply")).to_be_hidden()

            await answer.locator(".words").click()
            await answer.get_by_role("button", name="Ubah").click()
            await send(page, "Batik Sari Lamongan")
            await expect(page.locator(".message.own").last).to_contain_text("Batik Sari Lamongan")
            await expect(page.locator(".message.own").last).to_contain_text("diedit")

            await page.locator(".message.own .words").last.click()
            await page.locator(".message.own").last.get_by_role("button", name="Hapus").click()
            await expect(page.locator(".message")).to_have_count(2)
            assert "edited_message" in (await bot.get("getUpdates"))[-1]

    async def test_keys_of_the_reply_keyboard(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Keys send words, the own contact and place; a one-time keyboard folds away, and comes back by its button."""
        keys = [["Ya", {"text": "Nomor saya", "request_contact": True}], [{"text": "Lokasi", "request_location": True}]]
        markup = {"keyboard": keys, "one_time_keyboard": True, "input_field_placeholder": "Pilih satu"}
        async with opened(360, f"{bot.address}/") as page:
            await expect(page.locator(".message")).to_have_count(1)
            await bot.get("sendMessage", chat_id=101, text="Ikut?", reply_markup=markup)
            for label in ("Ya", "Nomor saya", "Lokasi"):
                if label != "Ya":
                    await page.get_by_role("button", name="Pilihan jawaban").click()
                await page.locator(".keyboard").get_by_role("button", name=label, exact=True).click()
                await expect(page.locator(".keyboard")).to_be_hidden()
            await expect(page.locator(".message.own")).to_have_count(4)
            await bot.get("sendMessage", chat_id=101, text="Siap", reply_markup={"remove_keyboard": True})
            await expect(page.get_by_role("button", name="Pilihan jawaban")).to_be_hidden()

        assert [set(message) & {"contact", "location"} for message in sari.messages()[-3:-1]] == [
            {"contact"},
            {"location"},
        ]

    async def test_emoji_and_files(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """A sign is put where the cursor is; a picture arrives as a photo with what was typed, which can be changed."""
        async with opened(360, f"{bot.address}/") as page:
            await page.get_by_label("Tulis pesan").fill("Terima kasih ")
            await page.get_by_role("button", name="Emoji").click()
            await page.get_by_role("button", name="🙏").click()
            await page.get_by_role("button", name="Kirim").click()
            await telegram.wait_until(lambda: sari.messages()[-1].get("text") == "Terima kasih 🙏", timeout=10)
            await page.get_by_label("Tulis pesan").fill("Kemasan saya")
            await page.get_by_role("button", name="Lampirkan").click()
            async with page.expect_file_chooser() as choosing:
                await page.get_by_role("button", name="Foto atau berkas").click()
            chooser = await choosing.value
            await chooser.set_files({"name": "produk.png", "mimeType": "image/png", "buffer": picture()})
            await expect(page.locator(".message img")).to_have_count(1)
            await expect(page.get_by_label("Tulis pesan")).to_have_value("")

            await page.locator(".message.own .words").last.click()
            await page.locator(".message.own").last.get_by_role("button", name="Ubah").click()
            await send(page, "Kemasan baru")
            await expect(page.locator(".message.own").last).to_contain_text("Kemasan baru")

        assert sari.messages()[-1]["photo"][-1]["width"] == 64
        assert sari.messages()[-1]["caption"] == "Kemasan baru"

    async def test_inline_queries(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Typing the bot's name and a question asks; the cards that come are chosen by a tap."""
        content = {"message_text": "Buka 08.00"}
        cards = [
            {
                "type": "article",
                "id": "1",
                "title": "Jam buka",
                "description": "Dinas",
                "input_message_content": content,
            }
        ]
        async with opened(360, f"{bot.address}/") as page:
            await page.get_by_label("Tulis pesan").fill("@demo_bot jam")
            await telegram.wait_until(lambda: telegram.pending_updates() >= 2, timeout=10)
            query = (await bot.get("getUpdates"))[-1]["inline_query"]
            await bot.get("answerInlineQuery", inline_query_id=query["id"], results=cards)
            await page.locator(".results").get_by_role("button", name="Jam buka").click()

            await expect(page.locator(".message.own").last).to_contain_text("Buka 08.00")
            await expect(page.get_by_label("Tulis pesan")).to_have_value("")

    async def test_inline_answers_that_come_too_late(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """What answers a question that is no longer typed is not shown over the next one."""
        async with opened(360, f"{bot.address}/") as page:
            await page.get_by_label("Tulis pesan").fill("@demo_bot jam")
            await telegram.wait_until(lambda: telegram.pending_updates() >= 2, timeout=10)
            query = (await bot.get("getUpdates"))[-1]["inline_query"]
            await send(page, "@demo_bot jam")
            await expect(page.locator(".message.own").last).to_contain_text("@demo_bot jam")
            await expect(page.get_by_label("Tulis pesan")).to_have_value("")
            await bot.get("answerInlineQuery", inline_query_id=query["id"], results=[])
            await bot.get("sendMessage", chat_id=101, text="Buka 08.00")

            await expect(page.locator(".message").last).to_contain_text("Buka 08.00")
            await expect(page.locator(".results")).to_be_hidden()


class TestKeyboardOnly:
    async def test_reaches_everything(self, bot: Bot, telegram: PretendTelegram, sari: Person) -> None:
        """Without a mouse one opens the menu, leaves it by Escape, and stands again where it was opened."""
        async with opened(360, f"{bot.address}/") as page:
            more = page.get_by_role("button", name="Menu obrolan")
            await more.focus()
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("button", name="Blokir bot")).to_be_focused()
            await page.keyboard.press("Escape")
            await expect(more).to_be_focused()
            await page.get_by_label("Tulis pesan").focus()
            await page.keyboard.type("halo")
            await page.keyboard.press("Enter")
            await telegram.wait_until(lambda: sari.messages()[-1]["text"] == "halo", timeout=10)

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    async def test_names_every_control(self, bot: Bot, scheme: str) -> None:
        """Each button, link and field has a name, in light and in dark."""
        await bot.get("sendMessage", chat_id=101, text="Halo", reply_markup={"keyboard": [["Ya"]]})
        async with opened(1280, f"{bot.address}/", color_scheme=scheme) as page:
            await expect(page.locator(".message")).to_have_count(2)
            nameless = await page.evaluate(
                """() => [...document.querySelectorAll("button, a, input, textarea")]
                    .filter((node) => node.checkVisibility())
                    .filter((node) => !(node.textContent.trim() || node.ariaLabel || node.labels?.length)).length"""
            )
            assert nameless == 0
