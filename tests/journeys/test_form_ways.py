"""The ways through a form: back, skip, cancel, doubled and old taps, and answers corrected where they were written."""

import pytest
from sqlmodel import select

from db.models import Draft, Question
from messages import text_of
from tests.support.filling import NUMBER, Filling, at_once, filling
from tests.support.running import RunningBot

__all__ = ["at_once"]
pytestmark = pytest.mark.usefixtures("at_once")


@pytest.fixture
async def sari(bot: RunningBot) -> Filling:
    """She agreed, and sees her empty profile."""
    agreed = filling(bot)
    await agreed.agrees()
    return agreed


class TestWays:
    async def test_back_and_skip(self, sari: Filling) -> None:
        """Back shows what was answered, which skipping keeps; the last skip hands in what there is."""
        await sari.taps("button.fill_all")
        assert "⬅️ Kembali" not in sari.buttons
        await sari.writes("Sri")
        await sari.taps("button.skip")
        (asked,) = await sari.taps("button.back")
        assert "Apa nama usaha Anda?" in asked
        (asked,) = await sari.taps("button.back")
        assert "Sekarang tertulis: Sri" in asked

        for _ in range(5):
            await sari.taps("button.skip")
        await sari.presses("button.skip")

        assert await sari.profile() == {"name": "Sri"}
        assert sari.person.chat.keyboard is None

    async def test_back_from_the_keys_takes_them_away_once(self, sari: Filling) -> None:
        """The keys go with a message of their own; after it one message is changed again, as before."""
        await sari.taps("button.fill_all")
        for _ in range(5):
            await sari.taps("button.skip")

        said = await sari.presses("button.back")
        assert len(said) == 2
        assert sari.person.chat.keyboard is None
        assert "produk atau jasa" in said[1]
        assert len(await sari.taps("button.back")) == 1

    async def test_may_be_typed(self, sari: Filling) -> None:
        """Who types "lewati" or "kembali" means the button."""
        await sari.taps("button.fill_all")
        assert "Apa nama usaha Anda?" in (await sari.writes("lewati"))[-1]
        assert "Siapa nama Anda?" in (await sari.writes("Kembali"))[-1]

        assert "Profil Anda" in (await sari.writes("batal"))[-1]
        assert await sari.bot.rows(select(Draft)) == []

    async def test_cancel_keeps_nothing(self, sari: Filling) -> None:
        """Batal leads back to the profile as it was."""
        await sari.taps("button.fill_all")
        await sari.writes("Sri")

        (shown,) = await sari.taps("button.cancel")

        assert "Nama: belum diisi" in shown
        assert await sari.profile() == {}
        assert "✍️ Isi semua" in sari.buttons

    @pytest.mark.parametrize("way", ["profile.name", "profile.phone"])
    async def test_batal_drops_it(self, sari: Filling, way: str) -> None:
        """/batal says the way back and takes the keyboard away; what is typed then is a question."""
        await sari.taps(way)

        (said,) = await sari.writes("/batal")

        assert "/profil" in said
        assert sari.person.chat.keyboard is None
        assert await sari.bot.rows(select(Draft)) == []
        await sari.writes("cara bikin nib gimana")
        assert len(await sari.bot.rows(select(Question))) == 1


STALE = (
    "form:skip.profile.name",  # of the question before
    "pick:profile.kecamatan.Babat",  # of one that comes
    "pick:profile.business.Babat",  # a choice where none is
    "pick:profile.nothing.Babat",
    "form:back.training-7.business",  # of another form
    "form:resume.training-7.",
    "form:cancel.nowhere.x",
    "pick:profile.sector",
    "form:page.profile.sector.99",
)


class TestTaps:
    async def test_twice_changes_nothing(self, sari: Filling) -> None:
        """A doubled tap, in the middle and on the last answer, is met without a word."""
        await sari.taps("button.fill_all")
        for _ in range(2):
            await sari.writes("lewati")
        question = sari.person.messages()[-1]["message_id"]
        for _ in range(3):
            sari.person.tap_data(question, "pick:profile.sector.jasa")
        await sari.bot.settled()
        assert "kecamatan mana" in sari.person.texts()[-1]
        await sari.taps("button.cancel")
        await sari.taps("profile.kecamatan")
        for _ in range(3):
            sari.person.tap_data(question, "pick:profile.kecamatan.Babat")
        for _ in range(3):
            sari.person.tap_data(question, "form:cancel.profile.kecamatan")
        await sari.bot.settled()

        assert await sari.profile() == {"kecamatan": "Babat"}
        assert [alert for alert in sari.person.alerts() if alert["show_alert"]] == []

    async def test_of_another_question_are_stale(self, sari: Filling) -> None:
        """A button of a former question, of another form, a forged one: an alert, and the form stays where it is."""
        await sari.taps("button.fill_all")
        await sari.writes("Sri")

        for data in STALE:
            await sari.does(lambda data=data: sari.person.tap_data(sari.person.messages()[-1]["message_id"], data))
        said = [alert["text"] for alert in sari.person.alerts() if alert["show_alert"]]

        assert said == [text_of("tap.stale", "id")] * len(STALE)
        (draft,) = await sari.bot.rows(select(Draft))
        assert (draft.at, draft.answers) == ("business", {"name": "Sri"})

    async def test_of_no_option_are_stale(self, sari: Filling) -> None:
        """What the district has not is taken from nobody."""
        await sari.taps("profile.kecamatan")

        for data in ("pick:profile.kecamatan.Surabaya", "pick:profile.kecamatan.babat"):
            await sari.does(lambda data=data: sari.person.tap_data(sari.person.messages()[-1]["message_id"], data))
            assert "tidak berlaku" in sari.person.alerts()[-1]["text"]

        assert await sari.profile() == {}

    async def test_of_an_older_overview_lose_nothing(self, sari: Filling) -> None:
        """Another detail's button in the middle of the form: what was answered is handed in with it."""
        overview = sari.person.messages()[-1]["message_id"]
        await sari.taps("button.fill_all")
        await sari.writes("Sri")
        await sari.does(lambda: sari.person.tap_data(overview, "profile:phone"))
        await sari.writes(NUMBER)

        assert await sari.profile() == {"name": "Sri", "phone": NUMBER}


class TestCorrection:
    async def test_of_an_answer_replaces_it(self, sari: Filling) -> None:
        """Who edits their message corrects what it answered, however far the form has come."""
        await sari.taps("button.fill_all")
        name = await _written(sari, "Sir")
        await sari.writes("Tenun Sri")

        said = await sari.does(lambda: sari.person.edit(name, "Sri"))

        assert "Nama tercatat: Sri" in said[-1]
        assert "di bidang apa" in said[-1]
        (draft,) = await sari.bot.rows(select(Draft))
        assert (draft.at, draft.answers) == ("sector", {"name": "Sri", "business": "Tenun Sri"})

    async def test_of_what_was_refused_is_an_answer(self, sari: Filling) -> None:
        """A number with a digit missing is mended where it stands."""
        await sari.taps("profile.phone")
        number = await _written(sari, "0812-3450")
        await sari.does(lambda: sari.person.edit(number, "0812-3450-0999"))

        assert await sari.profile() == {"phone": NUMBER}

    async def test_of_a_question_is_no_answer(self, sari: Filling) -> None:
        """A question asked meanwhile and corrected does not become the name of a business."""
        await sari.taps("button.fill_all")
        await sari.writes("Sri")
        await sari.writes("/tanya")
        question = await _written(sari, "cara bikin nib gimana")
        await sari.does(lambda: sari.person.edit(question, "syarat kur apa saja"))

        (draft,) = await sari.bot.rows(select(Draft))
        assert draft.answers == {"name": "Sri"}


async def _written(who: Filling, text: str) -> int:
    """Write *text*; the message's id."""
    message = who.person.write(text)
    await who.bot.settled()
    return int(message["message_id"])
