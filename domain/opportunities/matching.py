"""Who an opportunity is for: a bit for each opportunity, so that one person is held against all of them at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

from db.models import Opportunity
from domain.opportunities.needs import CAPACITIES, NO, PAPERS, reaches


@dataclass(frozen=True, slots=True)
class Seeker:
    """What is known of somebody who may take opportunities, and what they wish to hear of."""

    person_id: int
    products: Sequence[str] | None
    """Keys of sectors; None: nobody knows, so only what is for every product fits."""
    kecamatan: Sequence[str] = ()
    """Their own, and those whose events they follow; none: what is for some kecamatan only does not fit."""
    markets: Sequence[str] | None = None
    """None: all."""
    kinds: Sequence[str] | None = None
    """None: all."""
    papers: Mapping[str, str | None] = field(default_factory=dict)
    """By paper what they said: "yes", "no" or None."""
    capacity: str | None = None
    """A key of CAPACITIES; None: not said."""


_TRUTH = bytes.maketrans(b"01", b"\0\1")


class Table:
    """Opportunities laid out so that `fits` takes a few steps, however many there are."""

    def __init__(self, opportunities: Iterable[Opportunity]) -> None:
        self.opportunities = list(opportunities)
        number = len(self.opportunities)
        self._every = (1 << number) - 1
        self._digits = f"0{number}b"
        self._any_product = self._anywhere = 0
        self._products: dict[str, int] = {}
        self._markets: dict[str, int] = {}
        self._kinds: dict[str, int] = {}
        self._kecamatan: dict[str, int] = {}
        self._papers = dict.fromkeys(PAPERS, 0)
        self._too_much = dict.fromkeys(CAPACITIES, 0)
        for place, one in enumerate(self.opportunities, 1):
            # The first has the highest bit, so that the digits stand in their order.
            self._lay_out(one, 1 << (number - place))

    def _lay_out(self, one: Opportunity, bit: int) -> None:
        if one.products is None:
            self._any_product |= bit
        if one.kecamatan is None:
            self._anywhere |= bit
        _mark(self._products, one.products or (), bit)
        _mark(self._kecamatan, one.kecamatan or (), bit)
        _mark(self._markets, (one.market,), bit)
        _mark(self._kinds, (one.kind.value,), bit)
        if not one.is_strict:
            return
        _mark(self._papers, one.needs, bit)
        if one.capacity is not None:
            _mark(self._too_much, (said for said in CAPACITIES if not reaches(said, one.capacity)), bit)

    def fits(self, seeker: Seeker) -> list[Opportunity]:
        """Those that are for *seeker*, in the order given: product, market, kind and kecamatan, and none that asks
        strictly for what they said they lack.
        """
        bits = self._every & (self._any_product | _any(self._products, seeker.products or ()))
        bits &= self._anywhere | _any(self._kecamatan, seeker.kecamatan)
        if seeker.markets is not None:
            bits &= _any(self._markets, seeker.markets)
        if seeker.kinds is not None:
            bits &= _any(self._kinds, seeker.kinds)
        lacks = (paper for paper, said in seeker.papers.items() if said == NO)
        bits &= ~_any(self._papers, lacks)
        if seeker.capacity is not None:
            bits &= ~self._too_much.get(seeker.capacity, 0)
        # The digits are walked in C: a loop over the bits took ten times as long where hundreds fit.
        return list(compress(self.opportunities, f"{bits:{self._digits}}".encode().translate(_TRUTH)))


def _mark(bits: dict[str, int], keys: Iterable[str], bit: int) -> None:
    for key in keys:
        bits[key] = bits.get(key, 0) | bit


def _any(bits: Mapping[str, int], keys: Iterable[str]) -> int:
    found = 0
    for key in keys:
        found |= bits.get(key, 0)
    return found
