"""House rules: values that admins change in the chat, each with a default, a check, and its line in the audit.

A part adds its own in a line: ``WEEKLY_CAP = rules.add("weekly_cap", 3, check=at_most_seven)``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from db.models import HouseRule, Person
from db.session import Session
from db.upsert import insert_new
from domain import audit, staff
from domain.audit import Actor

Value = TypeVar("Value")


@dataclass(frozen=True)
class Rule(Generic[Value]):
    """One value, plain JSON; *check* returns it as it is to be kept, or raises the Refusal that says what it may be."""

    name: str
    default: Value
    check: Callable[[Value], Value]


RULES: dict[str, Rule[Any]] = {}
"""All there are, by name."""


def add(name: str, default: Value, check: Callable[[Value], Value]) -> Rule[Value]:
    """A new rule. Raises ValueError for a name that is taken."""
    if name in RULES:
        raise ValueError(f"there is a rule {name!r} already")
    RULES[name] = rule = Rule(name, default, check)
    return rule


async def read(session: Session, rule: Rule[Value]) -> Value:
    """What holds now: what an admin set, else the default."""
    row = await session.get(HouseRule, rule.name)
    return rule.default if row is None else row.value


async def change(
    session: Session, person: Person, rule: Rule[Value], edit: Callable[[Value], Value], now: datetime
) -> Value:
    """Let *edit* make the rule's new value of its present one, which it leaves as it is; returns the new one.

    Two changes at a time take turns, so neither is lost. Raises NotForYou for everybody but admins, and the rule's
    Refusal.
    """
    await staff.access(session, person, admin=True)
    row = await _locked(session, rule, now)
    before = row.value
    after = rule.check(edit(before))
    if after == before:
        return after
    row.value, row.changed_at, row.changed_by = after, now, person.id
    actor = Actor("officer", person.id, "private")
    await audit.record(session, now, actor, "rule.changed", f"rule:{rule.name}", {"value": before}, {"value": after})
    return after


async def _locked(session: Session, rule: Rule[Any], now: datetime) -> HouseRule:
    """The rule's row, which nobody else changes before this transaction ends."""
    first = {"name": rule.name, "value": rule.default, "changed_at": now, "changed_by": None}
    await insert_new(session, HouseRule.__table__, [first], unique=["name"])  # type: ignore[attr-defined]  # SQLModel adds it
    return await session.get_one(HouseRule, rule.name, with_for_update=True, populate_existing=True)
