"""Who may do what with sources of news: rows of the table in `tests.support.access`."""

from tests.support.access import ACTING, ANY_OFFICER, NOBODY, READING, TABLE, tap
from tests.support.access_training_desk import MAKING

TABLE |= {
    r"^feeds:(\d{1,3})$": tap("feeds:0", ANY_OFFICER),
    r"^feed:(\d{1,18})$": [*tap("feed:{feed}", READING), *tap("feed:0", NOBODY)],
    r"^feed_new:(0|[a-z][a-z0-9_]{0,39})$": [
        *tap("feed_new:0", MAKING),
        *tap("feed_new:diskopum", ACTING),
        *tap("feed_new:tidakada", NOBODY),
    ],
    r"^feed_drop:(\d{1,15}\.\d{1,15}\.\d{1,15})$": tap("feed_drop:{feed}.1.9", ACTING),
    r"^feed_dropped:(\d{1,15}\.\d{1,15}\.\d{1,15})$": tap("feed_dropped:{feed}.1.9", ACTING),
    r"^feed_stop:(\d{1,18})$": tap("feed_stop:{feed}", ACTING),
    r"^feed_stopped:(\d{1,18})$": tap("feed_stopped:{feed}", ACTING, deed="feed.stopped"),
}
