"""By when an officer answers, counted in office hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from db.models import Inquiry
from db.session import Session
from domain import office_hours
from domain.district import District
from messages import Moment, Sentence, say

ANSWERED_WITHIN = timedelta(hours=4)
"""Of office time."""


@dataclass(frozen=True)
class Promise:
    """What a person may count on."""

    by: datetime
    opens: datetime | None
    """When somebody is there again; None while they are."""
    made_at: datetime
    zone: str

    @property
    def sentence(self) -> Sentence:
        by = Moment(self.by, self.zone, self.made_at)
        if self.opens is None:
            return say("inquiry.promise", by=by)
        return say("inquiry.promise_later", opens=Moment(self.opens, self.zone, self.made_at), by=by)


async def make(session: Session, district: District, now: datetime) -> Promise:
    """What can honestly be promised at *now*."""
    hours = await office_hours.of(session, district)
    opens = hours.next_open(now)
    by = hours.after(now, ANSWERED_WITHIN)
    return Promise(by, None if opens == now else opens, now, district.timezone)


async def renew(session: Session, district: District, inquiry: Inquiry, now: datetime) -> Promise:
    """Promise it anew, with reminders to come."""
    promise = await make(session, district, now)
    inquiry.promised_at = promise.by
    inquiry.reminded_at = inquiry.escalated_at = None
    return promise
