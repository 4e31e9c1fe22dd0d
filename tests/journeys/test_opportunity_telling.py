"""An opportunity on its way to people: whom it reaches, when, how often, and what they read once it is over."""

from datetime import timedelta

from db.models import MailState, NoticeState, OpportunityState
from domain.audit import TERMINAL
from domain.opportunities import composing, running, states, wishes
from tests.support.offices import ON_SQLITE, Offices
from tests.support.opportunities import DISTRICT, mails_of, notices_of, owner, person_of, publish, published, told


class TestTelling:
    async def test_reaches_whom_it_fits(self, offices: Offices) -> None:
        """Who makes what is sought is told with one message and its buttons; who makes something else hears nothing."""
        await owner(offices, offices.sari, sector="makanan")
        other = offices.telegram.person(102, first_name="Ani")
        await owner(offices, other, sector="tenun")

        await publish(offices, products=["makanan"])

        assert "Toko oleh-oleh cari pemasok" in offices.sari.texts()[-1]
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

    async def test_keeps_to_the_weekly_cap(self, offices: Offices) -> None:
        """The fourth of a week waits, an urgent one does not; what waited comes once the week has room."""
        id = await owner(offices, offices.sari, sector="makanan")
        numbers = [await publish(offices, title=f"Pembeli {number}") for number in range(4)]

        assert len(offices.sari.texts()) == 3
        assert (await notices_of(offices.bot, id))[numbers[3]].state is NoticeState.WAITING
        await publish(offices, title="Besok tutup", is_urgent=True)
        assert len(offices.sari.texts()) == 4

        offices.clock.at += timedelta(days=7, minutes=1)
        await told(offices)
        assert len(offices.sari.texts()) == 4

    async def test_edits_what_was_told_once_it_is_withdrawn(self, offices: Offices) -> None:
        """Who was told reads in that very message that it holds no more, and why."""
        id = await owner(offices, offices.sari, sector="makanan")
        number = await publish(offices)
        before = len(offices.sari.texts())

        async with offices.bot.database.transaction() as session:
            one = await states.lock(session, number)
            assert one
            await composing.withdraw(session, one, "pembelinya batal", TERMINAL, offices.now())
        await told(offices)

        assert len(offices.sari.texts()) == before
        assert "pembelinya batal" in offices.sari.texts()[-1]
        assert [mail.state for mail in await mails_of(offices.bot, id)] == [MailState.SENT]

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
