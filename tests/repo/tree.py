"""The files of the repository, as the repo tests look at them."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

PACKAGES = ("bot", "db", "domain", "handlers", "messages", "panel", "simulator")

_NOT_OURS = {"data", "__pycache__", "node_modules"}
_OURS_THOUGH_HIDDEN = {".ci", ".dockerignore", ".env.example", ".gitignore"}


def files(folder: Path = ROOT, ending: str = "") -> Iterator[Path]:
    """Every file below *folder* that belongs to the project: no caches, no data, no `.env`, no virtualenv."""
    for path in sorted(folder.iterdir()):
        if path.name in _NOT_OURS or (path.name.startswith(".") and path.name not in _OURS_THOUGH_HIDDEN):
            continue
        if path.is_dir():
            yield from files(path, ending)
        elif path.name.endswith(ending):
            yield path


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every file that is text."""
    for path in files():
        try:
            yield str(path.relative_to(ROOT)), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")
