"""A small district in which everything happens to opportunities, with a reckoning of our own beside the database's."""

from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from db import outbox
from db.models import UNSETTLED, Consent, Delivery, DeliveryState, Lane, Notice, OpportunityKind, Person
from db.outbox import Owed, Settlement
from db.session import Database, Session
from domain import consent, people, profile
from domain.audit import TERMINAL
from domain.broadcasts import topics
from domain.errors import Refusal
from domain.opportunities import amending, composing, interest, mailing, marks, own, running, states, wishes
from domain.opportunities.matching import Seeker
from tests.support.opportunities import DISTRICT
from tests.support.opportunity_reckoning import (
    ARRIVES,
    BEGIN,
    CAP,
    HERE,
    LATE,
    MORE,
    MOST_NAMED,
    TITLE,
    WEEK,
    Message,
    Offer,
    Owner,
)

Pair = tuple[int, int]

FILE_EACH = 3
"""Of so many opportunities one has a picture."""


class World:
    """Does to the database what the bot does, and says where that differs from what was promised."""

    def __init__(self, database: Database, is_for: Callable[[Any, Seeker], bool]) -> None:
        self.database, self.is_for, self.now = database, is_for, BEGIN
        self.owners: dict[int, Owner] = {}
        self.offers: dict[int, Offer] = {}
        self.messages: list[Message] = []
        self.pending: dict[int, Message] = {}
        """By row of the outbox: what is owed and was not called yet."""
        self.given_up: set[Pair] = set()
        self.answered: set[Pair] = set()
        self.matched: set[Pair] = set()
        self.since: dict[Pair, datetime] = {}
        """Since when somebody is to hear of something."""
        self.walked_at = ""
        """The week in which all were last held against everything."""
        self.edits: set[int] = set()
        """Messages of which an edit is owed."""
        self.last_row = self.last_message = 0
        self.figures: dict[str, int] = defaultdict(int)
        """What happened how often: a script in which nothing happens proves nothing."""

    async def act(self, deed: Callable[[Session], Coroutine[Any, Any, Any]]) -> Any:
        """Do *deed*; a refusal undoes it, as a turn does."""
        try:
            async with self.database.transaction() as session:
                return await deed(session)
        except Refusal as refusal:
            self.figures[type(refusal).__name__] += 1
            return refusal

    # What people do.

    async def meet(self, **details: Any) -> None:
        number = 1_000 + len(self.owners)

        async def deed(session: Session) -> int:
            person = await people.recognise(session, number, "Warga", self.now)
            given = {"version": consent.VERSION, "language": "id", "given_at": self.now}
            session.add(Consent(person_id=person.id, **given))
            return person.id

        owner = Owner(await self.act(deed), number)
        self.owners[owner.id] = owner
        if details:
            await self.change_profile(owner, **details)

    async def change_profile(self, owner: Owner, **details: Any) -> None:
        renamed = {"home": "kecamatan"}
        answers = {renamed.get(name, name): value for name, value in details.items()}
        await self._of(owner, lambda session, person: profile.save(session, person, answers, self.now))
        for name, value in details.items():
            if name in {"nib", "halal", "pirt"}:
                owner.papers[name] = value
            else:
                setattr(owner, name, value)

    async def choose(self, owner: Owner, name: str, chosen: list[str] | None) -> None:
        await self._of(owner, lambda session, person: wishes.choose(session, person, name, chosen, DISTRICT, self.now))
        owner.wishes[name] = chosen

    async def choose_rhythm(self, owner: Owner, rhythm: str) -> None:
        await self._of(owner, lambda session, person: wishes.choose_rhythm(session, person, rhythm, self.now))
        owner.is_redated |= owner.rhythm != rhythm
        owner.rhythm = rhythm

    async def choose_quiet(self, owner: Owner, hours: tuple[str, str] | None) -> None:
        chosen = await self._of(owner, lambda session, person: wishes.choose_quiet(session, person, hours, self.now))
        if not isinstance(chosen, Refusal):
            owner.quiet, owner.eased_at = hours or ("21.00", "06.00"), self.now

    async def mute(self, owner: Owner, *, everything: bool) -> None:
        topic = topics.EVERYTHING if everything else "pasar"
        await self._of(owner, lambda session, person: topics.mute(session, person, [topic], self.now))
        owner.muted.add(topic)

    async def unmute(self, owner: Owner) -> None:
        await self._of(owner, lambda session, person: topics.hear(session, person, ["pasar"], self.now))
        owner.muted = set()

    async def come_back(self, owner: Owner) -> None:
        await self.act(lambda session: people.recognise(session, owner.telegram_id, "Warga", self.now))
        owner.has_blocked, owner.is_reachable = False, True

    async def answer(self, owner: Owner, offer: Offer, *, is_interested: bool) -> None:
        async def deed(session: Session, person: Person) -> None:
            say = interest.express if is_interested else interest.decline
            await say(session, person, await session.get_one(composing.Opportunity, offer.id), self.now)

        if not isinstance(await self._of(owner, deed, changes=False), Refusal):
            self.answered.add((owner.id, offer.id))

    async def _of(self, owner: Owner, deed: Callable[..., Any], *, changes: bool = True) -> Any:
        async def done(session: Session) -> Any:
            return await deed(session, await session.get_one(Person, owner.id))

        found = await self.act(done)
        owner.is_dirty |= changes
        if changes and any(one.owner is owner for one in self.pending.values()):
            owner.called_back_at = self.now
        return found

    # What the office does.

    async def make(self, **details: Any) -> Offer | None:
        number = len(self.offers) + 1
        given = {"kind": OpportunityKind.BUYER, "sought": "Camilan.", "source": "Toko", **details}
        given["title"] = f"Peluang {number:05}"
        if number % FILE_EACH == 0:
            # Each second has words that go after it.
            given["file"] = {"kind": "photo", "file_id": f"file {number}"}
            given["sought"] = "kain " * (230 if number % (2 * FILE_EACH) == 0 else 1)
        row = await self.act(
            lambda session: composing.make(session, "disperindag", given, TERMINAL, DISTRICT, self.now)
        )
        if isinstance(row, Refusal):
            return None
        assert row.id == number
        return self.offers.setdefault(row.id, Offer(row, "draft", was_urgent=row.is_urgent))

    async def publish(self, offer: Offer) -> None:
        if not await self._to(offer, lambda s, one: composing.publish(s, one, TERMINAL, self.now)):
            offer.state, offer.must_walk = "open", True

    async def schedule(self, offer: Offer, at: datetime) -> None:
        if not await self._to(offer, lambda s, one: composing.schedule(s, one, at, TERMINAL, self.now)):
            offer.state, offer.publish_at = "scheduled", at

    async def change(self, offer: Offer, **details: Any) -> None:
        was_open, before = offer.state == "open", offer.row
        if not await self._to(offer, lambda s, one: composing.change(s, one, details, TERMINAL, DISTRICT, self.now)):
            changed = {name for name, value in details.items() if getattr(before, name) != value}
            # Urgency is for those who are told anyway.
            offer.was_urgent |= offer.row.is_urgent
            offer.must_walk |= was_open and bool(changed - {"is_urgent"})
            if was_open and changed:
                self._outdate(offer)

    async def end(self, offer: Offer, *, is_withdrawn: bool) -> None:
        verb = composing.withdraw if is_withdrawn else composing.close
        if not await self._to(offer, lambda s, one: verb(s, one, "batal", TERMINAL, self.now)):
            offer.state = "withdrawn" if is_withdrawn else "closed"
            self._outdate(offer)

    async def _to(self, offer: Offer, deed: Callable[..., Any]) -> bool:
        """Whether it was refused."""

        async def done(session: Session) -> Any:
            one = await states.lock(session, offer.id)
            await deed(session, one)
            return one

        found = await self.act(done)
        if isinstance(found, Refusal):
            return True
        offer.row = found
        return False

    def _outdate(self, offer: Offer) -> None:
        for message in self.messages:
            if offer.id in message.offers and message.message_id is not None:
                message.is_stale = True
        for message in self.pending.values():
            if offer.id in message.offers:
                message.owner.eased_at = self.now

    # What the bot does by itself.

    async def work(self) -> None:
        """Until nothing is to be done at this moment."""
        self._follow_clock()
        for message in self.messages:
            if message.is_lost:
                # Nobody knows since when it is there, so it counts from when that is known.
                message.at, message.is_lost = self.now, False
        await self.act(lambda session: running.walk_daily(session, DISTRICT, self.now))
        for _ in range(300):
            async with self.database.reading() as session:
                is_due = await running.is_due(session, self.now)
            found = await self.act(lambda session: running.advance(session, DISTRICT, self.now))
            assert found <= is_due, "there was something to do, and nobody would have looked"
            await self._look_at_the_outbox()
            if not found:
                break
        else:
            raise AssertionError("it never comes to rest")
        for owner in self.owners.values():
            if owner.is_reachable and not owner.is_quiet(self.now):
                owner.looked_at = self.now
        self._reckon()
        self._check()

    def _follow_clock(self) -> None:
        for offer in self.offers.values():
            if offer.state == "open" and offer.row.deadline <= self.now:
                offer.state = "closed"
            if offer.state == "scheduled" and offer.publish_at and offer.publish_at <= self.now:
                offer.state = "open" if offer.row.deadline and offer.row.deadline > self.now else "draft"
                offer.must_walk = offer.state == "open"

    async def _look_at_the_outbox(self) -> None:
        """Hold what is owed newly against what was promised, and forget what was taken back."""
        async with self.database.reading() as session:
            unsettled = select(Delivery).where(Delivery.lane == Lane.BULK, col(Delivery.state).in_(UNSETTLED))
            rows = {row.id: row for row in (await session.exec(unsettled.order_by(col(Delivery.id)))).all()}
        self.pending = {id: message for id, message in self.pending.items() if id in rows}
        self.edits = {row.arguments["message_id"] for row in rows.values() if row.edits is not None}
        for id, row in rows.items():
            if id <= self.last_row:
                continue
            self.last_row = id
            if row.verb == mailing.MAILED:
                message = await self._read(row)
                self.check_message(message, when="owed")
                self.pending[id] = message

    async def _read(self, row: Any) -> Message:
        owner, text = self.owners[row.person_id], row.arguments.get("text") or row.arguments["caption"]
        self.figures["with a file"] += row.method == "send_photo" or row.after_id is not None
        async with self.database.reading() as session:
            theirs = select(Notice.opportunity_id).where(Notice.mail_id == row.verb_arguments["mail"])
            told = frozenset((await session.exec(theirs)).all())
        named, more = {int(number) for number in TITLE.findall(text)}, MORE.search(text)
        assert named
        assert named <= told
        assert len(told) == len(named) + (int(more[1]) if more else 0)
        assert len(named) == min(len(told), MOST_NAMED)
        # What ends first is what it names.
        left_out = [self._place(id) for id in told - named]
        assert not left_out or max(self._place(id) for id in named) < min(left_out)
        self.figures["counted only"] += len(left_out)
        return Message(owner, told, any(not self.offers[id].row.is_urgent for id in told), self.now)

    def _place(self, id: int) -> tuple[bool, datetime, int]:
        row = self.offers[id].row
        return not row.is_urgent, row.deadline, id

    def _comes_by_rhythm(self, message: Message) -> bool:
        """Whether it goes out with a digest of theirs, or with what is urgent, or after something else held it back."""
        owner = message.owner
        if owner.rhythm == "at_once" or all(self.offers[id].was_urgent for id in message.offers):
            return True
        digest, room_at = owner.digest_before(self.now), self._room_at(owner)
        # In the hour of the digest it may have waited for the week to have room.
        begins = room_at if room_at and digest <= room_at <= owner.goes_out(digest) + LATE else digest
        return owner.looked_at < begins or max(owner.eased_at, owner.called_back_at) >= digest

    def _room_at(self, owner: Owner) -> datetime | None:
        """Since when the cap holds nothing of theirs back; None: it never did."""
        theirs = [one for one in [*self.messages, *self.pending.values()] if one.owner is owner and one.counts]
        return sorted(one.at for one in theirs)[-CAP] + WEEK if len(theirs) >= CAP else None

    def check_message(self, message: Message, when: str) -> None:
        """That somebody may get it at this moment."""
        owner, said = message.owner, f"{when} to {message.owner} at {self.now}"
        # Who changed a moment ago may still get what was on its way.
        is_on_its_way = owner.is_dirty and when == "sent"
        assert is_on_its_way or not owner.is_quiet(self.now), f"in quiet hours: {said}"
        others = [one for id, one in self.pending.items() if one is not message and when == "owed"]
        for id in message.offers:
            offer = self.offers[id]
            assert offer.is_open(self.now), f"{offer} is over: {said}"
            assert is_on_its_way or owner.wants, f"stopped: {said}"
            assert is_on_its_way or self.is_for(offer.row, owner.seeker()), f"{offer} does not fit: {said}"
            twice = [one for one in [*self.messages, *others] if one.owner is owner and id in one.offers]
            assert not twice, f"{offer} twice: {said}"
            assert when == "sent" or (owner.id, id) not in self.answered, f"{offer} was answered: {said}"
        if message.counts:
            assert when == "sent" or self._comes_by_rhythm(message), f"beside their digest: {said}"
            week = [one for one in self.messages if one.owner is owner and one.counts and one.at > self.now - WEEK]
            owed = [one for one in others if one.owner is owner and one.counts]
            assert len(week) + len(owed) < CAP, f"beyond the cap: {said}"
        self.figures["owed" if when == "owed" else "arrived"] += 1

    # What Telegram does.

    async def deliver(self, outcomes: Iterator[str]) -> None:
        """Call Telegram for all that is owed, as the deliverer does; what becomes of each is drawn from *outcomes*."""
        await self._look_at_the_outbox()

        async def deed(session: Session) -> list[tuple[Owed, str]]:
            claimed = await outbox.claim(session, "test", 50, [Lane.BULK])
            # A picture before its words comes, so that these are what is drawn for.
            drawn = ("sent" if owed.method == "send_photo" and not owed.verb else next(outcomes) for owed in claimed)
            return [
                (owed, await self._call(session, owed, outcome)) for owed, outcome in zip(claimed, drawn, strict=True)
            ]

        while called := await self.act(deed):
            if any(outcome == "lost" for _, outcome in called):
                await self.act(lambda session: outbox.recover(session, everything=True))
            await self._look_at_the_outbox()

    async def _call(self, session: Session, owed: Owed, outcome: str) -> str:
        owner = self.owners[owed.person_id or 0]
        message = self.pending.pop(owed.id, None)
        message_ids = None
        is_late = owed.expires_at is not None and self.now >= owed.expires_at
        if is_late and not await outbox.follows(session, owed.id):
            outcome, state = "late", DeliveryState.SKIPPED
        elif owner.has_blocked:
            outcome, state = "blocked", DeliveryState.FAILED
        elif message is None:
            outcome, state = "edited" if owed.edits else "news", DeliveryState.SENT
            self._edited(owner, owed.arguments.get("message_id"))
        else:
            state = {
                "sent": DeliveryState.SENT,
                "uncertain": DeliveryState.UNCERTAIN,
                "failed": DeliveryState.FAILED,
                "lost": DeliveryState.SENDING,
            }[outcome]
            if outcome == "sent":
                self.last_message += 1
                message_ids = [self.last_message]
        self.figures[outcome] += 1
        if message is not None:
            self._settle(message, outcome, message_ids)
        if outcome == "lost":
            return outcome
        settlement = Settlement(owed, state, outcome, message_ids)
        assert await outbox.settle(session, [settlement]) == [True]
        if outcome == "blocked":
            await people.mark_unreachable(session, owner.id, "blocked")
            owner.is_reachable, owner.eased_at = False, self.now
        if owed.verb:
            hears = {mailing.MAILED: mailing.mailed, marks.OWN_TOLD: own.told, marks.EDITED: amending.edited}
            await hears[owed.verb](session, owed.verb_arguments or {}, settlement, self.now)
        return outcome

    def _settle(self, message: Message, outcome: str, message_ids: list[int] | None) -> None:
        if outcome in ARRIVES:
            id = message_ids[0] if message_ids else None
            arrived = replace(message, at=self.now, message_id=id, is_lost=outcome == "lost")
            self.check_message(arrived, when="sent")
            self.messages.append(arrived)
            return
        message.owner.eased_at = self.now
        if outcome == "failed":
            self.given_up |= {(message.owner.id, id) for id in message.offers}

    def _edited(self, owner: Owner, message_id: int | None) -> None:
        """*message_id*: None where it was no edit."""
        for message in self.messages if message_id else ():
            if message.owner is owner and message.message_id == message_id:
                message.is_stale = False

    # That nobody is left out.

    def _reckon(self) -> None:
        """Who is to hear of what, and since when."""
        monday = self.now.astimezone(HERE) - timedelta(hours=7)
        week = (monday.date() - timedelta(days=monday.weekday())).isoformat()
        is_weekly, self.walked_at = week != self.walked_at, week
        for owner in self.owners.values():
            for offer in self.offers.values():
                pair = owner.id, offer.id
                if is_weekly or owner.is_dirty or offer.must_walk:
                    self.matched.add(pair)
                is_wanted = owner.wants and offer.is_open(self.now) and self.is_for(offer.row, owner.seeker())
                if is_wanted and pair in self.matched:
                    # What they are to hear of comes by the new rhythm, counted from now.
                    self.since[pair] = self.now if owner.is_redated else self.since.get(pair, self.now)
                else:
                    self.since.pop(pair, None)
        for owner in self.owners.values():
            owner.is_dirty = owner.is_redated = False
        for offer in self.offers.values():
            offer.must_walk = False

    def _check(self) -> None:
        told = {(one.owner.id, id) for one in [*self.messages, *self.pending.values()] for id in one.offers}
        for (owner_id, offer_id), since in self.since.items():
            owner, offer = self.owners[owner_id], self.offers[offer_id]
            if (owner_id, offer_id) in told | self.given_up | self.answered or not owner.is_reachable:
                continue
            assert self._waits(owner, offer, since), f"{owner} is left out of {offer} since {since}, at {self.now}"
            self.figures["held back"] += 1
        stale = {one.message_id for one in self.messages if one.is_stale and one.owner.is_reachable}
        assert stale <= self.edits, "somebody reads what is not so any more"

    def _waits(self, owner: Owner, offer: Offer, since: datetime) -> bool:
        """Whether somebody has yet to wait for it."""
        if owner.is_quiet(self.now):
            return True
        if offer.row.is_urgent:
            return False
        room_at = self._room_at(owner)
        if room_at is not None and owner.with_digest(room_at) > self.now:
            return True
        # What held them back and went away otherwise than by time lets them wait for the next digest, or for the hour
        # at which their quiet hours would have ended.
        if owner.rhythm != "at_once" and owner.digest_after(owner.eased_at) > self.now:
            return True
        return owner.digest_after(since) > self.now
