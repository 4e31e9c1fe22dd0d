"""What the answering decides about one question."""

from dataclasses import dataclass, field
from typing import Literal

from domain.knowledge.entry import ATTRIBUTES

Outcome = Literal["answer", "suggestions", "handover", "action", "smalltalk"]

ACTIONS = (
    "officer",
    "help",
    "cancel",
    "stop",
    "start",
    "program",
    "register",
    "ask",
    "check",
    "interests",
    "opportunities",
    "follow",
    "profile",
)
"""Wishes that are no questions; each is a command the person could have typed."""

SMALLTALK = (
    "greeting",
    "salam",
    "thanks",
    "farewell",
    "acknowledgement",
    "identity",
    "wellbeing",
    "praise",
    "laughter",
    "apology",
    "abuse",
    "test",
    "emoji",
    "unreadable",
)
"""Talk that wants a human reply but no answer; *unreadable* is an empty message, gibberish or another script."""

ASKED = (*ATTRIBUTES, "email", "instalment", "status", "official", "job", "next")
"""What a question can ask about. The last six no entry declares: they change by person or by day.

*next* is the date or round still to come, *status* how the person's own application stands, *official* somebody's name.
"""

MISSING = (*ASKED, "place")


@dataclass(frozen=True)
class Verdict:
    """One question's outcome, and what the reply needs to be honest about."""

    outcome: Outcome
    entry: str | None = None
    """The id of the entry to show, when the outcome is an answer."""
    suggestions: tuple[str, ...] = ()
    """Up to three ids, best first; beside an answer, the other guesses."""
    action: str | None = None
    """One of ACTIONS."""
    near: str | None = None
    """One of ACTIONS that may help beside an answer or guesses, or where there are none."""
    smalltalk: str | None = None
    """One of SMALLTALK."""
    missing: str | None = None
    """One of MISSING: what was asked and the best guess does not hold."""
    place: str | None = None
    """The other place that was named, as people write it."""
    confidence: float = 0.0
    """The calibrated probability, 0 to 1, that the first entry answers the question."""
    features: dict[str, float] = field(default_factory=dict, compare=False, repr=False)
    """What the confidence was computed from, for the fitting."""
    matter: dict[str, float] = field(default_factory=dict, compare=False, repr=False)
    """What it was computed from whether to offer guesses, when there was no answer."""
