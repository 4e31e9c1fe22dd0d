"""What an author hears of their broadcast: that it set out, how far it is, that it stands still, that it is over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from db import bulk
from db.models import Broadcast, BroadcastKind, BroadcastState, Delivery, DeliveryState, Officer, Person, RecipientState
from db.outbox import Settlement
from db.session import Session
from domain import post, staff
from domain.broadcasts import children, figures, outlets, unreached
from domain.broadcasts.content import content_of
from domain.broadcasts.figures import Figures
from domain.broadcasts.sending import STOPPED
from domain.district import District
from domain.post import Note
from messages import Button, Buttons, Duration, Moment, Number, Sentence, say

EVERY = timedelta(seconds=5)
"""How often the message in which an author follows it is changed."""

SHOWN = "broadcast.progress_shown"
"""The verb that hears where that message stands."""

MOST_REASONS = 6


async def author_of(session: Session, broadcast: Broadcast) -> Person | None:
    """Who made it, where they can be told; None for the terminal's, and for who serves its office no more."""
    person = await session.get(Person, broadcast.author_id) if broadcast.author_id else None
    officer = await session.get(Officer, broadcast.author_id) if person and person.is_reachable else None
    return person if officer and staff.serves(officer, broadcast.office) else None


async def set_out(session: Session, broadcast: Broadcast, district: District, now: datetime) -> None:
    """Owe the author the message in which they can follow it, where they have none yet."""
    author = await author_of(session, broadcast)
    if author is None or broadcast.progress_message_id is not None:
        await show_progress(session, broadcast, district, now)
        return
    sentence, buttons = await progress(session, broadcast, district, now)
    note = Note(verb=SHOWN, verb_arguments={"broadcast": broadcast.id})
    await post.owe(session, author, sentence, buttons, note)


def verbs(district: District) -> Mapping[str, Any]:
    """By the name a row of the outbox gives."""

    async def shown(session: Session, arguments: Mapping[str, Any], settlement: Settlement, now: datetime) -> None:
        """It stands there: from now on it is kept current; what came about meanwhile is shown at once."""
        broadcast = await session.get(Broadcast, arguments["broadcast"])
        if broadcast is not None and settlement.message_ids:
            broadcast.progress_message_id = settlement.message_ids[-1]
            await show_progress(session, broadcast, district, now, settlement.owed.arguments)

    return {SHOWN: shown}


async def show_progress(
    session: Session,
    broadcast: Broadcast,
    district: District,
    now: datetime,
    said: Mapping[str, Any] | None = None,
) -> None:
    """Let the author's message say how far it is now, unless it says so already. *said*: what it says, if known."""
    author = await author_of(session, broadcast)
    if author is None or broadcast.progress_message_id is None:
        return
    broadcast.progress_at = now
    sentence, buttons = await progress(session, broadcast, district, now)
    said = said or await _said(session, f"{author.telegram_id}:{broadcast.progress_message_id}")
    text, markup = sentence.in_language(author.language), post.keyboard(buttons, author.language)
    if (said.get("text"), said.get("reply_markup")) != (text, markup):
        await post.owe_edit(session, author, broadcast.progress_message_id, sentence, buttons)


async def _said(session: Session, edits: str) -> Mapping[str, Any]:
    """What a message says, or will, since it was changed last; nothing where that is not known."""
    changes = select(Delivery).where(col(Delivery.edits) == edits).order_by(col(Delivery.id).desc()).limit(1)
    last = (await session.exec(changes)).first()
    gone_wrong = (DeliveryState.FAILED, DeliveryState.SKIPPED, DeliveryState.UNCERTAIN)
    return last.arguments if last is not None and last.state not in gone_wrong else {}


async def progress(
    session: Session, broadcast: Broadcast, district: District, now: datetime
) -> tuple[Sentence, Buttons]:
    """How far it is, in words, and what may be done with it."""
    done = await figures.figures(session, broadcast)
    blanks: dict[str, Any] = {
        "title": headed(broadcast),
        "bar": done.bar,
        "percent": done.percent,
        "done": Number(done.done),
        "total": Number(done.total),
        "left": Number(done.under_way),
        "lines": _lines(broadcast, done),
    }
    match broadcast.state:
        case BroadcastState.PREPARING:
            sentence = say("broadcast.preparing", **blanks)
        case BroadcastState.PAUSED:
            sentence = say("broadcast.paused", **blanks)
        case BroadcastState.CANCELLED:
            sentence = say("broadcast.stopped", **blanks)
        case BroadcastState.FINISHED:
            sentence = say("broadcast.over", **blanks)
        case _ if (rests := figures.rests_until(done, now)) is not None:
            sentence = say("broadcast.resting", moment=Moment(rests, district.timezone, now), **blanks)
        case _:
            sentence = say("broadcast.progress", until=_until(broadcast, done, district, now), **blanks)
    return sentence, under_progress(broadcast)


def under_progress(broadcast: Broadcast) -> Buttons:
    """What may be done with it while it is under way, and where to look when it is not."""
    id, state = broadcast.id, broadcast.state
    stop = Button(say("button.broadcast_stop"), "broadcast_stop", id)
    again = [Button(say("button.broadcast_refresh"), "broadcast", id)]
    if state is BroadcastState.PREPARING:
        return [[stop], again]
    if state not in {BroadcastState.RUNNING, BroadcastState.PAUSED}:
        return [[Button(say("button.broadcast_report"), "broadcast", id)]]
    pause = Button(say("button.broadcast_pause"), "broadcast_pause", id)
    resume = Button(say("button.broadcast_resume"), "broadcast_resume", id)
    rows = [[resume if state is BroadcastState.PAUSED else pause, stop], again]
    if broadcast.kind is BroadcastKind.NOTICE:
        rows.insert(1, [_correct(broadcast), _recall(broadcast)])
    return rows


def _correct(broadcast: Broadcast) -> Button:
    return Button(say("button.broadcast_correct"), "broadcast_correct", broadcast.id)


def _recall(broadcast: Broadcast) -> Button:
    return Button(say("button.broadcast_recall"), "broadcast_recall", broadcast.id)


def title_of(broadcast: Broadcast) -> Sentence | str:
    """How lists call it: its first words, or what kind of thing it is."""
    content = content_of(broadcast.content)
    return content.title or say(f"broadcast.kind_{content.kind}")


def headed(broadcast: Broadcast) -> Sentence | str:
    """The same, with what is done to it."""
    title = title_of(broadcast)
    if broadcast.kind is BroadcastKind.CORRECTION:
        return say("broadcast.of_correction", title=title)
    return say("broadcast.of_recall", title=title) if broadcast.kind is BroadcastKind.RECALL else title


def _until(broadcast: Broadcast, done: Figures, district: District, now: datetime) -> Sentence:
    at = figures.ends_at(broadcast, done, now)
    if at is None:
        return say("broadcast.until_unknown")
    return say("broadcast.until", moment=Moment(at, district.timezone, now))


def _lines(broadcast: Broadcast, done: Figures) -> tuple[Sentence, ...]:
    """A line for each thing that became of some."""
    return tuple(line for _state, line in _lines_by_state(broadcast, done))


SUCCEEDED = {
    BroadcastKind.NOTICE: "sent",
    BroadcastKind.CORRECTION: "corrected",
    BroadcastKind.RECALL: "recalled",
}
"""What became of whom it went well with, as the catalogue calls it."""


def _lines_by_state(broadcast: Broadcast, done: Figures) -> list[tuple[RecipientState, Sentence]]:
    numbers = {
        SUCCEEDED[broadcast.kind]: (RecipientState.SENT, done.sent),
        "waiting": (RecipientState.WAITING, done.under_way),
        "blocked": (RecipientState.BLOCKED, done.blocked),
        "failed": (RecipientState.FAILED, done.failed),
        "uncertain": (RecipientState.UNCERTAIN, done.uncertain),
        "skipped": (RecipientState.SKIPPED, done.skipped),
    }
    return [
        (state, say(f"broadcast.line_{name}", number=Number(number)))
        for name, (state, number) in numbers.items()
        if number
    ]


# What is said once.


async def paused(session: Session, broadcast_id: int, district: District, now: datetime) -> None:
    """Too many failed: it stands still until somebody decides."""
    broadcast = await session.get_one(Broadcast, broadcast_id)
    done = await figures.figures(session, broadcast)
    told = {RecipientState.FAILED, RecipientState.UNCERTAIN}
    reason = next((why for state, why in await bulk.reasons(session, broadcast.id) if state in told), "")
    wrong = Number(done.failed + done.uncertain)
    words = {"title": headed(broadcast), "failed": wrong, "sent": Number(done.sent), "left": Number(done.under_way)}
    sentence = say("broadcast.paused_by_failures", reason=reason_of(reason), **words)
    await _tell(session, broadcast, sentence, under_progress(broadcast))
    await show_progress(session, broadcast, district, now)


async def finished(session: Session, broadcast: Broadcast, district: District, now: datetime) -> None:
    """Owe the author the report."""
    await show_progress(session, broadcast, district, now)
    sentence, buttons = await report(session, broadcast)
    await _tell(session, broadcast, sentence, buttons)


async def missed(session: Session, broadcast: Broadcast, district: District, now: datetime) -> None:
    """Its time passed while nobody could send it."""
    sentence, buttons = of_missed(broadcast, district, now)
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


async def waits_for_button(
    session: Session, broadcast: Broadcast, training: str, district: District, now: datetime
) -> None:
    """It did not set out, and is a draft again: one of its buttons leads to a registration that is over."""
    blanks = {"title": title_of(broadcast), "moment": Moment(broadcast.starts_at or now, district.timezone, now)}
    buttons = [[Button(say("button.broadcast_open"), "broadcast", broadcast.id)]]
    sentence = say("broadcast.waits_for_button", **blanks, training=training)
    await _tell(session, broadcast, sentence, buttons, everybody=True)


async def schedule_over(session: Session, broadcast: Broadcast) -> None:
    """After *broadcast* there is no date any more."""
    sentence = say("broadcast.schedule_over", title=title_of(broadcast))
    await _tell(session, broadcast, sentence, [[Button(say("button.broadcast_open"), "broadcast", broadcast.id)]])


async def schedule_dropped(session: Session, broadcast: Broadcast) -> None:
    """*broadcast*, the first of a schedule, was cancelled, and the schedule with it."""
    sentence = say("broadcast.schedule_dropped", title=title_of(broadcast))
    await _tell(session, broadcast, sentence, [[Button(say("button.broadcast_open"), "broadcast", broadcast.id)]])


def of_missed(broadcast: Broadcast, district: District, now: datetime) -> tuple[Sentence, Buttons]:
    """That it was missed, and what may be done about it."""
    at = Moment(broadcast.starts_at or now, district.timezone, now)
    late = Button(say("button.broadcast_late"), "broadcast_late", broadcast.id)
    drop = Button(say("button.broadcast_drop_missed"), "broadcast_stop", broadcast.id)
    return say("broadcast.missed", title=title_of(broadcast), moment=at), [[late], [drop]]


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
        "lines": (
            *await _lines_with_reasons(session, broadcast, done),
            *await _changes(session, broadcast),
            *await _not_shown_in(session, broadcast),
        ),
        "took": Duration(took),
        "code": broadcast.code or "–",
    }
    buttons = await _under_report(session, broadcast, done)
    match broadcast.kind, broadcast.state:
        case BroadcastKind.NOTICE, BroadcastState.CANCELLED:
            return say("broadcast.report_stopped", **blanks), buttons
        case BroadcastKind.NOTICE, _:
            return say("broadcast.report", **blanks), buttons
        case BroadcastKind.CORRECTION, _:
            return say("broadcast.report_correction", **blanks), buttons
    return say("broadcast.report_recall", **blanks), buttons


async def _lines_with_reasons(session: Session, broadcast: Broadcast, done: Figures) -> list[Sentence]:
    """Each thing that became of some, and below it why."""
    by_state: dict[RecipientState, dict[str, int]] = {}
    for (state, why), number in (await bulk.reasons(session, broadcast.id)).items():
        if why and state is not RecipientState.BLOCKED:
            found = by_state.setdefault(state, {})
            found[_word(why) or why] = found.get(_word(why) or why, 0) + number
    lines: list[Sentence] = []
    for state, line in _lines_by_state(broadcast, done):
        lines.append(line)
        for word, number in list(by_state.get(state, {}).items())[:MOST_REASONS]:
            lines.append(say("broadcast.reason", reason=_named(word), number=Number(number)))
    return lines


async def _changes(session: Session, broadcast: Broadcast) -> list[Sentence]:
    """That its words were corrected, that it was taken back."""
    lines = []
    if broadcast.kind is BroadcastKind.NOTICE and broadcast.version > 1:
        lines.append(say("broadcast.was_corrected", number=Number(broadcast.version - 1)))
    if broadcast.kind is BroadcastKind.NOTICE and await children.is_recalled(session, broadcast):
        lines.append(say("broadcast.was_recalled"))
    return lines


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
    STOPPED: "process_ended",
    "no answer from Telegram": "no_answer",
    "a gateway answered": "no_answer",
}
"""Why somebody did not get it, as kept or as that begins, and how the catalogue calls it; the rest is Telegram's own
words."""


def reason_of(why: str) -> Sentence | str:
    """In words for officers."""
    return _named(_word(why) or why)


def _named(word: str) -> Sentence | str:
    return say(f"broadcast.why_{word}") if word in KNOWN_REASONS.values() else word


def _word(why: str) -> str | None:
    return next((word for begins, word in KNOWN_REASONS.items() if why.startswith(begins)), None)


async def _under_report(session: Session, broadcast: Broadcast, done: Figures) -> Buttons:
    id, rows = broadcast.id, list[list[Button]]()
    if broadcast.state is BroadcastState.FINISHED and not await children.is_outdated(session, broadcast):
        if done.failed:
            rows.append([Button(say("button.broadcast_retry"), "broadcast_retry", id)])
        if done.uncertain:
            rows.append([Button(say("button.broadcast_uncertain"), "broadcast_uncertain", id)])
    if await unreached.number(session, broadcast):
        rows.append([Button(say("button.broadcast_unreached"), "broadcast_unreached", id)])
    if broadcast.kind is not BroadcastKind.NOTICE:
        return [*rows, [Button(say("button.broadcast_open"), "broadcast", broadcast.parent_id or id)]]
    if done.sent and not await children.is_recalled(session, broadcast):
        rows.append([_correct(broadcast), _recall(broadcast)])
    elif done.sent and await children.may_be_recalled(session, broadcast):
        rows.append([_recall(broadcast)])
    return [*rows, [Button(say("button.broadcast_list"), "siaran", 0)]]
