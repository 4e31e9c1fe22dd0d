"""Who may see the figures of opportunities: rows of `tests.support.access`."""

from tests.support.access import ADMINS, ANY_OFFICER, NOBODY, READING, TABLE, command, tap

# The last two figures name the office: 00 all of them, 01 Diskopum; those before them how many months.

TABLE |= {
    "/laporan": [
        *command("/laporan", ANY_OFFICER, "private"),
        *command("/laporan", NOBODY, "group", "staff"),
        *command("/laporan@demo_bot", ANY_OFFICER, "private"),
        *command("/laporan@demo_bot", NOBODY, "group", "staff"),
    ],
    r"^report:((?:month|last|year|twelve)\.\d{1,2})$": [
        *tap("report:month.1", READING),
        *tap("report:twelve.0", ADMINS),
        *tap("report:month.3", NOBODY),
    ],
    r"^report_file:((?:picture|book)\.\d{6,12})$": [
        *tap("report_file:picture.243220101", READING),
        *tap("report_file:book.243220100", ADMINS),
        *tap("report_file:book.243220103", NOBODY),
        *tap("report_file:book.243229901", NOBODY),
    ],
}
