"""The domain verbs that a row of the outbox may name: each hears what became of its call."""

from collections.abc import Mapping

from bot.deliverer import AnswerVerb
from handlers.turn import House


def verbs_of(_: House) -> Mapping[str, AnswerVerb]:
    """By the name a row gives."""
    return {}
