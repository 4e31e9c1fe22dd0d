"""What a person tells of themselves and their business: every detail optional until a deed needs it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from db.models import Person, Profile
from db.session import Session
from domain import consent
from domain.district import District
from domain.errors import NotAgreed
from domain.forms import checks, phone
from domain.forms.fields import Field, Form, choice
from domain.opportunities import marks, needs
from messages import say

BASICS = ("name", "business", "sector", "kecamatan", "products", "phone")
"""Who somebody is, in the order it is asked: the phone last, since its keys take the place of the buttons."""

READINESS = (*needs.PAPERS, "capacity")
"""What opportunities ask for; asked one by one, when it matters."""

FIELDS = (*BASICS, *READINESS)
"""All there are, in the order they are shown."""

LONGEST_NAME, LONGEST_BUSINESS, LONGEST_PRODUCT = 64, 80, 40
"""Characters."""

MOST_PRODUCTS = 10


def form(district: District) -> Form:
    """The questions, with the district's own sectors and kecamatan."""
    kecamatan = {name: name for name in sorted(district.kecamatan)}
    return Form(
        (
            Field(
                "name",
                say("profile.name"),
                say("profile.ask_name"),
                partial(checks.words, most=LONGEST_NAME),
            ),
            Field(
                "business",
                say("profile.business"),
                say("profile.ask_business"),
                partial(checks.words, most=LONGEST_BUSINESS),
            ),
            choice("sector", say("profile.sector"), say("profile.ask_sector"), district.sectors),
            choice("kecamatan", say("profile.kecamatan"), say("profile.ask_kecamatan"), kecamatan, columns=3),
            Field(
                "products",
                say("profile.products"),
                say("profile.ask_products"),
                partial(checks.items, most=MOST_PRODUCTS, longest=LONGEST_PRODUCT),
                show=", ".join,
            ),
            Field(
                "phone",
                say("profile.phone"),
                say("profile.ask_phone"),
                phone.normalise,
                show=phone.spoken,
                asks_contact=True,
            ),
            *(_paper(name) for name in needs.PAPERS),
            choice("capacity", say("profile.capacity"), say("profile.ask_capacity"), needs.capacity_names(), columns=2),
        )
    )


def _paper(name: str) -> Field:
    return choice(name, say(f"profile.{name}"), say(f"profile.ask_{name}"), needs.answer_names(), columns=2)


async def kept(session: Session, person: Person) -> Profile | None:
    """What *person* told, as it is kept; None for nothing."""
    return None if person.id is None else await session.get(Profile, person.id)


async def values(session: Session, person: Person) -> dict[str, Any]:
    """What is known, by field; nothing for what is not."""
    profile = await kept(session, person)
    known = {} if profile is None else {name: getattr(profile, name) for name in FIELDS}
    return {name: value for name, value in known.items() if value}


async def missing(session: Session, person: Person, fields: Iterable[str]) -> list[str]:
    """Which of *fields* a deed that needs them must still ask for, in their order."""
    known = await values(session, person)
    return [name for name in fields if name not in known]


async def save(session: Session, person: Person, answers: Mapping[str, Any], now: datetime) -> None:
    """Keep *answers*, by field; None takes a detail out. Raises NotAgreed without consent to the words of now."""
    if not await consent.has_consent(session, person):
        raise NotAgreed
    profile = await session.get(Profile, person.id, with_for_update=True)
    if profile is None:
        profile = Profile(person_id=person.id, changed_at=now)
        session.add(profile)
    for name in FIELDS:
        if name in answers:
            setattr(profile, name, answers[name])
    profile.changed_at = now
    await marks.mark(session, person, now)
