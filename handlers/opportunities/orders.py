"""What came of an opportunity, told by whoever was passed on: orders by band, in one tap, changed at any time."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain.opportunities import outcomes, telling
from handlers.turn import Context
from messages import Button, say


async def ask(_: Update, context: Context) -> None:
    """Ubah jawaban: the bands once more."""
    turn = context.turn
    row, opportunity = await outcomes.orders_of(turn.session, turn.person, int(context.tapped))
    await turn.answer_tap()
    await turn.change(say("interest.ask_orders", title=opportunity.title), outcomes.ask_orders(row))


async def tell(_: Update, context: Context) -> None:
    """A band: kept, thanked for, and what next."""
    turn = context.turn
    number, _dot, band = context.tapped.partition(".")
    row, opportunity = await outcomes.tell_orders(turn.session, turn.person, int(number), band, turn.now)
    await turn.answer_tap()
    said = say(f"button.orders_{band}")
    nothing = band in {"none", "unsaid"}
    thanks = say("interest.thanks_none" if nothing else "interest.thanks", title=opportunity.title, orders=said)
    ask_officer = Button(say("button.opportunity_ask"), "opp_ask", opportunity.id)
    again = Button(say("button.orders_again"), "opp_orders", row.id)
    await turn.change(thanks, [[again], [telling.ALL, ask_officer]])


HANDLERS = [
    CallbackQueryHandler(ask, pattern=r"^opp_orders:(\d{1,18})$"),
    CallbackQueryHandler(tell, pattern=rf"^opp_order:(\d{{1,18}}\.(?:{'|'.join(outcomes.BANDS)}))$"),
]
