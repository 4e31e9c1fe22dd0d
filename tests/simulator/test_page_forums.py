"""The chat page in a staff group: topics, reactions, anonymous administrators, what is sent on and taken away."""

import re

import pytest
from playwright.async_api import Page, expect

from simulator import Group, Person, PretendTelegram
from tests.simulator.browser import BROWSER, opened
from tests.simulator.conftest import Bot
from tests.simulator.test_page_messages import picture, send
from tests.simulator.test_page_people import phone, write

pytestmark = BROWSER

FORUM = -1_000_000_000_700


@pytest.fixture
def rini(telegram: PretendTelegram) -> Person:
    return telegram.person(201, first_name="Rini")


@pytest.fixture
def budi(telegram: PretendTelegram) -> Person:
    return telegram.person(202, first_name="Budi")


@pytest.fixture
def forum(telegram: PretendTelegram, rini: Person, budi: Person) -> Group:
    return telegram.group(FORUM, "Petugas", members=[rini, budi], bot="administrator", is_forum=True)


async def enter(page: Page, *names: str) -> None:
    """From the list of chats into the group, and into a topic of it."""
    await page.get_by_role("button", name="Daftar obrolan").click()
    for name in names:
        await page.locator(".chats").get_by_role("button", name=name).click()


async def pick(page: Page, words: str) -> None:
    await page.locator(".message .words", has_text=words).click()


class TestTopics:
    async def test_are_rooms_of_their_own(
        self, bot: Bot, rini: Person, forum: Group, telegram: PretendTelegram
    ) -> None:
        """A forum lists its topics with what is new; what is written in one stands there and nowhere else."""
        thread = (await bot.get("createForumTopic", chat_id=FORUM, name="Sari, batik"))["message_thread_id"]
        await bot.get("createForumTopic", chat_id=FORUM, name="Wati, keripik")
        async with opened(360, f"{bot.address}/?person=201") as page:
            await enter(page, "Petugas")
            topics = page.locator(".chats li")
            await expect(topics).to_have_count(3)
            await bot.get("sendMessage", chat_id=FORUM, message_thread_id=thread, text="Sari bertanya")
            await expect(topics.filter(has_text="Sari, batik").locator(".badge")).to_have_text("1")
            await topics.filter(has_text="Sari, batik").click()
            await expect(page.locator(".name")).to_have_text("Sari, batik")
            await send(page, "Saya jawab")
            await telegram.wait_until(lambda: forum.messages()[-1].get("text") == "Saya jawab", timeout=10)
            await expect(page.locator(".message.own .quoted")).to_have_count(0)

            await page.get_by_role("button", name="Daftar obrolan").click()
            await expect(topics.filter(has_text="Sari, batik")).to_contain_text("Saya jawab")
            await topics.filter(has_text="Wati").click()
            await expect(page.locator(".message")).to_have_count(0)
            await expect(page.locator(".service")).to_contain_text("membuat topik")

        assert forum.messages()[-1]["message_thread_id"] == thread

    async def test_are_made_closed_and_deleted(self, bot: Bot, budi: Person, forum: Group) -> None:
        """The menu closes, opens and deletes; a plain member of a closed topic has no input, its master has."""
        async with opened(1280, f"{bot.address}/?people=201,202") as page:
            for name in ("Rini", "Budi"):
                await phone(page, name).get_by_role("button", name="Daftar obrolan").click()
                await phone(page, name).locator(".chats").get_by_role("button", name="Petugas").click()
            await expect(phone(page, "Budi").get_by_label("Nama topik baru")).to_be_hidden()
            await phone(page, "Rini").get_by_label("Nama topik baru").fill("Rapat")
            await phone(page, "Rini").get_by_role("button", name="Buat").click()
            await write(phone(page, "Rini"), "Jam 9")
            await phone(page, "Budi").locator(".chats").get_by_role("button", name="Rapat").click()
            await write(phone(page, "Budi"), "Siap")
            await phone(page, "Rini").get_by_role("button", name="Menu obrolan").click()
            await phone(page, "Rini").get_by_role("button", name="Tutup topik").click()

            await expect(phone(page, "Budi").locator(".shut")).to_have_text("Topik ini ditutup.")
            await expect(phone(page, "Budi").get_by_label("Tulis pesan")).to_be_hidden()
            await write(phone(page, "Rini"), "Sampai besok")
            await expect(phone(page, "Budi").locator(".message").last).to_contain_text("Sampai besok")
            await phone(page, "Rini").get_by_role("button", name="Menu obrolan").click()
            await phone(page, "Rini").get_by_role("button", name="Hapus topik").click()

            await expect(phone(page, "Budi").locator(".chats")).to_be_visible()
            await expect(phone(page, "Budi").locator(".chats li")).to_have_count(1)
        assert forum.topics == {}

    async def test_are_switched_on_in_the_drawer(self, bot: Bot, rini: Person, telegram: PretendTelegram) -> None:
        """A group may be made with topics; then the bot is its administrator."""
        async with opened(360, f"{bot.address}/?person=201") as page:
            await page.get_by_role("button", name="Latihan").click()
            await page.get_by_label("Nama grup baru").fill("Petugas")
            await page.get_by_label("Dengan topik").check()
            await page.get_by_role("button", name="Buat").click()
            await expect(page.locator(".chats li")).to_have_text(re.compile("UmumRini menambahkan Demo"))

        (group,) = telegram.groups.values()
        assert group.is_forum
        assert group.is_admin(1)


class TestReactions:
    async def test_stand_under_the_message(self, bot: Bot, rini: Person, forum: Group) -> None:
        """The bot's and people's, each sign once with how many; a tap puts one's own, or takes it away."""
        said = rini.write("Saya tangani", chat=FORUM)
        reaction = [{"type": "emoji", "emoji": "👍"}]
        async with opened(360, f"{bot.address}/?person=202", has_touch=True) as page:
            await enter(page, "Petugas", "Umum")
            await bot.get("setMessageReaction", chat_id=FORUM, message_id=said["message_id"], reaction=reaction)
            sign = page.locator(".reaction")
            await expect(sign).to_have_text("👍")
            await sign.click()
            await expect(sign).to_have_text("👍2")
            await expect(sign).to_have_attribute("aria-pressed", "true")
            await pick(page, "Saya tangani")
            await page.get_by_role("button", name="Beri reaksi", exact=True).click()
            await page.get_by_role("button", name="Beri reaksi 🎉").click()
            await expect(sign).to_have_text(["👍", "🎉"])
            await sign.last.click()
            await expect(sign).to_have_count(1)
            await expect(sign).to_have_text("👍")
            await bot.get("setMessageReaction", chat_id=FORUM, message_id=said["message_id"])
            await expect(sign).to_have_count(0)


class TestAnonymous:
    async def test_is_switched_in_the_menu(self, bot: Bot, rini: Person, forum: Group) -> None:
        """An administrator writes as the group, sees it as their own, changes it, and writes as themselves again."""
        async with opened(1280, f"{bot.address}/?people=201,202") as page:
            for name in ("Rini", "Budi"):
                await phone(page, name).get_by_role("button", name="Daftar obrolan").click()
                await phone(page, name).locator(".chats").get_by_role("button", name="Petugas").click()
                await phone(page, name).locator(".chats").get_by_role("button", name="Umum").click()
            await phone(page, "Rini").get_by_role("button", name="Menu obrolan").click()
            await phone(page, "Rini").get_by_role("button", name="Menulis atas nama grup").click()
            await expect(phone(page, "Rini").get_by_placeholder("Tulis atas nama grup")).to_be_visible()
            await write(phone(page, "Rini"), "Kami yang jawab")

            await expect(phone(page, "Budi").locator(".message .sender")).to_have_text("Petugas")
            await expect(phone(page, "Rini").locator(".message.own")).to_contain_text("Kami yang jawab")
            await phone(page, "Rini").get_by_role("button", name="Menu obrolan").click()
            await phone(page, "Rini").get_by_role("button", name="Menulis atas nama sendiri").click()
            await write(phone(page, "Rini"), "Rini di sini")
            await expect(phone(page, "Budi").locator(".message .sender").last).to_have_text("Rini")


class TestSending:
    async def test_on_to_another_chat(self, bot: Bot, rini: Person, forum: Group, telegram: PretendTelegram) -> None:
        """A message is forwarded into a topic that is chosen from the list."""
        thread = forum.create_topic("Contoh")
        await bot.get("sendMessage", chat_id=201, text="Harga keripik?")
        async with opened(360, f"{bot.address}/?person=201", has_touch=True) as page:
            await pick(page, "Harga keripik?")
            await page.get_by_role("button", name="Teruskan").click()
            await expect(page.locator(".name")).to_have_text("Teruskan ke…")
            for name in ("Petugas", "Contoh"):
                await page.locator(".chats").get_by_role("button", name=name).click()
            await expect(page.locator(".message.own .origin")).to_have_text("Diteruskan dari Demo")

        assert forum.messages()[-1]["message_thread_id"] == thread

    async def test_of_an_album_and_a_contact(self, bot: Bot, rini: Person, forum: Group) -> None:
        """Several files chosen at once are an album, in the topic; somebody else's contact has another's number."""
        thread = forum.create_topic("Contoh")
        files = [{"name": f"{number}.png", "mimeType": "image/png", "buffer": picture()} for number in range(2)]
        async with opened(360, f"{bot.address}/?person=201") as page:
            await enter(page, "Petugas", "Contoh")
            await page.get_by_role("button", name="Lampirkan").click()
            async with page.expect_file_chooser() as choosing:
                await page.get_by_role("button", name="Foto atau berkas").click()
            await (await choosing.value).set_files(files)
            await expect(page.locator(".message.album img")).to_have_count(2)
            await page.get_by_role("button", name="Lampirkan").click()
            await page.get_by_role("button", name="Kontak orang lain").click()
            await expect(page.locator(".message")).to_have_count(2)

        album, contact = forum.messages(thread)[1:3], forum.messages(thread)[-1]
        assert len({message["media_group_id"] for message in album}) == 1
        assert "user_id" not in contact["contact"]


class TestTakingAway:
    async def test_of_the_bots_messages(self, bot: Bot, rini: Person, forum: Group) -> None:
        """In their own chat people take away what the bot said; in a group only administrators do."""
        await bot.get("sendMessage", chat_id=201, text="Pribadi")
        await bot.get("sendMessage", chat_id=FORUM, text="Umum saja")
        async with opened(360, f"{bot.address}/?person=201", has_touch=True) as page:
            await pick(page, "Pribadi")
            await page.get_by_role("button", name="Hapus").click()
            await expect(page.locator(".message")).to_have_count(0)
        async with opened(360, f"{bot.address}/?person=202", has_touch=True) as page:
            await enter(page, "Petugas", "Umum")
            await pick(page, "Umum saja")
            await expect(page.get_by_role("button", name="Balas")).to_be_visible()
            await expect(page.get_by_role("button", name="Hapus")).to_have_count(0)

        assert rini.messages() == []
        assert forum.texts() == ["Umum saja"]


class TestMembers:
    async def test_are_managed_by_the_owner(self, bot: Bot, rini: Person, sari: Person, forum: Group) -> None:
        """Who is on the page can be taken in, made an administrator, and put out again."""
        async with opened(1280, f"{bot.address}/?people=201,101") as page:
            await phone(page, "Rini").get_by_role("button", name="Daftar obrolan").click()
            await phone(page, "Rini").locator(".chats").get_by_role("button", name="Petugas").click()
            for entry in ("Tambahkan Sari", "Jadikan Sari admin", "Keluarkan Sari"):
                await phone(page, "Rini").get_by_role("button", name="Menu obrolan").click()
                await phone(page, "Rini").get_by_role("button", name=entry).click()
            await phone(page, "Rini").get_by_role("button", name="Menu obrolan").click()
            await expect(phone(page, "Rini").get_by_role("button", name="Tambahkan Sari")).to_be_visible()

        assert not forum.is_in(sari.id)
