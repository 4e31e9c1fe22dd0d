"""Who may do what with trainings as an officer, and at their doors: rows of the table in `tests.support.access`."""

from dataclasses import replace

from tests.support.access import ACTING, ANY_OFFICER, NOBODY, READING, TABLE, May, command, tap
from tests.support.attempts import ADMIN, OFFICER, OTHER

MAKING = (OTHER, OFFICER, ADMIN)
"""Who makes trainings of some office."""


def amid(state: str, *mays: May) -> list[May]:
    """The same, tried by somebody in the step *state* (JSON, blanks in angle brackets)."""
    return [replace(may, attempt=replace(may.attempt, state=state)) for may in mays]


CONFIRMING = '{"step": "training.confirm", "training": <training>, "field": "place", "text": "BLK"}'
TICKING = '{"step": "training.audience", "training": <training>, "kind": "sectors", "chosen": []}'
BRINGING = '{"step": "training.bring_in", "seat": <waiting>, "why": "rumahnya jauh"}'
KEPT = '{"step": "training.door", "day": null, "numbers": [1]}'
ASKING = '{"step": "training.choosing", "training": <training>, "text": "Apa?", "kind": "yesno", "must": true}'

TABLE |= {
    "/hadir": [
        *command("/hadir", ANY_OFFICER, "private"),
        *command("/hadir", NOBODY, "group", "staff"),
        *command("/hadir@demo_bot", ANY_OFFICER, "private"),
        *command("/hadir@demo_bot", NOBODY, "group", "staff"),
    ],
    # Theirs, and one of theirs.
    r"^manage:(\d{1,3})$": tap("manage:0", ANY_OFFICER),
    r"^manage_past:(\d{1,3})$": tap("manage_past:0", ANY_OFFICER),
    r"^managed:(\d{1,18})$": tap("managed:{draft}", READING),
    r"^make:(0)$": tap("make:0", MAKING),
    r"^make_at:([a-z0-9_]{1,40})$": tap("make_at:diskopum", ACTING),
    r"^publish:(\d{1,18})$": tap("publish:{draft}", ACTING, deed="training.moved"),
    r"^registration_off:(\d{1,18})$": tap("registration_off:{training}", ACTING, deed="training.moved"),
    r"^registration_on:(\d{1,18})$": tap("registration_on:{closed_training}", ACTING, deed="training.moved"),
    r"^duplicate:(\d{1,18})$": tap("duplicate:{training}", ACTING, deed="training.duplicated"),
    r"^call_off:(\d{1,18})$": tap("call_off:{training}", ACTING),
    r"^called_off:(\d{1,18})$": [
        *tap("called_off:{draft}", ACTING, deed="training.moved"),
        *tap("called_off:{training}", NOBODY),  # without having written why
    ],
    # Its fields.
    r"^fields:(\d{1,18})$": tap("fields:{training}", ACTING),
    r"^field:(\d{1,18}\.[a-z_]{1,20})$": tap("field:{training}.title", ACTING),
    r"^guide:(\d{1,18}\.[a-z_]{1,20})$": tap("guide:{training}.place", ACTING),
    r"^field_none:(\d{1,18}\.[a-z_]{1,20})$": tap("field_none:{training}.contact", ACTING, deed="training.changed"),
    r"^tell:(\d{1,18})$": [
        *amid(CONFIRMING, *tap("tell:{training}", ACTING, deed="training.changed")),
        *tap("tell:{training}", NOBODY),
    ],
    r"^switch:(\d{1,18}\.(?:is_for_new|has_waiting_list))$": tap(
        "switch:{training}.is_for_new", ACTING, deed="training.changed"
    ),
    r"^for:(\d{1,18}\.(?:kecamatan|sectors)\.\d{1,3})$": tap("for:{training}.kecamatan.0", ACTING),
    r"^for_one:(\d{1,18}\.(?:kecamatan|sectors)\.\d{1,3})$": [
        *amid(TICKING, *tap("for_one:{training}.sectors.0", ACTING)),
        *tap("for_one:{training}.sectors.0", NOBODY),
    ],
    r"^for_keep:(\d{1,18}\.(?:kecamatan|sectors)\.\d{1,3})$": amid(
        TICKING, *tap("for_keep:{training}.sectors.0", ACTING, deed="training.changed")
    ),
    r"^for_all:(\d{1,18}\.(?:kecamatan|sectors)\.\d{1,3})$": tap(
        "for_all:{training}.sectors.0", ACTING, deed="training.changed"
    ),
    r"^asks:(\d{1,18})$": tap("asks:{training}", ACTING),
    r"^asks_new:(\d{1,18})$": tap("asks_new:{training}", ACTING),
    r"^asks_kind:(\d{1,18}\.(?:text|choice|yesno|number))$": amid(ASKING, *tap("asks_kind:{training}.text", ACTING)),
    r"^asks_must:(\d{1,18}\.[01])$": amid(ASKING, *tap("asks_must:{training}.1", ACTING, deed="training.changed")),
    r"^asks_if:(\d{1,18}\.(?:all|\d{1,3}))$": amid(
        ASKING, *tap("asks_if:{training}.all", ACTING, deed="training.changed")
    ),
    r"^asks_drop:(\d{1,18}\.[a-z0-9_]{1,24})$": tap("asks_drop:{draft}.q1", ACTING, deed="training.changed"),
    r"^paper:(\d{1,18}\.(?:poster|code|list|sheet|door))$": tap("paper:{training}.sheet", READING),
    # Who is in it.
    r"^people:(\d{1,18}\.\d{1,4})$": tap("people:{today}.0", READING),
    r"^participant:(\d{1,18})$": tap("participant:{waiting}", READING),
    r"^take_out:(\d{1,18})$": tap("take_out:{absent}", ACTING),
    r"^move_one:(\d{1,18})$": tap("move_one:{waiting}", ACTING),
    r"^move_one_to:(\d{1,18}\.\d{1,18})$": tap("move_one_to:{waiting}.{training}", NOBODY),  # no date of theirs
    r"^bring_in:(\d{1,18})$": tap("bring_in:{waiting}", ACTING),
    r"^add_chair:(\d{1,18})$": [
        *amid(BRINGING, *tap("add_chair:{waiting}", ACTING, deed="seat.moved")),
        *tap("add_chair:{waiting}", NOBODY),  # without having written why
    ],
    # At its door.
    r"^doors:(\d{1,3})$": tap("doors:0", ANY_OFFICER),
    r"^doors_of:(\d{1,18})$": tap("doors_of:{today}", READING),
    r"^mark_on:(\d{1,18})$": [
        *amid(KEPT, *tap("mark_on:{hall_day}", ACTING, deed="attendance.marked")),
        *tap("mark_on:{hall_day}", NOBODY),  # without having typed numbers
    ],
    r"^door:(\d{1,18})$": tap("door:{hall_day}", READING),
    r"^walk_in:(\d{1,18})$": tap("walk_in:{hall_day}", ACTING),
    r"^door_names:(\d{1,18})$": tap("door_names:{hall_day}", ACTING),
    r"^let_in:(\d{1,18}\.\d{1,18})$": tap("let_in:{hall_day}.{asker}", ACTING, deed="seat.moved"),
    r"^stand_by:(\d{1,18})$": tap("stand_by:{hall_day}", NOBODY),  # who was not told that it is full
    r"^standby:(\d{1,18}\.\d{1,4})$": tap("standby:{hall_day}.0", ACTING),
    r"^stand_in:(\d{1,18}\.\d{1,18}(?:\.\d{1,4})?)$": tap("stand_in:{hall_day}.{waiting}", ACTING),
    r"^whose:(\d{1,18}\.\d{1,18}\.\d{1,18})$": tap("whose:{hall_day}.{waiting}.{absent}", ACTING),
    r"^stand_for:(\d{1,18}\.\d{1,18}\.\d{1,18})$": [
        *tap("stand_for:{hall_day}.{waiting}.{absent}", ACTING, deed="seat.moved"),
        *tap("stand_for:{hall_day}.{waiting}.0", ACTING, deed="seat.moved"),
    ],
}
