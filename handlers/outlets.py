"""Channels and groups in which offices announce: asked about when the bot may write there, listed, let go."""

from telegram import Chat, ChatMember, ChatMemberUpdated, Update
from telegram.ext import CallbackQueryHandler

from domain import post, staff, staff_groups
from domain.broadcasts import Outlet, outlets
from domain.errors import NotForYou
from domain.staff import Role
from handlers.cards import private_link
from handlers.pages import leaf, page_of
from handlers.turn import GROUPS, Context, Turn
from messages import FIRST_LANGUAGE, Button, Buttons, Sentence, say

LIST = Button(say("button.outlets"), "outlets", 0)


# What the bot may do in a channel.


async def follow_channel(turn: Turn, change: ChatMemberUpdated) -> None:
    """An officer who lets the bot post is asked whether the channel is for announcements; of others nothing is kept."""
    chat, title = change.chat, change.chat.title or ""
    if not may_write(change):
        await outlets.lose(turn.session, chat.id, turn.now)
        if _has_just_come(change) and await _offices(turn):
            await turn.reply(say("outlet.may_not_post", title=title), [[LIST]])
        return
    await outlets.rename(turn.session, chat.id, title)
    if back := await outlets.restore(turn.session, turn.person, chat.id, turn.now):
        await turn.reply(_bound(turn, back), [[LIST]])
        return
    offices = await _offices(turn)
    if offices and await outlets.offer(turn.session, turn.person, chat.id, title, turn.now):
        yes = [[Button(say("button.outlet_yes", office=name), "outlet", f"{key}.{chat.id}")] for key, name in offices]
        await turn.reply(
            say("outlet.offer", title=title), [*yes, [Button(say("button.outlet_no"), "outlet_no", chat.id)]]
        )


def may_write(change: ChatMemberUpdated) -> bool:
    """Whether the bot may write there now: in a channel as an administrator who may post, in a group as a member."""
    member = change.new_chat_member
    if change.chat.type == Chat.CHANNEL:
        return bool(getattr(member, "can_post_messages", False))
    if member.status == ChatMember.RESTRICTED:
        return bool(getattr(member, "is_member", True) and getattr(member, "can_send_messages", False))
    return member.status not in {ChatMember.LEFT, ChatMember.BANNED}


def _has_just_come(change: ChatMemberUpdated) -> bool:
    administrator = ChatMember.ADMINISTRATOR
    return change.new_chat_member.status == administrator and change.old_chat_member.status != administrator


async def _offices(turn: Turn) -> list[tuple[str, str]]:
    """Key and name of the offices for which they may bind, where they can be asked."""
    if not turn.person.is_reachable:
        return []
    keys = await staff_groups.may_bind(turn.session, turn.person, turn.house.district)
    return [(office.key, office.short_name) for office in turn.house.district.offices if office.key in keys]


async def offers(turn: Turn) -> Buttons:
    """A button for each office that may announce in this group, by who added the bot; for officers only."""
    return [[Button(say("button.announce_here", office=name), "announce", key)] for key, name in await _offices(turn)]


# Binding.


async def bind_here(_: Update, context: Context) -> None:
    """Grup siaran: from now on an office may announce in this group, too."""
    turn, chat = context.turn, context.turn.update.effective_chat
    if chat is None or chat.type not in GROUPS:
        raise NotForYou
    outlet = await outlets.bind_here(
        turn.session, turn.house.district, turn.person, context.tapped, chat.id, chat.title or "", turn.now
    )
    await turn.answer_tap()
    said = say("outlet.bound_here", office=_name(turn, outlet.office))
    link = private_link(turn.username, "start", say("button.private"))
    await post.owe(turn.session, post.Group(chat.id, FIRST_LANGUAGE), said, [[link]])


async def bind(_: Update, context: Context) -> None:
    """Pakai untuk: what they were asked about, or have just let go."""
    turn = context.turn
    office, _dot, chat_id = context.tapped.partition(".")
    outlet = await outlets.bind(turn.session, turn.house.district, turn.person, office, int(chat_id), turn.now)
    await turn.answer_tap()
    await turn.change(_bound(turn, outlet), [[LIST]])


async def decline(_: Update, context: Context) -> None:
    """Tidak usah: it stays as it is."""
    turn = context.turn
    await staff.access(turn.session, turn.person, reads=True)
    outlet = await outlets.asked_about(turn.session, turn.person, int(context.tapped))
    await turn.answer_tap()
    await turn.change(say("outlet.declined", title=outlet.title), [[LIST]])


def _bound(turn: Turn, outlet: Outlet) -> Sentence:
    return say("outlet.bound", title=outlet.title, office=_name(turn, outlet.office))


def _name(turn: Turn, key: str) -> str:
    office = turn.house.district.office(key)
    return office.short_name if office else key


# The list.


async def show_all(_: Update, context: Context) -> None:
    """Those of their office, and how there will be more."""
    turn = context.turn
    officer = await staff.access(turn.session, turn.person, reads=True)
    keys = [office.key for office in turn.house.district.offices if staff.serves(officer, office.key)]
    shown, page, pages = page_of(await outlets.of(turn.session, keys), int(context.tapped))
    lines = tuple(_line(turn, outlet) for outlet in shown) or say("outlet.none")
    let_go = [[Button(say("button.outlet_off", title=one.title), "outlet_off", one.chat_id)] for one in shown]
    rows = [] if officer.role is Role.READER else let_go
    await turn.answer_tap()
    back = [Button(say("button.back"), "siaran", 0)]
    sentence = say("outlet.list", lines=lines, how=say("outlet.how"))
    await turn.change(sentence, [*rows, *leaf("outlets", "", page, pages), back])


def _line(turn: Turn, outlet: Outlet) -> Sentence:
    blanks = {"title": outlet.title, "office": _name(turn, outlet.office)}
    line = say("outlet.channel", **blanks) if outlet.is_channel else say("outlet.group", **blanks)
    return line if outlet.lost_at is None else say("outlet.out_of_reach", line=line)


async def let_go(_: Update, context: Context) -> None:
    """Lepas: nothing is announced there any more, and one tap takes it back."""
    turn = context.turn
    outlet, office = await outlets.unbind(turn.session, turn.person, int(context.tapped), turn.now)
    again = Button(say("button.outlet_again"), "outlet", f"{office}.{outlet.chat_id}")
    await turn.answer_tap()
    await turn.change(say("outlet.unbound", title=outlet.title, office=_name(turn, office)), [[again], [LIST]])


_A_CHAT = r"-\d{1,18}"

HANDLERS = [
    CallbackQueryHandler(bind, pattern=rf"^outlet:([a-z0-9_]{{1,40}}\.{_A_CHAT})$"),
    CallbackQueryHandler(decline, pattern=rf"^outlet_no:({_A_CHAT})$"),
    CallbackQueryHandler(show_all, pattern=r"^outlets:(\d{1,3})$"),
    CallbackQueryHandler(let_go, pattern=rf"^outlet_off:({_A_CHAT})$"),
]

HERE = [CallbackQueryHandler(bind_here, pattern=r"^announce:([a-z0-9_]{1,40})$")]
"""Before those of everybody's groups."""
