"""The command line. Heavy imports stand inside the commands, so that each starts fast."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.announcements.commands import announce
from bot.opportunities.commands import opportunity
from bot.people.commands import people
from bot.settings import BadSetting, read_settings
from bot.terminal import refuse, show, write
from bot.trainings.commands import training

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="A Telegram assistant for a district's small businesses."
)
knowledge = typer.Typer(no_args_is_help=True, help="Entries of the knowledge base as files.")
app.add_typer(knowledge, name="knowledge")
app.add_typer(opportunity, name="opportunity")
app.add_typer(people, name="people")
app.add_typer(training, name="training")
app.command()(announce)


def main() -> None:
    """Run the command line; wrong settings end with exit code 2 and one line."""
    try:
        app()
    except BadSetting as error:
        refuse(str(error))


@app.command()
def run() -> None:
    """Run the bot on Telegram until SIGTERM."""
    from bot import logs  # noqa: PLC0415 -- heavy

    settings = read_settings()
    settings.require_token()
    logs.configure(settings.LOG_FORMAT, settings.LOG_LEVEL)
    from bot.app import App  # noqa: PLC0415 -- heavy
    from bot.app import run as run_app  # noqa: PLC0415 -- heavy
    from bot.first_admin import first_admin_line  # noqa: PLC0415 -- heavy

    async def tell(running: App, _: str) -> None:
        if line := await first_admin_line(running):
            write(line)

    asyncio.run(run_app(settings, tell))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the chat page; a taken one is passed over.")] = 8000,
    database: Annotated[Path, typer.Option(help="The demo's own database file.")] = Path("data/demo.db"),
) -> None:
    """Chat with the bot in the browser, without Telegram and without any setting."""
    from bot.demo import run_demo  # noqa: PLC0415 -- heavy

    asyncio.run(run_demo(port, database, write))


@app.command()
def check() -> None:
    """Look at settings, database, Telegram, clock, catalogues and knowledge, and show a table."""
    from bot.check import check_all, table_of  # noqa: PLC0415 -- heavy

    findings = asyncio.run(check_all(read_settings()))
    show(table_of(findings))
    if wrong := next((finding for finding in findings if finding.is_wrong), None):
        refuse(wrong.mend)


@app.command()
def init(
    token: Annotated[str, typer.Option(help="From BotFather; asked for when not given.")] = "",
    district: Annotated[str, typer.Option(help="The district's folder; asked for when not given.")] = "",
) -> None:
    """Ask for token and district, try the token, and write .env."""
    from bot.first_settings import write_first_settings  # noqa: PLC0415 -- heavy

    token = token or typer.prompt("BOT_TOKEN (from BotFather)", hide_input=True)
    district = district or typer.prompt("DISTRICT_DIR", default="districts/lamongan")
    write(asyncio.run(write_first_settings(token.strip(), district.strip(), Path(".env"))))


@app.command()
def migrate() -> None:
    """Bring the database to the newest version."""
    from bot.app import migrate_or_refuse  # noqa: PLC0415 -- heavy

    before, now = asyncio.run(migrate_or_refuse(read_settings()))
    write(f"database at {now}" if before == now else f"database brought from {before or 'empty'} to {now}")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where it goes; readable by you only.")]) -> None:
    """Write the whole database to FILE, also while the bot runs."""
    from bot.backups import BadBackup, back_up  # noqa: PLC0415 -- heavy

    try:
        contents = asyncio.run(back_up(read_settings(), file))
    except BadBackup as error:
        refuse(str(error))
    write(f"{contents.rows} rows of {len(contents.tables)} tables written to {file}, {file.stat().st_size} bytes")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="A backup, of either kind of database.")]) -> None:
    """Put a backup into a database that holds nobody; the bot must not run on it."""
    from bot.backups import BadBackup  # noqa: PLC0415 -- heavy
    from bot.backups import restore as restore_file  # noqa: PLC0415 -- heavy

    try:
        contents = asyncio.run(restore_file(read_settings(), file))
    except BadBackup as error:
        refuse(str(error))
    write(
        f"{contents.rows} rows of {len(contents.tables)} tables restored, as they stood at {contents.made_at:%F %T} UTC"
    )


@app.command()
def seed(
    people: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many.")],
    first_chat_id: Annotated[int, typer.Option(min=1, max=2**52, help="Telegram id of the first; they count up.")],
    opportunities: Annotated[bool, typer.Option("--opportunities", help="Publish invented ones for them.")] = False,
) -> None:
    """Invent people, marked as such; only where Telegram is a pretended one on this machine and nobody is real."""
    from bot.seeding import seed_people  # noqa: PLC0415 -- heavy

    invented = seed_people(read_settings(), people, first_chat_id, opportunities=opportunities)
    added, published = asyncio.run(invented)
    write(f"{added} people invented, {people - added} were there already")
    if published:
        write(f"{published} opportunities published, which the bot tells them of as soon as it runs")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What somebody might ask.")] = "",
    file: Annotated[Path | None, typer.Option(help="A TSV file with a column `question`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show what the bot would answer, without Telegram and without database."""
    from bot.ask import answer_file, answer_one, read_shelf_or_refuse  # noqa: PLC0415 -- heavy

    if bool(question) == bool(file):
        refuse('give either a question or a file: python -m bot ask "cara bikin NIB" or ask --file FILE.tsv --json')
    shelf, district = read_shelf_or_refuse(read_settings())
    if file:
        for line in answer_file(shelf, file, as_json=as_json):
            write(line)
    else:
        write(answer_one(shelf, district, question, as_json=as_json))


@app.command()
def audit(
    deed: Annotated[str, typer.Option(help="Only this deed (officer.appointed), or all of a kind (officer).")] = "",
    person: Annotated[int | None, typer.Option(help="Only what this person did, or was done to them: our id.")] = None,
    since: Annotated[str, typer.Option(help="Only from this day or moment on: 2026-11-30.")] = "",
    last: Annotated[int, typer.Option(min=1, help="How many are listed, the newest first.")] = 50,
    export: Annotated[Path | None, typer.Option(help="Write all of them to this CSV file instead.")] = None,
) -> None:
    """List what was done by officers, by the system and here: who, what, when, before and after, from where."""
    from bot import audit as listing  # noqa: PLC0415 -- heavy

    settings = read_settings()
    try:
        wanted = listing.wanted_of(settings, deed, person, since)
        if export is None:
            show(asyncio.run(listing.table_of(settings, wanted, last)))
        else:
            write(f"{asyncio.run(listing.export(settings, wanted, export))} entries written to {export}")
    except listing.BadOption as error:
        refuse(str(error))


@knowledge.command("lint")
def lint(folder: Annotated[Path, typer.Argument(help="A folder of entries.")]) -> None:
    """Name file, line and fault of everything wrong in FOLDER; needs no token and no database."""
    from bot.knowledge import faults_of  # noqa: PLC0415 -- heavy

    entries, faults = faults_of(read_settings(), folder)
    for fault in faults:
        write(str(fault))
    if faults:
        raise typer.Exit(1)
    write(f"{entries} entries, no fault")


@knowledge.command("import")
def import_folder(folder: Annotated[Path, typer.Argument(help="A folder of entries.")]) -> None:
    """Import FOLDER into the database; what officers changed stays, and one bad file imports nothing."""
    from bot.knowledge import import_into_database  # noqa: PLC0415 -- heavy

    faults, summary = asyncio.run(import_into_database(read_settings(), folder))
    for fault in faults:
        write(str(fault))
    if faults:
        raise typer.Exit(1)
    write(summary)


@knowledge.command("export")
def export_folder(folder: Annotated[Path, typer.Argument(help="Where the files go; made if need be.")]) -> None:
    """Write every entry of the database to FOLDER, one Markdown file each."""
    from bot.knowledge import export_from_database  # noqa: PLC0415 -- heavy

    write(f"{asyncio.run(export_from_database(read_settings(), folder))} entries written to {folder}")
