"""`python -m bot ask`: what the bot would answer, straight from the district's files."""

import csv
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

from bot.settings import BadSetting, Settings
from domain.answering import Verdict
from domain.district import BadDistrict, District, read_district
from domain.knowledge.shelf import Shelf, read_shelf
from messages import FIRST_LANGUAGE, Date, say


def read_shelf_or_refuse(settings: Settings) -> tuple[Shelf, District]:
    """The district's files as a shelf. Raises BadSetting when they have faults."""
    try:
        district = read_district(settings.DISTRICT_DIR)
        shelf, faults = read_shelf(district)
    except BadDistrict as error:
        raise BadSetting(f"DISTRICT_DIR: {error}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadSetting(f"DISTRICT_DIR: its folder answering/ cannot be read: {error}") from error
    if shelf is None:
        raise BadSetting(f"DISTRICT_DIR: {faults[0]}")
    return shelf, district


def answer_one(shelf: Shelf, district: District, question: str, *, as_json: bool) -> str:
    verdict = shelf.answerer.verdict(question)
    return _as_json(verdict) if as_json else _as_text(shelf, district, verdict)


def answer_file(shelf: Shelf, file: Path, *, as_json: bool) -> Iterator[str]:
    """A line for each row of *file*, in order. Raises BadSetting for a file without a column `question`."""
    for question in _questions(file):
        verdict = shelf.answerer.verdict(question)
        yield _as_json(verdict) if as_json else f"{verdict.outcome}\t{_named(verdict)}\t{question}"


def _questions(file: Path) -> list[str]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            if "question" not in (reader.fieldnames or ()):
                raise BadSetting(f"--file: {file} has no column `question` in its first line")
            return [row["question"] or "" for row in reader]
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"--file: {file} cannot be read ({error})") from error


def _as_json(verdict: Verdict) -> str:
    plain = {
        "outcome": verdict.outcome,
        "entry": verdict.entry,
        "suggestions": list(verdict.suggestions),
        "action": verdict.action,
        "confidence": round(verdict.confidence, 4),
    }
    return json.dumps(plain, ensure_ascii=False)


def _named(verdict: Verdict) -> str:
    return verdict.entry or ",".join(verdict.suggestions) or verdict.action or verdict.smalltalk or "-"


def _as_text(shelf: Shelf, district: District, verdict: Verdict) -> str:
    if verdict.entry:
        entry = shelf.entries[verdict.entry]
        blanks = {"title": f"{entry.id} {entry.title}", "body": entry.body, "source": entry.source}
        card = say("answer.card", **blanks, as_of=Date(entry.as_of)).in_language(FIRST_LANGUAGE)
        return f"{html.unescape(re.sub('<[^>]+>', '', card))}\n\n({verdict.outcome}, {verdict.confidence:.2f})"
    lines = [
        f"{verdict.outcome} ({verdict.confidence:.2f}){f', no data: {verdict.missing}' if verdict.missing else ''}"
    ]
    lines += [f"  {id} {shelf.entries[id].title}" for id in verdict.suggestions]
    if said := verdict.action or verdict.smalltalk:
        lines.append(f"  {said}")
    return (
        "\n".join(lines) if len(lines) > 1 else f"{lines[0]}\n  {district.help_desk.name}, {district.help_desk.address}"
    )
