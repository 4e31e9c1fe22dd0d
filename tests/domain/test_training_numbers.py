"""Numbers that people answer a training's question with: whole ones, as they are written in Indonesia."""

import pytest

from domain.trainings import questions
from domain.trainings.questions import Asked, BadAnswer
from messages import text_of

YEAR = Asked("tahun", "Mulai tahun berapa?", "number")

WHOLE = {
    "12": 12,
    "12.": 12,
    "007": 7,
    "1500": 1500,
    "1.500": 1500,
    "1 500": 1500,
    "1.500.000": 1_500_000,
    "Rp 1.500.000": 1_500_000,
    "Rp1.500.000,-": 1_500_000,
    "rp. 1.500.000,00": 1_500_000,
    "250.000.000.000": 250_000_000_000,
}


@pytest.mark.parametrize(("typed", "number"), WHOLE.items())
def test_dots_stand_between_thousands(typed: str, number: int) -> None:
    """A dot before groups of three is none of the number; Rp and its end are left out."""
    assert questions.check(YEAR, typed) == number


@pytest.mark.parametrize("typed", ["2.5", "2,5", "12,75", "1.50", "1.5000", "0.500", "1,500", "Rp 2,5", "1.500,25"])
def test_parts_are_never_read_as_another_number(typed: str) -> None:
    """2.5 is not 25: what comes in parts is refused with how it is written."""
    with pytest.raises(BadAnswer) as refused:
        questions.check(YEAR, typed)

    assert refused.value.sentence.in_language("id") == text_of("training.answer_a_whole_number", "id")


@pytest.mark.parametrize("typed", ["dua", "-3", "12 buah", "1.2.3", "1..5", "٣", "1" * 13, ".", ""])
def test_other_things_are_none(typed: str) -> None:
    """Neither words nor what is no number in any way."""
    with pytest.raises(BadAnswer):
        questions.check(YEAR, typed)
