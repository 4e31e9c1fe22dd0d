"""What the bot called: every call as it was, how many there were of each kind, and when those accepted arrived."""

from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Call:
    """A call the bot made. *status* is the HTTP status it was answered with, 0 when it got no answer."""

    method: str
    parameters: Json
    status: int
    at: float  # time.monotonic() of its arrival
    description: str = ""  # of a refusal
    accepted: bool = True  # whether it took effect


class Arrivals:
    """A row for each accepted call, in columns of plain numbers: 20 bytes a call."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}  # of methods, by the order they came in first
        self.clear()

    def clear(self) -> None:
        self._at, self._methods, self._chat_ids, self._messages = array("d"), array("H"), array("q"), array("H")

    def __len__(self) -> int:
        return len(self._at)

    def add(self, at: float, method: str, chat_id: int, messages: int) -> None:
        """*at* in monotonic seconds; *chat_id* 0 for a call that is about no chat."""
        self._at.append(at)
        self._methods.append(self._names.setdefault(method, len(self._names)))
        self._chat_ids.append(chat_id)
        self._messages.append(messages)

    def told(self, since: int = 0) -> Json:
        """The rows from that one on, as columns; ``method`` is a place in ``methods``."""
        return {
            "methods": list(self._names),
            "at": self._at[since:].tolist(),
            "method": self._methods[since:].tolist(),
            "chat_id": self._chat_ids[since:].tolist(),
            "messages": self._messages[since:].tolist(),
        }


@dataclass
class Record:
    calls: list[Call] = field(default_factory=list)
    keeps_calls: bool = True  # else only what follows is kept
    accepted: Counter[str] = field(default_factory=Counter)  # by method
    refused: Counter[int] = field(default_factory=Counter)  # by HTTP status, 0 for no answer
    arrivals: Arrivals = field(default_factory=Arrivals)

    def begin(self, call: Call) -> None:
        if self.keeps_calls:
            self.calls.append(call)

    def end(self, call: Call) -> None:
        """Once it is settled what becomes of it."""
        if not call.accepted:
            self.refused[call.status] += 1
            return
        self.accepted[call.method] += 1
        chat_id = call.parameters.get("chat_id")
        self.arrivals.add(call.at, call.method, chat_id if isinstance(chat_id, int) else 0, messages_in(call))


def messages_in(call: Call) -> int:
    """How many messages a call is about, which is what Telegram counts."""
    several = call.parameters.get("media" if call.method == "sendMediaGroup" else "message_ids")
    return len(several) if isinstance(several, list) else 1
