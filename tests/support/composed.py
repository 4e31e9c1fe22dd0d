"""Broadcasts of Diskopum that are composed, and one that waits for a second officer, as the chat would leave them."""

from datetime import datetime, timedelta
from typing import Any

from db.models import Broadcast, BroadcastState, Person
from db.session import Session
from domain.broadcasts import codes, drafts
from domain.broadcasts.audience import Audience
from domain.broadcasts.content import Content, Link


async def put_composed(session: Session, author: Person, now: datetime) -> dict[str, Any]:
    """What names them, and what stands for them as they are."""
    said = Content(html="Ada pameran, {nama}.", buttons=(Link("Brosur", "https://contoh.id"),))
    given = {"office": "diskopum", "topic": "umum", "content": said.as_json(), "audience": Audience().as_json()}
    given |= {"author_id": author.id, "made_at": now, "changed_at": now}
    composed = Broadcast(**given, starts_at=now + timedelta(days=1), late_limit=60)
    proposed = Broadcast(**given, state=BroadcastState.PROPOSED, code=codes.new())
    session.add_all([composed, proposed])
    await session.flush()
    return {
        "composed": composed.id,
        "composed_stamp": drafts.stamp(composed),
        "proposed": proposed.id,
        "proposed_stamp": drafts.stamp(proposed),
    }
