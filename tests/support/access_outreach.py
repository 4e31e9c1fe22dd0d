"""Who may do what about what they hear of, and with channels and groups: rows of `tests.support.access`."""

from tests.support.access import NOBODY, TABLE, tap
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
}
