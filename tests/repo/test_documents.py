"""The documents: links that lead somewhere, decisions that stay short, pictures that load."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.repo.tree import PACKAGES, ROOT, files

LONGEST_DECISION = 250
PARTS = ("Context", "Decision", "Consequences", "Alternatives", "Enforced by")
LARGEST_PICTURE = 200_000
FOLDERS = (*PACKAGES, "benchmarks", "districts", "docs", "tests", "requirements")

DECISIONS = sorted(ROOT.glob("docs/decisions/*.md"))
DOCUMENTS = [path for path in files(ending=".md") if "knowledge" not in path.parts]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
class TestDocuments:
    def test_link_to_what_exists(self, document: Path) -> None:
        """Every link within the repository leads to a file."""
        links = re.findall(r"\]\(([^)#\s]+)", document.read_text("utf-8"))

        assert [link for link in links if "://" not in link and not (document.parent / link).exists()] == []

    def test_name_what_exists(self, document: Path) -> None:
        """Every file and folder of ours that is named in backticks is there."""
        named = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`", document.read_text("utf-8"))

        assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
class TestDecisions:
    def test_are_short(self, decision: Path) -> None:
        """A decision is read in a minute."""
        assert len(decision.read_text("utf-8").split()) < LONGEST_DECISION

    def test_say_all_that_matters(self, decision: Path) -> None:
        """Each tells its context, the decision, what it costs, what else was weighed, and what keeps it true."""
        assert tuple(re.findall(r"^## (.+)$", decision.read_text("utf-8"), re.MULTILINE)) == PARTS


class TestNumbers:
    def test_count_up(self) -> None:
        """Decisions are numbered without a gap, each number once."""
        assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


class TestPictures:
    def test_are_small(self) -> None:
        """Each picture loads on a slow line."""
        pictures = list(ROOT.glob("docs/**/*.png"))

        assert pictures
        assert [picture.name for picture in pictures if picture.stat().st_size >= LARGEST_PICTURE] == []

    def test_are_well_formed(self) -> None:
        """The drawing of the architecture is XML that a browser can show, and has words for those who cannot see it."""
        drawing = ElementTree.parse(ROOT / "docs" / "architecture.svg").getroot()  # noqa: S314 -- our own file

        assert drawing.tag.endswith("svg")
        assert drawing.find("{http://www.w3.org/2000/svg}title") is not None
