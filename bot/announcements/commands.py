"""`python -m bot announce`: its options, the one question, and what it prints."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import Settings, read_settings
from bot.terminal import progress, refuse, show, write

if TYPE_CHECKING:
    from domain.broadcasts.announcing import Announcement

INTERRUPTED = 130
"""The exit code of who pressed Ctrl-C, as shells have it."""


def announce(
    audience: Annotated[
        list[str] | None,
        typer.Option(
            help="all, kecamatan=Babat,Sekaran, sektor=…, bahasa=jv, pelatihan=7:participants|waiting,"
            " belum-pelatihan; several must all hold."
        ),
    ] = None,
    text: Annotated[str | None, typer.Option(help="What it says; {nama} and {usaha} are filled in for each.")] = None,
    file: Annotated[Path | None, typer.Option(help="A text file that holds what it says.")] = None,
    html: Annotated[bool, typer.Option("--html", help="The words are Telegram's HTML: <b>, <i>, <a href=…> …")] = False,
    topic: Annotated[str, typer.Option(help="umum, pelatihan, fasilitas or pasar.")] = "umum",
    office: Annotated[str, typer.Option(help="The key of the office that says it; the district's first else.")] = "",
    button: Annotated[list[str] | None, typer.Option(help='"Label=https://…", under the message.')] = None,
    at: Annotated[str, typer.Option(help='When it starts, as "2026-11-27 08:00" in TIMEZONE; at once else.')] = "",
    late: Annotated[
        str, typer.Option(help='Minutes after --at in which it still starts, where no bot ran; "none": however late.')
    ] = "120",
    outlet: Annotated[
        list[str] | None,
        typer.Option(help="The id of a channel or group of the office, or all; without --audience only they get it."),
    ] = None,
    silent: Annotated[bool, typer.Option("--silent", help="Nobody's phone rings.")] = False,
    pin: Annotated[bool, typer.Option("--pin", help="Pin it in each chat.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Until it is over; exit code 1 where some went wrong.")] = False,
    is_list: Annotated[bool, typer.Option("--list", help="Show the newest broadcasts instead.")] = False,
    pause: Annotated[int | None, typer.Option(help="Pause the broadcast of this id instead.")] = None,
    resume: Annotated[int | None, typer.Option(help="Let the one of this id go on instead.")] = None,
    stop: Annotated[int | None, typer.Option(help="Stop the one of this id for good instead.")] = None,
) -> None:
    """Tell many at once, without a second officer and without quiet hours; the running bot sends it."""
    from bot.announcements.announcing import list_of, prepare, steer  # noqa: PLC0415 -- heavy
    from bot.announcements.announcing import write as write_down  # noqa: PLC0415 -- heavy
    from bot.announcements.wish import BadOption, Options  # noqa: PLC0415 -- heavy

    settings = read_settings()
    said = (text, file, html, audience or [], topic, office, button or [], at, silent, pin)
    options = Options(*said, late=late, outlets=outlet or [])
    steered = {"pause": pause, "resume": resume, "stop": stop}
    try:
        if is_list:
            show(asyncio.run(list_of(settings)))
            return
        if any(id is not None for id in steered.values()):
            for deed, id in steered.items():
                if id is not None:
                    write(asyncio.run(steer(settings, id, deed)))
            return
        prepared = asyncio.run(prepare(settings, options))
        for line in prepared.lines:
            write(line)
        if not yes:
            _ask(prepared.asked)
        number, code, is_heard = asyncio.run(write_down(settings, prepared.asked))
    except BadOption as error:
        refuse(str(error))
    write(f"broadcast {number} is written down; its code is {code}")
    if not is_heard:
        write("no bot runs on this database: it starts when one does (`python -m bot run`)")
    if wait:
        _wait(settings, number)


def _ask(asked: "Announcement") -> None:
    try:
        is_meant = typer.confirm("Send it?" if asked.starts_at is None else "Send it then?")
    except typer.Abort:
        write("")
        refuse("not confirmed, so nothing is sent: answer y, or give --yes where nobody can answer")
    if not is_meant:
        write("nothing is sent")
        raise typer.Exit(1)


def _wait(settings: Settings, number: int) -> None:
    from bot.announcements.announcing import follow, report_of  # noqa: PLC0415 -- heavy

    try:
        with progress() as bar:
            stands = asyncio.run(follow(settings, number, bar.say, bar))
    except KeyboardInterrupt:
        write(f"broadcast {number} goes on without this window: follow, pause or stop it in /siaran")
        raise typer.Exit(INTERRUPTED) from None
    show(report_of(stands))
    if not stands.is_well:
        raise typer.Exit(1)
