"""A knowledge folder as a whole: read all of it, or learn everything that is wrong with it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path

from domain.knowledge.entry import Entry, Fault, read_entry, write_entry


def read_folder(
    folder: Path, topics: Collection[str] = (), offices: Collection[str] = (), known: Collection[Entry] = ()
) -> tuple[list[Entry], list[Fault]]:
    """Every entry of *folder* in order of id, and every fault; entries are worth using only when there is none.

    *topics* and *offices*, when given, are the keys the district knows; *known* are entries that exist
    besides those of the folder: one of the same id is replaced, and nothing else may be shared with them.
    """
    files = sorted(folder.glob("*.md"))
    if not files:
        return [], [Fault(folder.name, 1, "no entries here: a knowledge folder holds one .md file an entry")]
    entries: list[tuple[str, Entry]] = []
    faults: list[Fault] = []
    for file in files:
        entry, wrong = read_entry(file)
        faults += wrong
        if entry:
            entries.append((file.name, entry))
    here = {entry.id for _, entry in entries}
    others = [(entry.id, entry) for entry in known if entry.id not in here]
    faults += _faults_between([*others, *entries]) + _faults_of_keys(entries, topics, offices)
    all_known = {entry.id for entry in known} | {entry.id for _, entry in entries}
    if not faults:
        faults += [
            Fault(name, 1, f"related names {other}, which is no entry here")
            for name, entry in entries
            for other in entry.related
            if other not in all_known or other == entry.id
        ]
    return [entry for _, entry in sorted(entries, key=lambda named: named[1].id)], faults


def _faults_between(entries: Iterable[tuple[str, Entry]]) -> list[Fault]:
    """What two files may not share: an id, a slug, a phrasing."""
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, entry in entries:
        owners["id", entry.id].append(name)
        owners["slug", entry.slug].append(name)
        for phrasing in entry.phrasings:
            owners["phrasing", phrasing.casefold()].append(name)
    return [
        Fault(names[1], 1, f"{what} {value!r} stands in {names[0]} too: it may belong to one only")
        for (what, value), names in owners.items()
        if len(names) > 1
    ]


def _faults_of_keys(
    entries: Iterable[tuple[str, Entry]], topics: Collection[str], offices: Collection[str]
) -> list[Fault]:
    faults = []
    for name, entry in entries:
        if topics and entry.topic not in topics:
            faults.append(Fault(name, 1, f"topic {entry.topic!r} is unknown: choose from {', '.join(topics)}"))
        if offices and entry.office not in offices:
            faults.append(Fault(name, 1, f"office {entry.office!r} is unknown: choose from {', '.join(offices)}"))
    return faults


def write_folder(folder: Path, entries: Iterable[Entry]) -> int:
    """Write each entry to its file in *folder*, made if need be; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for entry in entries:
        (folder / f"{entry.id}-{entry.slug}.md").write_text(write_entry(entry), "utf-8")
        written += 1
    return written
