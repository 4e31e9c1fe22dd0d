"""The same thing in another place is another question."""

import pytest

from domain.answering import Answerer
from domain.answering.places import Places

PLACES = Places(
    {"Gresik": ["gresik"], "Malang": ["malang", "kota malang"]}, ["pembeli", "pesanan"], lambda text: text.split()
)


class TestOther:
    def test_names_it_as_people_do(self) -> None:
        """The usual name comes back, however it was written."""
        assert PLACES.other(["dinas", "di", "kota", "malang"]) == "Malang"

    @pytest.mark.parametrize("text", ["pembeli dari gresik minta pirt", "pesanan gresik banyak"])
    def test_passes_by_what_is_only_mentioned(self, text: str) -> None:
        """Where the buyer lives does not change our answer."""
        assert PLACES.other(text.split()) is None

    def test_knows_no_place_in_a_question_without(self) -> None:
        """No place, no finding."""
        assert PLACES.other(["cara", "buat", "nib"]) is None

    def test_takes_the_name_away(self) -> None:
        """What is left is the matter."""
        assert PLACES.without(["blk", "di", "malang"]) == ["blk", "di"]


class TestVerdictOnPlaces:
    @pytest.mark.parametrize(
        ("question", "entry", "place"),
        [
            ("alamat MPP Tuban di mana", "P04", "Tuban"),
            ("BLK nang Bojonegoro ana kursus opo", "P55", "Bojonegoro"),
            ("kursus gratis BLK Gresik", "P55", "Gresik"),
            ("kapan Hari Jadi Kabupaten Jombang", "P56", "Jombang"),
        ],
    )
    def test_never_answers_for_another_place(self, answerer: Answerer, question: str, entry: str, place: str) -> None:
        """Ours is offered as a guess, and the other place is named."""
        verdict = answerer.verdict(question)

        assert (verdict.outcome, verdict.missing, verdict.place) == ("suggestions", "place", place)
        assert entry in verdict.suggestions

    @pytest.mark.parametrize(
        ("question", "entry"),
        [
            ("mau konsultasi izin BPOM, datangnya ke Surabaya ya", "P17"),
            ("klinik ekspor bea cukai Gresik itu apa", "P47"),
            ("kecamatan di Lamongan ada berapa, Turi termasuk?", "P61"),
        ],
    )
    def test_lets_an_entry_speak_of_the_place_it_names(self, answerer: Answerer, question: str, entry: str) -> None:
        """Surabaya in a question about the Surabaya office is no other place; nor is our own sub-district."""
        verdict = answerer.verdict(question)

        assert verdict.missing is None
        assert entry in (verdict.entry, *verdict.suggestions)
