"""Owing an inline query its answer: cards that the person may send to any chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from db import outbox
from db.models import Delivery, Lane, Person
from db.session import Session
from domain.post import NO_PREVIEW, keyboard
from messages import Buttons, Sentence
from messages.limits import TEXT, split_html

CACHED_FOR = 10
"""Seconds for which Telegram itself repeats an answer to the same person: entries change, languages too."""

START = "tanya"
"""What follows /start for who goes on in the private chat."""


@dataclass(frozen=True)
class Offer:
    """One result: what the list shows of it, and the message it becomes. Its buttons must be links."""

    id: str
    title: str
    description: str
    card: Sentence
    buttons: Buttons


async def owe_answer(
    session: Session, person: Person, inline_query_id: str, offers: Sequence[Offer], invitation: Sentence
) -> Delivery:
    """Owe the query its *offers*, under a button to the private chat that says *invitation*; soon or never."""
    arguments = {
        "inline_query_id": inline_query_id,
        "results": [_article(offer, person.language) for offer in offers],
        "cache_time": CACHED_FOR,
        "is_personal": True,
        "button": {"text": invitation.in_language(person.language), "start_parameter": START},
    }
    row = Delivery(
        chat_id=person.telegram_id,
        lane=Lane.TAP,
        method="answer_inline_query",
        arguments=arguments,
        edits=f"inline:{person.telegram_id}",  # an answer still unsent when the next one comes is overtaken
        is_secret=True,  # it tells what was asked, and comes with every few letters
        created_at=datetime.now(UTC),
    )
    return await outbox.enqueue(session, row)


def _article(offer: Offer, language: str) -> dict[str, Any]:
    text = split_html(offer.card.in_language(language), TEXT)[0]
    return {
        "type": "article",
        "id": offer.id,
        "title": offer.title,
        "description": offer.description,
        "input_message_content": {"message_text": text, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW},
        "reply_markup": keyboard(offer.buttons, language),
    }
