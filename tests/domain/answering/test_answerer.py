"""The verdict as a whole: any text gets one, the same one each time, and it keeps its own rules."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.answering import ACTIONS, MISSING, SMALLTALK, Answerer, AnsweringData, Verdict
from domain.answering.confidence import Calibration
from domain.knowledge.entry import Entry

WORDS = ["nib", "halal", "kur", "gratis", "piye", "nomor", "wa", "tuban", "kapan", "petugas", "halo", "50", "juta", "?"]


def check(verdict: Verdict, entries: dict[str, Entry]) -> None:
    shown = [*([verdict.entry] if verdict.entry else []), *verdict.suggestions]
    assert (verdict.entry is not None) == (verdict.outcome == "answer")
    assert len(verdict.suggestions) <= 3
    assert len(set(shown)) == len(shown)
    assert set(shown) <= set(entries)
    assert bool(verdict.suggestions) or verdict.outcome != "suggestions"
    assert (verdict.action in ACTIONS) == (verdict.outcome == "action")
    assert (verdict.smalltalk in SMALLTALK) == (verdict.outcome == "smalltalk")
    assert verdict.missing is None or verdict.missing in MISSING
    assert (verdict.place is not None) == (verdict.missing == "place")
    assert not (verdict.missing and verdict.outcome == "answer")
    assert 0.0 <= verdict.confidence <= 1.0


class TestAnyText:
    @settings(max_examples=300, deadline=None)
    @given(text=st.text(max_size=300))
    @example(text="\x00")
    @example(text="'" * 50)
    @example(text="ẞﬃⅧ½")
    def test_gets_a_sound_verdict(self, answerer: Answerer, entries: dict[str, Entry], text: str) -> None:
        """Whatever is typed, the verdict's parts fit together."""
        check(answerer.verdict(text), entries)

    @settings(max_examples=200, deadline=None)
    @given(words=st.lists(st.sampled_from(WORDS), max_size=12), about=st.sampled_from([None, "P05", "P26", "P55"]))
    def test_gets_a_sound_verdict_from_our_own_words(
        self, answerer: Answerer, entries: dict[str, Entry], words: list[str], about: str | None
    ) -> None:
        """Our own words in any order, after any entry, too."""
        check(answerer.verdict(" ".join(words), about=entries[about] if about else None), entries)

    @pytest.mark.parametrize("text", ["x" * 10_000, "nib " * 2_500, "😀" * 10_000, "a-" * 5_000, "qz wv " * 1_600])
    def test_may_be_very_long(self, answerer: Answerer, entries: dict[str, Entry], text: str) -> None:
        """Ten thousand characters are read as far as is sensible."""
        check(answerer.verdict(text), entries)


class TestSameness:
    def test_another_answerer_says_the_same(
        self, answerer: Answerer, entries: dict[str, Entry], tables: AnsweringData
    ) -> None:
        """Replicas that read the same rows, in any order, agree to the last digit."""
        shuffled = json.loads(json.dumps(tables.to_dict(), sort_keys=True))
        other = Answerer(list(reversed(entries.values())), AnsweringData.from_dict(shuffled))
        questions = ["piye carane gawe nib", "kur 50 juta", "blk tuban", "halo", "nomor wa mpp", "keripik saya ditiru"]

        for question in questions:
            assert other.verdict(question) == answerer.verdict(question)

    def test_without_entries_a_question_goes_to_a_person(self, tables: AnsweringData) -> None:
        """A district that has no entries yet still greets, and hands questions over."""
        bare = Answerer([], tables)

        assert bare.verdict("cara bikin nib").outcome == "handover"
        assert bare.verdict("halo").smalltalk == "greeting"

    def test_without_tables_the_entries_are_still_found(self, entries: dict[str, Entry]) -> None:
        """A new district starts with empty tables."""
        bare = Answerer(list(entries.values()), AnsweringData())

        assert bare.verdict("cara membuat NIB lewat OSS").suggestions


class TestThresholds:
    def test_decide_between_answer_guesses_and_person(self, entries: dict[str, Entry], tables: AnsweringData) -> None:
        """The same question is answered, guessed at or handed over as the calibration says."""
        fitted = tables.calibration

        def outcome(direct: float, offer: float) -> str:
            calibration = Calibration(fitted.answers, fitted.matters, direct, offer)
            data = AnsweringData.from_dict(tables.to_dict())
            data.calibration = calibration
            return Answerer(list(entries.values()), data).verdict("piye carane gawe nib").outcome

        assert outcome(0.0, 0.0) == "answer"
        assert outcome(1.1, 0.0) == "suggestions"
        assert outcome(1.1, 1.1) == "handover"


class TestFollowUp:
    @pytest.mark.parametrize(
        ("shown", "question"),
        [
            ("P05", "syarate opo wae"),
            ("P05", "bayar berapa"),
            ("P05", "berlaku berapa tahun"),
            ("P12", "daftarnya di mana"),
            ("P19", "piro regane"),
            ("P55", "alamatnya di mana"),
            ("P41", "kalau di atas 500 ribu"),
        ],
    )
    def test_is_about_what_was_shown(
        self, answerer: Answerer, entries: dict[str, Entry], shown: str, question: str
    ) -> None:
        """A question without a matter of its own goes on about the entry last shown."""
        assert answerer.verdict(question, about=entries[shown]).entry == shown

    @pytest.mark.parametrize(
        ("shown", "question", "lacks"),
        [
            ("P55", "nomor teleponnya berapa", "phone"),
            ("P56", "tahun depan kapan", "next"),
            ("P55", "jadwalnya kapan", "date"),
        ],
    )
    def test_says_what_that_entry_lacks(
        self, answerer: Answerer, entries: dict[str, Entry], shown: str, question: str, lacks: str
    ) -> None:
        """What the shown entry does not hold is said to be missing, not answered with the same text again."""
        verdict = answerer.verdict(question, about=entries[shown])

        assert (verdict.outcome, verdict.suggestions[0], verdict.missing) == ("suggestions", shown, lacks)

    @pytest.mark.parametrize(
        ("shown", "question", "entry"),
        [("P41", "cara bikin NIB gimana", "P05"), ("P05", "bunga KUR sekarang berapa", "P26")],
    )
    def test_gives_way_to_a_new_matter(
        self, answerer: Answerer, entries: dict[str, Entry], shown: str, question: str, entry: str
    ) -> None:
        """A question with its own matter is not dragged back to the last one."""
        assert answerer.verdict(question, about=entries[shown]).entry == entry

    def test_of_nothing_offers_what_is_related(self, answerer: Answerer, entries: dict[str, Entry]) -> None:
        """`Terus?` asks nothing: the entry and its relatives are offered."""
        verdict = answerer.verdict("terus?", about=entries["P05"])

        assert verdict.suggestions == ("P05", *entries["P05"].related[:2])

    def test_ignores_an_entry_that_is_gone(self, answerer: Answerer, entries: dict[str, Entry]) -> None:
        """An entry retired since it was shown is no context."""
        gone = Entry(**{**vars(entries["P05"]), "id": "P999"})

        assert answerer.verdict("bayar berapa", about=gone) == answerer.verdict("bayar berapa")
