"""One entry of the knowledge base, and how it is read from its Markdown file.

A file is front matter between two lines `---` (YAML), then the body: what the person reads.
Everything wrong with a file is gathered with its line, so an author mends it in one go.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

BODY_LIMIT = 700
"""Characters of a body: a phone shows about that much without scrolling away the question."""

TITLE_LIMIT = 28
"""Characters of a title: a button on a small phone shows them whole."""

FEWEST_PHRASINGS = 12
NOT_ANSWERED = range(3, 7)

ATTRIBUTES = (
    "address",
    "phone",
    "hours",
    "price",
    "rate",
    "duration",
    "date",
    "requirement",
    "how-to",
    "quota",
    "amount",
    "contents",
)
"""What a question can ask about and an entry can hold (`holds`)."""

# libyaml's, where it is there, reads the 62 files ten times faster.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_ID = re.compile(r"P\d{2,4}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_AS_OF = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True)
class Entry:
    """One answer an officer stands for: what people ask, what it says, where it is from."""

    id: str
    slug: str
    title: str
    topic: str
    office: str
    phrasings: tuple[str, ...]
    not_answered: tuple[str, ...]
    holds: tuple[str, ...]
    related: tuple[str, ...]
    source: str
    as_of: str
    """As exact as the source is: YYYY, YYYY-MM or YYYY-MM-DD."""
    review_by: str
    verify: str
    """What an officer must still confirm; empty when nothing."""
    body: str


@dataclass(frozen=True)
class Fault:
    """Something wrong in a file, where, and how to mend it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


_TEXTS = ("id", "slug", "title", "topic", "office", "source", "as_of", "review_by", "verify")
_LISTS = ("phrasings", "not_answered", "holds", "related")


def read_entry(path: Path) -> tuple[Entry | None, list[Fault]]:
    """Read the file at *path*; the entry is None when it has faults."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return None, [Fault(path.name, 1, "not UTF-8 text: save the file as UTF-8")]
    except OSError as error:
        return None, [Fault(path.name, 1, f"cannot be read: {error.strerror}")]
    return parse_entry(text, path.name)


def parse_entry(text: str, file: str) -> tuple[Entry | None, list[Fault]]:
    """Read one entry from *text*, naming *file* in its faults."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        return None, [Fault(file, 1, "no front matter: begin with a line --- and close it with another")]
    close = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == "---")
    try:
        node = yaml.compose("\n".join(lines[1:close]), Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        return None, [Fault(file, line, f"front matter is no YAML: {getattr(error, 'problem', error)}")]
    fields, at, faults = _fields(node, file)
    body = "\n".join(lines[close + 1 :]).strip()
    faults += _faults_of_fields(fields, at, file) + _faults_of_body(body, close + 2, file)
    if faults:
        return None, faults
    return _entry(fields, body), []


def write_entry(entry: Entry) -> str:
    """The file that `parse_entry` reads back as *entry*."""
    front: dict[str, object] = {name: getattr(entry, name) for name in (*_TEXTS[:5], *_LISTS, *_TEXTS[5:])}
    front |= {name: list(getattr(entry, name)) for name in _LISTS}
    matter = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{matter}---\n{entry.body}\n"


def _entry(fields: Mapping[str, Any], body: str) -> Entry:
    texts: dict[str, Any] = {name: str(fields[name]) for name in _TEXTS}
    lists: dict[str, Any] = {name: tuple(fields[name]) for name in _LISTS}
    return Entry(**texts, **lists, body=body)


def _fields(node: yaml.Node | None, file: str) -> tuple[dict[str, object], dict[str, int], list[Fault]]:
    """The fields, the line each stands on, and faults of form."""
    if not isinstance(node, yaml.MappingNode):
        return {}, {}, [Fault(file, 2, "front matter must be `name: value` lines")]
    fields: dict[str, object] = {}
    at: dict[str, int] = {}
    faults = []
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 2
        if name in fields:
            faults.append(Fault(file, line, f"{name} is given twice: keep one"))
        at[name] = line
        if isinstance(value, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in value.value):
            fields[name] = [str(item.value).strip() for item in value.value]
        elif isinstance(value, yaml.ScalarNode):
            fields[name] = str(value.value).strip()
        else:
            fields[name] = None
    return fields, at, faults


def _faults_of_fields(fields: dict[str, object], at: dict[str, int], file: str) -> list[Fault]:
    faults = [Fault(file, 1, f"{name} is missing") for name in (*_TEXTS, *_LISTS) if name not in fields]
    for name, value in fields.items():
        line = at[name]
        if name not in (*_TEXTS, *_LISTS):
            faults.append(Fault(file, line, f"unknown field {name}: remove it or correct its name"))
        elif name in _TEXTS and not isinstance(value, str):
            faults.append(Fault(file, line, f"{name} must be one text"))
        elif name in _LISTS and not isinstance(value, list):
            faults.append(Fault(file, line, f"{name} must be a list"))
        elif message := _fault_of_value(name, value):
            faults.append(Fault(file, line, message))
    return faults


def _fault_of_value(name: str, value: object) -> str | None:
    if isinstance(value, list):
        return _fault_of_list(name, value)
    text = str(value)
    form = {"id": _ID, "slug": _SLUG, "as_of": _AS_OF, "review_by": _DAY}.get(name)
    if form and not form.fullmatch(text):
        wanted = {"id": "P and a number", "slug": "small-words-and-hyphens", "as_of": "YYYY, YYYY-MM or YYYY-MM-DD"}
        return f"{name} is {text!r}: write {wanted.get(name, 'YYYY-MM-DD')}"
    if not text and name != "verify":
        return f"{name} is empty"
    if name in {"as_of", "review_by"} and not _is_a_date(text):
        return f"{name} is {text!r}: there is no such day"
    if name == "title" and len(text) > TITLE_LIMIT:
        return f"title has {len(text)} characters: at most {TITLE_LIMIT}, so that a button shows it whole"
    return None


def _is_a_date(text: str) -> bool:
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _fault_of_list(name: str, values: list[str]) -> str | None:
    if any(not value for value in values):
        return f"{name} has an empty line"
    if len(set(values)) < len(values):
        return f"{name} says something twice: {next(value for value in values if values.count(value) > 1)!r}"
    if name == "phrasings" and len(values) < FEWEST_PHRASINGS:
        return f"phrasings has {len(values)}: give at least {FEWEST_PHRASINGS}"
    if name == "not_answered" and len(values) not in NOT_ANSWERED:
        return f"not_answered has {len(values)}: give {NOT_ANSWERED.start} to {NOT_ANSWERED.stop - 1}"
    if name == "holds" and (unknown := [value for value in values if value not in ATTRIBUTES]):
        return f"holds knows no {unknown[0]!r}: choose from {', '.join(ATTRIBUTES)}"
    return None


def _faults_of_body(body: str, line: int, file: str) -> list[Fault]:
    if not body:
        return [Fault(file, line, "no body: write the answer below the front matter")]
    if len(body) > BODY_LIMIT:
        return [Fault(file, line, f"body has {len(body)} characters: at most {BODY_LIMIT}")]
    return []
