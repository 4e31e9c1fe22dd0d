"""Who an opportunity is for: the table of bits says just what a plain reading of the rules says."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.models import Opportunity, OpportunityKind
from domain.opportunities.matching import Seeker, Table

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)

PRODUCTS = ("tenun", "konveksi", "makanan", "rotan")
KECAMATAN = ("Babat", "Pucuk", "Turi", "Atlantis")
MARKETS = ("home", "JP", "US", "XX")
PAPERS = ("nib", "halal", "pirt", "passport")
"""The last of each is one that nobody knows of: left over in a row from before it was taken out of the district."""

MOST = {"50": 49, "200": 199, "1000": 999, "5000": 4_999, "more": 10**9, "lots": 10**9}
"""What somebody who said so can make in a month at best; of an unknown word everything is thought possible."""


def is_for(one: Opportunity, seeker: Seeker) -> bool:
    """The rules, read plainly."""
    if one.products is not None and not set(one.products) & set(seeker.products or ()):
        return False
    if one.kecamatan is not None and not set(one.kecamatan) & set(seeker.kecamatan):
        return False
    is_wished = seeker.markets is None or one.market in seeker.markets
    is_wished = is_wished and (seeker.kinds is None or one.kind.value in seeker.kinds)
    return is_wished and not (one.is_strict and lacks_something(one, seeker))


def lacks_something(one: Opportunity, seeker: Seeker) -> bool:
    """Whether they said that they do not have all that is asked for."""
    if any(seeker.papers.get(paper) == "no" for paper in one.needs):
        return True
    return bool(one.capacity and seeker.capacity and MOST[seeker.capacity] < one.capacity)


_numbers = itertools.count(1)


def opportunity(**details: object) -> Opportunity:
    given = {"kind": OpportunityKind.BUYER, "office": "disperindag", "title": "Toko", "made_at": NOW, "changed_at": NOW}
    return Opportunity(id=next(_numbers), **(given | details))


def seeker(**details: object) -> Seeker:
    return Seeker(**({"person_id": 1, "products": ("makanan",)} | details))  # type: ignore[arg-type]  # as given


def some(values: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3)


opportunities = st.builds(
    opportunity,
    kind=st.sampled_from(list(OpportunityKind)),
    products=st.none() | some(PRODUCTS),
    market=st.sampled_from(MARKETS),
    needs=some(PAPERS),
    capacity=st.none() | st.sampled_from([0, 1, 49, 50, 51, 199, 200, 999, 1_000, 4_999, 5_000, 10_000_000]),
    is_strict=st.booleans(),
    kecamatan=st.none() | some(KECAMATAN),
)
seekers = st.builds(
    Seeker,
    person_id=st.just(1),
    products=st.none() | some(PRODUCTS),
    kecamatan=some(KECAMATAN),
    markets=st.none() | some(MARKETS),
    kinds=st.none() | some([kind.value for kind in OpportunityKind]),
    papers=st.dictionaries(st.sampled_from(PAPERS), st.sampled_from(["yes", "no", None])),
    capacity=st.none() | st.sampled_from(list(MOST)),
)


class TestTable:
    @settings(max_examples=60, deadline=None)
    @given(st.lists(opportunities, max_size=70), st.lists(seekers, min_size=1, max_size=8))
    def test_finds_just_what_the_rules_say(self, there: list[Opportunity], people: list[Seeker]) -> None:
        """All that is for somebody, nothing else, in the order given; one person's answer changes no other's."""
        table = Table(there)

        for one in [*people, *people]:
            assert table.fits(one) == [each for each in there if is_for(each, one)]

    def test_of_nothing_fits_nothing(self) -> None:
        """Where nothing is open nothing is found."""
        assert Table([]).fits(seeker()) == []

    def test_holds_more_than_a_machine_word(self) -> None:
        """The thousandth opportunity is found as the first is."""
        there = [opportunity(products=[PRODUCTS[place % 2]]) for place in range(1_000)]

        assert Table(there).fits(seeker(products=("konveksi",))) == there[1::2]

    def test_takes_them_from_whatever_gives_them_once(self) -> None:
        """A generator does."""
        assert len(Table(opportunity() for _ in range(3)).fits(seeker())) == 3

    @pytest.mark.parametrize("products", [None, ()])
    def test_finds_what_is_for_all_where_products_are_unknown(self, products: tuple[str, ...] | None) -> None:
        """Who makes nobody knows what, or wishes to hear of no product, hears of what is for every product only."""
        for_all, for_some = opportunity(), opportunity(products=["makanan"])

        assert Table([for_all, for_some]).fits(seeker(products=products)) == [for_all]

    def test_finds_what_is_for_a_kecamatan_there_only(self) -> None:
        """Who lives there or follows it; not who lives nobody knows where."""
        table = Table([opportunity(kecamatan=["Babat", "Turi"])])

        assert table.fits(seeker(kecamatan=("Pucuk", "Turi")))
        assert not table.fits(seeker(kecamatan=("Pucuk",)))
        assert not table.fits(seeker())

    @pytest.mark.parametrize(("said", "fits"), [("yes", True), (None, True), ("no", False)])
    def test_leaves_out_who_lacks_what_is_asked_for_strictly(self, said: str | None, fits: bool) -> None:
        """Only who said that they lack it; who was never asked may have it."""
        strict, lenient = opportunity(needs=["halal"], is_strict=True), opportunity(needs=["halal"])

        assert (strict in Table([strict, lenient]).fits(seeker(papers={"halal": said}))) is fits
        assert lenient in Table([strict, lenient]).fits(seeker(papers={"halal": said}))

    @pytest.mark.parametrize(
        ("said", "capacity", "fits"),
        [("50", 49, True), ("50", 50, False), ("200", 199, True), ("200", 200, False), ("5000", 4_999, True),
         ("5000", 5_000, False), ("more", 10_000_000, True), (None, 10_000_000, True)],
    )  # fmt: skip
    def test_gives_who_may_make_enough_the_benefit_of_the_doubt(
        self, said: str | None, capacity: int, fits: bool
    ) -> None:
        """A band reaches up to just below its bound."""
        strict, lenient = opportunity(capacity=capacity, is_strict=True), opportunity(capacity=capacity)

        assert (strict in Table([strict, lenient]).fits(seeker(capacity=said))) is fits
        assert lenient in Table([strict, lenient]).fits(seeker(capacity=said))
