"""Who may do what with broadcasts that come again: rows of the table in `tests.support.access`."""

from tests.support.access import ACTING, ANY_OFFICER, READING, TABLE, May, tap
from tests.support.access_training_desk import amid

CHOSEN = (
    '{"step": "broadcast.repeat", "broadcast": <repeatable>, "asks": null, "often": "weekly", "hour": "08.00", '
    '"weekdays": [3], "day": null, "ends_on": null, "late": 120}'
)


def chosen(data: str) -> list[May]:
    """Likewise with all that was chosen, and without: then it is asked anew."""
    return [*amid(CHOSEN, *tap(data, ACTING)), *tap(data, ACTING)]


_ID = r"\d{1,18}"

TABLE |= {
    rf"^broadcast_repeat:({_ID})$": tap("broadcast_repeat:{repeatable}", ACTING),
    rf"^broadcast_repeat_often:({_ID}\.(?:daily|weekly|monthly))$": chosen("broadcast_repeat_often:{repeatable}.daily"),
    rf"^broadcast_repeat_weekday:({_ID}\.[0-6]\.[01])$": chosen("broadcast_repeat_weekday:{repeatable}.2.1"),
    rf"^broadcast_repeat_day:({_ID}\.(?:[1-9]|[12]\d|3[01]|last))$": chosen("broadcast_repeat_day:{repeatable}.last"),
    rf"^broadcast_repeat_days:({_ID})$": chosen("broadcast_repeat_days:{repeatable}"),
    rf"^broadcast_repeat_hours:({_ID})$": chosen("broadcast_repeat_hours:{repeatable}"),
    rf"^broadcast_repeat_hour:({_ID}\.(?:[01]\d|2[0-3])[0-5]\d)$": chosen("broadcast_repeat_hour:{repeatable}.0800"),
    rf"^broadcast_repeat_ends:({_ID})$": chosen("broadcast_repeat_ends:{repeatable}"),
    rf"^broadcast_repeat_end:({_ID}\.(?:none|months3|months6|year))$": chosen("broadcast_repeat_end:{repeatable}.year"),
    rf"^broadcast_repeat_lates:({_ID})$": chosen("broadcast_repeat_lates:{repeatable}"),
    rf"^broadcast_repeat_late:({_ID}\.(?:0|30|60|120|360|1440))$": chosen("broadcast_repeat_late:{repeatable}.60"),
    rf"^broadcast_repeat_review:({_ID})$": chosen("broadcast_repeat_review:{repeatable}"),
    rf"^broadcast_repeat_keep:({_ID})$": [
        *amid(CHOSEN, *tap("broadcast_repeat_keep:{repeatable}", ACTING, deed="schedule.kept")),
        *tap("broadcast_repeat_keep:{repeatable}", ACTING),
    ],
    r"^broadcast_schedules:(\d{1,3})$": tap("broadcast_schedules:0", ANY_OFFICER),
    r"^broadcast_schedule:(\d{1,18})$": tap("broadcast_schedule:{repeated}", READING),
    r"^broadcast_schedule_skip:(\d{1,18})$": tap("broadcast_schedule_skip:{coming}", ACTING),
    r"^broadcast_schedule_skipped:(\d{1,18})$": tap(
        "broadcast_schedule_skipped:{coming}", ACTING, deed="broadcast.skipped"
    ),
    r"^broadcast_schedule_stop:(\d{1,18})$": tap("broadcast_schedule_stop:{repeated}", ACTING),
    r"^broadcast_schedule_stopped:(\d{1,18})$": tap(
        "broadcast_schedule_stopped:{repeated}", ACTING, deed="schedule.stopped"
    ),
}
