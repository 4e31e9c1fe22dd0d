"""The routing table: every command and button on one page. The first match answers, so order matters.

What no line takes (what people in a group tell each other, a poll's count) is met with deliberate silence.
"""

from copy import copy

from telegram import Update
from telegram.ext import BaseHandler

from handlers import (
    ask,
    consent,
    data,
    desk,
    form_answers,
    genuine,
    groups,
    inline,
    inquiries,
    invitation,
    language,
    membership,
    officers,
    other,
    outlets,
    profile,
    program,
    queue,
    saved_replies,
    settings_menu,
    staff_groups,
    start,
    subscriptions,
)
from handlers.broadcasts import audience as broadcast_audience
from handlers.broadcasts import changes as broadcast_changes
from handlers.broadcasts import content as broadcast_content
from handlers.broadcasts import desk as broadcasts
from handlers.broadcasts import plan as broadcast_plan
from handlers.broadcasts import repeat as broadcast_repeat
from handlers.broadcasts import rules as broadcast_rules
from handlers.broadcasts import running as broadcast_running
from handlers.broadcasts import schedule as broadcast_schedule
from handlers.opportunities import answers as opportunity_answers
from handlers.opportunities import browsing as opportunities
from handlers.opportunities import card as opportunity_card
from handlers.opportunities import composing as opportunity_composing
from handlers.opportunities import desk as opportunity_desk
from handlers.opportunities import feeds, report, wishes
from handlers.opportunities import fields as opportunity_fields
from handlers.opportunities import interested as opportunity_interested
from handlers.opportunities import orders as opportunity_orders
from handlers.opportunities import rules as opportunity_rules
from handlers.opportunities import standings as opportunity_standings
from handlers.trainings import attendance, door, offers, participant_dates, participants, register, schedule
from handlers.trainings import audience as training_audience
from handlers.trainings import browsing as trainings
from handlers.trainings import desk as training_desk
from handlers.trainings import fields as training_fields
from handlers.trainings import papers as training_papers
from handlers.trainings import questions as training_questions
from handlers.turn import BotApplication, Context


def add_to(application: BotApplication) -> None:
    """Put every handler into *application*."""
    every = (
        *membership.HANDLERS,
        *inline.HANDLERS,
        *desk.HANDLERS,
        *genuine.STAFF_HANDLERS,
        *staff_groups.HANDLERS,
        *outlets.HERE,
        *groups.HANDLERS,
        *start.HANDLERS,
        *program.HANDLERS,
        *trainings.HANDLERS,
        *register.HANDLERS,
        *offers.HANDLERS,
        *schedule.HANDLERS,
        *opportunities.HANDLERS,
        *opportunity_card.HANDLERS,
        *opportunity_answers.HANDLERS,
        *subscriptions.HANDLERS,
        *wishes.HANDLERS,
        *outlets.HANDLERS,
        *profile.HANDLERS,
        *consent.HANDLERS,
        *invitation.HANDLERS,
        *data.HANDLERS,
        *form_answers.HANDLERS,
        *language.HANDLERS,
        *genuine.HANDLERS,
        *officers.HANDLERS,
        *queue.HANDLERS,
        *saved_replies.HANDLERS,
        *inquiries.HANDLERS,
        *settings_menu.HANDLERS,
        *report.HANDLERS,
        *training_desk.HANDLERS,
        *training_fields.HANDLERS,
        *training_audience.HANDLERS,
        *training_questions.HANDLERS,
        *training_papers.HANDLERS,
        *opportunity_interested.HANDLERS,
        *opportunity_standings.HANDLERS,
        *opportunity_orders.HANDLERS,
        *broadcasts.HANDLERS,
        *broadcast_content.HANDLERS,
        *broadcast_audience.HANDLERS,
        *broadcast_plan.HANDLERS,
        *broadcast_rules.HANDLERS,
        *opportunity_composing.HANDLERS,
        *opportunity_desk.HANDLERS,
        *opportunity_fields.HANDLERS,
        *opportunity_rules.HANDLERS,
        *participants.HANDLERS,
        *participant_dates.HANDLERS,
        *broadcast_running.HANDLERS,
        *broadcast_changes.HANDLERS,
        *door.HANDLERS,
        *attendance.HANDLERS,
        *broadcast_repeat.HANDLERS,
        *broadcast_schedule.HANDLERS,
        *feeds.HANDLERS,
        *ask.HANDLERS,
        *ask.TEXT_HANDLERS,
        *inquiries.EDITED_HANDLERS,
        *other.HANDLERS,
    )
    application.add_handlers([_named(handler) for handler in every])
    application.add_error_handler(keep_failure)


def _named(handler: BaseHandler[Update, Context, None]) -> BaseHandler[Update, Context, None]:
    """A copy of *handler* that tells the turn who took it, as "ask.answer_text"."""
    answer = handler.callback
    name = f"{answer.__module__.removeprefix('handlers.')}.{answer.__name__}"

    async def note_and_answer(update: Update, context: Context) -> None:
        context.turn.handled_by = name
        await answer(update, context)

    named = copy(handler)
    named.callback = note_and_answer
    return named


async def keep_failure(_: object, context: Context) -> None:
    """Hand what went wrong to the dispatcher, which python-telegram-bot would otherwise leave in the dark."""
    context.turn.failure = context.error
