"""The sentences: every key used exists, every key is used, and all languages say the same things."""

import ast
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from db.models import BroadcastState, OpportunityKind, OpportunityState, Standing, TrainingState
from domain.answering.verdict import ASKED, SMALLTALK
from domain.broadcasts import audience, checking, content, reasons, states, telling, verdicts
from domain.broadcasts.topics import TOPICS
from domain.district import District, read_district
from domain.opportunities import composing, figures_over_time, interest, kinds, needs, outcomes, typed, wishes
from domain.opportunities.rhythm import RHYTHMS
from domain.trainings import editing
from handlers.commands import COMMANDS, IN_STAFF_GROUPS, OFFICERS
from handlers.opportunities.sheet import SEVERAL
from messages import FIRST_LANGUAGE, LANGUAGES, Sentence, catalogue, say
from messages.limits import ALERT, BUTTON_LABEL, DESCRIPTION, SHORT_DESCRIPTION, units
from tests.repo.tree import ROOT, files, read

FAMILIES = {
    "opportunity.warn_": ("phone", "unsafe_link"),
    "opportunity.market_": ("home", "other"),
    "broadcast.blank_": content.BLANKS,
    "broadcast.kind_": ("text", *content.FILES, "album", "location"),
    "broadcast.topic_": TOPICS,
    "broadcast.state_": tuple(state.value for state in BroadcastState),
    "broadcast.deed_": tuple(states.DEEDS.values()),
    "broadcast.line_": (*telling.SUCCEEDED.values(), "waiting", "blocked", "failed", "uncertain", "skipped"),
    "broadcast.in_": tuple(audience.IN_TRAINING),
    "broadcast.of_": (*audience.IN_TRAINING, "correction", "recall"),
    "broadcast.forecast_": ("unreachable", "muted", "outlets"),
    "broadcast.why_": ("blocked", *reasons.WORDS),
    "broadcast.was_": ("paused_by", "stopped_by", "recalled_by"),
    "broadcast.report_": (*telling.SUCCEEDED, *(f"{kind}_stopped" for kind in telling.SUCCEEDED)),
    "broadcast.ask_stop_": tuple(telling.SUCCEEDED),
    "broadcast.held_back_": ("correction", "recall"),
    "broadcast.halted_": ("correction", "recall"),
    "button.broadcast_go_on_": ("correction", "recall"),
    "outlet.missed_": tuple(telling.SUCCEEDED),
    "check.kind_": checking.CHANGES,
    "check.short_": (*verdicts.OUTCOMES, "ahead"),
    "check.": (*verdicts.OUTCOMES, "same_ahead", "code_ahead"),
    "opportunity.kind_": tuple(kind.value for kind in OpportunityKind),
    "opportunity.state_": tuple(state.value for state in OpportunityState),
    "report.band_": figures_over_time.BANDS,
    "opportunity.field_": composing.FIELDS,
    "opportunity.paper_": needs.PAPERS,
    "opportunity.ask_": (*typed.TYPED, "file", *SEVERAL),
    "button.opportunity_all_": SEVERAL,
    "opportunity.standing_": tuple(standing.value for standing in Standing),
    "opportunity.ask_leave_": tuple(standing.value for standing in interest.FAR),
    "opportunity.unfit_": interest.WHYS,
    "button.need_capacity_": tuple(needs.CAPACITIES),
    "button.share_": ("yes", "no"),
    "button.wish_": wishes.LISTS,
    "button.wish_all_": wishes.LISTS,
    "button.rhythm_": RHYTHMS,
    "button.explain_": needs.PAPERS,
    "button.paper_": needs.PAPERS,
    "interest.": tuple(standing.value for standing in Standing if standing is not Standing.NEW),
    "interest.standing_": tuple(standing.value for standing in Standing),
    "interest.over_": tuple(standing.value for standing in Standing),
    "interested.ask_": ("chosen", "not_chosen"),
    "button.standing_": tuple(standing.value for standing in Standing),
    "button.orders_": outcomes.BANDS,
    "profile.": needs.PAPERS,
    "profile.ask_": needs.PAPERS,
    "profile.capacity_": tuple(needs.CAPACITIES),
    "training.state_": tuple(state.value for state in TrainingState),
    "training.field_": (*editing.ESSENTIALS, "title", "address", "contact", "closes_at", "cancel_until"),
    "training.remind_": ("days3", "hours2"),
    "training.remind_line_": ("days3", "eve", "hours2"),
    "smalltalk.": SMALLTALK,
    "attribute.": ASKED,
    "command.": (*COMMANDS, *OFFICERS, *IN_STAFF_GROUPS),
}
"""Keys put together at run time, by how they begin: the rest comes from a closed list."""

PLURAL_FORMS = {
    "id": "nplurals=1; plural=0;",
    "jv": "nplurals=1; plural=0;",
    "en": "nplurals=2; plural=(n != 1);",
}

SAME_IN_ALL = {
    *(
        "opportunity.link",
        "opportunity.about",
        "opportunity.sheet_line",
        "opportunity.sheet_read",
        "opportunity.ticked",
    ),
    *(
        "interest.asked",
        "interest.over",
        "interested.noted",
        "interested.line",
        "interested.line_left",
        "interested.one_left",
        "interested.standing_why",
    ),
    *("interested.of_them", "button.interested_file"),
    *("opportunities.line", "opportunities.noted", "opportunities.mine_line", "opportunities.mine_reason"),
    *("button.paper_nib", "button.paper_halal", "button.paper_pirt"),
    *("button.need_capacity_200", "button.need_capacity_1000"),
    *(
        "button.need_capacity_5000",
        "opportunity.with_state",
        "opportunity.standing_may",
        "follow.with_opportunities",
        "wishes.comma",
    ),
    *("wishes.some", "button.wished", "button.unwished", "button.wish_own"),
    *("report.months", "report.band"),
    *("help.command", "officers.line", "profile.line", "form.noted_next", "inquiry.office", "inquiry.mine"),
    *("desk.head", "desk.message", "desk.before_answered", "desk.since_officer"),
    *("broadcast.kind_text", "broadcast.kind_photo", "broadcast.kind_document", "broadcast.kind_video"),
    *("broadcast.kind_album", "broadcast.kind_location", "broadcast.blank_nama", "broadcast.reason"),
    *("broadcast.topic_umum", "broadcast.topic_pelatihan", "broadcast.state_draft", "broadcast.deed_send"),
    *("check.whom_and", "broadcast.corrected_text", "check.about_rebutted", "broadcast.technical"),
    *("broadcast.line_failed", "broadcast.line_skipped"),
    *(
        "follow.on",
        "follow.off",
        "follow.number",
        "button.follow_settings",
        "outlet.channel",
        "outlet.group",
        "button.announce_here",
    ),
    *("broadcast.button_line", "broadcast.forecast_lines", "broadcast.in_participants"),
    *("broadcast.list_line", "broadcast.list_of_office", "broadcast.noted", "broadcast.register"),
    *("broadcast.sheet", "broadcast.sheet_bare", "broadcast.sheet_button", "broadcast.sheet_buttons"),
    *("broadcast.sheet_code", "broadcast.sheet_noted", "broadcast.sheet_refused", "broadcast.sheet_says"),
    *("broadcast.sheet_topic", "broadcast.whom_kecamatan", "broadcast.whom_sectors"),
    *("button.broadcast_button_off",),
    *(
        "broadcast.days_joined",
        "broadcast.duration",
        "broadcast.date",
        "broadcast.dates_noted",
        "broadcast.schedule_line",
    ),
    *("broadcast.line_failed", "broadcast.line_skipped", "broadcast.of_correction", "broadcast.of_recall"),
    "broadcast.deed_correct",
    "broadcast.deed_recall",
    *("training.day", "training.days", "training.place", "training.place_and_address"),
    *("profile.line_asked", "form.noted_asked", "manage.line_asked"),
    *("manage.moment", "manage.line", "manage.days_below", "manage.asks", "manage.question", "manage.noted"),
    *("participants.line", "door.day", "door.done", "papers.seats"),
    *("trainings.line", "trainings.card", "trainings.picture", "trainings.status", "trainings.office"),
    *("feed.line", "feed.line_of_list", "feed.line_of_office", "feed.sheet"),
    *("trainings.contact", "register.label", "register.asking", "schedule.one", "schedule.date", "schedule.date_label"),
}
"""Sentences that hold nothing to translate."""

OWN_WORDS = {"title", "text", "answer", "label", "blank"}
"""Blanks of labels that hold what somebody wrote: a long one is cut, and the message says it whole."""

LABELS_ELSEWHERE = ("opportunity.ticked",)
"""Sentences that are labels, whatever their key begins with."""

A_LARGE_NUMBER = 99_999

TEXT_WITHOUT_VALUES = 1500
"""UTF-16 units; the rest of a message's 4,096 is for what fills the blanks."""

COMMAND_DESCRIPTION = 256

KEY = re.compile(r"[a-z]+\.[a-z_-]+")
TAGS = {"b", "i", "u", "s", "code", "pre", "a", "blockquote"}


@dataclass
class Use:
    """One `say(…)` in the code."""

    place: str
    keys: list[str]
    values: set[str] | None
    """The blanks it fills; None where they are not all written out."""


@dataclass
class TagCounter(HTMLParser):
    open_tags: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open_tags.append(tag)
        if tag not in TAGS:
            self.faults.append(f"<{tag}> is not Telegram's")

    def handle_endtag(self, tag: str) -> None:
        if not self.open_tags or self.open_tags.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


def sentences(language: str) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalogue(language) if message.id}


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def parsed() -> Iterator[tuple[str, ast.Module]]:
    for package in ("bot", "handlers", "panel", "domain", "messages"):
        for path in files(ROOT / package, ".py"):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def uses() -> Iterator[Use]:
    for name, module in parsed():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"say", "text_of"}:
                written = [keyword.arg for keyword in node.keywords]
                values = {arg for arg in written if arg} if None not in written and node.func.id == "say" else None
                yield Use(f"{name}:{node.lineno}", keys_of(node.args[0]), values)


def keys_of(argument: ast.expr) -> list[str]:
    """The keys an argument may be; a name that holds one (`say(key)`) is found by its text elsewhere."""
    if isinstance(argument, ast.JoinedStr):
        start = argument.values[0]
        assert isinstance(start, ast.Constant), "a key must begin with what tells its family"
        assert start.value in FAMILIES, f"{start.value}…: add its closed list to FAMILIES"
        return [f"{start.value}{name}" for name in FAMILIES[start.value]]
    return [node.value for node in ast.walk(argument) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def texts_that_look_like_keys() -> set[str]:
    return {
        node.value
        for _, module in parsed()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value)
    }


def longest_labels(language: str, district: District) -> dict[str, str]:
    """Each label with a blank of ours, filled in with the longest there is for it. Raises KeyError for a new one."""
    papers = [say(f"button.paper_{paper}") for paper in needs.PAPERS]
    offices = [office.short_name for office in district.offices]
    markets = [kinds.market_name(market, district) for market in kinds.markets_of(district)]
    named = [*district.sectors.values(), *district.kecamatan, *markets, *map(kinds.name_of, OpportunityKind)]
    fillings: Mapping[str, Sequence[Sentence | str]] = {
        "need": papers,
        "office": offices,
        "name": [*named, *map(needs.name_of, needs.PAPERS)],
        "hours": ["21.00–06.00"],
        "number": [str(A_LARGE_NUMBER)],
        "n": ["999"],
    }
    found = {}
    for key, text in sentences(language).items():
        ours = sorted(blanks(text) - OWN_WORDS)
        if (key.startswith("button.") or key in LABELS_ELSEWHERE) and ours:
            labels = [say(key, **{ours[0]: value}).in_language(language) for value in fillings[ours[0]]]
            found[key] = max((unescape(label) for label in labels), key=units)
    return found


class TestJavanese:
    def test_is_of_one_politeness(self) -> None:
        """People are "sampeyan" throughout: nothing of theirs ends in -mu."""
        kept = {"ketemu", "nemu", "bertemu", "tamu", "ilmu"}
        found = {word for text in sentences("jv").values() for word in re.findall(r"\b\w+mu\b", text.lower())}

        assert found - kept == set()


class TestKeys:
    def test_exist(self) -> None:
        """Whatever the code says stands in the catalogue."""
        known = sentences(FIRST_LANGUAGE)

        assert [f"{use.place}: {key}" for use in uses() for key in use.keys if key not in known] == []

    def test_are_used(self) -> None:
        """A sentence nobody says is taken out."""
        said = {key for use in uses() for key in use.keys} | texts_that_look_like_keys()

        assert sorted(set(sentences(FIRST_LANGUAGE)) - said) == []

    def test_get_their_blanks(self) -> None:
        """Each sentence is given every blank it has."""
        known = sentences(FIRST_LANGUAGE)

        assert [
            f"{use.place}: {key} lacks {', '.join(blanks(known[key]) - use.values)}"
            for use in uses()
            if use.values is not None
            for key in use.keys
            if blanks(known.get(key, "")) - use.values
        ] == []


class TestLanguages:
    def test_are_the_catalogues_there_are(self) -> None:
        """Every catalogue in the folder is offered, and every language offered has one."""
        assert {path.stem for path in (ROOT / "messages").glob("*.po")} == set(LANGUAGES)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_say_the_same(self, language: str) -> None:
        """All have the same keys, each with the same blanks and some text."""
        first, theirs = sentences(FIRST_LANGUAGE), sentences(language)

        assert {key: blanks(text) for key, text in theirs.items()} == {key: blanks(text) for key, text in first.items()}
        assert [key for key, text in theirs.items() if not text.strip()] == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_declare_themselves(self, language: str) -> None:
        """The header names the language, and its plural forms: Indonesian and Javanese nouns have but one."""
        head = read(f"messages/{language}.po")

        assert f'"Language: {language}\\n"' in head
        assert f'"Plural-Forms: {PLURAL_FORMS[language]}\\n"' in head

    @pytest.mark.parametrize("language", [language for language in LANGUAGES if language != FIRST_LANGUAGE])
    def test_are_translated(self, language: str) -> None:
        """No sentence is the first language's, left as it was."""
        first, theirs = sentences(FIRST_LANGUAGE), sentences(language)

        assert [key for key, text in theirs.items() if text == first[key] and key not in SAME_IN_ALL] == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_have_one_order(self, language: str) -> None:
        """All follow the first one's order, so that translators find their place."""
        assert list(sentences(language)) == list(sentences(FIRST_LANGUAGE))

    def test_are_called_differently(self) -> None:
        """/bahasa shows each language under a name of its own."""
        assert len({sentences(language)["language.name"] for language in LANGUAGES}) == len(LANGUAGES)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_have_no_key_twice(self, language: str) -> None:
        """A key given twice would hide one of its texts."""
        keys = re.findall(r'^msgid "(.+)"$', read(f"messages/{language}.po"), re.MULTILINE)

        assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("language", LANGUAGES)
class TestTexts:
    def test_close_their_tags(self, language: str) -> None:
        """Telegram refuses a message with a tag that is left open or that it does not know."""
        faults = {}
        for key, text in sentences(language).items():
            counter = TagCounter()
            counter.feed(text)
            if counter.faults or counter.open_tags:
                faults[key] = counter.faults or counter.open_tags

        assert faults == {}

    def test_fit_where_they_are_shown(self, language: str) -> None:
        """Labels fit on a button, what answers a tap into Telegram's alert, and the rest into a message, uncut."""
        most = {
            "": TEXT_WITHOUT_VALUES,
            "button.": BUTTON_LABEL,
            "language.name": BUTTON_LABEL,
            "tap.": ALERT,
            "feedback.": ALERT,
            "command.": COMMAND_DESCRIPTION,
        }

        assert [
            key
            for key, text in sentences(language).items()
            for start, limit in most.items()
            if key.startswith(start) and units(text) > limit
        ] == []

    @pytest.mark.parametrize("district", sorted(path.parent for path in ROOT.glob("districts/*/district.toml")))
    def test_fit_on_a_button_when_filled(self, language: str, district: Path) -> None:
        """A label whose blank is ours to fill is whole with the longest there is: its answer stands at the end."""
        filled = longest_labels(language, read_district(district))

        assert {key: label for key, label in filled.items() if units(label) > BUTTON_LABEL} == {}

    @pytest.mark.parametrize("folder", sorted(path.parent for path in ROOT.glob("districts/*/district.toml")))
    def test_describe_the_bot_uncut(self, language: str, folder: Path) -> None:
        """What Telegram shows before the first message is whole, with each district's name in it."""
        name = read_district(folder).name
        texts = sentences(language)

        assert units(texts["profile.description"].format(district=name)) <= DESCRIPTION
        assert units(texts["profile.short_description"].format(district=name)) <= SHORT_DESCRIPTION
