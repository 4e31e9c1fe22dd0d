"""Channels and groups in which offices announce: bound by officers who add the bot, lost, moved, and told."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import col, select

from db.models import (
    AuditEntry,
    Broadcast,
    BroadcastState,
    GroupChat,
    Outlet,
    Person,
    Recipient,
    RecipientState,
    Role,
    StaffGroup,
)
from domain.broadcasts import outlets
from domain.broadcasts.audience import Audience
from domain.broadcasts.content import Content, Link
from domain.knowledge.shelf import Library
from simulator import Channel
from tests.support.broadcasting import broadcast, by_state, ended, met, recipients, until
from tests.support.offices import Offices, staffed
from tests.support.training_office import put_training

KABAR, PASAR = -1_000_000_000_500, -600
YES, STAFF, HERE = "📢 Pakai untuk Diskopum", "📌 Grup petugas Diskopum", "📢 Grup siaran Diskopum"


@pytest.fixture
async def office(database_url: str, library: Library) -> AsyncIterator[Offices]:
    """Officers without groups, and a bot slow enough to be met while it sends."""
    async with staffed(database_url, library, groups=False, SEND_RATE=10) as offices:
        yield offices


async def kept(office: Offices) -> dict[int, tuple[str, bool]]:
    """By chat, whose it is and whether the bot may write there."""
    found = await office.bot.rows(select(Outlet))
    return {one.chat_id: (one.office, one.lost_at is None) for one in found}


def channel(office: Offices, chat_id: int = KABAR, title: str = "Kabar UMKM") -> Channel:
    """Rini's, without the bot."""
    return office.telegram.channel(chat_id, title, [office.rini, office.sari], "left")


async def bound(office: Offices) -> Channel:
    """A channel in which Diskopum announces."""
    kabar = channel(office)
    kabar.add_bot(by=office.rini)
    await office.settled()
    office.rini.tap(YES)
    await office.settled()
    return kabar


async def joined(office: Offices) -> None:
    """A group in which Diskopum announces."""
    office.telegram.group(PASAR, "Paguyuban", [office.rini, office.sari], "left").add_bot(by=office.rini)
    await office.settled()
    office.rini.tap(HERE, chat=PASAR)
    await office.settled()


async def deeds(office: Offices) -> list[str]:
    return [entry.deed for entry in await office.bot.rows(select(AuditEntry).order_by(col(AuditEntry.id)))]


class TestChannel:
    async def test_is_bound_by_the_officer_who_adds_the_bot(self, office: Offices) -> None:
        """The bot becomes its administrator, the officer is asked in private; the channel hears nothing."""
        kabar = channel(office)
        kabar.add_bot(by=office.rini)
        await office.settled()
        assert "saluran Kabar UMKM" in office.rini.texts()[-1]
        assert await kept(office) == {KABAR: ("", True)}

        for _ in range(2):  # the second one is a double tap
            office.rini.tap_data(office.rini.messages()[-1]["message_id"], f"outlet:diskopum.{KABAR}")
        await office.settled()

        assert await kept(office) == {KABAR: ("diskopum", True)}
        assert "bisa menerima siaran Diskopum" in office.rini.texts()[-1]
        assert await deeds(office) == ["outlet.bound"]
        assert kabar.texts() == []

    async def test_of_nobody_who_serves_is_not_kept(self, office: Offices) -> None:
        """Whoever else adds the bot to their channel is told nothing, and nothing is kept; a reader is nobody here."""
        await office.make(office.tono, Role.READER)
        before = len(await office.bot.rows(select(Person)))
        for number, somebody in enumerate((office.sari, office.tono)):
            office.telegram.channel(KABAR - number, "Warga", [somebody], "left").add_bot(by=somebody)
            await office.settled()
            assert somebody.texts() == []

        assert await kept(office) == {}
        assert await office.bot.rows(select(GroupChat)) == []
        assert len(await office.bot.rows(select(Person))) == before

    async def test_is_not_taken_by_who_was_not_asked(self, office: Offices) -> None:
        """A forged tap of another officer binds nothing; a "Tidak usah" leaves it as it is."""
        channel(office).add_bot(by=office.rini)
        await office.settled()
        asked = office.rini.messages()[-1]["message_id"]
        office.budi.tap_data(1, f"outlet:disperindag.{KABAR}")
        office.budi.tap_data(1, f"outlet:diskopum.{KABAR}")
        office.tono.tap_data(1, f"outlet:diskopum.{KABAR}")
        office.rini.tap_data(asked, "outlet:diskopum.-1")
        await office.settled()
        assert await kept(office) == {KABAR: ("", True)}

        office.rini.tap("Tidak usah")
        await office.settled()

        assert "tidak saya pakai" in office.rini.texts()[-1]
        assert await kept(office) == {KABAR: ("", True)}

    async def test_without_the_right_to_post_is_explained(self, office: Offices) -> None:
        """Who adds the bot without it is told which right is missing, and asked once it is there."""
        kabar = channel(office)
        kabar.add_bot(by=office.rini, can_post_messages=False)
        await office.settled()
        assert "belum boleh mengirim pesan" in office.rini.texts()[-1]
        assert await kept(office) == {}

        kabar.add_bot(by=office.rini)
        await office.settled()
        office.rini.tap(YES)
        await office.settled()

        assert await kept(office) == {KABAR: ("diskopum", True)}

    async def test_lost_is_told_and_comes_back(self, office: Offices) -> None:
        """Out of the channel, whoever did it, the office hears of it once; an officer who adds the bot again has it
        back.
        """
        kabar = await bound(office)
        kabar.remove_bot(by=office.sari)
        await office.settled()
        assert await kept(office) == {KABAR: ("diskopum", False)}
        assert "tidak bisa menulis lagi di Kabar UMKM" in office.rini.texts()[-1]
        assert "tidak bisa menulis lagi di Kabar UMKM" in office.tono.texts()[-1]

        kabar.add_bot(by=office.sari)
        await office.settled()
        assert await kept(office) == {KABAR: ("diskopum", False)}
        kabar.add_bot(by=office.rini)
        await office.settled()

        assert await kept(office) == {KABAR: ("diskopum", True)}
        assert "bisa menerima siaran Diskopum" in office.rini.texts()[-1]
        assert await deeds(office) == ["outlet.bound", "outlet.lost", "outlet.bound"]

    async def test_is_not_answered(self, office: Offices) -> None:
        """What a channel posts is for its readers, and the bot says nothing to it."""
        kabar = await bound(office)
        kabar.write(office.rini, "cara bikin nib gimana")
        kabar.write(office.rini, "@demo_bot stop")
        await office.settled()

        assert kabar.texts() == []


class TestGroup:
    async def test_is_offered_beside_the_staff_group(self, office: Offices) -> None:
        """Who serves and adds the bot is offered both; the tap lets the office announce there."""
        group = office.telegram.group(PASAR, "Paguyuban", [office.rini, office.sari], "left")
        group.add_bot(by=office.rini)
        await office.settled()
        assert group.labels() == [STAFF, HERE]
        office.rini.tap(HERE, chat=PASAR)
        await office.settled()

        assert await kept(office) == {PASAR: ("diskopum", True)}
        assert "Pengumuman Diskopum" in group.texts()[-1]

    async def test_is_not_one_of_officers_too(self, office: Offices) -> None:
        """A group for announcements is refused as staff group and the other way round, with a sentence."""
        await joined(office)
        office.rini.tap(STAFF, chat=PASAR)
        await office.settled()
        assert "tidak bisa jadi grup petugas" in office.rini.alerts()[-1]["text"]
        assert await office.bot.rows(select(StaffGroup)) == []

        office.telegram.group(PASAR - 1, "Petugas", [office.rini], "left").add_bot(by=office.rini)
        await office.settled()
        office.rini.tap(STAFF, chat=PASAR - 1)
        await office.settled()
        office.rini.tap(HERE, chat=PASAR - 1)
        await office.settled()

        assert "tidak bisa sekaligus jadi grup siaran" in office.rini.alerts()[-1]["text"]
        assert await kept(office) == {PASAR: ("diskopum", True)}

    async def test_of_the_other_office_is_refused(self, office: Offices) -> None:
        """In a group where one office announces the other one does not."""
        await joined(office)
        shown = office.telegram.groups[PASAR].messages()[-1]["message_id"]
        office.telegram.groups[PASAR].add(office.budi, by=office.rini)
        office.budi.tap_data(shown, "announce:disperindag", chat=PASAR)
        await office.settled()

        assert "sudah dipakai untuk siaran Diskopum" in office.budi.alerts()[-1]["text"]
        assert await kept(office) == {PASAR: ("diskopum", True)}

    async def test_follows_title_and_supergroup(self, office: Offices) -> None:
        """Renamed it has its new title; as a supergroup it is the same one, in drafts and in whatever waits, too."""
        await joined(office)
        group = office.telegram.groups[PASAR]
        number = await broadcast(office.bot, audience=Audience(people=False, outlets=(PASAR,)))
        await ended(office.bot, number)
        async with office.bot.database.transaction() as session:
            row = await session.get_one(Broadcast, number)
            row.state = BroadcastState.PAUSED
            (sent,) = (await session.exec(select(Recipient))).all()
            sent.state = RecipientState.FAILED
        group.rename("Paguyuban Baru")
        new = group.migrate()
        await office.settled()

        assert await kept(office) == {new.id: ("diskopum", True)}
        (outlet,) = await office.bot.rows(select(Outlet))
        assert outlet.title == "Paguyuban Baru"
        (row,) = await office.bot.rows(select(Broadcast))
        assert row.audience["outlets"] == [new.id]
        assert [one.chat_id for one in await recipients(office.bot, number)] == [new.id]

    async def test_moved_unheard_is_found(self, office: Offices) -> None:
        """Where only Telegram's refusal tells that the group has moved, it goes to where it is now, once."""
        await joined(office)
        new = office.telegram.group(-(10**12) - 600, "Paguyuban", [office.rini])
        office.telegram.groups[PASAR].migrated_to = new.id
        number = await broadcast(office.bot, audience=Audience(people=False, outlets=(PASAR,)))
        await ended(office.bot, number)

        assert await by_state(office.bot, number) == {RecipientState.SENT: 1}
        assert len([text for text in new.texts() if "Ada pameran" in text]) == 1
        assert await kept(office) == {new.id: ("diskopum", True)}


class TestList:
    async def test_lets_go_and_takes_back(self, office: Offices) -> None:
        """Each with what it is; one tap lets it go, one more takes it back; readers see it without buttons."""
        await bound(office)
        await joined(office)
        shown = office.rini.messages()[-1]["message_id"]
        office.rini.tap_data(shown, "outlets:0")
        await office.settled()
        text = office.rini.texts()[-1]
        assert "Kabar UMKM (saluran, Diskopum)" in text
        assert "Paguyuban (grup, Diskopum)" in text

        office.rini.tap("✖️ Lepas Kabar UMKM")
        await office.settled()
        assert await kept(office) == {KABAR: ("", True), PASAR: ("diskopum", True)}
        office.rini.tap("↩️ Pakai lagi")
        await office.settled()

        assert await kept(office) == {KABAR: ("diskopum", True), PASAR: ("diskopum", True)}
        assert await deeds(office) == ["outlet.bound", "outlet.bound", "outlet.unbound", "outlet.bound"]
        await office.make(office.tono, Role.READER)
        await office.bot.says(office.tono, "/batal")
        office.tono.tap_data(office.tono.messages()[-1]["message_id"], "outlets:0")
        await office.settled()
        assert "Kabar UMKM" in office.tono.texts()[-1]
        assert not any("Lepas" in label for label in office.tono.labels())

    async def test_is_each_offices_own(self, office: Offices) -> None:
        """The other office's are not listed, nor let go."""
        await bound(office)
        await office.bot.says(office.budi, "/batal")
        shown = office.budi.messages()[-1]["message_id"]
        office.budi.tap_data(shown, "outlets:0")
        office.budi.tap_data(shown, f"outlet_off:{KABAR}")
        await office.settled()

        assert "Belum ada saluran" in office.budi.texts()[-1]
        assert await kept(office) == {KABAR: ("diskopum", True)}


class TestSending:
    async def test_reaches_people_channel_and_group(self, office: Offices) -> None:
        """Once each; where many read along the buttons are links."""
        kabar = await bound(office)
        await joined(office)
        (sari,) = await met(office.bot, 1)
        training_id = await put_training(office)
        content = Content(html="Ada pameran.", buttons=(Link("Daftar", training_id=training_id),))
        number = await broadcast(office.bot, content=content, audience=Audience(outlets=(KABAR, PASAR)))
        await ended(office.bot, number)

        group = office.telegram.groups[PASAR]
        assert await by_state(office.bot, number) == {RecipientState.SENT: 7}
        for posts in (kabar.messages(), [one for one in group.messages() if "Ada pameran" in one.get("text", "")]):
            (post,) = posts
            buttons = [button for row in post["reply_markup"]["inline_keyboard"] for button in row]
            assert [button["url"] for button in buttons] == [
                f"https://t.me/demo_bot?start=pelatihan_{training_id}",
                "https://t.me/demo_bot",
            ]
        assert "🔔 Kurangi / berhenti" in sari.labels()

    async def test_passes_over_what_is_lost_meanwhile(self, office: Offices) -> None:
        """The bot is removed from the channel before its turn: skipped, and named in the report."""
        kabar = await bound(office)
        first, *_ = await met(office.bot, 12)
        number = await broadcast(office.bot, audience=Audience(outlets=(KABAR,)), author=office.rini)
        await office.telegram.wait_until(first.texts)
        kabar.remove_bot(by=office.rini)
        await until(lambda: _is_lost(office))
        await ended(office.bot, number)
        await office.settled()

        (row,) = [one for one in await recipients(office.bot, number) if one.person_id is None]
        assert (row.state, row.reason) == (RecipientState.SKIPPED, "outlet lost")
        report = next(text for text in office.rini.texts() if "Laporan siaran" in text)
        assert "bot tidak lagi boleh menulis" in report
        assert "Tidak muncul di: Kabar UMKM" in report

    async def test_goes_to_where_a_group_has_moved_meanwhile(self, office: Offices) -> None:
        """A group that becomes a supergroup before its turn gets it there, though it stood in line as the old one."""
        await joined(office)
        first, *_ = await met(office.bot, 12)
        number = await broadcast(office.bot, audience=Audience(outlets=(PASAR,)))
        await office.telegram.wait_until(first.texts)
        new = office.telegram.groups[PASAR].migrate()
        await until(lambda: _is_kept(office, new.id))
        await ended(office.bot, number)

        (row,) = [one for one in await recipients(office.bot, number) if one.person_id is None]
        assert (row.state, row.chat_id) == (RecipientState.SENT, new.id)
        assert len([text for text in new.texts() if "Ada pameran" in text]) == 1

    @pytest.mark.parametrize("how", ["removed", "silenced"])
    async def test_learns_of_a_loss_by_being_refused(self, office: Offices, how: str) -> None:
        """Where Telegram told nothing of it, the refusal does; no person is held for out of reach."""
        kabar = await bound(office)
        if how == "removed":
            office.telegram.fail("sendMessage", kind="403", chat_id=KABAR)
        else:
            description = "Bad Request: need administrator rights in the channel chat"
            office.telegram.fail("sendMessage", kind="400", chat_id=KABAR, description=description)
        number = await broadcast(office.bot, audience=Audience(people=False, outlets=(KABAR,)), author=office.rini)
        await ended(office.bot, number)
        await office.settled()

        assert await by_state(office.bot, number) == {RecipientState.BLOCKED: 1}
        assert await kept(office) == {KABAR: ("diskopum", False)}
        assert any("tidak bisa menulis lagi di Kabar UMKM" in text for text in office.rini.texts())
        assert any("Tidak muncul di: Kabar UMKM" in text for text in office.rini.texts())
        assert kabar.texts() == []

    async def test_goes_to_nobodys_group(self, office: Offices) -> None:
        """What no office uses, or where officers work, gets nothing, whoever writes it into an audience."""
        await bound(office)
        async with office.bot.database.transaction() as session:
            rini = (await session.exec(select(Person).where(Person.telegram_id == office.rini.id))).one()
            await outlets.unbind(session, rini, KABAR, office.now())
        number = await broadcast(office.bot, audience=Audience(people=False, outlets=(KABAR, PASAR)))
        await ended(office.bot, number)

        assert {row.reason for row in await recipients(office.bot, number)} == {"outlet lost"}
        assert office.telegram.channels[KABAR].texts() == []


async def _is_kept(office: Offices, chat_id: int) -> bool:
    return chat_id in await kept(office)


async def _is_lost(office: Offices) -> bool:
    return (await kept(office))[KABAR] == ("diskopum", False)
