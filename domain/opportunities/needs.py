"""What an opportunity may ask for: papers, and what somebody can make in a month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.models import Opportunity, Profile
from messages import Number, Sentence, say

PAPERS = ("nib", "halal", "pirt")
"""Each a column of the profile, and a key of the district's `explained`."""

YES, NO = "yes", "no"

CAPACITIES: Mapping[str, int | None] = {"50": 50, "200": 200, "1000": 1_000, "5000": 5_000, "more": None}
"""What somebody can make in a month, in pieces or kilograms: less than so many; None: there is no bound."""


@dataclass(frozen=True)
class Met:
    """How what is asked for stands with somebody: keys of PAPERS, and "capacity"."""

    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    """What is asked for lies between the bounds of what they said they can make."""


def asked_by(opportunity: Opportunity) -> tuple[str, ...]:
    """What it asks for, in the order in which it is said."""
    return (
        *(paper for paper in PAPERS if paper in opportunity.needs),
        *(("capacity",) if opportunity.capacity else ()),
    )


def met(opportunity: Opportunity, profile: Profile | None) -> Met:
    """What of it *profile* says they have, lack, or does not say."""
    how: dict[str, list[str]] = {"has": [], "lacks": [], "unknown": [], "maybe": []}
    for need in asked_by(opportunity):
        how[_how(need, opportunity.capacity or 0, profile)].append(need)
    return Met(**{name: tuple(found) for name, found in how.items()})


def _how(need: str, capacity: int, profile: Profile | None) -> str:
    said = None if profile is None else getattr(profile, need)
    if said is None:
        return "unknown"
    if need != "capacity":
        return "has" if said == YES else "lacks"
    if not reaches(said, capacity):
        return "lacks"
    return "has" if _at_least(said) >= capacity else "maybe"


def _at_least(said: str) -> int:
    """The lower bound of what they said: the upper one of the band before."""
    bands = list(CAPACITIES)
    place = bands.index(said) if said in bands else 0
    return (CAPACITIES[bands[place - 1]] or 0) if place else 0


def reaches(said: str, capacity: int) -> bool:
    """Whether somebody who *said* so may be able to make *capacity* a month: bounds are wide, and doubt is theirs."""
    bound = CAPACITIES.get(said)
    return bound is None or capacity < bound


def name_of(need: str, capacity: int | None = None) -> Sentence:
    """What is asked for, in words."""
    if need == "capacity":
        return say("opportunity.need_capacity", number=Number(capacity or 0))
    return say(f"opportunity.paper_{need}")


def names_of(opportunity: Opportunity, needs: Sequence[str]) -> tuple[Sentence, ...]:
    """Those *needs* of *opportunity*, in words."""
    return tuple(name_of(need, opportunity.capacity) for need in needs)


def lacking_lines(opportunity: Opportunity, profile: Profile | None, paper: str, capacity: str) -> tuple[Sentence, ...]:
    """What they lack, a sentence each: by key *paper*; by *capacity* what they can make, against what is asked for."""
    said = capacity_names().get((profile and profile.capacity) or "", "")
    return tuple(
        say(capacity, said=said, number=Number(opportunity.capacity or 0))
        if need == "capacity"
        else say(paper, need=name_of(need))
        for need in met(opportunity, profile).lacks
    )


def answer_names() -> dict[str, Sentence]:
    """What may be said of a paper, in words."""
    return {YES: say("profile.has_paper"), NO: say("profile.lacks_paper")}


def capacity_names() -> dict[str, Sentence]:
    """What may be said of a month's work, in words."""
    return {key: say(f"profile.capacity_{key}") for key in CAPACITIES}
