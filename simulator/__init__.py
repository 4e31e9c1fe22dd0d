"""A pretend Telegram over real HTTP, for demos, tests and benchmarks. It knows the Bot API, not our bot."""

from simulator.people import Person
from simulator.server import serve
from simulator.telegram import Call, PretendTelegram

__all__ = ["Call", "Person", "PretendTelegram", "serve"]
