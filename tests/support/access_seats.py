"""Who may do what with trainings and their own seats: rows of the table in `tests.support.access`."""

from tests.support.access import KNOWN, NOBODY, TABLE, May, tap
from tests.support.attempts import EVERYBODY


def own(data: str) -> list[May]:
    """A button about a seat: one's own works, and another's tells that it is none of one's own."""
    mine = data.replace("{seat}", "{own_seat}").replace("{held}", "{own_held}")
    return [*tap(mine, KNOWN), *tap(data, NOBODY, told=EVERYBODY)]


TABLE |= {
    r"^trainings:(\d{1,3})$": tap("trainings:0", EVERYBODY),
    r"^signup:(\d{1,3})$": tap("signup:0", EVERYBODY),
    r"^training:(\d{1,18})$": tap("training:{training}", EVERYBODY),
    r"^wa:(\d{1,18})$": tap("wa:{training}", EVERYBODY),
    r"^map:(\d{1,18})$": tap("map:{training}", EVERYBODY),
    r"^register:(\d{1,18})$": tap("register:{other_date}", EVERYBODY),
    r"^change:(\d{1,18}\.[a-z0-9_]{1,24})$": tap("change:{other_date}.name", EVERYBODY),
    r"^accept:(\d{1,18}\.\d{1,9})$": own("accept:{held}.1"),
    r"^decline:(\d{1,18}\.\d{1,9})$": own("decline:{held}.1"),
    r"^coming:(\d{1,18}(?:\.\d{1,9})?)$": own("coming:{seat}.0"),
    r"^not_coming:(\d{1,18}(?:\.\d{1,9})?)$": own("not_coming:{seat}.0"),
    r"^seats:(\d{1,3})$": tap("seats:0", EVERYBODY),
    r"^seat:(\d{1,18})$": own("seat:{seat}"),
    r"^ticket:(\d{1,18})$": own("ticket:{seat}"),
    r"^link:(\d{1,18})$": [*tap("link:{own_seat}", NOBODY, told=KNOWN), *tap("link:{seat}", NOBODY, told=EVERYBODY)],
    r"^calendar:(\d{1,18})$": own("calendar:{seat}"),
    r"^give_up:(\d{1,18})$": own("give_up:{seat}"),
    r"^gone:(\d{1,18}\.(?:confirmed|held|waiting)(?:\.\d{1,9})?)$": own("gone:{seat}.confirmed.0"),
    r"^dates:(\d{1,18})$": own("dates:{seat}"),
    r"^move:(\d{1,18}\.\d{1,18})$": own("move:{seat}.{other_date}"),
    r"^move_line:(\d{1,18}\.\d{1,18})$": own("move_line:{seat}.{other_date}"),
}
