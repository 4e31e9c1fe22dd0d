"""What came of one opportunity, in figures: each a count of rows, so that none can drift."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, func, select

from db.models import Interest, InterestAnswer, Notice, NoticeState, Standing
from db.session import Session
from domain.opportunities import report, telling
from domain.opportunities.interest import WHYS
from domain.opportunities.notices import FURTHER
from domain.opportunities.outcomes import BANDS
from messages import Number, Sentence, say


@dataclass(frozen=True)
class Figures:
    """Of one opportunity; people who are erased stay counted."""

    reached: int = 0
    """Who were told of it."""
    waiting: int = 0
    """Who are to be told still."""
    interested: int = 0
    by_standing: Mapping[Standing, int] = field(default_factory=dict)
    declined: Mapping[str | None, int] = field(default_factory=dict)
    """By why, a key of WHYS; None: they did not say."""
    orders: Mapping[str, int] = field(default_factory=dict)
    """By band, of those who are interested."""

    @property
    def chosen(self) -> int:
        return self.by_standing.get(Standing.CHOSEN, 0)


async def of(session: Session, opportunity_id: int) -> Figures:
    """As they stand now."""
    is_named = col(Notice.reason).is_distinct_from(FURTHER)
    notices = await _counted(session, Notice.state, (col(Notice.opportunity_id) == opportunity_id) & is_named)
    theirs = col(Interest.opportunity_id) == opportunity_id
    interested = theirs & (col(Interest.answer) == InterestAnswer.INTERESTED)
    standings = await _counted(session, Interest.standing, interested)
    declined = await _counted(session, Interest.why, theirs & (col(Interest.answer) == InterestAnswer.DECLINED))
    orders = await _counted(session, Interest.orders, interested & col(Interest.orders).is_not(None))
    return Figures(
        reached=notices.get(NoticeState.TOLD, 0),
        waiting=notices.get(NoticeState.WAITING, 0) + notices.get(NoticeState.OWED, 0),
        interested=sum(standings.values()),
        by_standing=standings,
        declined=declined,
        orders={band: orders[band] for band in BANDS if band in orders},
    )


async def _counted(session: Session, by: Any, which: Any) -> dict[Any, int]:
    rows = (await session.exec(select(by, func.count()).where(which).group_by(by))).all()
    return {key: int(number) for key, number in rows}


def lines(figures: Figures) -> Iterator[Sentence]:
    """In words, for its officers."""
    yield say("interested.reached", number=Number(figures.reached), waiting=Number(figures.waiting))
    yield say("interested.interested", number=Number(figures.interested))
    for standing in Standing:
        if number := figures.by_standing.get(standing):
            yield say("interested.of_them", what=say(f"interest.standing_{standing.value}"), number=Number(number))
    if figures.declined:
        yield say("interested.declined", number=Number(sum(figures.declined.values())))
        for why in WHYS:
            if number := figures.declined.get(why):
                yield say("interested.of_them", what=telling.why_name(why), number=Number(number))
    if figures.orders:
        # As the report: of few no number is told, and none is no more than few.
        yield say("interested.orders")
        for band in BANDS:
            told = report.hidden(figures.orders.get(band, 0))
            yield say("interested.of_them", what=say(f"button.orders_{band}"), number=told)
