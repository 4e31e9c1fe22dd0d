"""Whom a broadcast is for: ticked off one by one, combined, each with how many it is at this moment."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from db.models import Outlet, Person, Profile
from domain import people
from domain.broadcasts import topics
from domain.broadcasts.audience import Audience, audience_of
from domain.knowledge.shelf import Library
from messages import text_of
from tests.support.broadcasting import ended
from tests.support.composing import BACK, DONE, NOW, SEND, alert, begun, composing, every, newest, taps
from tests.support.offices import Offices
from tests.support.training_office import does, put_training, seated

OWN, OTHERS = -1_000_000_000_901, -1_000_000_000_902


@pytest.fixture
async def offices(database_url: str, library: Library, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Offices]:
    """Beside the officers six people: of Babat and Turi, tenun and none, Indonesian and Javanese."""
    async with composing(database_url, library, monkeypatch) as running:
        async with running.bot.database.transaction() as session:
            for number in range(6):
                somebody = running.telegram.person(401 + number, first_name=f"Warga {number}")
                somebody.has_started = True
                person = await people.recognise(session, somebody.id, f"Warga {number}", running.now())
                person.language = "jv" if number == 5 else "id"
                kecamatan, sector = ("Babat" if number < 3 else "Turi"), ("tenun" if number % 2 else None)
                details = {"kecamatan": kecamatan, "sector": sector, "changed_at": running.now()}
                session.add(Profile(person_id=person.id, **details))
        yield running


async def chosen(offices: Offices) -> Audience:
    return audience_of((await newest(offices)).audience)


class TestConditions:
    async def test_stand_with_their_counts(self, offices: Offices) -> None:
        """Each choice says how many it would be, beside what is chosen of the others; ticks are kept at once."""
        await begun(offices, ">Ada pameran", "👥 Penerima", "Kecamatan")
        labels = offices.rini.labels()
        three = await does(offices, offices.rini, "Babat (3)")
        await does(offices, offices.rini, DONE, "Jenis usaha")
        trade = next(label for label in offices.rini.labels() if label.startswith("Tenun"))
        shown = await does(offices, offices.rini, trade, DONE)
        await does(offices, offices.rini, "✓ Kecamatan", "✓ Babat (1)")
        everybody = await chosen(offices)

        assert "Babat (3)" in labels
        assert "Penerima sekarang: 3 orang" in three
        assert trade.endswith("(1)")
        assert "Penerima: 1 orang" in shown
        assert "kecamatan: Babat" in shown
        assert everybody == Audience(sectors=("tenun",))

    async def test_are_leafed_through(self, offices: Offices) -> None:
        """Sub-districts are many: a tick on another page stays there."""
        await begun(offices, ">Ada pameran", "👥 Penerima", "Kecamatan", "Berikutnya »", "Turi (3)")
        labels = offices.rini.labels()

        assert "✓ Turi (3)" in labels
        assert "« Sebelumnya" in labels
        assert (await chosen(offices)).kecamatan == ("Turi",)

    async def test_of_languages(self, offices: Offices) -> None:
        """By the language people read."""
        await begun(offices, ">Ada pameran", "👥 Penerima", "Bahasa", "Basa Jawa (1)")

        assert (await chosen(offices)).languages == ("jv",)

    async def test_of_trainings_are_the_offices_own(self, offices: Offices) -> None:
        """Participants and the waiting list of each; never those of the other office, whoever forges it."""
        training_id = await put_training(offices, number=2)
        other = await put_training(offices, "Ekspor", office="disperindag")
        await seated(offices, training_id, "Ani", "Beni", "Cici")
        await begun(offices, ">Ada pameran", "👥 Penerima", "Peserta pelatihan", "Peserta Kemasan (2)")
        broadcast = await newest(offices)
        both = await does(offices, offices.rini, "Antre Kemasan (1)")
        await taps(offices, f"broadcast_tick:{broadcast.id}.trainings.{other}-participants.1")

        assert "3 orang" in both
        assert alert(offices.rini) == text_of("tap.stale", "id")
        assert (await chosen(offices)).trainings == ((training_id, "participants"), (training_id, "waiting"))

    async def test_of_the_other_office_are_refused_before_anything_is_sent(self, offices: Offices) -> None:
        """However it got there."""
        other = await put_training(offices, "Ekspor", office="disperindag")
        await seated(offices, other, "Ani")
        await begun(offices, ">Ada pameran")
        broadcast = await newest(offices)
        async with offices.bot.database.transaction() as session:
            row = await session.get_one(type(broadcast), broadcast.id)
            row.audience = Audience(trainings=((other, "participants"),)).as_json()
        await does(offices, offices.rini, SEND)

        assert "milik Disperindag" in alert(offices.rini)

    async def test_that_mean_nobody_are_refused(self, offices: Offices) -> None:
        """An empty audience is said before anything is sent."""
        await begun(offices, ">Ada pameran", "👥 Penerima", "Kecamatan", "Laren (0)", DONE, BACK, SEND)

        assert text_of("broadcast.nobody", "id") in {*offices.rini.texts(), alert(offices.rini)}
        assert (await newest(offices)).code is None

    async def test_go_with_everybody(self, offices: Offices) -> None:
        """One tap takes them all away."""
        await begun(offices, ">Ada pameran", "👥 Penerima", "Belum pernah pelatihan (10)")
        assert (await chosen(offices)).never_trained
        await does(offices, offices.rini, "Semua warga (10)")

        assert await chosen(offices) == Audience()


class TestTopic:
    async def test_says_how_many_follow_it(self, offices: Offices) -> None:
        """And the audience leaves out who does not."""
        async with offices.bot.database.transaction() as session:
            muting = (await session.exec(select(Person).where(Person.telegram_id == 401))).one()
            await topics.mute(session, muting, ["pasar"], offices.now())
        await begun(offices, ">Ada pameran", "🏷 Topik")
        labels = offices.rini.labels()
        shown = await does(offices, offices.rini, "Pasar dan pameran (9)")
        asked = await does(offices, offices.rini, SEND)

        assert "✓ Kabar dinas (10)" in labels
        assert "1 lagi tidak mengikuti topik ini" in shown
        assert "9 orang" in asked
        assert "1 tidak mengikuti topik ini" in asked


class TestOutlets:
    async def test_of_the_office_are_a_choice(self, offices: Offices) -> None:
        """A channel is added to people, or stands alone; the other office's is none."""
        channel = offices.telegram.channel(OWN, "Kabar UMKM", [offices.rini])
        async with offices.bot.database.transaction() as session:
            for chat_id, office, title in ((OWN, "diskopum", "Kabar UMKM"), (OTHERS, "disperindag", "Kabar Ekspor")):
                given = {"is_channel": True, "bound_at": offices.now()}
                session.add(Outlet(chat_id=chat_id, office=office, title=title, **given))
        await begun(offices, ">Ada pameran", "👥 Penerima", "Saluran dan grup", "Kabar UMKM")
        broadcast = await newest(offices)
        await taps(offices, f"broadcast_tick:{broadcast.id}.outlets.{OTHERS}.1")
        stale = alert(offices.rini)
        both = await does(offices, offices.rini, DONE)
        alone = await does(offices, offices.rini, "📣 Hanya saluran dan grup")
        seen = await does(offices, offices.rini, BACK, "👁 Pratinjau", "📣 Di saluran")
        sample = offices.rini.texts()[-2]
        asked = await does(offices, offices.rini, BACK, SEND)

        assert "Begitu tampilannya di saluran" in seen
        assert "Ada pameran" in sample
        assert "Hanya ke: Kabar UMKM" in alone
        assert stale == text_of("tap.stale", "id")
        assert "Penerima: 10 orang" in both
        assert "Juga ke: Kabar UMKM" in both
        assert "10 orang" not in alone
        assert "1 saluran atau grup" in asked
        assert await chosen(offices) == Audience(outlets=(OWN,), people=False)
        assert (await every(offices))[0].code is None
        await does(offices, offices.rini, NOW)
        await ended(offices.bot, broadcast.id)
        assert "Ada pameran" in channel.messages()[-1]["text"]

    async def test_that_is_lost_is_named_and_unticked(self, offices: Offices) -> None:
        """Where the bot may not write any more, nothing goes; the tick can be taken away."""
        async with offices.bot.database.transaction() as session:
            given = {"is_channel": True, "bound_at": offices.now()}
            session.add(Outlet(chat_id=OWN, office="diskopum", title="Kabar UMKM", **given))
        await begun(offices, ">Ada pameran", "👥 Penerima", "Saluran dan grup", "Kabar UMKM")
        async with offices.bot.database.transaction() as session:
            (await session.get_one(Outlet, OWN)).lost_at = offices.now()
        shown = await does(offices, offices.rini, DONE)
        after = await does(offices, offices.rini, "✓ Saluran dan grup", "✓ ⚠️ Kabar UMKM")

        assert "Tidak ke Kabar UMKM" in shown
        assert "Belum ada untuk dinas ini" in after
        assert await chosen(offices) == Audience()
