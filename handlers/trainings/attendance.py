"""/hadir, for officers: which day, how many are there, and who is marked by ticket, by typed code or by number."""

import re
from datetime import datetime

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from domain import post, staff
from domain.errors import Refusal, StaleButton
from domain.staff import Officer, Role
from domain.trainings import TrainingDay, attendance, desk, door, editing, notices, numbers, participants
from domain.trainings.attendance import Marked
from domain.trainings.door import Day
from domain.trainings.seats import CODE_LETTERS
from handlers import ask, other, steps
from handlers.pages import leaf, page_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Hours, Moment, Number, Sentence, say

STEP = "training.door"
"""Holds the day an officer stands at the door of: what they type are numbers and codes."""

ON_A_PAGE = 6
CODE = re.compile(rf"\s*[{CODE_LETTERS}]{{3}}-?[{CODE_LETTERS}]{{3}}\s*", re.IGNORECASE)

OTHER_DAYS = Button(say("button.other_days"), "doors", 0)
TRAININGS = Button(say("button.trainings"), "trainings", 0)


# Which day.


async def check_in(update: Update, context: Context) -> None:
    """/hadir: the day whose doors are open, or the days there are; with a code or numbers, mark them at once."""
    turn = context.turn
    officer = await staff.officer_of(turn.session, turn.person)
    if officer is None:
        await other.explain_command(update, context)
        return
    typed = (turn.message.text or "").partition(" ")[2].strip()
    if typed:
        await _take(turn, officer, typed)
        return
    await _show_first(turn, officer)


async def _show_first(turn: Turn, officer: Officer) -> None:
    days = await _days(turn, officer)
    if (day := _only_one(turn, days)) is not None:
        await show_day_to(turn, officer, day)
    else:
        await turn.reply(*_list(turn, days, 0))


def _only_one(turn: Turn, days: list[Day]) -> Day | None:
    """Of one training whose doors are open, alone, the day that is nearest; None where none or several are."""
    is_open = [day for day in days if day.is_open(turn.now)]
    if len({day.training.id for day in is_open}) != 1:
        return None
    nearest = attendance.nearest([day.day for day in is_open], turn.now)
    return next(day for day in is_open if day.day is nearest)


async def list_days(_: Update, context: Context) -> None:
    """Hari lain: all there are, those whose doors are open first."""
    turn = context.turn
    officer = await staff.access(turn.session, turn.person, reads=True)
    await turn.answer_tap()
    days, page, kept = await _days(turn, officer), int(context.tapped), await _kept(turn)
    await turn.change(*(_choose(turn, days, kept, page) if kept else _list(turn, days, page)))


async def list_days_of(_: Update, context: Context) -> None:
    """Daftar hadir under one training: its day, or its days."""
    turn = context.turn
    training = await desk.access_training(turn.session, turn.person, int(context.tapped), reads=True)
    officer = await staff.access(turn.session, turn.person, office=training.office, reads=True)
    days = [
        day for day in await door.days_of(turn.session, [training.office], turn.now) if day.training.id == training.id
    ]
    await turn.answer_tap()
    if len(days) == 1:
        await show_day_to(turn, officer, days[0])
    else:
        back = [Button(say("button.back"), "managed", training.id)]
        sentence, buttons = _list(turn, days, 0, on_a_page=editing.MOST_DAYS)
        await turn.change(sentence, [*buttons, back])


async def _days(turn: Turn, officer: Officer) -> list[Day]:
    offices = [office.key for office in desk.offices_of(officer, turn.house.district)]
    return await door.days_of(turn.session, offices, turn.now)


def _list(
    turn: Turn, days: list[Day], page: int, verb: str = "door", on_a_page: int = ON_A_PAGE
) -> tuple[Sentence, Buttons]:
    if not days:
        return say("door.no_days"), [[TRAININGS]]
    shown, page, pages = page_of(days, page, on_a_page)
    lines = tuple(_line(turn, number, one) for number, one in enumerate(shown, 1 + page * ON_A_PAGE))
    each = [
        [Button(f"{number}. {one.training.title}", verb, one.day.id)]
        for number, one in enumerate(shown, 1 + page * ON_A_PAGE)
    ]
    return say("door.days", lines=lines), [*each, *leaf("doors", "", page, pages)]


def _line(turn: Turn, number: int, one: Day) -> Sentence:
    hours = Hours(one.day.starts_at, one.day.ends_at, turn.house.district.timezone)
    sign = "🟢" if one.is_open(turn.now) else "▫️"
    return say("door.day", number=str(number), sign=sign, title=one.training.title, hours=hours)


async def show_day(_: Update, context: Context) -> None:
    """One day: how many are there, and what may be done."""
    turn = context.turn
    day = await door.access_day(turn.session, turn.person, int(context.tapped), reads=True)
    officer = await staff.access(turn.session, turn.person, office=day.training.office, reads=True)
    await turn.answer_tap()
    await show_day_to(turn, officer, day)


async def show_day_to(turn: Turn, officer: Officer, day: Day) -> None:
    """That day, in the message that is open; what an officer types from now on are its numbers and codes."""
    acts = desk.may_act(officer, day.training)
    if acts:
        await steps.begin(turn, STEP, day=day.day.id)
    await turn.change(await _page(turn, day, acts=acts), _under(turn, day, acts=acts))


async def _page(turn: Turn, day: Day, *, acts: bool) -> Sentence:
    count = await counted(turn, day)
    hours = Hours(day.day.starts_at, day.day.ends_at, turn.house.district.timezone)
    blanks = {"title": day.training.title, "hours": hours, "number": day.number, "of": day.of, "count": count}
    if not acts:
        return say("door.seen", **blanks)
    is_open = turn.now >= day.opens_at
    if notices.is_online(day.training):
        return say("door.page_online", **blanks) if is_open else say("door.page_before_online", **blanks)
    return say("door.page", **blanks) if is_open else say("door.page_before", **blanks)


async def counted(turn: Turn, day: Day) -> Sentence:
    """27 dari 30 hadir."""
    await turn.session.flush()
    tally = await door.tally(turn.session, day)
    there, registered = Number(tally.there), Number(tally.registered)
    if tally.on_paper:
        return say("door.count_and_paper", there=there, registered=registered, paper=Number(tally.on_paper))
    return say("door.count", there=there, registered=registered)


def _under(turn: Turn, day: Day, *, acts: bool) -> Buttons:
    training = day.training.id
    rows = [
        [Button(say("button.refresh"), "door", day.day.id)],
        [Button(say("button.door_list"), "paper", f"{training}.list")],
        [Button(say("button.participants_file"), "paper", f"{training}.sheet")],
    ]
    if notices.is_online(day.training):
        acts = False  # nobody stands at a door
    if acts and turn.now >= day.opens_at:
        rows.append([Button(say("button.walk_in"), "walk_in", day.day.id)])
    if acts and day.is_open(turn.now):
        rows.append([Button(say("button.standby"), "standby", f"{day.day.id}.0")])
    return [*rows, [OTHER_DAYS, Button(say("button.manage_one"), "managed", training)]]


# Marking.


async def take_typed(turn: Turn, state: steps.State) -> None:
    """What an officer types at the door; what is neither numbers nor a code is a question like any other."""
    text = turn.message.text or ""
    if numbers.written(text) or CODE.fullmatch(text) or numbers.MEANT.match(text):
        officer = await staff.access(turn.session, turn.person)
        await _take(turn, officer, text, await _chosen(turn, officer, state))
    else:
        await steps.end(turn)
        await ask.answer(turn, text)


async def _chosen(turn: Turn, officer: Officer, state: steps.State) -> int | None:
    """The day whose page is open; None where that was opened at its door, and by now the doors of another are open."""
    days = await _days(turn, officer)
    day = next((day for day in days if day.day.id == state["day"]), None)
    was_open = day is not None and day.is_open(datetime.fromisoformat(state["at"]))
    if was_open and day and not day.is_open(turn.now) and any(other.is_open(turn.now) for other in days):
        return None
    return int(state["day"]) if state["day"] else None


async def take_text(update: Update, context: Context) -> None:
    """ "hadir 3 7 12", or the code of a ticket, written by an officer where nothing else waits for it."""
    turn = context.turn
    officer, text = await staff.officer_of(turn.session, turn.person), turn.message.text or ""
    is_theirs = officer is not None and await steps.under_way(turn) is None
    if officer is None or not is_theirs or not await _is_meant(turn, officer, text):
        await ask.answer_text(update, context)
    elif numbers.BEGINS.fullmatch(text):
        await _show_first(turn, officer)
    else:
        await _take(turn, officer, text)


async def _is_meant(turn: Turn, officer: Officer, text: str) -> bool:
    """Six letters may be a word: a code is one that somebody has, in a training whose doors are open."""
    if numbers.BEGINS.match(text):
        return True
    try:
        _seat, training, _person = await attendance.by_code(turn.session, text)
    except attendance.NoSuchTicket:
        return False
    day = await attendance.day_at(turn.session, training, turn.now)
    return staff.serves(officer, training.office) and day is not None


async def _take(turn: Turn, officer: Officer, text: str, day_id: int | None = None) -> None:
    """Mark whom *text* names. Raises the Refusals of `domain.trainings.attendance`, and numbers.NotNumbers."""
    if officer.role is Role.READER:
        raise attendance.NoSuchTicket(say("door.officers_only"))
    code = numbers.BEGINS.sub("", text, count=1).strip()
    if (named := numbers.numbers_in(text)) is not None:
        await _mark_numbers(turn, officer, named, day_id)
    elif CODE.fullmatch(code):
        await mark_code(turn, code, day_id)
    else:
        raise numbers.NotNumbers(say("door.how_to_type"), [[OTHER_DAYS]])


async def _mark_numbers(turn: Turn, officer: Officer, named: list[int], day_id: int | None) -> None:
    if day_id is None:
        days = await _days(turn, officer)
        begun = [day for day in days if day.opens_at <= turn.now]
        only = _only_one(turn, days) or (begun[0] if len(begun) == 1 else None)
        if only is None:
            await steps.begin(turn, STEP, day=None, numbers=named)
            await turn.reply(*_choose(turn, days, named, 0))
            return
        day_id = only.day.id
    await _mark_on(turn, day_id, named)


def _choose(turn: Turn, days: list[Day], named: list[int], page: int) -> tuple[Sentence, Buttons]:
    """Which day the numbers are of; the tap marks them."""
    sentence, buttons = _list(turn, days, page, "mark_on")
    return say("door.choose_first", days=sentence, numbers=", ".join(map(str, named))), buttons


async def _kept(turn: Turn) -> list[int]:
    """The numbers that were typed before a day was chosen."""
    state = await steps.under_way(turn)
    return list(state.get("numbers") or ()) if state and state["step"] == STEP else []


async def mark_kept(_: Update, context: Context) -> None:
    """The day was chosen: the numbers typed before are marked on it. Raises StaleButton where none wait."""
    turn, kept = context.turn, await _kept(context.turn)
    if not kept:
        raise StaleButton
    await turn.answer_tap()
    await _mark_on(turn, int(context.tapped), kept)
    await steps.begin(turn, STEP, day=int(context.tapped))


async def _mark_on(turn: Turn, day_id: int, named: list[int]) -> None:
    done = await door.mark_numbers(turn.session, turn.person, day_id, named, turn.now)
    day = await door.access_day(turn.session, turn.person, day_id, reads=True)
    told = [("door.marked", done.marked), ("door.before", done.before), ("door.unknown", done.unknown)]
    lines = tuple(say(key, numbers=", ".join(map(str, found))) for key, found in told if found)
    lines += tuple(say("door.gone", number=number, name=name) for number, name in done.gone)
    sentence = say("door.done", title=day.training.title, lines=lines, count=await counted(turn, day))
    await turn.reply(sentence, [[_to_day(day)]], post.Note(is_secret=bool(done.gone)))


async def open_ticket(turn: Turn, code: str) -> None:
    """/start hadir_ABC23D: an officer of the office marks its holder; to anybody else it shows nothing of them."""
    try:
        _seat, training, person = await attendance.by_code(turn.session, code)
        officer = await staff.access(turn.session, turn.person, office=training.office, reads=True)
    except Refusal as refusal:
        await _show_nothing(turn, refusal)
        return
    if officer.role is Role.READER:
        sentence = say("door.ticket_of", name=person.name, title=training.title)
        await turn.reply(sentence, [[attendance.DOORS]], post.Note(about=person.id))
    else:
        await mark_code(turn, code, await _open_page(turn))


async def _open_page(turn: Turn) -> int | None:
    """The day whose page is open, while its doors are: a ticket that is scanned is never of yesterday."""
    state = await steps.under_way(turn)
    day_id = state["day"] if state and state["step"] == STEP else None
    day = await turn.session.get(TrainingDay, day_id) if day_id else None
    return day.id if day and attendance.nearest([day], turn.now) else None


async def _show_nothing(turn: Turn, refusal: Refusal) -> None:
    """Whether there is such a ticket is for officers to know."""
    if isinstance(refusal, attendance.NoSuchTicket) and await staff.officer_of(turn.session, turn.person):
        raise refusal
    mine = Button(say("button.my_trainings"), "seats", 0)
    await turn.reply(say("door.ticket"), [[mine], [TRAININGS]])


async def mark_code(turn: Turn, code: str, day_id: int | None = None) -> None:
    """Mark the holder of a ticket as there, and say who it is."""
    marked = await door.mark_by_code(turn.session, turn.person, code, turn.house.district, turn.now, day_id)
    day = await door.access_day(turn.session, turn.person, marked.day.id, reads=True)
    await turn.reply(await _said(turn, marked, day), [[_to_day(day)]], post.Note(about=marked.person.id))


async def _said(turn: Turn, marked: Marked, day: Day) -> Sentence:
    _training, one = await participants.participant(turn.session, turn.person, marked.seat.id)
    at = Moment(marked.at, turn.house.district.timezone, turn.now)
    blanks = {"name": one.name, "number": marked.seat.number, "title": day.training.title, "day": day.number}
    if marked.was_there:
        return say("door.is_there_already", **blanks, at=at)
    return say("door.is_there", **blanks, count=await counted(turn, day))


def _to_day(day: Day) -> Button:
    return Button(say("button.count"), "door", day.day.id)


IN_PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
TYPED = filters.Regex(re.compile(rf"^(?:{numbers.MEANT.pattern}|{CODE.pattern}$)", re.IGNORECASE))

HANDLERS = [
    CommandHandler("hadir", check_in, IN_PRIVATE),
    CallbackQueryHandler(list_days, pattern=r"^doors:(\d{1,3})$"),
    CallbackQueryHandler(list_days_of, pattern=r"^doors_of:(\d{1,18})$"),
    CallbackQueryHandler(mark_kept, pattern=r"^mark_on:(\d{1,18})$"),
    CallbackQueryHandler(show_day, pattern=r"^door:(\d{1,18})$"),
    MessageHandler(IN_PRIVATE & TYPED & ~filters.COMMAND, take_text),
]
"""Before everybody's questions."""

steps.STEPS[STEP] = take_typed
