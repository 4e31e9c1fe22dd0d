"""An opportunity's card: what it says and what they said to it, what is asked in one tap, and passing it on."""

from collections.abc import Sequence
from urllib.parse import quote

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler

from domain import consent, post, profile, staff
from domain.errors import StaleButton
from domain.opportunities import (
    InterestAnswer,
    Opportunity,
    OpportunityState,
    amending,
    catalogue,
    interest,
    mailing,
    needs,
    telling,
)
from domain.opportunities.refusals import Over
from handlers import consent as agreement
from handlers.turn import Context, Turn
from messages import Button, Buttons, Sentence, say
from messages.limits import cut

ON_A_PAGE = 5
"""Of the list, to which the card leads back."""

MOST_OF_SOUGHT = 300
"""Characters of it in what is passed on to others."""

MINE = Button(say("button.opportunity_mine"), "opps_mine", 0)

AGREED = "oppneed"
"""What goes on once they agree that an answer is kept: the number of the opportunity, and two digits for the answer."""

SAID = (
    *((paper, answer) for paper in needs.PAPERS for answer in (needs.YES, needs.NO)),
    *(("capacity", band) for band in needs.CAPACITIES),
)
"""What may be answered; an agreement that is asked for names it by its place."""


async def open_card(_: Update, context: Context) -> None:
    """A button of a list, or of a message that told of several."""
    turn = context.turn
    one = await catalogue.one(turn.session, int(context.tapped))
    await turn.answer_tap()
    await show_card(turn, one)


async def show_card(turn: Turn, one: Opportunity) -> None:
    """The card: in the message that is open, or anew where that has to go on saying what it says."""
    await amending.seen(turn.session, turn.person, one.id, turn.now)
    sentence, buttons = await card(turn, one)
    if one.file and one.state is OpportunityState.OPEN:
        await _show_with_file(turn, one.file, sentence, buttons)
    elif (id := turn.tapped_message_id) is not None and await mailing.is_one(turn.session, turn.person, id):
        await turn.reply(sentence, buttons)
    else:
        await turn.change(sentence, buttons)


async def _show_with_file(turn: Turn, file: dict[str, str], sentence: Sentence, buttons: Buttons) -> None:
    shown = turn.session, turn.person, file["kind"], file["file_id"]
    if post.fits_caption(sentence, turn.person.language):
        await post.owe_media(*shown, sentence, buttons)
    else:
        await post.owe_media(*shown, say("opportunities.file"))
        await turn.reply(sentence, buttons)


async def redraw(turn: Turn, one: Opportunity) -> None:
    """The card in the place of what was tapped, as it stands now."""
    await show_here(turn, *await card(turn, one))


async def show_here(turn: Turn, sentence: Sentence, buttons: Buttons) -> None:
    """In the message that was tapped, under its file where it has one."""
    message = turn.update.callback_query and turn.update.callback_query.message
    is_under_file = isinstance(message, Message) and message.effective_attachment is not None
    if is_under_file and message and post.fits_caption(sentence, turn.person.language):
        here = turn.session, turn.person, message.message_id
        await post.owe_edit(*here, sentence, buttons, is_caption=True)
    else:
        await turn.change(sentence, buttons)


async def card(turn: Turn, one: Opportunity) -> tuple[Sentence, Buttons]:
    """All there is to know of it, and what this person can do."""
    known = await profile.kept(turn.session, turn.person)
    theirs = await interest.of(turn.session, turn.person, one.id)
    district, is_theirs = turn.house.district, theirs is not None and theirs.answer is InterestAnswer.INTERESTED
    sentence = telling.whole(one, known, theirs, district, turn.now)
    ways = [*(await _officers_rows(turn, one)), [await _back(turn, one), *([MINE] if is_theirs else [])]]
    if not telling.is_open(one, turn.now):
        return sentence, ways
    asked = _asked(one, needs.met(one, known).unknown)
    if asked:
        key = "opportunity.fill_in_capacity" if len(asked) > len(needs.PAPERS) else "opportunity.fill_in"
        sentence = say("opportunity.with_state", card=sentence, state=say(key))
    share = [Button(say("button.share"), url=_share(turn, one)), Button(say("button.text_for_wa"), "opp_wa", one.id)]
    return sentence, [
        *telling.answers(one, theirs),
        *asked,
        *telling.explained(one, known, district),
        share,
        *ways,
    ]


def _asked(one: Opportunity, unknown: Sequence[str]) -> list[list[Button]]:
    """A row for each paper of which nobody knows whether they have it, and the bands of what they can make."""
    rows = []
    for paper in (need for need in unknown if need in needs.PAPERS):
        name = say(f"button.paper_{paper}")
        yes = Button(say("button.need_yes", need=name), "opp_need", f"{one.id}.{paper}.{needs.YES}")
        rows.append([yes, Button(say("button.need_no", need=name), "opp_need", f"{one.id}.{paper}.{needs.NO}")])
    if "capacity" in unknown:
        bands = [
            Button(say(f"button.need_capacity_{band}"), "opp_need", f"{one.id}.capacity.{band}")
            for band in needs.CAPACITIES
        ]
        rows += [bands[start : start + 2] for start in range(0, len(bands), 2)]
    return rows


async def _back(turn: Turn, one: Opportunity) -> Button:
    """To the page of the list on which it stands."""
    listed = [offered.opportunity.id for offered in await catalogue.offered_to(turn.session, turn.person, turn.now)]
    page = listed.index(one.id) // ON_A_PAGE if one.id in listed else 0
    return Button(telling.ALL.label, telling.ALL.verb, page)


async def _officers_rows(turn: Turn, one: Opportunity) -> Buttons:
    officer = await staff.officer_of(turn.session, turn.person)
    if officer is None or not staff.serves(officer, one.office):
        return []
    return [[Button(say("button.opportunity_sheet"), "opp_sheet", one.id)]]


# What is not known yet.


async def take_need(_: Update, context: Context) -> None:
    """NIB: sudah | belum: kept in the profile at once, or after the agreement."""
    turn = context.turn
    number, *said = context.tapped.split(".")
    one = await catalogue.one(turn.session, int(number))
    need, answer = said
    if (need, answer) not in SAID or need not in needs.asked_by(one):
        raise StaleButton
    if not await consent.has_consent(turn.session, turn.person):
        await turn.answer_tap()
        await agreement.ask(turn, f"{AGREED}-{one.id}{SAID.index((need, answer)):02}")
        return
    await profile.save(turn.session, turn.person, {need: answer}, turn.now)
    await turn.answer_tap(say("tap.need_saved"))
    await redraw(turn, one)


async def _take_agreed(turn: Turn, about: str) -> None:
    """They agreed: what they had tapped is kept, and the card says so."""
    number, place = divmod(int(about or 0), 100)
    one = await catalogue.one(turn.session, number)
    if place >= len(SAID):
        raise StaleButton
    need, answer = SAID[place]
    await profile.save(turn.session, turn.person, {need: answer}, turn.now)
    await turn.reply(*await card(turn, one))


agreement.AFTER[AGREED] = _take_agreed


# What is passed on.


def _link_to(turn: Turn, one: Opportunity) -> str:
    """Opens the card, for anybody."""
    return f"https://t.me/{turn.username}?start=peluang_{one.id}"


def _share(turn: Turn, one: Opportunity) -> str:
    link, text = quote(_link_to(turn, one), safe=""), quote(one.title, safe="")
    return f"https://t.me/share/url?url={link}&text={text}"


async def show_text(_: Update, context: Context) -> None:
    """Teks untuk WA: plain words to copy, with the link."""
    turn = context.turn
    one = await catalogue.one(turn.session, int(context.tapped))
    if not telling.is_open(one, turn.now):
        raise Over(telling.over(one), [[telling.ALL]])
    await turn.answer_tap()
    blanks = {"title": one.title, "sought": cut(one.sought, MOST_OF_SOUGHT), "link": _link_to(turn, one)}
    lines = tuple(telling.facts_for_all(one, turn.house.district))
    await turn.reply(say("opportunities.for_wa", lines=lines, **blanks), [[interest.button(one)]])


HANDLERS = [
    CallbackQueryHandler(open_card, pattern=r"^opp:(\d{1,18})$"),
    CallbackQueryHandler(take_need, pattern=r"^opp_need:(\d{1,18}\.[a-z]{1,16}\.[a-z0-9]{1,16})$"),
    CallbackQueryHandler(show_text, pattern=r"^opp_wa:(\d{1,18})$"),
]
