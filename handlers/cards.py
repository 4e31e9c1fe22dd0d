"""An entry as people see it: the card, and the buttons under it."""

from collections.abc import Iterable

from domain.knowledge.entry import Entry
from domain.knowledge.shelf import Shelf
from messages import Button, Date, Sentence, say
from messages.limits import START_PAYLOAD

TOPICS = Button(say("button.topics"), "topics", 0)
NEW_INQUIRY = Button(say("button.new_inquiry"), "inquire", "new")
MOST_RELATED = 3


def card(entry: Entry) -> Sentence:
    """What the entry says, where it is from and when it was last looked at."""
    blanks = {"title": entry.title, "body": entry.body, "source": entry.source, "as_of": Date(entry.as_of)}
    if entry.verify:
        return say("answer.card_to_verify", **blanks, verify=entry.verify)
    return say("answer.card", **blanks)


def entry_buttons(entries: Iterable[Entry], question_id: int | None = None) -> list[list[Button]]:
    """One button an entry; with a question, the tap tells which guess was meant."""
    if question_id is None:
        return [[Button(entry.title, "entry", entry.id)] for entry in entries]
    return [[Button(entry.title, "guess", f"{question_id}.{entry.id}")] for entry in entries]


def officer_button(question_id: int | None = None, entry: Entry | None = None) -> Button:
    """To the officers of the office that stands for the entry; with a question, that is what they are sent."""
    return Button(say("button.officer"), "inquire", f"{question_id or ''}.{entry.id if entry else ''}")


def under_card(
    entry: Entry, shelf: Shelf, question_id: int | None = None, *, is_rated: bool = False
) -> list[list[Button]]:
    """Related entries, whether it helped (when it answered a question), the officers, and the topics."""
    rows = entry_buttons(_related(entry, shelf))
    if question_id is not None and not is_rated:
        helpful = Button(say("button.helpful"), "helpful", question_id)
        rows.append([helpful, Button(say("button.unhelpful"), "unhelpful", question_id)])
    return [*rows, [officer_button(question_id, entry), TOPICS]]


def _related(entry: Entry, shelf: Shelf) -> list[Entry]:
    return [shelf.entries[id] for id in entry.related if id in shelf.entries][:MOST_RELATED]


# Where many read along: links, which work for anybody and lead each to their own chat with the bot.


def private_link(username: str, payload: str, label: Sentence | str) -> Button:
    """To the private chat with the bot, where *payload* follows /start. Raises ValueError for one Telegram refuses."""
    if not START_PAYLOAD.fullmatch(payload):
        raise ValueError(f"no payload of a link: {payload!r}")
    return Button(label, url=f"https://t.me/{username}?start={payload}")


def topics_link(username: str) -> Button:
    return private_link(username, "program", say("button.topics"))


def entry_links(entries: Iterable[Entry], username: str) -> list[list[Button]]:
    """One link an entry."""
    return [[private_link(username, entry.id, entry.title)] for entry in entries]


def under_shared_card(entry: Entry, shelf: Shelf, username: str) -> list[list[Button]]:
    """Related entries and the topics; whether it helped is asked in private only."""
    return [*entry_links(_related(entry, shelf), username), [topics_link(username)]]
