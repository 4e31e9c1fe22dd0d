"""Simpler engines over the same entries, as they come."""

import importlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence

from domain.knowledge.entry import Entry

Ranker = Callable[[str], Sequence[str]]


def peers(entries: Sequence[Entry]) -> Iterator[tuple[str, Ranker]]:
    """Name and ranking function of each engine that is at hand."""
    yield "SQLite FTS5 bm25, one document an entry", _full_text(entries)
    try:
        fuzz = importlib.import_module("rapidfuzz.fuzz")
    except ModuleNotFoundError:
        return
    yield "rapidfuzz token_set_ratio, best phrasing", _fuzzy(entries, fuzz.token_set_ratio)


def _full_text(entries: Sequence[Entry]) -> Ranker:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE entry USING fts5(id UNINDEXED, text)")
    rows = [(entry.id, " ".join([entry.title, *entry.phrasings, entry.body])) for entry in entries]
    database.executemany("INSERT INTO entry VALUES (?, ?)", rows)

    def rank(question: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question.lower()))
        if not words:
            return []
        found = database.execute("SELECT id FROM entry WHERE entry MATCH ? ORDER BY bm25(entry) LIMIT 3", (words,))
        return [str(id) for (id,) in found]

    return rank


def _fuzzy(entries: Sequence[Entry], likeness: Callable[[str, str], float]) -> Ranker:
    texts = [(entry.id, text.lower()) for entry in entries for text in (entry.title, *entry.phrasings)]

    def rank(question: str) -> list[str]:
        best: dict[str, float] = {}
        for id, text in texts:
            best[id] = max(best.get(id, 0.0), likeness(question.lower(), text))
        return sorted(best, key=lambda id: -best[id])[:3]

    return rank
