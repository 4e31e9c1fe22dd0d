"""Who may do what about what they hear of, and with channels and groups: rows of `tests.support.access`."""

from tests.support.access import ACTING, ANY_OFFICER, NOBODY, TABLE, tap
from tests.support.attempts import EVERYBODY

A_TOPIC = r"([a-z]{1,16})"

TABLE |= {
    r"^follow_list:(0)$": tap("follow_list:0", EVERYBODY),
    rf"^follow:{A_TOPIC}$": [*tap("follow:pasar", EVERYBODY), *tap("follow:zzz", NOBODY)],
    rf"^unfollow:{A_TOPIC}$": [*tap("unfollow:pasar", EVERYBODY), *tap("unfollow:zzz", NOBODY)],
    r"^follow_all:(0)$": tap("follow_all:0", EVERYBODY),
    rf"^follow_less:{A_TOPIC}$": tap("follow_less:pasar", EVERYBODY),
    rf"^follow_not:{A_TOPIC}$": [*tap("follow_not:pasar", EVERYBODY), *tap("follow_not:zzz", NOBODY)],
    r"^follow_stay:(0)$": tap("follow_stay:0", EVERYBODY),
    r"^stop_all:(0)$": tap("stop_all:0", EVERYBODY),
    # Channels and groups.
    r"^outlet:([a-z0-9_]{1,40}\.-\d{1,18})$": [
        *tap("outlet:diskopum.{own_channel}", ACTING, deed="outlet.bound"),
        *tap("outlet:diskopum.{channel}", NOBODY),
    ],
    r"^outlet_no:(-\d{1,18})$": [*tap("outlet_no:{own_channel}", ANY_OFFICER), *tap("outlet_no:{channel}", NOBODY)],
    r"^outlets:(\d{1,3})$": tap("outlets:0", ANY_OFFICER),
    r"^outlet_off:(-\d{1,18})$": [
        *tap("outlet_off:{outlet}", ACTING, deed="outlet.unbound"),
        *tap("outlet_off:{own_channel}", NOBODY),
    ],
    r"^announce:([a-z0-9_]{1,40})$": [
        *tap("announce:diskopum", ACTING, "group", deed="outlet.bound"),
        *tap("announce:diskopum", NOBODY, "staff", told=ACTING),
        *tap("announce:diskopum", NOBODY),
    ],
}
