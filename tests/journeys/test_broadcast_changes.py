"""What many have already is corrected, or taken back, for all of them."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel import select

from db.models import Broadcast, BroadcastKind, BroadcastState, Outlet, Person, RecipientState
from domain import erasure
from domain.broadcasts.audience import Audience
from domain.broadcasts.content import Content, File, Link
from simulator import Person as Somebody
from tests.support.broadcasting import broadcast, by_state, cleared, ended, met, now, opens, told, until
from tests.support.offices import Offices
from tests.support.training_office import does

CORRECT, RIGHT, RECALL, BACK = "✏️ Ralat isinya", "✏️ Ya, ralat", "↩️ Tarik kembali", "↩️ Ya, tarik kembali"
OLD, NEW = "Pameran jam <b>8</b>, {nama}.", "Pameran jam 9, {nama}."
CHANNEL = -1_000_000_000_901
SENT, SKIPPED = RecipientState.SENT, RecipientState.SKIPPED


async def sent(offices: Offices, content: Content | None = None, **details: object) -> int:
    """A broadcast of Rini's that is over."""
    number = await broadcast(offices.bot, OLD, content=content, author=offices.rini, **details)
    await cleared(offices.bot, number)
    await offices.settled()
    return number


async def children(offices: Offices, number: int) -> list[Broadcast]:
    return await offices.bot.rows(select(Broadcast).where(Broadcast.parent_id == number).order_by(Broadcast.id))


async def over(offices: Offices, number: int) -> list[Broadcast]:
    """Wait until all that changes it is over; those broadcasts."""
    for child in await children(offices, number):
        await cleared(offices.bot, child.id)
    await offices.settled()
    return await children(offices, number)


def contents(offices: Offices) -> dict[str, Content]:
    """One of each kind."""
    file = {kind: offices.telegram.files.store(kind).file_id for kind in ("photo", "document", "video")}
    files = {kind: File(kind, file_id) for kind, file_id in file.items()}
    links = (Link("Peta", "https://contoh.example/peta"),)
    return {
        "text": Content(OLD, buttons=links),
        "photo": Content(OLD, (files["photo"],), buttons=links),
        "document": Content(OLD, (files["document"],)),
        "video": Content(OLD, (files["video"],)),
        "long photo": Content(f"{OLD}{' a' * 600}", (files["photo"],)),
        "album": Content(OLD, (files["photo"], File("video", file["video"], "Untuk {nama}"))),
        "place": Content(OLD, place=(-7.1, 112.4)),
    }


def shown(somebody: Somebody) -> Sequence[str]:
    return [text for text in somebody.texts() if text]


class TestCorrect:
    async def test_changes_what_everybody_has(self, offices: Offices) -> None:
        """Old and new are shown beside each other; then all who have it read the new words, with code and buttons."""
        people = await met(offices.bot, 5)
        number = await sent(offices, contents(offices)["text"])
        code = (await now(offices.bot, number)).code

        asked = await does(offices, offices.rini, CORRECT)
        compared = await does(offices, offices.rini, f">{NEW}")
        before = people[0].texts()
        await does(offices, offices.rini, RIGHT)
        (child,) = await over(offices, number)

        assert "Pameran jam 8, {nama}." in asked
        assert "menunggu" not in asked
        assert compared.index("Pameran jam 8") < compared.index("Pameran jam 9")
        assert "9 pesan yang sudah terkirim akan berubah" in compared
        assert "jam 8" in before[0]
        for somebody in people:
            (text,) = somebody.texts()
            assert f"Pameran jam 9, {somebody.user['first_name']}." in text
            assert "✏️ Diralat 24 November 2026" in text
            assert code in text
            assert somebody.labels() == ["Peta", "🔔 Kurangi / berhenti"]
        parent = await now(offices.bot, number)
        assert (parent.version, parent.content["html"]) == (2, NEW)
        assert [old["html"] for old in parent.replaced] == [OLD]
        assert (child.kind, child.state) == (BroadcastKind.CORRECTION, BroadcastState.FINISHED)
        assert "Ralat selesai" in offices.rini.texts()[-1]
        assert "Sudah diralat: 9" in offices.rini.texts()[-1]
        assert "🏁 “Ralat: Pameran jam 9" in "\n".join(offices.rini.texts())

    @pytest.mark.parametrize("kind", ["photo", "document", "video", "long photo", "album", "place"])
    async def test_changes_the_words_of_every_kind(self, offices: Offices, kind: str) -> None:
        """Captions and texts below files change where they stand, pinned and silent as they were; nothing is added."""
        (somebody,) = await met(offices.bot, 1)
        number = await sent(offices, contents(offices)[kind], is_pinned=True, is_silent=True)
        messages = len(somebody.messages())
        new = NEW + " b" * 600 if kind == "long photo" else NEW
        await does(offices, offices.rini, CORRECT, f">{new}", RIGHT)
        (child,) = await over(offices, number)

        assert child.state is BroadcastState.FINISHED
        assert set(await by_state(offices.bot, child.id)) == {SENT}
        assert len(somebody.messages()) == messages
        assert "Pameran jam 9, Orang 1." in shown(somebody)[-1]
        assert "jam 8" not in "\n".join(somebody.texts())
        assert ("Untuk Orang 1" in somebody.texts()) == (kind == "album")
        assert somebody.labels()[-1] == "🔔 Kurangi / berhenti"

    async def test_reaches_who_waits_at_once(self, slow: Offices) -> None:
        """In the middle of a broadcast that goes on: nobody is left with the old words, and nobody has both."""
        people = await met(slow.bot, 40)
        number = await broadcast(slow.bot, OLD, author=slow.rini, is_pinned=True)
        await slow.telegram.wait_until(lambda: len(told(people)) >= 10, timeout=10)
        await opens(slow, slow.rini, number, CORRECT, f">{NEW}", RIGHT)
        await cleared(slow.bot, number)
        (child,) = await over(slow, number)

        texts = [shown(somebody) for somebody in people]
        assert [len(theirs) for theirs in texts] == [1] * 40
        assert [theirs[0] for theirs in texts if "jam 8" in theirs[0]] == []
        assert 10 <= (await by_state(slow.bot, child.id))[SENT] < 44

    async def test_of_a_correction_overtakes_it(self, slow: Offices) -> None:
        """The older one is called off, and its words stand nowhere in the end; its buttons are dead."""
        people = await met(slow.bot, 30)
        number = await broadcast(slow.bot, OLD, author=slow.rini)
        await cleared(slow.bot, number)
        await slow.settled()
        await does(slow, slow.rini, CORRECT, f">{NEW}", RIGHT)
        first = (await children(slow, number))[0]
        await opens(slow, slow.rini, number, CORRECT, ">Pameran batal.", RIGHT)
        first, second = await over(slow, number)

        assert (first.state, second.state) == (BroadcastState.CANCELLED, BroadcastState.FINISHED)
        assert ["Pameran batal." in somebody.texts()[0] for somebody in people] == [True] * 30
        assert (await now(slow.bot, number)).version == 3

    async def test_helps_over_what_cannot_be(self, offices: Offices) -> None:
        """Each wrong text has its own sentence, and the right one may follow."""
        (somebody,) = await met(offices.bot, 1)
        number = await sent(offices, contents(offices)["photo"])
        await does(offices, offices.rini, CORRECT)
        for wrong, said in {
            "a" * 1000: "terlalu panjang untuk tetap menempel di gambarnya",
            "a" * 4096: "Pendekkan",
            "Halo {toko}": "{toko} tidak dikenal",
        }.items():
            answer = await does(offices, offices.rini, f">{wrong}")
            assert said in answer
        offices.rini.sends("photo")
        await offices.settled()
        assert "Ralat hanya mengganti tulisan" in offices.rini.texts()[-1]
        await does(offices, offices.rini, ">🌸 <b>&", RIGHT)
        await over(offices, number)

        assert "🌸 <b>&" in shown(somebody)[-1]

    async def test_left_leads_back_to_it(self, offices: Offices) -> None:
        """/batal changes nothing, and the broadcast is a tap away."""
        await met(offices.bot, 1)
        await sent(offices)
        await does(offices, offices.rini, CORRECT, ">/batal")

        assert "tetap seperti semula" in offices.rini.texts()[-1]
        assert offices.rini.labels()[-1] == "📄 Buka siaran"

    async def test_stays_genuine(self, offices: Offices) -> None:
        """What says below it that it was corrected is our announcement word for word."""
        (somebody,) = await met(offices.bot, 1)
        number = await sent(offices)
        await does(offices, offices.rini, CORRECT, f">{NEW}", RIGHT)
        await over(offices, number)

        for deed in (
            lambda: somebody.forward_message(somebody.messages()[0]["message_id"]),
            lambda: somebody.forward(somebody.texts()[0].replace("\n", " ")),
        ):
            assert (await offices.bot.reply_after(somebody, deed)).startswith("✅ Asli. Ini pengumuman kami")

    async def test_stopped_half_way_goes_on(self, slow: Offices) -> None:
        """Whoever stops it is asked in its own words; its report and the parent's say how many have the old text, and
        each lets it go on: in the end everybody has the new one.
        """
        people = await met(slow.bot, 30)
        number = await broadcast(slow.bot, OLD, author=slow.rini)
        await cleared(slow.bot, number)
        await slow.settled()
        await does(slow, slow.rini, CORRECT, f">{NEW}", RIGHT)
        child = (await children(slow, number))[0]
        await slow.telegram.wait_until(lambda: news(people) >= 3, timeout=10)
        asked = await opens(slow, slow.rini, child.id, "⏹ Hentikan")
        await does(slow, slow.rini, "⏹ Ya, hentikan")
        await over(slow, number)
        left = (await by_state(slow.bot, child.id))[SKIPPED]

        assert "Hentikan ralat" in asked
        assert "tetap memegang teks lama" in asked
        assert "Ralat dihentikan" in slow.rini.texts()[-1]
        assert f"{left} orang masih memegang teks lama" in slow.rini.texts()[-1]
        assert "▶️ Lanjutkan ralat" in slow.rini.labels()
        assert f"{left} orang masih memegang teks lama" in await opens(slow, slow.rini, number)
        slow.rini.tap("▶️ Lanjutkan ralat")
        slow.rini.tap("▶️ Lanjutkan ralat")
        await slow.settled()
        await over(slow, number)

        assert await by_state(slow.bot, child.id) == {SENT: 34}
        assert news(people) == 30
        assert "masih memegang" not in await opens(slow, slow.rini, number)

    async def test_is_refused_where_the_text_stood_alone(self, offices: Offices) -> None:
        """A text that was too long for its picture cannot become a caption; the same words change nothing."""
        await met(offices.bot, 1)
        await sent(offices, contents(offices)["long photo"])
        assert "pesan sendiri" in await does(offices, offices.rini, CORRECT, ">Pendek")

        await sent(offices, Content("Pameran jam 8."))
        assert "sama persis" in await does(offices, offices.rini, CORRECT, ">Pameran jam 8.")
        await does(offices, offices.rini, "Tidak jadi")
        assert "tetap seperti semula" in "\n".join(offices.rini.texts())

    async def test_asks_again_what_changed_meanwhile(self, offices: Offices) -> None:
        """A yes to words that were compared with older ones is no yes any more."""
        await met(offices.bot, 1)
        number = await sent(offices)
        await does(offices, offices.rini, CORRECT, ">Pertama")
        await opens(offices, offices.tono, number, CORRECT, ">Kedua", RIGHT)
        await over(offices, number)
        await does(offices, offices.rini, RIGHT)

        assert "sudah diralat lagi" in offices.rini.alerts()[-1]["text"]
        assert (await now(offices.bot, number)).content["html"] == "Kedua"

    async def test_goes_on_where_somebody_was_erased(self, slow: Offices) -> None:
        """Nobody knows any more what an erased person has; that holds up nobody else's correction."""
        people = await met(slow.bot, 30)
        number = await broadcast(slow.bot, OLD, author=slow.rini)
        await cleared(slow.bot, number)
        await slow.settled()
        await does(slow, slow.rini, CORRECT, f">{NEW}", RIGHT)
        child = (await children(slow, number))[0]
        await ended(slow.bot, child.id, {BroadcastState.RUNNING})
        async with slow.bot.database.transaction() as session:
            theirs = select(Person).where(Person.telegram_id == people[-1].id)
            await erasure.erase(session, (await session.exec(theirs)).one(), slow.now())
        await over(slow, number)

        assert await by_state(slow.bot, child.id) == {SENT: 33, SKIPPED: 1}
        assert ["jam 9" in somebody.texts()[0] for somebody in people[:-1]] == [True] * 29

    async def test_that_failed_is_tried_again(self, offices: Offices) -> None:
        """Alone, and only while it is the newest; who took the message away needs none."""
        people = await met(offices.bot, 3)
        number = await sent(offices)
        people[0].delete(people[0].messages()[-1]["message_id"])
        offices.telegram.fail("editMessageText", kind="400", chat_id=people[1].id, description="Bad Request: odd")
        await does(offices, offices.rini, CORRECT, f">{NEW}", RIGHT)
        (child,) = await over(offices, number)
        assert (await by_state(offices.bot, child.id))[RecipientState.FAILED] == 1
        await does(offices, offices.rini, "🔁 Ulangi yang gagal")
        await over(offices, number)
        assert "jam 9" in people[1].texts()[0]

    async def test_unanswered_is_repeated(self, offices: Offices) -> None:
        """An edit that may have arrived is made once more: it harms nobody."""
        (somebody,) = await met(offices.bot, 1)
        number = await sent(offices)
        offices.telegram.fail("editMessageText", kind="reset_after", chat_id=somebody.id)
        await does(offices, offices.rini, CORRECT, f">{NEW}", RIGHT)
        child = (await children(offices, number))[0]
        await until(lambda: waits_alone(offices, child.id))
        offices.clock.at += timedelta(seconds=5)
        await over(offices, number)

        assert set(await by_state(offices.bot, child.id)) == {SENT}
        assert "jam 9" in somebody.texts()[0]


def news(people: Sequence[Somebody]) -> int:
    """How many have the new words."""
    return sum("jam 9" in shown(somebody)[0] for somebody in people)


async def waits_alone(offices: Offices, number: int) -> bool:
    counted = await by_state(offices.bot, number)
    return counted.get(RecipientState.WAITING) == 1 and counted.get(SENT) == sum(counted.values()) - 1


class TestRecall:
    @pytest.mark.parametrize("kind", ["text", "photo", "long photo", "album", "place"])
    async def test_deletes_what_is_young(self, offices: Offices, kind: str) -> None:
        """Nothing of it stays in anybody's chat; it is asked before, with the numbers."""
        people = await met(offices.bot, 4)
        number = await sent(offices, contents(offices)[kind])
        assert told(people) == people or kind == "place"

        asked = await does(offices, offices.rini, RECALL)
        await does(offices, offices.rini, BACK)
        (child,) = await over(offices, number)

        assert "8 pesan dihapus" in asked
        assert child.kind is BroadcastKind.RECALL
        assert [somebody.messages() for somebody in people] == [[]] * 4
        assert "Sudah ditarik: 8" in offices.rini.texts()[-1]

    @pytest.mark.parametrize("kind", ["text", "photo", "long photo", "album", "place"])
    async def test_says_so_where_it_is_old(self, offices: Offices, kind: str) -> None:
        """After two days Telegram deletes nothing: there it says that it was withdrawn, and has no buttons."""
        offices.telegram.clock = lambda: offices.now().timestamp()
        (somebody,) = await met(offices.bot, 1)
        number = await sent(offices, contents(offices)[kind])
        offices.clock.at += timedelta(hours=49)

        asked = await opens(offices, offices.rini, number, RECALL)
        await does(offices, offices.rini, BACK)
        (child,) = await over(offices, number)

        assert "lebih dari 48 jam" in asked
        assert set(await by_state(offices.bot, child.id)) == {SENT}
        assert "Pengumuman ini ditarik" in shown(somebody)[-1]
        assert "jam 8" not in "\n".join(somebody.texts())
        assert somebody.labels() == []

    async def test_stops_what_is_under_way(self, slow: Offices) -> None:
        """Who waits does not get it, who has it loses it, whoever is just being sent it too."""
        people = await met(slow.bot, 40)
        number = await broadcast(slow.bot, OLD, author=slow.rini)
        await slow.telegram.wait_until(lambda: len(told(people)) >= 5, timeout=10)
        asked = await opens(slow, slow.rini, number, RECALL)
        await does(slow, slow.rini, BACK)
        await cleared(slow.bot, number)
        await over(slow, number)

        assert "masih menunggu tidak akan menerima" in asked
        assert (await now(slow.bot, number)).state is BroadcastState.CANCELLED
        assert told(people) == []

    async def test_leaves_nothing_to_be_done(self, offices: Offices) -> None:
        """After it nobody corrects, repeats or recalls; old buttons say so."""
        people = await met(offices.bot, 3)
        offices.telegram.fail("sendMessage", kind="400", chat_id=people[0].id, description="Bad Request: odd")
        offices.telegram.fail("sendMessage", kind="reset_after", chat_id=people[1].id)
        number = await sent(offices)
        asked = await does(offices, offices.rini, RECALL)
        await does(offices, offices.rini, BACK)
        await over(offices, number)
        rini = offices.rini

        assert "1 tidak pasti" in asked
        for verb in ("broadcast_correct", "broadcast_retry", "broadcast_uncertain_ok", "broadcast_recall_ok"):
            rini.tap_data(rini.messages()[-1]["message_id"], f"{verb}:{number}")
            await offices.settled()
            assert "sudah ditarik" in rini.alerts()[-1]["text"], verb
        report = await opens(offices, rini, number)
        assert "↩️ Sudah ditarik kembali" in report
        assert rini.labels()[-2:] == ["📑 Salin", "📚 Semua siaran"]

    async def test_of_channels_and_of_who_blocked(self, offices: Offices) -> None:
        """A channel's post goes too; of who blocked the bot it is told that they were not reached."""
        people = await met(offices.bot, 2)
        channel = offices.telegram.channel(CHANNEL, "Diskopum", [offices.rini])
        async with offices.bot.database.transaction() as session:
            given = {"office": "diskopum", "title": "Diskopum", "is_channel": True}
            session.add(Outlet(chat_id=CHANNEL, bound_at=offices.now(), **given))
        number = await sent(offices, audience=Audience(outlets=(CHANNEL,)))
        people[0].blocks_bot()
        await offices.settled()
        offices.telegram.fail("deleteMessages", kind="403", chat_id=people[0].id)
        await does(offices, offices.rini, RECALL, BACK)
        (child,) = await over(offices, number)

        assert not [message for message in channel.messages() if "text" in message]
        assert await by_state(offices.bot, child.id) == {SENT: 6, RecipientState.BLOCKED: 1}

    async def test_names_the_channel_it_missed(self, offices: Offices) -> None:
        """Where the bot may not write any more it is still shown: somebody has to delete it there."""
        await met(offices.bot, 1)
        channel = offices.telegram.channel(CHANNEL, "Kabar UMKM", [offices.rini])
        async with offices.bot.database.transaction() as session:
            given = {"office": "diskopum", "title": "Kabar UMKM", "is_channel": True}
            session.add(Outlet(chat_id=CHANNEL, bound_at=offices.now(), **given))
        number = await sent(offices, audience=Audience(outlets=(CHANNEL,)))
        channel.remove_bot(by=offices.rini)
        await offices.settled()
        await opens(offices, offices.rini, number, RECALL, BACK)
        await over(offices, number)

        assert "Masih tampil di Kabar UMKM: hapus sendiri di sana" in offices.rini.texts()[-1]
        assert "📄 Teks untuk WA" not in await opens(offices, offices.rini, number)

    async def test_stopped_half_way_may_be_repeated(self, slow: Offices) -> None:
        """What was called off with half of it gone goes on with the rest, and nothing else can be done."""
        people = await met(slow.bot, 30)
        number = await broadcast(slow.bot, OLD, author=slow.rini)
        await cleared(slow.bot, number)
        await slow.settled()
        await does(slow, slow.rini, RECALL, BACK)
        child = (await children(slow, number))[0]
        await slow.telegram.wait_until(lambda: len(told(people)) < 28, timeout=10)
        await opens(slow, slow.rini, child.id, "⏹ Hentikan", "⏹ Ya, hentikan")
        await over(slow, number)
        left, kept = len(told(people)), (await by_state(slow.bot, child.id))[SKIPPED]
        assert f"Penarikan dihentikan; {kept} orang masih bisa membacanya" in await opens(slow, slow.rini, number)
        await does(slow, slow.rini, "↩️ Tarik sisanya")
        await over(slow, number)

        assert 0 < left < 30
        assert told(people) == []
