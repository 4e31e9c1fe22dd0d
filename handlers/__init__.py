"""The routing table: every command and button on one page. The first match answers, so order matters.

What no line takes (what people in a group tell each other, a poll's count) is met with deliberate silence.
"""

from copy import copy

from telegram import Update
from telegram.ext import BaseHandler

from handlers import (
    ask,
    attendance,
    broadcast_audience,
    broadcast_changes,
    broadcast_content,
    broadcast_plan,
    broadcast_repeat,
    broadcast_rules,
    broadcast_running,
    broadcast_schedule,
    broadcasts,
    consent,
    data,
    desk,
    door,
    feeds,
    form_answers,
    genuine,
    groups,
    inline,
    inquiries,
    invitation,
    language,
    membership,
    offers,
    officers,
    opportunities,
    opportunity_answers,
    opportunity_card,
    opportunity_composing,
    opportunity_desk,
    opportunity_fields,
    opportunity_interested,
    opportunity_orders,
    opportunity_rules,
    other,
    outlets,
    participant_dates,
    participants,
    profile,
    program,
    queue,
    register,
    report,
    saved_replies,
    schedule,
    settings_menu,
    staff_groups,
    start,
    subscriptions,
    training_audience,
    training_desk,
    training_fields,
    training_papers,
    training_questions,
    trainings,
    wishes,
)
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
    name = f"{answer.__module__.rpartition('.')[2]}.{answer.__name__}"

    async def note_and_answer(update: Update, context: Context) -> None:
        context.turn.handled_by = name
        await answer(update, context)

    named = copy(handler)
    named.callback = note_and_answer
    return named


async def keep_failure(_: object, context: Context) -> None:
    """Hand what went wrong to the dispatcher, which python-telegram-bot would otherwise leave in the dark."""
    context.turn.failure = context.error
