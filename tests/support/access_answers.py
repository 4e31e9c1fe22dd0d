"""Who may do what with opportunities and wishes: rows of `tests.support.access`."""

from domain.opportunities.rhythm import RHYTHMS
from domain.opportunities.wishes import LISTS
from tests.support.access import ADMINS, KNOWN, NOBODY, TABLE, tap
from tests.support.attempts import EVERYBODY, STRANGER

ANY_LIST = "|".join(LISTS)

TABLE |= {
    r"^opps:(\d{1,4})$": tap("opps:0", EVERYBODY),
    r"^opps_mine:(\d{1,4})$": tap("opps_mine:0", EVERYBODY),
    r"^opp_sector:(ask)$": tap("opp_sector:ask", EVERYBODY),
    r"^opp_sector:([a-z0-9_]{1,40})$": [*tap("opp_sector:tenun", EVERYBODY), *tap("opp_sector:zzz", NOBODY)],
    r"^opp_not_sector:([a-z0-9_]{1,40})$": tap("opp_not_sector:zzz", NOBODY),
    r"^opp:(\d{1,18})$": [*tap("opp:{open}", EVERYBODY), *tap("opp:{unpublished}", NOBODY), *tap("opp:0", NOBODY)],
    r"^opp_need:(\d{1,18}\.[a-z]{1,16}\.[a-z0-9]{1,16})$": [
        *tap("opp_need:{open}.nib.yes", EVERYBODY),
        *tap("opp_need:{open}.capacity.200", EVERYBODY),
        *tap("opp_need:{open}.halal.yes", NOBODY),
        *tap("opp_need:{open}.nib.200", NOBODY),
        *tap("opp_need:{unpublished}.nib.yes", NOBODY),
    ],
    r"^opp_wa:(\d{1,18})$": [*tap("opp_wa:{open}", EVERYBODY), *tap("opp_wa:{unpublished}", NOBODY)],
    r"^opp_yes:(\d{1,18})$": [
        *tap("opp_yes:{open}", EVERYBODY, deed="interest.interested"),
        *tap("opp_yes:{unpublished}", NOBODY),
    ],
    r"^opp_no:(\d{1,18})$": [
        *tap("opp_no:{open}", EVERYBODY, deed="interest.declined"),
        *tap("opp_no:{unpublished}", NOBODY),
    ],
    r"^opp_why:(\d{1,18}\.[a-z]{1,16})$": [
        *tap("opp_why:{open}.price", NOBODY),  # they have not said that it does not suit them
        *tap("opp_why:{wanted}.price", NOBODY),
    ],
    r"^opp_back:(\d{1,18})$": [
        *tap("opp_back:{wanted}", KNOWN, deed="interest.withdrawn", told=(STRANGER,)),
        *tap("opp_back:{open}", NOBODY, told=EVERYBODY),
    ],
    r"^opp_leave:(\d{1,18})$": [
        *tap("opp_leave:{wanted}", KNOWN, deed="interest.withdrawn", told=(STRANGER,)),
        *tap("opp_leave:{open}", NOBODY, told=EVERYBODY),
    ],
    r"^opp_stay:(\d{1,18})$": [*tap("opp_stay:{open}", EVERYBODY), *tap("opp_stay:{unpublished}", NOBODY)],
    r"^opp_may:(\d{1,18})$": [
        # Who is not interested reads that in place of the buttons.
        *tap("opp_may:{wanted}", EVERYBODY),
        *tap("opp_may:{open}", EVERYBODY),
    ],
    r"^opp_share:(\d{1,18}\.(?:yes|no))$": [
        *tap("opp_share:{wanted}.no", KNOWN, deed="interest.kept", told=(STRANGER,)),
        *tap("opp_share:{open}.yes", NOBODY, deed="interest.shared", told=EVERYBODY),
    ],
    r"^opp_ask:(\d{1,18})$": [*tap("opp_ask:{open}", EVERYBODY), *tap("opp_ask:{unpublished}", NOBODY)],
    # What one hears of.
    rf"^wish:((?:{ANY_LIST})\.\d{{1,3}})$": tap("wish:products.0", EVERYBODY),
    rf"^wish_(?:on|off):((?:{ANY_LIST})\.\d{{1,3}}\.[^\n]{{1,40}})$": [
        *tap("wish_on:products.0.tenun", EVERYBODY),
        *tap("wish_off:markets.0.JP", EVERYBODY),
        *tap("wish_on:kecamatan.0.Zzz", NOBODY),
        *tap("wish_off:kinds.0.zzz", NOBODY),
    ],
    rf"^wish_all:({ANY_LIST})$": tap("wish_all:kinds", EVERYBODY),
    r"^wish_menu:(show)$": tap("wish_menu:show", EVERYBODY),
    r"^wish_rhythm:(show)$": tap("wish_rhythm:show", EVERYBODY),
    rf"^wish_rhythm:({'|'.join(RHYTHMS)})$": tap("wish_rhythm:weekly", EVERYBODY),
    r"^wish_quiet:(show)$": tap("wish_quiet:show", EVERYBODY),
    r"^wish_quiet:(house|none)$": tap("wish_quiet:none", EVERYBODY),
    r"^wish_quiet:(own)$": tap("wish_quiet:own", EVERYBODY),
    # What admins set of it.
    r"^opp_rules:(0)$": tap("opp_rules:0", ADMINS),
    r"^opp_rule:(weekly_cap|digest_hour)$": tap("opp_rule:weekly_cap", ADMINS),
    r"^opp_rule_day:(show)$": tap("opp_rule_day:show", ADMINS),
    r"^opp_rule_day:([0-6])$": tap("opp_rule_day:2", ADMINS, deed="rule.changed"),
}
