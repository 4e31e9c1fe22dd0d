"""Why somebody did not get a broadcast, in words for officers."""

from collections.abc import Mapping

from domain.broadcasts.sending import STOPPED
from messages import Sentence, say

KNOWN_REASONS: Mapping[str, str] = {
    "cancelled": "cancelled",
    "unreachable": "unreachable",
    "stopped": "stopped",
    "erased": "erased",
    "left audience": "left_audience",
    "outlet lost": "outlet_lost",
    "process ended": "process_ended",
    STOPPED: "process_ended",
    "no answer from Telegram": "no_answer",
    "a gateway answered": "no_answer",
}
"""As we keep it, or as that begins, and how the catalogue calls it."""

TELEGRAMS: Mapping[str, str] = {
    "button_": "bad_button",
    "keyboard button": "bad_button",
    "url host": "bad_button",
    "wrong http url": "bad_button",
    "file identifier": "bad_file",
    "file_reference": "bad_file",
    "remote file": "bad_file",
    "http url content": "bad_file",
    "web page content": "bad_file",
    "media_": "bad_file",
    "photo_": "bad_file",
    "file is too big": "bad_file",
    "chat not found": "no_chat",
    "peer_id_invalid": "no_chat",
    "user not found": "no_chat",
    "parse entities": "bad_format",
    "entity_": "bad_format",
    "enough rights": "no_rights",
    "administrator rights": "no_rights",
    "have no rights": "no_rights",
    "rights to send": "no_rights",
    "chat_write_forbidden": "no_rights",
    "chat_admin_required": "no_rights",
    "is too long": "too_long",
}
"""What Telegram says, in small letters, and likewise; it says more than these."""

WORDS = tuple(dict.fromkeys([*KNOWN_REASONS.values(), *TELEGRAMS.values()]))


def word_of(why: str) -> str | None:
    """How the catalogue calls it; None for what has no words of its own."""
    word = next((word for begins, word in KNOWN_REASONS.items() if why.startswith(begins)), None)
    return word or next((word for sign, word in TELEGRAMS.items() if sign in why.casefold()), None)


def reason_of(why: str) -> Sentence:
    """In words for officers, whatever was kept."""
    word = word_of(why)
    return say(f"broadcast.why_{word}") if word else say("broadcast.technical", reason=why)
