"""Floors a little under what was measured, so that a change that makes answers worse is seen."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from benchmarks.answers.material import Example, answerable, out_of_scope, unanswerable, with_topics
from domain.answering import Answerer, AnsweringData, Verdict
from domain.answering.confidence import ALL_GUESSES
from domain.knowledge.entry import Entry
from tests.domain.answering.conftest import LAMONGAN


@pytest.fixture(scope="module")
def asked(answerer: Answerer) -> list[tuple[Example, Verdict]]:
    return [(example, answerer.verdict(example.question)) for example in answerable()]


def share(truths: Sequence[bool]) -> float:
    return sum(truths) / len(truths)


class TestAnswerable:
    def test_ranks_the_right_entry_high(self, entries: dict[str, Entry], tables: AnsweringData) -> None:
        """Questions by a hand that had not seen our phrasings find their entry."""
        ranking = Answerer(list(entries.values()), replace(tables, calibration=ALL_GUESSES))
        ranked = [(example.entry, ranking.verdict(example.question).suggestions) for example in answerable()]

        assert share([right == ids[0] for right, ids in ranked if ids]) >= 0.96
        assert share([right in ids for right, ids in ranked]) >= 0.985

    def test_answers_most_and_rightly(self, asked: list[tuple[Example, Verdict]]) -> None:
        """Most of them are answered at once, and then rightly."""
        direct = [example.entry == verdict.entry for example, verdict in asked if verdict.outcome == "answer"]

        assert len(direct) / len(asked) >= 0.75
        assert share(direct) >= 0.98

    def test_hands_hardly_any_over(self, asked: list[tuple[Example, Verdict]]) -> None:
        """A question that has an answer seldom ends with a person, or as small talk."""
        assert share([verdict.outcome in {"answer", "suggestions"} for _, verdict in asked]) >= 0.98


class TestUnanswerable:
    def test_are_hardly_ever_answered(self, answerer: Answerer) -> None:
        """A question nobody answers gets no answer at once."""
        outcomes = [answerer.verdict(example.question).outcome for example in unanswerable()]

        assert share([outcome == "answer" for outcome in outcomes]) <= 0.03

    def test_kept_out_of_the_fitting_neither(self, answerer: Answerer) -> None:
        """Nor do those of our own that were kept out of the fitting."""
        outcomes = [answerer.verdict(example.question).outcome for example in out_of_scope(LAMONGAN, "kept")]

        assert share([outcome == "answer" for outcome in outcomes]) <= 0.03


class TestTopics:
    def test_lead_to_an_entry_of_theirs(self, answerer: Answerer, entries: dict[str, Entry]) -> None:
        """At least 85 % of the accepted questions lead to an entry of their topic; a complaint leads to a person."""
        led = []
        for example in with_topics():
            verdict = answerer.verdict(example.question)
            shown = [verdict.entry] if verdict.entry else verdict.suggestions
            wants_person = example.entry == "keluhan" and verdict.action == "officer"
            led.append(wants_person or example.entry in {entries[id].topic for id in shown})

        assert share(led) >= 0.85
