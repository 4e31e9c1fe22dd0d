"""Comings and goings of the bot itself: blocked by a person; added to a group, promoted, moved, removed."""

from telegram import ChatMember, ChatMemberUpdated, Message, Update
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from domain import groups, people, post
from handlers.turn import GROUPS, Context, Turn
from messages import say


async def note_change(_: Update, context: Context) -> None:
    """What the bot now is in a chat: there is nothing to say to it, but in a group that does not know the bot yet."""
    turn = context.turn
    change = turn.update.my_chat_member
    if change is None:
        return
    if change.chat.type in GROUPS:
        await _follow(turn, change, context.bot.username)
    elif change.chat.type == "private" and change.new_chat_member.status == ChatMember.BANNED:
        await people.mark_unreachable(turn.session, turn.person.id, "blocked")


async def _follow(turn: Turn, change: ChatMemberUpdated, username: str) -> None:
    chat, member, place = change.chat, change.new_chat_member, turn.place
    is_administrator = member.status in {ChatMember.ADMINISTRATOR, ChatMember.OWNER}
    await groups.follow(
        turn.session,
        chat.id,
        chat.title or "",
        turn.now,
        is_there=_is_there(member),
        is_administrator=is_administrator,
    )
    if _is_there(member) and not _is_there(change.old_chat_member) and isinstance(place, post.Group):
        welcome = say("group.welcome", district=turn.house.district.name, username=username)
        await groups.welcome(turn.session, place, welcome, is_supergroup=chat.type == "supergroup")


def _is_there(member: ChatMember) -> bool:
    # Who is restricted may be in the group or not.
    return member.status not in {ChatMember.LEFT, ChatMember.BANNED} and getattr(member, "is_member", True)


async def note_title(_: Update, context: Context) -> None:
    """The group has another title."""
    turn = context.turn
    await groups.rename(turn.session, turn.message.chat_id, turn.message.new_chat_title or "", turn.now)


async def note_migration(_: Update, context: Context) -> None:
    """The group became a supergroup; told in both."""
    turn = context.turn
    old, new = _chats(turn.message)
    await groups.migrate(turn.session, old, new, turn.message.chat.title or "", turn.now)


def _chats(message: Message) -> tuple[int, int]:
    """The old one and the new one."""
    old, new = message.migrate_from_chat_id, message.migrate_to_chat_id
    return (old or message.chat_id), (new or message.chat_id)


IN_GROUP = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE

HANDLERS = [
    ChatMemberHandler(note_change, ChatMemberHandler.MY_CHAT_MEMBER),
    MessageHandler(IN_GROUP & filters.StatusUpdate.NEW_CHAT_TITLE, note_title),
    MessageHandler(IN_GROUP & filters.StatusUpdate.MIGRATE, note_migration),
]
