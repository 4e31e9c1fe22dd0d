"""A broadcast as it will look, shown to who composes or approves it: the very calls that will send it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from db.models import Broadcast, Delivery, DeliveryState, Person, Profile
from db.outbox import Settlement
from db.session import Session
from domain import post, staff
from domain.broadcasts import drafts, reasons
from domain.broadcasts.audience import audience_of
from domain.broadcasts.content import PIN, Frame, arguments_of, content_of, steps
from domain.broadcasts.sending import Press
from domain.district import District
from domain.post import Group, Note
from messages import FIRST_LANGUAGE, LANGUAGES, Button, Buttons, Sentence, say

CODE = "CONTOH"
"""In place of a code: what carries it was sent to nobody."""

SENT = "broadcast.sample_sent"
"""The verb that hears what became of a sample's messages: pins it, and says what is seen there or why it is not."""

PUBLIC = "public"
"""In place of a language: as channels and groups get it."""


@dataclass(frozen=True)
class Closing:
    """What the officer who asked for a sample is told below it."""

    person: int
    broadcast: int
    kind: str
    """preview, me or group."""
    language: str = FIRST_LANGUAGE


@dataclass(frozen=True)
class Sample:
    """A broadcast, and what stands around it."""

    broadcast: Broadcast
    district: District
    username: str

    @property
    def frame(self) -> Frame:
        return Press(self.district, self.username).frame(self.broadcast, CODE)

    async def show(
        self,
        session: Session,
        to: Person | Group,
        language: str,
        *,
        is_real: bool = False,
        closing: Closing | None = None,
    ) -> None:
        """Owe it to somebody as who reads *language*, or PUBLIC, gets it; *is_real*: silent and pinned as it will be.

        *closing* is said once Telegram has taken all of it; what Telegram refuses is said instead.
        """
        content, is_public = content_of(self.broadcast.content), language == PUBLIC or isinstance(to, Group)
        language = FIRST_LANGUAGE if language == PUBLIC else language
        name, business = ("", "") if is_public else await _blanks(session, to)
        is_silent, is_pinned = is_real and self.broadcast.is_silent, is_real and self.broadcast.is_pinned
        every = steps(content, self.frame, language, is_public=is_public, is_silent=is_silent)
        shown, before = [step for step in every if step.method != PIN], list[int]()
        for step in shown:
            arguments = arguments_of(step, name, business, content.fallbacks, language)
            about = {
                "pins": to.id if is_pinned and not before and isinstance(to, Person) else None,
                "method": step.method,
                "before": list(before),
                "is_last": step is shown[-1],
                "closing": asdict(closing) if closing else None,
            }
            note = Note(verb=SENT, verb_arguments=about)
            before.append((await post.owe_call(session, to, step.method, arguments, note)).id)


async def _blanks(session: Session, to: Person | Group) -> tuple[str, str]:
    """Name and business, as they will be filled in."""
    if isinstance(to, Group):
        return "", ""
    profile = await session.get(Profile, to.id)
    return (profile and profile.name) or to.name, (profile and profile.business) or ""


async def sent(session: Session, arguments: Mapping[str, Any], settlement: Settlement, now: datetime) -> None:
    """It is there: pin it, as it will be, and say so; or say what Telegram made of it."""
    if arguments["pins"] and settlement.message_ids:
        whose = await session.get_one(Person, arguments["pins"])
        pin = {"message_id": settlement.message_ids[0], "disable_notification": True}
        await post.owe_call(session, whose, PIN, pin)
    if arguments["closing"] is None or await _was_refused(session, arguments["before"]):
        return
    closing = Closing(**arguments["closing"])
    broadcast, person = await session.get(Broadcast, closing.broadcast), await session.get(Person, closing.person)
    if broadcast is None or person is None:
        return
    owed = settlement.owed
    if settlement.state is not DeliveryState.SENT or owed.is_plain or owed.method != arguments["method"]:
        await post.owe(session, person, *_refused(broadcast, settlement.reason))
    elif arguments["is_last"]:
        await post.owe(session, person, *await _closed(session, closing, broadcast, person))


async def _was_refused(session: Session, rows: Sequence[int]) -> bool:
    """Whether one of the messages before was, which has been said then."""
    before = [await session.get(Delivery, row) for row in rows]
    return any(row and (row.state is not DeliveryState.SENT or row.is_plain) for row in before)


def _refused(broadcast: Broadcast, reason: str | None) -> tuple[Sentence, Buttons]:
    """*reason*: Telegram's; None where it took the message only without its formatting, buttons or file."""
    why = say("broadcast.sample_why", reason=reasons.reason_of(reason)) if reason else ""
    change = Button(say("button.broadcast_text"), "broadcast_text", broadcast.id)
    buttons = Button(say("button.broadcast_buttons"), "broadcast_buttons", broadcast.id)
    return say("broadcast.sample_refused", why=why), [[change, buttons], _back(broadcast)]


async def _closed(session: Session, closing: Closing, broadcast: Broadcast, person: Person) -> tuple[Sentence, Buttons]:
    if closing.kind != "preview":
        key = "broadcast.tried" if closing.kind == "me" else "broadcast.tried_in_group"
        return say(key), [_back(broadcast)]
    ways = {language: say("language.name").in_language(language) for language in LANGUAGES}
    if audience_of(broadcast.audience).outlets:
        ways[PUBLIC] = say("button.broadcast_in_channel").in_language(person.language)
    others = [
        Button(name, "broadcast_preview", f"{broadcast.id}.{way}")
        for way, name in ways.items()
        if way != closing.language
    ]
    tries = [
        Button(say("button.broadcast_try"), "broadcast_try", f"{broadcast.id}.me"),
        Button(say("button.broadcast_try_group"), "broadcast_try", f"{broadcast.id}.group"),
    ]
    may_act = drafts.may_act(await staff.officer_of(session, person), broadcast)
    if closing.language == PUBLIC:
        told = say("broadcast.previewed_public")
    else:
        told = say("broadcast.previewed", language=ways[closing.language])
    return told, [others, *([tries] if may_act else []), _back(broadcast)]


def _back(broadcast: Broadcast) -> list[Button]:
    return [Button(say("button.back"), "broadcast", broadcast.id)]
