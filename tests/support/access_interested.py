"""Who may see who is interested in an opportunity, and do what: rows of the table in `tests.support.access`."""

from tests.support.access import ACTING, ANY_OFFICER, KNOWN, NOBODY, READING, TABLE, tap

TABLE |= {
    r"^opp_news:(\d{1,3})$": tap("opp_news:0", ANY_OFFICER),
    r"^opp_who:(\d{1,18}(?:\.\d{1,4})?)$": [*tap("opp_who:{pursued}.0", READING), *tap("opp_who:0", NOBODY)],
    r"^opp_pass_new:(\d{1,18})$": tap("opp_pass_new:{pursued}", ACTING),
    r"^opp_passed_new:(\d{1,18})$": tap("opp_passed_new:{pursued}", ACTING, deed="interest.passed_on"),
    r"^opp_file:(\d{1,18})$": tap("opp_file:{pursued}", READING, deed="interest.listed"),
    r"^opp_interest:(\d{1,18})$": [*tap("opp_interest:{new_interest}", READING), *tap("opp_interest:0", NOBODY)],
    r"^opp_consent:(\d{1,18})$": [
        *tap("opp_consent:{silent_interest}", ACTING, deed="interest.consent_asked"),
        *tap("opp_consent:{new_interest}", ACTING),
    ],
    r"^opp_stand:(\d{1,18}\.(?:new|passed_on|chosen|not_chosen)\.(?:new|passed_on|chosen|not_chosen))$": tap(
        "opp_stand:{new_interest}.chosen.new", ACTING
    ),
    r"^opp_stood:(\d{1,18}\.(?:new|passed_on|chosen|not_chosen)\.(?:new|passed_on|chosen|not_chosen))$": [
        *tap("opp_stood:{new_interest}.passed_on.new", ACTING, deed="interest.passed_on"),
        *tap("opp_stood:{new_interest}.not_chosen.chosen", ACTING),
        *tap("opp_stood:{silent_interest}.passed_on.new", NOBODY, told=ACTING),
    ],
    # One's own.
    r"^opp_orders:(\d{1,18})$": [*tap("opp_orders:{own_interest}", KNOWN), *tap("opp_orders:{interest}", NOBODY)],
    r"^opp_order:(\d{1,18}\.(?:none|under_1|to_10|to_50|over_50|unsaid))$": [
        *tap("opp_order:{own_interest}.to_10", KNOWN, deed="interest.orders_told"),
        *tap("opp_order:{interest}.to_10", NOBODY),
    ],
}
