"""`python -m bot people …`: the office's register in, letters and posters out, and how many came."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import read_settings
from bot.terminal import refuse, refuse_faults, show, write

people = typer.Typer(no_args_is_help=True, help="The office's register, letters that invite, posters, and who came.")

Bot = Annotated[str, typer.Option("--bot", help="The bot's name on Telegram; asked there when not given.")]
Language = Annotated[str, typer.Option(help="Of what is written: id, jv or en.")]


@people.command("import")
def import_register(file: Annotated[Path, typer.Argument(help="The register, .xlsx or .csv.")]) -> None:
    """Import the office's register (docs/buku-daftar.md names its columns); one bad row imports nothing."""
    from bot.people.reading import Unreadable  # noqa: PLC0415 -- heavy
    from bot.people.register import import_file  # noqa: PLC0415 -- heavy

    try:
        sheet, faults, counts = asyncio.run(import_file(read_settings(), file))
    except Unreadable as error:
        refuse(str(error))
    refuse_faults(faults)
    if sheet.left_out:
        write(f"not read: {', '.join(sheet.left_out)}")
    came = f", {counts.came} left as they are, since their owners came" if counts.came else ""
    write(f"{counts.new} new, {counts.changed} changed, {counts.same} as they were{came}")


@people.command("letters")
def write_letters(
    to: Annotated[Path, typer.Option(help="The folder; made if need be.")],
    kecamatan: Annotated[str, typer.Option(help="Only this one.")] = "",
    bot: Bot = "",
    again: Annotated[bool, typer.Option("--again", help="Also for who has a letter: its link is void then.")] = False,
    language: Language = "id",
) -> None:
    """Write letters with each one's own link (PDF, a page each), and beside them the texts for WhatsApp."""
    from bot.people import invitations  # noqa: PLC0415 -- heavy

    written: list[invitations.Written] = []

    def tell(one: invitations.Written) -> None:
        written.append(one)
        if one.file:
            number = f"{one.letters} {'letter' if one.letters == 1 else 'letters'}"
            write(f"{one.kecamatan}: {number} in {one.file}; texts for WhatsApp in {one.file.stem}.txt")

    wish = invitations.Wish(kecamatan, bot, language, again=again)
    try:
        asyncio.run(invitations.write_letters(read_settings(), to, wish, tell))
    except invitations.BadOption as error:
        refuse(str(error))
    if have_one := sum(one.have_one for one in written):
        write(f"{have_one} were left out, since they have a letter; --again writes new ones, and voids the older links")
    if not any(one.file for one in written):
        write("nobody waits for a letter")
        return
    if again:
        write("Links of earlier letters to the same people open nothing any more: use these.")
    write("These files hold names, numbers and links, so only you can read them: delete them once the letters are out.")


@people.command("poster")
def write_poster(
    to: Annotated[Path, typer.Option(help="The PDF file.")],
    kecamatan: Annotated[str, typer.Option(help="Whose.")] = "",
    every: Annotated[bool, typer.Option("--all", help="One of each kecamatan, a page each.")] = False,
    bot: Bot = "",
    language: Language = "id",
) -> None:
    """Write a poster (PDF, A4) whose code leads to the bot and tells which kecamatan it hung in."""
    from bot.people import invitations  # noqa: PLC0415 -- heavy

    if bool(kecamatan) == every:
        refuse("give either --kecamatan or --all")
    try:
        wish = invitations.Wish(kecamatan, bot, language)
        pages = asyncio.run(invitations.write_posters(read_settings(), to, wish))
    except invitations.BadOption as error:
        refuse(str(error))
    write(f"{pages} {'poster' if pages == 1 else 'posters'} in {to}")


@people.command("figures")
def show_figures() -> None:
    """Show who of the register was invited and came, by kecamatan, and how many people each poster brought."""
    from bot.people.register import figures_of  # noqa: PLC0415 -- heavy

    for table in asyncio.run(figures_of(read_settings())):
        show(table)
