"""`python -m bot training …`: trainings out of a table."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import read_settings
from bot.terminal import content_of, refuse, refuse_faults, write

training = typer.Typer(no_args_is_help=True, help="Trainings of the offices.")


@training.callback()
def _several() -> None:
    """So that `import` is a word of its own, as long as there is but one."""


@training.command("import")
def import_table(file: Annotated[Path, typer.Argument(help="A CSV file with a training a line.")]) -> None:
    """Make a draft of each line (docs/pelatihan-csv.md names the columns); one bad line imports nothing."""
    from bot.trainings.table import import_file  # noqa: PLC0415 -- heavy
    from domain.tables import BadFile  # noqa: PLC0415 -- heavy

    try:
        faults, made = asyncio.run(import_file(read_settings(), content_of(file)))
    except BadFile as error:
        refuse(f"{file}: {error}")
    refuse_faults(faults)
    for title in made:
        write(title)
    write(f"{len(made)} drafts made; officers look at them in the chat (/pelatihan) and announce them there")
