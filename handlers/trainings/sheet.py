"""A training as its officers see it: every field with what stands there, and the buttons for what may be done."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.staff import Officer
from domain.trainings import Training, TrainingState, desk, notices, states
from domain.trainings.catalogue import Offered
from handlers.turn import Turn
from messages import Button, Buttons, Moment, Number, Sentence, say
from messages.limits import cut

TYPED: Mapping[str, Sentence] = {
    "title": say("manage.title"),
    "description": say("manage.description"),
    "days": say("manage.days"),
    "place": say("manage.place"),
    "address": say("manage.address"),
    "pin": say("manage.pin"),
    "online_link": say("manage.online_link"),
    "seats": say("manage.seats"),
    "opens_at": say("manage.opens_at"),
    "closes_at": say("manage.closes_at"),
    "cancel_until": say("manage.cancel_until"),
    "contact": say("manage.contact"),
    "picture": say("manage.picture"),
    "waiting_cap": say("manage.waiting_cap"),
}
"""Fields that are typed or sent, by what they are called."""

CHOSEN: Mapping[str, tuple[Sentence, str, str]] = {
    "kecamatan": (say("manage.kecamatan"), "for", "{}.kecamatan.0"),
    "sectors": (say("manage.sectors"), "for", "{}.sectors.0"),
    "is_for_new": (say("manage.is_for_new"), "switch", "{}.is_for_new"),
    "has_waiting_list": (say("manage.has_waiting_list"), "switch", "{}.has_waiting_list"),
    "questions": (say("manage.questions"), "asks", "{}"),
}
"""Fields that are chosen by buttons: what each is called, and where its button leads."""

LONGEST_SHOWN, MOST_DAYS_SHOWN = 500, 8
"""Of the description in UTF-16 units, and of the days."""

EMPTY, ALL = say("manage.empty"), say("manage.all")


def sheet(turn: Turn, offered: Offered, note: Sentence | None = None) -> Sentence:
    """Everything that stands there, a line a field; over it *note*, what was just done."""
    training = offered.training
    office = turn.house.district.office(training.office)
    lines = tuple(say("manage.line", label=label, value=value) for label, value in _values(turn, offered))
    blanks = {
        "title": training.title,
        "state": states.name_of(training.state),
        "office": office.short_name if office else training.office,
        "taken": Number(training.seats - offered.free),
        "seats": Number(training.seats),
        "waiting": say("manage.sheet_waiting", waiting=Number(offered.waiting)) if offered.waiting else "",
        "lines": lines,
    }
    return say("manage.sheet_noted", note=note, **blanks) if note else say("manage.sheet", **blanks)


def _values(turn: Turn, offered: Offered) -> list[tuple[Sentence, Sentence | str]]:
    training, district = offered.training, turn.house.district
    shown: Mapping[str, Callable[[], Sentence | str]] = {
        "description": lambda: cut(training.description, LONGEST_SHOWN) or EMPTY,
        "days": lambda: _days(turn, offered),
        "place": lambda: training.place or EMPTY,
        "address": lambda: training.address or EMPTY,
        "pin": lambda: _pin(training),
        "online_link": lambda: training.online_link or EMPTY,
        "opens_at": lambda: _moment(turn, training.opens_at, say("manage.at_once")),
        "closes_at": lambda: _moment(turn, training.closes_at, say("manage.at_start")),
        "cancel_until": lambda: _moment(turn, training.cancel_until, say("manage.at_start")),
        "contact": lambda: training.contact or EMPTY,
        "picture": lambda: say("manage.is_there") if training.picture else EMPTY,
        "kecamatan": lambda: ", ".join(training.kecamatan or ()) or ALL,
        "sectors": lambda: ", ".join(district.sectors.get(key, key) for key in training.sectors or ()) or ALL,
        "is_for_new": lambda: yes_no(is_so=training.is_for_new),
        "has_waiting_list": lambda: _line(training),
        "questions": lambda: Number(len(training.questions)).in_language(turn.person.language),
    }
    labels = {**TYPED, **{name: label for name, (label, _, _) in CHOSEN.items()}}
    return [(labels[name], value()) for name, value in shown.items()]


def _days(turn: Turn, offered: Offered) -> Sentence | str:
    if not offered.days:
        return EMPTY
    lines: tuple[Sentence, ...] = notices.lines_of(offered.days[:MOST_DAYS_SHOWN], turn.house.district)
    if more := len(offered.days) - MOST_DAYS_SHOWN:
        lines = (*lines, say("manage.more_days", number=Number(more))) if more > 0 else lines
    return say("manage.days_below", days=lines)


def _pin(training: Training) -> Sentence | str:
    if training.latitude is None or training.longitude is None:
        return EMPTY
    return f"{training.latitude:.5f}, {training.longitude:.5f}"


def _moment(turn: Turn, at: datetime | None, otherwise: Sentence) -> Sentence:
    if at is None:
        return otherwise
    return say("manage.moment", moment=Moment(at, turn.house.district.timezone, turn.now))


def _line(training: Training) -> Sentence:
    if not training.has_waiting_list:
        return yes_no(is_so=False)
    if training.waiting_cap is None:
        return say("manage.line_open")
    return say("manage.line_capped", number=Number(training.waiting_cap))


def yes_no(*, is_so: bool) -> Sentence:
    return say("training.yes") if is_so else say("training.no")


# Buttons.


def under_sheet(officer: Officer, training: Training) -> Buttons:
    """What an officer may do with it now; who only reads sees, and changes nothing."""
    id, state = training.id, training.state
    people = Button(say("button.participants"), "people", f"{id}.0")
    back = [Button(say("button.back"), "manage", 0)]
    if state is TrainingState.DRAFT:
        deeds = [*fields_of(training), [Button(say("button.publish"), "publish", id)]]
        return [*deeds, _endings(training), back] if desk.may_act(officer, training) else [back]
    is_on = state is not TrainingState.CANCELLED
    papers = [_paper(say("button.poster"), id, "poster"), _paper(say("button.code"), id, "code")]
    if state is TrainingState.OPEN:
        papers.append(Button(say("button.text_for_wa"), "wa", id))
    seen = [[people, Button(say("button.doors"), "doors_of", id)], papers] if is_on else [[people]]
    if not desk.may_act(officer, training):
        return [*seen, back]
    return [*_moves(training), *seen, _endings(training), back]


def _paper(label: Sentence, training_id: int, kind: str) -> Button:
    return Button(label, "paper", f"{training_id}.{kind}")


def _moves(training: Training) -> list[list[Button]]:
    """Change it, and where its registration goes."""
    id, state = training.id, training.state
    change = [Button(say("button.change_fields"), "fields", id), Button(say("button.resize"), "field", f"{id}.seats")]
    if state is TrainingState.OPEN:
        return [change, [Button(say("button.end_registration"), "registration_off", id)]]
    if state is TrainingState.CLOSED:
        return [change, [Button(say("button.reopen_registration"), "registration_on", id)]]
    return [change] if state is TrainingState.RUNNING else []


def _endings(training: Training) -> list[Button]:
    copy = Button(say("button.copy"), "duplicate", training.id)
    if training.state in {TrainingState.DONE, TrainingState.CANCELLED}:
        return [copy]
    label = say("button.drop_draft") if training.state is TrainingState.DRAFT else say("button.call_off")
    return [copy, Button(label, "call_off", training.id)]


def fields_of(training: Training) -> list[list[Button]]:
    """A button for each field, three in a row."""
    typed = [Button(label, "field", f"{training.id}.{name}") for name, label in TYPED.items()]
    chosen = [Button(label, verb, where.format(training.id)) for label, verb, where in CHOSEN.values()]
    return in_rows([*typed, *chosen], 3)


def in_rows(buttons: Sequence[Button], most: int) -> list[list[Button]]:
    """*buttons* in their order, at most so many in a row."""
    return [list(buttons[place : place + most]) for place in range(0, len(buttons), most)]


def label_of(turn: Turn, training: Training) -> str:
    """What a button says of it in a list: a sign for where it stands, its first day and its title."""
    sign = SIGNS[training.state]
    if training.starts_at is None:
        return f"{sign} {training.title}"
    day = training.starts_at.astimezone(ZoneInfo(turn.house.district.timezone))
    return f"{sign} {day:%d/%m} {training.title}"


SIGNS = {
    TrainingState.DRAFT: "📝",
    TrainingState.OPEN: "🟢",
    TrainingState.CLOSED: "🔒",
    TrainingState.RUNNING: "▶️",
    TrainingState.DONE: "✅",
    TrainingState.CANCELLED: "✖️",
}
