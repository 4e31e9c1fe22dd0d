"""Failures to order: what shall go wrong with the next calls."""

from dataclasses import dataclass, field

from simulator.refusals import Refused, too_many_requests

KINDS = {
    "400": "refused with your description",
    "401": "Unauthorized",
    "403": "the bot was blocked by the user",
    "404": "Not Found",
    "409": "Conflict",
    "429": "too many requests, with retry_after",
    "500": "Telegram's own trouble, with its JSON",
    "502": "a gateway's page, without JSON",
    "timeout": "no answer until the bot gives up; not accepted",
    "timeout_after": "accepted, then no answer",
    "reset_before": "connection reset, not accepted",
    "reset_after": "accepted, then connection reset",
}
ACCEPTED_FIRST = {"timeout_after", "reset_after"}
DESCRIPTIONS = {
    "400": "Bad Request",
    "401": "Unauthorized",
    "403": "Forbidden: bot was blocked by the user",
    "404": "Not Found",
    "409": "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    "500": "Internal Server Error: restart",
}


@dataclass(slots=True)
class Failure:
    kind: str
    method: str | None = None  # any but getUpdates
    chat_id: int | None = None  # any
    times: int = 1
    retry_after: int = 3
    description: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no failure of kind {self.kind!r}; there are {', '.join(KINDS)}")

    def hits(self, method: str, chat_id: int | None) -> bool:
        is_meant = method == self.method if self.method else method != "getUpdates"
        return is_meant and self.chat_id in (None, chat_id)

    def refusal(self) -> Refused | None:
        """The answer that Telegram's JSON gives; None for the kinds that have none."""
        if self.kind == "429":
            return too_many_requests(self.retry_after)
        if self.kind in DESCRIPTIONS:
            return Refused(int(self.kind), self.description or DESCRIPTIONS[self.kind])
        return None


@dataclass
class Failures:
    ordered: list[Failure] = field(default_factory=list)

    def order(self, failure: Failure) -> None:
        self.ordered.append(failure)

    def take(self, method: str, chat_id: int | None) -> Failure | None:
        """The failure that hits this call, ordered first; counts it down."""
        for failure in self.ordered:
            if failure.hits(method, chat_id):
                failure.times -= 1
                if failure.times <= 0:
                    self.ordered.remove(failure)
                return failure
        return None
