"""What an author hears of their broadcast: that it set out, how far it is, that it stands still, that it is over."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from db import bulk
from db.models import (
    Broadcast,
    BroadcastKind,
    BroadcastState,
    Delivery,
    DeliveryState,
    Officer,
    Person,
    RecipientState,
    Role,
)
from db.outbox import Settlement
from db.session import Session
from domain import post, staff
from domain.audit import Actor
from domain.broadcasts import children, figures, outlets, unreached
from domain.broadcasts.content import content_of
from domain.broadcasts.figures import Figures
from domain.broadcasts.reasons import reason_of, word_of
from domain.district import District
from domain.post import Note
from messages import Button, Buttons, Moment, Number, Sentence, say

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
    sentence, buttons = await report(session, broadcast, district, now)
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
        theirs = buttons if await may_act(session, person) else only_looking(buttons)
        await post.owe(session, person, sentence, theirs)


async def may_act(session: Session, person: Person) -> bool:
    """Whether buttons that change something are for them; whether they serve its office is seen to by who asks."""
    officer = await session.get(Officer, person.id)
    return officer is not None and officer.role is not Role.READER


LOOKING = ("broadcast", "broadcast_schedule", "siaran")
"""Verbs that change nothing: what a reader's buttons may have."""


def only_looking(buttons: Buttons) -> Buttons:
    """Those of *buttons* that are for readers."""
    return [row for row in ([one for one in row if one.verb in LOOKING] for row in buttons) if row]


async def steered(session: Session, broadcast: Broadcast, by: Actor, deed: str) -> None:
    """Let the author hear that somebody else did *deed* (paused, resumed, stopped or recalled)."""
    author = await author_of(session, broadcast)
    person = await session.get(Person, by.person_id) if by.person_id else None
    if author is None or person is None or person.id == author.id:
        return
    sentence = say(f"broadcast.was_{deed}_by", name=person.name, title=headed(broadcast))
    buttons = [[Button(say("button.broadcast_open"), "broadcast", broadcast.id)]]
    await post.owe(session, author, sentence, buttons)


# The report.


async def report(session: Session, broadcast: Broadcast, district: District, now: datetime) -> tuple[Sentence, Buttons]:
    """What became of it, by state and reason, and what may be done about it."""
    done = await figures.figures(session, broadcast)

    def moment(at: datetime) -> Moment:
        return Moment(at, district.timezone, now)

    blanks = {
        "title": title_of(broadcast),
        "total": Number(done.total),
        "lines": (
            *await _held_back(session, broadcast),
            *await _lines_with_reasons(session, broadcast, done),
            *await _out_of_reach(session, broadcast),
            *await _changes(session, broadcast),
            *await _not_shown_in(session, broadcast),
        ),
        "began": moment(broadcast.started_at or broadcast.made_at),
        "ended": moment(broadcast.finished_at or broadcast.changed_at),
        "code": broadcast.code or "–",
    }
    stopped = "_stopped" if broadcast.state is BroadcastState.CANCELLED else ""
    return say(f"broadcast.report_{broadcast.kind.value}{stopped}", **blanks), await _under_report(
        session, broadcast, done
    )


async def _held_back(session: Session, broadcast: Broadcast) -> list[Sentence]:
    """Of a correction or a recall that somebody stopped: how many still have what it was to change."""
    if broadcast.kind is BroadcastKind.NOTICE or not await children.may_go_on(session, broadcast):
        return []
    number = await children.held_back(session, broadcast)
    return [say(f"broadcast.held_back_{broadcast.kind.value}", number=Number(number))]


async def _out_of_reach(session: Session, broadcast: Broadcast) -> list[Sentence]:
    """Who could not be told from the start, so that they are among no other number."""
    number = await unreached.number_never_tried(session, broadcast)
    return [say("broadcast.never_tried", number=Number(number))] if number else []


async def _lines_with_reasons(session: Session, broadcast: Broadcast, done: Figures) -> list[Sentence]:
    """Each thing that became of some, and below it why."""
    by_state: dict[RecipientState, dict[str, tuple[str, int]]] = {}
    for (state, why), number in (await bulk.reasons(session, broadcast.id)).items():
        if why and state is not RecipientState.BLOCKED:
            found, word = by_state.setdefault(state, {}), word_of(why) or why
            found[word] = why, number + (found[word][1] if word in found else 0)
    lines: list[Sentence] = []
    for state, line in _lines_by_state(broadcast, done):
        lines.append(line)
        for why, number in list(by_state.get(state, {}).values())[:MOST_REASONS]:
            lines.append(say("broadcast.reason", reason=reason_of(why), number=Number(number)))
    return lines


async def _changes(session: Session, broadcast: Broadcast) -> list[Sentence]:
    """That its words were corrected, that it was taken back; and from whom not, where that was stopped."""
    if broadcast.kind is not BroadcastKind.NOTICE:
        return []
    lines = []
    halted = await children.halted(session, broadcast)
    if broadcast.version > 1:
        lines.append(say("broadcast.was_corrected", number=Number(broadcast.version - 1)))
    if halted is not None:
        number = Number(await children.held_back(session, halted))
        lines.append(say(f"broadcast.halted_{halted.kind.value}", number=number))
    elif await children.is_recalled(session, broadcast):
        lines.append(say("broadcast.was_recalled"))
    return lines


async def _not_shown_in(session: Session, broadcast: Broadcast) -> list[Sentence]:
    """The channels and groups that did not get it, by name."""
    titles = await outlets.missed_by(session, broadcast)
    return [say(f"outlet.missed_{broadcast.kind.value}", titles=", ".join(titles))] if titles else []


async def _under_report(session: Session, broadcast: Broadcast, done: Figures) -> Buttons:
    id, rows = broadcast.id, list[list[Button]]()
    if broadcast.state is BroadcastState.CANCELLED and broadcast.finished_at is None:
        rows.append([Button(say("button.broadcast_refresh"), "broadcast", id)])  # some of it is in the air
    is_recalled = broadcast.kind is BroadcastKind.NOTICE and await children.is_recalled(session, broadcast)
    if broadcast.kind is BroadcastKind.NOTICE:
        copy = Button(say("button.copy"), "broadcast_copy", id)
        rows.append([copy] if is_recalled else [Button(say("button.text_for_wa"), "broadcast_wa", id), copy])
    if broadcast.state is BroadcastState.FINISHED and not await children.is_outdated(session, broadcast):
        if done.failed:
            rows.append([Button(say("button.broadcast_retry"), "broadcast_retry", id)])
        if done.uncertain:
            rows.append([Button(say("button.broadcast_uncertain"), "broadcast_uncertain", id)])
    if not is_recalled and await unreached.number(session, broadcast):
        rows.append([Button(say("button.broadcast_unreached"), "broadcast_unreached", id)])
    return [*rows, *await _changing(session, broadcast, done, is_recalled=is_recalled)]


async def _changing(session: Session, broadcast: Broadcast, done: Figures, *, is_recalled: bool) -> Buttons:
    """What changes it once more: go on with what was stopped, correct, recall; and the way back."""
    rows = list[list[Button]]()
    is_notice = broadcast.kind is BroadcastKind.NOTICE
    halted = await children.halted(session, broadcast) if is_notice else broadcast
    if halted is not None and await children.may_go_on(session, halted):
        rows.append([Button(say(f"button.broadcast_go_on_{halted.kind.value}"), "broadcast_go_on", halted.id)])
    if not is_notice:
        return [*rows, [Button(say("button.broadcast_open"), "broadcast", broadcast.parent_id or broadcast.id)]]
    if done.sent and not is_recalled:
        rows.append([_correct(broadcast), _recall(broadcast)])
    elif done.sent and halted is None and await children.may_be_recalled(session, broadcast):
        rows.append([_recall(broadcast)])
    return [*rows, [Button(say("button.broadcast_list"), "siaran", 0)]]
