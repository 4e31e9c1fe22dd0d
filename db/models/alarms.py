"""What is or was wrong with the bot itself, and whether its admins know."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Alarm(SQLModel, table=True):
    """The newest episode of one kind of trouble; a row, so that a restart or another replica tells nobody twice."""

    name: str = Field(primary_key=True)
    began_at: datetime
    ended_at: datetime | None = None
    detail: str = ""
    """How bad it is now, as the sentence says it: a percentage, a number of seconds, a reason."""
    counted_until: datetime | None = None
    """For what is counted (parked updates): what is settled by then is in `detail`, or was told earlier."""

    @property
    def is_open(self) -> bool:
        return self.ended_at is None
