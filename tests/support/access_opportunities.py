"""Who may do what with opportunities as an officer: rows of the table in `tests.support.access`."""

from tests.support.access import ACTING, ANY_OFFICER, NOBODY, READING, TABLE, tap
from tests.support.access_training_desk import MAKING, amid

TICKING = '{"step": "opportunity.several", "opportunity": <opportunity_draft>, "field": "products", "chosen": []}'

TABLE |= {
    # Theirs, and one of theirs.
    r"^opp_desk:(\d{1,3})$": tap("opp_desk:0", ANY_OFFICER),
    r"^opp_sheet:(\d{1,18})$": tap("opp_sheet:{opportunity_draft}", READING),
    # How it gets in.
    r"^opp_new:(0|[a-z][a-z0-9_]{0,39})$": [*tap("opp_new:0", MAKING), *tap("opp_new:diskopum", ACTING)],
    # The button of this table stands under no post: who may, is told so.
    r"^opp_of_post:(0|[a-z][a-z0-9_]{0,39})$": [
        *tap("opp_of_post:0", NOBODY, told=MAKING),
        *tap("opp_of_post:diskopum", NOBODY, told=ACTING),
    ],
    # Its fields.
    r"^opp_fields:(\d{1,18})$": tap("opp_fields:{opportunity_out}", ACTING),
    r"^opp_field:(\d{1,18}\.(?:kind|market|title|sought|capacity|place|deadline|source|link|file))$": [
        *tap("opp_field:{opportunity_draft}.title", ACTING),
        *tap("opp_field:{opportunity_draft}.market", ACTING),
    ],
    r"^opp_empty:(\d{1,18}\.(?:products|needs|capacity|kecamatan|place|link|file))$": tap(
        "opp_empty:{opportunity_draft}.place", ACTING
    ),
    r"^opp_set:(\d{1,18}\.(?:kind\.[a-z]{1,10}|market\.[A-Za-z]{2,5}|is_(?:strict|urgent)\.[01]))$": [
        *tap("opp_set:{opportunity_draft}.kind.fair", ACTING, deed="opportunity.changed"),
        *tap("opp_set:{opportunity_draft}.kind.apasaja", NOBODY),
        *tap("opp_set:{opportunity_draft}.is_urgent.1", ACTING, deed="opportunity.changed"),
    ],
    r"^opp_several:(\d{1,18}\.(?:products|needs|kecamatan)\.\d{1,3})$": tap(
        "opp_several:{opportunity_draft}.kecamatan.0", ACTING
    ),
    r"^opp_tick:(\d{1,18}\.(?:products|needs|kecamatan)\.\d{1,3})$": [
        *amid(TICKING, *tap("opp_tick:{opportunity_draft}.products.0", ACTING)),
        *tap("opp_tick:{opportunity_draft}.products.0", NOBODY),
    ],
    r"^opp_keep:(\d{1,18}\.(?:products|needs|kecamatan)\.\d{1,3})$": [
        *amid(TICKING, *tap("opp_keep:{opportunity_draft}.products.0", ACTING)),
        *tap("opp_keep:{opportunity_draft}.products.0", NOBODY),
    ],
    # Its way.
    r"^opp_check:(\d{1,18})$": tap("opp_check:{opportunity_draft}", ACTING),
    r"^opp_sure:(\d{1,18})$": tap("opp_sure:{opportunity_draft}", ACTING),
    r"^opp_publish:(\d{1,18}\.[0-9a-f]{8}\.\d{1,9})$": tap(
        "opp_publish:{opportunity_draft}.{opportunity_stamp}.7", ACTING, deed="opportunity.published"
    ),
    r"^opp_later:(\d{1,18}\.[0-9a-f]{8})$": tap("opp_later:{opportunity_draft}.{opportunity_stamp}", ACTING),
    r"^opp_reopen:(\d{1,18})$": tap("opp_reopen:{opportunity_scheduled}", ACTING, deed="opportunity.reopened"),
    r"^opp_drop:(\d{1,18})$": tap("opp_drop:{opportunity_draft}", ACTING),
    r"^opp_dropped:(\d{1,18})$": tap("opp_dropped:{opportunity_draft}", ACTING, deed="opportunity.dropped"),
    r"^opp_close:(\d{1,18})$": tap("opp_close:{opportunity_out}", ACTING),
    r"^opp_withdraw:(\d{1,18})$": tap("opp_withdraw:{opportunity_out}", ACTING),
}
