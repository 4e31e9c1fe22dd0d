"""What a question asks about its matter, and whether the entry holds it."""

import pytest

from domain.answering import ASKED, Answerer
from domain.answering.attributes import missing, missing_softly
from domain.answering.index import Index

QUESTIONS = {
    "address": ["alamat kantornya di mana", "panggone nang endi", "kantor dinas di jalan apa"],
    "phone": [
        "nomor telepon dinas berapa",
        "no wa petugas brp",
        "nomer telepune piro",
        "ada kontak yang bisa dihubungi",
    ],
    "hours": ["buka jam berapa", "jam piro bukake", "hari sabtu buka nggak"],
    "price": ["bayar berapa", "mbayar piro", "gratis nggak", "pinten ragadipun"],
    "rate": ["bunganya berapa", "berapa persen", "bungane piro"],
    "duration": ["berapa lama jadinya", "berlaku berapa tahun", "masa berlakunya"],
    "date": ["kapan dibuka", "tanggal berapa", "sampek kapan"],
    "requirement": ["syarate opo", "dokumen apa saja", "butuh apa aja"],
    "how-to": ["gimana caranya", "piye carane", "pripun caranipun", "daftar di mana"],
    "quota": ["kuotanya masih ada", "berapa peserta"],
    "amount": ["paling banyak berapa juta", "plafonnya", "dapat berapa"],
    "contents": ["apa itu", "materinya apa saja", "bedanya apa"],
    "email": ["email resminya apa", "akun instagramnya apa"],
    "instalment": ["cicilan per bulan berapa", "angsurannya berapa", "jatuh tempo kapan"],
    "status": ["pengajuan saya sudah sampai mana", "punya saya sudah terbit belum", "wis cair durung"],
    "official": ["siapa kepala dinasnya", "nama pendampingnya siapa"],
    "job": ["ada lowongan nggak", "gajinya berapa", "cara jadi pendamping"],
    "next": ["tahun depan kapan", "gelombang berikutnya", "sisa kuota tinggal berapa"],
}


class TestAsked:
    def test_covers_every_attribute(self) -> None:
        """Each attribute of the closed list has questions here, so a new one is not forgotten."""
        assert set(QUESTIONS) == set(ASKED)

    @pytest.mark.parametrize(("name", "question"), [(name, q) for name, qs in QUESTIONS.items() for q in qs])
    def test_hears_each_in_indonesian_and_javanese(self, index: Index, name: str, question: str) -> None:
        """The usual ways to ask for an attribute are heard, slang and Javanese too."""
        assert name in index.asking(index.normaliser.words(question))[0]

    @pytest.mark.parametrize(
        ("name", "question"),
        [
            ("phone", "ganti nomor HP di akun OSS"),
            ("address", "mau ubah alamat di NIB"),
            ("email", "email lama saya tidak aktif"),
            ("official", "bantuan perempuan kepala keluarga"),
            ("price", "cara bayar pajak di Coretax"),
        ],
    )
    def test_is_not_fooled_by_the_word_alone(self, index: Index, name: str, question: str) -> None:
        """A word of an attribute is no request for it when the sentence does something else with it."""
        assert name not in index.asking(index.normaliser.words(question))[0]


class TestMissing:
    def test_names_what_an_answer_would_dodge(self) -> None:
        """Without the phone number that was asked for, the best text is no answer."""
        assert missing(["price", "phone"], frozenset({"price"})) == "phone"

    def test_is_content_with_what_is_held(self) -> None:
        """An entry that holds the address may answer where it is."""
        assert missing(["address"], frozenset({"address"})) is None

    def test_says_softly_when_nothing_asked_is_held(self) -> None:
        """A price that is not held is said to be missing beside the guesses."""
        assert missing_softly(["price"], frozenset({"contents"})) == "price"
        assert missing_softly(["price", "how-to"], frozenset({"how-to"})) is None


class TestVerdictOnAttributes:
    @pytest.mark.parametrize(
        ("question", "entry", "lacks"),
        [
            ("nomor telepon Diskopum", "P02", "phone"),
            ("Disperindag buka jam berapa", "P03", "hours"),
            ("jam layanan mal pelayanan publik", "P04", "hours"),
            ("siapa kepala Dinas Koperasi Lamongan", "P02", "official"),
            ("lowongan kerja instruktur BLK", "P55", "job"),
            ("cicilan KUR 50 juta sebulan berapa", "P27", "instalment"),
        ],
    )
    def test_offers_the_entry_and_says_what_is_missing(
        self, answerer: Answerer, question: str, entry: str, lacks: str
    ) -> None:
        """The entry is offered as a guess, never as the answer, and the missing attribute is named."""
        verdict = answerer.verdict(question)

        assert (verdict.outcome, verdict.missing) == ("suggestions", lacks)
        assert entry in verdict.suggestions

    @pytest.mark.parametrize(
        ("question", "entry"), [("alamat MPP Lamongan di mana", "P04"), ("BLK Lamongan nang endi panggone", "P55")]
    )
    def test_answers_what_the_entry_holds(self, answerer: Answerer, question: str, entry: str) -> None:
        """An address that the entry holds is simply answered."""
        assert answerer.verdict(question).entry == entry
