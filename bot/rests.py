"""When Telegram says "too many": the chat rests, and its lane where a second chat is told so within a second."""

from datetime import timedelta
from time import monotonic

import structlog

from db import leadership
from db.models import Lane
from db.session import Session

log = structlog.get_logger()

TOGETHER = 1.0
"""Seconds within which two chats' refusals mean that all of them are meant."""


class Rests:
    """The lanes that rest, in this process; kept as rows too, so that the next leader rests as well."""

    def __init__(self) -> None:
        self._until = dict.fromkeys(Lane, 0.0)
        # By lane, since what a broadcast is told says nothing of replies.
        self._last = dict.fromkeys(Lane, (0.0, 0))
        self._to_keep: dict[Lane, float] = {}

    def left(self, lane: Lane) -> float:
        """Seconds that *lane* still rests; 0 when it does not."""
        return max(0.0, self._until[lane] - monotonic())

    def note(self, lane: Lane, chat_id: int, seconds: float) -> None:
        """One chat was told to slow down for *seconds*; a second one within a moment delays its lane, never another."""
        now = monotonic()
        at, chat = self._last[lane]
        self._last[lane] = (now, chat_id)
        log.warning("told to slow down", lane=lane.name.lower(), seconds=seconds)
        if chat not in {0, chat_id} and now - at < TOGETHER:
            self._until[lane] = now + seconds
            self._to_keep[lane] = seconds

    async def keep(self, session: Session) -> None:
        """Write new rests down."""
        while self._to_keep:
            lane, seconds = self._to_keep.popitem()
            await leadership.pause_lane(session, lane, timedelta(seconds=seconds))

    async def take_over(self, session: Session) -> None:
        """Rest as long as the last leader was told to."""
        for lane, seconds in (await leadership.lane_pauses(session)).items():
            self._until[Lane(lane)] = monotonic() + seconds
