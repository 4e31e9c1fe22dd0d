"""An opportunity on its way to people: whom it reaches, when, how often, and what they read once it is over."""

from datetime import timedelta

from db.models import HouseRule, MailState, NoticeState, OpportunityState
from domain.audit import TERMINAL
from domain.opportunities import composing, figures, rhythm, running, states, wishes
from tests.support.offices import ON_SQLITE, Offices
from tests.support.opportunities import DISTRICT, mails_of, notices_of, owner, person_of, publish, published, told


async def withdraw(offices: Offices, number: int) -> None:
    """Until everybody reads that the buyer has gone."""
    async with offices.bot.database.transaction() as session:
        one = await states.lock(session, number)
        assert one
        await composing.withdraw(session, one, "pembelinya batal", TERMINAL, offices.now())
    await told(offices)


class TestTelling:
    async def test_reaches_whom_it_fits(self, offices: Offices) -> None:
        """Who makes what is sought reads in one message until which day; who makes something else hears nothing."""
        await owner(offices, offices.sari, sector="makanan")
        other = offices.telegram.person(102, first_name="Ani")
        await owner(offices, other, sector="tenun")

        await publish(offices, products=["makanan"], deadline=offices.now() + timedelta(days=1))

        assert "Toko oleh-oleh cari pemasok" in offices.sari.texts()[-1]
        # Read the next day, "besok" would be wrong.
        assert "Rabu, 25 November pukul 09.00" in offices.sari.texts()[-1]
        assert {"🙋 Berminat", "👎 Tidak cocok", "💬 Tanya"} <= set(offices.sari.labels())
        assert other.texts() == []

    async def test_gathers_what_falls_due_together(self, offices: Offices) -> None:
        """Several that are due at one time come as one message, each with its button."""
        await owner(offices, offices.sari, sector="makanan")
        async with offices.bot.database.transaction() as session:
            for title in ("Pameran di Babat", "Lomba kemasan"):
                await published(session, offices.now(), title=title)
        await told(offices)

        assert len(offices.sari.texts()) == 1
        assert {"1. Pameran di Babat", "2. Lomba kemasan"} <= set(offices.sari.labels())

    async def test_names_ten_of_many_and_counts_the_others(self, offices: Offices) -> None:
        """However many fall due together: one message, which says how many there are beyond those it names."""
        id = await owner(offices, offices.sari, sector="makanan")
        async with offices.bot.database.transaction() as session:
            ids = [(await published(session, offices.now(), title=f"Pembeli {number}")).id for number in range(1, 14)]
        await told(offices)

        assert len(offices.sari.texts()) == 1
        assert "13 peluang" in offices.sari.texts()[-1]
        assert "Masih ada 3 lagi" in offices.sari.texts()[-1]
        assert [label for label in offices.sari.labels() if "Pembeli" in label][-1] == "10. Pembeli 10"
        assert "📣 Semua peluang" in offices.sari.labels()
        assert {notice.state for notice in (await notices_of(offices.bot, id)).values()} == {NoticeState.TOLD}
        async with offices.bot.database.reading() as session:
            reached = [(await figures.of(session, number)).reached for number in ids]
        assert reached == [1] * 10 + [0] * 3

        await withdraw(offices, ids[-1])
        await withdraw(offices, ids[0])
        assert "Masih ada 2 lagi" in offices.sari.texts()[-1]
        assert len(offices.sari.texts()) == 1

    async def test_keeps_to_the_weekly_cap(self, offices: Offices) -> None:
        """The fourth of a week waits, an urgent one does not; what waited comes once the week has room."""
        id = await owner(offices, offices.sari, sector="makanan")
        deadline = offices.now() + timedelta(days=30)
        numbers = [await publish(offices, title=f"Pembeli {number}", deadline=deadline) for number in range(4)]

        assert len(offices.sari.texts()) == 3
        assert (await notices_of(offices.bot, id))[numbers[3]].state is NoticeState.WAITING
        await publish(offices, title="Besok tutup", is_urgent=True)
        assert len(offices.sari.texts()) == 4

        offices.clock.at += timedelta(days=7, minutes=1)
        await told(offices)
        assert len(offices.sari.texts()) == 5
        assert "Pembeli 3" in offices.sari.texts()[-1]

    @ON_SQLITE
    async def test_keeps_what_the_cap_held_back_for_their_digest(self, offices: Offices) -> None:
        """Who hears once a day hears in the morning, not at the minute at which the week has room again."""
        await owner(offices, offices.sari, sector="makanan")
        offices.clock.show("2026-11-24 14:30")
        deadline = offices.now() + timedelta(days=30)
        for number in range(3):
            await publish(offices, title=f"Pembeli {number}", deadline=deadline)
        async with offices.bot.database.transaction() as session:
            person = await session.merge(await person_of(offices.bot, offices.sari))
            await wishes.choose_rhythm(session, person, "daily", offices.now())
        await publish(offices, title="Pembeli 3", deadline=deadline)
        for at in ("2026-11-25 08:00", "2026-12-01 08:00", "2026-12-01 14:45"):
            offices.clock.show(at)
            await told(offices)
            assert len(offices.sari.texts()) == 3

        offices.clock.show("2026-12-02 08:00")
        await told(offices)

        assert len(offices.sari.texts()) == 4
        assert "Pembeli 3" in offices.sari.texts()[-1]

    @ON_SQLITE
    async def test_has_a_digest_in_each_week(self, offices: Offices) -> None:
        """With one message a week the next comes a week later, with its digest, however many seconds that one took."""
        await owner(offices, offices.sari, sector="makanan")
        async with offices.bot.database.transaction() as session:
            session.add(HouseRule(name=rhythm.WEEKLY_CAP.name, value=1, changed_at=offices.now()))
            person = await session.merge(await person_of(offices.bot, offices.sari))
            await wishes.choose_rhythm(session, person, "weekly", offices.now())
        heard = []
        for at in "2026-11-30 08:20", "2026-12-07 08:00", "2026-12-07 08:21", "2026-12-14 08:00", "2026-12-14 08:22":
            await publish(offices, title=f"Pembeli {at}", deadline=offices.now() + timedelta(days=30))
            offices.clock.show(at)
            await told(offices)
            heard.append(len(offices.sari.texts()))

        assert heard == [1, 1, 2, 2, 3]

    async def test_edits_what_was_told_once_it_is_withdrawn(self, offices: Offices) -> None:
        """Who was told reads in that very message that it holds no more, and why."""
        id = await owner(offices, offices.sari, sector="makanan")
        number = await publish(offices)
        before = len(offices.sari.texts())

        await withdraw(offices, number)

        assert len(offices.sari.texts()) == before
        assert "pembelinya batal" in offices.sari.texts()[-1]
        assert [mail.state for mail in await mails_of(offices.bot, id)] == [MailState.SENT]

    @ON_SQLITE
    async def test_edits_what_came_without_its_picture(self, offices: Offices) -> None:
        """A picture that Telegram has no more is left out; the words that came alone are edited all the same."""
        await owner(offices, offices.sari)
        number = await publish(offices, file={"kind": "photo", "file_id": "gone"})

        await withdraw(offices, number)

        assert len(offices.sari.texts()) == 1
        assert "pembelinya batal" in offices.sari.texts()[-1]

    async def test_edits_a_digest_one_of_which_is_withdrawn(self, offices: Offices) -> None:
        """That one is marked and has no button any more, the others stay where they stood; once all are gone it says
        so instead of asking to tap one.
        """
        await owner(offices, offices.sari, sector="makanan")
        async with offices.bot.database.transaction() as session:
            later = await published(session, offices.now(), title="Lomba kemasan")
            soon = offices.now() + timedelta(days=3)
            first = await published(session, offices.now(), title="Pameran di Babat", deadline=soon)
        await told(offices)

        await withdraw(offices, first.id)
        assert "1. Pameran di Babat\n❌ ditarik" in offices.sari.texts()[-1]
        assert [label for label in offices.sari.labels() if label[0].isdigit()] == ["2. Lomba kemasan"]

        await withdraw(offices, later.id)
        assert "sudah tidak bisa diambil" in offices.sari.texts()[-1]
        assert "Ketuk salah satu" not in offices.sari.texts()[-1]
        assert "📣 Semua peluang" in offices.sari.labels()
        assert len(offices.sari.texts()) == 1

    async def test_ends_with_the_deadline(self, offices: Offices) -> None:
        """Once its time is over it is closed by itself, and who was still to hear of it does not."""
        id = await owner(offices, offices.sari, sector="makanan")
        async with offices.bot.database.transaction() as session:
            person = await session.merge(await person_of(offices.bot, offices.sari))
            await wishes.choose_rhythm(session, person, "weekly", offices.now())
        number = await publish(offices, deadline=offices.now() + timedelta(days=2))
        assert offices.sari.texts() == []

        offices.clock.at += timedelta(days=7)
        await told(offices)

        assert offices.sari.texts() == []
        assert (await notices_of(offices.bot, id))[number].reason == "closed"
        async with offices.bot.database.reading() as session:
            one = await session.get(composing.Opportunity, number)
            assert one is not None
            assert one.state is OpportunityState.CLOSED

    @ON_SQLITE
    async def test_reaches_who_is_new(self, offices: Offices) -> None:
        """Who came after it was published hears of what is open by the next morning."""
        await publish(offices, title="Lomba kemasan")
        await owner(offices, offices.sari)

        offices.clock.show("2026-11-25 07:05")
        async with offices.bot.database.transaction() as session:
            await running.walk_daily(session, DISTRICT, offices.now())
        await told(offices)

        assert "Lomba kemasan" in offices.sari.texts()[-1]

    @ON_SQLITE
    async def test_is_for_all_where_nothing_is_chosen(self, offices: Offices) -> None:
        """No product chosen is no choice: it is for every product, and for nobody never."""
        await owner(offices, offices.sari)

        await publish(offices, products=[], kecamatan=[])

        assert "Toko oleh-oleh cari pemasok" in offices.sari.texts()[-1]
