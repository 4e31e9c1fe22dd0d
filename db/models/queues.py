"""The two queues: what Telegram told us, and what we owe Telegram."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import Index, false, text
from sqlmodel import Field, SQLModel

from db.models.columns import BIG, BIG_KEY, STRUCTURE, one_of


class UpdateState(StrEnum):
    WAITING = "waiting"
    FINISHED = "finished"
    PARKED = "parked"
    """Given up after several tries, kept with its error for a person to look at."""


class ReceivedUpdate(SQLModel, table=True):
    """One update of Telegram's, stored before it is acknowledged."""

    __tablename__ = "received_update"
    __table_args__ = (
        Index(
            "ix_received_update_waiting",
            "queue_key",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_received_update_settled", "state", "settled_at"),
    )

    # Our own sequence orders: after a quiet week Telegram's ids jump.
    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    update_id: int | None = Field(default=None, sa_type=BIG, unique=True)
    queue_key: int = Field(sa_type=BIG)
    """The chat; without one the user; updates of one key are handled one at a time, in order."""
    kind: str
    payload: dict[str, Any] | None = Field(default=None, sa_type=STRUCTURE)
    received_at: datetime
    state: UpdateState = Field(default=UpdateState.WAITING, sa_type=one_of(UpdateState))
    attempts: int = 0
    not_before: datetime | None = None
    claim_owner: str | None = None
    claim_token: str | None = None
    claim_until: datetime | None = None
    error: str | None = None
    settled_at: datetime | None = None


class Lane(IntEnum):
    """Who goes first: lower goes before higher."""

    TAP = 0
    REPLY = 1
    BULK = 2


class DeliveryState(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    """Taken by a deliverer that has not called yet: goes back to waiting after a crash."""
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    """The call was made and nobody knows whether it arrived."""
    FAILED = "failed"
    SKIPPED = "skipped"


UNSETTLED = (DeliveryState.WAITING, DeliveryState.CLAIMED, DeliveryState.SENDING)


class Delivery(SQLModel, table=True):
    """One call of the Bot API that we owe."""

    __table_args__ = (
        Index(
            "ix_delivery_unsettled_of_chat",
            "chat_id",
            "lane",
            "id",
            sqlite_where=text("state IN ('waiting', 'claimed', 'sending')"),
            postgresql_where=text("state IN ('waiting', 'claimed', 'sending')"),
        ),
        Index(
            "ix_delivery_unsettled_by_lane",
            "lane",
            "id",
            sqlite_where=text("state IN ('waiting', 'claimed', 'sending')"),
            postgresql_where=text("state IN ('waiting', 'claimed', 'sending')"),
        ),
        Index("ix_delivery_settled", "state", "settled_at"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    chat_id: int = Field(sa_type=BIG)
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG, index=True)
    about_id: int | None = Field(default=None, sa_type=BIG, index=True)
    """The person whose words or name it holds where it goes to somebody else: emptied when they are erased."""
    lane: int = Lane.REPLY
    method: str
    """A method of python-telegram-bot's Bot, from the closed list in `db.outbox`."""
    arguments: dict[str, Any] = Field(sa_type=STRUCTURE)
    document: dict[str, Any] | None = Field(default=None, sa_type=STRUCTURE)
    """A file rendered when it is sent: {"kind": …, "id": …, "argument": "document"}; nothing binary is kept."""
    edits: str | None = Field(default=None, index=True)
    """Names the message this call changes ("chat:message"): of several waiting changes only the newest goes."""
    after_id: int | None = Field(default=None, sa_type=BIG)
    """A row that must be settled first."""
    verb: str | None = None
    """A domain verb that receives Telegram's answer inside the settling transaction."""
    verb_arguments: dict[str, Any] | None = Field(default=None, sa_type=STRUCTURE)
    is_secret: bool = False
    """Emptied when settled: login links, invitations, answers to what somebody types inline."""
    is_plain: bool = False
    """Sent once more without formatting, after Telegram could not read its form."""
    created_at: datetime
    expires_at: datetime | None = None
    """What was not sent by then is skipped: it would help nobody any more, or must be decided anew."""
    state: DeliveryState = Field(default=DeliveryState.WAITING, sa_type=one_of(DeliveryState))
    attempts: int = 0
    unknowns: int = 0
    """How often a call was made whose fate nobody knows."""
    goes_again: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Of bulk: sent once more where nobody knows its fate, as replies are. It is of one's own matter, and told once."""
    not_before: datetime | None = None
    claim_owner: str | None = None
    claim_token: str | None = None
    claim_until: datetime | None = None
    reason: str | None = None
    message_ids: list[int] | None = Field(default=None, sa_type=STRUCTURE)
    settled_at: datetime | None = None
