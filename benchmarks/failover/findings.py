"""What became of what people did: read from the database and from Telegram when all is quiet again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from benchmarks.failover.crowd import Crowd
from db.models import Delivery, Lane, Person, Question, ReceivedUpdate, UpdateState
from db.session import Database
from simulator import Call


@dataclass
class Findings:
    """Counts over all people; `broken` names each promise that was not kept."""

    deeds: int = 0
    lost: int = 0
    """Deeds whose reply never arrived."""
    twice: int = 0
    """Replies that came once more because their sender was killed in the middle of the call: allowed, and counted."""
    doubled: int = 0
    """Replies that came more often than that explains."""
    out_of_order: int = 0
    """Replies that arrived after the reply to a later deed of the same person."""
    refused: int = 0
    """Messages that Telegram did not accept, for being too many or for another reason."""
    waits: list[float] = field(default_factory=list)
    """Seconds from each deed to the first arrival of its reply."""
    broken: list[str] = field(default_factory=list)

    def expect(self, holds: bool, promise: str) -> None:
        if not holds:
            self.broken.append(promise)


async def look(database: Database, crowd: Crowd) -> Findings:
    """Compare what was done with what was stored, owed and sent."""
    found = Findings(deeds=sum(len(deeds) for deeds in crowd.deeds.values()))
    async with database.reading() as session:
        updates = list((await session.exec(select(ReceivedUpdate).order_by(col(ReceivedUpdate.id)))).all())
        rows = list((await session.exec(select(Delivery).order_by(col(Delivery.id)))).all())
        of_person = (await session.exec(select(Question.id, Person.telegram_id, Question.text).join(Person))).all()
    _look_at_updates(found, crowd, updates)
    asked = {id: str(text) for id, _, text in of_person}
    texts = Counter((telegram_id, text) for _, telegram_id, text in of_person)
    asked_in_all = sum(deed.what.endswith("?") for deeds in crowd.deeds.values() for deed in deeds)
    found.expect(len(asked) == asked_in_all, f"as many questions kept as asked: {len(asked)} of {asked_in_all}")
    sent = crowd.sent()
    for person, deeds in crowd.deeds.items():
        questions = [deed.what for deed in deeds if deed.what.endswith("?")]
        found.expect(all(texts[person, text] == 1 for text in questions), f"{person}: each question kept once")
        replies = [row for row in rows if row.chat_id == person and row.lane == Lane.REPLY]
        owed = [crowd.answered(row.arguments, asked) for row in replies]
        found.expect(owed == [deed.what for deed in deeds], f"{person}: one reply owed to each deed, in order: {owed}")
        arrived = [crowd.answered(call.parameters, asked) for call in sent[person]]
        _look_at_sends(found, crowd, person, replies, list(zip(arrived, sent[person], strict=True)))
    found.refused = sum(call.method == "sendMessage" and not call.accepted for call in crowd.telegram.calls)
    return found


def _look_at_updates(found: Findings, crowd: Crowd, updates: Sequence[ReceivedUpdate]) -> None:
    states = Counter(update.state for update in updates)
    found.expect(set(states) == {UpdateState.FINISHED}, f"every update finished: {dict(states)}")
    stored = Counter(update.queue_key for update in updates)
    for person, deeds in crowd.deeds.items():
        found.expect(stored[person] == len(deeds), f"{person}: every update stored once")


def _look_at_sends(
    found: Findings, crowd: Crowd, person: int, rows: Sequence[Delivery], sends: Sequence[tuple[str, Call]]
) -> None:
    """Walk through the replies of a person in the order in which they were owed."""
    left = list(sends)
    for deed, row in zip(crowd.deeds[person], rows, strict=False):
        arrived: list[float] = []
        while left and left[0][0] == deed.what:  # no two deeds in a row are the same
            arrived.append(left.pop(0)[1].at)
        if arrived and deed.at >= crowd.began:
            found.waits.append(arrived[0] - deed.at)
        found.twice += 1 < len(arrived) <= 1 + row.unknowns
        found.doubled += len(arrived) > 1 + row.unknowns
        if not arrived and deed.what in [what for what, _ in left]:
            found.out_of_order += 1
        elif not arrived:
            found.lost += 1
    found.expect(not left, f"{person}: nothing sent that was not owed, and in order: {[what for what, _ in left]}")
