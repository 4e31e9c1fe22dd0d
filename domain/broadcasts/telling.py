"""What an author hears of their broadcast: that it set out, how far it is, that it stands still, that it is over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from db import bulk
from db.models import Broadcast, BroadcastKind, BroadcastState, Person, RecipientState
from db.outbox import Settlement
from db.session import Session
from domain import post, staff
from domain.broadcasts import figures, outlets
from domain.broadcasts.content import content_of
from domain.broadcasts.figures import Figures
from domain.district import District
from domain.post import Note
from messages import Button, Buttons, Duration, Moment, Number, Sentence, say

EVERY = timedelta(seconds=5)
"""How often the message in which an author follows it is changed."""

SHOWN = "broadcast.progress_shown"
"""The verb that hears where that message stands."""

MOST_REASONS = 6


async def author_of(session: Session, broadcast: Broadcast) -> Person | None:
    """Who made it, where they can be told; None for the terminal's."""
    person = await session.get(Person, broadcast.author_id) if broadcast.author_id else None
    return person if person and person.is_reachable else None


async def set_out(session: Session, broadcast: Broadcast, district: District, now: datetime) -> None:
    """Owe the author the message in which they can follow it."""
    author = await author_of(session, broadcast)
    if author is None:
        return
    sentence, buttons = await progress(session, broadcast, district, now)
    note = Note(verb=SHOWN, verb_arguments={"broadcast": broadcast.id})
    await post.owe(session, author, sentence, buttons, note)


async def progress_shown(session: Session, arguments: Mapping[str, Any], settlement: Settlement, now: datetime) -> None:
    """It stands there: from now on it is kept current."""
    broadcast = await session.get(Broadcast, arguments["broadcast"])
    if broadcast is not None and settlement.message_ids:
        broadcast.progress_message_id, broadcast.progress_at = settlement.message_ids[-1], now


async def show_progress(session: Session, broadcast: Broadcast, district: District, now: datetime) -> None:
    """Let the author's message say how far it is now."""
    author = await author_of(session, broadcast)
    if author is not None and broadcast.progress_message_id is not None:
        sentence, buttons = await progress(session, broadcast, district, now)
        await post.owe_edit(session, author, broadcast.progress_message_id, sentence, buttons)


async def progress(
    session: Session, broadcast: Broadcast, district: District, now: datetime
) -> tuple[Sentence, Buttons]:
    """How far it is, in words, and what may be done with it."""
    done = await figures.figures(session, broadcast)
    blanks = {
        "title": title_of(broadcast),
        "bar": done.bar,
        "percent": done.percent,
        "done": Number(done.done),
        "total": Number(done.total),
        "lines": _lines(done),
        "until": _until(broadcast, done, district, now),
    }
    key = {BroadcastState.PAUSED: "broadcast.paused", BroadcastState.CANCELLED: "broadcast.stopped"}
    return say(key.get(broadcast.state, "broadcast.progress"), **blanks), under_progress(broadcast)


def under_progress(broadcast: Broadcast) -> Buttons:
    """What may be done with it while it is under way."""
    stop = Button(say("button.broadcast_stop"), "broadcast_stop", broadcast.id)
    again = Button(say("button.broadcast_refresh"), "broadcast", broadcast.id)
    if broadcast.state is BroadcastState.PAUSED:
        return [[Button(say("button.broadcast_resume"), "broadcast_resume", broadcast.id)], [stop], [again]]
    if broadcast.state in {BroadcastState.RUNNING, BroadcastState.PREPARING}:
        return [[Button(say("button.broadcast_pause"), "broadcast_pause", broadcast.id)], [stop], [again]]
    return [[again]]


def title_of(broadcast: Broadcast) -> Sentence | str:
    """How lists call it: its first words, or what kind of thing it is."""
    content = content_of(broadcast.content)
    return content.title or say(f"broadcast.kind_{content.kind}")


def _until(broadcast: Broadcast, done: Figures, district: District, now: datetime) -> Sentence:
    at = figures.ends_at(broadcast, done, now) if broadcast.state is BroadcastState.RUNNING else None
    if at is None:
        return say("broadcast.until_unknown")
    return say("broadcast.until", moment=Moment(at, district.timezone, now))


def _lines(done: Figures) -> tuple[Sentence, ...]:
    """A line for each thing that became of some."""
    numbers = {
        "sent": done.sent,
        "waiting": done.under_way,
        "blocked": done.blocked,
        "failed": done.failed,
        "uncertain": done.uncertain,
        "skipped": done.skipped,
    }
    return tuple(say(f"broadcast.line_{name}", number=Number(number)) for name, number in numbers.items() if number)


# What is said once.


async def paused(session: Session, broadcast_id: int, district: District, now: datetime) -> None:
    """Too many failed: it stands still until somebody decides."""
    broadcast = await session.get_one(Broadcast, broadcast_id)
    done = await figures.figures(session, broadcast)
    reason = next(
        (why for state, why in await bulk.reasons(session, broadcast.id) if state is RecipientState.FAILED), ""
    )
    words = {"title": title_of(broadcast), "failed": Number(done.failed), "sent": Number(done.sent), "reason": reason}
    await _tell(session, broadcast, say("broadcast.paused_by_failures", **words), under_progress(broadcast))
    await show_progress(session, broadcast, district, now)


async def finished(session: Session, broadcast: Broadcast, district: District, now: datetime) -> None:
    """Owe the author the report."""
    await show_progress(session, broadcast, district, now)
    sentence, buttons = await report(session, broadcast)
    await _tell(session, broadcast, sentence, buttons)


async def missed(session: Session, broadcast: Broadcast, district: District, now: datetime) -> None:
    """Its time passed while nobody could send it."""
    at = Moment(broadcast.starts_at or now, district.timezone, now)
    sentence = say("broadcast.missed", title=title_of(broadcast), moment=at)
    buttons = [[Button(say("button.broadcast_open"), "broadcast", broadcast.id)]]
    await _tell(session, broadcast, sentence, buttons, everybody=True)


async def missed_dates(
    session: Session,
    broadcast: Broadcast,
    dates: Sequence[datetime],
    following: datetime | None,
    district: District,
    now: datetime,
) -> None:
    """Of a schedule these dates were missed, *broadcast* the last of them; *following*: the date that comes now."""

    def moment(at: datetime) -> Moment:
        return Moment(at, district.timezone, now)

    if following is None:
        then = say("broadcast.then_over")
    else:
        key = "broadcast.then_newest" if following <= now else "broadcast.then_next"
        then = say(key, moment=moment(following))
    blanks = {"title": title_of(broadcast), "first": moment(dates[0]), "then": then}
    if len(dates) == 1:
        sentence = say("broadcast.missed_date", **blanks)
    else:
        sentence = say("broadcast.missed_dates", **blanks, number=Number(len(dates)), last=moment(dates[-1]))
    buttons = [
        [Button(say("button.broadcast_open"), "broadcast", broadcast.id)],
        [Button(say("button.broadcast_dates"), "broadcast_schedule", broadcast.schedule_id or 0)],
    ]
    await _tell(session, broadcast, sentence, buttons, everybody=True)


async def moved_on(
    session: Session, broadcast: Broadcast, following: datetime | None, district: District, now: datetime
) -> None:
    """An occurrence nobody confirmed in time waits for the date that comes, or for none any more."""
    blanks = {"title": title_of(broadcast), "first": Moment(broadcast.starts_at or now, district.timezone, now)}
    sentence = say("broadcast.never_confirmed", **blanks)
    if following is not None:
        sentence = say("broadcast.moved_on", **blanks, moment=Moment(following, district.timezone, now))
    buttons = [[Button(say("button.broadcast_open"), "broadcast", broadcast.id)]]
    await _tell(session, broadcast, sentence, buttons, everybody=True)


async def schedule_over(session: Session, broadcast: Broadcast) -> None:
    """After *broadcast* there is no date any more."""
    sentence = say("broadcast.schedule_over", title=title_of(broadcast))
    await _tell(session, broadcast, sentence, [[Button(say("button.broadcast_open"), "broadcast", broadcast.id)]])


async def schedule_dropped(session: Session, broadcast: Broadcast) -> None:
    """*broadcast*, the first of a schedule, was cancelled, and the schedule with it."""
    sentence = say("broadcast.schedule_dropped", title=title_of(broadcast))
    await _tell(session, broadcast, sentence, [[Button(say("button.broadcast_open"), "broadcast", broadcast.id)]])


async def author_left(session: Session, broadcast: Broadcast, district: District, now: datetime) -> None:
    """Who made it serves no more, so it did not set out, nor will any after it."""
    key = "broadcast.author_left" if broadcast.schedule_id is None else "broadcast.author_left_schedule"
    sentence = say(key, title=title_of(broadcast))
    buttons = [[Button(say("button.broadcast_open"), "broadcast", broadcast.id)]]
    await _tell(session, broadcast, sentence, buttons, everybody=True)


async def _tell(
    session: Session, broadcast: Broadcast, sentence: Sentence, buttons: Buttons, *, everybody: bool = False
) -> None:
    """The author; where there is none, or it concerns *everybody*, all who serve its office."""
    author = await author_of(session, broadcast)
    officers = await staff.officers_of(session, broadcast.office) if everybody or author is None else []
    told = {person.id: person for person in [*([author] if author else []), *officers]}
    for person in told.values():
        await post.owe(session, person, sentence, buttons)


# The report.


async def report(session: Session, broadcast: Broadcast) -> tuple[Sentence, Buttons]:
    """What became of it, by state and reason, and what may be done about it."""
    done = await figures.figures(session, broadcast)
    took = (broadcast.finished_at or broadcast.changed_at) - (broadcast.started_at or broadcast.made_at)
    blanks = {
        "title": title_of(broadcast),
        "total": Number(done.total),
        "lines": (*_lines(done), *await _reasons(session, broadcast), *await _not_shown_in(session, broadcast)),
        "took": Duration(took),
        "code": broadcast.code or "–",
    }
    key = {BroadcastKind.NOTICE: "broadcast.report", BroadcastKind.CORRECTION: "broadcast.report_correction"}
    return say(key.get(broadcast.kind, "broadcast.report_recall"), **blanks), _under_report(broadcast, done)


async def _reasons(session: Session, broadcast: Broadcast) -> list[Sentence]:
    found = await bulk.reasons(session, broadcast.id)
    told = [(why, number) for (state, why), number in found.items() if state is not RecipientState.BLOCKED and why]
    return [say("broadcast.reason", reason=reason_of(why), number=Number(n)) for why, n in told[:MOST_REASONS]]


async def _not_shown_in(session: Session, broadcast: Broadcast) -> list[Sentence]:
    """The channels and groups that did not get it, by name."""
    titles = await outlets.missed_by(session, broadcast)
    return [say("outlet.not_reached", titles=", ".join(titles))] if titles else []


KNOWN_REASONS: Mapping[str, str] = {
    "cancelled": "cancelled",
    "unreachable": "unreachable",
    "stopped": "stopped",
    "erased": "erased",
    "left audience": "left_audience",
    "outlet lost": "outlet_lost",
    "process ended": "process_ended",
}
"""Why somebody did not get it, as kept, and how the catalogue calls it; the rest is Telegram's own words."""


def reason_of(why: str) -> Sentence | str:
    """In words for officers."""
    known = KNOWN_REASONS.get(why)
    return say(f"broadcast.why_{known}") if known else why


def _under_report(broadcast: Broadcast, done: Figures) -> Buttons:
    rows: list[list[Button]] = []
    if broadcast.kind is BroadcastKind.NOTICE:
        if done.blocked + done.failed + done.uncertain:
            rows.append([Button(say("button.broadcast_unreached"), "broadcast_unreached", broadcast.id)])
        if done.sent:
            rows.append([Button(say("button.broadcast_correct"), "broadcast_correct", broadcast.id)])
            rows.append([Button(say("button.broadcast_recall"), "broadcast_recall", broadcast.id)])
    if done.failed:
        rows.insert(0, [Button(say("button.broadcast_retry"), "broadcast_retry", broadcast.id)])
    if done.uncertain:
        rows.append([Button(say("button.broadcast_uncertain"), "broadcast_uncertain", broadcast.id)])
    return [*rows, [Button(say("button.broadcast_open"), "broadcast", broadcast.id)]]
