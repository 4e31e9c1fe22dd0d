"""What Telegram refuses in a keyboard."""

import ipaddress
import re
from typing import Any

from simulator.refusals import bad_request

Json = dict[str, Any]

MOST_BUTTONS = 100
LONGEST_DATA = 64  # bytes
LONGEST_COPY_TEXT = 256
ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
}
URL = re.compile(r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?(?P<host>[^/?#:\s]*)(?::\d+)?(?P<rest>[/?#]\S*)?")


def check_keyboard(markup: Json | None) -> None:
    """Raise Refused for an inline keyboard Telegram would not take. Other markups are as their types allow."""
    rows = (markup or {}).get("inline_keyboard")
    if rows is None:
        return
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)


def _check_button(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    actions = ACTIONS & {name for name, value in button.items() if value not in (None, "")}
    # Empty searches are meant: they only insert the bot's name.
    actions |= {name for name in ("switch_inline_query", "switch_inline_query_current_chat") if name in button}
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"can't parse inline keyboard button: it has several actions, {', '.join(sorted(actions))}")
    if len(button.get("callback_data", "").encode()) > LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= LONGEST_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "url" in button:
        _check_url(button["url"])


def _check_url(url: str) -> None:
    reason = _fault_of(url)
    if reason:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}")


def _fault_of(url: str) -> str | None:
    """What is wrong with the address of a button, in Telegram's words; None for a good one."""
    match = URL.fullmatch(url)
    if match is None:
        return "Wrong HTTP URL"
    scheme, host = (match["scheme"] or "http").lower(), match["host"].lower()
    if scheme in ("tg", "ton", "tonsite"):
        return None
    if scheme not in ("http", "https"):
        return "Unsupported URL protocol"
    if not host:
        return "URL host is empty"
    try:
        is_reachable = ipaddress.ip_address(host).is_global
    except ValueError:
        is_reachable = "." in host.strip(".")
    return None if is_reachable else "Wrong HTTP URL"
