"""What we answer to who asks whether a message is ours: by its code, by its words, and what became of it since."""

import html as escaping
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, func, select

from db.models import Broadcast, BroadcastKind, BroadcastState, HoaxReport
from db.session import Session
from domain.broadcasts import children, codes
from domain.broadcasts.checking import RELATED, Difference, compare, is_asking, is_only_asking, likest, ours
from domain.broadcasts.content import Content, Frame, content_of
from domain.broadcasts.wording import Word, readable, words
from domain.district import District

LOOKED_BACK = timedelta(days=365)
"""How old what we said may be to be found without its code."""

RELATED_BY_CODE = 0.5
"""Part of the shorter text that must be shared where the code is ours and the word pairs say nothing."""

MOST_READINGS = 10
"""Of what may be a code with a slip in it; whoever sends more wants to try us."""

_AHEAD = (BroadcastState.SCHEDULED, BroadcastState.MISSED)
_SENT = (BroadcastState.PREPARING, BroadcastState.RUNNING, BroadcastState.PAUSED, BroadcastState.FINISHED)
_OURS = (*_AHEAD, *_SENT, BroadcastState.CANCELLED)

OUTCOMES = ("same", "part", "added", "changed", "corrected", "withdrawn", "unrelated", "code", "hoax", "unknown")
"""Word for word; a piece of it; with harmless words around it; with a difference; as it was before we corrected it;
taken back; our code over other words; a code alone; a hoax that we rebutted; nothing of ours.
"""

ALIKE = 0.5
"""Part of the shorter text's runs from which on one is a hoax that we rebutted: more than of what is made of ours,
since here nobody is shown the difference.
"""

_QUOTE = re.compile(r"<blockquote[^>]*>(.*?)</blockquote>", re.DOTALL)


@dataclass(frozen=True)
class Verdict:
    """What became of a question whether a message is ours."""

    outcome: str
    """One of OUTCOMES."""
    broadcast: Broadcast | None = None
    """Ours, unless it is unknown; of a hoax, the one that rebuts it."""
    difference: Difference | None = None
    code: str | None = None
    """What was read as a code: ours as it is, or theirs that is nobody's."""
    is_misread: bool = False
    """Their code is not written as ours is."""
    corrected_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_suspicious(self) -> bool:
        """Whether officers may want to hear of it."""
        return self.outcome in {"changed", "unrelated", "hoax", "unknown"}

    @property
    def is_ahead(self) -> bool:
        """Whether we have not sent it yet."""
        return self.broadcast is not None and self.broadcast.state in _AHEAD


@dataclass(frozen=True)
class _Match:
    difference: Difference
    own: Difference
    """The same, from what we said ourselves: what a rebuttal quotes is the hoax."""
    is_current: bool
    """It is the text as it stands now."""


async def judge(session: Session, district: District, username: str, written: str, now: datetime) -> Verdict:
    """What we say to *written* (Telegram's HTML): a message, a code, or both."""
    known = await _codes(session)
    if reading := _code_in(written, known):
        return await _by_code(session, district, username, written, reading, known[reading.code])
    brought = words(written)
    rebutting = await _rebutting(session)
    for broadcast in await _likest(session, brought, rebutting, now):
        match = _best(district, username, broadcast, brought, is_rebuttal=broadcast.id in rebutting)
        if match and not is_apart(match.own):
            return await _told(session, broadcast, match)
    if rebuttal := await _rebuttal_of(session, brought, rebutting):
        return Verdict("hoax", rebuttal, code=rebuttal.code)
    return Verdict("unknown", code=codes.typed(readable(written)))


async def find(session: Session, district: District, username: str, written: str, now: datetime) -> Verdict | None:
    """The same for what nobody asked about: None where nothing of it is ours."""
    verdict = await judge(session, district, username, written, now)
    return None if verdict.outcome == "unknown" else verdict


def may_hold_code(text: str) -> bool:
    """Whether it is worth looking for a code of ours in what nobody asked about: words of five letters are none."""
    return any(_is_plausible(reading) for reading in codes.read(text))


def may_be_code(text: str) -> bool:
    """Whether *text* is as long as a code, and nothing else."""
    return codes.typed(text) is not None


def _is_plausible(reading: str) -> bool:
    return any(letter.isdigit() for letter in reading)


async def _codes(session: Session) -> dict[str, int]:
    """Every code that anybody may have seen, and its broadcast."""
    given = select(Broadcast.code, Broadcast.id).where(
        col(Broadcast.code).is_not(None), col(Broadcast.state).in_(_OURS), Broadcast.kind == BroadcastKind.NOTICE
    )
    return {str(code): id for code, id in (await session.exec(given)).all()}


@dataclass(frozen=True)
class _Reading:
    theirs: str
    code: str
    """Which of ours is meant."""
    is_alone: bool
    """There is nothing else, but the question about it."""


def _code_in(written: str, known: Mapping[str, int]) -> _Reading | None:
    """A code that stands in *written* and is one of the *known*, or nearly."""
    plain = readable(written)
    alone = codes.typed(" ".join(part for part in plain.split() if not is_asking(part)))
    every = [*([(alone, True)] if alone else []), *((reading, False) for reading in codes.read(plain))]
    for reading, is_alone in every:
        if reading in known:
            return _Reading(reading, reading, is_alone)
    # Words of five letters are never meant for one.
    unlike = [(reading, is_alone) for reading, is_alone in dict(every).items() if is_alone or _is_plausible(reading)]
    for reading, is_alone in unlike[:MOST_READINGS]:
        if code := codes.nearest(reading, known):
            return _Reading(reading, code, is_alone)
    return None


async def _by_code(
    session: Session, district: District, username: str, written: str, reading: _Reading, broadcast_id: int
) -> Verdict:
    broadcast = await session.get_one(Broadcast, broadcast_id)
    brought = words(written, [reading.theirs])
    match = None
    if not (reading.is_alone or is_only_asking(brought)):
        is_rebuttal = broadcast.id in await _rebutting(session)
        match = _best(district, username, broadcast, brought, is_rebuttal=is_rebuttal)
    if match is None:
        told = await _since(session, Verdict("code", broadcast))
    elif is_apart(match.own):
        told = await _since(session, Verdict("unrelated", broadcast, match.difference))
    else:
        told = await _told(session, broadcast, match)
    return replace(told, code=broadcast.code, is_misread=reading.theirs != reading.code)


def _best(
    district: District, username: str, broadcast: Broadcast, brought: list[Word], *, is_rebuttal: bool
) -> _Match | None:
    """The text of ours, of now or of before a correction, that *brought* is nearest to; None when it is but a frame."""
    frame = _frame(district, username, broadcast)
    now_said = ours(content_of(broadcast.content), frame)
    matches: list[_Match] = []
    for place, content in enumerate(_versions(broadcast)):
        differences = [compare(brought, text) for text in ours(content, frame)]
        own = differences
        if is_rebuttal:
            unquoted = replace(content, html=without_quotes(content.html))
            own = [compare(brought, text) for text in ours(unquoted, frame)]
        pairs = zip(differences, own, strict=True)
        matches += [_Match(one, by_itself, is_current=place == 0) for one, by_itself in pairs]
    if any(text.body for text in now_said) and all(match.difference.theirs == 0 for match in matches):
        return None
    return min(matches, key=lambda match: (not match.difference.is_same, _apartness(match.difference)))


def _apartness(difference: Difference) -> int:
    return sum(len(piece.words) for piece in difference.pieces if piece.what != "same")


def is_apart(difference: Difference) -> bool:
    """Whether two texts have nothing to do with each other."""
    if difference.is_same or difference.relation > 0:
        return not difference.is_same and difference.relation < RELATED
    ours = difference.shared + sum(len(piece.words) for piece in difference.pieces if piece.what == "left")
    return difference.shared < RELATED_BY_CODE * max(1, min(difference.theirs, ours))


def _versions(broadcast: Broadcast) -> list[Content]:
    """What it says now, then what it said before, the newest first."""
    return [content_of(kept) for kept in (broadcast.content, *reversed(broadcast.replaced))]


def _frame(district: District, username: str, broadcast: Broadcast) -> Frame:
    return Frame(office_name(district, broadcast.office), broadcast.code or "", username, broadcast.topic)


def office_name(district: District, key: str) -> str:
    """As it stands over its broadcasts."""
    office = district.office(key)
    return office.short_name if office else district.name


async def _likest(session: Session, brought: list[Word], rebutting: set[int], now: datetime) -> list[Broadcast]:
    """Ours of the last year that *brought* may be made of, the likest first."""
    columns: tuple[Any, ...] = (Broadcast.id, Broadcast.content, Broadcast.replaced)
    since = func.coalesce(col(Broadcast.started_at), col(Broadcast.made_at)) > now - LOOKED_BACK
    said = select(*columns).where(
        Broadcast.kind == BroadcastKind.NOTICE, col(Broadcast.code).is_not(None), col(Broadcast.state).in_(_OURS), since
    )
    texts = {
        id: [
            without_quotes(html) if id in rebutting else html for kept in (content, *replaced) for html in _htmls(kept)
        ]
        for id, content, replaced in (await session.exec(said)).all()
    }
    return [await session.get_one(Broadcast, id) for id in likest(brought, texts)]


def _htmls(kept: Mapping[str, Any]) -> list[str]:
    return [kept.get("html", ""), *(file.get("html", "") for file in kept.get("files", ()))]


# Hoaxes that we rebutted.


def without_quotes(html: str) -> str:
    """What an officer says themselves: the words of a hoax are never ours because we quote them."""
    return _QUOTE.sub(" ", html)


async def _rebutting(session: Session) -> set[int]:
    """Which broadcasts were made to answer a hoax."""
    made = select(HoaxReport.rebuttal_id).where(col(HoaxReport.rebuttal_id).is_not(None)).distinct()
    return {id for id in (await session.exec(made)).all() if id}


async def _rebuttal_of(session: Session, brought: list[Word], rebutting: set[int]) -> Broadcast | None:
    """The broadcast that told people of the hoax that *brought* is; None where none did."""
    texts: dict[int, list[str]] = {}
    for id in sorted(rebutting):
        rebuttal = await session.get_one(Broadcast, id)
        if rebuttal.state in _SENT and rebuttal.code and not await children.is_recalled(session, rebuttal):
            texts[id] = [quote for kept in _versions(rebuttal) for quote in _QUOTE.findall(kept.html)]
    told = select(HoaxReport.rebuttal_id, HoaxReport.text).where(col(HoaxReport.rebuttal_id).in_(texts))
    for rebuttal_id, text in (await session.exec(told)).all() if texts else ():
        texts[rebuttal_id or 0].append(escaping.escape(text or "", quote=False))
    found = likest(brought, texts, most=1, least=ALIKE)
    return await session.get_one(Broadcast, found[0]) if found else None


async def _told(session: Session, broadcast: Broadcast, match: _Match) -> Verdict:
    outcome = "same" if match.is_current else "corrected"
    if not match.difference.is_same:
        difference = match.difference
        outcome = "part" if difference.is_part else "added" if difference.is_added_to else "changed"
        outcome = outcome if match.is_current else "changed"
    return await _since(session, Verdict(outcome, broadcast, match.difference))


async def _since(session: Session, verdict: Verdict) -> Verdict:
    """With what became of ours since it was sent; one that is taken back is so, unless their text is none of ours."""
    broadcast = verdict.broadcast
    assert broadcast, "only what is ours was sent"  # noqa: S101 -- for the type checker
    corrected = await _done_at(session, broadcast, BroadcastKind.CORRECTION) if broadcast.replaced else None
    withdrawn = await _done_at(session, broadcast, BroadcastKind.RECALL)
    if broadcast.state is BroadcastState.CANCELLED and broadcast.started_at is None:
        withdrawn = withdrawn or broadcast.changed_at
    is_ours = verdict.outcome in {"same", "part", "added", "corrected", "code"}
    outcome = "withdrawn" if withdrawn and is_ours else verdict.outcome
    return replace(verdict, outcome=outcome, corrected_at=corrected, withdrawn_at=withdrawn)


async def _done_at(session: Session, broadcast: Broadcast, kind: BroadcastKind) -> datetime | None:
    """When it was corrected or taken back last."""
    began = func.coalesce(col(Broadcast.started_at), col(Broadcast.changed_at))
    done = select(func.max(began)).where(
        Broadcast.parent_id == broadcast.id, Broadcast.kind == kind, col(Broadcast.state).in_(_OURS)
    )
    return (await session.exec(done)).one()
