"""The routing table: every command and button on one page. The first match answers, so order matters.

What no line takes (a message in a group, a poll's count, an edited picture) is met with deliberate silence.
"""

from handlers import ask, other, program, start
from handlers.turn import BotApplication, Context


def add_to(application: BotApplication) -> None:
    """Put every handler into *application*."""
    application.add_handlers(
        [
            *start.HANDLERS,
            *program.HANDLERS,
            *ask.HANDLERS,
            *ask.TEXT_HANDLERS,
            *other.HANDLERS,
        ]
    )
    application.add_error_handler(keep_failure)


async def keep_failure(_: object, context: Context) -> None:
    """Hand what went wrong to the dispatcher, which python-telegram-bot would otherwise leave in the dark."""
    context.turn.failure = context.error
