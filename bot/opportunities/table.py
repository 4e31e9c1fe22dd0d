"""Opportunities out of a CSV file into the database, as drafts."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.app import migrate_or_refuse, read_district_or_refuse
from bot.settings import Settings
from db.models import Opportunity
from db.session import open_database
from domain import audit
from domain.district import District
from domain.opportunities import importing
from domain.tables import Fault
from messages import FIRST_LANGUAGE, Day


async def import_file(settings: Settings, content: bytes, now: datetime | None = None) -> tuple[list[Fault], list[str]]:
    """Import a CSV file's *content*: its faults when there are any (nothing is imported then), else what became of each
    line, in a line. Raises BadFile for what is no table of opportunities.
    """
    district, now = read_district_or_refuse(settings), now or datetime.now(UTC)
    rows, faults = importing.read(content, district, now)
    if faults:
        return faults, []
    await migrate_or_refuse(settings)
    async with open_database(settings.database_url) as database, database.transaction() as session:
        done = await importing.put_in(session, rows, audit.TERMINAL, district, now)
        made = [f"draft: {_named(one, district)}" for one in done.made]
        known = [f"there already ({one.state}), left as it is: {_named(one, district)}" for one in done.known]
        return [], [*made, *known, _sum(len(made), len(known))]


def _named(one: Opportunity, district: District) -> str:
    if one.deadline is None:
        return one.title
    here = one.deadline.astimezone(ZoneInfo(district.timezone))
    # In words, since 07-12 may have been meant for the twelfth of July.
    return f"{one.title} (sampai {Day(here.date()).in_language(FIRST_LANGUAGE)} pukul {here:%H.%M})"


def _sum(made: int, known: int) -> str:
    if not made:
        return f"nothing new: all {known} were imported before"
    there = f", {known} were there already" if known else ""
    return f"{made} drafts made{there}; officers look at them in the chat (/peluang) and publish them there"
