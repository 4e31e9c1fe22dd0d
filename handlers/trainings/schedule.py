"""/jadwal: one's own trainings: the seat with its ticket or the position in line, giving it back, another date."""

from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from domain import post
from domain.trainings import Seat, SeatState, Training, catalogue, moving, notices, refusals, seats
from domain.trainings.catalogue import Offered
from domain.trainings.refusals import OPEN
from domain.trainings.seats import Confirmed
from handlers.pages import leaf, page_of
from handlers.trainings.browsing import ALL, MINE, ON_A_PAGE, standing_of, when
from handlers.trainings.offers import pass_on
from handlers.trainings.register import tell_outcome
from handlers.trainings.seat_now import state_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Date, Number, Sentence, say


async def show(_: Update, context: Context) -> None:
    """/jadwal: what one has, as a new message."""
    await show_to(context.turn)


async def show_to(turn: Turn) -> None:
    """What one has."""
    await turn.reply(*await _overview(turn, 0))


async def show_again(_: Update, context: Context) -> None:
    """The same, or another page of it, in the message that is open."""
    await context.turn.answer_tap()
    await context.turn.change(*await _overview(context.turn, int(context.tapped)))


async def open_one(_: Update, context: Context) -> None:
    """One of them, with what can be done about it."""
    turn = context.turn
    training, seat = await _own(turn, context.tapped)
    await turn.answer_tap()
    await turn.change(*await _details(turn, seat, await catalogue.one(turn.session, training.id)))


async def _own(turn: Turn, id: str) -> tuple[Training, Seat]:
    """Raises StaleButton, NotYours, NotOpen for what is cancelled, or NothingLeft for a seat they have no more."""
    training, seat = await seats.own(turn.session, int(id), turn.person)
    refusals.unless_cancelled(training)
    if seat.state is SeatState.GONE:
        raise refusals.NothingLeft(training)
    return training, seat


async def _overview(turn: Turn, page: int) -> tuple[Sentence, Buttons]:
    mine = await catalogue.mine(turn.session, turn.person, turn.now)
    if not mine:
        return say("schedule.empty"), [[OPEN], [ALL]]
    if len(mine) == 1:
        text, buttons = await _details(turn, *mine[0])
        return text, buttons[:-1]  # there are no others to go to
    shown, page, pages = page_of(mine, page, ON_A_PAGE)
    lines, rows = [], []
    for number, (seat, offered) in enumerate(shown, 1 + page * ON_A_PAGE):
        title = offered.training.title
        what = {"title": title, "when": when(turn, offered), "state": standing_of(seat)}
        lines.append(say("trainings.line", number=str(number), **what))
        rows.append([Button(f"{number}. {title}", "seat", seat.id)])
    return say("schedule.list", lines=tuple(lines)), [*rows, *leaf("seats", "", page, pages), [ALL]]


async def _details(turn: Turn, seat: Seat, offered: Offered) -> tuple[Sentence, Buttons]:
    training, district = offered.training, turn.house.district
    days, place = notices.lines_of(offered.days, district), notices.where(training)
    state = await state_of(turn, seat, offered)
    text = say("schedule.one", title=training.title, days=days, place=place, state=state)
    more = [[notices.see(training)], [Button(say("button.all_mine"), "seats", 0)]]
    link = []
    if seat.state is SeatState.CONFIRMED and notices.day_with_link(training, offered.days, turn.now):
        link = [[Button(say("button.link"), "link", seat.id)]]
    return text, [*link, *_deeds(turn, seat, training), *more]


def _deeds(turn: Turn, seat: Seat, training: Training) -> Buttons:
    move = Button(say("button.other_date"), "dates", seat.id)
    if seat.state is SeatState.HELD:
        return notices.answers_to_offer(seat)
    if seat.state is SeatState.WAITING:
        return [[move], [Button(say("button.leave_line"), "give_up", seat.id)]]
    papers = [Button(say("button.ticket"), "ticket", seat.id), Button(say("button.calendar"), "calendar", seat.id)]
    pin = [[Button(say("button.map"), "map", training.id)]] if training.latitude is not None else []
    if training.starts_at and turn.now >= training.starts_at:
        return [papers, *pin]
    return [papers, *pin, [move, Button(say("button.give_up"), "give_up", seat.id)]]


# The papers.


async def send_ticket(_: Update, context: Context) -> None:
    """Tiket: once more."""
    turn = context.turn
    _training, seat = await _confirmed(turn, context.tapped)
    await turn.answer_tap()
    await notices.send_ticket(turn.session, seat, turn.house.district)


async def send_calendar(_: Update, context: Context) -> None:
    """Kalender: the days as a file that phones open."""
    turn = context.turn
    training, seat = await _confirmed(turn, context.tapped)
    await turn.answer_tap()
    caption = say("schedule.calendar", title=training.title)
    await post.owe_document(turn.session, turn.person, notices.CALENDAR, seat.id, caption)


async def send_link(_: Update, context: Context) -> None:
    """Tautan masuk: once more, from an hour before until the end."""
    turn = context.turn
    training, seat = await _confirmed(turn, context.tapped)
    days = (await catalogue.one(turn.session, training.id)).days
    day = notices.day_with_link(training, days, turn.now)
    if day is None:
        raise refusals.NoLinkNow(training)
    await turn.answer_tap()
    await notices.tell_link(turn.session, seat, day, turn.house.district)


async def _confirmed(turn: Turn, id: str) -> tuple[Training, Seat]:
    training, seat = await _own(turn, id)
    if seat.state is not SeatState.CONFIRMED:
        raise refusals.AlreadyRegistered(training, seat)
    return training, seat


# Giving it back.


async def ask_to_give_up(_: Update, context: Context) -> None:
    """Batalkan, or Keluar dari daftar tunggu: asked once."""
    turn = context.turn
    training, seat = await _own(turn, context.tapped)
    await seats.unless_late(turn.session, training, seat, turn.now)
    await turn.answer_tap()
    await turn.change(*await _surely(turn, training, seat))


async def _surely(turn: Turn, training: Training, seat: Seat) -> tuple[Sentence, Buttons]:
    is_waiting = seat.state is SeatState.WAITING
    has_next = not is_waiting and await seats.is_waited_for(turn.session, training)
    question = "schedule.leave_line" if is_waiting else "schedule.give_up_next" if has_next else "schedule.give_up"
    yes = say("button.yes_leave_line") if is_waiting else say("button.yes_give_up")
    # The tap names what it gives up: a message may be older than the seat.
    surely = Button(yes, "gone", f"{seat.id}.{seat.state.value}.{seat.asking}")
    return say(question, title=training.title), [[surely], [Button(say("button.keep_seat"), "seat", seat.id)]]


async def give_up(_: Update, context: Context) -> None:
    """Ya: the seat goes to the next in line, who is told."""
    turn = context.turn
    id, asked, *asking = context.tapped.split(".")
    training, seat = await _own(turn, id)
    await turn.answer_tap()
    if seat.state.value != asked or asking != [str(seat.asking)]:
        await turn.change(*await _surely(turn, training, seat))
        return
    zone = ZoneInfo(turn.house.district.timezone)
    await pass_on(turn, await seats.give_up(turn.session, training.id, turn.person, turn.now, zone))
    done = "schedule.line_left" if asked == SeatState.WAITING else "schedule.given_up"
    await turn.change(say(done, title=training.title), [[notices.see(training)], [ALL]])


# Another date.


async def list_dates(_: Update, context: Context) -> None:
    """Pindah tanggal: where else it is held."""
    turn = context.turn
    training, seat = await _own(turn, context.tapped)
    await seats.unless_late(turn.session, training, seat, turn.now)
    others = (await moving.other_dates(turn.session, turn.person, training, turn.now))[: ON_A_PAGE * 2]
    back = [Button(say("button.back"), "seat", seat.id)]
    await turn.answer_tap()
    if not others:
        await turn.change(say("schedule.no_dates", title=training.title), [back])
        return
    lines = tuple(say("schedule.date", number=str(number), **_date(turn, one)) for number, one in enumerate(others, 1))
    rows = [[_date_button(turn, seat, one, number)] for number, one in enumerate(others, 1)]
    await turn.change(say("schedule.dates", title=training.title, lines=lines), [*rows, back])


def _date(turn: Turn, offered: Offered) -> dict[str, Sentence]:
    room = say("trainings.free", free=Number(offered.free), seats=Number(offered.training.seats))
    if offered.is_full:
        waiting = Number(offered.waiting)
        room = say("trainings.full_with_line", waiting=waiting) if offered.waiting else say("trainings.full_line_free")
    return {"when": when(turn, offered), "place": notices.where(offered.training), "room": room}


def _date_button(turn: Turn, seat: Seat, offered: Offered, number: int) -> Button:
    day = offered.days[0].starts_at.astimezone(ZoneInfo(turn.house.district.timezone)).date()
    label = say("schedule.date_label", number=str(number), day=Date(day.isoformat()))
    return Button(label, "move", f"{seat.id}.{offered.training.id}")


async def move(_: Update, context: Context) -> None:
    """A date: the seat there, or where there is but a line the question whether that will do."""
    turn = context.turn
    seat_id, to_id = (int(part) for part in context.tapped.split("."))
    try:
        await _move(turn, seat_id, to_id, joins_line=False)
    except refusals.JustFilled:
        offered = await catalogue.one(turn.session, to_id)
        blanks = {"title": offered.training.title, "position": Number(offered.waiting + 1)}
        surely = Button(say("button.yes_join_line"), "move_line", f"{seat_id}.{to_id}")
        keep = Button(say("button.keep_date"), "seat", seat_id)
        await turn.answer_tap()
        await turn.change(say("schedule.move_to_line", when=when(turn, offered), **blanks), [[surely], [keep]])


async def move_to_line(_: Update, context: Context) -> None:
    """Ya: a seat there if there is one by now, else a place in its line; the old one goes on."""
    seat_id, to_id = (int(part) for part in context.tapped.split("."))
    await _move(context.turn, seat_id, to_id, joins_line=True)


async def _move(turn: Turn, seat_id: int, to_id: int, *, joins_line: bool) -> None:
    district = turn.house.district
    moved = await moving.move(turn.session, seat_id, to_id, turn.person, district, turn.now, joins_line=joins_line)
    await pass_on(turn, moved.offered)
    offered = await catalogue.one(turn.session, to_id)
    await turn.answer_tap()
    if isinstance(moved.outcome, Confirmed):
        await turn.change(say("schedule.moved", title=moved.old.title, when=when(turn, offered)), [[MINE]])
        await notices.send_ticket(turn.session, moved.outcome.seat, district)
    else:
        await tell_outcome(turn, offered.training, moved.outcome)


HANDLERS = [
    CommandHandler("jadwal", show, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE),
    CallbackQueryHandler(show_again, pattern=r"^seats:(\d{1,3})$"),
    CallbackQueryHandler(open_one, pattern=r"^seat:(\d{1,18})$"),
    CallbackQueryHandler(send_ticket, pattern=r"^ticket:(\d{1,18})$"),
    CallbackQueryHandler(send_calendar, pattern=r"^calendar:(\d{1,18})$"),
    CallbackQueryHandler(send_link, pattern=r"^link:(\d{1,18})$"),
    CallbackQueryHandler(ask_to_give_up, pattern=r"^give_up:(\d{1,18})$"),
    CallbackQueryHandler(give_up, pattern=r"^gone:(\d{1,18}\.(?:confirmed|held|waiting)(?:\.\d{1,9})?)$"),
    CallbackQueryHandler(list_dates, pattern=r"^dates:(\d{1,18})$"),
    CallbackQueryHandler(move, pattern=r"^move:(\d{1,18}\.\d{1,18})$"),
    CallbackQueryHandler(move_to_line, pattern=r"^move_line:(\d{1,18}\.\d{1,18})$"),
]
