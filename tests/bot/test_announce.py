"""`python -m bot announce`: what it refuses before anything is written, the row it writes, and how it waits."""

import asyncio
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.announcements.announcing import follow, list_of, prepare, report_of, steer, write
from bot.announcements.wish import BadOption, Options, audience_of
from bot.settings import Settings
from bot.terminal import Bar
from db.models import AuditEntry, Broadcast, BroadcastState, Outlet, Person, RecipientState
from db.session import open_database
from domain.broadcasts.audience import Audience
from domain.district import District, read_district
from tests.conftest import LAMONGAN
from tests.support.broadcasting import by_state, ended, met, recipients, until
from tests.support.commands import PATIENCE, elsewhere, environment, run
from tests.support.keeping import rows, settings_of
from tests.support.running import RunningBot

TOMORROW = datetime.now(UTC) + timedelta(days=1)

PLAIN = Options("Ada pameran, {nama}.", None, False, ["all"], "umum", "", [], "", False, False)


class Silent(Bar):
    """Draws nothing."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, int]] = []

    def show(self, done: int, total: int) -> None:
        self.shown.append((done, total))


@pytest.fixture
def district() -> District:
    return read_district(LAMONGAN)


@pytest.fixture
async def settings(database_url: str) -> Settings:
    """With two people, of whom one blocked the bot."""
    now = datetime.now(UTC)
    async with open_database(database_url) as database, database.transaction() as session:
        for number in range(2):
            person = Person(telegram_id=1001 + number, name=f"Orang {number}", met_at=now, last_wrote_at=now)
            person.is_reachable = not number
            session.add(person)
    return settings_of(database_url)


async def refused(settings: Settings, **changes: Any) -> str:
    """Why these options are refused; nothing may be written then."""
    with pytest.raises(BadOption) as caught:
        await prepare(settings, replace(PLAIN, **changes))
    assert await rows(settings.database_url, select(Broadcast.id)) == []
    return str(caught.value)


class TestAudience:
    def test_combines(self, district: District) -> None:
        """Values of one kind add up over repeats, kinds narrow each other, and spelling of case is free."""
        asked = ["kecamatan=babat,SEKARAN", "kecamatan=Babat", "sektor=Jasa,tenun", "bahasa=jv", "belum-pelatihan"]
        found = audience_of([*asked, "pelatihan=7", "pelatihan=8:waiting"], district)

        assert found == Audience(
            kecamatan=("Babat", "Sekaran"),
            sectors=("jasa", "tenun"),
            languages=("jv",),
            trainings=((7, "participants"), (8, "waiting")),
            never_trained=True,
        )
        assert audience_of(["all"], district).is_everybody

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ([], "say whom it is for"),
            (["kecamatan=Bbat"], "the nearest is 'Babat'"),
            (["kecamatan=Babat,Skaran"], "the nearest is 'Sekaran'"),
            (["kecamatan="], "name at least one"),
            (["sektor=tenunan"], "the nearest is 'tenun'"),
            (["bahasa=jw"], "the nearest is 'jv'"),
            (["pelatihan=tujuh"], "pelatihan=7:participants|waiting"),
            (["pelatihan=7:guru"], "pelatihan=7:participants|waiting"),
            (["all", "bahasa=jv"], "all stands alone"),
            (["all=1"], "takes no value"),
            (["desa=Babat"], "'desa' is not known"),
            ([""], "is not known"),
        ],
    )
    def test_refuses(self, district: District, asked: list[str], said: str) -> None:
        """What is not understood is named, with the nearest of what there is."""
        with pytest.raises(BadOption) as caught:
            audience_of(asked, district)
        assert said in str(caught.value)


class TestPrepare:
    async def test_forecasts(self, settings: Settings) -> None:
        """How many get it, how many cannot be reached, when and how long; nothing is written by looking."""
        prepared = await prepare(settings, PLAIN)

        said = "\n".join(prepared.lines)
        assert "1 person gets it" in said
        assert "1 more are meant, but blocked the bot" in said
        assert "starts at once, lasts about 1 s" in said
        assert await rows(settings.database_url, select(Broadcast.id)) == []

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"audience": ["kecamatan=Babat"]}, "Nobody fits"),
            ({"audience": ["pelatihan=7"]}, "there is no training 7"),
            ({"at": "2020-11-27 08:00"}, "That time has passed"),
            ({"at": "besok"}, "2026-11-27 08:00"),
            ({"at": "2199-01-01 08:00"}, "more than a year"),
            ({"late": "0"}, "give minutes"),
            ({"late": "lama"}, "give minutes"),
            ({"outlets": ["all"]}, "there are: none yet"),
            ({"outlets": ["-1005"]}, "there are: none yet"),
            ({"text": "Halo {nama"}, "loose brace"),
            ({"text": "x" * 4097}, "at most"),
            ({"text": "Halo {namaku}"}, "{namaku} is not known"),
            ({"text": " \n\u200b "}, "no words"),
            ({"text": None}, "either --text or --file"),
            ({"text": None, "file": Path("none.txt")}, "cannot be read"),
            ({"text": "<b>Halo", "is_html": True}, 'Can\'t find end tag corresponding to start tag "b"'),
            ({"text": "<h1>Halo</h1>", "is_html": True}, 'Unsupported start tag "h1"'),
            ({"text": "<b></b>", "is_html": True}, "no words"),
            ({"text": '<a href="{nama}">x</a>', "is_html": True}, "formatting in its middle"),
            ({"topic": "umun"}, "the nearest is 'umum'"),
            ({"office": "diskopun"}, "the nearest is 'diskopum'"),
            ({"buttons": ["Lihat"]}, 'write it as "Daftar=https://example.id"'),
            ({"buttons": ["Lihat=http://x.id"]}, "begins with https://"),
            ({"buttons": [f"{'x' * 29}=https://x.id"]}, "longer than 28"),
            ({"buttons": ["a=https://x.id"] * 7}, "at most 6"),
        ],
    )
    async def test_refuses_in_one_line(self, settings: Settings, changes: dict[str, Any], said: str) -> None:
        """What cannot be sent is refused in one line before anything is written."""
        line = await refused(settings, **changes)

        assert said in line
        assert "\n" not in line

    async def test_reads_a_file(self, settings: Settings, tmp_path: Path) -> None:
        """A file of any editor's: its mark and line ends are no words, and what no database takes is no fault."""
        file = tmp_path / "kabar.txt"
        file.write_bytes(b"\xef\xbb\xbfPasar\r\nmurah\x00 \r\n")
        number, _, _ = await write(settings, (await prepare(settings, replace(PLAIN, text=None, file=file))).asked)

        (row,) = await rows(settings.database_url, select(Broadcast).where(Broadcast.id == number))
        assert row.content["html"] == "Pasar\nmurah\x7f"
        file.write_bytes(b"\xff\xfe")
        with pytest.raises(BadOption, match="UTF-8"):
            await prepare(settings, replace(PLAIN, text=None, file=file))


class TestWrite:
    async def test_is_on_record_as_the_terminals(self, settings: Settings) -> None:
        """The row starts by itself, keeps no quiet hours and has no author; the audit says who decided."""
        at = f"{TOMORROW:%Y-%m-%d} 08:00"
        options = replace(
            PLAIN, text="5 < 6 & <b>", at=at, is_silent=True, is_pinned=True, buttons=["Lihat=https://x.id"]
        )
        number, _code, has_bot = await write(settings, (await prepare(settings, options)).asked)

        (row,) = await rows(settings.database_url, select(Broadcast))
        (entry,) = await rows(settings.database_url, select(AuditEntry).where(AuditEntry.deed == "broadcast.scheduled"))
        assert (row.id, row.state, row.author_id) == (number, BroadcastState.SCHEDULED, None)
        assert (row.keeps_quiet_hours, row.is_silent, row.is_pinned) == (False, True, True)
        assert row.content["html"] == "5 &lt; 6 &amp; &lt;b&gt;"
        assert row.starts_at == datetime.fromisoformat(f"{at}+07:00")
        assert row.code
        assert (entry.actor, entry.subject) == ("terminal", f"broadcast:{number}")
        assert (entry.after["approved"], entry.after["people"]) == ("terminal", 1)
        assert not has_bot

    async def test_goes_to_outlets_and_may_be_late(self, settings: Settings) -> None:
        """Of its office; without an audience only they get it."""
        async with open_database(settings.database_url) as database, database.transaction() as session:
            given = {"is_channel": True, "bound_at": datetime.now(UTC)}
            session.add(Outlet(chat_id=-1005, office="diskopum", title="Kabar UMKM", **given))
            session.add(Outlet(chat_id=-1006, office="disperindag", title="Kabar Ekspor", **given))
        at = f"{TOMORROW:%Y-%m-%d} 08:00"
        with pytest.raises(BadOption, match=r"there are: -1005 \(Kabar UMKM\)"):
            await prepare(settings, replace(PLAIN, outlets=["-1006"]))
        for late, outlets, audience in (("30", ["all"], []), ("none", ["-1005"], ["all"])):
            options = replace(PLAIN, at=at, late=late, outlets=outlets, audience=audience)
            await write(settings, (await prepare(settings, options)).asked)

        found = await rows(settings.database_url, select(Broadcast).order_by(Broadcast.id))
        assert [row.late_limit for row in found] == [30, None]
        assert [(row.audience["outlets"], row.audience["people"]) for row in found] == [
            ([-1005], False),
            ([-1005], True),
        ]

    async def test_is_steered_from_the_terminal(self, settings: Settings) -> None:
        """What waits is dropped by a stop; what cannot be is said; the audit says who."""
        options = replace(PLAIN, at=f"{TOMORROW:%Y-%m-%d} 08:00")
        number, code, _ = await write(settings, (await prepare(settings, options)).asked)
        with pytest.raises(BadOption, match="there is no broadcast 99"):
            await steer(settings, 99, "pause")
        with pytest.raises(BadOption, match="scheduled"):
            await steer(settings, number, "pause")
        assert await steer(settings, number, "stop") == f"broadcast {number} is cancelled"

        (entry,) = await rows(settings.database_url, select(AuditEntry).where(AuditEntry.deed == "broadcast.dropped"))
        assert entry.actor == "terminal"
        assert len(code) == 11

    async def test_looks_again(self, settings: Settings) -> None:
        """Whoever could be told when it was asked, and cannot any more, is not told: nothing is written for nobody."""
        prepared = await prepare(settings, PLAIN)
        async with open_database(settings.database_url) as database, database.transaction() as session:
            for person in (await session.exec(select(Person))).all():
                person.is_reachable = False

        with pytest.raises(BadOption, match="Nobody fits"):
            await write(settings, prepared.asked)
        assert await rows(settings.database_url, select(Broadcast.id)) == []


class TestFollow:
    async def test_until_it_is_over(self, bot: RunningBot) -> None:
        """The running bot sends it, and whoever waits sees it grow and what became of it."""
        people = await met(bot, 12)
        people[0].has_blocked = True  # and Telegram has not told so
        prepared = await prepare(bot.settings, PLAIN)
        said: list[str] = []
        bar = Silent()

        number, _code, has_bot = await write(bot.settings, prepared.asked)
        stands = await follow(bot.settings, number, said.append, bar)

        assert has_bot
        assert stands.is_well
        assert await by_state(bot, number) == {RecipientState.SENT: 11, RecipientState.BLOCKED: 1}
        assert "Ada pameran, Orang 2." in people[1].texts()[0]
        assert said[-1] == f"broadcast {number} is finished"
        assert bar.shown[-1] == (12, 12)
        assert report_of(stands).row_count == 2

    async def test_tells_what_went_wrong(self, bot: RunningBot) -> None:
        """One that failed is a reason to look, with Telegram's words for it."""
        people = await met(bot, 3)
        bot.telegram.fail("sendMessage", kind="400", chat_id=people[1].id, description="Bad Request: invented")
        number, _, _ = await write(bot.settings, (await prepare(bot.settings, PLAIN)).asked)
        stands = await follow(bot.settings, number, lambda line: None, Silent())

        assert not stands.is_well
        assert list(stands.reasons) == [(RecipientState.FAILED, "Invented")]


class TestCommand:
    def test_asks_once_and_refuses_with_2(self, tmp_path: Path) -> None:
        """Exit code 2 and one line for what cannot be, and for what nobody confirmed."""
        settings = elsewhere(tmp_path)
        new = run("announce", "--text", "Halo", "--audience", "all", cwd=tmp_path, **settings)
        made = sorted(file.name for file in tmp_path.rglob("*.db"))
        assert run("migrate", cwd=tmp_path, **settings).returncode == 0
        empty = run("announce", "--text", "Halo", "--audience", "all", cwd=tmp_path, **settings)
        add_somebody(settings["DATABASE_URL"])
        silent = run("announce", "--text", "Halo", "--audience", "all", cwd=tmp_path, **settings)
        declined = run("announce", "--text", "Halo", "--audience", "all", cwd=tmp_path, given="n\n", **settings)

        assert (new.returncode, new.stderr.count("\n"), made) == (2, 1, [])
        assert "is new and empty" in new.stderr
        assert "check DATABASE_URL" in new.stderr
        assert (empty.returncode, empty.stderr.count("\n")) == (2, 1)
        assert "holds nobody yet" in empty.stderr
        assert (silent.returncode, silent.stderr.count("\n")) == (2, 1)
        assert silent.stderr.startswith("not confirmed, so nothing is sent")
        assert (declined.returncode, declined.stdout.splitlines()[-1]) == (1, "Send it? [y/N]: nothing is sent")
        assert asyncio.run(rows(settings["DATABASE_URL"], select(Broadcast.id))) == []

    def test_ctrl_c_leaves_it_running(self, tmp_path: Path) -> None:
        """Whoever stops waiting stops nothing, and reads so; without a bot it is said that none runs."""
        settings = elsewhere(tmp_path)
        assert run("migrate", cwd=tmp_path, **settings).returncode == 0
        add_somebody(settings["DATABASE_URL"])
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "announce", "--text", "Halo", "--audience", "all", "--yes", "--wait"],
            cwd=tmp_path,
            env=environment(**settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        seen = []
        while not seen or "is scheduled" not in seen[-1]:
            seen.append(process.stdout.readline())
            assert seen[-1], process.communicate()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=PATIENCE)

        assert process.returncode == 130, errors
        assert any("no bot runs on this database" in line for line in seen)
        assert "broadcast 1 goes on without this window" in rest
        assert "Traceback" not in errors
        states = asyncio.run(rows(settings["DATABASE_URL"], select(Broadcast.state)))
        assert states == [BroadcastState.SCHEDULED]

    async def test_waits_for_the_bot(self, bot: RunningBot) -> None:
        """The whole command beside a running bot, in another process: the report, and exit code 0."""
        assert (await list_of(bot.settings)).row_count == 0
        await met(bot, 5)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "announce", "--text", "Halo", "--audience", "all", "--yes", "--wait"),
            cwd=Path(bot.settings.ERASED_LIST).parent,
            env=environment(DATABASE_URL=bot.settings.database_url, DISTRICT_DIR=str(LAMONGAN)),
            stdout=asyncio.subprocess.PIPE,
        )
        told = asyncio.create_task(process.communicate())
        await until(lambda: _is_there(bot), PATIENCE)
        await ended(bot, 1)
        out, _ = await told

        assert process.returncode == 0
        assert b"broadcast 1 is finished" in out
        assert b"no bot runs" not in out
        shown = [list(column.cells) for column in (await list_of(bot.settings)).columns]
        assert [cells[0] for cells in shown[3:]] == ["finished", "5", "5", "Halo"]
        assert {row.state for row in await recipients(bot, 1)} == {RecipientState.SENT}


async def _is_there(bot: RunningBot) -> bool:
    return bool(await bot.rows(select(Broadcast.id)))


def add_somebody(url: str) -> None:
    async def add() -> None:
        now = datetime.now(UTC)
        async with open_database(url) as database, database.transaction() as session:
            session.add(Person(telegram_id=1001, name="Sari", met_at=now, last_wrote_at=now))

    asyncio.run(add())
