"""What an inquiry looks like: the head that officers see, and each message that is passed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from db.models import Inquiry, InquiryState, KnowledgeEntry, Person, Question, Relay
from db.session import Session
from domain.district import District
from domain.inquiries.finding import Audience, copies_of, kind_of, relays_of
from messages import Button, Buttons, Html, Moment, Sentence, say
from messages.limits import cut, split_html

TEXT_PART, CAPTION_PART = 3500, 800
"""UTF-16 units of what somebody wrote that go into one message; the rest of it is ours."""

IN_THE_HEAD = 900
"""As much of the first question; one that is longer follows whole."""

MOST_BEFORE, BEFORE = 5, timedelta(days=7)
"""Of the conversation with the bot so many questions of that long are shown, and as many messages since."""

SHORT = 60

FILES = ("photo", "document", "voice", "video")
KINDS = ("text", *FILES, "location")
"""What can be passed on, either way."""


@dataclass(frozen=True)
class Part:
    """One message of those that show a relay."""

    sentence: Sentence
    """Of a place only what stands before it."""
    file: tuple[str, str] | None = None
    """Kind and file_id."""
    location: tuple[float, float] | None = None
    buttons: Buttons = ()


def office_name(district: District, office: str) -> str:
    """As people call it; the key itself for one that the district no longer has."""
    found = district.office(office)
    return found.short_name if found else office


def dated(district: District, at: datetime) -> Moment:
    """*at* as in a calendar: in a message that stays, "today" would soon be wrong."""
    return Moment(at, district.timezone, at - timedelta(days=30))


# The head.


async def head(session: Session, district: District, inquiry: Inquiry, chat_id: int) -> tuple[Sentence, Buttons]:
    """The whole inquiry as it is shown in a chat of officers, with what they may do with it."""
    asker = await session.get_one(Person, inquiry.person_id)
    relays = await relays_of(session, inquiry)
    lines = [
        *await _guesses(session, inquiry),
        *await _before(session, inquiry, relays),
        *await _since(session, relays, chat_id),
        *await _standing(session, district, inquiry),
    ]
    sentence = say(
        "desk.head",
        number=inquiry.id,
        name=asker.name,
        office=office_name(district, inquiry.office),
        question=Html(_beginning(relays[0])),
        details=tuple(lines),
    )
    return sentence, _under_head(district, inquiry, await kind_of(session, chat_id))


def is_cut(first: Relay) -> bool:
    """Whether the head cannot show the whole of it."""
    return first.kind != "text" or len(split_html(first.text or "", IN_THE_HEAD)) > 1


def _beginning(first: Relay) -> str:
    if first.kind != "text":
        return "…"
    whole = split_html(first.text or "…", IN_THE_HEAD)
    return whole[0] + ("…" if whole[1:] else "")


async def _guesses(session: Session, inquiry: Inquiry) -> list[Sentence]:
    question = await session.get(Question, inquiry.question_id) if inquiry.question_id else None
    if question is None:
        return []
    ids = dict.fromkeys(id for id in (question.chosen_id, question.entry_id, *(question.suggestions or [])) if id)
    titles = await _titles(session, list(ids))
    found = ", ".join(titles[id] for id in ids if id in titles)
    return [say("desk.guesses", entries=found)] if found else []


async def _before(session: Session, inquiry: Inquiry, relays: Sequence[Relay]) -> list[Sentence]:
    """What they had asked the bot, and what became of it."""
    asked = {relay.question_id for relay in relays}
    theirs = select(Question).where(
        Question.person_id == inquiry.person_id,
        Question.asked_at <= inquiry.opened_at,
        Question.asked_at > inquiry.opened_at - BEFORE,
        col(Question.outcome).in_(["answer", "suggestions", "handover"]),
        col(Question.text).is_not(None),
    )
    newest = (await session.exec(theirs.order_by(col(Question.id).desc()).limit(MOST_BEFORE + 1))).all()
    kept = [question for question in newest if question.id not in asked][:MOST_BEFORE]
    if not kept:
        return []
    titles = await _titles(session, [id for question in kept if (id := question.chosen_id or question.entry_id)])
    return [say("desk.before"), *(_became(question, titles) for question in reversed(kept))]


def _became(question: Question, titles: dict[str, str]) -> Sentence:
    text, title = cut(question.text or "", SHORT), titles.get(question.chosen_id or question.entry_id or "")
    if title is None:
        is_lost = question.outcome == "handover"
        return say("desk.before_lost" if is_lost else "desk.before_guessed", question=text)
    if question.was_helpful is False:
        return say("desk.before_unhelpful", question=text, entry=title)
    return say("desk.before_answered", question=text, entry=title)


async def _since(session: Session, relays: Sequence[Relay], chat_id: int) -> list[Sentence]:
    """What was said since, where officers have answered elsewhere."""
    answers = [relay for relay in relays if relay.is_answer and not relay.withdrawn_at]
    if not answers or all([await _is_read_in(session, relay, chat_id) for relay in answers]):
        return []
    lines = [say("desk.since")]
    for relay in [relay for relay in relays[1:] if not relay.withdrawn_at][-MOST_BEFORE:]:
        author = await session.get(Person, relay.author_id) if relay.author_id else None
        text = Html(_short(relay))
        lines.append(say("desk.since_officer", officer=author.name, text=text) if author else _of_person(text))
    return lines


async def _is_read_in(session: Session, relay: Relay, chat_id: int) -> bool:
    return relay.chat_id == chat_id or any(copy.chat_id == chat_id for copy in await copies_of(session, relay))


def _of_person(text: Html) -> Sentence:
    return say("desk.since_person", text=text)


def _short(relay: Relay) -> str:
    if relay.kind == "location" or not relay.text:
        return "…" if relay.kind == "text" else f"[{relay.kind}]"
    parts = split_html(relay.text, SHORT)
    return parts[0] + ("…" if parts[1:] else "")


async def _standing(session: Session, district: District, inquiry: Inquiry) -> list[Sentence]:
    """Who has it, since when it waits, or that it is over."""
    officer = await session.get(Person, inquiry.claimed_by) if inquiry.claimed_by else None
    lines = [say("desk.answered_by", officer=officer.name)] if officer else []
    if inquiry.state is InquiryState.CLOSED:
        return [*lines, _over(inquiry)]
    if inquiry.waits_since:
        since, by = dated(district, inquiry.waits_since), dated(district, inquiry.promised_at)
        lines.append(say("desk.waits", since=since, promised=by))
    return [*lines, say("desk.how")]


def _over(inquiry: Inquiry) -> Sentence:
    match inquiry.closed_by:
        case "person":
            return say("desk.over_by_person")
        case "quiet":
            return say("desk.over_quiet")
        case "withdrawn":
            return say("desk.over_withdrawn")
        case "merged":
            return say("desk.over_merged")
        case "erased":
            return say("desk.over_erased")
        case _:
            return say("desk.over_by_officer")


def _under_head(district: District, inquiry: Inquiry, audience: Audience) -> Buttons:
    if inquiry.state is InquiryState.CLOSED or audience is Audience.READER:
        return []
    rows = _answering(inquiry, audience)
    second = [Button(say("button.ready_replies"), "replies", inquiry.id)]
    if district.offices[1:]:
        second.append(Button(say("button.forward"), "forward", inquiry.id))
    return [*rows, second, [Button(say("button.close"), "close", inquiry.id)]]


def _answering(inquiry: Inquiry, audience: Audience) -> list[list[Button]]:
    """In a group one answers by a reply; in private that works too, and a button asks for the answer."""
    return [[Button(say("button.answer"), "answer", inquiry.id)]] if audience is Audience.OFFICER else []


async def _titles(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = await session.exec(select(KnowledgeEntry.id, KnowledgeEntry.title).where(col(KnowledgeEntry.id).in_(ids)))
    return dict(rows.all())


# What is passed on.


async def to_officers(session: Session, inquiry: Inquiry, relay: Relay, audience: Audience) -> list[Part]:
    """What the person wrote, as the officers see it; each text begins with the number."""
    asker = await session.get_one(Person, inquiry.person_id)
    buttons = _answering(inquiry, audience)
    names = {"number": inquiry.id, "name": asker.name}
    if relay.kind == "location":
        said = say("desk.location", **names)
        return [Part(said), Part(said, location=_coordinates(relay), buttons=buttons)]
    texts = _split(relay)
    if relay.kind == "photo" and audience is not Audience.READER:
        buttons = [*buttons, [Button(say("button.id_card"), "idcard", relay.id)]]
    if relay.kind in FILES:
        caption = say("desk.file", **names, text=Html(texts[0])) if texts[0] else say("desk.file_bare", **names)
        file = Part(caption, (relay.kind, relay.file_id or ""), buttons=buttons)
        return [file, *(Part(say("desk.message", **names, text=Html(text))) for text in texts[1:])]
    parts = [Part(say("desk.message", **names, text=Html(text))) for text in texts]
    return [*parts[:-1], Part(parts[-1].sentence, buttons=buttons)]


async def to_person(session: Session, district: District, inquiry: Inquiry, relay: Relay) -> list[Part]:
    """An answer as the person sees it: from the office, with the way back to the bot."""
    office = office_name(district, inquiry.office)
    buttons = [[Button(say("button.back_to_bot"), "leave", inquiry.id)]]
    if relay.kind == "location":
        said = say("inquiry.answer_bare", office=office)
        return [Part(said), Part(said, location=_coordinates(relay), buttons=buttons)]
    texts = _split(relay)
    sentences = [say("inquiry.answer", office=office, text=Html(text)) for text in texts]
    if not texts[0]:
        sentences = [say("inquiry.answer_bare", office=office)]
    if await _is_first(session, relay):
        sentences[-1] = say("inquiry.with_hint", answer=sentences[-1])
    parts = [Part(sentence) for sentence in sentences]
    if relay.kind in FILES:
        parts[0] = Part(sentences[0], (relay.kind, relay.file_id or ""))
    return [*parts[:-1], Part(parts[-1].sentence, parts[-1].file, buttons=buttons)]


async def echo(session: Session, district: District, inquiry: Inquiry, relay: Relay) -> list[Part]:
    """An answer that was not written in the group, as the group sees it."""
    author = await session.get(Person, relay.author_id) if relay.author_id else None
    names = {
        "number": inquiry.id,
        "office": office_name(district, inquiry.office),
        "officer": author.name if author else "",
    }
    if relay.kind == "location":
        said = say("desk.echo", **names, text="")
        return [Part(said), Part(said, location=_coordinates(relay))]
    texts = _split(relay)
    parts = [Part(say("desk.echo", **names, text=Html(text))) for text in texts]
    if relay.kind in FILES:
        parts[0] = Part(parts[0].sentence, (relay.kind, relay.file_id or ""))
    return parts


async def _is_first(session: Session, relay: Relay) -> bool:
    before = select(Relay.id).where(
        Relay.inquiry_id == relay.inquiry_id, col(Relay.is_answer), col(Relay.withdrawn_at).is_(None)
    )
    return (await session.exec(before.order_by(col(Relay.id)).limit(1))).first() == relay.id


def _split(relay: Relay) -> list[str]:
    """The words in pieces that each fit into a message, the first under the file if there is one."""
    text = relay.text or ""
    if relay.kind == "text":
        return split_html(text or "…", TEXT_PART)
    first, *more = split_html(text, CAPTION_PART)
    return [first, *(split_html("".join(more), TEXT_PART) if more else [])]


def _coordinates(relay: Relay) -> tuple[float, float]:
    latitude, _, longitude = (relay.text or "0,0").partition(",")
    return float(latitude), float(longitude)
