"""What one process changes, a running one sees at its next turn."""

from pathlib import Path

from domain.knowledge.folder import write_folder
from domain.knowledge.seed import import_folder
from domain.knowledge.shelf import Library
from tests.conftest import LAMONGAN
from tests.domain.test_knowledge import entry
from tests.support.running import running_bot

ENDINGS = ("itu apa", "syarat", "ikut", "kapan", "siapa", "boleh", "di mana", "gratis", "ya", "dong", "piye", "opo")


class TestVersion:
    async def test_a_new_entry_answers_at_once(self, database_url: str, tmp_path: Path) -> None:
        """An entry imported while the bot runs answers the next question."""
        new = entry(
            title="Lomba jahit konveksi",
            phrasings=tuple(f"lomba jahit konveksi tritunggal {word}" for word in ENDINGS),
        )
        write_folder(tmp_path / "new", [new])
        async with running_bot(database_url, LAMONGAN, library=Library()) as bot:
            before = await bot.says(bot.person(), "lomba jahit konveksi tritunggal itu apa")
            async with bot.database.transaction() as session:
                await import_folder(session, bot.app.house.district, tmp_path / "new")
            after = await bot.says(bot.person(), "lomba jahit konveksi tritunggal itu apa")

        assert "Lomba jahit konveksi" not in before
        assert after.startswith("Lomba jahit konveksi")
