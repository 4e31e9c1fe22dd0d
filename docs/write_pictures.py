"""`python -m docs.write_pictures`: the pictures in docs/pictures, of the demo as people tap through it in Chromium.

The clock stands still at one morning, so that a picture changes when what it shows does.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Locator, Page, expect
from pydantic import SecretStr

from bot import logs
from bot.app import open_app
from bot.demo import PEOPLE, TOKEN, DemoSettings
from bot.profile import set_profile
from simulator import PretendTelegram, serve
from tests.simulator.browser import opened

FOLDER = Path(__file__).parent / "pictures"
NOW = datetime(2026, 11, 24, 2, 41, tzinfo=UTC)  # 09.41 in Lamongan
PHONE = {"width": 360, "height": 780, "device_scale_factor": 1.5}
GROUP = -500


def main() -> None:
    logs.configure("text", "error")
    FOLDER.mkdir(exist_ok=True)
    asyncio.run(write_all(FOLDER))


async def write_all(folder: Path) -> None:
    """Write them into *folder*. Raises AssertionError where the page complains or asks another machine."""
    for name, play in PICTURES.items():
        async with demo() as (telegram, address), play(telegram, address) as page:
            await page.mouse.move(0, 0)
            await page.screenshot(path=folder / f"{name}.png", animations="disabled", caret="hide")


@asynccontextmanager
async def demo() -> AsyncIterator[tuple[PretendTelegram, str]]:
    """The bot on the pretend Telegram, with a database of its own; and the page's address."""
    telegram = PretendTelegram(TOKEN, clock=NOW.timestamp)
    with TemporaryDirectory() as folder:
        async with serve(telegram, people=PEOPLE) as address:
            settings = DemoSettings(
                BOT_TOKEN=SecretStr(TOKEN),
                TELEGRAM_API_URL=address,
                DATABASE_URL=SecretStr(f"sqlite+aiosqlite:///{folder}/demo.db"),
            )
            async with open_app(settings, now=lambda: NOW) as app:
                app.start()
                await set_profile(app.application.bot, app.house.district)
                yield telegram, address
                await app.stop()


@asynccontextmanager
async def wide(_: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """An entrepreneur who was answered, beside an officer who leafs through the topics."""
    async with opened(1000, f"{address}/", height=1140) as page:
        sari, officer = phone(page, "Sari"), phone(page, "Petugas")
        await begin(sari)
        await say(sari, "saya pindah alamat, NIB saya bagaimana?")
        await begin(officer)
        await tap(officer, "Lihat topik")
        yield page


@asynccontextmanager
async def indonesian(_: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """The end of a card, as it stands on a phone when it came."""
    async with opened(path=f"{address}/?person=101", **PHONE) as page:
        sari = phone(page, "Sari")
        await begin(sari)
        await say(sari, "cara bikin nib gimana?")
        yield page


@asynccontextmanager
async def javanese(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """Somebody whose Telegram is Indonesian and who chose Javanese."""
    telegram.person(102, "Wati").has_started = False
    async with opened(path=f"{address}/?person=102", **PHONE) as page:
        wati = phone(page, "Wati")
        await begin(wati)
        await wati.get_by_role("button", name="Perintah bot").click()
        async with answered(wati):
            await wati.locator(".commands").get_by_role("button", name="/bahasa").click()
        await tap(wati, "Jawa")
        await say(wati, "carane gawe nib piye?")
        yield page


@asynccontextmanager
async def group(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """Among people the bot answers who names it, and leads to the private chat."""
    sari, budi = telegram.person(101, "Sari"), telegram.person(103, "Budi")
    here = telegram.group(GROUP, "Paguyuban Batik", members=[budi, sari])
    async with opened(path=f"{address}/?person=101", **PHONE) as page:
        mine = phone(page, "Sari")
        await mine.get_by_role("button", name="Daftar obrolan").click()
        await mine.locator(".chats").get_by_role("button", name="Paguyuban").click()
        async with answered(mine):
            here.write(budi, "Ada yang tahu cara mengurus sertifikat halal?")
        async with answered(mine):
            await send(mine, "@demo_bot cara urus sertifikat halal")
        yield page


@asynccontextmanager
async def inline(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """In any chat the bot's name and a question offer the answers as cards."""
    budi = telegram.person(103, "Budi")
    here = telegram.group(GROUP, "Paguyuban Batik", members=[budi, telegram.person(101, "Sari")])
    here.write(budi, "Ada yang tahu cara mengurus sertifikat halal?")
    async with opened(path=f"{address}/?person=101", **PHONE) as page:
        mine = phone(page, "Sari")
        await mine.get_by_role("button", name="Daftar obrolan").click()
        await mine.locator(".chats").get_by_role("button", name="Paguyuban").click()
        await mine.get_by_label("Tulis pesan").fill("@demo_bot sertifikat halal")
        await expect(mine.locator(".results button").first).to_be_visible()
        yield page


def phone(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=f"Telepon {name}")


async def begin(whose: Locator) -> None:
    async with answered(whose):
        await whose.get_by_role("button", name="Mulai").click()


async def say(whose: Locator, text: str) -> None:
    async with answered(whose):
        await send(whose, text)


async def send(whose: Locator, text: str) -> None:
    await whose.get_by_label("Tulis pesan").fill(text)
    await whose.get_by_role("button", name="Kirim").click()


async def tap(whose: Locator, label: str) -> None:
    """Tap the newest button that has *label* in its name, and wait until its message is another."""
    tapped = whose.locator(".message", has=whose.page.get_by_role("button", name=label)).last
    message = whose.locator(f"[data-id='{await tapped.get_attribute('data-id')}']")
    before = await message.text_content() or ""
    await message.get_by_role("button", name=label).click()
    await expect(message).not_to_have_text(before)


@asynccontextmanager
async def answered(whose: Locator) -> AsyncIterator[None]:
    """Wait for one more message of others than before."""
    messages = whose.locator(".message:not(.own)")
    before = await messages.count()
    yield
    await expect(messages).to_have_count(before + 1)


PICTURES = {"wide": wide, "phone-id": indonesian, "phone-jv": javanese, "group": group, "inline": inline}


if __name__ == "__main__":
    main()
