"""Who the bot is and what it says of itself."""

import re
from collections.abc import Callable
from typing import Any

from simulator.profile import DEFAULT_SCOPE
from simulator.refusals import bad_request
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MOST_COMMANDS = 100
LONGEST_COMMAND_DESCRIPTION = 256
LANGUAGE = re.compile(r"([a-z]{2})?")
LONGEST = {"name": 64, "description": 512, "short_description": 120}


def get_me(telegram: PretendTelegram, _: Json) -> Json:
    return {
        **telegram.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": telegram.bot_reads_all,
        "supports_inline_queries": telegram.inline_mode,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


def set_my_commands(telegram: PretendTelegram, given: Json) -> bool:
    if len(given["commands"]) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in given["commands"]:
        if not COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"].strip()) <= LONGEST_COMMAND_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    commands = [{**command, "command": command["command"].removeprefix("/")} for command in given["commands"]]
    telegram.profile.set_commands(_scope(telegram, given), _language(given), commands)
    telegram.reshaped()
    return True


def delete_my_commands(telegram: PretendTelegram, given: Json) -> bool:
    telegram.profile.set_commands(_scope(telegram, given), _language(given), [])
    telegram.reshaped()
    return True


def get_my_commands(telegram: PretendTelegram, given: Json) -> list[Json]:
    return telegram.profile.commands_of(_scope(telegram, given), _language(given))


def set_chat_menu_button(telegram: PretendTelegram, given: Json) -> bool:
    if "chat_id" in given:
        telegram.chat(given["chat_id"])
    telegram.profile.menu_buttons[given.get("chat_id")] = given.get("menu_button", {"type": "default"})
    return True


def get_chat_menu_button(telegram: PretendTelegram, given: Json) -> Json:
    buttons = telegram.profile.menu_buttons
    return buttons.get(given.get("chat_id"), buttons.get(None, {"type": "commands"}))


def _setter(what: str) -> Callable[[PretendTelegram, Json], bool]:
    def set_text(telegram: PretendTelegram, given: Json) -> bool:
        text = given.get(what, "").strip()
        if len(text) > LONGEST[what]:
            raise bad_request(f"bot {what.replace('_', ' ')} must not exceed {LONGEST[what]} characters")
        telegram.profile.texts[what, _language(given)] = text
        telegram.reshaped()
        return True

    return set_text


def _getter(what: str) -> Callable[[PretendTelegram, Json], Json]:
    def get_text(telegram: PretendTelegram, given: Json) -> Json:
        text = telegram.profile.text(what, _language(given))
        return {what: text or (telegram.bot["first_name"] if what == "name" else "")}

    return get_text


def _scope(telegram: PretendTelegram, given: Json) -> Json:
    scope: Json = given.get("scope", DEFAULT_SCOPE)
    if "chat_id" in scope:
        telegram.chat(scope["chat_id"])
    return scope


def _language(given: Json) -> str:
    language = str(given.get("language_code", ""))
    if not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


METHODS = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
}
