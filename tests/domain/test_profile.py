"""What is typed into a profile: made clean, or refused with the sentence that helps."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Unfit
from domain.forms import checks, phone
from messages import LANGUAGES, Sentence

MOBILE = "+6281234567890"


def said(check: object, *arguments: object, **named: object) -> str:
    """The key of the sentence with which *check* refuses."""
    with pytest.raises(Unfit) as refused:
        check(*arguments, **named)
    sentence = refused.value.sentence
    assert all(sentence.in_language(language) for language in LANGUAGES)
    return sentence.key


class TestNormalise:
    @pytest.mark.parametrize(
        "typed",
        [
            "081234567890",
            "0812-3456-7890",
            "0812 3456 7890",
            "0812.3456.7890",
            "(0812) 3456 7890",
            "62812-3456-7890",
            "+62 812 3456 7890",
            "+62 0812 3456 7890",
            "0062 812 3456 7890",
            "81234567890",
            "WA 0812 3456 7890",
            "0812 3456 7890 (wa, jam 9)",
            "081234567890 ext 5",
            "０８１２３４５６７８９０",
            "٠٨١٢٣٤٥٦٧٨٩٠",
            "0812\u20113456\u20117890",
            "0812\u00a03456\u00a07890",
        ],
    )
    def test_one_number_however_it_is_typed(self, typed: str) -> None:
        """Dots, blanks, brackets, the country's code or none, other digits: all are one number."""
        assert phone.normalise(typed) == MOBILE

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("0812345678", "+62812345678"),  # the shortest there are
            ("0899 1234 567", "+628991234567"),
            ("+60 12-345 6789", "+60123456789"),
            ("60123456789", "+60123456789"),
            ("0060123456789", "+60123456789"),
            ("+65 8123 4567", "+6581234567"),
            ("+852 9123 4567", "+85291234567"),
            ("+966 50 123 4567", "+966501234567"),
            ("+1 202 555 0123", "+12025550123"),
        ],
    )
    def test_others_from_here_and_abroad(self, typed: str, kept: str) -> None:
        """Mobile numbers of whoever works abroad are taken, with their own country's code."""
        assert phone.normalise(typed) == kept

    @pytest.mark.parametrize(
        ("typed", "refused"),
        [
            ("tidak punya", "form.phone_no_digits"),
            ("😀", "form.phone_no_digits"),
            ("081234", "form.phone_short"),
            ("0812 3456", "form.phone_short"),
            ("112", "form.phone_short"),
            ("0812345678901234", "form.phone_long"),
            ("081234567890 081234567891", "form.phone_long"),
            ("081234567890 / 085712345678", "form.phone_several"),
            ("081234567890, 085712345678", "form.phone_several"),
            ("081234567890\n085712345678", "form.phone_several"),
            ("0812 3456 7890 atau 0857 1234 5678", "form.phone_several"),
            ("0322-321234", "form.phone_landline"),
            ("(0322) 321 234", "form.phone_landline"),
            ("+62 322 321234", "form.phone_landline"),
            ("0800 1234 567", "form.phone_unknown"),
            ("0849 1234 5678", "form.phone_unknown"),
            ("+999 1234 567890", "form.phone_unknown"),
            ("•" * 16, "form.identity_number"),
            ("3524•••• " + "•" * 12, "form.identity_number"),
        ],
    )
    def test_says_what_is_wrong(self, typed: str, refused: str) -> None:
        """Too short, too long, several, a landline, no number at all: each has its own sentence."""
        assert said(phone.normalise, typed) == refused

    @settings(deadline=None)  # the first example loads the tables
    @given(st.text(alphabet="0123456789+()-. /,wa٠６\u200b\n", max_size=40))
    def test_is_refused_or_sound(self, typed: str) -> None:
        """Whatever is typed is refused with a sentence, or becomes a number that stays what it is."""
        try:
            number = phone.normalise(typed)
        except Unfit:
            return
        assert number[0] == "+"
        assert number[1:].isascii()
        assert number[1:].isdigit()
        assert phone.normalise(number) == number

    @settings(deadline=None)
    @given(
        st.integers(min_value=11_000_000, max_value=59_999_999), st.sampled_from(["0", "62", "+62", "0062", "+62 0"])
    )
    def test_any_prefix_is_the_same_number(self, own: int, prefix: str) -> None:
        """0812…, 62812… and +62812… are one person."""
        assert phone.normalise(f"{prefix}812{own}") == f"+62812{own}"


class TestOfContact:
    @pytest.mark.parametrize("shared", ["+6281234567890", "6281234567890", "+62 812-3456-7890"])
    def test_is_the_number_as_typed(self, shared: str) -> None:
        """Some clients leave the + out; it is the number that would have been typed."""
        assert phone.of_contact(shared) == MOBILE

    @pytest.mark.parametrize("shared", ["", "+", "12345", "+88804567890", "+1234567890123456"])
    def test_refuses_what_rings_nowhere(self, shared: str) -> None:
        """Telegram's own numbers, which are sold, and what is none."""
        assert said(phone.of_contact, shared) == "form.phone_not_real"


class TestSpoken:
    def test_as_people_here_read_it(self) -> None:
        """In fours with a 0 before; one from abroad is told to be one."""
        abroad = phone.spoken("+60123456789")

        assert phone.spoken(MOBILE) == "0812-3456-7890"
        assert isinstance(abroad, Sentence)
        assert "+60123456789" in abroad.in_language("id")


class TestWords:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("  Sri   Wahyuni ", "Sri Wahyuni"),
            ("Sri\nWahyuni", "Sri Wahyuni"),
            ("S\u0000ri\u202e \u200bWahyuni", "Sri Wahyuni"),
            ("<b>Sri</b> & Co", "<b>Sri</b> & Co"),
            ("Toko 212", "Toko 212"),
            ("Kopi ☕ Bu Sri", "Kopi ☕ Bu Sri"),
            ("ꦱꦿꦶ", "ꦱꦿꦶ"),
            ("Cafe\u0301", "Café"),
        ],
    )
    def test_keep_what_was_meant(self, typed: str, kept: str) -> None:
        """As it was typed, but on one line and without what shows nowhere."""
        assert checks.words(typed, most=64) == kept

    @pytest.mark.parametrize(
        ("typed", "refused"),
        [
            ("😀😀", "form.no_words"),
            ("08123456789", "form.no_words"),
            ("...", "form.no_words"),
            ("\u200b\u0000", "form.no_words"),
            ("a" * 65, "form.too_long"),
            ("a" * 4096, "form.too_long"),
            ("cara bikin nib gimana?", "form.is_question"),
            (f"Sri {'•' * 16}", "form.identity_number"),
        ],
    )
    def test_say_what_is_wrong(self, typed: str, refused: str) -> None:
        """Emoji, digits, too much, a question, an identity number: each has its own sentence."""
        assert said(checks.words, typed, most=64) == refused

    @given(st.text(max_size=200))
    def test_are_refused_or_sound(self, typed: str) -> None:
        """Whatever is typed is refused, or one line that every database takes and that stays what it is."""
        try:
            kept = checks.words(typed, most=80)
        except Unfit:
            return
        assert 0 < len(kept) <= 80
        assert not {unicodedata.category(letter) for letter in kept} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
        assert checks.words(kept, most=80) == kept


class TestItems:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("keripik, abon", ["keripik", "abon"]),
            ("keripik; abon ,kue", ["keripik", "abon", "kue"]),
            ("1. keripik\n2) abon\n- kue\n• sirup", ["keripik", "abon", "kue", "sirup"]),
            ("Abon,abon, ABON", ["ABON"]),
            (",keripik,,", ["keripik"]),
        ],
    )
    def test_are_told_apart(self, typed: str, kept: list[str]) -> None:
        """Commas, semicolons, lines and their numbers part them; each stands once."""
        assert checks.items(typed, most=10, longest=40) == kept

    @pytest.mark.parametrize(
        ("typed", "refused"),
        [
            (", ".join(f"produk {number}" for number in range(11)), "form.too_many"),
            ("a" * 41, "form.too_long"),
            (",", "form.no_words"),
            ("keripik, 12", "form.no_words"),
            ("•" * 16, "form.identity_number"),
        ],
    )
    def test_say_what_is_wrong(self, typed: str, refused: str) -> None:
        """Too many, one too long, nothing: each has its own sentence."""
        assert said(checks.items, typed, most=10, longest=40) == refused


OPTIONS = {"tenun": "Tenun ikat", "Babat": "Babat"}


class TestOneOf:
    @pytest.mark.parametrize("typed", ["babat", " BABAT ", "kec. Babat", "Kecamatan babat"])
    def test_may_be_typed(self, typed: str) -> None:
        """Who types the button's words means the button."""
        assert checks.one_of(typed, OPTIONS) == "Babat"

    @pytest.mark.parametrize(
        ("typed", "refused"), [("Surabaya", "form.choose"), ("", "form.choose"), ("•" * 16, "form.identity_number")]
    )
    def test_says_what_is_wrong(self, typed: str, refused: str) -> None:
        """What is not on the list is no answer."""
        assert said(checks.one_of, typed, OPTIONS) == refused
