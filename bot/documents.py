"""The files that a row of the outbox may name, each made when it is sent."""

import json
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.deliverer import File, Rendering
from bot.opportunities.interested_list import interested_list_of
from bot.opportunities.reports import reports_of
from bot.trainings.papers import papers_of
from bot.trainings.seat_papers import seat_papers_of
from bot.unreached import unreached_list
from db.models import Person
from db.session import Session
from domain import personal_data
from domain.broadcasts import unreached
from domain.opportunities import interested
from handlers.turn import House


def documents_of(house: House, username: str) -> Mapping[str, Rendering]:
    """By the kind a row gives; *username*: the bot's own, for links to it."""
    return {
        personal_data.DOCUMENT: _personal_data(house),
        **papers_of(house, username),
        **seat_papers_of(house, username),
        **reports_of(house),
        unreached.DOCUMENT: unreached_list,
        interested.DOCUMENT: interested_list_of(house),
    }


def _personal_data(house: House) -> Rendering:
    async def render(session: Session, person_id: int) -> File | None:
        """All that is kept about a person, as JSON that a person can read too; None once they are erased."""
        person, zone = await session.get(Person, person_id), house.district.timezone
        if person is None or person.erased_at is not None:
            return None
        made_at = house.now().astimezone(ZoneInfo(zone))
        found = {
            "made_at": made_at.isoformat(timespec="seconds"),
            **await personal_data.everything(session, person, zone),
        }
        content = json.dumps(found, ensure_ascii=False, indent=2).encode()
        return File(f"data-{made_at:%Y-%m-%d}.json", content)

    return render
