"""The tables the answering leans on: files first, then a row in the database, the same shape in both."""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.answering.attributes import AttributeCues
from domain.answering.confidence import Calibration, Regression
from domain.answering.normalise import Lexicon
from domain.answering.wanted import WishCues


@dataclass
class AnsweringData:
    """Everything about a district's way of asking that is not in the entries themselves."""

    lexicon: Lexicon = field(default_factory=Lexicon)
    attributes: dict[str, AttributeCues] = field(default_factory=dict)
    own_places: tuple[str, ...] = ()
    other_places: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By its usual name, the ways a place is written."""
    passing_places: tuple[str, ...] = ()
    """What stands before another place that is only mentioned: pembeli (dari Surabaya)."""
    smalltalk: dict[str, tuple[str, ...]] = field(default_factory=dict)
    actions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    wanted: dict[str, WishCues] = field(default_factory=dict)
    """Wishes that are looked for inside a text which no entry answers."""
    meant: dict[str, str] = field(default_factory=dict)
    """Whole messages too short to be a question, and what they are taken to ask."""
    offices: tuple[str, ...] = ()
    """Words for where people were, not for what they ask: a complaint about a dinas stays a complaint."""
    rejects: tuple[str, ...] = ()
    """Questions that no entry answers."""
    calibration: Calibration = field(default_factory=Calibration)

    @property
    def cues(self) -> list[str]:
        """Every phrase that is looked for, places too; their words must not be taken for misspellings."""
        attributes = [cue for cues in self.attributes.values() for cue in (*cues.asked, *cues.unless)]
        tables = (self.other_places, self.smalltalk, self.actions)
        listed = [cue for table in tables for cues in table.values() for cue in cues]
        listed += [cue for cues in self.wanted.values() for cue in (*cues.asked, *cues.unless, *cues.near)]
        return [*attributes, *listed, *self.own_places, *self.passing_places, *self.offices]

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and dicts, ready for JSON; `from_dict` reads them back."""
        result: dict[str, Any] = json.loads(json.dumps(vars(self), default=_plain))
        return result

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "AnsweringData":
        """The reverse of `to_dict`; whatever is absent is empty. Raises TypeError on unknown names."""
        lists = {name: tuple(plain.get(name, ())) for name in ("own_places", "passing_places", "offices", "rejects")}
        return cls(
            lexicon=lexicon_of(plain.get("lexicon", {})),
            attributes={name: _cues(cue) for name, cue in plain.get("attributes", {}).items()},
            other_places=_tuples(plain.get("other_places", {})),
            smalltalk=_tuples(plain.get("smalltalk", {})),
            actions=_tuples(plain.get("actions", {})),
            wanted={name: WishCues(**_tuples(cues)) for name, cues in plain.get("wanted", {}).items()},
            meant=dict(plain.get("meant", {})),
            calibration=_calibration(plain.get("calibration", {})),
            **lists,
        )


def _plain(value: Any) -> Any:
    """A set or a dataclass as JSON knows it."""
    return sorted(value) if isinstance(value, frozenset) else vars(value)


def read_answering(folder: Path, own_places: Iterable[str] = ()) -> AnsweringData:
    """Read a district's `answering/` folder; *own_places* are its kecamatan, from district.toml.

    Raises OSError when a file is missing (only calibration.json may be), ValueError when one is no JSON.
    """
    places = _json(folder / "places.json")
    talk = _json(folder / "talk.json")
    calibration = folder / "calibration.json"
    return AnsweringData.from_dict(
        {
            "lexicon": _json(folder / "lexicon.json"),
            "attributes": _json(folder / "attributes.json"),
            "own_places": sorted({*places["own"], *own_places}),
            "other_places": places["other"],
            "passing_places": places["passing"],
            "smalltalk": talk["smalltalk"],
            "actions": talk["actions"],
            "wanted": talk.get("wanted", {}),
            "offices": talk["offices"],
            "meant": talk["meant"],
            "rejects": [row["question"] for row in read_rows(folder / "out_of_scope.tsv") if row["use"] == "fit"],
            "calibration": _json(calibration) if calibration.exists() else {},
        }
    )


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a tab-separated file with a head line."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def lexicon_of(plain: Mapping[str, Any]) -> Lexicon:
    """The lexicon from its plain form."""
    return Lexicon(
        slang=dict(plain.get("slang", {})),
        javanese=dict(plain.get("javanese", {})),
        phrases=dict(plain.get("phrases", {})),
        synonyms=_tuples(plain.get("synonyms", {})),
        particles=frozenset(plain.get("particles", ())),
        ordinary=frozenset(plain.get("ordinary", ())),
        whole=frozenset(plain.get("whole", ())),
    )


def _calibration(plain: Mapping[str, Any]) -> Calibration:
    regressions = {name: Regression(**plain[name]) for name in ("answers", "matters") if name in plain}
    return Calibration(**{**plain, **regressions})


def _cues(plain: Mapping[str, Any]) -> AttributeCues:
    return AttributeCues(tuple(plain["asked"]), tuple(plain.get("unless", ())))


def _tuples(plain: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in plain.items()}


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
