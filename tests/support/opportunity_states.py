"""Opportunities of Diskopum where each may stand, as the chat would leave them."""

from datetime import datetime, timedelta
from typing import Any

from db.session import Session
from domain.audit import TERMINAL
from domain.opportunities import composing
from handlers.opportunities.sheet import stamp
from tests.support.opportunities import DISTRICT, published, values


async def put_opportunities(session: Session, now: datetime) -> dict[str, Any]:
    """What names them, and what stands for the draft as it is."""
    draft = await composing.make(session, "diskopum", values(now), TERMINAL, DISTRICT, now)
    scheduled = await composing.make(session, "diskopum", values(now), TERMINAL, DISTRICT, now)
    await composing.schedule(session, scheduled, now + timedelta(days=1), TERMINAL, now)
    out = await published(session, now, office="diskopum")
    return {
        "opportunity_draft": draft.id,
        "opportunity_stamp": stamp(draft),
        "opportunity_scheduled": scheduled.id,
        "opportunity_out": out.id,
    }
