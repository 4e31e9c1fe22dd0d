"""`python -m bot opportunity …`: opportunities out of a table."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import read_settings
from bot.terminal import content_of, refuse, refuse_faults, write

opportunity = typer.Typer(no_args_is_help=True, help="Market opportunities of the offices.")


@opportunity.callback()
def _several() -> None:
    """So that `import` is a word of its own, as long as there is but one."""


@opportunity.command("import")
def import_table(file: Annotated[Path, typer.Argument(help="A CSV file with an opportunity a line.")]) -> None:
    """Make a draft of each line (docs/peluang-csv.md names the columns); one bad line imports nothing."""
    from bot.opportunities.table import import_file  # noqa: PLC0415 -- heavy
    from domain.tables import BadFile  # noqa: PLC0415 -- heavy

    try:
        faults, said = asyncio.run(import_file(read_settings(), content_of(file)))
    except BadFile as error:
        refuse(f"{file}: {error}")
    refuse_faults(faults)
    for line in said:
        write(line)
