"""First contact: /start with or without a link's payload, /bantuan, /batal."""

import re
from contextlib import suppress

from telegram import Update
from telegram.ext import CommandHandler, filters

from domain import menus, people, questions, register, staff
from domain.errors import NotForYou
from handlers import (
    data,
    forms,
    genuine,
    inquiries,
    invitation,
    language,
    officers,
    profile,
    program,
    steps,
    subscriptions,
)
from handlers.cards import TOPICS, card, under_card
from handlers.commands import COMMANDS, OFFICERS
from handlers.opportunities import browsing as opportunities
from handlers.trainings import attendance, door, schedule
from handlers.trainings import browsing as trainings
from handlers.turn import Context, Turn
from messages import say

ENTRY_LINK = re.compile(r"(?:entry_|jawaban_)?(P\d{1,4})", re.IGNORECASE)


async def welcome(_: Update, context: Context) -> None:
    """/start: who we are; with a payload, what the link leads to."""
    turn = context.turn
    payload = (turn.message.text or "").partition(" ")[2].strip()
    await menus.refresh(turn.session, turn.person)
    if payload:
        await _follow_link(turn, payload)
    else:
        await greet(turn)


async def greet(turn: Turn) -> None:
    """Who we are, and what to do next."""
    await turn.reply(say("start.welcome", name=turn.person.name, district=turn.house.district.name), [[TOPICS]])


async def _follow_link(turn: Turn, payload: str) -> None:
    if deed := LINKED.get(payload):
        await deed(turn)
        return
    kind, _, token_hash = payload.partition("_")
    if open_link := WITH_TOKEN.get(kind) or ABOUT.get(kind):
        await open_link(turn, token_hash)
        return
    if register.note_source(turn.person, payload, turn.house.district, turn.now):
        await greet(turn)
        return
    shelf = await turn.house.library.shelf(turn.session)
    link = ENTRY_LINK.fullmatch(payload)
    entry = shelf.entries.get(link[1].upper()) if link else None
    if entry is None:
        await turn.reply(say("start.unknown_link"), [[TOPICS]])
        return
    await questions.show(turn.session, turn.person, entry.id, turn.now)
    await turn.reply(card(entry), under_card(entry, shelf))


async def explain(_: Update, context: Context) -> None:
    """/bantuan: what can be done here, command by command."""
    await explain_to(context.turn)


async def explain_to(turn: Turn) -> None:
    """The help, made of the commands there are for them."""
    officer = await staff.officer_of(turn.session, turn.person)
    names = (*COMMANDS, *OFFICERS) if officer else COMMANDS
    lines = tuple(say("help.command", command=name, description=say(f"command.{name}")) for name in names)
    await turn.reply(say("help.text", commands=lines), [[TOPICS]])


async def cancel(_: Update, context: Context) -> None:
    """/batal: whatever was begun is dropped."""
    await cancel_for(context.turn)


async def cancel_for(turn: Turn) -> None:
    """Drop what was begun, or say that there is nothing."""
    if await forms.cancel(turn):
        return
    conversation = await people.conversation_of(turn.session, turn.person)
    sentence = say("cancel.done") if conversation.state else say("cancel.nothing")
    state = await steps.under_way(turn)
    if state and state["step"] in steps.LEFT:
        await steps.end(turn)
        with suppress(NotForYou):  # they serve no more
            await steps.LEFT[state["step"]](turn, state)
            return
    conversation.state = conversation.entry_id = conversation.entry_at = None
    await turn.reply(sentence, [[TOPICS]])


LINKED = {
    "start": greet,
    "tanya": greet,
    "program": program.list_topics_to,
    "pelatihan": trainings.show_list_to,
    "daftar": trainings.show_open_to,
    "jadwal": schedule.show_to,
    "peluang": opportunities.show_list_to,
    "langganan": subscriptions.show_to,
    "cek": genuine.ask_for,
    "petugas": inquiries.list_own_to,
    "profil": profile.show_to,
    "data": data.show_to,
    "bahasa": language.offer_to,
    "bantuan": explain_to,
    "batal": cancel_for,
}
"""What links from groups lead to, by payload: each command's deed."""

WITH_TOKEN = {"petugas": officers.open_link, "undangan": invitation.open_link}
"""What links with a secret lead to, by what stands before it; handlers see its hash (`bot.secret_links`)."""

ABOUT = {
    "pelatihan": trainings.open_link,
    "peluang": opportunities.open_link,
    "hadir": attendance.open_ticket,
    "langsung": door.open_link,
} | {
    "cek": genuine.open_link,
}
"""What links about one thing lead to, likewise."""

IN_PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE

HANDLERS = [
    CommandHandler("start", welcome, IN_PRIVATE),
    CommandHandler("bantuan", explain, IN_PRIVATE),
    CommandHandler("batal", cancel, IN_PRIVATE),
]
