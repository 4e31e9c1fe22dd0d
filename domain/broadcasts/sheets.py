"""The sheet of a broadcast that is composed: what it says, to whom and when, and what may be done with it now."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from db.models import UNSETTLED, Broadcast, BroadcastState, Delivery, Officer, Outlet, Person, Training
from db.outbox import Settlement
from db.session import Session
from domain import post
from domain.broadcasts import audience, confirming, drafts, states, topics
from domain.broadcasts.audience import Audience
from domain.broadcasts.content import Content, blanks_in
from domain.district import District
from domain.post import Note
from messages import Button, Buttons, Duration, Moment, Number, Sentence, say
from messages.limits import cut

SHOWN = "broadcast.sheet_shown"
"""The verb that hears that a sheet is there, and brings it up to date with what came meanwhile."""

EXCERPT, MOST_NAMED = 200, 4
"""Of the text in UTF-16 units, and of what is chosen from a list."""

COMPOSED = (BroadcastState.DRAFT, BroadcastState.PROPOSED, BroadcastState.SCHEDULED)
"""While it stands there, its sheet is shown; later, how far it is."""


async def sheet(
    session: Session,
    district: District,
    broadcast: Broadcast,
    officer: Officer | None,
    now: datetime,
    note: Sentence | None = None,
) -> tuple[Sentence, Buttons]:
    """*broadcast* as it stands, for *officer*; over it *note*, what was just done."""
    office = district.office(broadcast.office)
    lines = await _lines(session, district, broadcast, now)
    blanks = {
        "office": office.short_name if office else broadcast.office,
        "state": say(f"broadcast.state_{broadcast.state.value}"),
        "lines": lines,
    }
    told = say("broadcast.sheet_noted", note=note, **blanks) if note else say("broadcast.sheet", **blanks)
    return told, under(broadcast, officer)


async def _lines(session: Session, district: District, broadcast: Broadcast, now: datetime) -> tuple[Sentence, ...]:
    said, chosen = drafts.said_by(broadcast), audience.audience_of(broadcast.audience)
    lines = [_says(said), *_fallbacks(said), *await whom(session, district, broadcast, chosen)]
    lines.append(say("broadcast.sheet_topic", topic=topics.name_of(broadcast.topic)))
    if said.buttons:
        labels = tuple(say("broadcast.sheet_button", label=link.label) for link in said.buttons)
        lines.append(say("broadcast.sheet_buttons", labels=labels))
    if broadcast.is_silent:
        lines.append(say("broadcast.sheet_silent"))
    if broadcast.is_pinned:
        lines.append(say("broadcast.sheet_pinned"))
    lines.append(when(district, broadcast, now))
    if broadcast.schedule_id is not None:
        lines.append(say("broadcast.sheet_repeated"))
    if broadcast.why and broadcast.state is BroadcastState.DRAFT:
        lines.append(say("broadcast.sheet_refused", why=broadcast.why))
    if broadcast.code and broadcast.state is BroadcastState.SCHEDULED:  # before it is approved it is nobody's yet
        lines.append(say("broadcast.sheet_code", code=broadcast.code))
    return tuple(lines)


def _says(said: Content) -> Sentence:
    kind = say(f"broadcast.kind_{said.kind}")
    what = say("broadcast.sheet_several", kind=kind, number=Number(len(said.files))) if len(said.files) > 1 else kind
    written = said.html or next((file.html for file in said.files if file.html), "")
    words = cut(" ".join(post.plain(written).split()), EXCERPT)
    return say("broadcast.sheet_says", kind=what, words=words) if words else say("broadcast.sheet_bare", kind=what)


def _fallbacks(said: Content) -> list[Sentence]:
    return [
        say("broadcast.sheet_blank", blank=blank, fallback=said.fallbacks.get(blank) or say(f"broadcast.blank_{blank}"))
        for blank in blanks_in(said)
    ]


def when(district: District, broadcast: Broadcast, now: datetime) -> Sentence:
    """At once, or its time and how much later it may still set out."""
    if broadcast.starts_at is None:
        return say("broadcast.sheet_now")
    at = Moment(broadcast.starts_at, district.timezone, now)
    if broadcast.late_limit is None:
        return say("broadcast.sheet_at", moment=at)
    return say("broadcast.sheet_at_limited", moment=at, limit=Duration(timedelta(minutes=broadcast.late_limit)))


# To whom.


async def whom(session: Session, district: District, broadcast: Broadcast, chosen: Audience) -> list[Sentence]:
    """How many get it at this moment, how many of those who are meant do not, and by which conditions."""
    count = await audience.count(session, chosen, broadcast.topic)
    lines = [say("broadcast.sheet_whom", people=Number(count.people))] if chosen.people else []
    lines += [say("broadcast.whom_unreachable", number=Number(count.unreachable))] if count.unreachable else []
    lines += [say("broadcast.whom_muted", number=Number(count.muted))] if count.muted else []
    if chosen.is_everybody:
        lines.append(say("broadcast.whom_everybody"))
    elif chosen.people:
        lines += await _conditions(session, district, chosen)
    return [*lines, *await _outlets(session, chosen)]


async def _conditions(session: Session, district: District, chosen: Audience) -> list[Sentence]:
    sectors = [district.sectors.get(key, key) for key in chosen.sectors]
    lines = []
    if chosen.kecamatan:
        lines.append(say("broadcast.whom_kecamatan", names=_named(chosen.kecamatan)))
    if sectors:
        lines.append(say("broadcast.whom_sectors", names=_named(sectors)))
    if chosen.languages:
        lines.append(say("broadcast.whom_languages", names=_named(chosen.languages, language_name)))
    lines += [await _of_training(session, id, who) for id, who in chosen.trainings]
    if chosen.never_trained:
        lines.append(say("broadcast.whom_untrained"))
    return lines


async def _of_training(session: Session, training_id: int, who: str) -> Sentence:
    training = await session.get(Training, training_id)
    return say(f"broadcast.in_{who}", title=training.title if training else f"#{training_id}")


async def _outlets(session: Session, chosen: Audience) -> list[Sentence]:
    if not chosen.outlets:
        return []
    outlets = await audience.reachable_outlets(session, chosen.outlets)
    names = ", ".join(outlet.title for outlet in outlets)
    key = "broadcast.whom_outlets" if chosen.people else "broadcast.whom_only_outlets"
    reached = {outlet.chat_id for outlet in outlets}
    lost = [one for one in await known_outlets(session, chosen.outlets) if one.chat_id not in reached]
    return [
        *([say(key, names=names)] if names else []),
        *(say("broadcast.whom_outlet_lost", name=one.title) for one in lost),
    ]


def _named(names: Any, called: Callable[[str], str] = str) -> str:
    shown = ", ".join(called(name) for name in names[:MOST_NAMED])
    return f"{shown}, +{len(names) - MOST_NAMED}" if len(names) > MOST_NAMED else shown


def language_name(key: str) -> str:
    """As it calls itself."""
    return say("language.name").in_language(key)


async def outlets_of(session: Session, office: str) -> list[Outlet]:
    """The channels and groups of an office in which the bot may write."""
    theirs = select(Outlet).where(col(Outlet.office) == office, col(Outlet.lost_at).is_(None))
    return list((await session.exec(theirs.order_by(col(Outlet.title), col(Outlet.chat_id)))).all())


async def known_outlets(session: Session, chat_ids: Iterable[int]) -> list[Outlet]:
    """These channels and groups, also where the bot may not write any more."""
    theirs = select(Outlet).where(col(Outlet.chat_id).in_(list(chat_ids)))
    return list((await session.exec(theirs.order_by(col(Outlet.title), col(Outlet.chat_id)))).all())


# Buttons.


def under(broadcast: Broadcast, officer: Officer | None) -> Buttons:
    """What *officer* may do with it as it stands."""
    id = broadcast.id
    back = [Button(say("button.back"), "siaran", 0)]
    look = Button(say("button.broadcast_preview"), "broadcast_preview", id)
    if not drafts.may_act(officer, broadcast) or officer is None:
        return [[look], back]
    copy = Button(say("button.copy"), "broadcast_copy", id)
    drop = Button(say("button.broadcast_drop"), "broadcast_drop", id)
    whatsapp = Button(say("button.text_for_wa"), "broadcast_wa", id)
    if broadcast.state is BroadcastState.DRAFT:
        send = [Button(say("button.broadcast_send"), "broadcast_send", id)]
        return [send, *_fields(broadcast), [look, copy], [drop, *back]]
    change = Button(say("button.broadcast_reopen"), "broadcast_reopen", id)
    if broadcast.state is BroadcastState.PROPOSED and broadcast.author_id != officer.person_id:
        return [confirming.under_proposed(broadcast)[0], [look, change], [copy, drop], back]
    first = [look, whatsapp] if broadcast.state is BroadcastState.SCHEDULED else [look]
    return [first, [change, copy], [drop], back]


def _fields(broadcast: Broadcast) -> list[list[Button]]:
    """What it is made of; what is on or off says how it is now."""
    id, said = broadcast.id, drafts.said_by(broadcast)
    silent = say("button.broadcast_silent") if broadcast.is_silent else say("button.broadcast_aloud")
    pinned = say("button.broadcast_pinned") if broadcast.is_pinned else say("button.broadcast_unpinned")
    blanks = [
        Button(say("button.broadcast_blank", blank=f"{{{blank}}}"), "broadcast_blank", f"{id}.{blank}")
        for blank in blanks_in(said)
    ]
    return [
        [
            Button(say("button.broadcast_text"), "broadcast_text", id),
            Button(say("button.broadcast_whom"), "broadcast_whom", id),
        ],
        [
            Button(say("button.broadcast_topic"), "broadcast_topic", id),
            Button(say("button.broadcast_buttons"), "broadcast_buttons", id),
        ],
        *([blanks] if blanks else []),
        [
            Button(say("button.broadcast_when"), "broadcast_when", id),
            Button(say("button.broadcast_repeat"), "broadcast_repeat", id),
        ],
        [
            Button(silent, "broadcast_option", f"{id}.silent.{int(not broadcast.is_silent)}"),
            Button(pinned, "broadcast_option", f"{id}.pinned.{int(not broadcast.is_pinned)}"),
        ],
    ]


# An album comes item by item, and has one sheet.


async def owe_of_album(
    session: Session, district: District, broadcast: Broadcast, person: Person, now: datetime, before: str | None
) -> int:
    """Owe the sheet of an album whose other items may still come; returns the row by which it is found again.

    *before*: names what it replaced, which a button brings back.
    """
    sentence, buttons = await _album(session, district, broadcast, person, now, before)
    about = {"broadcast": broadcast.id, "person": person.id, "files": _number(broadcast), "before": before}
    return (await post.owe(session, person, sentence, buttons, Note(verb=SHOWN, verb_arguments=about))).id


async def follow(
    session: Session,
    district: District,
    broadcast: Broadcast,
    person: Person,
    row: int,
    now: datetime,
    before: str | None,
) -> bool:
    """One more item came, *broadcast* being locked: let the sheet say so, at once or as soon as it is there.

    False where it never arrived.
    """
    delivery = await session.get(Delivery, row, populate_existing=True)
    if delivery is None or (delivery.state not in UNSETTLED and not delivery.message_ids):
        return False
    if delivery.message_ids:
        sentence, buttons = await _album(session, district, broadcast, person, now, before)
        await post.owe_edit(session, person, delivery.message_ids[-1], sentence, buttons)
    return True


async def _album(
    session: Session, district: District, broadcast: Broadcast, person: Person, now: datetime, before: str | None
) -> tuple[Sentence, Buttons]:
    officer = await session.get(Officer, person.id)
    note = say("broadcast.text_replaced") if before else say("broadcast.text_taken")
    told, buttons = await sheet(session, district, broadcast, officer, now, note)
    return told, [*([before_of(broadcast, before)] if before else []), *buttons]


def before_of(broadcast: Broadcast, before: str) -> list[Button]:
    """The row that brings back what was replaced."""
    return [Button(say("button.broadcast_before"), "broadcast_before", f"{broadcast.id}.{before}")]


def _number(broadcast: Broadcast) -> int:
    return len(drafts.said_by(broadcast).files)


Verb = Callable[[Session, Mapping[str, Any], Settlement, datetime], Awaitable[None]]


def verbs(district: District) -> Mapping[str, Verb]:
    """By the name a row gives."""

    async def shown(session: Session, about: Mapping[str, Any], settlement: Settlement, now: datetime) -> None:
        broadcast, person = await states.lock(session, about["broadcast"]), await session.get(Person, about["person"])
        if broadcast is None or person is None or not settlement.message_ids:
            return
        if broadcast.state is BroadcastState.DRAFT and _number(broadcast) != about["files"]:
            sentence, buttons = await _album(session, district, broadcast, person, now, about.get("before"))
            await post.owe_edit(session, person, settlement.message_ids[-1], sentence, buttons)

    return {SHOWN: shown}
