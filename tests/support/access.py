"""The table of what each may: every command and every button of the routing table, as `tests/journeys/test_access.py`
walks it. A part with many of them keeps its rows in a file of its own and adds them to TABLE.
"""

from dataclasses import dataclass

from domain.consent import VERSION
from handlers.commands import COMMANDS
from tests.support.attempts import ADMIN, EVERYBODY, OFFICER, OTHER, PERSON, READER, STRANGER, Attempt, Who

NOBODY: tuple[Who, ...] = ()
KNOWN = (PERSON, READER, OTHER, OFFICER, ADMIN)
ANY_OFFICER = (READER, OTHER, OFFICER, ADMIN)
"""Whoever serves, whatever and whom."""
READING = (READER, OFFICER, ADMIN)
"""Those who see what is Diskopum's."""
ACTING = (OFFICER, ADMIN)
"""Those who act for Diskopum."""
ADMINS = (ADMIN,)


@dataclass(frozen=True)
class May:
    """One thing to try, and who may. For everybody else it does not exist."""

    attempt: Attempt
    who: tuple[Who, ...]
    deed: str | None = None
    """What the audit tells of it."""
    told: tuple[Who, ...] = ()
    """Who is told in words why not."""


def tap(data: str, who: tuple[Who, ...], *where: str, deed: str | None = None, told: tuple[Who, ...] = ()) -> list[May]:
    return [May(Attempt(data, place), who, deed, told) for place in where or ("private",)]


def desk(data: str, who: tuple[Who, ...], deed: str | None = None) -> list[May]:
    """A button under a question, which stands in the staff group or in an officer's chat, and in no other group."""
    return tap(data, who, "private", "staff", deed=deed)


def command(text: str, who: tuple[Who, ...], *where: str) -> list[May]:
    return [May(Attempt(text, place, is_command=True), who) for place in where]


def closing(where: str, who: tuple[Who, ...], told: tuple[Who, ...]) -> May:
    """/selesai under what shows the question."""
    attempt = Attempt("/selesai", where, is_command=True, replies_to="#{inquiry} · Sari: cara bikin NIB")
    return May(attempt, who, "inquiry.closed" if who else None, told)


TABLE: dict[str, list[May]] = {
    # Commands.
    **{f"/{name}": command(f"/{name}", EVERYBODY, "private", "group", "staff") for name in COMMANDS},
    "/antrean": [
        *command("/antrean", ANY_OFFICER, "private"),
        *command("/antrean", NOBODY, "group", "staff"),
        *command("/antrean@demo_bot", ANY_OFFICER, "private"),
        *command("/antrean@demo_bot", NOBODY, "group", "staff"),
    ],
    "/selesai": [
        closing("private", ACTING, (READER, OTHER)),
        closing("staff", ACTING, (READER, OTHER)),
        closing("group", NOBODY, NOBODY),
        *command("/selesai", ANY_OFFICER, "private", "staff"),
        *command("/selesai@demo_bot", ANY_OFFICER, "private", "staff"),
        *command("/selesai@demo_bot", NOBODY, "group"),
    ],
    "/tarik": [
        *command("/tarik", ANY_OFFICER, "private", "staff"),
        *command("/tarik", NOBODY, "group"),
        *command("/tarik@demo_bot", ANY_OFFICER, "private", "staff"),
        *command("/tarik@demo_bot", NOBODY, "group"),
    ],
    # Everybody's.
    r"^entry:(P\d{1,4})$": tap("entry:P05", EVERYBODY),
    r"^guess:(\d{1,18}\.P\d{1,4})$": [*tap("guess:{own_question}.P05", KNOWN), *tap("guess:{question}.P05", NOBODY)],
    r"^(?:un)?helpful:(\d{1,18})$": [
        *tap("helpful:{own_question}", KNOWN),
        *tap("unhelpful:{own_question}", KNOWN),
        *tap("helpful:{question}", NOBODY),
    ],
    r"^topics:(\d{1,3})$": tap("topics:0", EVERYBODY),
    r"^topic:([a-z_]{1,40}\.\d{1,3})$": tap("topic:nib.0", EVERYBODY),
    r"^open:(P\d{1,4})$": tap("open:P05", EVERYBODY),
    r"^check:(new)$": tap("check:new", EVERYBODY),
    r"^check_this:(\d{1,18})$": [*tap("check_this:{own_question}", KNOWN), *tap("check_this:{question}", NOBODY)],
    r"^check_ask:(\d{1,18})$": [*tap("check_ask:{own_question}", KNOWN), *tap("check_ask:{question}", NOBODY)],
    r"^hoax:(\d{1,18})$": [*tap("hoax:{own_question}", KNOWN), *tap("hoax:{question}", NOBODY)],
    r"^broadcast_rebut:(\d{1,18})$": [
        *tap("broadcast_rebut:{reported}", ACTING, "private", "staff", deed="broadcast.drafted"),
        *tap("broadcast_rebut:0", NOBODY),
    ],
    r"^language:(id|jv|en)$": tap("language:en", EVERYBODY),
    # One's own questions to officers.
    r"^inquire:((?:\d{1,18})?\.(?:P\d{1,4})?)$": [
        *tap("inquire:.P05", EVERYBODY),
        *tap("inquire:{own_question}.", KNOWN),
        *tap("inquire:{question}.", NOBODY),
    ],
    r"^inquire:(new)$": tap("inquire:new", EVERYBODY),
    r"^inquire_at:((?:\d{1,18})?\.[a-z0-9_]{1,40})$": [
        *tap("inquire_at:.diskopum", EVERYBODY),
        *tap("inquire_at:{own_question}.diskopum", KNOWN),
        *tap("inquire_at:{question}.diskopum", NOBODY),
    ],
    r"^send:(\d{1,18}\.[a-z0-9_]{1,40})$": [
        *tap("send:{own_question}.diskopum", KNOWN),
        *tap("send:{question}.diskopum", NOBODY),
    ],
    r"^rewrite:([a-z0-9_]{1,40})$": tap("rewrite:diskopum", EVERYBODY),
    r"^unsent:(0)$": tap("unsent:0", EVERYBODY),
    r"^unadded:(0)$": tap("unadded:0", EVERYBODY),
    r"^add:(\d{1,18})$": [*tap("add:{own_inquiry}", KNOWN), *tap("add:{inquiry}", NOBODY)],
    r"^withdraw:(\d{1,18})$": [*tap("withdraw:{own_inquiry}", KNOWN), *tap("withdraw:{inquiry}", NOBODY)],
    r"^leave:(\d{1,18})$": [*tap("leave:{own_talk}", KNOWN), *tap("leave:{talk}", NOBODY)],
    # One's own data.
    r"^consent:((?:yes|no)\.\d{1,4}\.[a-z]{1,16}(?:-\d{1,18})?)$": tap(f"consent:yes.{VERSION}.profile", EVERYBODY),
    r"^data:(show)$": tap("data:show", EVERYBODY),
    r"^data:(file)$": tap("data:file", EVERYBODY),
    r"^data:(withdraw)$": tap("data:withdraw", EVERYBODY),
    r"^data:(withdrawn)$": tap("data:withdrawn", EVERYBODY),
    r"^erase:(ask)$": tap("erase:ask", EVERYBODY),
    r"^erase:(\d{1,18})$": [
        *tap("erase:{me}", EVERYBODY, deed="person.erased"),
        *tap("erase:{asker}", (STRANGER,), deed="person.erased"),  # themselves, whom the tap has just met
    ],
    r"^profile:(name|business|sector|kecamatan|products|phone|nib|halal|pirt|capacity)$": tap(
        "profile:name", EVERYBODY
    ),
    r"^profile:(show)$": tap("profile:show", EVERYBODY),
    r"^profile:(all)$": tap("profile:all", EVERYBODY),
    r"^pick:([a-z]{1,16}(?:-\d{1,18})?\.[a-z0-9_]{1,24}\..{1,40})$": tap("pick:profile.sector.tenun", KNOWN),
    r"^form:((?:resume\.[a-z]{1,16}(?:-\d{1,18})?\.|(?:back|skip|empty|cancel)\.[a-z]{1,16}(?:-\d{1,18})?\.[a-z0-9_]{1,24}"
    r"|page\.[a-z]{1,16}(?:-\d{1,18})?\.[a-z0-9_]{1,24}\.\d{1,3}))$": tap("form:skip.profile.sector", KNOWN),
    # The letter one opened; an officer is told that it is for others.
    r"^mine:(\d{1,18})$": [*tap("mine:{own_business}", (PERSON,), told=ANY_OFFICER), *tap("mine:{business}", NOBODY)],
    r"^not_mine:(\d{1,18})$": [
        *tap("not_mine:{own_business}", (PERSON,), deed="register.declined", told=ANY_OFFICER),
        *tap("not_mine:{business}", NOBODY),
    ],
    r"^mend:(\d{1,18}\.(?:name|business|sector|kecamatan|products|phone))$": [
        *tap("mend:{own_business}.name", (PERSON,), told=ANY_OFFICER),
        *tap("mend:{business}.name", NOBODY),
    ],
    r"^keep:(\d{1,18})$": [*tap("keep:{own_business}", (PERSON,), told=ANY_OFFICER), *tap("keep:{business}", NOBODY)],
    # What waits for officers.
    r"^queue:(\d{1,4})$": tap("queue:0", ANY_OFFICER),
    r"^queued:(\d{1,18})$": tap("queued:{inquiry}", READING),
    r"^answer:(\d{1,18})$": desk("answer:{inquiry}", ACTING),
    r"^unanswered:(0)$": desk("unanswered:0", EVERYBODY),
    r"^replies:(\d{1,18})$": desk("replies:{inquiry}", ACTING),
    r"^ready:(\d{1,18}\.\d{1,18})$": desk("ready:{inquiry}.{saved}", ACTING, "inquiry.answered"),
    r"^heads:(\d{1,18})$": desk("heads:{inquiry}", READING),
    r"^forward:(\d{1,18})$": desk("forward:{inquiry}", ACTING, "inquiry.forwarded"),
    r"^forward_to:(\d{1,18}\.[a-z0-9_]{1,40})$": desk("forward_to:{inquiry}.disperindag", ACTING, "inquiry.forwarded"),
    r"^close:(\d{1,18})$": desk("close:{inquiry}", ACTING, "inquiry.closed"),
    r"^reopen:(\d{1,18})$": desk("reopen:{closed}", ACTING, "inquiry.reopened"),
    r"^idcard:(\d{1,18})$": desk("idcard:{photo}", ACTING, "inquiry.id_card_removed"),
    r"^more:(0)$": [*tap("more:0", READING, "staff"), *tap("more:0", NOBODY)],
    r"^bind:([a-z0-9_]{1,40})$": [
        *tap("bind:diskopum", ACTING, "staff", "group", deed="group.bound"),
        *tap("bind:diskopum", NOBODY),
    ],
    r"^saved:(0)$": tap("saved:0", ANY_OFFICER),
    r"^saved_of:([a-z0-9_]{1,40})$": tap("saved_of:diskopum", READING),
    r"^saved_one:(\d{1,18})$": tap("saved_one:{saved}", READING),
    r"^saved_add:([a-z0-9_]{1,40})$": tap("saved_add:diskopum", ACTING),
    r"^saved_drop:(\d{1,18})$": tap("saved_drop:{saved}", ACTING, deed="saved_reply.deleted"),
    # What admins set.
    r"^settings:(0)$": tap("settings:0", ADMINS),
    r"^hours:(0)$": tap("hours:0", ADMINS),
    r"^day:([0-6])$": tap("day:1", ADMINS),
    r"^shut:([0-6])$": tap("shut:1", ADMINS, deed="rule.changed"),
    r"^holidays:(\d{1,3})$": tap("holidays:0", ADMINS),
    r"^holiday:(\d{4}-\d{2}-\d{2})$": tap("holiday:2026-12-25", ADMINS),
    r"^holiday_ok:(\d{4}-\d{2}-\d{2})$": tap("holiday_ok:2026-12-25", ADMINS, deed="rule.changed"),
    r"^holiday_off:(\d{4}-\d{2}-\d{2})$": tap("holiday_off:2026-12-25", ADMINS, deed="rule.changed"),
    r"^holiday_new:(0)$": tap("holiday_new:0", ADMINS),
    r"^officers:(\d{1,3})$": tap("officers:0", ADMINS),
    r"^officer:(\d{1,18})$": tap("officer:{served}", ADMINS),
    r"^appoint:(role)$": tap("appoint:role", ADMINS),
    r"^appoint:(officer|reader)$": tap("appoint:officer", ADMINS),
    r"^appoint:(admin|(?:officer|reader)\.[a-z0-9_]{1,40})$": [
        *tap("appoint:admin", ADMINS, deed="officer.link_made"),
        *tap("appoint:reader.diskopum", ADMINS, deed="officer.link_made"),
    ],
    r"^dismiss:(\d{1,18})$": tap("dismiss:{served}", ADMINS),
    r"^dismiss_surely:(\d{1,18})$": tap("dismiss_surely:{served}", ADMINS, deed="officer.dismissed"),
}
"""By command or pattern of the routing table."""
