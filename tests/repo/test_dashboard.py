"""docs/grafana.json: every figure it asks for exists, and every figure of ours is on it."""

import json
import re
from typing import Any, get_args

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import KINDS, SEND_RESULTS, TURN_OUTCOMES
from db.models import UNSETTLED, Lane
from domain.answering.verdict import Outcome
from tests.faults.waiting import until
from tests.repo.tree import read
from tests.support.running import RunningBot

DASHBOARD = json.loads(read("docs/grafana.json"))
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]

OF_PROMETHEUS = {"instance", "job"}
"""Labels that every figure gets when it is fetched."""

VALUES = {
    "kind": {*KINDS, "other"},
    "outcome": {*TURN_OUTCOMES, *get_args(Outcome)},
    "state": {"waiting", "parked", *(state.value for state in UNSETTLED)},
    "lane": {lane.name.lower() for lane in Lane},
    "result": set(SEND_RESULTS),
}
PICKED = re.compile(r'(\w+)(?:=~|!~|!=|=)"([^"]*)"')
GROUPED = re.compile(r"\b(?:by|on)\s*\(([^)]*)\)")
NAME = re.compile(r"\b(?:umkm|process)_\w+")


Series = dict[str, set[str]]
"""By the name of each series its labels."""


@pytest.fixture
async def series(bot: RunningBot) -> Series:
    """What Prometheus would read after somebody asked a question."""
    page = ""

    async def is_counted() -> bool:
        nonlocal page
        page = (await bot.app.metrics.page(bot.database)).decode()
        return "umkm_turn_seconds_bucket{" in page and "umkm_send_seconds_bucket{" in page

    await bot.says(bot.person(), "cara bikin nib gimana")
    await until(is_counted)
    samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    return {sample.name: set(sample.labels) for sample in samples}


class TestQueries:
    def test_ask_for_what_exists(self, series: Series) -> None:
        """A name that no figure has would show an empty panel, and nobody would know why."""
        assert [title for title, query in QUERIES if not NAME.findall(query)] == []
        assert [name for _, query in QUERIES for name in NAME.findall(query) if name not in series] == []

    def test_ask_by_labels_that_exist(self, series: Series) -> None:
        """Figures are picked and summed up by labels they have."""
        for title, query in QUERIES:
            labels = set.union(*(series[name] for name in NAME.findall(query)))
            picked = {label for label, _ in PICKED.findall(query)}
            grouped = {label.strip() for group in GROUPED.findall(query) for label in group.split(",")}

            assert picked <= labels, title
            assert grouped <= labels | OF_PROMETHEUS, title

    def test_ask_for_values_that_exist(self) -> None:
        """What a label is compared with is something it can be."""
        compared = [
            (label, value) for _, query in QUERIES for label, some in PICKED.findall(query) for value in some.split("|")
        ]

        assert compared
        assert [f"{label}={value}" for label, value in compared if value not in VALUES[label]] == []

    def test_close_what_they_open(self) -> None:
        """A bracket left open would be found only by who looks at the panel."""
        pairs = ("()", "[]", "{}")

        assert [title for title, query in QUERIES for a, b in pairs if query.count(a) != query.count(b)] == []

    def test_ask_for_every_figure(self, series: Series) -> None:
        """What is counted is looked at; of a histogram its buckets do."""
        parts = ("_sum", "_count")
        ours = {name for name in series if name.startswith("umkm_") and not name.endswith(parts)}

        assert sorted(ours - {name for _, query in QUERIES for name in NAME.findall(query)}) == []


class TestDashboard:
    def test_has_its_rows(self) -> None:
        """People first, then what waits, what was sent, what was answered, and how the bot is."""
        rows = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]

        assert rows == ["People", "Queues", "Sending", "Answers", "Health"]

    def test_explains_every_panel(self) -> None:
        """Each has a title of its own, a word of explanation and a unit, and asks the source that is chosen above."""
        assert len({panel["title"] for panel in PANELS}) == len(PANELS)
        assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
        for panel in PANELS:
            assert panel["description"]
            assert panel["fieldConfig"]["defaults"]["unit"]
            assert {target["datasource"]["uid"] for target in panel["targets"]} == {"${datasource}"}

    def test_lays_panels_side_by_side(self) -> None:
        """No panel lies upon another or beyond the edge."""
        taken: set[tuple[int, int]] = set()
        for panel in DASHBOARD["panels"]:
            place: dict[str, Any] = panel["gridPos"]
            cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
            assert not cells & taken, panel["title"]
            assert place["x"] + place["w"] <= 24
            taken |= cells
