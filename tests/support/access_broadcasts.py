"""Who may do what with broadcasts: rows of the table in `tests.support.access`."""

from tests.support.access import ACTING, ADMINS, ANY_OFFICER, NOBODY, READING, TABLE, command, tap
from tests.support.access_training_desk import MAKING

TABLE |= {
    "/siaran": [
        *command("/siaran", ANY_OFFICER, "private"),
        *command("/siaran", NOBODY, "group", "staff"),
        *command("/siaran@demo_bot", ANY_OFFICER, "private"),
        *command("/siaran@demo_bot", NOBODY, "group", "staff"),
    ],
    r"^siaran:(\d{1,3})$": tap("siaran:0", ANY_OFFICER),
    r"^broadcast:(\d{1,18})$": tap("broadcast:{composed}", READING),
    r"^broadcast_copy:(\d{1,18})$": tap("broadcast_copy:{composed}", ACTING, deed="broadcast.copied"),
    r"^broadcast_reopen:(\d{1,18})$": tap("broadcast_reopen:{proposed}", ACTING, deed="broadcast.reopened"),
    r"^broadcast_drop:(\d{1,18})$": tap("broadcast_drop:{composed}", ACTING),
    r"^broadcast_dropped:(\d{1,18})$": tap("broadcast_dropped:{composed}", ACTING, deed="broadcast.dropped"),
    # What it says.
    r"^broadcast_make:(0|[a-z][a-z0-9_]{0,39})$": [
        *tap("broadcast_make:0", MAKING),
        *tap("broadcast_make:diskopum", ACTING),
    ],
    r"^broadcast_text:(\d{1,18})$": tap("broadcast_text:{composed}", ACTING),
    r"^broadcast_before:(\d{1,18}\.[0-9a-f]{8})$": tap("broadcast_before:{composed}.0a1b2c3d", ACTING),
    r"^broadcast_words_only:(\d{1,18})$": tap("broadcast_words_only:{composed}", ACTING),
    r"^broadcast_buttons:(\d{1,18})$": tap("broadcast_buttons:{composed}", ACTING),
    r"^broadcast_link:(\d{1,18})$": tap("broadcast_link:{composed}", ACTING),
    r"^broadcast_trainings:(\d{1,18})$": tap("broadcast_trainings:{composed}", ACTING),
    r"^broadcast_training:(\d{1,18}\.\d{1,18})$": tap("broadcast_training:{composed}.{training}", ACTING),
    r"^broadcast_button_off:(\d{1,18}\.[0-9a-f]{8})$": tap("broadcast_button_off:{composed}.0a1b2c3d", ACTING),
    r"^broadcast_blank:(\d{1,18}\.(?:nama|usaha))$": tap("broadcast_blank:{composed}.nama", ACTING),
    r"^broadcast_blank_ours:(\d{1,18}\.(?:nama|usaha))$": tap("broadcast_blank_ours:{composed}.nama", ACTING),
    r"^broadcast_option:(\d{1,18}\.(?:silent|pinned)\.[01])$": tap("broadcast_option:{composed}.silent.1", ACTING),
    # To whom.
    r"^broadcast_whom:(\d{1,18})$": tap("broadcast_whom:{composed}", ACTING),
    r"^broadcast_everybody:(\d{1,18})$": tap("broadcast_everybody:{composed}", ACTING),
    r"^broadcast_untrained:(\d{1,18}\.[01])$": tap("broadcast_untrained:{composed}.1", ACTING),
    r"^broadcast_people:(\d{1,18}\.[01])$": tap("broadcast_people:{composed}.1", ACTING),
    r"^broadcast_which:(\d{1,18}\.(?:kecamatan|sectors|languages|trainings|outlets)\.\d{1,3})$": [
        *tap("broadcast_which:{composed}.kecamatan.0", ACTING),
        *tap("broadcast_which:{composed}.trainings.0", ACTING),
        *tap("broadcast_which:{composed}.outlets.0", ACTING),
    ],
    r"^broadcast_tick:(\d{1,18}\.(?:kecamatan|sectors|languages|trainings|outlets)"
    r"\.-?\d{1,18}(?:-(?:participants|waiting))?\.[01])$": [
        *tap("broadcast_tick:{composed}.kecamatan.0.1", ACTING),
        *tap("broadcast_tick:{composed}.languages.1.1", ACTING),
        *tap("broadcast_tick:{composed}.trainings.{training}-participants.1", ACTING),
        *tap("broadcast_tick:{composed}.outlets.-5.1", NOBODY),
    ],
    r"^broadcast_topic:(\d{1,18})$": tap("broadcast_topic:{composed}", ACTING),
    r"^broadcast_about:(\d{1,18}\.[a-z]{1,20})$": [
        *tap("broadcast_about:{composed}.pasar", ACTING),
        *tap("broadcast_about:{composed}.apasaja", NOBODY),
    ],
    # Before it sets out.
    r"^broadcast_preview:(\d{1,18}(?:\.(?:id|jv|en|public))?)$": tap("broadcast_preview:{composed}.jv", READING),
    r"^broadcast_try:(\d{1,18}\.(?:me|group))$": tap("broadcast_try:{composed}.me", ACTING),
    r"^broadcast_wa:(\d{1,18})$": tap("broadcast_wa:{composed}", READING),
    r"^broadcast_when:(\d{1,18})$": tap("broadcast_when:{composed}", ACTING),
    r"^broadcast_at:(\d{1,18}\.(?:0|\d{12}))$": [
        *tap("broadcast_at:{composed}.202612010800", ACTING),
        *tap("broadcast_at:{composed}.202613990800", NOBODY),
    ],
    r"^broadcast_late:(\d{1,18}\.\d{1,5})$": tap("broadcast_late:{composed}.120", ACTING),
    r"^broadcast_send:(\d{1,18})$": tap("broadcast_send:{composed}", ACTING),
    r"^broadcast_confirm:(\d{1,18}\.[0-9a-f]{8})$": tap(
        "broadcast_confirm:{composed}.{composed_stamp}", ACTING, deed="broadcast.scheduled"
    ),
    r"^broadcast_approve:(\d{1,18}\.[0-9a-f]{8})$": tap(
        "broadcast_approve:{proposed}.{proposed_stamp}", ACTING, deed="broadcast.approved"
    ),
    r"^broadcast_refuse:(\d{1,18}\.[0-9a-f]{8})$": tap("broadcast_refuse:{proposed}.{proposed_stamp}", ACTING),
    # Rules.
    r"^broadcast_rules:(0)$": tap("broadcast_rules:0", ADMINS),
    r"^broadcast_rule:(approval_number|quiet_hours)$": tap("broadcast_rule:quiet_hours", ADMINS),
}
