"""/program: topics, their entries and the cards, leafed through in one message."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from domain import questions
from domain.errors import StaleButton
from handlers.cards import card, officer_button
from handlers.pages import ON_A_PAGE, leaf, page_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Sentence, say


async def list_topics(_: Update, context: Context) -> None:
    """/program: the first page of topics, as a new message."""
    await list_topics_to(context.turn)


async def list_topics_to(turn: Turn) -> None:
    """The first page of topics."""
    await turn.reply(*await _topics(turn, 0))


async def turn_topics(_: Update, context: Context) -> None:
    """Another page of topics, in the message that is open."""
    turn = context.turn
    await turn.answer_tap()
    await turn.change(*await _topics(turn, int(context.tapped)))


async def list_entries(_: Update, context: Context) -> None:
    """A topic's entries, in the message that is open."""
    turn = context.turn
    topic, _dot, page = context.tapped.rpartition(".")
    await turn.answer_tap()
    await turn.change(*await _entries(turn, topic, int(page)))


async def open_entry(_: Update, context: Context) -> None:
    """An entry, in the message that is open, with the way back to its topic."""
    turn = context.turn
    shelf = await turn.house.library.shelf(turn.session)
    entry = shelf.entries.get(context.tapped)
    if entry is None:
        raise StaleButton
    await questions.show(turn.session, turn.person, entry.id, turn.now)
    page = shelf.of_topic(entry.topic).index(entry) // ON_A_PAGE
    await turn.answer_tap()
    back = Button(say("button.back"), "topic", f"{entry.topic}.{page}")
    await turn.change(card(entry), [[officer_button(None, entry)], [back]])


async def _topics(turn: Turn, page: int) -> tuple[Sentence, Buttons]:
    shelf = await turn.house.library.shelf(turn.session)
    filled = set(shelf.topics())
    topics = [(key, title) for key, title in turn.house.district.topics.items() if key in filled]
    if not topics:
        return say("topics.empty"), []
    shown, page, pages = page_of(topics, page)
    rows = [[Button(title, "topic", f"{key}.0")] for key, title in shown]
    sentence = say("topics.choose") if pages == 1 else say("topics.page", page=page + 1, pages=pages)
    return sentence, [*rows, *leaf("topics", "", page, pages)]


async def _entries(turn: Turn, topic: str, page: int) -> tuple[Sentence, Buttons]:
    shelf = await turn.house.library.shelf(turn.session)
    entries, title = shelf.of_topic(topic), turn.house.district.topics.get(topic, topic)
    if not entries:
        raise StaleButton
    shown, page, pages = page_of(entries, page)
    rows = [[Button(entry.title, "open", entry.id)] for entry in shown]
    sentence = (
        say("topics.entries", topic=title)
        if pages == 1
        else say("topics.entries_page", topic=title, page=page + 1, pages=pages)
    )
    back = list(turn.house.district.topics).index(topic) // ON_A_PAGE if topic in turn.house.district.topics else 0
    return sentence, [*rows, *leaf("topic", f"{topic}.", page, pages), [Button(say("button.back"), "topics", back)]]


HANDLERS = [
    CommandHandler("program", list_topics, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE),
    CallbackQueryHandler(turn_topics, pattern=r"^topics:(\d{1,3})$"),
    CallbackQueryHandler(list_entries, pattern=r"^topic:([a-z_]{1,40}\.\d{1,3})$"),
    CallbackQueryHandler(open_entry, pattern=r"^open:(P\d{1,4})$"),
]
