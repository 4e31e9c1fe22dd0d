"""What came of an office's opportunities, in words; and how files of it call things."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from db.session import Session
from domain.district import District
from domain.opportunities import figures_over_time, kinds
from domain.opportunities.figures_over_time import FEW, Counts, Figures
from domain.opportunities.periods import Asked
from messages import Date, Number, Sentence, say

LINES = 8
"""Of each list in a message; the rest stands in the file."""

Shown = Sentence | Number | str
"""What fills a blank."""


async def figures_of(session: Session, asked: Asked, district: District) -> Figures:
    """What is *asked* for."""
    return await figures_over_time.of(session, asked.offices(district), asked.period, district)


def words(figures: Figures, asked: Asked, district: District, now: datetime) -> Sentence:
    """All of it that a message holds."""
    about = {"period": asked.period.name(), "office": office_name(asked, district), "date": today(district, now)}
    if not figures.total:
        return say("report.empty", **about)
    return say("report.words", **about, lines=tuple(_lines(figures, asked, district)))


def _lines(figures: Figures, asked: Asked, district: District) -> Iterator[Sentence | str]:
    total = figures.total
    yield say("report.published", number=Number(total.published))
    yield say("report.reached", number=Number(total.reached))
    yield say("report.interested", number=Number(total.interested))
    yield say("report.chosen", number=Number(total.chosen))
    yield from _orders(figures)
    if asked.place == 0 and len(figures.by_office) > 1:
        offices = ((_short_name(key, district), counts) for key, counts in figures.by_office)
        yield from _listed(say("report.by_office"), offices)
    yield from _listed(
        say("report.by_product"), ((product_name(key, district), one) for key, one in figures.by_product)
    )
    yield from _listed(say("report.by_market"), ((market_name(key, district), one) for key, one in figures.by_market))
    yield from ("", say("report.by_month"))
    yield from _months(figures.by_month)


def _orders(figures: Figures) -> Iterator[Sentence]:
    if not any(figures.bands.values()):
        yield say("report.no_orders")
        return
    yield say("report.orders")
    told = {band: number for band, number in figures.bands.items() if number >= FEW}
    for band, number in told.items():
        yield say("report.band", band=band_name(band), number=hidden(number))
    if len(told) < len(figures.bands):
        yield say("report.other_bands" if told else "report.all_bands", number=few(1))


def _listed(head: Sentence, each: Iterable[tuple[Shown, Counts]]) -> Iterator[Sentence | str]:
    found = list(each)
    yield from ("", head)
    for name, one in found[:LINES]:
        yield say("report.line", name=name, published=Number(one.published), interested=Number(one.interested))
    if (more := len(found) - LINES) > 0:
        yield say("report.more", number=Number(more))


def _months(each: Sequence[tuple[date, Counts]]) -> Iterator[Sentence]:
    """A line for each; months without anything stand together."""
    for is_empty, some in groupby(each, lambda one: not one[1]):
        months = list(some)
        if not is_empty:
            yield from (_month(*one) for one in months)
            continue
        first, last = (Date(f"{month:%Y-%m}") for month in (months[0][0], months[-1][0]))
        span = first if len(months) == 1 else say("report.months", first=first, last=last)
        yield say("report.month_empty", month=span)


def _month(first: date, one: Counts) -> Sentence:
    numbers = {"published": Number(one.published), "interested": Number(one.interested)}
    return say("report.month", month=Date(f"{first:%Y-%m}"), **numbers, ordered=few(one.ordered))


# How things are called.


def few(number: int) -> Shown:
    """How many people had an order: none, or many enough that nobody is meant, or that there are few."""
    return Number(number) if number == 0 or number >= FEW else say("report.few", most=Number(FEW))


def hidden(number: int) -> Shown:
    """How many told of one band: none is no more than few, since who is left out could be reckoned otherwise."""
    return Number(number) if number >= FEW else say("report.few", most=Number(FEW))


def band_name(band: str) -> Sentence:
    """What came of it, as it is said in a list."""
    return say(f"report.band_{band}")


def product_name(key: str | None, district: District) -> Shown:
    """A sector's name; None: those for every product."""
    return kinds.products_name(None if key is None else [key], district)


def market_name(market: str, district: District) -> Shown:
    """As it stands at the beginning of a line."""
    return say("report.market_home") if market == kinds.HOME else kinds.market_name(market, district)


def office_name(asked: Asked, district: District) -> Sentence | str:
    """Whose figures they are."""
    names = [_short_name(key, district) for key in asked.offices(district)]
    return names[0] if asked.place and names else say("report.all_offices")


def _short_name(key: str, district: District) -> str:
    office = district.office(key)
    return office.short_name if office else key


def today(district: District, now: datetime) -> Date:
    """The day whose state they show."""
    return Date(f"{now.astimezone(ZoneInfo(district.timezone)):%Y-%m-%d}")
