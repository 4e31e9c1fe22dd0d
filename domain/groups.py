"""The groups the bot is in: added, promoted, renamed, become a supergroup, removed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from db import outbox
from db.models import GroupChat, GroupState
from db.session import Session
from db.upsert import insert_new
from domain import post
from domain.broadcasts import outlets
from messages import Buttons, Sentence

TITLE_LIMIT = 128

MAY_BE_AN_OLD_ONE = timedelta(seconds=1)
"""How long the welcome in a supergroup rests: of one that was a group until now Telegram tells first that the bot
joined, and at once after it where it comes from."""


async def know(session: Session, chat_id: int, title: str, now: datetime) -> GroupChat:
    """The group, which the bot is in: somebody there speaks to it. Locked until the transaction ends."""
    group = await _locked(session, chat_id, title, now)
    if group.state is GroupState.LEFT:
        group.state, group.changed_at = GroupState.MEMBER, now
    return group


@dataclass(frozen=True)
class Rights:
    """What the bot may do in a group as its administrator."""

    manage_topics: bool = False
    delete_messages: bool = False


NO_RIGHTS = Rights()


async def follow(
    session: Session,
    chat_id: int,
    title: str,
    now: datetime,
    *,
    is_there: bool,
    is_administrator: bool = False,
    is_forum: bool = False,
    rights: Rights = NO_RIGHTS,
) -> None:
    """Note what the bot is in the group now; when it left, nothing that waits is said there any more."""
    group = await _locked(session, chat_id, title, now)
    group.title, group.changed_at, group.is_forum = title[:TITLE_LIMIT], now, is_forum
    group.may_manage_topics, group.may_delete_messages = rights.manage_topics, rights.delete_messages
    group.state = GroupState.ADMINISTRATOR if is_administrator else GroupState.MEMBER
    if not is_there:
        group.state = GroupState.LEFT
        await outbox.skip_waiting_in(session, chat_id, "not in the group any more")
        await outlets.lose(session, chat_id, now)


async def note_forum(session: Session, chat_id: int, *, is_forum: bool) -> None:
    """Telegram tells with each message whether its group has topics now; of a group that is not known nothing."""
    group = await session.get(GroupChat, chat_id)
    if group is not None and group.is_forum != is_forum:
        group.is_forum = is_forum


async def _was_another(session: Session, chat_id: int) -> bool:
    """Whether this is known to be the supergroup that a group became."""
    former = select(GroupChat.telegram_id).where(col(GroupChat.migrated_to) == chat_id)
    return (await session.exec(former)).first() is not None


async def welcome(
    session: Session, place: post.Group, sentence: Sentence, buttons: Buttons = (), *, is_supergroup: bool
) -> None:
    """Say in a group that was just joined how to ask; held for a moment where it may be one too many."""
    if await _was_another(session, place.chat_id):
        return
    said = await post.owe(session, place, sentence, buttons)
    group = await session.get_one(GroupChat, place.chat_id)
    group.welcome_id = said.id
    if is_supergroup:
        await outbox.rest(session, {said.id: MAY_BE_AN_OLD_ONE})


async def leave(session: Session, chat_id: int, now: datetime) -> None:
    """Telegram refuses what we send there: the bot is not in the group, whatever it was told."""
    group = await session.get(GroupChat, chat_id)
    await follow(session, chat_id, group.title if group else "", now, is_there=False)


async def rename(session: Session, chat_id: int, title: str, now: datetime) -> None:
    """The group has another title."""
    group = await know(session, chat_id, title, now)
    group.title, group.changed_at = title[:TITLE_LIMIT], now
    await outlets.rename(session, chat_id, title)


async def migrate(session: Session, chat_id: int, new_chat_id: int, title: str, now: datetime) -> None:
    """The group became a supergroup: what waits for it goes there, and nobody is welcomed twice.

    Told twice, once in each chat and in either order; both are the same.
    """
    # The old one first, always: each chat has a turn of its own, and both may be under way at once.
    old, new = [await _locked(session, id, title, now) for id in (chat_id, new_chat_id)]
    old.migrated_to, old.changed_at = new_chat_id, now
    if new.state is GroupState.LEFT:
        new.state = GroupState.MEMBER if old.state is GroupState.LEFT else old.state
    old.state = GroupState.LEFT
    if new.welcome_id is not None:
        await outbox.skip_row(session, new.welcome_id, "welcomed before")
    await outbox.move_waiting(session, chat_id, new_chat_id)
    await outlets.migrate(session, chat_id, new_chat_id, now)


async def _locked(session: Session, chat_id: int, title: str, now: datetime) -> GroupChat:
    row = {"telegram_id": chat_id, "title": title[:TITLE_LIMIT], "state": GroupState.LEFT, "changed_at": now}
    await insert_new(session, GroupChat.__table__, [row], unique=["telegram_id"])  # type: ignore[attr-defined]  # SQLModel adds it
    return await session.get_one(GroupChat, chat_id, with_for_update=True)
