"""One question in, one verdict out."""

from collections.abc import Sequence
from dataclasses import replace

from domain.answering.attributes import missing, missing_softly
from domain.answering.data import AnsweringData
from domain.answering.index import Guess, Index, Reading
from domain.answering.normalise import Sentence, chunks
from domain.answering.smalltalk import Heard, SmallTalk, unworded
from domain.answering.verdict import Verdict
from domain.answering.wanted import Wanted
from domain.knowledge.entry import Entry

_GUESSES = 3

_ELLIPTICAL = 8
"""Words of a question short enough to be about what was shown before: `syaratnya apa saja?`"""


class Answerer:
    """Finds the entry a question is about and says how sure that is; built anew when entries change."""

    def __init__(self, entries: Sequence[Entry], knowledge: AnsweringData) -> None:
        self._index = Index(entries, knowledge)
        self._calibration = knowledge.calibration
        words = self._index.normaliser.words
        self._meant = {tuple(words(short)): words(whole) for short, whole in sorted(knowledge.meant.items())}
        self._talk = SmallTalk(knowledge.smalltalk, knowledge.actions, knowledge.offices, words)
        self._wanted = Wanted(knowledge.wanted, words)

    def verdict(self, question: str, *, about: Entry | None = None) -> Verdict:
        """Decide what becomes of *question*; *about* is the entry last shown, for questions like `syaratnya?`."""
        sentence = self._index.normaliser.sentence(question)
        if not sentence.words:
            # Only particles is a nod ("nggih"); no Latin word at all is emoji or another script.
            return Verdict("smalltalk", smalltalk="acknowledgement" if chunks(question) else unworded(question))
        heard = self._heard(self._whole(sentence.words))
        if tuple(heard.rest) in self._meant:
            heard = self._heard(self._whole(heard.rest))
        if heard.action == "stop" and sentence.typed:
            # Nobody is to be taken out of all news by a slip: "step", which we do not know, is near to "stop".
            heard = replace(heard, action=None)
        if heard.action:
            return Verdict("action", action=heard.action)
        if heard.smalltalk:
            return Verdict("smalltalk", smalltalk=heard.smalltalk)
        if not self._index.entries:
            return Verdict("handover")
        asked = Sentence(heard.rest, sentence.typed)
        verdict = (about and self._followed(asked, about)) or self._judged(self._index.read(asked))
        if verdict.outcome != "answer" and (wish := self._wanted.found(heard.rest)):
            return Verdict("action", action=wish)
        return replace(verdict, near=self._wanted.near(heard.rest))

    def near(self, question: str) -> str | None:
        """As in the verdict on *question*, without reading what answers it."""
        words = self._whole(self._index.normaliser.sentence(question).words)
        return self._wanted.near(self._heard(words).rest)

    def _followed(self, sentence: Sentence, about: Entry) -> Verdict | None:
        """The verdict on a short question taken to go on about the entry last shown, or None when it does not."""
        number = self._index.number_of(about)
        if number is None or not self._goes_on(sentence.words, number):
            return None
        asked, matter = self._index.asking(sentence.words)
        if not asked and not any(map(self._index.is_topical, matter)):
            return Verdict("suggestions", suggestions=(about.id, *about.related)[:_GUESSES])
        title = self._index.normaliser.words(about.title)
        reading = replace(self._index.read(Sentence([*title, *sentence.words], sentence.typed)), asked=asked)
        guess = self._index.guess(reading)
        if not guess.order or self._index.entries[guess.order[0]].id not in {about.id, *about.related}:
            return None
        return self._settled(self._judged(reading, guess), asked, guess.order[0], number)

    def _goes_on(self, words: Sequence[str], number: int) -> bool:
        """Whether a question is short and its matter, if it has one, is that of the entry of this number."""
        _, matter = self._index.asking(words)
        topical = filter(self._index.is_topical, matter)
        return len(words) <= _ELLIPTICAL and all(self._index.holds_word(number, word) for word in topical)

    def _settled(self, verdict: Verdict, asked: Sequence[str], best: int, shown: int) -> Verdict:
        """The verdict on a follow-up by what the entries hold: they are known, so that weighs more than likeness."""
        held = self._index.held[best]
        offered = (*((verdict.entry,) if verdict.entry else ()), *verdict.suggestions)
        if verdict.entry and asked and not held.intersection(asked):
            # To show a text again that does not hold what is asked would be no answer.
            lacks = missing_softly(asked, held)
            return replace(verdict, outcome="suggestions", entry=None, suggestions=offered, missing=lacks)
        if verdict.outcome == "suggestions" and not verdict.missing and best == shown and held.intersection(asked):
            return replace(verdict, outcome="answer", entry=offered[0], suggestions=offered[1:])
        return verdict

    def _heard(self, words: list[str]) -> Heard:
        return self._talk.heard(words, self._index.is_topical, self._index.is_ordinary)

    def _whole(self, words: list[str]) -> list[str]:
        return self._meant.get(tuple(words), words)

    def _judged(self, reading: Reading, guess: Guess | None = None) -> Verdict:
        guess = guess or self._index.guess(reading)
        lacks = self._lack(reading, guess)
        confidence = self._calibration.answers.probability(guess.features)
        if guess.order and not lacks and confidence >= self._calibration.direct:
            first, *others = self._named(guess)
            return Verdict("answer", first, tuple(others), confidence=confidence, features=guess.features)
        # "nomor WA Diskopum" is about Diskopum: what is missing shall not decide which entries are offered.
        near = self._index.guess(self._index.without(reading, lacks)) if lacks else guess
        if not lacks and near.order:
            lacks = missing_softly(reading.asked, self._index.held[near.order[0]])
        is_ours = bool(near.order) and self._calibration.matters.probability(near.features) >= self._calibration.offer
        return Verdict(
            "suggestions" if is_ours else "handover",
            suggestions=self._named(near) if is_ours else (),
            missing=lacks,
            place=reading.place if lacks == "place" else None,
            confidence=confidence,
            features=guess.features,
            matter=near.features,
        )

    def _named(self, guess: Guess) -> tuple[str, ...]:
        return tuple(self._index.entries[number].id for number in guess.order[:_GUESSES])

    def _lack(self, reading: Reading, guess: Guess) -> str | None:
        """What forbids an answer at once: another place, or an attribute that an answer without it would dodge."""
        if guess.features["elsewhere"]:
            return "place"
        return missing(reading.asked, self._index.held[guess.order[0]]) if guess.order else None
