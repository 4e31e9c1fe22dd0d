"""A verdict in words: all of it for who asks in private, a line for a group that reads along."""

import re
from datetime import datetime
from functools import reduce
from zoneinfo import ZoneInfo

from db.models import Broadcast, Training
from db.session import Session
from domain.broadcasts.audience import audience_of
from domain.broadcasts.checking import Change, Piece
from domain.broadcasts.content import content_of, filled
from domain.broadcasts.verdicts import Verdict, office_name
from domain.district import District
from messages import Date, Html, Moment, Sentence, say
from messages.limits import cut, split_html, units

SCREEN = 1_200
"""UTF-16 units of a text or a difference that are shown: more than a screen nobody reads."""

ADDED = 200
"""Characters that are shown of what stands around ours."""

MOST_CHANGES = 6
AROUND = 5
"""Words that stay, shown on each side of a change."""

MOST_PLACES = 4

_QUOTE = re.compile(r"</?blockquote[^>]*>")


async def in_words(session: Session, district: District, verdict: Verdict, language: str, now: datetime) -> Sentence:
    """The whole answer, for one who reads *language*."""
    broadcast = verdict.broadcast
    if broadcast is None:
        return say("check.unknown_code", code=verdict.code) if verdict.code else say("check.unknown")
    about = await _about(session, district, verdict, broadcast, now)
    blanks: dict[str, object] = {"about": about, "text": _text(broadcast, language), "code": broadcast.code or ""}
    key = verdict.outcome
    if verdict.is_ahead and key != "changed":
        # What we have not told yet is not told here either.
        blanks["text"] = say("check.not_yet")
        key = "same" if key in {"part", "added"} else key
        key = f"{key}_ahead" if key in {"same", "part", "code"} else key
    elif key == "added":
        pieces = verdict.difference.pieces if verdict.difference else ()
        added = [piece.text for piece in pieces if piece.what == "added"]
        blanks["added"] = cut(" … ".join(added), ADDED)
    elif key == "changed":
        blanks["changes"] = (*_dangers(verdict), *_since_then(district, verdict, now))
        blanks["difference"] = _difference(verdict, language)
    elif key in {"corrected", "withdrawn"}:
        changed_at = verdict.withdrawn_at if key == "withdrawn" else verdict.corrected_at
        blanks["moment"] = _moment(district, changed_at or broadcast.changed_at, now)
    return say(f"check.{key}", **blanks)


def in_short(district: District, verdict: Verdict, now: datetime) -> Sentence:
    """One line, which holds for everybody."""
    broadcast = verdict.broadcast
    if broadcast is None:
        return say("check.short_unknown")
    words = {
        "office": office_name(district, broadcast.office),
        "date": _date(district, broadcast.started_at or broadcast.starts_at or broadcast.made_at),
        "moment": _moment(district, verdict.withdrawn_at or verdict.corrected_at or broadcast.changed_at, now),
        "title": content_of(broadcast.content).title or broadcast.code or "",
    }
    if verdict.is_ahead and verdict.outcome in {"code", "part", "added", "same"}:
        return say("check.short_ahead", **words)
    return say(f"check.short_{verdict.outcome}", **words)


# What we said, and about it.


def _text(broadcast: Broadcast, language: str) -> Html:
    """As it stands now, with our words in its blanks, at most a screen of it."""
    content = content_of(broadcast.content)
    said = filled(content.html, "", "", content.fallbacks, language)
    if not said:
        return Html(say(f"broadcast.kind_{content.kind}").in_language(language))
    # A quote within a quote is refused.
    first, *more = split_html(_QUOTE.sub("", said), SCREEN)
    return Html(f"{first}…" if more else first)


async def _about(
    session: Session, district: District, verdict: Verdict, broadcast: Broadcast, now: datetime
) -> tuple[Sentence, ...]:
    at, office = (
        broadcast.started_at or broadcast.starts_at or broadcast.made_at,
        office_name(district, broadcast.office),
    )
    if verdict.outcome == "hoax":
        return (say("check.about_rebutted", office=office, date=_date(district, at)),)
    lines = [
        say("check.about_office", office=office),
        say("check.about_plan" if verdict.is_ahead else "check.about_date", date=_date(district, at)),
        say("check.about_whom", whom=await _whom(session, district, broadcast)),
        say("check.about_misread" if verdict.is_misread else "check.about_code", code=broadcast.code),
    ]
    if verdict.outcome in {"same", "part", "added", "code"} and verdict.corrected_at:
        lines.append(say("check.about_corrected", moment=_moment(district, verdict.corrected_at, now)))
    return tuple(lines)


def _since_then(district: District, verdict: Verdict, now: datetime) -> list[Sentence]:
    if verdict.withdrawn_at is None:
        return []
    return [say("check.also_withdrawn", moment=_moment(district, verdict.withdrawn_at, now))]


async def _whom(session: Session, district: District, broadcast: Broadcast) -> Sentence:
    """In general terms: nobody learns from it who is in a list."""
    audience = audience_of(broadcast.audience)
    if not audience.people:
        return say("check.whom_readers")
    if audience.is_everybody:
        return say("check.whom_all")
    parts = []
    if audience.kecamatan:
        parts.append(say("check.whom_kecamatan", places=_listed(audience.kecamatan)))
    if audience.sectors:
        names = tuple(district.sectors.get(key, key) for key in audience.sectors)
        parts.append(say("check.whom_sectors", sectors=_listed(names)))
    for training_id, _who in audience.trainings[:MOST_PLACES]:
        training = await session.get(Training, training_id)
        parts.append(say("check.whom_training", title=training.title if training else "–"))
    if audience.never_trained:
        parts.append(say("check.whom_new"))
    if not parts:
        return say("check.whom_some")
    return reduce(lambda one, other: say("check.whom_and", one=one, other=other), parts)


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:MOST_PLACES])
    return f"{shown}, …" if len(names) > MOST_PLACES else shown


def _moment(district: District, at: datetime, now: datetime) -> Moment:
    return Moment(at, district.timezone, now)


def _date(district: District, at: datetime) -> Date:
    return Date(str(at.astimezone(ZoneInfo(district.timezone)).date()))


# What was changed.


def _dangers(verdict: Verdict) -> list[Sentence]:
    """What people are cheated with, by name."""
    changes = verdict.difference.changes if verdict.difference else []
    lines = [_danger(change) for change in changes[:MOST_CHANGES]]
    return lines or [say("check.only_words")]


def _danger(change: Change) -> Sentence:
    kind, was, now = say(f"check.kind_{change.kind}"), cut(change.was, 100), cut(change.now, 100)
    if not change.was:
        return say("check.danger_added", kind=kind, now=now)
    if not change.now:
        return say("check.danger_left", kind=kind, was=was)
    return say("check.danger_replaced", kind=kind, was=was, now=now)


def _difference(verdict: Verdict, language: str) -> Html:
    """What was left out struck through, what was added bold, and a few words around each; at most a screen."""
    pieces = verdict.difference.pieces if verdict.difference else ()
    shown, visible = "", 0
    for place, piece in enumerate(pieces):
        is_last = place == len(pieces) - 1
        text = " ".join(_shown(piece, verdict.code or "", language, is_first=place == 0, is_last=is_last))
        if visible + units(text) > SCREEN:
            text = cut(text, max(2, SCREEN - visible))
        visible += units(text) + 1
        shown += f" {_marked(piece.what, text)}"
        if visible >= SCREEN:
            break
    return Html(shown.strip())


def _shown(piece: Piece, code: str, language: str, *, is_first: bool, is_last: bool) -> list[str]:
    """Links as what they are: in bold they could be tapped."""
    instead = {"link": f"[{say('check.kind_link').in_language(language)}]", "code": code}
    words = [instead.get(word.kind, word.shown) for word in piece.words]
    most = AROUND if is_first or is_last else 2 * AROUND
    if piece.what != "same" or len(words) <= most:
        return words
    before = [] if is_first else words[:AROUND]
    after = [] if is_last else words[-AROUND:]
    return [*before, "…", *after]


def _marked(what: str, text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    match what:
        case "added":
            return f"<b>{escaped}</b>"
        case "left":
            return f"<s>{escaped}</s>"
    return escaped
