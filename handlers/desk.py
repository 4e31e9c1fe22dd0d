"""Officers answer: a reply in their group, or to what they were shown in private, goes to the person; no more does."""

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from domain import groups, inquiries, staff
from domain.errors import NotForYou
from domain.inquiries import Over, Written
from handlers import groups as everybodys
from handlers import other, steps
from handlers.turn import GROUPS, Context, Turn
from handlers.writing import is_ours, words_of, written
from messages import Button, say

# Answering.


async def answer(update: Update, context: Context) -> None:
    """A reply to what shows an inquiry: it goes to the person, or whoever wrote is told why not."""
    turn, replied = context.turn, context.turn.message.reply_to_message
    number = await _number_of(turn, replied) if replied else None
    if number is None:
        await everybodys.answer_mention(update, context)
    elif turn.message.sender_chat:
        await turn.reply(say("desk.anonymous"))
    elif (message := written(turn.message)) is None:
        await turn.reply(say("desk.kinds"))
    else:
        await _answer(turn, number, message)


async def _number_of(turn: Turn, replied: Message) -> int | None:
    """Of the inquiry that a message shows; None in a group where no office works."""
    chat = turn.message.chat
    if chat.type in GROUPS:
        if not await staff.offices_of_group(turn.session, chat.id):
            return None
        await groups.note_forum(turn.session, chat.id, is_forum=bool(chat.is_forum))
    return await inquiries.shown_by(turn.session, chat.id, replied.message_id, words_of(replied))


async def _answer(turn: Turn, number: int, message: Written) -> bool:
    """Send it; False where it was said why not."""
    try:
        await inquiries.answer(turn.session, turn.house.district, turn.person, number, message, turn.now)
    except NotForYou:
        await turn.reply(await inquiries.why_not(turn.session, turn.house.district, turn.person, number))
        return False
    except Over as over:
        await turn.reply(over.sentence, over.buttons)
        return False
    return True


async def correct(_: Update, context: Context) -> None:
    """A changed answer changes at the person, too."""
    turn = context.turn
    message = written(turn.message)
    if message and not turn.message.sender_chat:
        try:
            await inquiries.correct(turn.session, turn.house.district, turn.person, message, turn.now)
        except NotForYou:
            await turn.reply(say("desk.not_officer"))


async def begin_answer(_: Update, context: Context) -> None:
    """Jawab, in private: what is sent next is the answer."""
    turn = context.turn
    inquiry = await inquiries.access(turn.session, turn.person, int(context.tapped))
    await turn.answer_tap()
    await steps.begin(turn, "desk.answer", inquiry=inquiry.id)
    await turn.reply(say("desk.answer_what", number=inquiry.id), [[Button(say("button.not_send"), "unanswered", 0)]])


async def take_answer(turn: Turn, state: steps.State) -> None:
    """The answer came; another kind than can be passed on is asked for again."""
    message = written(turn.message)
    if message is None:
        await turn.reply(say("desk.kinds"))
        return
    await steps.end(turn)
    await _answer(turn, state["inquiry"], message)


async def drop_answer(_: Update, context: Context) -> None:
    """Batal: nothing is sent."""
    turn = context.turn
    state = await steps.under_way(turn)
    if state and state["step"] == "desk.answer":
        await steps.end(turn)
    await turn.answer_tap()
    await turn.change(say("desk.not_answered"), [[QUEUE]])


# Commands in a group.


async def finish_by_command(update: Update, context: Context) -> None:
    """/selesai, as a reply to what shows an inquiry or within its topic; for anybody but officers there is none."""
    turn = context.turn
    if not await _is_desk(turn):
        await _is_unknown(update, context)
        return
    number = await _number_here(turn)
    if number is None:
        await turn.reply(say("desk.finish_what"))
        return
    try:
        await inquiries.finish(turn.session, turn.house.district, turn.person, number, turn.message.chat_id, turn.now)
    except NotForYou:
        await turn.reply(await inquiries.why_not(turn.session, turn.house.district, turn.person, number))
        return
    await turn.reply(say("desk.finished", number=number))


async def withdraw_by_command(update: Update, context: Context) -> None:
    """/tarik, as a reply to one's answer: it is taken back; for anybody but officers there is no such command."""
    turn, replied = context.turn, context.turn.message.reply_to_message
    if not await _is_desk(turn):
        await _is_unknown(update, context)
    elif replied is None:
        await turn.reply(say("desk.withdraw_what"))
    else:
        await _withdraw(turn, replied.message_id)


async def _withdraw(turn: Turn, message_id: int) -> None:
    district, chat_id = turn.house.district, turn.message.chat_id
    try:
        said = await inquiries.withdraw_answer(turn.session, district, turn.person, chat_id, message_id, turn.now)
    except NotForYou:
        said = say("desk.withdraw_what")
    await turn.reply(said)


async def _is_desk(turn: Turn) -> bool:
    """Whether an officer writes in their own name, where officers work."""
    if turn.message.sender_chat or await staff.officer_of(turn.session, turn.person) is None:
        return False
    chat = turn.message.chat
    return chat.type not in GROUPS or bool(await staff.offices_of_group(turn.session, chat.id))


async def _is_unknown(update: Update, context: Context) -> None:
    """As any command that does not exist."""
    if context.turn.message.chat.type in GROUPS:
        await everybodys.answer_command(update, context)
    else:
        await other.explain_command(update, context)


async def _number_here(turn: Turn) -> int | None:
    """Of the inquiry that is replied to, or in whose topic this is."""
    message, replied = turn.message, turn.message.reply_to_message
    if replied and is_ours(replied) and (number := await _number_of(turn, replied)):
        return number
    if not message.is_topic_message or message.message_thread_id is None:
        return None
    inquiry = await inquiries.in_topic(turn.session, message.chat_id, message.message_thread_id)
    return inquiry.id if inquiry else None


# Buttons.


async def offer_replies(_: Update, context: Context) -> None:
    """Balasan siap: the office's saved replies, in the place of the buttons."""
    turn = context.turn
    inquiry, replies = await inquiries.saved.of_inquiry(turn.session, turn.person, int(context.tapped))
    if not replies:
        await turn.answer_tap(say("tap.no_saved"), alert=True)
        return
    await turn.answer_tap()
    each = [[Button(saved.title, "ready", f"{inquiry.id}.{saved.id}")] for saved in replies]
    await turn.change_buttons([*each, [Button(say("button.back"), "heads", inquiry.id)]])


async def use_reply(_: Update, context: Context) -> None:
    """A saved reply was tapped: it is the answer."""
    turn, chat_id = context.turn, _chat_of(context.turn)
    number, _dot, saved_id = context.tapped.partition(".")
    try:
        await inquiries.use_saved(
            turn.session, turn.house.district, turn.person, int(number), int(saved_id), chat_id, turn.now
        )
    except Over as over:
        await turn.answer_tap(over.sentence, alert=True)
        return
    await turn.answer_tap(say("tap.reply_sent"))


async def show_head(_: Update, context: Context) -> None:
    """Kembali: the buttons there were."""
    turn = context.turn
    inquiry = await inquiries.access(turn.session, turn.person, int(context.tapped), reads=True)
    await turn.answer_tap()
    await turn.change_buttons(await inquiries.buttons_of(turn.session, turn.house.district, inquiry, _chat_of(turn)))


async def forward(_: Update, context: Context) -> None:
    """Teruskan: to the other office, or where there are more, which one."""
    turn = context.turn
    inquiry = await inquiries.access(turn.session, turn.person, int(context.tapped))
    others = [office for office in turn.house.district.offices if office.key != inquiry.office]
    if len(others) == 1:
        await _forward(turn, inquiry.id, others[0].key)
        return
    await turn.answer_tap()
    each = [[Button(office.short_name, "forward_to", f"{inquiry.id}.{office.key}")] for office in others]
    await turn.change_buttons([*each, [Button(say("button.back"), "heads", inquiry.id)]])


async def forward_to(_: Update, context: Context) -> None:
    """The office was chosen."""
    number, _dot, office = context.tapped.partition(".")
    await _forward(context.turn, int(number), office)


async def _forward(turn: Turn, number: int, office: str) -> None:
    await inquiries.forward(turn.session, turn.house.district, turn.person, number, office, _chat_of(turn), turn.now)
    await turn.answer_tap(say("tap.forwarded", office=inquiries.office_name(turn.house.district, office)))


async def finish(_: Update, context: Context) -> None:
    """Selesai: the question is closed, both sides know."""
    turn = context.turn
    await inquiries.finish(
        turn.session, turn.house.district, turn.person, int(context.tapped), _chat_of(turn), turn.now
    )
    await turn.answer_tap(say("tap.finished"))


async def reopen(_: Update, context: Context) -> None:
    """Buka lagi: it was closed too early."""
    turn = context.turn
    inquiry = await inquiries.reopen(
        turn.session, turn.house.district, turn.person, int(context.tapped), _chat_of(turn), turn.now
    )
    await turn.answer_tap()
    await turn.change(say("desk.reopened", number=inquiry.id))


async def remove_id_card(_: Update, context: Context) -> None:
    """Ini KTP: the photo is deleted on both sides, and the person is told kindly."""
    turn = context.turn
    await inquiries.remove_id_card(
        turn.session, turn.house.district, turn.person, int(context.tapped), _chat_of(turn), turn.now
    )
    await turn.answer_tap(say("tap.card_removed"))


async def show_next(_: Update, context: Context) -> None:
    """Tampilkan 5 berikutnya, under the summary of many."""
    turn, chat_id = context.turn, _chat_of(context.turn)
    offices = await staff.offices_of_group(turn.session, chat_id)
    theirs = [office for office in offices if await _serves(turn, office)]
    if not theirs:
        raise NotForYou
    await turn.answer_tap()
    await inquiries.post_next(turn.session, turn.house.district, chat_id, theirs)


async def _serves(turn: Turn, office: str) -> bool:
    officer = await staff.officer_of(turn.session, turn.person)
    return officer is not None and staff.serves(officer, office)


def _chat_of(turn: Turn) -> int:
    chat = turn.update.effective_chat
    return chat.id if chat else turn.person.telegram_id


async def note_topic(_: Update, context: Context) -> None:
    """Somebody closed or opened a topic by hand."""
    turn, message = context.turn, context.turn.message
    if message.message_thread_id is not None:
        is_closed = message.forum_topic_closed is not None
        await inquiries.note_topic(turn.session, message.chat_id, message.message_thread_id, is_closed=is_closed)


class ToAnInquiry(filters.MessageFilter):
    """Replies to what shows an inquiry: it begins with its number, but for a place, which has no words."""

    def filter(self, message: Message) -> bool:
        replied = message.reply_to_message
        if replied is None or not is_ours(replied):
            return False
        is_pin = replied.location is not None and message.chat.type in GROUPS
        return is_pin or inquiries.number_at_start(words_of(replied)) is not None


QUEUE = Button(say("button.queue"), "queue", 0)

NEW, EDITED = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
IN_GROUP, IN_PRIVATE = filters.ChatType.GROUPS, filters.ChatType.PRIVATE
TOPIC = filters.StatusUpdate.FORUM_TOPIC_CLOSED | filters.StatusUpdate.FORUM_TOPIC_REOPENED

HANDLERS = [
    CommandHandler("selesai", finish_by_command, NEW & (IN_GROUP | IN_PRIVATE)),
    CommandHandler("tarik", withdraw_by_command, NEW & (IN_GROUP | IN_PRIVATE)),
    MessageHandler(NEW & (IN_GROUP | IN_PRIVATE) & ToAnInquiry() & ~filters.COMMAND, answer),
    MessageHandler(NEW & IN_GROUP & TOPIC, note_topic),
    MessageHandler(EDITED & IN_GROUP, correct),
    CallbackQueryHandler(begin_answer, pattern=r"^answer:(\d{1,18})$"),
    CallbackQueryHandler(drop_answer, pattern=r"^unanswered:(0)$"),
    CallbackQueryHandler(offer_replies, pattern=r"^replies:(\d{1,18})$"),
    CallbackQueryHandler(use_reply, pattern=r"^ready:(\d{1,18}\.\d{1,18})$"),
    CallbackQueryHandler(show_head, pattern=r"^heads:(\d{1,18})$"),
    CallbackQueryHandler(forward, pattern=r"^forward:(\d{1,18})$"),
    CallbackQueryHandler(forward_to, pattern=r"^forward_to:(\d{1,18}\.[a-z0-9_]{1,40})$"),
    CallbackQueryHandler(finish, pattern=r"^close:(\d{1,18})$"),
    CallbackQueryHandler(reopen, pattern=r"^reopen:(\d{1,18})$"),
    CallbackQueryHandler(remove_id_card, pattern=r"^idcard:(\d{1,18})$"),
    CallbackQueryHandler(show_next, pattern=r"^more:(0)$"),
]
"""Before those of everybody's groups, which lead what is personal to the private chat."""

steps.STEPS["desk.answer"] = steps.MEDIA_STEPS["desk.answer"] = take_answer
