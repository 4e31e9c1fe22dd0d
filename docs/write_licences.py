"""`python -m docs.write_licences`: the licence of every locked package, written to docs/licences.md.

Refuses a package that would run in production under the GPL, the AGPL or no licence; the LGPL is allowed and named.
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
RUN, DEVELOPING = ROOT / "requirements" / "run.txt", ROOT / "requirements" / "dev.txt"
FILE = ROOT / "docs" / "licences.md"

# The image's Python, whichever one writes the list: so every machine writes the same.
_THERE = {
    **{name: str(value) for name, value in default_environment().items()},
    "python_version": "3.11",
    "python_full_version": "3.11.0",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
}

_STRICT = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
_LESSER = re.compile(r"\bLGPL|Lesser General Public", re.IGNORECASE)
UNDECLARED = "not declared"
_LONGEST_NAME = 60
"""Some packages put the whole text of their licence where its name belongs."""


class Forbidden(Exception):
    """A licence that obliges whoever runs the bot to more than we want; the message names the packages."""


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    licence: str

    @property
    def is_strict(self) -> bool:
        """Whether each way its licence may be taken is the GPL or AGPL, or nobody knows."""
        return all(_STRICT.search(choice) or choice == UNDECLARED for choice in re.split(r"\bOR\b", self.licence))

    @property
    def is_lesser(self) -> bool:
        return bool(_LESSER.search(self.licence))


def main() -> None:
    """Write the file, or say on one line why not."""
    try:
        FILE.write_text(contents(), "utf-8")
    except Forbidden as error:
        sys.exit(str(error))


def contents() -> str:
    """What docs/licences.md must say. Raises Forbidden, and PackageNotFoundError for what is not installed."""
    running, elsewhere = read_locked(RUN)
    names = {package.name for package in running}
    developing = [package for package in read_locked(DEVELOPING)[0] if package.name not in names]
    refuse_strict(running)
    lesser = [package.name for package in running if package.is_lesser]
    return _PAGE.format(
        running=_table(running),
        developing=_table(developing),
        lesser=", ".join(lesser) or "none",
        elsewhere=", ".join(elsewhere) or "none",
    )


def read_locked(file: Path) -> tuple[list[Package], list[str]]:
    """The packages that *file* locks for the image's Python, and the names of those meant for other systems."""
    locked = [
        Requirement(line.rstrip("\\\n "))
        for line in file.read_text("utf-8").splitlines()
        if re.match(r"[A-Za-z]", line)
    ]
    here = [one for one in locked if one.marker is None or one.marker.evaluate(_THERE)]
    names = {one.name for one in here}
    return [_package(one) for one in here], [one.name for one in locked if one.name not in names]


def refuse_strict(packages: Iterable[Package]) -> None:
    """Raises Forbidden when one of *packages* may only be used under the GPL or AGPL, or declares nothing."""
    if strict := [f"{package.name} ({package.licence})" for package in packages if package.is_strict]:
        raise Forbidden(f"not allowed at run time: {', '.join(strict)}: take another package")


def _package(locked: Requirement) -> Package:
    # The version that is locked, not the one that happens to be installed.
    return Package(locked.name, str(locked.specifier).removeprefix("=="), licence_of(locked.name))


def licence_of(name: str) -> str:
    """The licence that an installed package declares: as an expression, in words, or by its classifiers."""
    try:
        declared = metadata(name)
    except PackageNotFoundError as error:
        raise PackageNotFoundError(f"{name} is not installed: run `make setup`") from error
    classifiers = [line.rpartition(" :: ") for line in declared.get_all("Classifier") or []]
    classified = sorted(name for kind, _, name in classifiers if kind.startswith("License"))
    expressions, words = declared.get_all("License-Expression") or [], declared.get_all("License") or []
    short = [
        name for name in words if name and len(name) <= _LONGEST_NAME and "\n" not in name and name != "Dual License"
    ]
    return str(next(iter([*expressions, *short]), " OR ".join(classified) or UNDECLARED))


def _table(packages: Iterable[Package]) -> str:
    rows = [f"| {package.name} | {package.version} | {package.licence} |" for package in packages]
    return "\n".join(["| package | version | licence |", "|---|---|---|", *rows])


_PAGE = """\
# Licences

Written by `make licences` from `requirements/*.txt` and what each package declares; do not edit by hand.
The project itself is under the MIT licence (see `LICENSE`).

## What runs

Under the LGPL, used unchanged and as a library: {lesser}.
None stands under the GPL or AGPL alone, or under no licence: `make licences` would refuse it.
Locked for other systems and not in the image: {elsewhere}.

{running}

## What only developers install

Tools for tests, checks and benchmarks. None of it is in the image.

{developing}
"""


if __name__ == "__main__":
    main()
