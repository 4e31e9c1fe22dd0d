"""What forms can do beyond the profile's: what is needed, what depends on an answer, long lists, several at once."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from sqlmodel import select

from db.models import Conversation, Draft, Person
from domain.errors import Refusal
from domain.forms import checks, drafts
from domain.forms.fields import Answers, Field, Form, choice
from handlers.forms import KINDS, Kind
from handlers.turn import Turn
from messages import say
from tests.support.filling import Filling, at_once, filling
from tests.support.running import RunningBot

__all__ = ["at_once"]
pytestmark = pytest.mark.usefixtures("at_once")

VILLAGES = {f"v{number}": f"Desa {number}" for number in range(45)}
QUESTION = say("profile.ask_name")
HANDED_IN: list[tuple[str, Answers]] = []
"""What forms were about, and their answers."""
OVER: set[str] = set()
"""What forms can be about no more."""


def has_car(answers: Answers) -> bool:
    return answers.get("comes") == "car"


FORM = Form(
    (
        Field("reason", say("profile.name"), QUESTION, partial(checks.words, most=20), is_optional=False),
        choice("comes", say("profile.sector"), QUESTION, {"car": "Mobil", "foot": "Jalan kaki"}, columns=2),
        Field("plate", say("profile.business"), QUESTION, partial(checks.words, most=20), applies=has_car),
        choice("village", say("profile.kecamatan"), QUESTION, VILLAGES, columns=3),
    )
)


async def the_form(_: Turn, about: str) -> Form | None:
    return None if about in OVER else FORM


async def known(_: Turn, __: str) -> dict[str, Any]:
    return {}


async def finish(turn: Turn, about: str, answers: Answers) -> None:
    if answers.get("village") == "v13":
        raise Refusal(say("answer.too_long"))
    HANDED_IN.append((about, dict(answers)))
    await turn.change(say("feedback.thanks"))


async def leave(turn: Turn, _: str) -> None:
    await turn.change(say("feedback.sorry"))


@pytest.fixture(autouse=True)
def a_form() -> Iterator[None]:
    HANDED_IN.clear()
    OVER.clear()
    KINDS["test"] = Kind("start", the_form, known, finish, leave)
    yield
    del KINDS["test"]


@pytest.fixture
async def sari(bot: RunningBot) -> Filling:
    """She has begun the form about 7, and the question is before her."""
    somebody = filling(bot)
    await somebody.writes("/start")
    await begin(somebody, "test-7")
    return somebody


async def begin(who: Filling, name: str) -> None:
    (person,) = await who.bot.rows(select(Person).where(Person.telegram_id == who.person.id))
    async with who.bot.database.transaction() as session:
        fields = [field.name for field in FORM.fields]
        await drafts.begin(session, person, name, fields, who.bot.app.house.now())
    await sends(who, f"form:resume.{name}.")


async def sends(who: Filling, data: str) -> None:
    """A tap with this data on the newest message."""
    await who.does(lambda: who.person.tap_data(who.person.messages()[-1]["message_id"], data))


class TestNeeded:
    async def test_offers_no_way_around(self, sari: Filling) -> None:
        """What is needed has no button to skip it, and who types or forges one is told so."""
        assert sari.buttons == ["✖️ Batal"]
        assert "tidak bisa dilewati" in (await sari.writes("lewati"))[-1]
        await sends(sari, "form:skip.test-7.reason")
        assert "tidak bisa dilewati" in sari.person.alerts()[-1]["text"]

        await sari.writes("Ingin belajar")
        assert "Mobil" in sari.buttons


class TestCondition:
    async def test_asks_what_depends_on_an_answer(self, sari: Filling) -> None:
        """A question that an answer calls for is asked, and counted."""
        await sari.writes("Ingin belajar")
        (asked,) = await sari.taps("Mobil")
        assert "Langkah 3 dari 4" in asked
        await sari.writes("S 1234 AB")
        await sari.taps("Desa 3")

        assert HANDED_IN == [("7", {"reason": "Ingin belajar", "comes": "car", "plate": "S 1234 AB", "village": "v3"})]

    async def test_passes_over_what_does_not(self, sari: Filling) -> None:
        """Otherwise it is not there: neither on the way there nor back."""
        await sari.writes("Ingin belajar")
        (asked,) = await sari.taps("Jalan kaki")
        assert "Langkah 3 dari 3" in asked
        assert "Desa 3" in sari.buttons
        await sari.taps("button.back")

        assert "Mobil" in sari.buttons


class TestPages:
    async def test_are_leafed_through(self, sari: Filling) -> None:
        """Forty-five options are two pages in one message; the page is no answer."""
        await sari.writes("Ingin belajar")
        await sari.taps("Jalan kaki")
        count = len(sari.person.messages())
        assert ("Desa 29" in sari.buttons, "Desa 30" in sari.buttons) == (True, False)
        await sari.taps("button.next")
        assert ("Desa 29" in sari.buttons, "Desa 30" in sari.buttons) == (False, True)
        assert "Berikutnya »" not in sari.buttons
        await sari.taps("button.previous")
        await sari.taps("button.next")
        await sari.taps("Desa 44")

        assert HANDED_IN[0][1]["village"] == "v44"
        assert len(sari.person.messages()) == count


class TestAbout:
    async def test_several_wait_beside_each_other(self, sari: Filling) -> None:
        """The form about one thing and the form about another keep their own answers; buttons tell them apart."""
        await sari.writes("Alasan tujuh")
        await begin(sari, "test-8")
        await sari.writes("Alasan delapan")
        await sends(sari, "pick:test-7.comes.foot")
        await sends(sari, "pick:test-8.comes.foot")
        await sends(sari, "pick:test-7.village.v1")

        assert HANDED_IN == [("7", {"reason": "Alasan tujuh", "comes": "foot", "village": "v1"})]
        (left,) = await sari.bot.rows(select(Draft))
        assert (left.form, left.answers) == ("test-8", {"reason": "Alasan delapan", "comes": "foot"})

    @pytest.mark.parametrize("deed", ["type", "tap", "send"])
    async def test_what_is_over_is_said(self, sari: Filling, deed: str) -> None:
        """When what a form is about is over, its questions are too: said once, and people are heard again."""
        OVER.add("7")
        match deed:
            case "type":
                assert "sudah ditutup" in (await sari.writes("Ingin belajar"))[-1]
            case "send":
                assert "sudah ditutup" in (await sari.does(lambda: sari.person.sends("photo")))[-1]
            case "tap":
                await sends(sari, "form:back.test-7.reason")
                assert "tidak berlaku" in sari.person.alerts()[-1]["text"]
                return

        (conversation,) = await sari.bot.rows(select(Conversation))
        assert conversation.state is None


class TestFinish:
    async def test_refused_leaves_the_form_open(self, sari: Filling) -> None:
        """What is refused at the very end costs no answer: the last question waits for another one."""
        await sari.writes("Ingin belajar")
        await sari.taps("Jalan kaki")
        await sari.taps("Desa 13")
        assert sari.person.alerts()[-1]["show_alert"]

        await sari.taps("Desa 14")
        assert HANDED_IN[0][1] == {"reason": "Ingin belajar", "comes": "foot", "village": "v14"}

    async def test_a_newer_version_of_the_form_goes_on(self, sari: Filling) -> None:
        """A field that a newer version lacks is not asked; the rest is."""
        async with sari.bot.database.transaction() as session:
            (draft,) = (await session.exec(select(Draft))).all()
            draft.asks, draft.at = ["gone", "comes"], "gone"

        await sends(sari, "form:resume.test-7.")

        assert "Mobil" in sari.buttons
        await sari.taps("Mobil")
        assert HANDED_IN == [("7", {"comes": "car"})]
