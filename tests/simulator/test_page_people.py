"""The chat page with several people: side by side, one after another, in groups, blocking; and its drawer."""

import pytest
from playwright.async_api import Locator, Page, expect

from simulator import Person, PretendTelegram
from tests.simulator.browser import BROWSER, opened
from tests.simulator.conftest import Bot

pytestmark = BROWSER

BOTH = "?people=101,201"


@pytest.fixture
def officer(telegram: PretendTelegram) -> Person:
    return telegram.person(201, first_name="Petugas")


def phone(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=f"Telepon {name}")


async def write(place: Locator, text: str) -> None:
    await place.get_by_label("Tulis pesan").fill(text)
    await place.get_by_role("button", name="Kirim").click()


class TestSideBySide:
    async def test_shows_everybody_on_a_wide_screen(
        self, bot: Bot, sari: Person, officer: Person, telegram: PretendTelegram
    ) -> None:
        """Each has a phone of their own; what one writes stands in theirs alone."""
        async with opened(1280, f"{bot.address}/{BOTH}") as page:
            for name in ("Sari", "Petugas"):
                await phone(page, name).get_by_role("button", name="Mulai").click()
            await write(phone(page, "Sari"), "halo")
            await bot.get("sendMessage", chat_id=201, text="Ada pertanyaan")

            await expect(phone(page, "Sari").locator(".message.own").last).to_contain_text("halo")
            await expect(phone(page, "Petugas").locator(".message").last).to_contain_text("Ada pertanyaan")
            await expect(phone(page, "Petugas").locator(".message")).to_have_count(2)

    async def test_switches_on_a_narrow_one(self, bot: Bot, sari: Person, officer: Person) -> None:
        """One phone at a time, and a number at whom something came for."""
        sari.write("/start")
        officer.write("/start")
        async with opened(360, f"{bot.address}/{BOTH}") as page:
            await expect(phone(page, "Sari")).to_be_visible()
            await expect(page.get_by_role("region", name="Telepon Petugas")).to_be_hidden()
            await page.get_by_role("navigation", name="Orang").get_by_role("button", name="Petugas").click()

            await expect(phone(page, "Petugas")).to_be_visible()
            await expect(page.get_by_role("region", name="Telepon Sari")).to_be_hidden()

    async def test_takes_in_somebody_new(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """A person is added in the drawer, stands in the address, and is still there when it is loaded again."""
        async with opened(1280, f"{bot.address}/") as page:
            await page.get_by_role("button", name="Latihan").click()
            await page.get_by_label("Orang baru").fill("Tini")
            await page.get_by_role("button", name="Tambah").click()
            await expect(phone(page, "Tini")).to_be_visible()
            await page.reload()
            await expect(phone(page, "Sari")).to_be_visible()
            await phone(page, "Tini").get_by_role("button", name="Mulai").click()

            await telegram.wait_until(telegram.pending_updates, timeout=10)
            (update,) = await bot.get("getUpdates")
            assert update["message"]["from"]["first_name"] == "Tini"


class TestBlock:
    async def test_shuts_the_bot_out_until_unblocked(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """The menu blocks; instead of the input there is a button that lets the bot in again."""
        sari.write("/start")
        async with opened(360, f"{bot.address}/") as page:
            await page.get_by_role("button", name="Menu obrolan").click()
            await page.get_by_role("button", name="Blokir bot").click()
            await expect(page.get_by_label("Tulis pesan")).to_be_hidden()
            assert "blocked by the user" in await bot.refusal("sendMessage", chat_id=101, text="halo")
            await page.get_by_role("button", name="Buka blokir").click()
            await expect(page.get_by_label("Tulis pesan")).to_be_visible()

            assert not sari.has_blocked


class TestGroup:
    async def test_is_made_and_talked_in(
        self, bot: Bot, sari: Person, officer: Person, telegram: PretendTelegram
    ) -> None:
        """All who are shown are in it, all see it, with names on what others say; service messages are told."""
        async with opened(1280, f"{bot.address}/{BOTH}") as page:
            await page.get_by_role("button", name="Latihan").click()
            await page.get_by_label("Nama grup baru").fill("Paguyuban Batik")
            await page.get_by_role("button", name="Buat").click()
            await expect(phone(page, "Petugas").locator(".name")).to_have_text("Paguyuban Batik")
            await write(phone(page, "Sari"), "@demo_bot jam buka?")

            said = phone(page, "Petugas").locator(".message")
            await expect(said).to_contain_text("@demo_bot jam buka?")
            await expect(said.locator(".sender")).to_have_text("Sari")
            await expect(phone(page, "Sari").locator(".service")).to_have_text("Sari menambahkan Demo")
            (group,) = telegram.groups.values()
            assert (await bot.get("getUpdates"))[-1]["message"]["chat"]["id"] == group.id

    async def test_is_left_and_found_in_the_list(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """A phone lists its chats, counts what came unseen, and follows a group that becomes a supergroup."""
        sari.write("/start")
        group = telegram.group(-500, "Batik", members=[sari])
        async with opened(360, f"{bot.address}/") as page:
            back = page.get_by_role("button", name="Daftar obrolan")
            await expect(back).to_be_visible()
            await bot.get("sendMessage", chat_id=-500, text="Halo grup")
            await expect(back.locator(".badge")).to_have_text("1")
            await back.click()
            await page.locator(".chats").get_by_role("button", name="Batik").click()
            await expect(page.locator(".message")).to_contain_text("Halo grup")
            await expect(back.locator(".badge")).to_be_hidden()
            await page.get_by_role("button", name="Menu obrolan").click()
            await page.get_by_role("button", name="Naikkan jadi supergrup").click()
            await expect(page.locator(".service")).to_have_text("Grup ini menjadi supergrup")

            assert group.migrated_to


class TestDrawer:
    async def test_orders_failures_and_says_what_it_is(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """It is told apart from Telegram, and tells which troubles are on."""
        sari.write("/start")
        async with opened(360, f"{bot.address}/", outage=True) as page:
            await page.get_by_role("button", name="Latihan").click()
            drawer = page.get_by_role("dialog", name="Alat latihan")
            await expect(drawer).to_contain_text("tidak ada di Telegram sungguhan")
            await drawer.get_by_role("button", name="Lambat").click()
            await drawer.get_by_role("button", name="Terlalu ramai").click()
            await expect(drawer.locator("#trouble")).to_have_text(
                "Sekarang: jawaban lambat 2 detik; 3 panggilan berikut ditolak (429)."
            )
            assert telegram.latency == 2
            await drawer.get_by_role("button", name="Normal").click()
            await expect(drawer.locator("#trouble")).to_have_text("Sekarang: tidak ada.")
            await drawer.get_by_role("button", name="Telegram mati").click()
            await telegram.wait_until(lambda: telegram.outage, timeout=10)
            telegram.outage = False
            await page.keyboard.press("Escape")
            await expect(drawer).to_be_hidden()
            await expect(page.locator("#notice")).to_be_hidden(timeout=10_000)
