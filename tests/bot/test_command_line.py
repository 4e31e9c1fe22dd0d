"""The command line as a person uses it: real processes, their exit codes and what they print."""

import json
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import PATIENCE, ROOT, elsewhere, environment, run


@pytest.fixture(scope="module")
def telegram() -> Iterator[str]:
    """The address of a pretend Telegram that knows the token 1000:test, in a process of its own."""
    command = [sys.executable, "-m", "simulator", "--port", "0", "--token", "1000:test"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)  # noqa: S603 -- ours
    assert process.stdout
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait(PATIENCE)
    process.stdout.close()


class TestRun:
    def test_refuses_to_start_without_a_token(self, tmp_path: Path) -> None:
        """Exit 2 and one line that names BOT_TOKEN and the mend."""
        done = run("run", cwd=tmp_path, **elsewhere(tmp_path))

        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "BOT_TOKEN" in done.stderr
        assert "init" in done.stderr

    def test_refuses_a_token_that_telegram_refuses(self, tmp_path: Path, telegram: str) -> None:
        """Exit 2 naming BOT_TOKEN when Telegram does not know it."""
        settings = elsewhere(tmp_path) | {"BOT_TOKEN": "2000:wrong", "TELEGRAM_API_URL": telegram, "HTTP_PORT": "0"}
        done = run("run", cwd=tmp_path, **settings)

        assert done.returncode == 2
        assert done.stderr.splitlines()[-1].startswith("BOT_TOKEN: Telegram refuses it")

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"this is no database, but long enough to be taken for one " * 40, "restore a backup"),
            ("newer", "update the program"),
        ],
    )
    def test_refuses_a_broken_or_newer_database(
        self, tmp_path: Path, telegram: str, content: bytes | str, said: str
    ) -> None:
        """Exit 2 naming DATABASE_URL and the mend; the file stays as it is."""
        settings = elsewhere(tmp_path) | {"BOT_TOKEN": "1000:test", "TELEGRAM_API_URL": telegram, "HTTP_PORT": "0"}
        file = tmp_path / "bot.db"
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            assert run("migrate", cwd=tmp_path, **settings).returncode == 0
            make_newer(file)
        before = file.read_bytes()
        done = run("run", cwd=tmp_path, **settings)

        assert done.returncode == 2
        assert "DATABASE_URL" in done.stderr.splitlines()[-1]
        assert said in done.stderr.splitlines()[-1]
        assert file.read_bytes() == before

    def test_a_second_run_on_one_file_is_refused(self, tmp_path: Path, telegram: str) -> None:
        """Two processes on one SQLite file would take each other's work for leftovers."""
        settings = elsewhere(tmp_path) | {"BOT_TOKEN": "1000:test", "TELEGRAM_API_URL": telegram, "HTTP_PORT": "0"}
        command = [sys.executable, "-m", "bot", "run"]
        first = subprocess.Popen(  # noqa: S603 -- our own program
            command, cwd=tmp_path, env=environment(**settings), stderr=subprocess.PIPE, text=True
        )
        assert first.stderr
        wait_for_line(first, "running")
        second = run("run", cwd=tmp_path, **settings)
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=PATIENCE)

        assert second.returncode == 2
        assert "another `run`" in second.stderr
        assert first.returncode == 0

    def test_no_secret_in_the_log(self, tmp_path: Path, telegram: str) -> None:
        """At the most talkative level neither the token nor its address stands in the log."""
        settings = elsewhere(tmp_path) | {"BOT_TOKEN": "1000:test", "TELEGRAM_API_URL": telegram, "HTTP_PORT": "0"}
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=tmp_path,
            env=environment(**settings, LOG_LEVEL="debug", LOG_FORMAT="json"),
            stderr=subprocess.PIPE,
            text=True,
        )
        seen = wait_for_line(process, '"running"')
        process.send_signal(signal.SIGTERM)
        _, rest = process.communicate(timeout=PATIENCE)

        lines = [*seen, *rest.splitlines()]
        assert "1000:test" not in "\n".join(lines)
        assert all(isinstance(json.loads(line), dict) for line in lines)


def wait_for_line(process: "subprocess.Popen[str]", part: str) -> list[str]:
    """The lines of the log up to the one that holds *part*."""
    assert process.stderr
    seen: list[str] = []
    for line in process.stderr:
        seen.append(line.rstrip("\n"))
        if part in line:
            return seen
    raise AssertionError(f"{part!r} never came: {seen}")


def make_newer(file: Path) -> None:

    connection = sqlite3.connect(file)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


class TestDemo:
    def test_prints_one_address_and_serves_the_page(self, tmp_path: Path) -> None:
        """The address stands on a line of its own, at once, also where output is no terminal; .env is ignored."""
        (tmp_path / ".env").write_text("BOT_TOKEN=nonsense\nTELEGRAM_API_URL=nonsense\n")
        command = [sys.executable, "-m", "bot", "demo", "--database", str(tmp_path / "demo.db")]
        # From the repository's folder, since the demo serves its district.
        process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)  # noqa: S603 -- ours
        assert process.stdout
        address = process.stdout.readline().strip()
        import urllib.request

        with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 -- our own address
            content = page.read().decode()
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=PATIENCE)

        assert address.startswith("http://127.0.0.1:")
        assert "<html" in content
        assert out == ""
        assert process.returncode == 0

    def test_passes_over_a_taken_port(self, tmp_path: Path) -> None:
        """Two demos at once each get an address."""
        processes = [
            subprocess.Popen(  # noqa: S603 -- our own program
                [sys.executable, "-m", "bot", "demo", "--port", "18765", "--database", str(tmp_path / f"{number}.db")],
                cwd=ROOT,
                env=environment(),
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(2)
        ]
        addresses = {process.stdout.readline().strip() for process in processes if process.stdout}
        for process in processes:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE)

        assert len(addresses) == 2


class TestCheck:
    def test_in_a_folder_where_nothing_is_yet(self, tmp_path: Path, telegram: str) -> None:
        """On a fresh machine, before any `run`, all is well, and nothing is made."""
        settings = {"DISTRICT_DIR": elsewhere(tmp_path)["DISTRICT_DIR"], "BOT_TOKEN": "1000:test"}
        done = run("check", cwd=tmp_path, **settings, TELEGRAM_API_URL=telegram)

        assert done.returncode == 0, done.stderr
        assert "empty" in done.stdout
        assert list(tmp_path.iterdir()) == []

    def test_finds_a_missing_table(self, tmp_path: Path) -> None:
        """A database that lacks a table is no good, for `check` and for `run`: one line, exit 2."""
        settings = elsewhere(tmp_path)
        run("migrate", cwd=tmp_path, **settings)
        connection = sqlite3.connect(tmp_path / "bot.db")
        connection.execute("DROP TABLE question")
        connection.commit()
        connection.close()
        checked = run("check", cwd=tmp_path, **settings)
        ran = run("run", cwd=tmp_path, **settings, BOT_TOKEN="1000:test")

        assert (checked.returncode, ran.returncode) == (2, 2)
        assert "the table question is missing" in checked.stderr
        assert ran.stderr.splitlines() == [checked.stderr.strip()]

    def test_names_a_wrong_host(self, tmp_path: Path, telegram: str) -> None:
        """An HTTP_HOST that is none is named, not the port."""
        settings = elsewhere(tmp_path) | {"BOT_TOKEN": "1000:test", "TELEGRAM_API_URL": telegram}
        done = run("run", cwd=tmp_path, **settings, HTTP_HOST="192.0.2.1")

        assert done.returncode == 2
        assert done.stderr.splitlines()[-1].startswith("HTTP_HOST")

    def test_an_env_file_that_is_no_text(self, tmp_path: Path) -> None:
        """A .env that is not UTF-8 is refused in one line."""
        (tmp_path / ".env").write_bytes(b"LOG_LEVEL=\xff\xfe")
        done = run("check", cwd=tmp_path, **elsewhere(tmp_path))

        assert (done.returncode, done.stderr) == (2, ".env is not UTF-8 text: save it as UTF-8\n")

    def test_without_a_token_does_the_rest(self, tmp_path: Path) -> None:
        """Without a token everything else is looked at, and what was left out is said."""
        done = run("check", cwd=tmp_path, **elsewhere(tmp_path))

        assert done.returncode == 0, done.stderr
        assert done.stdout.count("left out") == 2
        assert "62 entries" in done.stdout

    def test_with_a_token_asks_telegram(self, tmp_path: Path, telegram: str) -> None:
        """With a token Telegram is asked who we are, and the clocks are compared."""
        done = run("check", cwd=tmp_path, **elsewhere(tmp_path), BOT_TOKEN="1000:test", TELEGRAM_API_URL=telegram)

        assert done.returncode == 0, done.stderr
        assert "@demo_bot" in done.stdout

    def test_ends_with_2_naming_the_mend(self, tmp_path: Path, telegram: str) -> None:
        """Something wrong: the whole table, exit 2, and one line with the setting and its mend."""
        done = run("check", cwd=tmp_path, **elsewhere(tmp_path), BOT_TOKEN="1:wrong", TELEGRAM_API_URL=telegram)

        assert done.returncode == 2
        assert done.stderr.strip() == "BOT_TOKEN: Telegram refuses it: copy it again from BotFather"
        assert "62 entries" in done.stdout

    def test_a_wrong_setting_is_one_line(self, tmp_path: Path) -> None:
        """A setting that cannot be read ends with 2 before any table."""
        done = run("check", cwd=tmp_path, **(elsewhere(tmp_path) | {"SEND_RATE": "many"}))

        assert done.returncode == 2
        assert done.stderr.startswith("SEND_RATE")
        assert done.stderr.count("\n") == 1


class TestInit:
    def test_tries_the_token_and_writes_for_the_owner_only(self, tmp_path: Path, telegram: str) -> None:
        """A token that works is written to .env, readable by its owner only; other lines stay."""
        (tmp_path / ".env").write_text("LOG_LEVEL=debug\nBOT_TOKEN=1:old\n")
        given = f"1000:test\n{ROOT}/districts/lamongan\n"
        done = run("init", cwd=tmp_path, given=given, TELEGRAM_API_URL=telegram)

        assert done.returncode == 0, done.stderr
        written = (tmp_path / ".env").read_text()
        assert written == f"LOG_LEVEL=debug\nBOT_TOKEN=1000:test\nDISTRICT_DIR={ROOT}/districts/lamongan\n"
        assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600

    def test_writes_nothing_for_a_bad_token(self, tmp_path: Path, telegram: str) -> None:
        """A token that Telegram refuses is said, and nothing is written."""
        given = f"1000:wrong\n{ROOT}/districts/lamongan\n"
        done = run("init", cwd=tmp_path, given=given, TELEGRAM_API_URL=telegram)

        assert done.returncode == 2
        assert "BOT_TOKEN" in done.stderr
        assert not (tmp_path / ".env").exists()


class TestAsk:
    def test_as_json(self, tmp_path: Path) -> None:
        """One object with outcome, entry, suggestions, action and confidence; no token, no database."""
        done = run(
            "ask", "cara bikin nib gimana", "--json", cwd=tmp_path, DISTRICT_DIR=str(ROOT / "districts/lamongan")
        )

        answer = json.loads(done.stdout)
        assert set(answer) == {"outcome", "entry", "suggestions", "action", "confidence"}
        assert (answer["outcome"], answer["entry"]) == ("answer", "P05")
        assert list(tmp_path.iterdir()) == []

    def test_a_file_line_by_line_in_order(self, tmp_path: Path) -> None:
        """One object a line for each row, also for empty and endless ones."""
        questions = ["halo", "cara bikin nib gimana", "", "x" * 10_000, "\U0001f600", 'siapa "itu" \\', "batal"]
        file = tmp_path / "questions.tsv"
        file.write_text("topic\tquestion\n" + "".join(f"t\t{question}\n" for question in questions))
        done = run("ask", "--file", str(file), "--json", cwd=tmp_path, DISTRICT_DIR=str(ROOT / "districts/lamongan"))

        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(answers) == len(questions)
        assert [answers[0]["outcome"], answers[1]["entry"], answers[6]["action"]] == ["smalltalk", "P05", "cancel"]

    @pytest.mark.parametrize("content", [None, b"a\tb\n1\t2\n", b"\xff\xfe\x00"])
    def test_a_file_that_is_none(self, tmp_path: Path, content: bytes | None) -> None:
        """A missing file, one without the column, one that is no text: exit 2 and one line."""
        file = tmp_path / "questions.tsv"
        if content is not None:
            file.write_bytes(content)
        done = run("ask", "--file", str(file), "--json", cwd=tmp_path, DISTRICT_DIR=str(ROOT / "districts/lamongan"))

        assert done.returncode == 2
        assert "--file" in done.stderr
        assert done.stderr.count("\n") == 1

    def test_as_text(self, tmp_path: Path) -> None:
        """Without --json a person reads the card."""
        done = run("ask", "cara bikin nib gimana", cwd=tmp_path, DISTRICT_DIR=str(ROOT / "districts/lamongan"))

        assert "Diperiksa terakhir: November 2025" in done.stdout
        assert "<b>" not in done.stdout


class TestKnowledge:
    def test_export_and_import_change_nothing(self, tmp_path: Path) -> None:
        """What is exported imports again without a change, and is without fault."""
        settings = elsewhere(tmp_path)
        first = run("knowledge", "import", f"{ROOT}/districts/lamongan/knowledge", cwd=tmp_path, **settings)
        run("knowledge", "export", "out", cwd=tmp_path, **settings)
        again = run("knowledge", "import", "out", cwd=tmp_path, **settings)
        lint = run("knowledge", "lint", "out", cwd=tmp_path, DISTRICT_DIR=settings["DISTRICT_DIR"])

        assert first.stdout.startswith("62 added")
        assert again.stdout.startswith("0 added, 0 updated, 62 unchanged")
        assert (lint.returncode, lint.stdout) == (0, "62 entries, no fault\n")

    def test_a_bad_file_imports_nothing(self, tmp_path: Path) -> None:
        """One bad file among good ones: file, line and fault are named, exit 1, and nothing is imported."""
        settings = elsewhere(tmp_path)
        run("knowledge", "import", f"{ROOT}/districts/lamongan/knowledge", cwd=tmp_path, **settings)
        run("knowledge", "export", "out", cwd=tmp_path, **settings)
        bad = tmp_path / "out" / "P05-nib-oss.md"
        bad.write_text(bad.read_text().replace("topic: nib", "topic: nothing").replace("oss.go.id", "oss.example", 1))
        other = tmp_path / "out" / "P08-kbli-2025.md"
        other.write_text(other.read_text().replace("title: ", "title: Baru "))
        done = run("knowledge", "import", "out", cwd=tmp_path, **settings)
        run("knowledge", "export", "after", cwd=tmp_path, **settings)

        assert done.returncode == 1
        assert "P05-nib-oss.md:" in done.stdout
        assert "nothing" in done.stdout
        assert "Baru" not in (tmp_path / "after" / "P08-kbli-2025.md").read_text()


class TestMigrate:
    def test_says_from_where_to_where(self, tmp_path: Path) -> None:
        """The first time from empty, the second time nothing to do."""
        settings = elsewhere(tmp_path)

        assert "from empty to" in run("migrate", cwd=tmp_path, **settings).stdout
        assert "database at" in run("migrate", cwd=tmp_path, **settings).stdout
