"""Whom a broadcast is for: conditions ticked off one by one, each with how many get it now; and what it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain.broadcasts import Broadcast, audience, drafts, sheets, topics
from domain.broadcasts.audience import IN_TRAINING, Audience
from domain.errors import StaleButton
from handlers.broadcasts.sheet import back_to, composes, show
from handlers.pages import leaf, page_of
from handlers.trainings.sheet import in_rows
from handlers.turn import Context, Turn, rest_of
from messages import LANGUAGES, Button, Buttons, Number, Sentence, say
from messages.limits import BUTTON_LABEL, cut

ON_A_PAGE = 14

LISTS: Mapping[str, Sentence] = {
    "kecamatan": say("manage.kecamatan"),
    "sectors": say("broadcast.sectors"),
    "languages": say("broadcast.languages"),
    "trainings": say("broadcast.trainings"),
    "outlets": say("broadcast.outlets"),
}
"""What is chosen from a list, and how each is called."""

Option = tuple[str, str, int, bool]
"""What a button names, what it is called, how many would get it, and whether it is ticked off."""


async def choose(_: Update, context: Context) -> None:
    """Penerima: by what they can be chosen."""
    turn, broadcast = context.turn, await composes(context)
    await turn.answer_tap()
    await _show(turn, broadcast)


async def _show(turn: Turn, broadcast: Broadcast) -> None:
    chosen = audience.audience_of(broadcast.audience)
    lines = tuple(await sheets.whom(turn.session, turn.house.district, broadcast, chosen))
    await turn.change(say("broadcast.whom", lines=lines), await _ways(turn, broadcast, chosen))


async def _ways(turn: Turn, broadcast: Broadcast, chosen: Audience) -> Buttons:
    id, language = broadcast.id, turn.person.language
    everybody = await audience.count(turn.session, Audience(), broadcast.topic)
    untrained = replace(chosen, never_trained=True, people=True)
    never = (await audience.count(turn.session, untrained, broadcast.topic)).people
    has_some = {name: bool(getattr(chosen, name)) for name in LISTS}
    lists = [
        Button(_label(label.in_language(language), is_ticked=has_some[name]), "broadcast_which", f"{id}.{name}.0")
        for name, label in LISTS.items()
    ]
    all_of_them = say("broadcast.everybody").in_language(language)
    untaught = say("broadcast.untrained").in_language(language)
    people = say("button.broadcast_people_off") if chosen.people else say("button.broadcast_people_on")
    people_wanted = f"{id}.{int(not chosen.people)}"
    return [
        [Button(_label(all_of_them, everybody.people, is_ticked=chosen.is_everybody), "broadcast_everybody", id)],
        *in_rows(lists, 2),
        [
            Button(
                _label(untaught, never, is_ticked=chosen.never_trained),
                "broadcast_untrained",
                f"{id}.{int(not chosen.never_trained)}",
            )
        ],
        *([[Button(people, "broadcast_people", people_wanted)]] if chosen.outlets else []),
        back_to(broadcast),
    ]


def _label(name: str, number: int | None = None, *, is_ticked: bool) -> str:
    """Its name, cut so that the number beside it is never lost."""
    ticked = "✓ " if is_ticked else ""
    shown = "" if number is None else f" ({Number(number).in_language('id')})"
    return f"{ticked}{cut(name, BUTTON_LABEL - len(ticked) - len(shown))}{shown}"


async def take_everybody(_: Update, context: Context) -> None:
    """Semua: no condition any more; channels and groups stay."""
    turn, broadcast = context.turn, await composes(context)
    outlets = audience.audience_of(broadcast.audience).outlets
    await turn.answer_tap()
    _keep(turn, broadcast, Audience(outlets=outlets))
    await _show(turn, broadcast)


async def switch_untrained(_: Update, context: Context) -> None:
    """Only who was at no training yet, or whoever."""
    turn, broadcast = context.turn, await composes(context)
    chosen = audience.audience_of(broadcast.audience)
    await turn.answer_tap()
    _keep(turn, broadcast, replace(chosen, never_trained=rest_of(context) == "1", people=True))
    await _show(turn, broadcast)


async def switch_people(_: Update, context: Context) -> None:
    """Only channels and groups, or people too."""
    turn, broadcast = context.turn, await composes(context)
    chosen = audience.audience_of(broadcast.audience)
    await turn.answer_tap()
    _keep(turn, broadcast, replace(chosen, people=rest_of(context) == "1" or not chosen.outlets))
    await _show(turn, broadcast)


def _keep(turn: Turn, broadcast: Broadcast, chosen: Audience) -> None:
    broadcast.audience, broadcast.changed_at = chosen.as_json(), turn.now


# One list.


async def choose_which(_: Update, context: Context) -> None:
    """A list, with what is ticked off now."""
    turn, broadcast = context.turn, await composes(context)
    name, page = _name_and_rest(context)
    await turn.answer_tap()
    await _show_list(turn, broadcast, name, int(page))


async def tick(_: Update, context: Context) -> None:
    """Tick one, or take the tick away, as the button said: kept at once."""
    turn, broadcast = context.turn, await composes(context)
    name, rest = _name_and_rest(context)
    key, _dot, wanted = rest.partition(".")
    chosen = audience.audience_of(broadcast.audience)
    place = await _tick(turn, broadcast, chosen, name, key, is_wanted=wanted == "1")
    await turn.answer_tap()
    await _show_list(turn, broadcast, name, place // ON_A_PAGE)


async def _tick(turn: Turn, broadcast: Broadcast, chosen: Audience, name: str, key: str, *, is_wanted: bool) -> int:
    """Keep the change; the place of what was tapped. Raises StaleButton, and NotTheirs for the other office's."""
    options = await _options(turn, broadcast, chosen, name)
    place = next((place for place, option in enumerate(options) if option[0] == key), None)
    if place is None:
        raise StaleButton
    if name == "trainings":
        training_id, _dot, who = key.partition("-")
        one: object = (int(training_id), who)
    else:
        one = int(key) if name == "outlets" else _keys(turn, name)[int(key)]
    old: tuple[object, ...] = getattr(chosen, name)
    others = tuple(other for other in old if other != one)
    new = (*others, one) if is_wanted else others
    is_of_people = {} if name == "outlets" else {"people": True}
    changed = replace(chosen, **{name: new}, **is_of_people)  # type: ignore[arg-type]  # of the field's own type
    _keep(turn, broadcast, replace(changed, people=True) if not changed.outlets else changed)
    return place


def _keys(turn: Turn, name: str) -> Sequence[str]:
    """What may be chosen, in the order of the buttons."""
    district = turn.house.district
    by_name = {"kecamatan": sorted(district.kecamatan), "sectors": list(district.sectors), "languages": list(LANGUAGES)}
    return by_name[name]


async def _options(turn: Turn, broadcast: Broadcast, chosen: Audience, name: str) -> list[Option]:
    session, topic = turn.session, broadcast.topic
    if name == "outlets":
        offered = await sheets.outlets_of(session, broadcast.office)
        ids = {one.chat_id for one in offered}
        lost = [one for one in await sheets.known_outlets(session, chosen.outlets) if one.chat_id not in ids]
        return [
            *((str(one.chat_id), one.title, -1, one.chat_id in chosen.outlets) for one in offered),
            *((str(one.chat_id), f"⚠️ {one.title}", -1, True) for one in lost),
        ]
    if name == "trainings":
        return await _trainings(turn, broadcast, chosen)
    counted, ticked = await audience.counts_by(session, chosen, topic, name), getattr(chosen, name)
    return [
        (str(place), _called(turn, name, key), counted.get(key, 0), key in ticked)
        for place, key in enumerate(_keys(turn, name))
    ]


def _called(turn: Turn, name: str, key: str) -> str:
    if name == "languages":
        return sheets.language_name(key)
    return turn.house.district.sectors[key] if name == "sectors" else key


async def _trainings(turn: Turn, broadcast: Broadcast, chosen: Audience) -> list[Option]:
    counted = await audience.counts_by_training(turn.session, chosen, broadcast.topic)
    found: list[Option] = []
    for training in await drafts.with_people(turn.session, broadcast.office):
        for who in IN_TRAINING:
            number, is_ticked = counted.get((training.id, who), 0), (training.id, who) in chosen.trainings
            if number or is_ticked:
                label = say(f"broadcast.of_{who}", title=training.title).in_language(turn.person.language)
                found.append((f"{training.id}-{who}", label, number, is_ticked))
    return found


async def _show_list(turn: Turn, broadcast: Broadcast, name: str, page: int) -> None:
    chosen = audience.audience_of(broadcast.audience)
    options = await _options(turn, broadcast, chosen, name)
    shown, page, pages = page_of(options, page, ON_A_PAGE)
    each = [
        Button(
            _label(label, None if number < 0 else number, is_ticked=on),
            "broadcast_tick",
            f"{broadcast.id}.{name}.{key}.{int(not on)}",
        )
        for key, label, number, on in shown
    ]
    rows = in_rows(each, 2 if name == "kecamatan" else 1)
    count = await audience.count(turn.session, chosen, broadcast.topic)
    about = {"label": LISTS[name], "people": Number(count.people)}
    back = [Button(say("button.done"), "broadcast_whom", broadcast.id)]
    if not options:
        await _say_none(turn, broadcast, name)
        return
    told = say("broadcast.which", **about)
    if name in {"kecamatan", "sectors"} and not any(number for _key, _label_, number, _on in options):
        told = say("broadcast.which_unknown", **about)
    await turn.change(told, [*rows, *leaf("broadcast_which", f"{broadcast.id}.{name}.", page, pages), back])


async def _say_none(turn: Turn, broadcast: Broadcast, name: str) -> None:
    """Nothing can be chosen there: how there would be something."""
    back = [Button(say("button.back"), "broadcast_whom", broadcast.id)]
    if name == "outlets":
        ways = [[Button(say("button.broadcast_outlets"), "outlets", 0)], back]
        await turn.change(say("broadcast.outlets_none", username=turn.username), ways)
    else:
        await turn.change(say("broadcast.which_none", label=LISTS[name]), [back])


def _name_and_rest(context: Context) -> tuple[str, str]:
    name, _dot, rest = rest_of(context).partition(".")
    return name, rest


# What it is about.


async def choose_topic(_: Update, context: Context) -> None:
    """Topik: each with how many hear of it."""
    turn, broadcast = context.turn, await composes(context)
    await turn.answer_tap()
    rows = []
    for topic in topics.TOPICS:
        number = (await audience.count(turn.session, Audience(), topic)).people
        name = topics.name_of(topic).in_language(turn.person.language)
        label = _label(name, number, is_ticked=topic == broadcast.topic)
        rows.append([Button(label, "broadcast_about", f"{broadcast.id}.{topic}")])
    await turn.change(say("broadcast.ask_topic"), [*rows, back_to(broadcast)])


async def take_topic(_: Update, context: Context) -> None:
    """One was chosen."""
    turn, broadcast, topic = context.turn, await composes(context), rest_of(context)
    if topic not in topics.TOPICS:
        raise StaleButton
    broadcast.topic, broadcast.changed_at = topic, turn.now
    await turn.answer_tap()
    await show(turn, broadcast, say("manage.saved"))


_LIST = rf"(?:{'|'.join(LISTS)})"

HANDLERS = [
    CallbackQueryHandler(choose, pattern=r"^broadcast_whom:(\d{1,18})$"),
    CallbackQueryHandler(take_everybody, pattern=r"^broadcast_everybody:(\d{1,18})$"),
    CallbackQueryHandler(switch_untrained, pattern=r"^broadcast_untrained:(\d{1,18}\.[01])$"),
    CallbackQueryHandler(switch_people, pattern=r"^broadcast_people:(\d{1,18}\.[01])$"),
    CallbackQueryHandler(choose_which, pattern=rf"^broadcast_which:(\d{{1,18}}\.{_LIST}\.\d{{1,3}})$"),
    CallbackQueryHandler(
        tick, pattern=rf"^broadcast_tick:(\d{{1,18}}\.{_LIST}\.-?\d{{1,18}}(?:-(?:participants|waiting))?\.[01])$"
    ),
    CallbackQueryHandler(choose_topic, pattern=r"^broadcast_topic:(\d{1,18})$"),
    CallbackQueryHandler(take_topic, pattern=r"^broadcast_about:(\d{1,18}\.[a-z]{1,20})$"),
]
