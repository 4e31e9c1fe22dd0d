"""An opportunity in words: the message that tells of it, of several, and the facts on its card."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from db.models import Interest, InterestAnswer, Opportunity, OpportunityState, Profile, Standing
from domain.district import District
from domain.opportunities import kinds, needs
from messages import LINK, Button, Buttons, Date, Moment, Number, Sentence, say
from messages.limits import cut

SETTINGS = Button(say("button.follow_settings"), "follow_list", 0)
ALL = Button(say("button.opportunities"), "opps", 0)

WHOLE = 10_000
"""UTF-16 units, more than anything that is sought has."""

LONG_BEFORE = timedelta(days=30)
"""A moment that far off is written as in a calendar."""


def mail(
    told: Sequence[Opportunity],
    profile: Profile | None,
    district: District,
    now: datetime,
    interest: Interest | None = None,
    longest: int = WHOLE,
    further: int = 0,
) -> tuple[Sentence, Buttons]:
    """What somebody with *profile* is told of these, as they stand now: one in full, with what they said to it since,
    several a line each; of *further* ones how many there are. Of what one seeks at most *longest* UTF-16 units.
    """
    if len(told) == 1 and not further:
        return _single(told[0], profile, district, now, interest, longest)
    lines = spaced([line(one, number, district, now) for number, one in enumerate(told, 1)])
    rows = [
        [Button(f"{number}. {one.title}", "opp", one.id)] for number, one in enumerate(told, 1) if is_open(one, now)
    ]
    key = "opportunity.digest_over" if not rows else "opportunity.digest_more" if further else "opportunity.digest"
    blanks = {"number": Number(len(told) + further), "more": Number(further), "lines": lines}
    return say(key, **blanks), [*rows, [ALL, SETTINGS]]


def place(one: Opportunity) -> tuple[bool, datetime, int]:
    """Where it stands among others in a message: what is urgent first, then what ends first."""
    return not one.is_urgent, one.deadline or one.changed_at, one.id


def _single(
    one: Opportunity,
    profile: Profile | None,
    district: District,
    now: datetime,
    interest: Interest | None,
    longest: int,
) -> tuple[Sentence, Buttons]:
    if not is_open(one, now):
        return whole(one, profile, interest, district, now), [[ALL, SETTINGS]]
    see = Button(say("button.opportunity_whole"), "opp", one.id)
    rows = [*answers(one, interest), *explained(one, profile, district), [see, SETTINGS]]
    if stands(one, interest, now):
        return whole(one, profile, interest, district, now, longest), rows
    return say("opportunity.notice", **_blanks(one, profile, district, now, longest)), rows


def is_open(one: Opportunity, now: datetime) -> bool:
    """Whether it can be taken at this moment."""
    return one.state is OpportunityState.OPEN and one.deadline is not None and one.deadline > now


def over(one: Opportunity) -> Sentence:
    """That it cannot be taken any more, and why."""
    if one.state is OpportunityState.WITHDRAWN:
        return say("opportunity.withdrawn", title=one.title, why=_why(one))
    return say("opportunity.closed", title=one.title, why=_why(one))


def _why(one: Opportunity) -> Sentence | str:
    return say("opportunity.why_deadline") if one.why_closed is None else str(one.why_closed)


def card(
    one: Opportunity, profile: Profile | None, district: District, now: datetime, longest: int = WHOLE
) -> Sentence:
    """All there is to know of it."""
    return say("opportunity.card", **_blanks(one, profile, district, now, longest))


def whole(
    one: Opportunity,
    profile: Profile | None,
    interest: Interest | None,
    district: District,
    now: datetime,
    longest: int = WHOLE,
) -> Sentence:
    """Its card, or that it is over, and below it what somebody said to it."""
    sentence = card(one, profile, district, now, longest) if is_open(one, now) else over(one)
    state = stands(one, interest, now)
    return say("opportunity.with_state", card=sentence, state=state) if state else sentence


def stands(one: Opportunity, interest: Interest | None, now: datetime) -> Sentence | None:
    """What somebody said, and what came of it; None for nothing, and for what they took back."""
    if interest is None or interest.answer is InterestAnswer.WITHDRAWN:
        return None
    if interest.answer is InterestAnswer.DECLINED:
        why = interest.why
        return say("opportunity.declined_why", why=why_name(why)) if why else say("opportunity.declined")
    if one.state is OpportunityState.WITHDRAWN:
        return void(interest)
    standing = standing_of(one, interest, now)
    if is_open(one, now):
        permission = say("opportunity.may_go_on" if interest.may_share else "opportunity.may_not_go_on")
        standing = say("opportunity.standing_may", standing=standing, may=permission)
    if interest.reason:
        return say("opportunity.interested_reason", standing=standing, reason=interest.reason)
    return say("opportunity.interested", standing=standing)


def void(interest: Interest) -> Sentence:
    """What becomes of an interest in what its office took back."""
    is_known = interest.standing in {Standing.PASSED_ON, Standing.CHOSEN}
    return say("opportunity.void_passed_on" if is_known else "opportunity.void")


def standing_name(standing: Standing) -> Sentence:
    """How far they have come, as they read it."""
    return say(f"opportunity.standing_{standing.value}")


def standing_of(one: Opportunity, interest: Interest, now: datetime) -> Sentence:
    """Likewise; who has not said yes to their number going on is waited for, not the office."""
    if is_open(one, now) and interest.standing is Standing.NEW and not interest.may_share:
        return say("opportunity.standing_waits")
    return standing_name(interest.standing)


def why_name(why: str) -> Sentence:
    """A key of `domain.opportunities.interest.WHYS`, in words."""
    return say(f"opportunity.unfit_{why}")


def _blanks(
    one: Opportunity, profile: Profile | None, district: District, now: datetime, longest: int
) -> dict[str, object]:
    lines, sought = tuple(facts(one, profile, district, now)), cut(one.sought, longest)
    return {"kind": kinds.name_of(one.kind), "title": one.title, "sought": sought, "lines": lines}


def facts(one: Opportunity, profile: Profile | None, district: District, now: datetime) -> Iterator[Sentence]:
    """A line each: for whom, where, until when, what is asked for and how that stands with *profile*, from whom."""
    yield from _for_whom_and_where(one, district)
    if one.deadline:
        yield say("opportunity.deadline", deadline=until(one.deadline, district))
    yield from _asked_for(one, profile)
    if one.source:
        at = Date(f"{(one.published_at or now).astimezone(ZoneInfo(district.timezone)):%Y-%m-%d}")
        yield say("opportunity.source", source=one.source, date=at)
    if one.link:
        yield say("opportunity.link", link=one.link)


def _for_whom_and_where(one: Opportunity, district: District) -> Iterator[Sentence]:
    yield say("opportunity.for_products", products=kinds.products_name(one.products, district))
    yield say("opportunity.in_market", market=kinds.market_name(one.market, district))
    if one.kecamatan:
        yield say("opportunity.in_kecamatan", kecamatan=", ".join(one.kecamatan))
    if one.place:
        yield say("opportunity.place", place=one.place)


def until(deadline: datetime, district: District) -> Moment:
    """It as in a calendar, since messages stay where they are: "tomorrow" would soon be wrong."""
    return Moment(deadline, district.timezone, deadline - LONG_BEFORE)


def facts_for_all(one: Opportunity, district: District) -> Iterator[Sentence]:
    """Likewise for anybody, in words that stay true and without formatting."""
    yield from _for_whom_and_where(one, district)
    if asked := needs.asked_by(one):
        key = "opportunities.wa_needs_strictly" if one.is_strict else "opportunities.wa_needs"
        yield say(key, needs=kinds.listed(needs.names_of(one, asked)))
    if one.deadline:
        yield say("opportunities.wa_deadline", deadline=until(one.deadline, district))


def _asked_for(one: Opportunity, profile: Profile | None) -> Iterator[Sentence]:
    met = needs.met(one, profile)
    if not needs.asked_by(one):
        return
    yield say("opportunity.needs_strictly") if one.is_strict else say("opportunity.needs")
    yield from (say("opportunity.need_has", need=name) for name in needs.names_of(one, met.has))
    yield from (say("opportunity.need_maybe", need=name) for name in needs.names_of(one, met.maybe))
    yield from needs.lacking_lines(one, profile, "opportunity.need_lacks", "opportunity.capacity_lacks")
    yield from (say("opportunity.need_unknown", need=name) for name in needs.names_of(one, met.unknown))
    if one.is_strict and met.lacks:
        yield say("opportunity.strictly_lacking")


def line(one: Opportunity, number: int, district: District, now: datetime) -> Sentence:
    """It in a line of a list; one that is over says so."""
    if not is_open(one, now):
        is_withdrawn = one.state is OpportunityState.WITHDRAWN
        key = "opportunity.line_withdrawn" if is_withdrawn else "opportunity.line_closed"
        return say(key, number=str(number), title=one.title)
    market = kinds.market_name(one.market, district)
    deadline, kind = until(one.deadline or now, district), kinds.name_of(one.kind)
    return say("opportunity.line", number=str(number), title=one.title, kind=kind, market=market, deadline=deadline)


def spaced(lines: Sequence[Sentence]) -> tuple[Sentence | str, ...]:
    """Them with an empty line between each two: each takes several."""
    return tuple(one for line in lines for one in (line, ""))[:-1]


def answers(one: Opportunity, interest: Interest | None = None) -> Buttons:
    """The three things to say to it; to who said something, what they can say now."""
    ask = Button(say("button.opportunity_ask"), "opp_ask", one.id)
    if interest and interest.answer is InterestAnswer.INTERESTED:
        return [[may(one)], [Button(say("button.opportunity_back"), "opp_back", one.id), ask]]
    if interest and interest.answer is InterestAnswer.DECLINED:
        return [[yes_after(one), ask]]
    yes = Button(say("button.opportunity_yes"), "opp_yes", one.id)
    return [[yes], [Button(say("button.opportunity_no"), "opp_no", one.id), ask]]


def may(one: Opportunity) -> Button:
    """Leads to what would be passed on of them, and to their yes or no."""
    return Button(say("button.opportunity_may"), "opp_may", one.id)


def yes_after(one: Opportunity) -> Button:
    """For who said that it does not suit them."""
    return Button(say("button.opportunity_yes_after"), "opp_yes", one.id)


def explained(one: Opportunity, profile: Profile | None, district: District) -> Buttons:
    """For what they lack, the entries that explain how to get it."""
    return how_to_get(needs.met(one, profile).lacks, district)


def how_to_get(papers: Sequence[str], district: District) -> list[list[Button]]:
    """The entries that explain how to get *papers*."""
    named = [(paper, district.explained[paper]) for paper in papers if paper in district.explained]
    return [[Button(say(f"button.explain_{paper}"), "entry", entry_id)] for paper, entry_id in named]


LONGEST_LINK = 500
"""Characters; with all else that a card says it still is one message."""

_HOST = re.compile(r"https://([^/?#]*)")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)", re.ASCII)
_LAST_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}", re.IGNORECASE)
_NOWHERE = frozenset({"local", "localhost", "localdomain", "internal", "invalid", "test"})


def is_link(text: str) -> bool:
    """Whether *text* is a link that a message may carry: https, and a host on the internet that has a name."""
    host = _HOST.match(text)
    if host is None or len(text) > LONGEST_LINK or not LINK.fullmatch(text):
        return False
    *labels, last = host[1].split(".")
    is_name = bool(labels) and all(_LABEL.fullmatch(label) for label in labels)
    return is_name and bool(_LAST_LABEL.fullmatch(last)) and last.lower() not in _NOWHERE
