"""/pelatihan: what is offered, leafed through in one message, and each training's card; /daftar: what can be joined."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from domain import post, profile, staff
from domain.errors import Refusal, StaleButton
from domain.trainings import Seat, SeatState, Training, TrainingState, catalogue, eligibility, notices, refusals
from domain.trainings.catalogue import Offered
from handlers.cards import TOPICS
from handlers.pages import leaf, page_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Hours, Moment, Number, Sentence, say
from messages.limits import cut

ON_A_PAGE = 5
MOST_OF_DESCRIPTION = 300
"""Characters of it in what is passed on to others."""

NUMBER = re.compile(r"[0-9]{1,18}")

SHARE = "https://t.me/share/url?url={link}&text={text}"
ALL, MINE = refusals.ALL, refusals.MINE
PROFILE = Button(say("button.mend_profile"), "profile", "show")


async def show_list(_: Update, context: Context) -> None:
    """/pelatihan: the first page, as a new message."""
    await show_list_to(context.turn)


async def show_list_to(turn: Turn) -> None:
    """The first page of what is offered."""
    await turn.reply(*await _list(turn, 0))


async def turn_list(_: Update, context: Context) -> None:
    """Another page, in the message that is open."""
    await context.turn.answer_tap()
    await context.turn.change(*await _list(context.turn, int(context.tapped)))


async def show_open(_: Update, context: Context) -> None:
    """/daftar: what can be joined now, each with a button that begins it."""
    await show_open_to(context.turn)


async def show_open_to(turn: Turn) -> None:
    """The first page of what can be joined."""
    await turn.reply(*await _open(turn, 0))


async def turn_open(_: Update, context: Context) -> None:
    """Another page of it, in the message that is open."""
    await context.turn.answer_tap()
    await context.turn.change(*await _open(context.turn, int(context.tapped)))


async def open_card(_: Update, context: Context) -> None:
    """A training's card."""
    offered = await catalogue.one(context.turn.session, int(context.tapped))
    await context.turn.answer_tap()
    await show_card(context.turn, offered)


async def open_link(turn: Turn, about: str) -> None:
    """/start pelatihan_7: the card of number 7."""
    try:
        offered = await catalogue.one(turn.session, int(about) if NUMBER.fullmatch(about) else 0)
    except StaleButton:
        await turn.reply(say("trainings.unknown_link"), [[ALL]])
        return
    await show_card(turn, offered)


# Lists.


async def _list(turn: Turn, page: int) -> tuple[Sentence, Buttons]:
    offered, others = await catalogue.fitting(turn.session, turn.person, turn.now)
    theirs = await catalogue.seats_of(turn.session, turn.person)
    shown, page, pages = page_of(offered, page, ON_A_PAGE)
    if not offered:
        words = say("trainings.none_for_you", number=Number(others)) if others else say("trainings.none")
        return words, [*([[PROFILE]] if others else []), [TOPICS], *await _officers_rows(turn, None)]
    lines = [_line(turn, one, number, theirs) for number, one in _numbered(shown, page)]
    if others:
        lines.append(say("trainings.others", number=Number(others)))
    rows = [[_button(one, number, "training")] for number, one in _numbered(shown, page)]
    ways = [MINE if theirs else TOPICS, *([PROFILE] if others else [])]
    rows = [*rows, *leaf("trainings", "", page, pages), ways]
    return say("trainings.list", lines=tuple(lines)), [*rows, *await _officers_rows(turn, None)]


async def _open(turn: Turn, page: int) -> tuple[Sentence, Buttons]:
    offered, _others = await catalogue.fitting(turn.session, turn.person, turn.now)
    theirs = await catalogue.seats_of(turn.session, turn.person)
    joinable = [one for one in offered if one.may_be_joined(turn.now) and one.training.id not in theirs]
    if not joinable:
        return say("trainings.none_open"), [[ALL], [MINE]] if theirs else [[ALL], [TOPICS]]
    shown, page, pages = page_of(joinable, page, ON_A_PAGE)
    lines = tuple(_line(turn, one, number, theirs) for number, one in _numbered(shown, page))
    rows = [[_button(one, number, "register")] for number, one in _numbered(shown, page)]
    return say("trainings.open", lines=lines), [*rows, *leaf("signup", "", page, pages), [ALL]]


def _numbered(shown: Sequence[Offered], page: int) -> Iterator[tuple[int, Offered]]:
    return enumerate(shown, 1 + page * ON_A_PAGE)


def _button(offered: Offered, number: int, verb: str) -> Button:
    # Numbered, since two dates of one training have the same title.
    return Button(f"{number}. {offered.training.title}", verb, offered.training.id)


def _line(turn: Turn, offered: Offered, number: int, theirs: dict[int, Seat]) -> Sentence:
    state = _standing(turn, offered, theirs.get(offered.training.id))
    title = offered.training.title
    return say("trainings.line", number=str(number), title=title, when=when(turn, offered), state=state)


def when(turn: Turn, offered: Offered) -> Sentence:
    """The first day, and how many there are."""
    first = offered.days[0]
    hours = Hours(first.starts_at, first.ends_at, turn.house.district.timezone)
    if len(offered.days) == 1:
        return say("training.day", hours=hours)
    return say("trainings.days", hours=hours, number=Number(len(offered.days)))


def _standing(turn: Turn, offered: Offered, seat: Seat | None) -> Sentence:
    """What they have in it, or else what there is to be had."""
    if seat:
        return standing_of(seat)
    opens_at, zone = offered.training.opens_at, turn.house.district.timezone
    if opens_at and turn.now < opens_at:
        return say("trainings.opens", opens=Moment(opens_at, zone, turn.now))
    if offered.is_closed(turn.now):
        return say("trainings.closed")
    return _room(offered)


def standing_of(seat: Seat) -> Sentence:
    """What somebody has in a training, in a line."""
    if seat.state is SeatState.HELD:
        return say("trainings.yours_offered")
    return say("trainings.yours") if seat.state is SeatState.CONFIRMED else say("trainings.yours_waiting")


def _room(offered: Offered) -> Sentence:
    if offered.is_full and offered.has_room and not offered.waiting:
        return say("trainings.full_line_free")
    if offered.is_full and offered.training.has_waiting_list and offered.waiting:
        return say("trainings.full_with_line", waiting=Number(offered.waiting))
    if offered.is_full:
        return say("trainings.full")
    return say("trainings.free", free=Number(offered.free), seats=Number(offered.training.seats))


# The card.


async def show_card(turn: Turn, offered: Offered) -> None:
    """The card, with its picture where there is one, in the message that is open where that can be."""
    if offered.training.state is TrainingState.CANCELLED:
        await turn.change(*await _card_of_cancelled(turn, offered.training))
        return
    sentence, buttons = await card(turn, offered)
    if not offered.training.picture:
        await turn.change(sentence, buttons)
        return
    shown = turn.session, turn.person, "photo", offered.training.picture
    if post.fits_caption(sentence, turn.person.language):
        await post.owe_media(*shown, sentence, buttons)
    else:
        await post.owe_media(*shown, say("trainings.picture", title=offered.training.title))
        await turn.reply(sentence, buttons)


async def card(turn: Turn, offered: Offered) -> tuple[Sentence, Buttons]:
    """All there is to know of it, and what this person can do."""
    training = offered.training
    seat = _that_counts((await catalogue.seats_of(turn.session, turn.person)).get(training.id), training, turn)
    obstacle = None if seat else await _obstacle(turn, offered)
    lines = list(_facts(turn, offered))
    if status := standing_of(seat) if seat else obstacle and obstacle.sentence:
        lines.append(say("trainings.status", status=status))
    text = say("trainings.card", title=training.title, description=training.description, lines=tuple(lines))
    first = Button(say("button.my_seat"), "seat", seat.id) if seat else None
    if first is None and obstacle is None:
        first = register_button(offered)
    rows = [[first]] if first else []
    share = Button(say("button.share"), url=_share(turn, training))
    more = [share, Button(say("button.text_for_wa"), "wa", training.id)]
    rows += [
        *([more] if offered.is_worth_sharing(turn.now) else []),
        *([[_map(training)]] if training.latitude is not None else []),
    ]
    ways = [row for row in obstacle.buttons if row[0].verb not in {ALL.verb, "training"}] if obstacle else []
    return text, [*rows, *ways, *await _officers_rows(turn, training), [await _back(turn, training)]]


def _that_counts(seat: Seat | None, training: Training, turn: Turn) -> Seat | None:
    """No seat is theirs in a training that is over, and no place in the line of one that has begun."""
    if seat is None or not refusals.has_begun(training, turn.now):
        return seat
    return seat if refusals.is_running(training, turn.now) and seat.state is SeatState.CONFIRMED else None


async def _back(turn: Turn, training: Training) -> Button:
    """To the page of the list on which it stands."""
    listed = [one.training.id for one in (await catalogue.fitting(turn.session, turn.person, turn.now))[0]]
    page = listed.index(training.id) // ON_A_PAGE if training.id in listed else 0
    return Button(ALL.label, ALL.verb, page)


async def _card_of_cancelled(turn: Turn, training: Training) -> tuple[Sentence, Buttons]:
    """That it does not take place, and why; nothing that would call anybody to it."""
    off = say("trainings.off", title=training.title)
    if training.why_off:
        off = say("trainings.off_why", title=training.title, why=training.why_off)
    return off, [[refusals.OPEN], [ALL], [refusals.OFFICER], *await _officers_rows(turn, training)]


def register_button(offered: Offered) -> Button:
    """Begins the registration, for a seat or for the line."""
    if offered.is_full:
        label = say("button.join_line", n=Number(offered.waiting)) if offered.waiting else say("button.join_empty_line")
        return Button(label, "register", offered.training.id)
    return Button(say("button.register"), "register", offered.training.id)


async def _obstacle(turn: Turn, offered: Offered) -> Refusal | None:
    """Why this person cannot register, with what to do instead."""
    try:
        await unless_may(turn, offered)
    except Refusal as refusal:
        return refusal
    return None


async def unless_may(turn: Turn, offered: Offered) -> None:
    """Raises the Refusal that says why this person cannot register for it now; what they have in it is not asked."""
    training, district = offered.training, turn.house.district
    refusals.unless_open(training, turn.now, district.timezone)
    known = await profile.values(turn.session, turn.person)
    await eligibility.unless_for(turn.session, training, turn.person, known, district)
    if not offered.has_room:
        raise refusals.LineFull(training) if training.has_waiting_list else refusals.Full(training)


def _facts(turn: Turn, offered: Offered) -> Iterator[Sentence]:
    training, district = offered.training, turn.house.district
    yield from notices.lines_of(offered.days, district)
    yield notices.where(training)
    if not offered.is_closed(turn.now):
        yield _room(offered)
    yield _for_whom(turn, training)
    closes_at = training.closes_at or training.starts_at
    if closes_at and offered.is_worth_sharing(turn.now):
        yield say("trainings.until", until=Moment(closes_at, district.timezone, turn.now))
    if training.cancel_until and turn.now < training.cancel_until:
        yield say("trainings.cancel_until", until=Moment(training.cancel_until, district.timezone, turn.now))
    office = district.office(training.office)
    yield say("trainings.office", office=office.short_name if office else training.office)
    if training.contact:
        yield say("trainings.contact", contact=training.contact)


def _for_whom(turn: Turn, training: Training) -> Sentence:
    sectors = turn.house.district.sectors
    groups = [say("trainings.of_kecamatan", kecamatan=", ".join(training.kecamatan))] if training.kecamatan else []
    if training.sectors:
        names = ", ".join(sectors.get(key, key) for key in training.sectors)
        groups.append(say("trainings.of_sectors", sectors=names))
    if training.is_for_new:
        groups.append(say("trainings.of_new"))
    return say("trainings.for_some", groups=tuple(groups)) if groups else say("trainings.for_all")


def _map(training: Training) -> Button:
    return Button(say("button.map"), "map", training.id)


async def _officers_rows(turn: Turn, training: Training | None) -> Buttons:
    officer = await staff.officer_of(turn.session, turn.person)
    if officer is None:
        return ()
    from handlers.trainings import desk as training_desk  # noqa: PLC0415 -- it shows these cards, too

    return training_desk.under_card(officer, training) if training else training_desk.under_list(officer)


# What is passed on.


def link_to(turn: Turn, training: Training) -> str:
    """Opens the card, for anybody."""
    return f"https://t.me/{turn.username}?start=pelatihan_{training.id}"


def _share(turn: Turn, training: Training) -> str:
    return SHARE.format(link=quote(link_to(turn, training), safe=""), text=quote(training.title, safe=""))


async def show_text(_: Update, context: Context) -> None:
    """Teks untuk WA: plain words to copy, with the link."""
    turn = context.turn
    offered = await catalogue.one(turn.session, int(context.tapped))
    training = offered.training
    if not offered.is_worth_sharing(turn.now):
        raise await _obstacle(turn, offered) or refusals.Full(training)
    await turn.answer_tap()
    days = notices.lines_of(offered.days, turn.house.district)
    blanks = {"title": training.title, "days": days, "place": notices.where(training), "link": link_to(turn, training)}
    description = cut(training.description, MOST_OF_DESCRIPTION)
    await turn.reply(say("trainings.for_wa", description=description, **blanks), [[notices.see(training)]])


async def show_map(_: Update, context: Context) -> None:
    """Peta: the pin of the place."""
    turn = context.turn
    training = (await catalogue.one(turn.session, int(context.tapped))).training
    if training.latitude is None or training.longitude is None:
        raise StaleButton
    await turn.answer_tap()
    pin = {"latitude": training.latitude, "longitude": training.longitude}
    await post.owe_call(turn.session, turn.person, "send_location", pin)


IN_PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE

HANDLERS = [
    CommandHandler("pelatihan", show_list, IN_PRIVATE),
    CommandHandler("daftar", show_open, IN_PRIVATE),
    CallbackQueryHandler(turn_list, pattern=r"^trainings:(\d{1,3})$"),
    CallbackQueryHandler(turn_open, pattern=r"^signup:(\d{1,3})$"),
    CallbackQueryHandler(open_card, pattern=r"^training:(\d{1,18})$"),
    CallbackQueryHandler(show_text, pattern=r"^wa:(\d{1,18})$"),
    CallbackQueryHandler(show_map, pattern=r"^map:(\d{1,18})$"),
]
