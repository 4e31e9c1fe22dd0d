"""What the bot says of itself: its commands, names and descriptions, by language and by who sees them."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Scope = tuple[tuple[str, Any], ...]

DEFAULT_SCOPE: Json = {"type": "default"}


@dataclass
class Profile:
    commands: dict[tuple[Scope, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)  # by private chat, None for all others
    texts: dict[tuple[str, str], str] = field(default_factory=dict)  # (name | description | …, language) -> text

    def commands_of(self, scope: Json, language: str) -> list[Json]:
        """Those set for exactly that scope and language."""
        return self.commands.get((_key(scope), language), [])

    def set_commands(self, scope: Json, language: str, commands: list[Json]) -> None:
        """Set them, or with none of them forget what was set."""
        if commands:
            self.commands[_key(scope), language] = commands
        else:
            self.commands.pop((_key(scope), language), None)

    def commands_seen(
        self, chat_id: int, language: str, member_id: int | None = None, *, is_admin: bool = False
    ) -> list[Json]:
        """The menu somebody has in a chat: the narrowest scope that has commands, in their language before in none.

        *member_id* is who they are in a group; without it the chat is a private one.
        """
        scopes = _group_scopes(chat_id, member_id, is_admin) if member_id else _private_scopes(chat_id)
        found = (self.commands_of(scope, spoken) for scope in scopes for spoken in (language, ""))
        return next((commands for commands in found if commands), [])

    def text(self, what: str, language: str) -> str:
        return self.texts.get((what, language)) or self.texts.get((what, ""), "")


def _private_scopes(chat_id: int) -> list[Json]:
    return [{"type": "chat", "chat_id": chat_id}, {"type": "all_private_chats"}, DEFAULT_SCOPE]


def _group_scopes(chat_id: int, member_id: int, is_admin: bool) -> list[Json]:
    return [
        {"type": "chat_member", "chat_id": chat_id, "user_id": member_id},
        *([{"type": "chat_administrators", "chat_id": chat_id}] if is_admin else []),
        {"type": "chat", "chat_id": chat_id},
        *([{"type": "all_chat_administrators"}] if is_admin else []),
        {"type": "all_group_chats"},
        DEFAULT_SCOPE,
    ]


def _key(scope: Json) -> Scope:
    return tuple(sorted(scope.items()))
