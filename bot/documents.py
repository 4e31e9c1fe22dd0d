"""The files that a row of the outbox may name, each made when it is sent."""

from collections.abc import Mapping

from bot.deliverer import Rendering
from handlers.turn import House


def documents_of(_: House) -> Mapping[str, Rendering]:
    """By the kind a row gives."""
    return {}
