"""The domain verbs that a row of the outbox may name: each hears what became of its call."""

from collections.abc import Mapping

from bot.deliverer import AnswerVerb
from domain import erasure, inquiries
from domain.broadcasts import samples, sheets, telling
from domain.opportunities import amending, mailing, marks, own
from handlers.turn import House


def verbs_of(house: House) -> Mapping[str, AnswerVerb]:
    """By the name a row gives."""
    return {
        erasure.TOLD: erasure.told,
        samples.SENT: samples.sent,
        mailing.MAILED: mailing.mailed,
        marks.OWN_TOLD: own.told,
        marks.EDITED: amending.edited,
        **telling.verbs(house.district),
        **sheets.verbs(house.district),
        **inquiries.verbs(house.district),
    }
