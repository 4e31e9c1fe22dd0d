"""The groups the bot is or was in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import false
from sqlmodel import Field, SQLModel

from db.models.columns import BIG, one_of


class GroupState(StrEnum):
    """What the bot is there."""

    MEMBER = "member"
    ADMINISTRATOR = "administrator"
    LEFT = "left"


class GroupChat(SQLModel, table=True):
    """A group as Telegram last told of it."""

    __tablename__ = "group_chat"

    telegram_id: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={"autoincrement": False})
    title: str
    state: GroupState = Field(sa_type=one_of(GroupState))
    is_forum: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether it has topics."""
    may_manage_topics: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    may_delete_messages: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """The bot's rights there, as Telegram last told."""
    migrated_to: int | None = Field(default=None, sa_type=BIG)
    """The supergroup it became, which is another chat."""
    welcome_id: int | None = Field(default=None, sa_type=BIG)
    """The outbox row that says how to ask, to be taken back where the group is an old one in a new chat."""
    changed_at: datetime
