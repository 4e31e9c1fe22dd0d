"""What somebody wishes to hear of, in words."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from db.models import OpportunityKind, Person, Wishes
from db.session import Session
from domain.district import District
from domain.opportunities import kinds, rhythm, wishes
from domain.opportunities.rhythm import AT_ONCE, WEEKLY, Timing
from messages import Number, Sentence, Weekday, say


async def summary(session: Session, person: Person, district: District) -> Sentence:
    """All of it as it holds now, a line each."""
    wished, timing = await wishes.of(session, person), await rhythm.timing(session, district)
    return say(
        "wishes.summary",
        products=await products(session, person, district),
        markets=markets(wished, district),
        kinds=kinds_of(wished),
        kecamatan=await kecamatan(session, person, district),
        rhythm=rhythm_of(wished.rhythm, timing),
        cap=Number(timing.cap),
        quiet=quiet_of(wished.quiet, timing),
    )


async def now(session: Session, person: Person, name: str, district: District) -> Sentence:
    """What holds now of one of `wishes.LISTS`."""
    wished = await wishes.of(session, person)
    if name == "products":
        return await products(session, person, district)
    if name == "markets":
        return markets(wished, district)
    return kinds_of(wished) if name == "kinds" else await kecamatan(session, person, district)


async def products(session: Session, person: Person, district: District) -> Sentence:
    """Which products; those of the profile where they chose none here."""
    heard = await wishes.chosen(session, person, "products", district)
    if not heard:
        return say("wishes.products_unknown")
    names = kinds.products_name(heard, district)
    is_theirs = (await wishes.of(session, person)).products is not None
    return say("wishes.some", names=names) if is_theirs else say("wishes.products_profile", names=names)


def markets(wished: Wishes, district: District) -> Sentence:
    """Which markets; where they are most of them, all but which."""
    if wished.markets is None:
        return say("wishes.markets_all")
    there_are = kinds.markets_of(district)
    left = [kinds.market_name(one, district) for one in there_are if one not in wished.markets]
    if 0 < len(left) < len(there_are) / 2:
        return say("wishes.markets_but", names=kinds.listed(left))
    return say("wishes.some", names=kinds.listed([kinds.market_name(one, district) for one in wished.markets]))


def kinds_of(wished: Wishes) -> Sentence:
    """Which kinds; likewise."""
    if wished.kinds is None:
        return say("wishes.kinds_all")
    left = [kinds.name_of(kind) for kind in OpportunityKind if kind not in wished.kinds]
    if 0 < len(left) < len(OpportunityKind) / 2:
        return say("wishes.kinds_but", names=kinds.listed(left))
    return say("wishes.some", names=kinds.listed([kinds.name_of(OpportunityKind(one)) for one in wished.kinds]))


async def kecamatan(session: Session, person: Person, district: District) -> Sentence:
    """Whose events: their own, and those they follow."""
    own = await wishes.own_kecamatan(session, person)
    further = await wishes.chosen(session, person, "kecamatan", district)
    if own is None:
        return say("wishes.some", names=kinds.listed(further)) if further else say("wishes.kecamatan_none")
    if not further:
        return say("wishes.kecamatan_own", own=own)
    return say("wishes.kecamatan_further", own=own, names=kinds.listed(further))


def rhythm_of(chosen: str, timing: Timing) -> Sentence:
    """How often."""
    hour = f"{timing.hour:%H.%M}"
    if chosen == AT_ONCE:
        return say("wishes.rhythm_at_once")
    if chosen == WEEKLY:
        return say("wishes.rhythm_weekly", day=Weekday(timing.day), hour=hour)
    return say("wishes.rhythm_daily", hour=hour)


def quiet_of(own: Sequence[str] | None, timing: Timing) -> Sentence:
    """When not: in their own quiet hours, or else those of the house."""
    begins, ends = own or hours_of_house(timing)
    return say("wishes.quiet_none") if begins == ends else say("wishes.quiet_hours", begins=begins, ends=ends)


def warned(sentence: Sentence, wished: Wishes, timing: Timing, now: datetime) -> Sentence:
    """*sentence*, and below it that their digest waits where its hour lies in their quiet hours."""
    at = timing.due(wished.rhythm, now)
    ends = timing.quiet_until(wished.quiet, at) if wished.rhythm != AT_ONCE else None
    if ends is None:
        return sentence
    late = f"{ends.astimezone(ZoneInfo(timing.zone)):%H.%M}"
    return say("wishes.digest_waits", screen=sentence, hour=f"{timing.hour:%H.%M}", ends=late)


def hours_of_house(timing: Timing) -> tuple[str, str]:
    """From when to when the house is quiet, as "21.00"."""
    return f"{timing.quiet.begins:%H.%M}", f"{timing.quiet.ends:%H.%M}"
