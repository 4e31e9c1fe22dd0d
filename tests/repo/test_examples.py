"""What the bot tells people to write must work."""

import re

import pytest

from domain.district import read_district
from domain.knowledge.shelf import Shelf, read_shelf
from messages import catalogue
from tests.conftest import LAMONGAN

EXAMPLES = sorted(
    {example for message in catalogue("id") for example in re.findall(r"<i>([^<{/]+)</i>", str(message.string))}
)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    found, faults = read_shelf(read_district(LAMONGAN))
    assert found, faults
    return found


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_answered_directly(shelf: Shelf, example: str) -> None:
    """A question that a sentence gives as an example leads to an answer, not to guesses."""
    assert shelf.answerer.verdict(example).outcome == "answer"
