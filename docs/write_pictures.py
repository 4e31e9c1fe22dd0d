"""`python -m docs.write_pictures`: the pictures in docs/pictures, of the demo as people tap through it in Chromium.

The clock stands still at one morning, so that a picture changes when what it shows does.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Locator, Page, expect
from pydantic import SecretStr

from bot import logs
from bot.app import open_app
from bot.demo import PEOPLE, TOKEN, DemoSettings
from bot.profile import set_profile
from domain.trainings import invented
from simulator import Person, PretendTelegram, serve
from tests.simulator.browser import opened

FOLDER = Path(__file__).parent / "pictures"
NOW = datetime(2026, 11, 24, 2, 41, tzinfo=UTC)  # 09.41 in Lamongan
PHONE = {"width": 360, "height": 780, "device_scale_factor": 1.5}
GROUP = -500
STAFF_GROUP = -1_000_000_000_900
SETTLES = 1.2
"""Seconds until what a tap brings stands on the page: a toast is gone, and the next question has come."""

REST_OF_A_CHAT = 8.0

Play = Callable[[PretendTelegram, str], AbstractAsyncContextManager[Page]]


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
                ERASED_LIST=Path(folder) / "erased.txt",
                ADMIN_IDS=(201,),
            )
            async with open_app(settings, now=lambda: NOW) as app:
                app.start()
                await set_profile(app.application.bot, app.house.district)
                async with app.database.transaction() as session:
                    await invented.invent(session, app.house.district, NOW)
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


@asynccontextmanager
async def handover(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """What the bot does not know an officer answers, in the topic of the question in their group."""
    officer = telegram.person(201, "Petugas")
    officer.write("/start")
    room = telegram.group(STAFF_GROUP, "Ruang petugas", [officer], "left", is_forum=True)
    await telegram.wait_until(officer.texts)
    room.add_bot(by=officer)
    await telegram.wait_until(lambda: len(room.messages()) > 1)
    room.promote_bot(can_manage_topics=True, can_delete_messages=True)
    officer.tap("📌 Grup petugas Diskopum", chat=room.id)
    async with opened(1000, f"{address}/", height=900) as page:
        sari, desk = phone(page, "Sari"), phone(page, "Petugas")
        await begin(sari)
        await say(sari, "kemasan standing pouch buat kerupuk belinya di mana?")
        await tap_for_more(sari, "Tanya petugas")
        if await sari.get_by_role("button", name="Diskopum").count():
            await tap(sari, "Diskopum")
        await tap(sari, "Kirim")
        await telegram.wait_until(lambda: bool(room.topics))
        thread = room.topic("#1")
        await telegram.wait_until(lambda: bool(room.texts(thread)))
        await desk.get_by_role("button", name="Daftar obrolan").click()
        await desk.locator(".chats").get_by_role("button", name="Ruang petugas").click()
        await desk.get_by_role("button", name="#1").click()
        head = next(m["message_id"] for m in room.messages(thread) if m.get("text", "").startswith("#1"))
        async with answered(sari):
            words = "Bisa lewat rumah kemasan di kota, minimal 100 lembar. Besok contohnya kami bawa ke balai desa, ya."
            officer.write(words, reply_to=head, chat=room.id, thread=thread)
        await expect(desk.locator(".reactions").first).to_be_visible()
        yield page


@asynccontextmanager
async def queue(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """What waits for an officer."""
    sari = telegram.person(101, "Sari")
    async with opened(path=f"{address}/?person=201", **PHONE) as page:
        officer = phone(page, "Petugas")
        await begin(officer)
        sari.write("kemasan standing pouch buat kerupuk belinya di mana?")
        await telegram.wait_until(sari.texts)
        sari.tap("🙋 Tanya petugas")
        await telegram.wait_until(lambda: len(sari.texts()) > 1)
        if "Diskopum" in str(sari.messages()[-1].get("reply_markup")):
            sari.tap("Diskopum")
            await asyncio.sleep(0.5)
        async with answered(officer):
            sari.tap("📨 Kirim")
        await say(officer, "/antrean")
        yield page


@asynccontextmanager
async def composing(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """What an officer sent, as the sheet of a broadcast."""
    async with opened(path=f"{address}/?person=201", **PHONE) as page:
        await compose(phone(page, "Petugas"))
        yield page


@asynccontextmanager
async def sending(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """The last question, with what would come of it."""
    async with opened(path=f"{address}/?person=201", **PHONE) as page:
        officer = phone(page, "Petugas")
        await compose(officer)
        await tap(officer, "Periksa dan kirim")
        yield page


@asynccontextmanager
async def under_way(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """A broadcast on its way, held by its officer."""
    await crowd(telegram, 160)
    async with opened(path=f"{address}/?person=201", **PHONE) as page:
        officer = phone(page, "Petugas")
        await send_off(telegram, officer)
        await officer.get_by_role("button", name="Jeda").last.click()
        await expect(officer.get_by_role("button", name="Lanjutkan").last).to_be_visible()
        await asyncio.sleep(SETTLES)
        yield page


@asynccontextmanager
async def reported(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """What became of it: one person has blocked the bot, one message failed."""
    people = await crowd(telegram, 24)
    people[0].has_blocked = True
    telegram.fail("sendMessage", kind="400", chat_id=people[1].id)
    async with opened(path=f"{address}/?person=201", **PHONE) as page:
        officer = phone(page, "Petugas")
        await send_off(telegram, officer)
        await expect(officer.get_by_role("button", name="Ulangi yang gagal").last).to_be_visible(timeout=15_000)
        await asyncio.sleep(SETTLES)
        yield page


async def crowd(telegram: PretendTelegram, number: int) -> list[Person]:
    """So many invented people who have met the bot."""
    people = [telegram.person(1001 + place, f"Warga {place + 1}") for place in range(number)]
    for person in people:
        person.write("/start")
    await telegram.wait_until(lambda: all(person.texts() for person in people), timeout=30)
    return people


async def send_off(telegram: PretendTelegram, officer: Locator) -> None:
    await compose(officer)
    await tap(officer, "Periksa dan kirim")
    # The officer gets the broadcast too, and a chat that had many messages at once rests by a clock that stands still.
    await asyncio.sleep(REST_OF_A_CHAT)
    await tap_for_more(officer, "Kirim sekarang")


async def compose(officer: Locator) -> None:
    await begin(officer)
    await say(officer, "/siaran")
    await tap(officer, "Buat siaran")
    await tap(officer, "Diskopum")
    await say(
        officer, "Pameran UMKM di Alun-alun Lamongan, Sabtu 5 Desember pukul 08.00. {nama}, bawa produk terbaik Anda!"
    )


@asynccontextmanager
async def carded(_: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """Everything about one training."""
    async with opened(path=f"{address}/?person=101", **PHONE) as page:
        mine = phone(page, "Sari")
        await begin(mine)
        await say(mine, "/pelatihan")
        await tap(mine, "2. Kemasan")
        yield page


@asynccontextmanager
async def scheduled(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """What somebody has who registered: where it stands, the map, another date, or giving it up."""
    async with registering(len(WAY))(telegram, address) as page:
        await say(phone(page, "Sari"), "/jadwal")
        await asyncio.sleep(SETTLES)
        yield page


WAY = (
    ("tap", "2. Kemasan"),
    ("tap", "Setuju"),
    ("say", "Sari Wulandari"),
    ("tap", "Babat"),
    ("say", "0812-3456-7890"),
    ("say", "keripik singkong"),
    ("tap", "Tidak"),
    ("tap", "Ya, daftar"),
)
"""From /daftar to the ticket, for somebody of whom nothing is known; who is known goes from the first to the last."""


def registering(steps: int) -> Play:
    """A picture after so many steps of WAY."""

    @asynccontextmanager
    async def play(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
        async with opened(path=f"{address}/?person=101", **PHONE) as page:
            mine = phone(page, "Sari")
            await begin(mine)
            await say(mine, "/daftar")
            for deed, words in WAY[:steps]:
                seen = len(telegram.calls)
                if deed == "say":
                    await send(mine, words)
                else:
                    await mine.get_by_role("button", name=words).last.click()
                await telegram.wait_until(lambda before=seen: len(telegram.calls) > before)
                await asyncio.sleep(SETTLES)
            yield page

    return play


POST = """Toko oleh-oleh di Surabaya cari keripik dan kerupuk

Camilan kering dalam kemasan, 200 bungkus sebulan. Syarat: NIB dan PIRT. Batas waktu 12 Desember 2026.
Sumber: Toko Contoh, Surabaya"""


@asynccontextmanager
async def noticed(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """What somebody is told who makes what is sought."""
    sari = telegram.person(101, "Sari")
    async with opened(path=f"{address}/?person=101", **PHONE) as page:
        mine = phone(page, "Sari")
        await begin(mine)
        await writes(telegram, sari, "/langganan")
        await taps(telegram, sari, "📣 Atur kabar peluang", "🧺 Produk", "⬜ Makanan dan minuman")
        await telegram.wait_until(lambda: "✅ Makanan dan minuman" in sari.labels())
        await publish(telegram)
        await expect(mine.get_by_role("button", name="Berminat").last).to_be_visible()
        await asyncio.sleep(SETTLES)
        yield page


@asynccontextmanager
async def drafted(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """What was read from an officer's post, before it is checked and published."""
    async with opened(path=f"{address}/?person=201", **PHONE) as page:
        await draft(telegram)
        officer = phone(page, "Petugas")
        await expect(officer.get_by_role("button", name="Buang").last).to_be_visible()
        await asyncio.sleep(SETTLES)
        await officer.locator(".message").last.evaluate("sheet => sheet.scrollIntoView()")
        yield page


@asynccontextmanager
async def pursued(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """Who is interested, and whose number may go on."""
    async with opened(path=f"{address}/?person=201", **PHONE) as page:
        await publish(telegram)
        await pursue(telegram)
        await taps(telegram, telegram.person(201, "Petugas"), "🙋 Yang berminat")
        await expect(phone(page, "Petugas").get_by_role("button", name="Teruskan semua").last).to_be_visible()
        await asyncio.sleep(SETTLES)
        yield page


@asynccontextmanager
async def figured(telegram: PretendTelegram, address: str) -> AsyncIterator[Page]:
    """What came of it this month, as a picture to send on."""
    officer = telegram.person(201, "Petugas")
    async with opened(path=f"{address}/?person=201", **PHONE) as page:
        await publish(telegram)
        await pursue(telegram)
        await writes(telegram, officer, "/laporan")
        await taps(telegram, officer, "🖼 Gambar")
        await expect(phone(page, "Petugas").locator(".message img")).to_have_count(2, timeout=30_000)
        await asyncio.sleep(SETTLES)
        yield page


async def draft(telegram: PretendTelegram) -> None:
    """An officer makes an opportunity of POST; it is not out yet."""
    officer = telegram.person(201, "Petugas")
    await writes(telegram, officer, "/start", "/peluang")
    await taps(telegram, officer, "➕ Peluang baru", "Disperindag")
    await telegram.wait_until(lambda: any("Kirim atau teruskan" in text for text in officer.texts()))
    await writes(telegram, officer, POST)


async def publish(telegram: PretendTelegram) -> None:
    """Likewise, and it is out."""
    await draft(telegram)
    officer = telegram.person(201, "Petugas")
    await taps(telegram, officer, "👁 Periksa dan terbitkan", "📣 Terbitkan sekarang")
    await telegram.wait_until(lambda: "🙋 Yang berminat" in officer.labels())


async def pursue(telegram: PretendTelegram) -> None:
    """Three are interested in it: Sari's number may go on, Budi's may not, and Wati has not said."""
    sari, budi, wati = telegram.person(101, "Sari"), telegram.person(103, "Budi"), telegram.person(102, "Wati")
    for somebody in (wati, budi, sari):
        await writes(telegram, somebody, "/start peluang_1")
        await taps(telegram, somebody, "🙋 Berminat")
        await telegram.wait_until(lambda who=somebody: "✅ Ya, boleh" in who.labels())
    await taps(telegram, budi, "🔒 Jangan dulu")
    await taps(telegram, sari, "✅ Ya, boleh", "✅ Setuju")
    await telegram.wait_until(lambda: any("Siapa nama" in text for text in sari.texts()))
    await writes(telegram, sari, "Sari Wulandari", "0812-3456-7890")
    await taps(telegram, sari, "📣 Lihat peluangnya", "✅ NIB: sudah", "✖️ PIRT: belum")
    await telegram.wait_until(lambda: any("PIRT: belum Anda punya" in text for text in sari.texts()))


async def writes(telegram: PretendTelegram, who: Person, *texts: str) -> None:
    """Beside the page: each text, once the one before is answered."""
    for text in texts:
        before = len(who.texts())
        who.write(text)
        await telegram.wait_until(lambda number=before: len(who.texts()) > number)


async def taps(telegram: PretendTelegram, who: Person, *labels: str) -> None:
    """Likewise each button, once it is there."""
    for label in labels:
        await telegram.wait_until(lambda wanted=label: wanted in who.labels())
        who.tap(label)


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


async def tap_for_more(whose: Locator, label: str) -> None:
    """Tap the newest button that has *label* in its name, and wait for a message that follows."""
    async with answered(whose):
        await whose.get_by_role("button", name=label).last.click()


@asynccontextmanager
async def answered(whose: Locator) -> AsyncIterator[None]:
    """Wait for a message of others that was not there before; several may come at once."""
    messages = whose.locator(".message:not(.own)")
    before = await messages.count()
    yield
    await expect(messages.nth(before)).to_be_visible()


PICTURES = {
    "wide": wide,
    "phone-id": indonesian,
    "phone-jv": javanese,
    "group": group,
    "inline": inline,
    "handover": handover,
    "antrean": queue,
    "siaran-1": composing,
    "siaran-2": sending,
    "siaran-3": under_way,
    "siaran-4": reported,
    "daftar-1": registering(0),
    "daftar-2": registering(len(WAY) - 1),
    "daftar-3": registering(len(WAY)),
    "daftar-4": carded,
    "daftar-5": registering(3),
    "daftar-6": scheduled,
    "peluang-1": noticed,
    "peluang-2": drafted,
    "peluang-3": pursued,
    "peluang-4": figured,
}


if __name__ == "__main__":
    main()
