"""What somebody may do: an update goes through the whole routing table, in a transaction that is then undone.

So each attempt finds the same house, whatever was attempted before it.
"""

import itertools
import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import col, select
from telegram import Update

from bot.app import App
from db.models import (
    AuditEntry,
    Broadcast,
    BroadcastState,
    Delivery,
    Draft,
    Feed,
    GroupChat,
    GroupState,
    HoaxReport,
    Inquiry,
    InquiryState,
    Officer,
    OpenedInvitation,
    Outlet,
    Person,
    Question,
    RegisteredBusiness,
    Relay,
    Role,
    SavedReply,
    Seat,
    SeatState,
    StaffGroup,
    Training,
    TrainingDay,
    TrainingState,
)
from db.session import Session
from domain import people
from domain.errors import NotForYou, Refusal, StaleButton
from handlers.turn import begin, current_turn
from messages import say
from tests.support.composed import put_composed
from tests.support.hall import fill_hall
from tests.support.interests import put_interested, put_passed_on
from tests.support.opportunity_rows import put_interest, put_offered
from tests.support.opportunity_states import put_opportunities
from tests.support.repeating import put_dates
from tests.support.sent_broadcasts import fill_broadcasts

NOW = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Lamongan."""

STAFF, GROUP = -700, -800
"""The group in which Diskopum works, and one in which nobody does."""

CHANNEL = -(10**13)
"""In which Diskopum announces."""

CHATS = {
    "staff": {"id": STAFF, "type": "group", "title": "Petugas"},
    "group": {"id": GROUP, "type": "group", "title": "W"},
}

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Who:
    """Somebody who tries."""

    name: str
    telegram_id: int
    role: Role | None = None
    office: str = ""
    is_known: bool = True


STRANGER = Who("stranger", 900, is_known=False)
PERSON = Who("person", 110)
READER = Who("reader", 120, Role.READER, "diskopum")
OTHER = Who("other office", 130, Role.OFFICER, "disperindag")
OFFICER = Who("officer", 140, Role.OFFICER, "diskopum")
ADMIN = Who("admin", 150, Role.ADMIN)

EVERYBODY = (STRANGER, PERSON, READER, OTHER, OFFICER, ADMIN)


@dataclass(frozen=True)
class Attempt:
    """A command or a tap, and where: "private", "staff" or "group". Blanks in braces are filled from the house."""

    text: str
    where: str = "private"
    is_command: bool = False
    replies_to: str | None = None
    """What the bot's message says that is replied to."""
    state: str = ""
    """The step they are in, as JSON, its blanks in angle brackets."""

    def filled(self, blanks: dict[str, Any]) -> "Attempt":
        replied = self.replies_to.format(**blanks) if self.replies_to else None
        state = re.sub(r"<(\w+)>", lambda blank: str(blanks[blank[1]]), self.state)
        return replace(self, text=self.text.format(**blanks), replies_to=replied, state=state)


Said = list[tuple[str, int, dict[str, Any]]]
"""Method, chat and arguments of each call that is owed."""


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    refusal: Refusal | None
    said: Said
    deeds: list[str]
    """As the audit names them."""

    @property
    def is_stale(self) -> bool:
        """As if there were no such button."""
        words = [arguments.get("text") for _, _, arguments in self.said]
        return isinstance(self.refusal, NotForYou | StaleButton) or say("tap.stale").in_language("id") in words


@dataclass(frozen=True)
class House:
    """A database with officers, a person's open questions, and what each role has of its own."""

    app: App
    ids: dict[Who, int]
    blanks: dict[str, Any]
    own: dict[Who, dict[str, Any]]
    known: dict[tuple[Who, Attempt], Said] = field(default_factory=dict)
    """What was said before."""

    async def attempt(self, who: Who, what: Attempt) -> Outcome:
        """What comes of *what* when *who* does it; nothing of it stays."""
        what = what.filled(self.blanks | {"me": self.ids.get(who, 0)} | self.own.get(who, {}))
        update = Update.de_json(_update(who, what), self.app.application.bot)
        try:
            async with self.app.database.transaction() as session:
                raise Undone(await self._take_turn(session, update, what.state))
        except Undone as undone:
            return undone.outcome

    async def _take_turn(self, session: Session, update: Update, state: str) -> Outcome:
        turn = await begin(session, update, self.app.house)
        assert turn
        if state:
            conversation = await people.conversation_of(session, turn.person)
            conversation.state = {"at": NOW.isoformat(), "after": 0, **json.loads(state)}
        current_turn.set(turn)
        await self.app.application.process_update(update)
        if turn.failure and not isinstance(turn.failure, Refusal):
            raise turn.failure
        await session.flush()
        # Beside them there are none: `furnish` owes and records nothing, and every attempt is undone.
        owed = (await session.exec(select(Delivery).order_by(col(Delivery.id)))).all()
        done = (await session.exec(select(AuditEntry.deed))).all()
        said = [(row.method, row.chat_id, row.arguments) for row in owed]
        return Outcome(turn.failure, said, list(done))


class Undone(Exception):
    """Takes the attempt back."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def _update(who: Who, what: Attempt) -> dict[str, Any]:
    user = {"id": who.telegram_id, "is_bot": False, "first_name": who.name, "language_code": "id"}
    chat = CHATS.get(what.where, {"id": who.telegram_id, "type": "private", "first_name": who.name})
    head = {"date": int(NOW.timestamp()), "chat": chat}
    bot = {"id": 1000, "is_bot": True, "first_name": "Demo", "username": "demo_bot"}
    number = next(_numbers)
    if not what.is_command:
        shown = {**head, "message_id": 50, "from": bot, "text": "Tombol"}
        tap = {"id": str(number), "from": user, "chat_instance": "1", "message": shown, "data": what.text}
        return {"update_id": number, "callback_query": tap}
    length = len(what.text.split()[0])
    message = {**head, "message_id": 60, "from": user, "text": what.text}
    message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    if what.replies_to:
        message["reply_to_message"] = {**head, "message_id": 55, "from": bot, "text": what.replies_to}
    return {"update_id": number, "message": message}


# Furnishing.


async def furnish(app: App) -> House:
    """Put everybody into the database, and what they may try their hands on."""
    async with app.database.transaction() as session:
        people = {who: _person(who.telegram_id, who.name) for who in EVERYBODY if who.is_known}
        asker, other_asker, served = _person(101, "Sari"), _person(102, "Budi"), _person(160, "Tono")
        session.add_all([*people.values(), asker, other_asker, served])
        await session.flush()
        session.add_all(
            Officer(person_id=people[who].id, role=who.role, office=who.office, appointed_at=NOW)
            for who in people
            if who.role
        )
        session.add(Officer(person_id=served.id, role=Role.ADMIN, appointed_at=NOW))
        session.add_all(
            GroupChat(telegram_id=id, title="x", state=GroupState.MEMBER, changed_at=NOW) for id in (STAFF, GROUP)
        )
        session.add(StaffGroup(office="diskopum", chat_id=STAFF, bound_at=NOW))
        session.add(Outlet(chat_id=CHANNEL, office="diskopum", title="Kabar", is_channel=True, bound_at=NOW))
        saved = SavedReply(office="diskopum", title="Salam", text="Halo", made_at=NOW)
        feed = Feed(office="diskopum", url="https://kabar.example/feed", made_at=NOW, next_at=NOW)
        session.add_all([saved, feed])
        reported = await _reported(session, asker)
        hall = await fill_hall(session, NOW) | await put_dates(session, NOW) | await fill_broadcasts(session, NOW)
        hall |= await put_interested(session, NOW)
        trainings = [await _training(session, days) for days in (20, 30, 40)]
        theirs = await _belongings(session, asker, trainings)
        composed = await put_composed(session, served, NOW) | await put_opportunities(session, NOW)
        offered = await put_offered(session, NOW)
        for one in (asker, *people.values()):
            await put_interest(session, one, offered["wanted"], NOW)
        closed = _inquiry(other_asker, "diskopum", InquiryState.CLOSED)
        session.add(closed)
        await session.flush()
        session.add(Relay(inquiry_id=closed.id, is_answer=False, text="halo", chat_id=102, written_at=NOW))
        photo = Relay(
            inquiry_id=theirs["inquiry"],
            is_answer=False,
            kind="photo",
            file_id="x",
            chat_id=101,
            message_id=9,
            written_at=NOW,
        )
        session.add(photo)
        await session.flush()
        own = {
            who: {f"own_{name}": id for name, id in (await _belongings(session, one, trainings)).items()}
            for who, one in people.items()
        }
        nothing = dict.fromkeys(own[PERSON], 0)
    blanks = {
        **nothing,
        **theirs,
        **hall,
        **composed,
        **offered,
        "saved": saved.id,
        "feed": feed.id,
        "outlet": CHANNEL,
        "closed": closed.id,
        "photo": photo.id,
        "reported": reported.id,
        "served": served.id,
        "asker": asker.id,
        "training": trainings[0].id,
        "other_date": trainings[2].id,
    }
    return House(app, {who: one.id for who, one in people.items()}, blanks, own)


def _person(telegram_id: int, name: str) -> Person:
    return Person(telegram_id=telegram_id, name=name, met_at=datetime(2026, 11, 1, tzinfo=UTC), last_wrote_at=NOW)


def _inquiry(person: Person, office: str, state: InquiryState) -> Inquiry:
    is_closed = state is InquiryState.CLOSED
    return Inquiry(
        person_id=person.id,
        office=office,
        state=state,
        opened_at=NOW,
        promised_at=NOW,
        waits_since=NOW if state is InquiryState.WAITING else None,
        closed_at=NOW if is_closed else None,
        closed_by="officer" if is_closed else None,
    )


async def _reported(session: Session, person: Person) -> HoaxReport:
    """A message made of an announcement of Diskopum's, which somebody has reported."""
    given = {"office": "diskopum", "topic": "umum", "made_at": NOW, "changed_at": NOW}
    ours = Broadcast(**given, content={"html": "Pameran"}, state=BroadcastState.FINISHED, code="23456-789AB")
    session.add(ours)
    await session.flush()
    report = HoaxReport(
        person_id=person.id, broadcast_id=ours.id, fingerprint="x", text="Pameran palsu", reported_at=NOW
    )
    session.add(report)
    await session.flush()
    return report


async def _training(session: Session, days: int) -> Training:
    """One of Diskopum, in so many *days*, with room for everybody."""
    starts_at, ends_at = NOW + timedelta(days=days), NOW + timedelta(days=days, hours=4)
    training = Training(
        office="diskopum",
        title="Kemasan",
        description="Belajar mengemas",
        place="MPP",
        latitude=-7.1,
        longitude=112.4,
        seats=50,
        state=TrainingState.OPEN,
        starts_at=starts_at,
        ends_at=ends_at,
        made_at=NOW,
        changed_at=NOW,
    )
    session.add(training)
    await session.flush()
    session.add(TrainingDay(training_id=training.id, starts_at=starts_at, ends_at=ends_at))
    return training


async def _seats(session: Session, person: Person, trainings: list[Training]) -> dict[str, int]:
    """A confirmed one in the first training, an offered one in the second."""
    seat, held = (
        Seat(training_id=one.id, person_id=person.id, state=state, registered_at=NOW, changed_at=NOW)
        for one, state in ((trainings[0], SeatState.CONFIRMED), (trainings[1], SeatState.HELD))
    )
    seat.number, seat.code = person.id, f"AB{person.id:04}"
    held.line, held.offer, held.offer_until = person.id, 1, NOW + timedelta(days=1)
    session.add_all([seat, held])
    await session.flush()
    return {"seat": seat.id, "held": held.id}


async def _belongings(session: Session, person: Person, trainings: list[Training]) -> dict[str, int]:
    """What a person has who asked, asked officers, began a form, opened a letter and comes to a training; our ids."""
    question = Question(
        person_id=person.id, text="cara bikin NIB", outcome="guesses", suggestions=["P05"], asked_at=NOW
    )
    inquiry = _inquiry(person, "diskopum", InquiryState.WAITING)
    talk = _inquiry(person, "disperindag", InquiryState.TALKING)
    session.add_all([question, inquiry, talk])
    session.add(Draft(person_id=person.id, form="profile", asks=["sector", "kecamatan"], at="sector", changed_at=NOW))
    await session.flush()
    for asked in (inquiry, talk):
        session.add(
            Relay(
                inquiry_id=asked.id, is_answer=False, text="cara bikin NIB", chat_id=person.telegram_id, written_at=NOW
            )
        )
    letter = f"letter of {person.id}"
    business = RegisteredBusiness(name="Batik", token_hash=letter, until=NOW.date(), imported_at=NOW)
    session.add(business)
    await session.flush()
    opened = OpenedInvitation(business_id=business.id, person_id=person.id, token_hash=letter, opened_at=NOW)
    session.add(opened)
    seats = await _seats(session, person, trainings)
    channel = -(10**12) - person.id
    asked = {"office": "", "title": "Kabar", "is_channel": True, "bound_by": person.id, "bound_at": NOW}
    session.add(Outlet(chat_id=channel, **asked))
    seats["channel"], seats["interest"] = channel, await put_passed_on(session, person, NOW)
    return {"question": question.id, "inquiry": inquiry.id, "talk": talk.id, "business": business.id, **seats}


__all__ = [
    "ADMIN",
    "EVERYBODY",
    "OFFICER",
    "OTHER",
    "PERSON",
    "READER",
    "STRANGER",
    "Attempt",
    "House",
    "Outcome",
    "Said",
    "Who",
    "furnish",
]
