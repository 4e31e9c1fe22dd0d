"""Broadcasts that come again, as their officers see them: the list, one with its next dates, skip the next, stop."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import holidays, staff
from domain.broadcasts import Broadcast, BroadcastSchedule, BroadcastState, drafts, quiet, repeating, schedule, telling
from domain.broadcasts.rhythm import Rhythm, rhythm_of, words_of
from domain.errors import Refusal
from domain.staff import Role
from handlers import steps
from handlers.pages import leaf, page_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Date, Day, Duration, Moment, Sentence, say
from messages.limits import cut

LABEL = 24
"""UTF-16 units of a broadcast's first words on a button."""


# The list.


async def show_all(_: Update, context: Context) -> None:
    """Those of their offices that go on, a page of them."""
    turn = context.turn
    officer = await staff.access(turn.session, turn.person, reads=True)
    await steps.leave(turn, "broadcast.")
    await turn.answer_tap()
    offices = [office.key for office in turn.house.district.offices if staff.serves(officer, office.key)]
    every = await repeating.of_offices(turn.session, offices)
    shown, page, pages = page_of(every, int(context.tapped), 6)
    lines, rows = [], []
    for one in shown:
        occurrence = await schedule.pending(turn.session, one.id) or await schedule.newest(turn.session, one.id)
        if occurrence is not None:
            lines.append(_line(turn, one, occurrence))
            rows.append([Button(_label(occurrence), "broadcast_schedule", one.id)])
    back = [Button(say("button.back"), "siaran", 0)]
    said = say("broadcast.schedules", lines=tuple(lines)) if lines else say("broadcast.no_schedules")
    await turn.change(said, [*rows, *leaf("broadcast_schedules", "", page, pages), back])


def _line(turn: Turn, one: BroadcastSchedule, occurrence: Broadcast) -> Sentence:
    rhythm = words_of(rhythm_of(one.rhythm), zone_name(turn))
    next_ = repeating.dates_of(one, occurrence, turn.house.district, turn.now)[:1]
    then = say("broadcast.next_is", moment=_moment(turn, next_[0])) if next_ else say("broadcast.no_next")
    return say("broadcast.schedule_line", title=telling.title_of(occurrence), rhythm=rhythm, then=then)


def _label(occurrence: Broadcast) -> Sentence | str:
    title = telling.title_of(occurrence)
    return f"🔁 {cut(title, LABEL)}" if isinstance(title, str) else title


# One.


async def show(_: Update, context: Context) -> None:
    """One with its next dates, and what may be done with it."""
    turn = context.turn
    one = await repeating.access(turn.session, turn.person, int(context.tapped), reads=True)
    await steps.leave(turn, "broadcast.")
    await turn.answer_tap()
    await change_to(turn, one)


async def change_to(turn: Turn, one: BroadcastSchedule, note: Sentence | None = None) -> None:
    """Let the tapped message show *one* as it stands; over it *note*, what was just done."""
    await turn.session.flush()
    following = await schedule.pending(turn.session, one.id)
    occurrence = following or await schedule.newest(turn.session, one.id)
    if occurrence is None:
        raise Refusal(say("broadcast.schedule_gone"))
    rhythm = rhythm_of(one.rhythm)
    blanks = {
        "title": telling.title_of(occurrence),
        "said": await described(turn, occurrence, rhythm, one.ends_on, one.late_limit),
    }
    found = repeating.dates_of(one, following, turn.house.district, turn.now)
    if one.stopped_at is not None:
        sentence = say("broadcast.schedule_stopped", **blanks)
    else:
        lines = await lines_of(turn, occurrence, rhythm, found, one.ends_on)
        sentence = say("broadcast.schedule_one", **blanks, lines=(*lines, *_standing(following)))
    if note is not None:
        sentence = say("broadcast.dates_noted", note=note, text=sentence)
    await turn.change(sentence, await _under(turn, one, occurrence))


def _standing(following: Broadcast | None) -> tuple[Sentence, ...]:
    """What keeps the next one from going out."""
    if following is not None and following.state is BroadcastState.PROPOSED:
        return (say("broadcast.next_proposed"),)
    if following is not None and following.state is BroadcastState.DRAFT:
        return (say("broadcast.next_draft"),)
    return ()


async def _under(turn: Turn, one: BroadcastSchedule, occurrence: Broadcast) -> Buttons:
    officer = await staff.officer_of(turn.session, turn.person)
    opened = [Button(say("button.broadcast_open"), "broadcast", occurrence.id)]
    back = [Button(say("button.back"), "broadcast_schedules", 0)]
    if one.stopped_at is not None or officer is None or officer.role is Role.READER:
        return [opened, back]
    skip_it = Button(say("button.skip_next"), "broadcast_schedule_skip", occurrence.id)
    stop_it = Button(say("button.stop_schedule"), "broadcast_schedule_stop", one.id)
    return [opened, [skip_it], [stop_it], back]


# Skip and stop.


async def ask_skip(_: Update, context: Context) -> None:
    """Lewati yang berikutnya: asked once more, with its date."""
    turn = context.turn
    one, occurrence = await _occurrence(context)
    await turn.answer_tap()
    if occurrence.state not in schedule.PENDING:
        return await change_to(turn, one, say("broadcast.skip_late"))
    surely = Button(say("button.skip_surely"), "broadcast_schedule_skipped", occurrence.id)
    leave = Button(say("button.leave_it"), "broadcast_schedule", one.id)
    moment = _moment(turn, occurrence.starts_at or turn.now)
    sentence = say("broadcast.ask_skip", title=telling.title_of(occurrence), moment=moment)
    return await turn.change(sentence, [[surely], [leave]])


async def skip(_: Update, context: Context) -> None:
    """It is meant: this one only. A second tap finds it dropped and shows what comes now."""
    turn = context.turn
    one, occurrence = await _occurrence(context)
    await turn.answer_tap()
    if occurrence.state not in schedule.PENDING:
        return await change_to(turn, one, say("broadcast.skip_late"))
    moment = _moment(turn, occurrence.starts_at or turn.now)
    await repeating.skip(turn.session, occurrence.id, drafts.actor(turn.person), turn.house.district, turn.now)
    return await change_to(turn, one, say("broadcast.skipped", moment=moment))


async def ask_stop(_: Update, context: Context) -> None:
    """Hentikan jadwal: asked once more."""
    turn = context.turn
    one = await repeating.access(turn.session, turn.person, int(context.tapped))
    await turn.answer_tap()
    following = await schedule.pending(turn.session, one.id)
    if one.stopped_at is not None or following is None:
        return await change_to(turn, one)
    surely = Button(say("button.stop_surely"), "broadcast_schedule_stopped", one.id)
    leave = Button(say("button.leave_it"), "broadcast_schedule", one.id)
    moment = _moment(turn, following.starts_at or turn.now)
    sentence = say("broadcast.ask_stop_dates", title=telling.title_of(following), moment=moment)
    return await turn.change(sentence, [[surely], [leave]])


async def stop(_: Update, context: Context) -> None:
    """It is meant: none comes any more."""
    turn = context.turn
    one = await repeating.access(turn.session, turn.person, int(context.tapped))
    await turn.answer_tap()
    await repeating.stop(turn.session, one.id, drafts.actor(turn.person), turn.now)
    await change_to(turn, one)


async def _occurrence(context: Context) -> tuple[BroadcastSchedule, Broadcast]:
    """The occurrence that the button names, so that a second tap is not about the one after it."""
    return await repeating.access_occurrence(context.turn.session, context.turn.person, int(context.tapped))


# In words.


async def described(
    turn: Turn, broadcast: Broadcast, rhythm: Rhythm, ends_on: date | None, late_limit: int | None
) -> tuple[Sentence, ...]:
    """A line each: how often, until when, how late at most, and what is to be known of it."""
    until = say("broadcast.ends_on", day=Date(ends_on.isoformat())) if ends_on else say("broadcast.never_ends")
    late = say("broadcast.however_late")
    if late_limit is not None:
        late = say("broadcast.late_limit", limit=minutes(late_limit))
    return (say("broadcast.rhythm", words=words_of(rhythm, zone_name(turn))), until, late)


def minutes(limit: int) -> Sentence:
    """So many minutes, as one says it."""
    return say("broadcast.duration", duration=Duration(timedelta(minutes=limit)))


async def lines_of(
    turn: Turn, broadcast: Broadcast, rhythm: Rhythm, found: list[datetime], ends_on: date | None
) -> tuple[Sentence, ...]:
    """A line a date, holidays marked, and what is to be known of them: the last one, months without, quiet hours."""
    zone = ZoneInfo(turn.house.district.timezone)
    named = {one.day: one.name for one in await holidays.known(turn.session, turn.house.district)}
    lines = []
    for at in found:
        here = at.astimezone(zone)
        blanks = {"day": Day(here.date()), "time": f"{here:%H.%M}"}
        if here.date() in named:
            name = named[here.date()] or say("settings.unnamed")
            lines.append(say("broadcast.date_holiday", **blanks, name=name))
        else:
            lines.append(say("broadcast.date", **blanks))
    if found and ends_on and len(found) < repeating.SHOWN:
        lines.append(say("broadcast.then_ends"))
    if rhythm.skips_months:
        lines.append(say("broadcast.skips_months", day=rhythm.day))
    if found and broadcast.keeps_quiet_hours:
        until = await quiet.until(turn.session, turn.house.district, found[0])
        if until is not None:
            lines.append(say("broadcast.in_quiet_hours", time=f"{until.astimezone(zone):%H.%M}"))
    return tuple(lines)


def today(turn: Turn) -> date:
    """The day it is in the district."""
    return turn.now.astimezone(ZoneInfo(turn.house.district.timezone)).date()


def zone_name(turn: Turn) -> str:
    """As "WIB"."""
    return turn.now.astimezone(ZoneInfo(turn.house.district.timezone)).tzname() or ""


def _moment(turn: Turn, at: datetime) -> Moment:
    return Moment(at, turn.house.district.timezone, turn.now)


HANDLERS = [
    CallbackQueryHandler(show_all, pattern=r"^broadcast_schedules:(\d{1,3})$"),
    CallbackQueryHandler(show, pattern=r"^broadcast_schedule:(\d{1,18})$"),
    CallbackQueryHandler(ask_skip, pattern=r"^broadcast_schedule_skip:(\d{1,18})$"),
    CallbackQueryHandler(skip, pattern=r"^broadcast_schedule_skipped:(\d{1,18})$"),
    CallbackQueryHandler(ask_stop, pattern=r"^broadcast_schedule_stop:(\d{1,18})$"),
    CallbackQueryHandler(stop, pattern=r"^broadcast_schedule_stopped:(\d{1,18})$"),
]
