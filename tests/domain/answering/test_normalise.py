"""People type in three languages, in haste; we compare in one."""

import pytest

from domain.answering.index import Index
from domain.answering.normalise import MOST_WORDS, Lexicon, Normaliser, chunks
from domain.answering.spelling import Spelling, edits
from domain.answering.stemming import stem


class TestChunks:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("NIB-nya HILANG!!", ["nib", "hilang"]),
            ("gimanaaaa", ["gimana"]),
            ("kira2", ["kira"]),
            ("e-katalog", ["ekatalog"]),
            ("P-IRT", ["pirt"]),
            ("mlebu-mlebu", ["mlebu"]),
            ("Rp650.000", ["rp", "650", "ribu"]),
            ("100.000.000", ["100", "juta"]),
            ("0,5% atau 0.5%", ["0,5", "atau", "0,5"]),
            ("500rb", ["500", "rb"]),
            ("ＮＩＢ ½ café", ["nib", "1", "2", "cafe"]),
            ("", []),
        ],
    )
    def test_reads_what_was_meant(self, text: str, expected: list[str]) -> None:
        """Elongation, clitics, figures and odd letters come out as plain words and numbers."""
        assert chunks(text) == expected


class TestWords:
    @pytest.mark.parametrize(
        ("typed", "standard"),
        [
            ("gmn", "bagaimana"),
            ("piye", "bagaimana"),
            ("pripun", "bagaimana"),
            ("yok opo", "bagaimana"),
            ("nang endi", "di mana"),
            ("wonten pundi", "di mana"),
            ("gak iso", "tidak bisa"),
            ("piro", "berapa"),
            ("pinten", "berapa"),
            ("ngurus NIB", "urus NIB"),
            ("nggawe", "buat"),
            ("syarate", "syarat"),
            ("ragadipun", "biaya"),
            ("Nomor Induk Berusaha", "NIB"),
        ],
    )
    def test_brings_slang_and_javanese_to_indonesian(self, index: Index, typed: str, standard: str) -> None:
        """Text-message forms, ngoko and krama mean the standard word."""
        assert index.normaliser.words(typed) == index.normaliser.words(standard)

    def test_drops_particles_but_no_question_words(self, index: Index) -> None:
        """Forms of address say nothing; who, what, where and how much say most."""
        words = index.normaliser.words("min, siapa apa kapan berapa bagaimana kenapa di mana ya kak")

        assert words == ["siapa", "apa", "kapan", "berapa", "bagaimana", "kenapa", "dimana"]

    def test_keeps_names_that_look_like_javanese(self, index: Index) -> None:
        """SAPA UMKM is an application, not somebody asking who."""
        assert "siapa" not in index.normaliser.words("SAPA UMKM")

    def test_reads_a_long_message_only_so_far(self, index: Index) -> None:
        """A story of ten thousand words costs no more than its beginning."""
        assert len(index.normaliser.words("nib kur " * 5_000)) <= MOST_WORDS


class TestSentence:
    @pytest.mark.parametrize(
        ("typed", "meant"), [("hallal", "halal"), ("srtifikat", "sertifikat"), ("bntuan", "bantu"), ("pnjam", "pinjam")]
    )
    def test_corrects_unknown_words(self, index: Index, typed: str, meant: str) -> None:
        """A misspelt word counts as the known word nearest to it, and we remember how it came."""
        sentence = index.normaliser.sentence(f"cara {typed}")

        assert meant in sentence.words

    def test_leaves_names_of_places_alone(self, index: Index) -> None:
        """Bandung is no misspelling of anything."""
        assert "bandung" in index.normaliser.sentence("bandung").words


class TestStem:
    ROOTS = frozenset({"daftar", "pinjam", "tulis", "sapu", "usaha", "las", "pakai", "pakaian"})

    @pytest.mark.parametrize(
        ("word", "root"),
        [
            ("pendaftarannya", "daftar"),
            ("ndaftarno", "daftar"),
            ("pinjaman", "pinjam"),
            ("nulis", "tulis"),
            ("nyapu", "sapu"),
            ("usahaku", "usaha"),
            ("kelas", "kelas"),
            ("bukan", "bukan"),
        ],
    )
    def test_arrives_at_known_roots_only(self, word: str, root: str) -> None:
        """Affixes go when a known word is left; a class is no welding."""
        assert stem(word, self.ROOTS, whole=()) == root

    def test_leaves_whole_words(self) -> None:
        """What only looks derived stays: clothes are not from use."""
        assert stem("pakaian", self.ROOTS, whole={"pakaian"}) == "pakaian"


class TestSpelling:
    def test_prefers_the_word_used_more(self) -> None:
        """Of two words equally near, the commoner was meant."""
        assert Spelling({"kursi": 1, "kursus": 1, "kurasi": 9}).meant("kuasi") == "kurasi"

    def test_guesses_nothing_from_afar(self) -> None:
        """A word near none of ours is left as it is."""
        assert Spelling({"sertifikat": 1}).meant("helikopter") is None

    def test_counts_a_swap_as_one(self) -> None:
        """Fingers swap neighbours."""
        assert edits("qirs", "qris") == 1


class TestLexicon:
    def test_a_phrase_of_particles_swallows_no_word(self) -> None:
        """A phrase of which a particle leaves one word would otherwise change that word everywhere."""
        lexicon = Lexicon(phrases={"ning endi": "dimana"}, particles=frozenset({"ning"}))

        assert Normaliser(lexicon).words("sing endi") == ["sing", "endi"]
