"""What opportunities are called: their kinds, the markets they lead to, the products they seek."""

from collections.abc import Sequence

from db.models import OpportunityKind
from domain.district import District
from messages import Sentence, say

HOME = "home"
"""The market at home, beside the codes of the district's countries."""

OTHER = "other"
"""A country that the district does not name."""


def name_of(kind: OpportunityKind) -> Sentence:
    """How people call it."""
    return say(f"opportunity.kind_{kind.value}")


def markets_of(district: District) -> tuple[str, ...]:
    """All there are: at home, then the countries the district's entrepreneurs are led to, then any other."""
    return (HOME, *district.countries, OTHER)


def market_name(market: str, district: District) -> Sentence | str:
    """How people call it; a country that the district does not name any more by its code."""
    if market in {HOME, OTHER}:
        return say(f"opportunity.market_{market}")
    return district.countries.get(market, market)


def products_name(products: Sequence[str] | None, district: District) -> Sentence | str:
    """The products by name, in the district's order; all of them for None."""
    if products is None:
        return say("opportunity.all_products")
    known = [name for key, name in district.sectors.items() if key in products]
    return ", ".join([*known, *(key for key in products if key not in district.sectors)])


def listed(names: Sequence[Sentence | str]) -> Sentence | str:
    """Them one after the other, as one says it; there is at least one."""
    if len(names) == 1:
        return names[0]
    if len(names) == 2:
        return say("wishes.and", first=names[0], last=names[1])
    return say("wishes.comma", first=names[0], rest=listed(names[1:]))


def option_name(name: str, key: str, district: District) -> Sentence | str:
    """How people call *key* of one of `domain.opportunities.wishes.LISTS`."""
    if name == "products":
        return district.sectors.get(key, key)
    if name == "markets":
        return market_name(key, district)
    return name_of(OpportunityKind(key)) if name == "kinds" else key
