"""The way in where nobody is an admin yet: a link that `run` prints, and that makes whoever opens it the first one."""

from bot.app import App
from domain import appointments

HOURS = round(appointments.LINK_LASTS.total_seconds() / 3600)


async def first_admin_line(app: App) -> str | None:
    """One line for the terminal, with a new link; None where there is an admin. Not for the log: it holds a secret."""
    async with app.database.transaction() as session:
        token = await appointments.make_first_link(session, app.house.now())
    if token is None:
        return None
    link = f"https://t.me/{app.application.bot.username}?start=petugas_{token}"
    return f"Nobody is an admin yet. Open {link} within {HOURS} hours to be the first (earlier links are void)."
