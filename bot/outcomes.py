"""What an error of a call means for its row: surely not sent, unknown, the message's fault, or ours."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

from telegram import ForumTopic, Message
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bot.telegram_request import FloodLimit, NotSent, Offline
from db.models import DeliveryState, Lane
from db.outbox import REPEATABLE, STAYED_BEHIND, Owed, Settlement, in_other_chat, stays_behind

LONGEST_BACK_OFF = 60.0

_NOT_MODIFIED = "message is not modified"
_TARGET_LOST = ("message to edit not found", "message can't be edited", "message_id_invalid")
_TARGET_GONE = ("message to delete not found", "message can't be deleted")
_TAP_TOO_OLD = "query is too old"
_BROKEN_FORM = ("can't parse entities", "can't find end", "unsupported start tag")
_DEAD_BUTTON = ("button_", "inline keyboard", "reply markup", "reply_markup")
_DEAD_FILE = ("wrong file identifier", "wrong remote file", "can't use file of type")
_TAG = re.compile(r"<[^>]+>")


class Ours(Exception):
    """The trouble is ours (token, network): nothing is settled, the loop waits and says so."""


@dataclass(frozen=True)
class Verdict:
    """A settlement, and what else follows from it."""

    settlement: Settlement
    is_unreachable: bool = False
    flood_wait: float | None = None

    @property
    def result(self) -> str:
        """In a word, for the figures: sent, retry, flood, failed, skipped or uncertain."""
        if self.flood_wait is not None:
            return "flood"
        state = self.settlement.state
        return "retry" if state is DeliveryState.WAITING else state.value


def succeeded(owed: Owed, answer: Any) -> Verdict:
    """The call was carried out; *answer* is python-telegram-bot's."""
    messages = answer if isinstance(answer, list | tuple) else [answer]
    ids = [message.message_id for message in messages if isinstance(message, Message)]
    if isinstance(answer, ForumTopic):
        ids = [answer.message_thread_id]
    return Verdict(Settlement(owed, DeliveryState.SENT, message_ids=ids or None))


def failed(owed: Owed, error: TelegramError) -> Verdict:
    """What becomes of the row after *error*. Raises Ours when the row has nothing to do with it."""
    match error:
        case Offline() | InvalidToken() | Conflict():
            raise Ours(str(error)) from error
        case FloodLimit():
            # Telegram counts from when it said so; a little more never hurts.
            wait = timedelta(seconds=error.seconds + 0.1)
            verdict = Verdict(Settlement(owed, DeliveryState.WAITING, str(error), wait=wait), flood_wait=error.seconds)
        case NotSent():
            verdict = Verdict(Settlement(owed, DeliveryState.WAITING, str(error), wait=_back_off(owed)))
        case Forbidden():
            verdict = Verdict(Settlement(owed, DeliveryState.FAILED, str(error)), is_unreachable=True)
        case ChatMigrated():
            verdict = Verdict(_to_chat(owed, error.new_chat_id))
        case BadRequest():
            verdict = _after_bad_request(owed, str(error))
        case _:
            verdict = Verdict(_after_unknown(owed, str(error)))
    return verdict


def _back_off(owed: Owed) -> timedelta:
    return timedelta(seconds=min(LONGEST_BACK_OFF, 2.0 ** min(owed.attempts - 1, 10)))


def _after_unknown(owed: Owed, reason: str) -> Settlement:
    harmless = owed.edits is not None or owed.method in REPEATABLE
    again = harmless or ((owed.lane != Lane.BULK or owed.goes_again) and owed.unknowns == 0)
    changes = {"unknowns": owed.unknowns + 1}
    if again:
        return Settlement(owed, DeliveryState.WAITING, reason, wait=_back_off(owed), changes=changes)
    return Settlement(owed, DeliveryState.UNCERTAIN, reason, changes=changes)


def _to_chat(owed: Owed, chat_id: int) -> Settlement:
    if stays_behind(owed.method, owed.arguments):
        return Settlement(owed, DeliveryState.SKIPPED, STAYED_BEHIND)
    changes = {"chat_id": chat_id, "arguments": in_other_chat(owed.arguments, chat_id)}
    return Settlement(owed, DeliveryState.WAITING, "chat migrated", changes=changes)


def _after_bad_request(owed: Owed, reason: str) -> Verdict:
    said = reason.casefold()
    if _NOT_MODIFIED in said or any(sign in said for sign in _TARGET_GONE):
        return Verdict(Settlement(owed, DeliveryState.SENT, reason))
    is_lost = owed.method == "edit_message_text" and any(sign in said for sign in _TARGET_LOST)
    if is_lost and owed.lane != Lane.BULK:  # there it was sent to many, and who deleted it wants no other
        return Verdict(_as_new_message(owed, reason))
    if _TAP_TOO_OLD in said:
        return Verdict(Settlement(owed, DeliveryState.SKIPPED, reason))
    if owed.document is None and owed.arguments.get("caption") and any(sign in said for sign in _DEAD_FILE):
        return Verdict(_without_file(owed, reason))
    if not owed.is_plain and "text" in owed.arguments and (simpler := _simpler(owed, said, reason)):
        return Verdict(simpler)
    return Verdict(Settlement(owed, DeliveryState.FAILED, reason), is_unreachable="chat not found" in said)


def _simpler(owed: Owed, said: str, reason: str) -> Settlement | None:
    """The same once more without what Telegram could not read; None where that is not what it minds."""
    if any(sign in said for sign in _BROKEN_FORM):
        return _plainly(owed, reason)
    return _without_buttons(owed, reason) if any(sign in said for sign in _DEAD_BUTTON) else None


def _as_new_message(owed: Owed, reason: str) -> Settlement:
    arguments = {name: value for name, value in owed.arguments.items() if name != "message_id"}
    changes = {"method": "send_message", "arguments": arguments, "edits": None}
    return Settlement(owed, DeliveryState.WAITING, reason, changes=changes)


def _without_file(owed: Owed, reason: str) -> Settlement:
    """The file is of another bot, or gone: its words are worth sending alone."""
    kind = owed.method.removeprefix("send_")
    arguments = {name: value for name, value in owed.arguments.items() if name not in {kind, "caption"}}
    changes = {"method": "send_message", "arguments": {**arguments, "text": owed.arguments["caption"]}}
    return Settlement(owed, DeliveryState.WAITING, reason, changes=changes)


def _plainly(owed: Owed, reason: str) -> Settlement:
    arguments = {name: value for name, value in owed.arguments.items() if name != "parse_mode"}
    arguments["text"] = unescape(_TAG.sub("", str(arguments["text"])))
    return Settlement(owed, DeliveryState.WAITING, reason, changes={"arguments": arguments, "is_plain": True})


def _without_buttons(owed: Owed, reason: str) -> Settlement:
    arguments = {name: value for name, value in owed.arguments.items() if name != "reply_markup"}
    return Settlement(owed, DeliveryState.WAITING, reason, changes={"arguments": arguments, "is_plain": True})
