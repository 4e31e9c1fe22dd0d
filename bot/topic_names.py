"""A topic is named for who asks: its name is struck from an update before it is stored, since whatever is written there
quotes it for ever, also once that person is erased."""

from typing import Any

NAMED = ("forum_topic_created", "forum_topic_edited")
STRUCK = "•"


def strike_topics(payload: Any) -> Any:
    """A copy of an update's JSON in which no topic has a name."""
    if isinstance(payload, dict):
        return {key: _unnamed(value) if key in NAMED else strike_topics(value) for key, value in payload.items()}
    return [strike_topics(item) for item in payload] if isinstance(payload, list) else payload


def _unnamed(topic: Any) -> Any:
    return {**topic, "name": STRUCK} if isinstance(topic, dict) and "name" in topic else topic
