"""How things stand, in words for people: what a test shows that waited in vain."""

import itertools
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]


def describe(telegram: "PretendTelegram") -> str:
    """The ends of the chats, the queue, the last calls."""
    lines = [f"updates waiting: {len(telegram.updates)}"]
    for chat in itertools.islice(telegram.chats.values(), 10):
        lines.append(f"chat {chat.id} ({chat.info.get('title') or chat.info['first_name']}):")
        lines += [f"  {_described(message)}" for message in list(chat.messages.values())[-8:]]
    lines.append("last calls:")
    lines += [
        f"  {call.method} {call.status or 'no answer'} {call.description} "
        + json.dumps(call.parameters, ensure_ascii=False, default=repr)[:200]
        for call in telegram.calls[-8:]
    ]
    return "\n".join(lines)


def _described(message: Json) -> str:
    kept = {"message_id", "from", "sender_chat", "chat", "date", "entities", "text", "reply_markup"}
    what = message.get("text") or ", ".join(f"{name}: {message[name]}" for name in message if name not in kept)
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    labels = " ".join(f"[{button['text']}]" for row in rows for button in row)
    return f"#{message['message_id']} {_who(message)}: {what} {labels}".rstrip()


def _who(message: Json) -> str:
    sender = message.get("from")
    if sender is None:
        return str(message["sender_chat"]["title"])
    return "bot" if sender["is_bot"] else str(sender["first_name"])
