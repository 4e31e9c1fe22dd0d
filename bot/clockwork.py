"""What the clock asks of the domain each minute; what is due stands in rows, so that it happens once."""

from collections.abc import Awaitable, Callable

from db.session import Session
from domain import digest, inquiries, staff_groups
from domain.opportunities import news
from domain.opportunities import reminders as deadlines
from domain.opportunities import running as opportunities
from domain.trainings import clockwork as trainings
from handlers.turn import House

Deed = Callable[[Session, House], Awaitable[None]]


async def send_digests(session: Session, house: House) -> None:
    """To officers, in the morning."""
    await digest.send_due(session, house.district, house.now())


async def tend_inquiries(session: Session, house: House) -> None:
    """Where each stands, who must be reminded, and which talk is over."""
    await staff_groups.give_up_left(session, house.district, house.now())
    await inquiries.tend(session, house.district, house.now())


async def end_offers(session: Session, house: House) -> None:
    """Of seats that were not taken in time; the next in line hears of them."""
    await trainings.end_offers(session, house.district, house.now())


async def offer_free_seats(session: Session, house: House) -> None:
    """That nobody was offered yet."""
    # Not together with the deed above: each locks trainings in their order, and both together would not.
    await trainings.offer_free(session, house.district, house.now())


async def follow_trainings(session: Session, house: House) -> None:
    """Which begin, and which are over."""
    await trainings.follow_time(session, house.district, house.now())


async def remind(session: Session, house: House) -> None:
    """Of trainings that come."""
    await trainings.remind(session, house.district, house.now())


async def send_links(session: Session, house: House) -> None:
    """Of trainings by internet that begin within the hour."""
    await trainings.send_links(session, house.district, house.now())


async def look_at_everybody(session: Session, house: House) -> None:
    """Before the digests, so that nobody is left out of them."""
    await opportunities.walk_daily(session, house.district, house.now())


async def remind_of_deadlines(session: Session, house: House) -> None:
    """Of opportunities, whoever is interested."""
    await deadlines.remind(session, house.district, house.now())


async def tell_news(session: Session, house: House) -> None:
    """Of an opportunity, whoever is interested and slept when there was some."""
    await news.tell_waiting(session, house.district, house.now())


async def tell_ends(session: Session, house: House) -> None:
    """Of opportunities, whoever is interested."""
    await deadlines.tell_ends(session, house.district, house.now())


async def ask_orders(session: Session, house: House) -> None:
    """What came of an opportunity for whoever was passed on."""
    await deadlines.ask_orders(session, house.district, house.now())


DEEDS: tuple[Deed, ...] = (
    send_digests,
    tend_inquiries,
    end_offers,
    offer_free_seats,
    follow_trainings,
    remind,
    send_links,
    look_at_everybody,
    remind_of_deadlines,
    tell_news,
    tell_ends,
    ask_orders,
)
"""Each in a transaction of its own, by the leader only."""
