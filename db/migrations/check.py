"""`python -m db.migrations.check`: do the migrations lead to the models? (On a database that lives for a moment.)"""

import os
import tempfile
from pathlib import Path

from alembic import command

from db.migrations.upgrade import configuration


def main() -> None:
    """Migrate a fresh SQLite file; alembic ends the process when the models differ from it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite+aiosqlite:///{Path(folder) / 'check.db'}"
        command.upgrade(configuration(), "head")
        command.check(configuration())


if __name__ == "__main__":
    main()
