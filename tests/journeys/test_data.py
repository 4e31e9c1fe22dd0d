"""/data: seeing, taking out and erasing what is kept about oneself, and taking one's consent back."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from db.models import (
    AuditEntry,
    Consent,
    Conversation,
    Delivery,
    Erasure,
    Inquiry,
    InquiryState,
    Interest,
    Officer,
    Opportunity,
    OpportunityState,
    Person,
    Profile,
    Question,
    ReceivedUpdate,
    RegisteredBusiness,
    Role,
    Standing,
    Wishes,
)
from domain.knowledge.shelf import Library
from simulator import Person as Somebody
from tests.conftest import LAMONGAN
from tests.faults.waiting import until
from tests.support.running import RunningBot, running_bot

NAME, PHONE = "Sari Melati", "+6281234500777"
NOW = datetime.now(UTC)
SURELY, DONE = "Ya, hapus semuanya", "Data Anda sudah dihapus"


async def row_of(bot: RunningBot, telegram_id: int) -> Person:
    (person,) = await bot.rows(select(Person).where(Person.telegram_id == telegram_id))
    return person


async def add(bot: RunningBot, *things: Any) -> None:
    async with bot.database.transaction() as session:
        session.add_all(things)


async def known(bot: RunningBot, **details: Any) -> tuple[Somebody, int]:
    """Sari, who asked something and told of her business."""
    sari = bot.person(name=NAME)
    await bot.says(sari, "cara bikin nib gimana")
    await bot.settled()
    number = (await row_of(bot, sari.id)).id
    given = {"name": NAME, "business": "Keripik Melati", "kecamatan": "Babat", "phone": PHONE} | details
    await add(
        bot,
        Consent(person_id=number, version=1, language="id", given_at=NOW),
        Profile(person_id=number, changed_at=NOW, **given),
    )
    return sari, number


async def pursuing(bot: RunningBot, number: int) -> None:
    """They chose what they hear of, are interested in three of which one is over, and said no to a fourth."""
    made = {"office": "diskopum", "sought": "Camilan", "made_at": NOW, "changed_at": NOW}
    until_then = NOW + timedelta(days=7)
    for id, title in enumerate(("Kafe", "Pameran", "Lomba", "Hotel"), 71):
        state = OpportunityState.CLOSED if title == "Lomba" else OpportunityState.OPEN
        await add(bot, Opportunity(id=id, title=title, state=state, kind="buyer", deadline=until_then, **made))
    said = {"person_id": number, "answered_at": NOW}
    await add(
        bot,
        Wishes(person_id=number, rhythm="daily", changed_at=NOW),
        Interest(opportunity_id=71, answer="interested", **said),
        Interest(opportunity_id=72, answer="interested", may_share=True, standing=Standing.PASSED_ON, **said),
        Interest(opportunity_id=73, answer="interested", orders="none", **said),
        Interest(opportunity_id=74, answer="declined", **said),
    )


async def tap(bot: RunningBot, person: Somebody, label: str) -> str:
    """Tap and wait for all that follows; what the newest message says then."""
    person.tap(label)
    await bot.settled()
    return person.texts()[-1]


async def is_told(person: Somebody) -> None:
    await until(lambda: any(DONE in text for text in person.texts()), lambda: str(person.texts()))


async def all_listed(bot: RunningBot) -> None:
    """Until no erasure is under way."""

    async def is_so() -> bool:
        return None not in await bot.rows(select(Erasure.listed_at))

    await until(is_so)


async def erased(bot: RunningBot, person: Somebody) -> None:
    await bot.says(person, "/data")
    await tap(bot, person, "🗑 Hapus semua data saya")
    person.tap(SURELY)
    await is_told(person)
    await bot.settled()


class TestShow:
    async def test_tells_in_words(self, bot: RunningBot) -> None:
        """Name, language, profile by value, consent, how many questions and until when their words are kept."""
        sari, number = await known(bot)
        await add(bot, Inquiry(person_id=number, office="diskopum", opened_at=NOW, promised_at=NOW, state="waiting"))
        told = await bot.says(sari, "/data")

        for words in (NAME, "Bahasa Indonesia", "Keripik Melati", "Babat", "0812", "Pertanyaan ke bot: 1"):
            assert words in told
        assert "Persetujuan Anda" in told
        assert "masih terbuka: 1" in told
        assert sari.labels()[-3:] == ["📄 Ambil data saya", "↩️ Tarik persetujuan", "🗑 Hapus semua data saya"]

    async def test_of_somebody_new(self, bot: RunningBot) -> None:
        """Who told nothing is told so, and there is no consent to take back."""
        told = await bot.says(bot.person(), "/data")

        assert "Profil usaha: belum diisi" in told
        assert bot.person().labels() == ["📄 Ambil data saya", "🗑 Hapus semua data saya"]

    async def test_tells_of_opportunities(self, bot: RunningBot) -> None:
        """Wishes, interests with what is open and may be passed on, what was declined, and orders."""
        sari, number = await known(bot)
        await pursuing(bot, number)
        told = await bot.says(sari, "/data")

        assert "kabar peluang: tersimpan" in told
        assert "Minat pada peluang: 3, masih terbuka: 2, yang Anda izinkan diteruskan: 1" in told
        assert "tidak cocok, atau batal: 1" in told
        assert "soal pesanan: 1" in told

        asked = await tap(bot, sari, "🗑 Hapus semua data saya")
        assert "peluang Kafe: batal, dinas tidak melihat" in asked
        assert "peluang Pameran: batal di sini; data yang sudah diteruskan" in asked
        assert "Lomba" not in asked

    async def test_in_a_group_leads_to_private(self, bot: RunningBot) -> None:
        """Nothing of it is shown in a group, and its link opens it in private."""
        sari, _ = await known(bot)
        group = bot.telegram.group(-1001234567890, "Warga", members=[sari], bot="administrator")
        sari.write("/data", chat=group.id)
        await bot.settled()

        assert NAME not in group.texts()[-1]
        assert NAME in await bot.says(sari, "/start data")


class TestFile:
    async def test_holds_everything(self, bot: RunningBot) -> None:
        """The file is JSON with all that is kept, under names one understands."""
        sari, _ = await known(bot)
        await bot.says(sari, "/data")
        await tap(bot, sari, "📄 Ambil data saya")
        held = json.loads(file_of(bot, sari))

        assert held["account"][0]["name"] == NAME
        assert held["account"][0]["telegram_id"] == sari.id
        assert held["profile"][0]["phone"] == PHONE
        assert held["consents"][0]["version"] == 1
        assert [one["text"] for one in held["questions"]] == ["cara bikin nib gimana"]
        assert any("/data" in json.dumps(one) for one in held["messages_received"])
        assert any("NIB" in json.dumps(one) for one in held["messages_sent"])
        assert "officer" not in held

    async def test_holds_nobody_else(self, bot: RunningBot) -> None:
        """Not a word of anybody else stands in it."""
        budi = bot.person(102, "Budi Kelapa")
        await bot.says(budi, "syarat sertifikat halal apa saja")
        sari, _ = await known(bot)
        await bot.says(sari, "/data")
        await tap(bot, sari, "📄 Ambil data saya")

        assert "Kelapa" not in file_of(bot, sari)
        assert "halal apa saja" not in file_of(bot, sari)


def file_of(bot: RunningBot, person: Somebody) -> str:
    message = next(message for message in reversed(person.messages()) if "document" in message)
    return bot.telegram.files.by_id[message["document"]["file_id"]].content.decode()


class TestWithdraw:
    async def test_takes_the_profile_along(self, bot: RunningBot) -> None:
        """Asked once more, then consent and profile are gone; questions can still be asked."""
        sari, _ = await known(bot)
        await bot.says(sari, "/data")
        assert "profil usaha" in await tap(bot, sari, "↩️ Tarik persetujuan")
        assert len(await bot.rows(select(Profile))) == 1

        assert "sudah ditarik" in await tap(bot, sari, "Ya, tarik dan hapus profil")
        assert await bot.rows(select(Profile)) == []
        assert [one.withdrawn_at is None for one in await bot.rows(select(Consent))] == [False]
        assert "NIB" in await bot.says(sari, "cara bikin nib gimana")

    async def test_twice_says_so(self, bot: RunningBot) -> None:
        """A second tap finds nothing, and says what to do."""
        sari, _ = await known(bot)
        await bot.says(sari, "/data")
        await tap(bot, sari, "↩️ Tarik persetujuan")
        message = sari.messages()[-1]["message_id"]
        sari.tap_data(message, "data:withdrawn")
        sari.tap_data(message, "data:withdrawn")
        await bot.settled()

        assert "sudah tidak ada" in sari.texts()[-1]


class TestErase:
    async def test_leaves_a_number(self, bot: RunningBot) -> None:
        """Profile, consent, words and name go; the row stays for the counts, and is nobody's."""
        sari, number = await known(bot)
        await add(bot, RegisteredBusiness(name=NAME, phone=PHONE, person_id=number, came_at=NOW, imported_at=NOW))
        await erased(bot, sari)
        (person,) = await bot.rows(select(Person))

        assert (person.id, person.telegram_id, person.name, person.is_reachable) == (number, -number, "", False)
        assert person.erased_at
        assert [await bot.rows(select(table)) for table in (Profile, Consent, Conversation)] == [[], [], []]
        assert [(one.person_id, one.text) for one in await bot.rows(select(Question))] == [(number, None)]
        (business,) = await bot.rows(select(RegisteredBusiness))
        assert (business.name, business.phone, business.came_at is None) == ("", None, False)
        (deed,) = await bot.rows(select(AuditEntry).where(AuditEntry.deed == "person.erased"))
        assert (deed.actor, deed.actor_id, deed.subject) == ("person", number, f"person:{number}")

    async def test_asks_once_more(self, bot: RunningBot) -> None:
        """What is lost is said first, open questions by their number; who thinks better of it loses nothing."""
        sari, number = await known(bot)
        await add(
            bot, Inquiry(id=12, person_id=number, office="diskopum", opened_at=NOW, promised_at=NOW, state="waiting")
        )
        await bot.says(sari, "/data")
        asked = await tap(bot, sari, "🗑 Hapus semua data saya")
        back = await tap(bot, sari, "Tidak jadi")

        assert "#12" in asked
        assert "tidak bisa dibatalkan" in asked
        assert NAME in back
        assert (await row_of(bot, sari.id)).erased_at is None

    async def test_withdraws_open_questions(self, bot: RunningBot) -> None:
        """A question that waits for an officer is closed."""
        sari, number = await known(bot)
        await add(
            bot, Inquiry(id=12, person_id=number, office="diskopum", opened_at=NOW, promised_at=NOW, state="waiting")
        )
        await erased(bot, sari)

        assert [(one.state, one.closed_by) for one in await bot.rows(select(Inquiry))] == [
            (InquiryState.CLOSED, "erased")
        ]

    async def test_empties_the_queues(self, bot: RunningBot) -> None:
        """No update and no message keeps a word, a chat or a number of theirs."""
        sari, _ = await known(bot)
        await erased(bot, sari)

        updates = await bot.rows(select(ReceivedUpdate))
        owed = await bot.rows(select(Delivery).order_by(col(Delivery.id)))
        assert {(one.payload, one.error, one.queue_key) for one in updates} == {(None, None, 0)}
        assert sari.id not in {one.chat_id for one in owed}
        assert [one.arguments for one in owed if one.arguments and "callback_query_id" not in one.arguments] == []
        assert await bot.rows(select(Erasure.farewell)) == [None]

    async def test_who_writes_again_is_somebody_new(self, bot: RunningBot) -> None:
        """The next message meets them anew, with nothing of before."""
        sari, number = await known(bot)
        await erased(bot, sari)

        assert f"Halo, {NAME}!" in await bot.says(sari, "/start")
        again = await row_of(bot, sari.id)
        assert again.id != number
        assert "Profil usaha: belum diisi" in await bot.says(sari, "/data")

    async def test_a_second_tap_meets_nobody(self, bot: RunningBot) -> None:
        """Whoever taps twice is told once, and is not kept for the second tap."""
        sari, number = await known(bot)
        await bot.says(sari, "/data")
        await tap(bot, sari, "🗑 Hapus semua data saya")
        message = sari.messages()[-1]["message_id"]
        sari.tap(SURELY)
        await is_told(sari)
        sari.tap_data(message, f"erase:{number}")
        await bot.settled()
        await all_listed(bot)
        await bot.settled()

        assert [(one.name, one.telegram_id > 0) for one in await bot.rows(select(Person))] == [("", False)] * 2
        assert sum(DONE in call.parameters.get("text", "") for call in bot.telegram.calls) == 1
        assert {one.payload for one in await bot.rows(select(ReceivedUpdate))} == {None}

    async def test_an_old_button_erases_nobody(self, bot: RunningBot) -> None:
        """Who came back later is asked again before they are erased: the old button is stale."""
        sari, number = await known(bot)
        await erased(bot, sari)
        await bot.says(sari, "/start")
        sari.tap_data(sari.messages()[-1]["message_id"], f"erase:{number}")
        await bot.settled()

        assert "tidak berlaku" in sari.alerts()[-1]["text"]
        assert (await row_of(bot, sari.id)).name == NAME

    async def test_anothers_button_erases_nobody(self, bot: RunningBot) -> None:
        """A forged tap with somebody else's number erases neither of them."""
        _, number = await known(bot)
        budi = bot.person(102, "Budi")
        await bot.says(budi, "/start")
        budi.tap_data(budi.messages()[-1]["message_id"], f"erase:{number}")
        await bot.settled()

        assert await bot.rows(select(Person).where(col(Person.erased_at).is_not(None))) == []


class TestOfficers:
    async def test_role_is_shown_and_goes(self, bot: RunningBot) -> None:
        """An officer sees their role, is told that it goes, and lets go of it with the rest."""
        sari, number = await known(bot)
        await add(bot, Officer(person_id=number, role=Role.OFFICER, office="diskopum", appointed_at=NOW))
        assert "Peran Anda: petugas" in await bot.says(sari, "/data")
        assert "• peran Anda: petugas" in await tap(bot, sari, "🗑 Hapus semua data saya")
        await erased(bot, sari)

        assert await bot.rows(select(Officer)) == []

    async def test_the_last_admin_stays(self, bot: RunningBot) -> None:
        """Without them nobody could appoint anybody: refused, with what to do; not once there is another."""
        sari, number = await known(bot)
        await add(bot, Officer(person_id=number, role=Role.ADMIN, appointed_at=NOW))
        await bot.says(sari, "/data")
        await tap(bot, sari, "🗑 Hapus semua data saya")
        assert "satu-satunya admin" in sari.alerts()[-1]["text"]

        await bot.says(budi := bot.person(102, "Budi"), "/start")
        await add(bot, Officer(person_id=(await row_of(bot, budi.id)).id, role=Role.ADMIN, appointed_at=NOW))
        await erased(bot, sari)
        assert [one.person_id for one in await bot.rows(select(Officer))] != [number]

    async def test_whom_the_setting_names_stays(self, database_url: str, library: Library) -> None:
        """ADMIN_IDS would bring them back at the next start: refused, with what to do."""
        async with running_bot(database_url, LAMONGAN, library=library, ADMIN_IDS=(101, 102)) as bot:
            sari, _ = await known(bot)
            await bot.says(sari, "/data")
            await tap(bot, sari, "🗑 Hapus semua data saya")

            assert "ADMIN_IDS" in sari.alerts()[-1]["text"]
            assert (await row_of(bot, sari.id)).erased_at is None
