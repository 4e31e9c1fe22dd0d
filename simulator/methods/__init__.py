"""The Bot API's methods that are supported, each a function of the pretend Telegram and the typed parameters.

A new method is a function in one of these modules and an entry in its METHODS. Only getUpdates waits: bot_api has it.
"""

from collections.abc import Callable
from typing import Any

from simulator.methods import chats, copies, edits, inline, media, messages, profile, receiving, taps, topics
from simulator.telegram import PretendTelegram

Json = dict[str, Any]
Method = Callable[[PretendTelegram, Json], Any]

METHODS: dict[str, Method] = {
    **chats.METHODS,
    **copies.METHODS,
    **edits.METHODS,
    **inline.METHODS,
    **media.METHODS,
    **messages.METHODS,
    **profile.METHODS,
    **receiving.METHODS,
    **taps.METHODS,
    **topics.METHODS,
}
