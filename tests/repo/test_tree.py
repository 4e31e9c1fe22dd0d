"""What holds for every file, for the Makefile, the image and the locked requirements."""

import os
import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.repo.tree import PACKAGES, ROOT, files, read, texts

LONGEST_FILE = 500
TARGETS = (
    "help",
    "setup",
    "demo",
    "run",
    "test",
    "long",
    "check",
    "fix",
    "migrate",
    "schema",
    "bench",
    "lock",
    "licences",
)

# In brackets, so that this file does not hold what it looks for.
REGISTRY = re.compile(r"(pypi|pythonhosted|npmjs)\.(org|com)|--(extra-)?index-url (?!\|)|/[s]imple/")
MACHINE = re.compile(r"/wor[k]/|/far[m]/|/opt/whee[l]s|/\.librar[y]|/roo[t]/|/Use[r]s/")


class TestFiles:
    def test_are_short(self) -> None:
        """No Python file is longer than 500 lines: a longer one holds two things."""
        lines = {path: len(path.read_text("utf-8").splitlines()) for path in files(ending=".py")}

        assert [f"{path}: {number}" for path, number in lines.items() if number > LONGEST_FILE] == []

    def test_name_no_registry(self) -> None:
        """Nobody's package registry stands in a file: everyone installs from where their pip points."""
        assert [name for name, text in texts() if REGISTRY.search(text)] == []

    def test_name_no_machine(self) -> None:
        """No file names a path of the machine it was written on."""
        assert [f"{name}: {found[0]}" for name, text in texts() if (found := MACHINE.search(text))] == []


class TestMakefile:
    @pytest.mark.parametrize("target", TARGETS)
    def test_explains_each_target(self, target: str) -> None:
        """Every promised target exists, with the line that `make help` shows."""
        makefile = read("Makefile")

        assert re.search(rf"^{target}:.*## \S", makefile, re.MULTILINE)
        assert target in re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)[1].split()

    def test_is_what_ci_calls(self) -> None:
        """CI runs what developers run: `make check` and `make test`, and nothing else decides."""
        commands = [line for line in read(".ci/run").splitlines() if line.startswith("make ")]

        assert commands == ["make check", "make test"]
        assert os.access(ROOT / ".ci" / "run", os.X_OK)


class TestImage:
    def test_holds_every_package(self) -> None:
        """What the bot imports is copied into the image, and its districts with it."""
        copied = re.findall(r"^COPY (\w+) \./", read("Dockerfile"), re.MULTILINE)

        assert set(copied) == {*PACKAGES, "districts"}
        assert set(tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["root_packages"]) == set(PACKAGES)


class TestRequirements:
    @pytest.mark.parametrize("name", ["run", "dev", "uv"])
    def test_are_pinned_by_hash(self, name: str) -> None:
        """Each package is one version and its hashes, without any address: what was tested is what is installed."""
        text = read(f"requirements/{name}.txt")
        blocks = re.findall(r"^(\S.*?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)

        assert "https://" not in text
        assert [
            block for block in blocks if not re.match(r"[a-z0-9.-]+==\S+ .*\\\n +--hash=sha256:[0-9a-f]{64}", block)
        ] == []

    def test_hold_what_is_declared(self) -> None:
        """Every package that pyproject.toml declares is locked: for running, or for developing."""
        declared = tomllib.loads(read("pyproject.toml"))

        assert _names(declared["project"]["dependencies"]) <= _locked("run")
        assert _names(declared["dependency-groups"]["dev"]) | _locked("run") <= _locked("dev")

    def test_are_the_only_lock(self) -> None:
        """A uv.lock would name a registry for every package."""
        assert "uv.lock" in read(".gitignore").splitlines()


def _names(requirements: list[str]) -> set[str]:
    return {Requirement(line).name for line in requirements}


def _locked(name: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9.-]+)==", read(f"requirements/{name}.txt"), re.MULTILINE))
