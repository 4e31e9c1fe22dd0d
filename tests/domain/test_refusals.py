"""Why somebody gets no seat: each refusal leads on by a button, since a command in a sentence is easily overlooked."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from db.models import Person, Seat, SeatState, Training, TrainingState
from db.session import Session
from domain.district import read_district
from domain.errors import Refusal
from domain.trainings import eligibility, refusals
from messages import LANGUAGES, Button
from tests.conftest import LAMONGAN

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def training(**values: object) -> Training:
    """In a week, open."""
    begins = NOW + timedelta(days=7)
    given = {"starts_at": begins, "ends_at": begins + timedelta(hours=4), "state": TrainingState.OPEN} | values
    return Training(id=7, office="diskopum", title="Kemasan", seats=3, made_at=NOW, changed_at=NOW, **given)


def seat(state: SeatState, why: str | None = None) -> Seat:
    return Seat(id=1, training_id=7, person_id=1, state=state, offer=2, why=why, registered_at=NOW, changed_at=NOW)


def refused(deed: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as raised:
        deed()
    return raised.value


def opened(**values: object) -> Refusal:
    return refused(lambda: refusals.unless_open(training(**values), NOW, "Asia/Jakarta"))


ALL: dict[str, Callable[[], Refusal]] = {
    "registered": lambda: refusals.AlreadyRegistered(training(), seat(SeatState.CONFIRMED)),
    "offered": lambda: refusals.AlreadyRegistered(training(), seat(SeatState.HELD)),
    "in line": lambda: refusals.AlreadyRegistered(training(), seat(SeatState.WAITING)),
    "full": lambda: refusals.Full(training()),
    "just filled": lambda: refusals.JustFilled(training()),
    "line full": lambda: refusals.LineFull(training()),
    "not theirs": refusals.NotYours,
    "nothing left": lambda: refusals.NothingLeft(training()),
    "no link yet": lambda: refusals.NoLinkNow(training(online_link="https://meet.example.id")),
    "no link at all": lambda: refusals.NoLinkNow(training()),
    "too late": lambda: refusals.TooLateToCancel(training()),
    "is there": lambda: refusals.IsThere(training()),
    "offer over": lambda: refusals.of_offer(training(), seat(SeatState.GONE, "removed"), 2),
    "offer ran out": lambda: refusals.of_offer(training(), seat(SeatState.GONE, "expired"), 2),
    "offer replaced": lambda: refusals.of_offer(training(), seat(SeatState.HELD), 1),
    "offer taken": lambda: refusals.of_offer(training(), seat(SeatState.CONFIRMED), 2),
    "offer declined": lambda: refusals.of_offer(training(), seat(SeatState.GONE, "declined"), 2),
    "seats taken": lambda: refusals.SeatsTaken(training(), 3, 2),
    "cancelled": lambda: opened(state=TrainingState.CANCELLED),
    "cancelled, with why": lambda: opened(state=TrainingState.CANCELLED, why_off="hujan"),
    "going on": lambda: opened(state=TrainingState.RUNNING),
    "done": lambda: opened(state=TrainingState.DONE),
    "closed": lambda: opened(state=TrainingState.CLOSED),
    "opens later": lambda: opened(opens_at=NOW + timedelta(days=1)),
}


@pytest.mark.parametrize("refusal", ALL.values(), ids=ALL.keys())
def test_leads_on(refusal: Callable[[], Refusal]) -> None:
    """Every one has a button, in every language, and says something."""
    said = refusal()

    assert [button for row in said.buttons for button in row]
    for language in LANGUAGES:
        assert said.sentence.in_language(language)


def test_none_is_forgotten() -> None:
    """Whatever stands in the module is tried above."""
    every = {name for name, kind in vars(refusals).items() if isinstance(kind, type) and issubclass(kind, Refusal)}
    tried = {kind.__name__ for make in ALL.values() for kind in type(make()).__mro__}

    assert every - tried == set()


@pytest.mark.parametrize(("key", "field"), [("kecamatan", "kecamatan"), ("sectors", "sector")])
async def test_for_others_leads_to_the_detail_that_may_be_wrong(key: str, field: str) -> None:
    """Who is kept out by what stands in the profile can mend just that with a tap."""
    known, only = (
        {field: "Babat" if field == "kecamatan" else "jasa"},
        ["Brondong"] if key == "kecamatan" else ["tenun"],
    )
    with pytest.raises(eligibility.NotForThem) as raised:
        await eligibility.unless_for(
            Session(), training(**{key: only}), Person(id=1, name="Sari"), known, read_district(LAMONGAN)
        )

    (first, *_), *_ = raised.value.buttons
    assert isinstance(first, Button)
    assert first.data == f"profile:{field}"
    assert re.search(r"/profil", raised.value.sentence.in_language("id"))
