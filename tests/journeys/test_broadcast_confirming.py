"""Before a broadcast sets out: its preview, its forecast, its time, and the second officer's yes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import col, select

from db.models import (
    AuditEntry,
    Broadcast,
    BroadcastState,
    HouseRule,
    Person,
    Recipient,
    RecipientState,
    Role,
    Training,
    TrainingState,
)
from domain.broadcasts import codes
from domain.knowledge.shelf import Library
from messages import text_of
from tests.support.broadcasting import broadcast, by_state, ended, met, until
from tests.support.composing import BACK, NOW, SEND, alert, begun, composing, every, newest, taps
from tests.support.desk import EARLIER
from tests.support.offices import Offices, staffed
from tests.support.training_office import does, put_training

PROPOSE, APPROVE, REFUSE = "✋ Minta persetujuan", "✅ Setujui", "✖️ Tolak"


@pytest.fixture
async def offices(database_url: str, library: Library, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Offices]:
    async with composing(database_url, library, monkeypatch) as running:
        yield running


async def asks_from(offices: Offices, number: int) -> None:
    """A second officer is asked beyond so many."""
    async with offices.bot.database.transaction() as session:
        session.add(HouseRule(name="approval_number", value=number, changed_at=EARLIER))


async def deeds(offices: Offices) -> list[str]:
    return await offices.bot.rows(
        select(AuditEntry.deed).where(col(AuditEntry.deed).startswith("broadcast.")).order_by(col(AuditEntry.id))
    )


async def proposed(offices: Offices, text: str = ">Ada pameran") -> int:
    """Rini's, which waits for another officer."""
    await asks_from(offices, 2)
    await begun(offices, text, SEND, PROPOSE)
    return (await newest(offices)).id


class TestSend:
    async def test_takes_three_taps(self, offices: Offices) -> None:
        """From /siaran to everybody: make, look at the forecast, send; it has its code, and the audit knows."""
        people = await met(offices.bot, 5)
        asked = await begun(offices, ">Ada pameran, {nama}", SEND)
        before = [somebody.texts() for somebody in people]
        await does(offices, offices.rini, NOW)
        row = await ended(offices.bot, (await newest(offices)).id)
        await offices.settled()

        assert "9 orang, selesai sekitar hari ini pukul 09.00" in asked
        assert before == [[]] * 5
        assert row.state is BroadcastState.FINISHED
        assert await by_state(offices.bot, row.id) == {RecipientState.SENT: 9}
        assert all(row.code in somebody.texts()[0] for somebody in people)
        assert codes.read(row.code) == [row.code]
        assert await deeds(offices) == ["broadcast.sent"]

    async def test_is_about_what_was_shown(self, offices: Offices) -> None:
        """Changed meanwhile by a colleague, it is not sent by the button of before."""
        await begun(offices, ">Ada pameran", SEND)
        number = (await newest(offices)).id
        await does(offices, offices.tono, ">/siaran", "1. 📝 Ada pameran", "📌 Semat: tidak")
        await does(offices, offices.rini, NOW)

        assert (
            alert(offices.rini) == text_of("broadcast.changed", "id") or "Ada yang berubah" in offices.rini.texts()[-1]
        )
        assert (await newest(offices)).state is BroadcastState.DRAFT
        await taps(offices, f"broadcast_confirm:{number}.00000000")
        assert (await newest(offices)).state is BroadcastState.DRAFT

    async def test_twice_is_once(self, offices: Offices) -> None:
        """A double tap sends it once, and the second says where it stands."""
        await begun(offices, ">Ada pameran", SEND)
        shown = offices.rini.messages()[-1]
        data = shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        for _ in range(2):
            offices.rini.tap_data(shown["message_id"], data)
        await offices.settled()
        await ended(offices.bot, (await newest(offices)).id)

        assert await deeds(offices) == ["broadcast.sent"]
        assert offices.rini.alerts() == []
        assert "Kode" in "".join(offices.rini.texts()[-2:])

    async def test_gives_another_code_where_one_is_taken(
        self, offices: Offices, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Chance is made to fail: no two broadcasts share a code."""
        first = await broadcast(offices.bot)
        taken = (await ended(offices.bot, first)).code
        drawn = iter([taken, taken, "22222-33333"])
        monkeypatch.setattr(codes, "new", lambda: next(drawn))
        await begun(offices, ">Ada pameran", SEND, NOW)

        assert (await newest(offices)).code == "22222-33333"

    async def test_ends_with_words_for_whatsapp(self, offices: Offices) -> None:
        """Before it is confirmed there is no code, and that is said; afterwards they can be copied with it."""
        await begun(offices, ">Ada <b>pameran</b>, {nama}")
        await taps(offices, f"broadcast_wa:{(await newest(offices)).id}")
        assert offices.rini.texts()[-1] == text_of("broadcast.no_code", "id")
        await does(offices, offices.rini, BACK, SEND, NOW)
        row = await ended(offices.bot, (await newest(offices)).id)
        await offices.settled()
        words = await taps(offices, f"broadcast_wa:{row.id}")

        assert row.code in words
        assert f"?start=cek_{row.code.replace('-', '')}" in words
        assert "Bapak/Ibu" in words

    async def test_waits_while_it_is_quiet(self, offices: Offices) -> None:
        """At night the forecast says when it begins."""
        offices.clock.show("2026-11-24 22:00")
        asked = await begun(offices, ">Ada pameran", SEND)

        assert "selesai sekitar besok pukul 06.00" in asked
        assert "baru mulai besok pukul 06.00" in asked
        await does(offices, offices.rini, NOW)
        told = "".join(offices.rini.texts()[-2:])  # the message that follows it may be there already
        assert "berangkat besok pukul 06.00" in told
        assert "mulai dikirim" not in told

    async def test_tells_who_is_beyond_reach(self, offices: Offices) -> None:
        """Who blocked the bot is told apart from those who get it."""
        await met(offices.bot, 3)
        async with offices.bot.database.transaction() as session:
            gone = (await session.exec(select(Person).where(Person.telegram_id == 1001))).one()
            gone.is_reachable = False
        asked = await begun(offices, ">Ada pameran", SEND)

        assert "6 orang, selesai sekitar hari ini pukul 09.00, 1 tak terjangkau" in asked

    async def test_counts_all_messages_and_those_before_it(self, offices: Offices) -> None:
        """An album is as many messages as it has items, and another broadcast under way goes first."""
        other = await broadcast(offices.bot, state=BroadcastState.PAUSED)
        async with offices.bot.database.transaction() as session:
            row = await session.get_one(Broadcast, other)
            row.state, row.started_at, row.total = BroadcastState.RUNNING, offices.now(), 1
            later = offices.now() + timedelta(hours=1)
            person = (await session.exec(select(Person).where(Person.telegram_id == offices.tono.id))).one()
            session.add(Recipient(broadcast_id=other, person_id=person.id, not_before=later))
        await begun(offices)
        offices.rini.sends_album(("photo", "photo"), "Ada pameran")
        await offices.settled()
        asked = await does(offices, offices.rini, SEND)

        assert "4 orang" in asked
        assert "Seluruhnya 12 pesan" in asked
        assert "Siaran lain dikirim lebih dulu" in asked


class TestCode:
    async def test_is_nobodys_before_approval(self, offices: Offices) -> None:
        """Neither its author nor who decides reads it, and there is no text to be copied yet."""
        await does(offices, offices.tono, ">/start")
        await proposed(offices)
        sheet = await does(offices, offices.rini, ">/siaran", "1. ✋ Ada pameran")
        code = (await newest(offices)).code

        assert code
        assert "Kode: " not in sheet
        assert "Teks untuk WA" not in "".join(offices.rini.labels())
        assert code not in "".join([*offices.rini.texts(), *offices.tono.texts()])


class TestSample:
    @pytest.mark.parametrize("refusal", ["BUTTON_URL_INVALID", "MEDIA_EMPTY"])
    async def test_that_telegram_refuses_is_said(self, database_url: str, library: Library, refusal: str) -> None:
        """Not that it looks so, also where the message came without its buttons: so it would look to nobody."""
        async with staffed(database_url, library, groups=False) as offices:
            await begun(offices, ">Ada pameran")
            offices.telegram.fail("sendMessage", kind="400", description=f"Bad Request: {refusal}")
            told = await does(offices, offices.rini, "👁 Pratinjau")

        assert "Telegram tidak mau menerima contoh ini" in told
        assert "Begitu tampilannya" not in "".join(offices.rini.texts())


class TestTraining:
    async def test_whose_registration_is_over_gets_no_button(self, offices: Offices) -> None:
        """Refused with the way to mend it; one that closes before the time comes is a draft again, and that is told."""
        training_id = await put_training(offices, "Kemasan", number=10)
        add = ("🔘 Tombol", "➕ Daftar pelatihan", "Kemasan")
        await begun(offices, ">Ada pelatihan", *add, "🕗 Waktu", ">besok jam 8", SEND, "🕗 Jadwalkan")
        row = await newest(offices)
        async with offices.bot.database.transaction() as session:
            (await session.get_one(Training, training_id)).state = TrainingState.CLOSED
        offices.clock.show("2026-11-25 08:01")

        async def is_told() -> bool:
            return "sudah tutup dan tombol daftarnya sia-sia" in offices.tono.texts()[-1]

        await does(offices, offices.tono, ">/start")
        await until(is_told)
        assert (await newest(offices)).state is BroadcastState.DRAFT
        await taps(offices, f"broadcast_at:{row.id}.0")
        refused = await taps(offices, f"broadcast_send:{row.id}")

        assert "Pendaftaran “Kemasan” sudah tutup" in refused
        assert "🔘 Tombol" in offices.rini.labels()


class TestStep:
    async def test_ends_with_the_draft(self, offices: Offices) -> None:
        """What is written after a colleague sent or dropped is told why it is not kept; what follows is a question."""
        await begun(offices, ">Ada pameran")
        await does(offices, offices.tono, ">/siaran", "1. 📝 Ada pameran", "🗑 Buang", "🗑 Ya, buang")
        told = await does(offices, offices.rini, ">Ada pameran baru")
        answered = await does(offices, offices.rini, ">cara bikin nib gimana")

        assert "sekarang dihentikan, jadi tidak bisa diubah" in told
        assert "OSS" in answered


class TestTime:
    async def test_is_typed_or_tapped(self, offices: Offices) -> None:
        """It waits for its hour and then sets out by itself; at first it may be two hours late."""
        await begun(offices, ">Ada pameran", "🕗 Waktu", "Besok pukul 08.00", "🕗 Waktu", "⏳ 6 jam", BACK)
        assert (await newest(offices)).late_limit == 360
        shown = await does(offices, offices.rini, "🕗 Waktu", ">jam 13.30", SEND, "🕗 Jadwalkan")
        row = await newest(offices)
        assert (row.state, row.late_limit) == (BroadcastState.SCHEDULED, 360)
        assert "hari ini pukul 13.30" in shown
        assert await deeds(offices) == ["broadcast.scheduled"]
        offices.clock.show("2026-11-24 13:31")
        await ended(offices.bot, row.id)

        assert any(row.code in text for text in offices.tono.texts())

    async def test_that_is_over_is_refused(self, offices: Offices) -> None:
        """Typed, tapped too late, and confirmed too late."""
        await begun(offices, ">Ada pameran", "🕗 Waktu")
        number = (await newest(offices)).id
        assert "sudah lewat" in await does(offices, offices.rini, ">24-11-2026 08.00")
        assert "belum terbaca" in await does(offices, offices.rini, ">kapan-kapan")
        await taps(offices, f"broadcast_at:{number}.202611240800")
        assert alert(offices.rini) == text_of("broadcast.past_time", "id")
        await does(offices, offices.rini, ">besok jam 8", SEND)
        offices.clock.show("2026-11-25 09:00")
        await does(offices, offices.rini, "🕗 Jadwalkan")

        assert alert(offices.rini) == text_of("broadcast.past_time", "id")
        assert (await newest(offices)).state is BroadcastState.DRAFT

    async def test_is_taken_back_with_the_broadcast(self, offices: Offices) -> None:
        """A scheduled one is changed only as a draft, and does not set out meanwhile."""
        await begun(offices, ">Ada pameran", "🕗 Waktu", ">besok jam 8", SEND, "🕗 Jadwalkan", "✏️ Ubah lagi")
        offices.clock.show("2026-11-25 08:01")
        await offices.bot.app.tick()
        await asyncio.sleep(0.2)

        assert (await newest(offices)).state is BroadcastState.DRAFT
        assert offices.tono.texts() == []


class TestApproval:
    async def test_is_asked_of_the_others(self, offices: Offices) -> None:
        """Officers of the office and admins get preview and forecast; one yes is enough, and its author hears of it."""
        number = await proposed(offices)
        asked = offices.tono.texts()
        assert (await newest(offices)).state is BroadcastState.PROPOSED
        assert "CONTOH" in asked[-2]
        assert "Rini minta persetujuan" in asked[-1]
        assert "4 orang, selesai sekitar" in asked[-1]
        assert any("minta persetujuan" in text for text in offices.wati.texts())
        assert offices.budi.texts() == []
        await does(offices, offices.tono, APPROVE)
        row = await ended(offices.bot, number)
        await offices.settled()

        assert row.state is BroadcastState.FINISHED
        assert row.approved_by is not None
        assert any("Tono menyetujui siaran Ada pameran" in text for text in offices.rini.texts())
        assert await deeds(offices) == ["broadcast.proposed", "broadcast.approved", "broadcast.sent"]

    async def test_by_two_at_once_is_one_deed(self, offices: Offices) -> None:
        """The second is told where it stands."""
        number = await proposed(offices)
        offices.tono.tap(APPROVE)
        offices.wati.tap(APPROVE)
        await offices.settled()
        await ended(offices.bot, number)
        late = [one.alerts() for one in (offices.tono, offices.wati) if one.alerts()]

        assert (await deeds(offices)).count("broadcast.approved") == 1
        assert len(late) == 1
        assert "tidak bisa disetujui atau ditolak" in late[0][-1]["text"]
        assert await by_state(offices.bot, number) == {RecipientState.SENT: 4}

    async def test_is_never_ones_own(self, offices: Offices) -> None:
        """Nor the other office's, nor a reader's, nor a person's, whoever forges the tap."""
        await proposed(offices)
        data = offices.tono.messages()[-1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        await taps(offices, data)
        assert alert(offices.rini) == text_of("broadcast.your_own", "id")
        await does(offices, offices.budi, ">/siaran")
        await taps(offices, data, offices.budi)
        assert alert(offices.budi) == text_of("tap.stale", "id")
        await offices.make(offices.tono, Role.READER)
        await taps(offices, data, offices.tono)

        assert alert(offices.tono) == text_of("tap.stale", "id")
        assert (await newest(offices)).state is BroadcastState.PROPOSED

    async def test_is_theirs_who_changed_it_last(self, offices: Offices) -> None:
        """Who takes it over and proposes it cannot approve it, and who wrote it first may."""
        number = await proposed(offices)
        await does(
            offices, offices.tono, ">/siaran", "1. ✋ Ada pameran", "✏️ Ubah lagi", "📌 Semat: tidak", SEND, PROPOSE
        )
        data = next(
            row[0]["callback_data"]
            for message in reversed(offices.rini.messages())
            for row in message.get("reply_markup", {}).get("inline_keyboard", [])
            if row[0]["text"] == APPROVE
        )
        await taps(offices, data, offices.tono)
        assert alert(offices.tono) == text_of("broadcast.your_own", "id")
        await does(offices, offices.rini, APPROVE)

        assert (await ended(offices.bot, number)).state is BroadcastState.FINISHED

    async def test_is_asked_again_for_something_else(self, offices: Offices) -> None:
        """Changed after it was proposed, the button of before does not approve it."""
        number = await proposed(offices)
        old = offices.tono.messages()[-1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        await does(offices, offices.rini, "✏️ Ubah lagi")
        await taps(offices, old, offices.tono)
        assert "sekarang konsep" in alert(offices.tono)
        await does(offices, offices.rini, "✏️ Ganti isi", ">Kirim uang ke rekening ini", SEND, PROPOSE)
        await taps(offices, old, offices.tono)
        refused = {*offices.tono.texts(), alert(offices.tono)}

        assert text_of("broadcast.changed", "id") in refused
        assert (await newest(offices)).state is BroadcastState.PROPOSED
        assert sum("minta persetujuan" in text for text in offices.tono.texts()) == 2
        await does(offices, offices.tono, APPROVE)
        assert (await ended(offices.bot, number)).state is BroadcastState.FINISHED

    async def test_refused_goes_back_with_why(self, offices: Offices) -> None:
        """Why is asked until it says something; its author reads it, and it stands on the sheet until it is sent."""
        await proposed(offices)
        await does(offices, offices.tono, REFUSE)
        assert "Tulis alasannya" in await does(offices, offices.tono, ">😀")
        await does(offices, offices.tono, ">Tanggalnya <salah>")
        told = offices.rini.texts()[-1]
        opened = await does(offices, offices.rini, "📄 Buka siaran")
        await does(offices, offices.rini, SEND, PROPOSE)

        assert "Tono belum menyetujui siaran Ada pameran: “Tanggalnya <salah>”" in told
        assert "Ditolak: “Tanggalnya <salah>”" in opened
        assert (await newest(offices)).why is None

    async def test_with_nobody_else_is_said(self, offices: Offices) -> None:
        """The draft stays."""
        await offices.dismiss(offices.tono)
        await offices.dismiss(offices.wati)
        await asks_from(offices, 2)
        await begun(offices, ">Ada pameran", SEND, PROPOSE)

        assert "belum ada petugas lain di Diskopum" in offices.rini.texts()[-1]
        assert [row.state for row in await every(offices)] == [BroadcastState.DRAFT]

    async def test_too_late_is_refused(self, offices: Offices) -> None:
        """Its time passed while it waited: within the limit it sets out at once, beyond it is not approved."""
        await asks_from(offices, 2)
        await begun(offices, ">Ada pameran", "🕗 Waktu", ">besok jam 8", SEND, PROPOSE)
        offices.clock.show("2026-11-25 10:01")
        await does(offices, offices.tono, APPROVE)
        assert alert(offices.tono) == text_of("broadcast.past_time", "id")
        offices.clock.show("2026-11-25 09:00")
        await does(offices, offices.tono, APPROVE)

        assert (await ended(offices.bot, (await newest(offices)).id)).state is BroadcastState.FINISHED


class TestRules:
    async def test_are_set_by_admins(self, offices: Offices) -> None:
        """From how many on a second officer is asked, and the quiet hours."""
        wati = offices.wati
        await does(offices, wati, ">/antrean", "⚙️ Pengaturan", "📢 Aturan siaran", "✋ Batas persetujuan")
        assert "Ketik angka dari 0" in await does(offices, wati, ">banyak")
        assert "1.500 orang" in await does(offices, wati, ">1.500")
        await does(offices, wati, "🌙 Jam tenang")
        assert "Tulis jam tenang" in await does(offices, wati, ">malam")
        assert "20.00–05.30" in await does(offices, wati, ">20-5.30")
        assert "tidak ada" in await does(offices, wati, "🌙 Jam tenang", ">tidak ada")
        rules = {row.name: row.value for row in await offices.bot.rows(select(HouseRule))}

        assert rules == {"approval_number": 1500, "quiet_hours": ["00.00", "00.00"]}

    async def test_hold_for_the_next(self, offices: Offices) -> None:
        """With 0 every broadcast is asked about."""
        await does(offices, offices.wati, ">/antrean", "⚙️ Pengaturan", "📢 Aturan siaran", "✋ Batas persetujuan", ">0")
        await begun(offices, ">Ada pameran", SEND)

        assert PROPOSE in offices.rini.labels()
        assert NOW not in offices.rini.labels()


class TestGroup:
    async def test_gets_a_test_with_links(
        self, database_url: str, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The staff group sees it as a group would; an office without one is told how to get one."""
        async with composing(database_url, library, monkeypatch, groups=True) as offices:
            await begun(offices, ">Ada pameran", "👁 Pratinjau", "👥 Kirim ke grup petugas")
            shown = offices.group.messages()[-1]
        buttons = [button for row in shown["reply_markup"]["inline_keyboard"] for button in row]

        assert "CONTOH" in shown["text"]
        assert all("url" in button for button in buttons)

    async def test_that_is_not_there_is_said(self, offices: Offices) -> None:
        """With what to do instead."""
        await begun(offices, ">Ada pameran", "👁 Pratinjau", "👥 Kirim ke grup petugas")

        assert offices.rini.texts()[-1] == text_of("broadcast.no_group", "id")


class TestRest:
    async def test_on_the_way_is_said(self, offices: Offices) -> None:
        """What lasts into the night stands still and goes on in the morning: nobody waits for it at night."""
        await met(offices.bot, 60)
        offices.clock.show("2026-11-24 20:59:59.990")
        asked = await begun(offices, ">Ada pameran", SEND)

        assert "Istirahat 21.00–06.00" in asked
        assert "besok pukul 06.00" in asked
