"""The figures: what happens to questions that were not used for fitting, beside simpler engines."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.answers.material import (
    Example,
    answerable,
    district_folder,
    out_of_scope,
    read_material,
    unanswerable,
    with_topics,
)
from benchmarks.answers.peers import peers
from domain.answering import Answerer, Verdict
from domain.answering.confidence import ALL_GUESSES
from domain.knowledge.entry import Entry

Ranker = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Asked:
    """An example, its verdict, and the three best entries whatever the confidence."""

    example: Example
    verdict: Verdict
    ranked: Sequence[str]

    @property
    def is_direct(self) -> bool:
        return self.verdict.outcome == "answer"

    @property
    def is_right(self) -> bool:
        return self.verdict.entry == self.example.entry

    @property
    def is_served(self) -> bool:
        """Answered rightly at once, or the right entry among what is offered."""
        return self.is_right if self.is_direct else self.example.entry in self.verdict.suggestions


def measure() -> Iterator[str]:
    """The lines of the report."""
    folder = district_folder()
    entries, data = read_material(folder)
    began = time.perf_counter()
    answerer = Answerer(entries, data)
    built = time.perf_counter() - began
    ranking = Answerer(entries, replace(data, calibration=ALL_GUESSES))
    calibration = data.calibration
    yield f"{len(entries)} entries, built in {built:.2f} s"
    yield f"answers from {calibration.direct}, offers guesses from {calibration.offer}"
    began = time.perf_counter()
    asked = [_asked(answerer, ranking, example) for example in answerable()]
    yield f"{(time.perf_counter() - began) / 2 / len(asked) * 1000:.1f} ms a question"
    yield ""
    yield from _styles(asked)
    yield ""
    yield from _nobody("unanswerable", [_asked(answerer, ranking, one) for one in unanswerable()])
    yield ""
    yield from _nobody(
        "out of scope, kept out", [_asked(answerer, ranking, one) for one in out_of_scope(folder, "kept")]
    )
    yield ""
    yield _topics(entries, answerer)
    yield ""
    yield from _beside(entries, asked)


def _asked(answerer: Answerer, ranking: Answerer, example: Example) -> Asked:
    return Asked(example, answerer.verdict(example.question), ranking.verdict(example.question).suggestions)


def _styles(asked: Sequence[Asked]) -> Iterator[str]:
    yield f"{'style':14}{'n':>5}{'top 1':>8}{'top 3':>8}{'direct':>8}{'right':>8}{'served':>8}"
    by_style: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_style[one.example.kind].append(one)
    for style, some in [*sorted(by_style.items()), ("all", list(asked))]:
        first = _share(one.ranked[:1] == (one.example.entry,) for one in some)
        three = _share(one.example.entry in one.ranked for one in some)
        direct = [one for one in some if one.is_direct]
        right = _share(one.is_right for one in direct)
        served = _share(one.is_served for one in some)
        share = 100 * len(direct) / len(some)
        yield f"{style:14}{len(some):5}{first:8.1f}{three:8.1f}{share:8.1f}{right:8.1f}{served:8.1f}"


def _nobody(title: str, asked: Sequence[Asked]) -> Iterator[str]:
    yield f"{title:26}{'n':>5}{'answered':>10}{'guesses':>9}{'handed over':>13}{'talk':>6}"
    by_kind: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_kind[one.example.kind].append(one)
    for kind, some in [*sorted(by_kind.items()), ("all", list(asked))]:
        outcomes = [one.verdict.outcome for one in some]
        shares = [
            _share(outcome in names for outcome in outcomes)
            for names in (("answer",), ("suggestions",), ("handover",), ("action", "smalltalk"))
        ]
        yield f"{kind:26}{len(some):5}{shares[0]:10.1f}{shares[1]:9.1f}{shares[2]:13.1f}{shares[3]:6.1f}"


def _topics(entries: Sequence[Entry], answerer: Answerer) -> str:
    topic_of = {entry.id: entry.topic for entry in entries}
    led = [_leads_to(answerer.verdict(one.question), one.entry, topic_of) for one in with_topics()]
    return f"questions with a topic: {len(led)}, led to an entry of it: {_share(led):.1f} %"


def _leads_to(verdict: Verdict, topic: str, topic_of: dict[str, str]) -> bool:
    if topic == "keluhan":
        return verdict.action == "officer" or verdict.outcome == "handover"
    shown = [verdict.entry] if verdict.entry else verdict.suggestions
    return topic in {topic_of[id] for id in shown}


def _beside(entries: Sequence[Entry], asked: Sequence[Asked]) -> Iterator[str]:
    yield f"{'engine':40}{'top 1':>8}{'top 3':>8}"
    yield _engine("ours", [one.ranked for one in asked], asked)
    for name, rank in peers(entries):
        yield _engine(name, [rank(one.example.question) for one in asked], asked)


def _engine(name: str, ranked: Sequence[Sequence[str]], asked: Sequence[Asked]) -> str:
    pairs = [(list(ids), one.example.entry) for ids, one in zip(ranked, asked, strict=True)]
    first = _share(ids[:1] == [right] for ids, right in pairs)
    three = _share(right in ids[:3] for ids, right in pairs)
    return f"{name:40}{first:8.1f}{three:8.1f}"


def _share(truths: "Iterator[bool] | Sequence[bool]") -> float:
    listed = list(truths)
    return 100 * sum(listed) / len(listed) if listed else 0.0
