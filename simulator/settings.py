"""What can be set while the pretend Telegram runs, by the control API, and when it is started, on the command line."""

import argparse
from collections.abc import Callable
from typing import Any

from simulator.telegram import PretendTelegram

Json = dict[str, Any]
Setter = Callable[[PretendTelegram, Any], None]


def settings_of(telegram: PretendTelegram) -> Json:
    """All of them, each as it can be given again."""
    limits = telegram.flood.limits.items()
    return {
        "latency": telegram.latency,
        "flood_limits": telegram.flood_limits,
        "flood": {name: {"rate": at.rate, "burst": at.burst, "penalty": at.penalty} for name, at in limits},
        "schema_checks": telegram.schema_checks,
        "has_everyone": telegram.has_everyone,
        "keep_messages": telegram.keeping.messages,
        "keep_calls": telegram.record.keeps_calls,
    }


def change(telegram: PretendTelegram, given: Json) -> None:
    """Set what is given. Raises LookupError, TypeError or ValueError for what cannot be set so."""
    for name, value in given.items():
        if name not in SETTERS:
            raise LookupError(f"no setting {name!r}; there are {', '.join(SETTERS)}")
        SETTERS[name](telegram, value)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--flood-limits", action="store_true", help="answer 429 to a bot that sends too fast")
    for name, what in (("rate", "messages a second"), ("burst", "messages beyond it"), ("penalty", "seconds refused")):
        parser.add_argument(
            f"--flood-{name}", type=float, help=f"the limit on all messages: {what}; limits are on then"
        )
    parser.add_argument("--everyone", action="store_true", help="any positive id is a person who started the bot")
    parser.add_argument("--no-schema-checks", action="store_true", help="believe calls to be right, which is faster")
    parser.add_argument("--keep-messages", type=int, help="how many of each chat to remember; all if not given")
    parser.add_argument("--no-calls", action="store_true", help="remember of calls only counts and arrivals")


def settings_from(options: argparse.Namespace) -> Json:
    """What add_options read, as change takes it."""
    limit = {name: getattr(options, f"flood_{name}") for name in ("rate", "burst", "penalty")}
    limit = {name: value for name, value in limit.items() if value is not None}
    return {
        "latency": options.latency,
        "flood_limits": options.flood_limits or bool(limit),
        "flood": {"overall": limit},
        "schema_checks": not options.no_schema_checks,
        "has_everyone": options.everyone,
        "keep_messages": options.keep_messages,
        "keep_calls": not options.no_calls,
    }


def _set_flood(telegram: PretendTelegram, limits: Json) -> None:
    for name, changed in limits.items():
        telegram.flood.set_limit(name, **changed)


def _set_kept(telegram: PretendTelegram, messages: int | None) -> None:
    telegram.keeping.messages = None if messages is None else max(int(messages), 0)


SETTERS: dict[str, Setter] = {
    "latency": lambda telegram, seconds: setattr(telegram, "latency", float(seconds)),
    "flood_limits": lambda telegram, value: setattr(telegram, "flood_limits", bool(value)),
    "flood": _set_flood,
    "schema_checks": lambda telegram, value: setattr(telegram, "schema_checks", bool(value)),
    "has_everyone": lambda telegram, value: setattr(telegram, "has_everyone", bool(value)),
    "keep_messages": _set_kept,
    "keep_calls": lambda telegram, value: setattr(telegram.record, "keeps_calls", bool(value)),
}
