"""/antrean: what waits for an officer, and their next deed; for anybody else there is no such command."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import col, select

from db.models import Delivery, ReceivedUpdate, Role, UpdateState
from domain.knowledge.shelf import Library
from messages import say
from simulator import Person as Somebody
from tests.conftest import LAMONGAN
from tests.support.desk import Clock, appoint, put_inquiry
from tests.support.running import RunningBot, running_bot

ADMIN = 201
NOTHING = "Tidak ada yang menunggu"


@pytest.fixture
def clock() -> Clock:
    return Clock.showing("2026-11-26 09:00")


@pytest.fixture
async def office(database_url: str, library: Library, clock: Clock) -> AsyncIterator[RunningBot]:
    """A bot with an admin and an officer of Diskopum, on a Thursday morning."""
    async with running_bot(database_url, LAMONGAN, now=clock.now, library=library, ADMIN_IDS=(ADMIN,)) as bot:
        await bot.says(admin_of(bot), "/batal")
        await appoint(bot, officer_of(bot), Role.OFFICER)
        yield bot
        assert [call for call in bot.telegram.calls if call.status >= 400] == []


def admin_of(bot: RunningBot) -> Somebody:
    return bot.person(ADMIN, "Bu Admin")


def officer_of(bot: RunningBot) -> Somebody:
    return bot.person(301, "Bu Petugas")


def under(message: dict[str, Any]) -> list[str]:
    """The labels of the buttons under *message*."""
    return [button["text"] for row in message["reply_markup"]["inline_keyboard"] for button in row]


async def after_tap(bot: RunningBot, somebody: Somebody, label: str) -> str:
    """What the newest message says once *label* was tapped."""
    somebody.tap(label)
    await bot.settled()
    return somebody.texts()[-1]


class TestQueue:
    async def test_shows_what_waits(self, office: RunningBot, clock: Clock) -> None:
        """Each open question of the office, those that wait first, the oldest of them first, with a button each."""
        answered = await put_inquiry(office, office.person(102, "Budi"), "cara ekspor?", is_answered=True)
        await put_inquiry(office, office.person(103, "Cici"), "rahasia", "disperindag")
        newer = await put_inquiry(office, office.person(), "cara bikin <b>nib</b> &amp; halal?")
        clock.show("2026-11-26 08:15")
        older = await put_inquiry(office, office.person(104, "Didi <i>"), "halo")

        text = await office.says(officer_of(office), "/antrean")

        assert text.splitlines()[2:] == [
            f"⏳ #{older} · Didi <i>, Diskopum, menunggu sejak Kamis, 26 November pukul 08.15: halo",
            f"⏳ #{newer} · Sari, Diskopum, menunggu sejak Kamis, 26 November pukul 09.00: cara bikin nib & halal?",
            f"💬 #{answered} · Budi, Diskopum, sudah dibalas: cara ekspor?",
        ]
        labels = under(officer_of(office).messages()[-1])
        assert labels == [
            f"#{older} Didi <i>: halo",
            f"#{newer} Sari: cara bikin nib & h…",
            f"#{answered} Budi: cara ekspor?",
            "💬 Balasan siap",
        ]

    async def test_leads_to_the_answer(self, office: RunningBot) -> None:
        """A tap shows the whole question, with Jawab."""
        number = await put_inquiry(office, office.person(), "cara bikin nib?")
        await office.says(officer_of(office), "/antrean")

        shown = await after_tap(office, officer_of(office), f"#{number} Sari: cara bikin nib?")

        assert shown.startswith(f"#{number} · ")
        assert "cara bikin nib?" in shown
        assert say("button.answer").in_language("id") in under(officer_of(office).messages()[-1])

    async def test_is_leafed_through_in_one_message(self, office: RunningBot) -> None:
        """Five a page."""
        for number in range(6):
            await put_inquiry(office, office.person(110 + number, f"Sari{number}"), "halo?")
        text = await office.says(officer_of(office), "/antrean")
        assert "halaman 1 dari 2" in text
        assert [f"Sari{number}" in text for number in range(6)] == [True] * 5 + [False]
        before = len(officer_of(office).messages())

        assert "Sari5" in await after_tap(office, officer_of(office), "Berikutnya »")
        assert "Sari0" in await after_tap(office, officer_of(office), "« Sebelumnya")
        assert len(officer_of(office).messages()) == before

    async def test_is_empty(self, office: RunningBot) -> None:
        """Nothing waits: it is said, with what else can be done; a message without words is no trouble."""
        assert NOTHING in await office.says(officer_of(office), "/antrean")
        assert under(officer_of(office).messages()[-1]) == ["💬 Balasan siap", "📚 Lihat topik"]

        await put_inquiry(office, office.person(), "")
        assert "(kiriman tanpa tulisan)" in await office.says(officer_of(office), "/antrean")

    async def test_shows_readers_what_their_office_sees(self, office: RunningBot) -> None:
        """Who only reads sees the questions, and nothing to answer them by."""
        reader = office.person(302, "Pak Pengamat")
        await appoint(office, reader, Role.READER)
        number = await put_inquiry(office, office.person(), "cara bikin nib?")

        assert f"#{number} · Sari" in await office.says(reader, "/antrean")
        shown = await after_tap(office, reader, f"#{number} Sari: cara bikin nib?")
        assert shown.startswith(f"#{number} · ")
        assert "reply_markup" not in reader.messages()[-1]

    async def test_of_another_office_is_not_shown(self, office: RunningBot) -> None:
        """A forged tap on another office's question is out of date."""
        number = await put_inquiry(office, office.person(), "rahasia", "disperindag")
        assert NOTHING in await office.says(officer_of(office), "/antrean")
        before = officer_of(office).texts()

        officer_of(office).tap_data(officer_of(office).messages()[-1]["message_id"], f"queued:{number}")
        await office.settled()

        assert officer_of(office).texts() == before
        assert officer_of(office).alerts()[-1]["show_alert"]

    async def test_keeps_nobodys_words(self, office: RunningBot) -> None:
        """What was sent names many people, so its text does not stay in the outbox."""
        await put_inquiry(office, office.person(), "cara bikin nib?")
        await office.says(officer_of(office), "/antrean")
        await office.settled()

        rows = await office.rows(select(Delivery).where(Delivery.chat_id == 301).order_by(col(Delivery.id)))
        assert "nib" not in str(rows[-1].arguments)


class TestForAdmins:
    async def test_shows_all_offices_and_the_settings(self, office: RunningBot) -> None:
        """An admin serves every office."""
        for number, key in ((102, "diskopum"), (103, "disperindag")):
            await put_inquiry(office, office.person(number, key), "halo?", key)

        text = await office.says(admin_of(office), "/antrean")

        assert "Diskopum" in text
        assert "Disperindag" in text
        assert under(admin_of(office).messages()[-1])[-1] == "⚙️ Pengaturan"

    async def test_shows_trouble(self, office: RunningBot) -> None:
        """Parked updates by their number, and every alarm under way, above the questions."""
        now = office.app.house.now()
        parked = ReceivedUpdate(queue_key=1, kind="message", received_at=now, state=UpdateState.PARKED, settled_at=now)
        async with office.database.transaction() as session:
            session.add(parked)
            for name in ("backup", "clock", "disk", "telegram"):
                await office.app.alarms.raise_alarm(session, name, "7")  # type: ignore[arg-type]  # each is one
        number = await put_inquiry(office, office.person(), "cara bikin nib?")

        await office.settled()
        lines = (await office.says(admin_of(office), "/antrean")).splitlines()[2:]

        assert lines[0].startswith("⚠️ 1 pesan masuk gagal")
        assert [line[:1] for line in lines[:5]] == ["⚠"] * 5
        assert f"#{number}" in lines[5]

    async def test_is_empty_but_for_the_settings(self, office: RunningBot) -> None:
        """Nothing waits; the settings are there all the same."""
        assert NOTHING in await office.says(admin_of(office), "/antrean")
        assert under(admin_of(office).messages()[-1])[0] == "⚙️ Pengaturan"


class TestForNobodyElse:
    async def test_does_not_exist(self, office: RunningBot) -> None:
        """For people it is a command like any that is not there, and a forged tap a stale button."""
        sari = office.person()

        assert await office.says(sari, "/antrean") == await office.says(sari, "/tidakada")
        for data in ("queue:0", "queued:1"):
            sari.tap_data(sari.messages()[-1]["message_id"], data)
        await office.settled()
        assert len(sari.alerts()) == 2
        assert all(alert["text"] == say("tap.stale").in_language("id") for alert in sari.alerts())

    async def test_is_private(self, office: RunningBot) -> None:
        """In a group even an officer gets no list."""
        group = office.telegram.group(-500, title="Kantor", members=[officer_of(office)])
        group.add_bot(by=officer_of(office))
        await office.settled()
        before = len(group.texts())

        officer_of(office).write("/antrean", chat=-500)
        await office.settled()

        assert len(group.texts()) == before
