"""Two other ways to match: one SQL join over the JSON columns, and two loops in Python with plain conditions."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from db.models import Opportunity
from domain.opportunities.matching import Seeker
from domain.opportunities.needs import reaches

JOIN = """
WITH seeker AS (
    SELECT p.id, f.kecamatan AS home, w.kecamatan AS followed, w.markets, w.kinds, f.nib, f.halal, f.pirt, f.capacity,
        coalesce(w.products, CASE WHEN f.sector IS NOT NULL THEN json_array(f.sector) END) AS products
    FROM person p LEFT JOIN profile f ON f.person_id = p.id LEFT JOIN wishes w ON w.person_id = p.id
    WHERE p.id > :first AND p.id <= :last AND p.erased_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM muted_topic m WHERE m.person_id = p.id AND m.topic IN ('pasar', '*'))
        AND NOT EXISTS (SELECT 1 FROM officer o WHERE o.person_id = p.id)
)
SELECT s.id, o.id FROM seeker s JOIN opportunity o ON o.state = 'open' AND o.deadline > :now
    AND (o.products IS NULL
        OR EXISTS (SELECT 1 FROM json_each(o.products) a JOIN json_each(s.products) b ON a.value = b.value))
    AND (o.kecamatan IS NULL
        OR EXISTS (SELECT 1 FROM json_each(o.kecamatan) a
            WHERE a.value = s.home OR a.value IN (SELECT value FROM json_each(s.followed))))
    AND (s.markets IS NULL OR o.market IN (SELECT value FROM json_each(s.markets)))
    AND (s.kinds IS NULL OR o.kind IN (SELECT value FROM json_each(s.kinds)))
    AND NOT (o.is_strict AND coalesce(
        (s.nib = 'no' AND EXISTS (SELECT 1 FROM json_each(o.needs) WHERE value = 'nib'))
        OR (s.halal = 'no' AND EXISTS (SELECT 1 FROM json_each(o.needs) WHERE value = 'halal'))
        OR (s.pirt = 'no' AND EXISTS (SELECT 1 FROM json_each(o.needs) WHERE value = 'pirt'))
        OR (s.capacity <> 'more' AND o.capacity >= CAST(s.capacity AS INTEGER)), 0))
"""


def joined(file: str, first: int, last: int) -> set[tuple[int, int]]:
    """Person and opportunity, of people whose id is above *first* and not above *last*."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    connection = sqlite3.connect(file)
    try:
        return set(connection.execute(JOIN, {"first": first, "last": last, "now": now}))
    finally:
        connection.close()


def looped(opportunities: Iterable[Opportunity], seekers: Iterable[Seeker]) -> set[tuple[int, int]]:
    """The same of these."""
    opportunities = list(opportunities)
    return {(seeker.person_id, one.id) for seeker in seekers for one in opportunities if _is_for(one, seeker)}


def _is_for(one: Opportunity, seeker: Seeker) -> bool:
    if one.products is not None and not any(product in one.products for product in seeker.products or ()):
        return False
    if one.kecamatan is not None and not any(name in one.kecamatan for name in seeker.kecamatan):
        return False
    if seeker.markets is not None and one.market not in seeker.markets:
        return False
    if seeker.kinds is not None and one.kind.value not in seeker.kinds:
        return False
    return not one.is_strict or not _lacks(one, seeker)


def _lacks(one: Opportunity, seeker: Seeker) -> bool:
    if any(seeker.papers.get(paper) == "no" for paper in one.needs):
        return True
    return bool(one.capacity and seeker.capacity and not reaches(seeker.capacity, one.capacity))
