"""People who may take opportunities, opportunities for them, and a look at what became of it."""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from db.models import HouseRule, Interest, Notice, Opportunity, OpportunityMail, Person, Profile, Wishes
from db.session import Session
from domain import consent, people
from domain.audit import TERMINAL
from domain.broadcasts.quiet import QUIET_HOURS
from domain.district import read_district
from domain.opportunities import composing, running
from simulator import Person as Somebody
from tests.conftest import LAMONGAN
from tests.support.offices import Offices
from tests.support.running import RunningBot

DISTRICT = read_district(LAMONGAN)


def values(now: datetime, **details: Any) -> dict[str, Any]:
    """What an opportunity says unless *details* say otherwise: a buyer of everything at home, for a week."""
    return {
        "title": "Toko oleh-oleh cari pemasok",
        "sought": "Camilan kering dalam kemasan.",
        "deadline": now + timedelta(days=7),
        "source": "Toko Contoh, Surabaya",
        **details,
    }


async def without_quiet_hours(session: Session, now: datetime) -> None:
    """The house keeps none, so that a test of the real clock says the same by day and by night."""
    await session.merge(HouseRule(name=QUIET_HOURS.name, value=["12.00", "12.00"], changed_at=now))


async def published(session: Session, now: datetime, office: str = "disperindag", **details: Any) -> Opportunity:
    """An opportunity that is out."""
    one = await composing.make(session, office, values(now, **details), TERMINAL, DISTRICT, now)
    await composing.publish(session, one, TERMINAL, now)
    return one


async def publish(offices: Offices, **details: Any) -> int:
    """Likewise, for a running bot; waited for until everybody whom it is for was told. Returns its number."""
    async with offices.bot.database.transaction() as session:
        one = await published(session, offices.now(), **details)
    await told(offices)
    return one.id


async def told(offices: Offices) -> None:
    """Until nothing of opportunities is under way any more."""

    async def is_done() -> bool:
        async with offices.bot.database.reading() as session:
            return not await running.is_due(session, offices.now())

    await until(is_done)
    await offices.settled()


async def until(condition: Any, patience: float = 15.0) -> None:
    """Until *condition* (async) holds."""
    end = time.monotonic() + patience
    while not await condition():
        if time.monotonic() > end:
            raise TimeoutError("it never came to hold")
        await asyncio.sleep(0.02)


async def owner(offices: Offices, somebody: Somebody, **profile: Any) -> int:
    """Let *somebody* be an entrepreneur with that profile, who has written to the bot; returns our id of them."""
    somebody.has_started = True
    async with offices.bot.database.transaction() as session:
        person = await people.recognise(session, somebody.id, somebody.user["first_name"], offices.now())
        kept = await session.get(Profile, person.id) or Profile(person_id=person.id, changed_at=offices.now())
        for name, value in profile.items():
            setattr(kept, name, value)
        session.add(kept)
        return person.id


async def wishes_of(bot: RunningBot, person_id: int) -> Wishes | None:
    found = await bot.rows(select(Wishes).where(col(Wishes.person_id) == person_id))
    return found[0] if found else None


async def notices_of(bot: RunningBot, person_id: int) -> dict[int, Notice]:
    """By opportunity."""
    rows = await bot.rows(select(Notice).where(col(Notice.person_id) == person_id))
    return {row.opportunity_id: row for row in rows}


async def mails_of(bot: RunningBot, person_id: int) -> list[OpportunityMail]:
    return await bot.rows(
        select(OpportunityMail).where(col(OpportunityMail.person_id) == person_id).order_by(col(OpportunityMail.id))
    )


async def interest_of(bot: RunningBot, person_id: int, opportunity_id: int) -> Interest | None:
    theirs = (col(Interest.person_id) == person_id) & (col(Interest.opportunity_id) == opportunity_id)
    found = await bot.rows(select(Interest).where(theirs))
    return found[0] if found else None


async def person_of(bot: RunningBot, somebody: Somebody) -> Person:
    return (await bot.rows(select(Person).where(col(Person.telegram_id) == somebody.id)))[0]


async def agree(offices: Offices, person_id: int) -> None:
    """Let them have agreed that their details are kept."""
    async with offices.bot.database.transaction() as session:
        await consent.give(session, await session.get_one(Person, person_id), offices.now())


async def profile_of(bot: RunningBot, person_id: int) -> Profile | None:
    found = await bot.rows(select(Profile).where(col(Profile.person_id) == person_id))
    return found[0] if found else None


async def taps(offices: Offices, who: Somebody, *labels: str) -> str:
    """Tap one after the other; returns what the newest message says then."""
    for label in labels:
        who.tap(label)
        await offices.settled()
    return who.texts()[-1]


async def forge(offices: Offices, who: Somebody, data: str) -> str:
    """A tap with any data on their newest message; returns the words of the alert it is answered with, or ""."""
    before = len(who.alerts())
    who.tap_data(who.messages()[-1]["message_id"], data)
    await offices.settled()
    return who.alerts()[-1]["text"] if len(who.alerts()) > before else ""


def buttons(who: Somebody) -> list[str]:
    """Under their newest message."""
    rows = who.messages()[-1].get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]
