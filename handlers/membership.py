"""Comings and goings of the bot itself: blocked by a person; added to a group, promoted, moved, removed."""

from telegram import ChatMember, ChatMemberUpdated, Message, Update
from telegram.ext import ChatMemberHandler, MessageHandler, filters

from domain import groups, inquiries, people, post, staff, staff_groups
from domain.broadcasts import outlets as announcing
from handlers import outlets
from handlers import staff_groups as binding
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
    elif change.chat.type == "channel":
        await outlets.follow_channel(turn, change)
    elif change.chat.type == "private" and change.new_chat_member.status == ChatMember.BANNED:
        await people.mark_unreachable(turn.session, turn.person.id, "blocked")
        await inquiries.note_unreachable(turn.session, turn.person, turn.now)


async def _follow(turn: Turn, change: ChatMemberUpdated, username: str) -> None:
    chat, is_there = change.chat, _is_there(change.new_chat_member)
    await _note(turn, change)
    if not outlets.may_write(change):
        await announcing.lose(turn.session, chat.id, turn.now)
    if not is_there:
        await staff_groups.give_up_left(turn.session, turn.house.district, turn.now)
    elif not _is_there(change.old_chat_member):
        await _welcome(turn, username, is_supergroup=chat.type == "supergroup")
    else:
        await _offer_to_bind(turn)


async def _note(turn: Turn, change: ChatMemberUpdated) -> None:
    chat, member = change.chat, change.new_chat_member
    await groups.follow(
        turn.session,
        chat.id,
        chat.title or "",
        turn.now,
        is_there=_is_there(member),
        is_administrator=member.status in {ChatMember.ADMINISTRATOR, ChatMember.OWNER},
        is_forum=bool(chat.is_forum),
        rights=rights_of(member),
    )


def rights_of(member: ChatMember) -> groups.Rights:
    """What the bot may do there."""
    return groups.Rights(
        manage_topics=bool(getattr(member, "can_manage_topics", False)),
        delete_messages=bool(getattr(member, "can_delete_messages", False)),
    )


async def _welcome(turn: Turn, username: str, *, is_supergroup: bool) -> None:
    """How to ask; to an officer who added the bot also whose group this may become."""
    if isinstance(turn.place, post.Group):
        welcome = say("group.welcome", district=turn.house.district.name, username=username)
        buttons = [*await binding.offers(turn), *await outlets.offers(turn)]
        await groups.welcome(turn.session, turn.place, welcome, buttons, is_supergroup=is_supergroup)


async def _offer_to_bind(turn: Turn) -> None:
    """An officer made the bot an administrator of a group of which no office makes use yet."""
    change, place = turn.update.my_chat_member, turn.place
    if change is None or not isinstance(place, post.Group) or change.new_chat_member.status != ChatMember.ADMINISTRATOR:
        return
    if await staff.offices_of_group(turn.session, place.chat_id) or await announcing.office_of(
        turn.session, place.chat_id
    ):
        return
    if buttons := [*await binding.offers(turn), *await outlets.offers(turn)]:
        await post.owe(turn.session, place, say("staff_group.offer"), buttons)


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
    await staff_groups.move(turn.session, turn.house.district, old, new, turn.now)


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
