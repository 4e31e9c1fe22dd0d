"""Telegram's command menus by chat: what officers and their groups have beyond everybody's (`bot.profile`).

Called again a menu is owed again, which changes nothing at Telegram.
"""

from typing import Any

from db.models import Officer, Person
from db.session import Session
from domain import people, post
from domain.commands import COMMANDS, IN_GROUPS, IN_STAFF_GROUPS, OFFICERS
from messages import say


async def refresh(session: Session, person: Person) -> None:
    """Owe an officer their menu in the language they read now; nothing to anybody else.

    To be called when they were appointed, met, or chose a language. Telegram keeps a menu for those only who have
    opened the chat, so somebody whom we cannot reach waits for their first /start.
    """
    officer = await session.get(Officer, person.id)
    if officer and person.is_reachable:
        await _show(session, person, (*OFFICERS, *COMMANDS))


async def withdraw(session: Session, person: Person) -> None:
    """Owe that somebody who serves no more has everybody's menu, also when they come back after blocking the bot."""
    if person.last_wrote_at > people.NEVER:
        await post.owe_call(session, person, "delete_my_commands", {"scope": _scope(person.telegram_id)})


async def show_in_group(session: Session, chat_id: int, language: str) -> None:
    """Owe a staff group its menu."""
    await _show(session, post.Group(chat_id, language), (*IN_STAFF_GROUPS, *IN_GROUPS))


async def withdraw_in_group(session: Session, chat_id: int) -> None:
    """Owe that a group in which no office works any more has every group's menu."""
    place = post.Group(chat_id, "")
    await post.owe_call(session, place, "delete_my_commands", {"scope": _scope(chat_id)})


async def _show(session: Session, to: Person | post.Group, names: tuple[str, ...]) -> None:
    chat_id = to.chat_id if isinstance(to, post.Group) else to.telegram_id
    commands = [[name, say(f"command.{name}").in_language(to.language)] for name in names]
    await post.owe_call(session, to, "set_my_commands", {"commands": commands, "scope": _scope(chat_id)})


def _scope(chat_id: int) -> dict[str, Any]:
    return {"type": "chat", "chat_id": chat_id}
