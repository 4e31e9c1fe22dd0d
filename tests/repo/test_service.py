"""The ways the bot is kept running: the image, compose.yaml and the unit of systemd."""

import configparser
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.settings import Settings
from tests.repo.tree import read

OF_POSTGRES = {"POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"}
"""What the database's own image takes."""


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load(read("compose.yaml"))


@pytest.fixture(scope="module")
def unit() -> configparser.ConfigParser:
    # Some keys stand twice, which systemd takes as one after the other.
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # as configparser's documentation says
    parser.read_string(read("docs/umkm-bot.service"))
    return parser


def blanks(value: Any) -> Iterator[str]:
    """Every ${NAME} that compose fills in."""
    return iter(re.findall(r"\$\{([A-Z_]+)", json.dumps(value)))


class TestCompose:
    def test_names_no_setting_that_is_not_there(self, compose: Any) -> None:
        """Every setting it gives the bot is one that the bot reads; every blank is explained at its top."""
        for name, service in compose["services"].items():
            known = OF_POSTGRES if name == "postgres" else set(Settings.model_fields)
            assert set(service["environment"]) <= known
        assert set(blanks(compose["services"])) == {"POSTGRES_PASSWORD"}
        assert "POSTGRES_PASSWORD=" in read("compose.yaml").split("services:")[0]

    def test_gives_values_that_can_be_used(self, compose: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """What it gives passes as settings, and is in PostgreSQL and in the volume."""
        for name in Settings.model_fields:
            monkeypatch.delenv(name, raising=False)
        given = compose["services"]["bot"]["environment"]
        url = re.sub(r"\$\{[^}]*\}", "secret", given["DATABASE_URL"])
        settings = Settings(_env_file=None, **(given | {"DATABASE_URL": url}))

        assert settings.database_url == "postgresql://umkm:secret@postgres/umkm"
        assert str(settings.BACKUP_DIR).startswith("/app/data/")

    def test_mounts_what_it_declares(self, compose: Any) -> None:
        """Volumes that are used are declared, and whom the bot waits for exists and says when it is well."""
        services = compose["services"].values()
        used = {volume.split(":")[0] for service in services for volume in service["volumes"]}

        assert used == set(compose["volumes"])
        for service in services:
            for name, how in service.get("depends_on", {}).items():
                assert how == {"condition": "service_healthy"}
                assert "healthcheck" in compose["services"][name]

    def test_has_a_second_replica_for_those_who_ask(self, compose: Any) -> None:
        """By itself one bot starts; the profile `replicas` adds a second of exactly the same."""
        first, second = compose["services"]["bot"], compose["services"]["second"]

        assert "profiles" not in first
        assert second == {name: value for name, value in first.items() if name != "ports"} | {"profiles": ["replicas"]}

    def test_lets_the_bot_do_little(self, compose: Any) -> None:
        """The bot writes to its volume only, has no privileges, and gets the time it needs to stop."""
        bot = compose["services"]["bot"]

        assert bot["read_only"] is True
        assert bot["cap_drop"] == ["ALL"]
        assert int(bot["stop_grace_period"].removesuffix("s")) > 10


class TestUnit:
    def test_runs_the_bot(self, unit: configparser.ConfigParser) -> None:
        """It starts `run`, as a user of its own, gives it time to stop, and leaves wrong settings alone."""
        service = unit["Service"]

        assert service["ExecStart"] == f"{service['WorkingDirectory']}/.venv/bin/python -m bot run"
        assert service["User"] not in {"", "root"}
        assert int(service["TimeoutStopSec"]) > 10
        assert service["RestartPreventExitStatus"] == "2"

    def test_writes_where_the_readme_says(self, unit: configparser.ConfigParser) -> None:
        """The one folder it may write to is where the README puts database and backups."""
        service, readme = unit["Service"], read("README.md")

        assert service["ProtectSystem"] == "strict"
        assert f"DATABASE_URL=sqlite+aiosqlite:////var/lib/{service['StateDirectory']}/bot.db" in readme
        assert f"BACKUP_DIR=/var/lib/{service['StateDirectory']}/backups" in readme
        assert f"`{service['WorkingDirectory']}`" in readme


class TestHealthcheck:
    @pytest.mark.parametrize("port", ["9", ""])
    def test_asks_the_port_that_is_set(self, port: str) -> None:
        """It asks HTTP_PORT, 8080 when that is empty, and fails where nobody answers."""
        program = json.loads(re.search(r"^HEALTHCHECK .* CMD (\[.*\])$", read("Dockerfile"), re.MULTILINE)[1])
        said = "import http.client; http.client.HTTPConnection.connect = lambda to: exit(to.port); "
        asked = subprocess.run(  # noqa: S603 -- our own program
            [sys.executable, "-c", said + program[2]], env={**os.environ, "HTTP_PORT": port}, check=False
        )

        assert program[:2] == ["python", "-c"]
        assert asked.returncode == int(port or 8080) % 256
