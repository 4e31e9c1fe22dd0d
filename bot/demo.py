"""`python -m bot demo`: the real bot on the pretend Telegram, with a chat page in the browser."""

from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from bot import logs
from bot.app import App, run
from bot.settings import Settings
from domain.opportunities import invented as opportunities
from domain.trainings import invented as trainings
from simulator import PretendTelegram, serve

HOST = "127.0.0.1"
TOKEN = "1000:demo"  # noqa: S105 -- of the pretend Telegram, which believes any


PEOPLE = ({"id": 101, "name": "Sari"}, {"id": 201, "name": "Petugas"})
"""Invented: an entrepreneur, and an officer beside her."""


class DemoSettings(Settings):
    """The demo's own: neither .env nor the environment may reach the real Telegram or the real data from here."""

    @classmethod
    def settings_customise_sources(cls, settings_cls: object, init_settings: object, **_: object) -> tuple[object, ...]:  # type: ignore[override]  # fewer sources
        return (init_settings,)


async def run_demo(port: int, database: Path, show: Callable[[str], None]) -> None:
    """Run until SIGTERM or SIGINT; *show* gets the page's address on a line of its own."""
    logs.configure("text", "warning")
    telegram = PretendTelegram(token=TOKEN)
    async with serve(telegram, host=HOST, port=port, people=PEOPLE) as address:
        settings = DemoSettings(
            BOT_TOKEN=SecretStr(TOKEN),
            TELEGRAM_API_URL=address,
            DATABASE_URL=SecretStr(f"sqlite+aiosqlite:///{database}"),
            HTTP_PORT=0,
            ADMIN_IDS=(201,),
        )

        async def tell(running: App, _: str) -> None:
            district, now = running.house.district, running.house.now()
            async with running.database.transaction() as session:
                await trainings.invent(session, district, now)
                await opportunities.invent(session, district, now)
            show(address)

        await run(settings, tell)
