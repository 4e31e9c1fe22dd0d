"""What the Bot API says no with."""

from typing import Any


class Refused(Exception):
    """The pretend Telegram understood the call and declines it, in Telegram's own words.

    *status* is both the HTTP status and ``error_code``; *parameters* are those of Telegram's ResponseParameters.
    """

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        return {**answer, "parameters": self.parameters} if self.parameters else answer


def bad_request(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


def too_many_requests(retry_after: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
