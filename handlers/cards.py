"""An entry as people see it: the card, and the buttons under it."""

from collections.abc import Iterable

from domain.knowledge.entry import Entry
from domain.knowledge.shelf import Shelf
from messages import Button, Date, Sentence, say

TOPICS = Button(say("button.topics"), "topics", 0)
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


def under_card(entry: Entry, shelf: Shelf, question_id: int | None = None) -> list[list[Button]]:
    """Related entries, whether it helped (when it answered a question), and the topics."""
    related = [shelf.entries[id] for id in entry.related if id in shelf.entries][:MOST_RELATED]
    rows = entry_buttons(related)
    if question_id is not None:
        helpful = Button(say("button.helpful"), "helpful", question_id)
        rows.append([helpful, Button(say("button.unhelpful"), "unhelpful", question_id)])
    return [*rows, [TOPICS]]
