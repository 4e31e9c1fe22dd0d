"""`python -m bot seed`: invented people, where nobody real can be met."""

import ipaddress
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot.app import migrate_or_refuse, read_district_or_refuse
from bot.settings import BadSetting, Settings
from db.session import open_database
from domain.invented import RealPeople, invent_businesses, invent_people
from domain.opportunities import invented


async def seed_people(
    settings: Settings, number: int, first_chat_id: int, *, opportunities: bool = False
) -> tuple[int, int]:
    """Invent people with their businesses, and *opportunities* for them; how many people and opportunities were new.

    Raises BadSetting where TELEGRAM_API_URL is not this very machine, or where real people are kept.
    """
    if not is_loopback(settings.TELEGRAM_API_URL):
        raise BadSetting(
            "TELEGRAM_API_URL: invented people are for a pretend Telegram on this machine: "
            "set it to http://127.0.0.1:… as `python -m simulator` prints it"
        )
    district, now = read_district_or_refuse(settings), datetime.now(UTC)
    await migrate_or_refuse(settings)
    async with open_database(settings.database_url) as database:
        try:
            async with database.transaction(bulk=True) as session:
                added = await invent_people(session, number, first_chat_id, now)
                await invent_businesses(session, number, first_chat_id, district, now)
                return added, await invented.invent(session, district, now) if opportunities else 0
        except RealPeople as error:
            raise BadSetting(
                "DATABASE_URL: real people are kept here, among whom nobody is invented: name another database"
            ) from error


def is_loopback(url: str) -> bool:
    """Whether *url* leads to this machine and surely to no other."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
