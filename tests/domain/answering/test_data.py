"""The tables officers edit: what is in the files reaches the answering, and nothing in them works against itself."""

import json
from pathlib import Path

import pytest

from benchmarks.answers.material import out_of_scope, part_of
from domain.answering import ASKED, AnsweringData, read_answering
from domain.answering.data import read_rows
from domain.answering.index import Index
from domain.answering.normalise import chunks
from tests.domain.answering.conftest import LAMONGAN

ANSWERING = LAMONGAN / "answering"


class TestReadAnswering:
    def test_survives_json(self, tables: AnsweringData) -> None:
        """The database keeps the tables as JSON and gives them back unchanged."""
        assert AnsweringData.from_dict(json.loads(json.dumps(tables.to_dict()))) == tables

    def test_takes_our_sub_districts_along(self) -> None:
        """The kecamatan of district.toml join our own places."""
        assert {"Solokuro", "lamongan"} <= set(read_answering(ANSWERING, ["Solokuro"]).own_places)

    def test_needs_no_calibration_yet(self, tmp_path: Path) -> None:
        """A district whose confidence was never fitted starts with cautious defaults."""
        for file in ANSWERING.iterdir():
            if file.name != "calibration.json":
                (tmp_path / file.name).write_bytes(file.read_bytes())

        assert read_answering(tmp_path).calibration.direct >= 0.8

    def test_leaves_kept_out_questions_out(self, tables: AnsweringData) -> None:
        """Half of the out-of-scope questions are for measuring only; the answering never sees them."""
        assert not {example.question for example in out_of_scope(LAMONGAN, "kept")} & set(tables.rejects)

    def test_splits_by_hash(self) -> None:
        """Whether a first row is for fitting follows from its text, so nobody can choose."""
        kept = [row for row in read_rows(ANSWERING / "out_of_scope.tsv") if row["use"] == "kept"]

        assert kept
        assert all(part_of(row["question"], 2) == 1 for row in kept)


class TestTables:
    @pytest.mark.parametrize("section", ["slang", "javanese", "phrases", "synonyms", "particles", "ordinary", "whole"])
    def test_lexicon_is_sorted(self, section: str) -> None:
        """Sorted, one word a line, so that an officer finds the place and a change is one line."""
        words = list(json.loads((ANSWERING / "lexicon.json").read_text("utf-8"))[section])

        assert words == sorted(words)

    def test_lexicon_maps_no_word_to_itself_or_in_a_circle(self, tables: AnsweringData) -> None:
        """A word leads to a standard word, and that one stays."""
        both = {**tables.lexicon.javanese, **tables.lexicon.slang}

        assert [word for word, standard in both.items() if both.get(standard, standard) == word] == []

    def test_attributes_are_known(self, tables: AnsweringData) -> None:
        """Every attribute of the closed list has cues, and no other."""
        assert set(tables.attributes) == set(ASKED)

    def test_cues_keep_their_words(self, tables: AnsweringData, index: Index) -> None:
        """A cue that loses a word to the particles would be found where nobody meant it."""
        joined = {"dimana", "kemana", "terimakasih", "kepalakeluarga"}
        lost = [
            cue
            for cues in tables.attributes.values()
            for cue in (*cues.asked, *cues.unless)
            if len(words := index.normaliser.words(cue.replace("...", " "))) < len(chunks(cue))
            and not joined & set(words)
        ]

        assert lost == []

    def test_synonyms_are_known_words_of_their_own(self, tables: AnsweringData) -> None:
        """A synonym of itself says nothing."""
        assert [word for word, others in tables.lexicon.synonyms.items() if word in others] == []
