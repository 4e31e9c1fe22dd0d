"""At the door, for officers: who came without a seat, and who of the line gets the seat of who did not come."""

from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import post
from domain.errors import StaleButton
from domain.trainings import door, refusals
from domain.trainings.door import Day
from domain.trainings.participants import Participant
from handlers import steps
from handlers.pages import leaf, page_of
from handlers.trainings.attendance import STEP, TRAININGS, counted
from handlers.trainings.sheet import in_rows
from handlers.turn import Context, Turn
from messages import Button, Number, say

NAMES = "training.names"
"""The step in which an officer writes who came without Telegram."""

ON_A_PAGE = 12
MANY = post.Note(is_secret=True)
"""A list names many people, so nothing of it is kept once it was sent."""


# Who came without a seat.


async def show_ways(_: Update, context: Context) -> None:
    """Peserta langsung: with Telegram by the code on the wall, without by their name."""
    turn = context.turn
    day = await door.access_day(turn.session, turn.person, int(context.tapped))
    room = max(0, await door.room(turn.session, day))
    await turn.answer_tap()
    rows = [
        [Button(say("button.door_code"), "paper", f"{day.training.id}.door")],
        [Button(say("button.write_names"), "door_names", day.day.id)],
        [_back(day)],
    ]
    title = day.training.title
    sentence = say("door.walk_ins", title=title, room=Number(room)) if room else say("door.walk_ins_full", title=title)
    await turn.change(sentence, rows if room else [rows[0], *door.ways_to_a_chair(day), rows[-1]])


async def ask_names(_: Update, context: Context) -> None:
    """Tulis nama: a line for each."""
    turn = context.turn
    day = await door.access_day(turn.session, turn.person, int(context.tapped))
    await turn.answer_tap()
    await steps.begin(turn, NAMES, day=day.day.id)
    await turn.change(say("door.ask_names"), [[_back(day)]])


async def take_names(turn: Turn, state: steps.State) -> None:
    """The names came; from now on numbers and codes are typed again."""
    number = await door.note_names(turn.session, turn.person, state["day"], turn.message.text or "", turn.now)
    day = await door.access_day(turn.session, turn.person, state["day"])
    await steps.begin(turn, STEP, day=day.day.id)
    sentence = say("door.names_noted", number=Number(number), count=await counted(turn, day))
    await turn.reply(sentence, [[_back(day)]])


async def open_link(turn: Turn, about: str) -> None:
    """/start langsung_7, from the code on the wall: the officers at the door of training 7 are asked.

    Raises the Refusal that says what is wrong with the link, or that they need none.
    """
    is_number = about.isascii() and about.isdecimal() and len(about) <= 18
    training = await door.ask_in(turn.session, turn.person, int(about) if is_number else 0, turn.now)
    await turn.reply(say("door.asked", title=training.title), [[TRAININGS]])


async def let_in(_: Update, context: Context) -> None:
    """Persilakan masuk: they have a seat, and are marked."""
    turn = context.turn
    day_id, _dot, person_id = context.tapped.partition(".")
    day = await door.access_day(turn.session, turn.person, int(day_id))
    district = turn.house.district
    try:
        one = await door.let_in(turn.session, turn.person, day.day.id, int(person_id), district, turn.now)
    except door.NoRoom as full:
        await door.tell_full(turn.session, day, int(person_id), turn.now)
        await turn.answer_tap()
        await turn.reply(full.sentence, full.buttons)
        return
    await turn.answer_tap()
    await _say_in(turn, day, one)


async def stand_by(_: Update, context: Context) -> None:
    """Tunggu sebagai cadangan: who could not be let in waits at the door."""
    turn = context.turn
    training, position = await door.stand_by(turn.session, turn.person, int(context.tapped), turn.now)
    await turn.answer_tap()
    await turn.change(say("door.stands_by", title=training.title, position=Number(position)), [[refusals.MINE]])


async def _say_in(turn: Turn, day: Day, one: Participant) -> None:
    blanks = {"name": one.name, "number": one.seat.number, "count": await counted(turn, day)}
    await turn.change(say("door.let_in", **blanks), [[_back(day)]], post.Note(about=one.person.id))


# Standby.


async def list_standby(_: Update, context: Context) -> None:
    """Cadangan hari ini: who waits, the next one first."""
    turn = context.turn
    day_id, _dot, page = context.tapped.partition(".")
    day = await door.access_day(turn.session, turn.person, int(day_id))
    waiting, absent = await door.standing_by(turn.session, day), await door.absent(turn.session, day)
    await turn.answer_tap()
    rows = _paged(waiting, int(page), "stand_in", f"{day.day.id}.", "standby")
    blanks = {"title": day.training.title, "waiting": Number(len(waiting))}
    here = (
        say("door.standby", absent=Number(len(absent)), **blanks) if absent else say("door.standby_all_there", **blanks)
    )
    sentence = here if waiting else say("door.nobody_waits", title=day.training.title)
    await turn.change(sentence, [*rows, [_back(day)]], MANY)


def _paged(everybody: Sequence[Participant], page: int, verb: str, about: str, turns: str) -> list[list[Button]]:
    """A button for each of a page, and the ways to the others."""
    shown, page, pages = page_of(everybody, page, ON_A_PAGE)
    each = [Button(f"{one.position or one.seat.number}. {one.name}", verb, f"{about}{one.seat.id}") for one in shown]
    return [*in_rows(each, 2), *leaf(turns, about, page, pages)]


async def choose_absent(_: Update, context: Context) -> None:
    """Who stands at the door was tapped: a chair that is free, or whose seat they get."""
    turn = context.turn
    day_id, waiting_id, page = (int(part) for part in f"{context.tapped}.0".split(".")[:3])
    day = await door.access_day(turn.session, turn.person, day_id)
    one = _find(await door.standing_by(turn.session, day), waiting_id)
    await turn.answer_tap()
    if await door.room(turn.session, day) > 0:
        free = Button(say("button.free_chair"), "stand_for", f"{day_id}.{waiting_id}.0")
        await turn.change(say("door.chair_free", name=one.name), [[free], [_back(day)]], MANY)
        return
    absent = await door.absent(turn.session, day)
    rows = _paged(absent, page, "whose", f"{day_id}.{waiting_id}.", "stand_in")
    sentence = say("door.whose_seat", name=one.name) if absent else say("door.all_there", name=one.name)
    await turn.change(sentence, [*rows, [_back(day)]], MANY)


def _find(everybody: Sequence[Participant], seat_id: int) -> Participant:
    """Raises StaleButton for who is not there any more."""
    found = next((one for one in everybody if one.seat.id == seat_id), None)
    if found is None:
        raise StaleButton
    return found


async def confirm_stand_in(_: Update, context: Context) -> None:
    """Whose seat was tapped: asked once, since they will read it."""
    turn = context.turn
    day_id, waiting_id, absent_id = (int(part) for part in context.tapped.split("."))
    day = await door.access_day(turn.session, turn.person, day_id)
    one = _find(await door.standing_by(turn.session, day), waiting_id)
    other = _find(await door.absent(turn.session, day), absent_id)
    await turn.answer_tap()
    surely = Button(say("button.hand_over"), "stand_for", context.tapped)
    await turn.change(say("door.confirm", name=one.name, absent=other.name), [[surely], [_back(day)]], MANY)


async def stand_in(_: Update, context: Context) -> None:
    """It is meant: who waits has the seat and is marked; whose it was hears why."""
    turn = context.turn
    day_id, waiting_id, absent_id = (int(part) for part in context.tapped.split("."))
    district = turn.house.district
    one = await door.stand_in(turn.session, turn.person, day_id, waiting_id, absent_id, district, turn.now)
    day = await door.access_day(turn.session, turn.person, day_id)
    await turn.answer_tap()
    await _say_in(turn, day, one)


def _back(day: Day) -> Button:
    return Button(say("button.back"), "door", day.day.id)


_TWO, _THREE = r"(\d{1,18}\.\d{1,18})", r"(\d{1,18}\.\d{1,18}\.\d{1,18})"

HANDLERS = [
    CallbackQueryHandler(show_ways, pattern=r"^walk_in:(\d{1,18})$"),
    CallbackQueryHandler(ask_names, pattern=r"^door_names:(\d{1,18})$"),
    CallbackQueryHandler(let_in, pattern=rf"^let_in:{_TWO}$"),
    CallbackQueryHandler(stand_by, pattern=r"^stand_by:(\d{1,18})$"),
    CallbackQueryHandler(list_standby, pattern=r"^standby:(\d{1,18}\.\d{1,4})$"),
    CallbackQueryHandler(choose_absent, pattern=r"^stand_in:(\d{1,18}\.\d{1,18}(?:\.\d{1,4})?)$"),
    CallbackQueryHandler(confirm_stand_in, pattern=rf"^whose:{_THREE}$"),
    CallbackQueryHandler(stand_in, pattern=rf"^stand_for:{_THREE}$"),
]

steps.STEPS[NAMES] = take_names
