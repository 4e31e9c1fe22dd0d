"""How a form's question is put: its words, the buttons under it, and the keys where one's contact would answer it."""

from collections.abc import Sequence

from domain.forms import drafts
from domain.forms.drafts import Draft
from domain.forms.fields import Answers, Field, Form
from messages import FIRST_LANGUAGE, LANGUAGES, Button, Buttons, Key, Keyboard, Sentence, say, text_of

ROWS_ON_A_PAGE = 10

MOVE_LABELS = {"back": "button.back", "skip": "button.skip", "empty": "button.empty", "cancel": "button.cancel"}
"""What its buttons and keys say, by the move."""

LABELS = {text_of(label, language): move for move, label in MOVE_LABELS.items() for language in LANGUAGES}
"""The move by what a pressed key sends, in whatever language it was shown."""


def move_typed(text: str) -> str | None:
    """The move whose label was sent or typed, with its sign or without."""
    plain = _plain(text)
    return next((move for label, move in LABELS.items() if _plain(label) == plain), None)


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum()).casefold()


def question_of(form: Form, draft: Draft, field: Field, known: Answers, noted: Field | None) -> Sentence:
    """The question, with what is known already, how far it is, and over it what was just noted."""
    fields = drafts.asked(form, draft)
    question = field.question(known) if callable(field.question) else field.question
    if known.get(field.name):
        question = say("form.known", question=question, value=field.show(known[field.name]))
    if len(fields) > 1:
        number = 1 + [one.name for one in fields].index(field.name)
        question = say("form.step", question=question, number=number, count=len(fields))
    return say("form.noted_next", noted=noted_of(draft, noted), question=question) if noted else question


def noted_of(draft: Draft, field: Field) -> Sentence:
    """What was just answered, and how it was read."""
    return line("form.noted", field.label, field.show(draft.answers[field.name]))


AFTER_A_QUESTION = {
    "form.noted": "form.noted_asked",
    "profile.line": "profile.line_asked",
    "manage.line": "manage.line_asked",
}
"""How it is said of a label that is a question, or has its colon already."""


def line(key: str, label: Sentence | str, value: Sentence | str) -> Sentence:
    """*label* and *value* by the sentence called *key*, without a colon after what ends with a sign of its own."""
    plain = label.in_language(FIRST_LANGUAGE) if isinstance(label, Sentence) else label
    is_asked = plain.rstrip().endswith(("?", ":", "!", "."))
    return say(AFTER_A_QUESTION[key] if is_asked else key, label=label, value=value)


def buttons_of(form: Form, draft: Draft, field: Field, known: Answers, page: int = 0) -> Buttons:
    """The options, a page of them, and the ways out of the question."""
    rows = [
        [Button(label, "pick", f"{draft.form}.{field.name}.{value}") for value, label in row]
        for row in _rows(list(field.options.items()), field.columns)
    ]
    pages = -(-len(rows) // ROWS_ON_A_PAGE)
    page = min(page, max(pages - 1, 0))
    shown = rows[page * ROWS_ON_A_PAGE : (page + 1) * ROWS_ON_A_PAGE]
    leaf = [("button.previous", page - 1)] if page > 0 else []
    leaf += [("button.next", page + 1)] if page < pages - 1 else []
    turns = [Button(say(label), "form", f"page.{draft.form}.{field.name}.{other}") for label, other in leaf]
    ways = [
        Button(say(MOVE_LABELS[move]), "form", f"{move}.{draft.form}.{field.name}")
        for move in _moves(form, draft, field, known)
    ]
    return [*shown, *([turns] if turns else []), ways]


def keyboard_of(form: Form, draft: Draft, field: Field, known: Answers) -> Keyboard:
    """The key that sends one's contact, and the ways out of the question."""
    ways = [Key(say(MOVE_LABELS[move])) for move in _moves(form, draft, field, known)]
    return Keyboard([[Key(say("button.share_contact"), asks_contact=True)], ways], hint=field.label)


def _moves(form: Form, draft: Draft, field: Field, known: Answers) -> list[str]:
    """Which ways out there are: a single question has nothing before or after it, but may be emptied."""
    fields = drafts.asked(form, draft)
    moves = ["back"] if field.name != fields[0].name else []
    if may_skip(field, known) and len(fields) > 1:
        moves.append("skip")
    elif field.is_optional and known.get(field.name):
        moves.append("empty")
    return [*moves, "cancel"]


def may_skip(field: Field, known: Answers) -> bool:
    """Whether nothing need be answered: what is known already stays as it is."""
    return field.is_optional or bool(known.get(field.name))


Option = tuple[str, Sentence | str]
"""A value, and what its button says."""


def _rows(options: Sequence[Option], columns: int) -> list[Sequence[Option]]:
    return [options[start : start + columns] for start in range(0, len(options), columns)]
