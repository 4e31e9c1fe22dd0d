"""Who leads the replicas, and which lanes Telegram told to rest."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Leadership(SQLModel, table=True):
    """The one row that says which process polls, ticks and sends."""

    id: int = Field(default=1, primary_key=True)
    owner: str
    token: str
    """Changes with each leader, so that one that froze knows itself deposed."""
    until: datetime


class LanePause(SQLModel, table=True):
    """A lane that rests after floods in several chats; a row, so that the next leader rests too."""

    __tablename__ = "lane_pause"

    lane: int = Field(primary_key=True)
    until: datetime
