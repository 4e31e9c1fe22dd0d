"""Updates that hypothesis makes up: what the Bot API allows, and then whatever breaks it."""

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from tests.faults.every_kind import ARRAY_OF, types, update_of
from tests.faults.test_malformed import deep, valid_updates

Json = Any
DEEPEST = 6
Draw = Callable[[st.SearchStrategy[Any]], Any]

PEOPLE = range(10_001, 10_601)
"""Who takes part, by turns: the bot writes about once a second to each."""

_turns = itertools.cycle(PEOPLE)
COMMANDS = ["/start", "/start P05", "/tanya", "/tanya nib", "/program", "/bahasa", "/bantuan", "/batal", "/apa", "/"]
QUESTIONS = ["cara bikin nib gimana", "syarate opo wae", "halo", "nomor wa dinas", "kur 50 juta", "@demo_bot"]
WRITTEN = st.sampled_from(COMMANDS + QUESTIONS)
TAPPED = st.from_regex(
    r"(topics:\d{1,4}|topic:[a-z_]{1,12}\.\d{1,4}|(entry|open):P\d{1,5}|guess:\d{1,19}\.P\d{1,4}"
    r"|(un)?helpful:\d{1,20}|language:(id|jv|en|xx)|x{60,70})",
    fullmatch=True,
)
ENTITIES = ["bot_command", "mention", "url", "text_mention", "bold"]
ANY_LETTER = st.characters(exclude_categories=())  # halves of surrogate pairs, NUL and what is not assigned too
TEXTS = st.one_of(WRITTEN, TAPPED, st.text(ANY_LETTER, max_size=12), st.text("0123456789 .-\u200b٣𝟎", max_size=40))
INTEGERS = st.one_of(st.integers(-3, 300), st.integers(-(2**63), 2**63 - 1), st.just(-(10**12) - 7), st.just(2**31))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "String": TEXTS,
    "Integer": INTEGERS,
    "Float": st.floats(),
    "Boolean": st.booleans(),
    "Anything": st.just({}),
}
JUNK = st.one_of(
    st.sampled_from([None, True, False, 0, -1, 2**31, 2**53, 2**63 - 1, -(2**63), 2**63, 2**70, 10**4000, "", [], {}]),
    st.sampled_from([1.5, -0.0, math.nan, math.inf, -math.inf, 1e308, "\0", "\ud800", "\udc00\ud800", "0", "x", "/"]),
    st.sampled_from(
        [[None], [1], [[]], ["x"], {"id": "x"}, {"": {}}, {"\0": 1, "\x7f": 2}, [{"type": "x"}], {"id": 7}]
    ),
    st.sampled_from(
        ["a" * 100_000, "1 " * 20_000, "1" * 50_000, "👩‍👩‍👧" * 5_000, "̀" * 9_000, "\u202e" * 300, "<b>&" * 3_000]
    ),
    st.sampled_from([deep(60), deep(300), deep(480), [{"reply_to_message": {}}] * 500]),
    TEXTS,
    INTEGERS,
    st.floats(),
)
KNOWN_NAMES = sorted({name for kind in types().values() for name in kind} - {"update_id"})
NAMES = st.one_of(st.text(ANY_LETTER, max_size=6), st.sampled_from(KNOWN_NAMES))
NO_NUMBERS = st.sampled_from([None, True, "12", 1.5, -1, -(2**63), [], {}])


@st.composite
def allowed(draw: Draw, kind: str, depth: int) -> Json:
    """Something that the Bot API calls a *kind*, with some of what need not be there, down to *depth*."""
    if kind.startswith(ARRAY_OF):
        size = draw(st.integers(0, 2 if depth > 0 else 1))
        return [draw(allowed(kind.removeprefix(ARRAY_OF), depth)) for _ in range(size)]
    one = draw(st.sampled_from(kind.split(" or ")))
    if one not in types():
        return draw(VALUES[one])
    entries = types()[one]
    optional = [name for name, entry in entries.items() if not entry["required"]]
    more = draw(st.lists(st.sampled_from(optional), max_size=3, unique=True)) if optional and depth > 0 else []
    chosen = [name for name, entry in entries.items() if entry["required"]] + more
    return {
        name: entries[name]["value"] if "value" in entries[name] else draw(allowed(entries[name]["type"], depth - 1))
        for name in chosen
    }


@st.composite
def plausible(draw: Draw) -> Json:
    """An update as Telegram might tell it: of each kind, above all of those that we answer."""
    number = next(_turns)
    taps = st.just(update_of("callback_query", number))
    update = draw(st.one_of(st.sampled_from(list(valid_updates(number))), taps, _of_kinds(number)))
    kind = next(iter(update))
    content = dict(update[kind])
    entries = types()[types()["Update"][kind]["type"]]
    for name in draw(st.lists(st.sampled_from(sorted(entries)), max_size=3, unique=True)):
        if name not in {"chat", "from", "user"} or draw(st.integers(0, 9)) == 0:
            content[name] = draw(allowed(entries[name]["type"], 2))
    for name, typed in (("text", TEXTS), ("data", st.one_of(TAPPED, TEXTS)), ("query", TEXTS)):
        if name in content:
            content[name] = draw(typed)
    if "text" in content:
        length = len(content["text"].split(" ")[0])
        content["entities"] = [{"type": draw(st.sampled_from(ENTITIES)), "offset": 0, "length": length}]
    return {kind: content}


def _of_kinds(number: int) -> st.SearchStrategy[Json]:
    return st.sampled_from([update_of(kind, number) for kind in types()["Update"] if kind != "update_id"])


@st.composite
def odd(draw: Draw) -> Json:
    """A plausible update of which up to three things are broken: gone, another, added, or wrapped."""
    update = draw(plausible())
    for _ in range(draw(st.sampled_from([0, 1, 1, 2, 3]))):
        ways = list(_ways(update))
        if not ways:
            break
        way = draw(st.sampled_from(ways))
        match draw(st.integers(0, 9)):
            case 0 | 1:
                update = _without(update, way)
            case 2:
                update = _with(update, (*way[:-1], draw(NAMES)) if isinstance(way[-1], str) else way, draw(JUNK))
            case 3:
                update = _with(update, way, draw(st.sampled_from([[update], {"x": update}])))
            case _:
                update = _with(update, way, draw(JUNK))
    return {"update_id": draw(NO_NUMBERS), **update} if draw(st.integers(0, 15)) == 15 else update


def _ways(value: Json, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything inside *value*, but to the bottom of what is nested for nesting's sake."""
    inside = value.items() if isinstance(value, dict) else enumerate(value[:3]) if isinstance(value, list) else ()
    for name, item in inside:
        yield (*at, name)
        if len(at) < DEEPEST:
            yield from _ways(item, (*at, name))


def _with(value: Json, way: tuple[Any, ...], new: Json) -> Json:
    """A copy of *value* with *new* at the end of *way*; what is not on the way is shared."""
    if not way:
        return new
    name, *rest = way
    copied = value.copy()
    copied[name] = _with(value[name], tuple(rest), new) if rest else new
    return copied


def _without(value: Json, way: tuple[Any, ...]) -> Json:
    name, *rest = way
    copied = value.copy()
    if rest:
        copied[name] = _without(value[name], tuple(rest))
    else:
        del copied[name]
    return copied


class Batch(list[Json]):
    """Updates that come together."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """As hypothesis shows it: short, since some of it is long on purpose."""
        printer.text(f"Batch of {len(self)} updates")


def batches(size: int) -> st.SearchStrategy[Batch]:
    return st.lists(odd(), min_size=size, max_size=size).map(Batch)
