"""Questions people ask: answered from curated entries, kept so that answers get better."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select, update

from db.models import Person, Question
from db.session import Session
from domain.answering import Verdict
from domain.errors import StaleButton
from domain.knowledge.entry import Entry
from domain.knowledge.shelf import Library, Shelf
from domain.people import conversation_of

LONGEST = 2000
"""Characters of a question; whoever writes more wants to tell a story, and a guess would miss it."""

FOLLOWS_WITHIN = timedelta(minutes=10)
"""How long the entry last shown is what a short question is about."""

TEXTS_ARE_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Asked:
    """A question with what we make of it."""

    question: Question
    verdict: Verdict
    shelf: Shelf

    @property
    def entry(self) -> Entry | None:
        return self.shelf.entries.get(self.verdict.entry) if self.verdict.entry else None

    @property
    def guesses(self) -> list[Entry]:
        return [self.shelf.entries[id] for id in self.verdict.suggestions if id in self.shelf.entries]


async def ask(
    session: Session, library: Library, person: Person, text: str, now: datetime, message_id: int | None = None
) -> Asked:
    """Decide what answers *text*, and keep the question."""
    shelf = await library.shelf(session)
    conversation = await conversation_of(session, person)
    about = None
    if conversation.entry_id and conversation.entry_at and now - conversation.entry_at < FOLLOWS_WITHIN:
        about = shelf.entries.get(conversation.entry_id)
    verdict = shelf.answerer.verdict(text, about=about)
    question = Question(
        person_id=person.id,
        text=text,
        message_id=message_id,
        outcome=verdict.outcome,
        entry_id=verdict.entry,
        suggestions=list(verdict.suggestions) or None,
        missing=verdict.missing,
        confidence=verdict.confidence,
        asked_at=now,
    )
    session.add(question)
    await session.flush()
    if verdict.entry:
        conversation.entry_id, conversation.entry_at = verdict.entry, now
    return Asked(question, verdict, shelf)


async def keep(
    session: Session, person: Person, text: str, outcome: str, now: datetime, message_id: int | None = None
) -> Question:
    """Keep *text*, which somebody brought for another reason than an answer."""
    question = Question(person_id=person.id, text=text, message_id=message_id, outcome=outcome, asked_at=now)
    session.add(question)
    await session.flush()
    return question


async def own(session: Session, person: Person, question_id: int) -> Question:
    """A question of theirs whose words are kept still, locked. Raises StaleButton."""
    question = await _of(session, person, question_id)
    if not question.text:
        raise StaleButton
    return question


async def is_repeated(session: Session, person: Person, message_id: int, text: str) -> bool:
    """Whether this message was already asked with the same words: an edit that changed nothing we read."""
    theirs = select(Question.text).where(Question.person_id == person.id, Question.message_id == message_id)
    newest = (await session.exec(theirs.order_by(col(Question.id).desc()).limit(1))).first()
    return newest == text


async def is_known(session: Session, person: Person, message_id: int) -> bool:
    """Whether this message was ever asked as a question."""
    theirs = select(Question.id).where(Question.person_id == person.id, Question.message_id == message_id)
    return (await session.exec(theirs.limit(1))).first() is not None


async def choose(session: Session, person: Person, question_id: int, entry_id: str, now: datetime) -> None:
    """Note which guess the person meant. Raises StaleButton for a question that is not theirs."""
    question = await _of(session, person, question_id)
    question.chosen_id = entry_id
    await show(session, person, entry_id, now)


async def rate(session: Session, person: Person, question_id: int, *, was_helpful: bool) -> Question | None:
    """Note whether the answer helped; None when it was noted before. Raises StaleButton for somebody else's."""
    question = await _of(session, person, question_id)
    if question.was_helpful is not None:
        return None
    question.was_helpful = was_helpful
    return question


async def show(session: Session, person: Person, entry_id: str, now: datetime) -> None:
    """Remember which entry the person reads: a short question that follows is about it."""
    conversation = await conversation_of(session, person)
    conversation.entry_id, conversation.entry_at = entry_id, now


async def _of(session: Session, person: Person, question_id: int) -> Question:
    question = await session.get(Question, question_id, with_for_update=True)
    if question is None or question.person_id != person.id:
        raise StaleButton
    return question


async def forget(session: Session, now: datetime) -> None:
    """Empty the text of questions older than 90 days; what answered them stays, for the figures."""
    old: Any = col(Question.asked_at) < now - TEXTS_ARE_KEPT
    await (await session.connection()).execute(
        update(Question).where(old, col(Question.text).is_not(None)).values(text=None)
    )
