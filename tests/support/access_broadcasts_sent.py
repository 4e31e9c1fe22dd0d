"""Who may do what with a broadcast under way and afterwards: rows of the table in `tests.support.access`."""

from tests.support.access import ACTING, NOBODY, READING, TABLE, tap
from tests.support.access_training_desk import amid

CORRECTING = '{"step": "broadcast.correcting", "broadcast": <finished>, "html": "Lain", "version": 1}'

TABLE |= {
    r"^broadcast:(\d{1,18})$": tap("broadcast:{running}", READING),
    r"^broadcast_pause:(\d{1,18})$": tap("broadcast_pause:{running}", ACTING, deed="broadcast.paused"),
    r"^broadcast_resume:(\d{1,18})$": tap("broadcast_resume:{paused}", ACTING, deed="broadcast.resumed"),
    r"^broadcast_stop:(\d{1,18})$": tap("broadcast_stop:{running}", ACTING),
    r"^broadcast_go_on:(\d{1,18})$": tap("broadcast_go_on:{halted}", ACTING, deed="broadcast.resumed"),
    r"^broadcast_stopped:(\d{1,18})$": tap("broadcast_stopped:{running}", ACTING, deed="broadcast.cancelled"),
    r"^broadcast_retry:(\d{1,18})$": tap("broadcast_retry:{finished}", ACTING, deed="broadcast.retried"),
    r"^broadcast_uncertain:(\d{1,18})$": tap("broadcast_uncertain:{finished}", ACTING),
    r"^broadcast_uncertain_ok:(\d{1,18})$": tap("broadcast_uncertain_ok:{finished}", ACTING, deed="broadcast.resent"),
    r"^broadcast_unreached:(\d{1,18})$": tap(
        "broadcast_unreached:{finished}", ACTING, deed="broadcast.unreached_listed"
    ),
    r"^broadcast_late:(\d{1,18})$": tap("broadcast_late:{missed}", ACTING),
    r"^broadcast_late_ok:(\d{1,18})$": tap("broadcast_late_ok:{missed}", ACTING, deed="broadcast.sent"),
    r"^broadcast_correct:(\d{1,18})$": tap("broadcast_correct:{finished}", ACTING),
    r"^broadcast_correct_no:(\d{1,18})$": tap("broadcast_correct_no:{finished}", ACTING),
    r"^broadcast_correct_ok:(\d{1,18})$": [
        *amid(CORRECTING, *tap("broadcast_correct_ok:{finished}", ACTING, deed="broadcast.corrected")),
        *tap("broadcast_correct_ok:{finished}", NOBODY),  # without having written the words
    ],
    r"^broadcast_recall:(\d{1,18})$": tap("broadcast_recall:{finished}", ACTING),
    r"^broadcast_recall_ok:(\d{1,18})$": tap("broadcast_recall_ok:{finished}", ACTING, deed="broadcast.recalled"),
}
