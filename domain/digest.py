"""The morning digest: on each working day every officer hears once what waits for them, if anything does."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from db.models import Occurrence, Officer, Person, Role
from db.session import Session
from db.upsert import insert_new
from domain import audit, office_hours, post
from domain.district import District
from domain.office_hours import OfficeHours
from domain.opportunities.morning import Morning, morning
from domain.waiting import Waiting, waiting_for
from messages import Button, Moment, Number, Sentence, say
from messages.limits import cut

AT = time(7, 30)
"""By the district's clock; when the bot was not running then, at its next start."""

TOO_LATE_AFTER = time(12)
"""Then it is no news any more, and skipped."""

LOOK_BACK = timedelta(days=7)
"""A digest missed longer ago than that is not even noted."""

MOST_TITLES, LONGEST_TITLE = 3, 60
"""Of opportunities that are over, and UTF-16 units of each."""


async def send_due(session: Session, district: District, now: datetime) -> None:
    """Send the digest that is due to all who have not had it, or note that it is too late for it.

    Called each minute; an officer's digest of a morning is one row, so it goes once, whoever else calls.
    """
    calendar = await office_hours.of(session, district)
    due = _last_due(calendar, now)
    if due is None:
        return
    before = _last_due(calendar, due - timedelta(minutes=1)) or due - LOOK_BACK
    is_late = now >= datetime.combine(due.date(), TOO_LATE_AFTER, due.tzinfo)
    for person, officer in await _without(session, due):
        done = {"what": _what(officer), "at": due.astimezone(UTC), "done_at": now}
        # Another replica that ticks at this moment waits here, and finds it done.
        if not await insert_new(session, Occurrence.__table__, [done], unique=["what", "at"]):  # type: ignore[attr-defined]  # SQLModel adds it
            continue
        waiting = await waiting_for(session, person, officer, now)
        offices = None if officer.role is Role.ADMIN else [officer.office]
        opportunities = await morning(session, offices, before.astimezone(UTC), now)
        news = (*_news(waiting, district, now), *_of_opportunities(opportunities))
        if news and is_late:
            await audit.record(session, now, audit.SYSTEM, "digest.skipped", f"person:{person.id}")
        elif news and person.is_reachable:
            rows = [[Button(say("button.queue"), "queue", 0)]]
            if waiting.interested:
                rows.append([Button(say("button.interested_new"), "opp_news", 0)])
            if opportunities:
                rows.append([Button(say("button.opportunity_manage"), "opp_desk", 0)])
            await post.owe(session, person, say("digest.morning", lines=news), rows)


def _last_due(calendar: OfficeHours, now: datetime) -> datetime | None:
    """The last working day's time for it that has come, by the clock of the place."""
    here = now.astimezone(ZoneInfo(calendar.zone))
    for days in range(LOOK_BACK.days):
        due = datetime.combine(here.date() - timedelta(days=days), AT, here.tzinfo)
        if due <= now and calendar.is_working_day(due.date()):
            return due
    return None


async def _without(session: Session, due: datetime) -> list[tuple[Person, Officer]]:
    """Officers who served at that time and whose digest is not done, in an order all replicas share.

    Not readers: nothing waits for those who may not answer.
    """
    at = due.astimezone(UTC)
    done = set((await session.exec(select(Occurrence.what).where(Occurrence.at == at))).all())
    serving = select(Person, Officer).join(Officer, col(Officer.person_id) == col(Person.id))
    theirs = serving.where(col(Officer.appointed_at) < at, col(Officer.role) != Role.READER).order_by(col(Person.id))
    return [(person, one) for person, one in (await session.exec(theirs)).all() if _what(one) not in done]


def _what(officer: Officer) -> str:
    return f"digest:{officer.person_id}"


def _news(waiting: Waiting, district: District, now: datetime) -> tuple[Sentence, ...]:
    """A line for each kind of thing that waits; what was answered and is only not closed is no news."""
    lines = []
    if unanswered := waiting.unanswered:
        since = Moment(unanswered[0].waits_since or now, district.timezone, now)
        lines.append(say("digest.unanswered", number=Number(len(unanswered)), since=since))
    if waiting.interested:
        numbers = {"number": Number(waiting.interested), "opportunities": Number(waiting.opportunities)}
        lines.append(say("digest.interested", **numbers))
    if trouble := waiting.parked + len(waiting.alarms):
        lines.append(say("digest.trouble", number=Number(trouble)))
    return tuple(lines)


def _of_opportunities(opportunities: Morning) -> tuple[Sentence, ...]:
    """Likewise of what waits to be published, and of what is over."""
    lines = []
    if opportunities.drafts:
        lines.append(say("digest.drafts", number=Number(opportunities.drafts)))
    if ended := opportunities.ended:
        titles = "; ".join(cut(title, LONGEST_TITLE) for title in ended[:MOST_TITLES])
        key = "digest.ended" if len(ended) <= MOST_TITLES else "digest.ended_more"
        lines.append(say(key, number=Number(len(ended)), titles=titles))
    return tuple(lines)
