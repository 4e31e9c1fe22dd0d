"""What was asked for on the command line, read into an announcement; each fault is one line that names the mend."""

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo

from db.models import Outlet
from db.storable import sound
from domain.broadcasts.announcing import Announcement
from domain.broadcasts.audience import IN_TRAINING, Audience
from domain.broadcasts.content import MOST_BUTTONS, Content, Link
from domain.broadcasts.drafts import LATE_LIMIT
from domain.broadcasts.topics import TOPICS
from domain.district import District
from messages import LANGUAGES, LINK
from messages.limits import BUTTON_LABEL
from simulator.markup import read_html
from simulator.refusals import Refused

LONGEST_LATE = 7 * 24 * 60
"""Minutes."""

KINDS = "all, kecamatan=…, sektor=…, bahasa=…, pelatihan=7:participants, belum-pelatihan"

WRITTEN = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H.%M")
"""How a moment may be written."""


class BadOption(Exception):
    """What was asked for cannot be done; one line that names the mend."""


@dataclass(frozen=True)
class Options:
    """As they were typed."""

    text: str | None
    file: Path | None
    is_html: bool
    audience: Sequence[str]
    topic: str
    office: str
    """Empty: the first of the district."""
    buttons: Sequence[str]
    at: str
    is_silent: bool
    is_pinned: bool
    late: str = f"{LATE_LIMIT}"
    """Minutes after its time in which it still starts; "none": however late."""
    outlets: Sequence[str] = ()
    """Chat ids of channels and groups, or "all"; without an audience only they get it."""


def announcement_of(options: Options, district: District, zone: ZoneInfo) -> Announcement:
    """Raises BadOption for what is not understood; whether it can be sent is `announcing.check`'s to say."""
    office = options.office or district.offices[0].key
    if district.office(office) is None:
        raise BadOption(f"--office: {_not_there(office, [one.key for one in district.offices])}")
    if options.topic not in TOPICS:
        raise BadOption(f"--topic: {_not_there(options.topic, TOPICS)}")
    if len(options.buttons) > MOST_BUTTONS:
        raise BadOption(f"--button: at most {MOST_BUTTONS} fit under a message")
    return Announcement(
        office,
        options.topic,
        Content(html=_words(options), buttons=tuple(_link(button) for button in options.buttons)),
        audience_of(options.audience, district) if options.audience or not options.outlets else Audience(people=False),
        _moment(options.at, zone) if options.at else None,
        options.is_silent,
        options.is_pinned,
        _late(options.late),
    )


def with_outlets(asked: Announcement, wanted: Sequence[str], known: Sequence[Outlet]) -> Announcement:
    """*asked* for those of the channels and groups that are *known* too. Raises BadOption."""
    if not wanted:
        return asked
    there = ", ".join(f"{one.chat_id} ({one.title})" for one in known) or "none yet"
    ids = {str(one.chat_id): one.chat_id for one in known}
    if not known or (missing := next((one for one in wanted if one != "all" and one not in ids), None)):
        what = "all" if not known else missing
        raise BadOption(f"--outlet: {what!r} is none of this office's channels and groups; there are: {there}")
    chosen = tuple(ids.values()) if "all" in wanted else tuple(dict.fromkeys(ids[one] for one in wanted))
    return replace(asked, audience=replace(asked.audience, outlets=chosen))


# The words.


def _words(options: Options) -> str:
    """As Telegram's HTML."""
    if (options.text is None) == (options.file is None):
        raise BadOption("give either --text or --file")
    option = "--text" if options.file is None else "--file"
    written = _read(options.file) if options.file is not None else options.text or ""
    written = sound(written.replace("\r\n", "\n").strip())
    if not any(letter.isprintable() and not letter.isspace() for letter in written):
        raise BadOption(f"{option}: there are no words in it")
    if not options.is_html:
        return html.escape(written, quote=False)
    try:
        shown, _ = read_html(written)
    except Refused as error:
        raise BadOption(f"{option}: {_said(error)}: mend the formatting, or leave --html out") from error
    if not shown.strip():
        raise BadOption(f"{option}: there are no words in it")
    return written


def _said(error: Refused) -> str:
    """What Telegram would say, without what only its servers care for."""
    return error.description.removeprefix("Bad Request: ").removeprefix("can't parse entities: ").rstrip(".")


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise BadOption(f"--file: {file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadOption(f"--file: {file} is no text: save it as UTF-8") from error


def _link(button: str) -> Link:
    label, _, url = (part.strip() for part in sound(button).partition("="))
    if not label or not url:
        raise BadOption(f'--button: write it as "Daftar=https://example.id", not {button!r}')
    if len(label) > BUTTON_LABEL:
        raise BadOption(f"--button: {label!r} is longer than {BUTTON_LABEL} characters, which a phone does not show")
    if not LINK.fullmatch(url):
        raise BadOption(f"--button: {url!r} is no link that Telegram takes: it begins with https:// and has no space")
    return Link(label, url)


def _late(written: str) -> int | None:
    """Minutes."""
    if written.casefold() == "none":
        return None
    if not (written.isascii() and written.isdigit()) or not 0 < int(written) <= LONGEST_LATE:
        raise BadOption(f'--late: give minutes from 1 to {LONGEST_LATE}, or "none", not {written!r}')
    return int(written)


def _moment(written: str, zone: ZoneInfo) -> datetime:
    for form in WRITTEN:
        try:
            return datetime.strptime(written.strip(), form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise BadOption(f'--at: write it as "2026-11-27 08:00", not {written!r}')


# The audience.


def audience_of(asked: Sequence[str], district: District) -> Audience:
    """All that is given holds at once; of one kind's values any."""
    found = Audience()
    for one in asked:
        kind, _, values = (part.strip() for part in one.partition("="))
        found = _with(found, kind.casefold(), [value.strip() for value in values.split(",") if value.strip()], district)
    if any(one.strip().casefold() == "all" for one in asked) and not found.is_everybody:
        raise BadOption("--audience: all stands alone, since everything else makes it fewer")
    if not asked:
        raise BadOption(f"--audience: say whom it is for: {KINDS}")
    return found


def _with(so_far: Audience, kind: str, values: list[str], district: District) -> Audience:
    if kind in {"all", "belum-pelatihan"}:
        if values:
            raise BadOption(f"--audience {kind} takes no value")
        return replace(so_far, never_trained=so_far.never_trained or kind == "belum-pelatihan")
    if kind not in {"kecamatan", "sektor", "bahasa", "pelatihan"}:
        raise BadOption(f"--audience: {kind or 'nothing'!r} is not known; there are {KINDS}")
    if not values:
        raise BadOption(f"--audience {kind}: name at least one, as in {kind}={_example(kind, district)}")
    if kind == "kecamatan":
        names = {name: name for name in district.kecamatan}
        return replace(so_far, kecamatan=_added(so_far.kecamatan, kind, values, names))
    if kind == "sektor":
        keys = {key: key for key in district.sectors} | {name: key for key, name in district.sectors.items()}
        return replace(so_far, sectors=_added(so_far.sectors, kind, values, keys))
    if kind == "bahasa":
        codes = {code: code for code in LANGUAGES}
        return replace(so_far, languages=_added(so_far.languages, kind, values, codes))
    trainings = dict.fromkeys([*so_far.trainings, *(_training(value) for value in values)])
    return replace(so_far, trainings=tuple(trainings))


def _example(kind: str, district: District) -> str:
    first = {"kecamatan": district.kecamatan, "sektor": tuple(district.sectors), "bahasa": LANGUAGES}
    return first[kind][0] if kind in first else "7:participants"


def _added(so_far: tuple[str, ...], kind: str, values: list[str], known: Mapping[str, str]) -> tuple[str, ...]:
    by_spelling = {name.casefold(): key for name, key in known.items()}
    for value in values:
        if value.casefold() not in by_spelling:
            raise BadOption(f"--audience {kind}: {_not_there(value, known)}")
    return tuple(dict.fromkeys([*so_far, *(by_spelling[value.casefold()] for value in values)]))


def _training(value: str) -> tuple[int, str]:
    id, _, who = (part.strip() for part in value.partition(":"))
    who = who.casefold() or "participants"
    if not (id.isascii() and id.isdigit()) or len(id) > 18 or who not in IN_TRAINING:
        raise BadOption(f"--audience pelatihan: write it as pelatihan=7:{'|'.join(IN_TRAINING)}, not {value!r}")
    return int(id), who


def _not_there(value: str, known: Iterable[str]) -> str:
    """With the nearest of what there is."""
    spellings = {name.casefold(): name for name in known}
    nearest = get_close_matches(value.casefold(), spellings, n=1, cutoff=0.0)
    return f"there is no {value!r}; the nearest is {spellings[nearest[0]]!r}"
