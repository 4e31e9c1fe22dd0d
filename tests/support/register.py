"""The office's register in tests: businesses, and letters whose links people open."""

from datetime import date, timedelta
from typing import Any

from db.models import RegisteredBusiness
from domain.secret_tokens import hash_of, new_token
from tests.support.running import RunningBot

OFFICE_HAS: dict[str, Any] = {
    "name": "Sri Wahyuni",
    "business": "Tenun Sri Rejeki",
    "sector": "tenun",
    "kecamatan": "Babat",
    "products": ["sarung", "selendang"],
    "phone": "+6281234500999",
}
"""Nobody's."""


async def letter_for(bot: RunningBot, until: date | None = None, **changes: Any) -> str:
    """Put a business into the register, and return the token that stands in its letter."""
    token, now = new_token(), bot.app.house.now()
    until = until or (now + timedelta(days=30)).date()
    business = RegisteredBusiness(
        **{**OFFICE_HAS, **changes}, imported_at=now, invited_at=now, token_hash=hash_of(token), until=until
    )
    async with bot.database.transaction() as session:
        session.add(business)
    return token
