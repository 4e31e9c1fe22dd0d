"""Not everything is a question, and a greeting before one does not change it."""

import pytest

from domain.answering import ACTIONS, SMALLTALK, Answerer, AnsweringData


class TestSmallTalk:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("halo", "greeting"),
            ("halo min", "greeting"),
            ("Selamat pagi, Pak", "greeting"),
            ("sugeng enjing", "greeting"),
            ("nuwun sewu, badhe tanglet", "greeting"),
            ("Assalamualaikum wr. wb.", "salam"),
            ("suwun", "thanks"),
            ("makasih banyak ya kak", "thanks"),
            ("matur nuwun nggih", "thanks"),
            ("ok siap", "acknowledgement"),
            ("nggih", "acknowledgement"),
            ("kamu robot?", "identity"),
            ("iki robot opo wong", "identity"),
            ("apa kabar", "wellbeing"),
            ("sampun dhahar dereng", "wellbeing"),
            ("mantap", "praise"),
            ("wkwkwkwk", "laughter"),
            ("maaf salah kirim", "apology"),
            ("bot goblok", "abuse"),
            ("tes", "test"),
            ("p", "test"),
            ("sampai jumpa", "farewell"),
            ("👍", "emoji"),
            ("🙏🙏🙏", "emoji"),
            ("❤️", "emoji"),
            ("", "unreadable"),
            ("...", "unreadable"),
            ("नमस्ते", "unreadable"),
        ],
    )
    def test_gets_its_own_reply(self, answerer: Answerer, text: str, kind: str) -> None:
        """Each kind of talk is recognised for what it is."""
        verdict = answerer.verdict(text)

        assert (verdict.outcome, verdict.smalltalk) == ("smalltalk", kind)

    @pytest.mark.parametrize(
        "question",
        [
            "assalamualaikum, mau tanya cara daftar halal gratis",
            "halo min cara daftar halal gratis gimana",
            "selamat siang pak, pripun carane ndaftar halal gratis, matur nuwun",
        ],
    )
    def test_is_taken_off_a_question(self, answerer: Answerer, question: str) -> None:
        """A greeting followed by a real question is a question."""
        assert answerer.verdict(question).entry == "P12"

    @pytest.mark.parametrize("text", ["perpanjang sim a", "cek bansos", "bagus sekali jalan tol"])
    def test_is_not_heard_in_questions_of_others(self, answerer: Answerer, text: str) -> None:
        """A word of small talk beside words we do not know makes no small talk."""
        assert answerer.verdict(text).outcome in {"suggestions", "handover"}


class TestActions:
    @pytest.mark.parametrize(
        ("text", "action"),
        [
            ("mau ngomong sama petugas", "officer"),
            ("tolong sambungkan ke admin manusia", "officer"),
            ("pengen ngomong karo petugas wae, ojo robot", "officer"),
            ("halo, petugas", "officer"),
            ("tanya petugas", "officer"),
            ("komplain", "officer"),
            ("sudah lapor tidak ditanggapi", "officer"),
            ("petugas loketnya jutek banget kemarin", "officer"),
            ("saya kecewa dengan pelayanan kantor kecamatan", "officer"),
            ("batal", "cancel"),
            ("tidak jadi", "cancel"),
            ("STOP", "stop"),
            ("berhenti.", "stop"),
            ("Brenti!!", "stop"),
            ("mandeg", "stop"),
            ("leren", "stop"),
            ("unsubscribe", "stop"),
            ("stop dulu ya", "stop"),
            ("stop, makasih", "stop"),
            ("/bantuan", "help"),
            ("menu", "help"),
            ("mulai", "start"),
            ("program", "program"),
        ],
    )
    def test_is_understood_as_a_wish(self, answerer: Answerer, text: str, action: str) -> None:
        """A wish for a person, for help or to stop is no question; a complaint wants a person."""
        verdict = answerer.verdict(text)

        assert (verdict.outcome, verdict.action) == ("action", action)

    @pytest.mark.parametrize(
        ("question", "entry"),
        [
            ("usaha sudah tutup, cara membatalkan NIB gimana", "P09"),
            ("bantuan untuk janda yang jualan", "P58"),
            ("program naik kelas isinya apa", "P01"),
        ],
    )
    def test_is_not_heard_in_a_question(self, answerer: Answerer, question: str, entry: str) -> None:
        """The words of a wish inside a question about a matter of ours leave it a question."""
        verdict = answerer.verdict(question)

        assert entry in (verdict.entry, *verdict.suggestions)

    @pytest.mark.parametrize(
        "text",
        [
            "berhenti kerja dapat KUR?",
            "stop kontak",
            "mandeg usahane piye",
            "kapan berhenti bayar pajak",
            "step",
            "setup",
        ],
    )
    def test_stops_nothing_by_a_word_or_a_slip(self, answerer: Answerer, text: str) -> None:
        """To stop is meant only when nothing else is said, and spelled as it is: a near word takes nobody out."""
        assert answerer.verdict(text).action is None

    @pytest.mark.parametrize("text", ["daftar", "mau daftar", "halo, daftar"])
    def test_takes_a_bare_register_for_training(self, answerer: Answerer, text: str) -> None:
        """`daftar` alone is about a place in a training."""
        verdict = answerer.verdict(text)

        assert {"P54", "P55"} <= {verdict.entry, *verdict.suggestions}


class TestWanted:
    @pytest.mark.parametrize(
        ("text", "action"),
        [
            ("ada yg cari keripik ga", "opportunities"),
            ("yg beli keripik siapa", "opportunities"),
            ("sing golek kripik sopo", "opportunities"),
            ("ono pembeli krupuk?", "opportunities"),
            ("ana sing tuku keripik ora", "opportunities"),
            ("ada pameran ga", "opportunities"),
            ("ada tender ga", "opportunities"),
            ("ada pembeli jepang?", "opportunities"),
            ("peluang ekspor tenun jepang", "opportunities"),
            ("buyer dr jepang utk tenun ikat", "opportunities"),
            ("ada yg mau beli kopi saya", "opportunities"),
            ("golek sing tuku batik", "opportunities"),
            ("minat saya", "interests"),
            ("peluang saya gimana", "interests"),
            ("piye minat sy td", "interests"),
            ("minat saya gimana", "interests"),
            ("ga jadi berminat", "interests"),
            ("nib sy sdh ada 9120001234567", "profile"),
            ("kapasitas saya 50 potong sebulan", "profile"),
            ("berhenti kabari sy", "stop"),
            ("lanjut kabari sy lg", "follow"),
            ("bot ini bisa apa?", "help"),
        ],
    )
    def test_is_found_inside_what_no_entry_answers(self, answerer: Answerer, text: str, action: str) -> None:
        """Plain words about buyers, fairs, tenders and one's own interests lead there, not to a guess."""
        assert answerer.verdict(text).action == action

    @pytest.mark.parametrize(
        "text",
        [
            "cara ikut pameran",
            "syarat ekspor ke jepang",
            "cara cari pembeli",
            "mau jual keripik ke malaysia gmn",
            "gimana cari pembeli luar negeri",
        ],
    )
    def test_leaves_how_it_is_done_to_the_entries(self, answerer: Answerer, text: str) -> None:
        """Who asks how is answered or guessed at; the opportunities only stand near."""
        verdict = answerer.verdict(text)

        assert verdict.entry or verdict.suggestions
        assert (verdict.action, verdict.near) == (None, "opportunities")

    @pytest.mark.parametrize(
        "text",
        [
            "pembeli nggak mau bayar utang 10 juta, bisa dituntut?",
            "beli dari shopee kena pajak berapa",
            "butuh modal buat beli mesin",
            "ada yang minta kode OTP",
            "ada yang cari karyawan",
            "ada yang beli pakai qris palsu",
            "saya sudah punya nib mau urus halal",
            "nib saya sudah mati",
            "jangan kabari lagi",
            "peluang kerja di pabrik",
            "jual followers ig murah 1000 cuma 15rb minat pm",
        ],
    )
    def test_is_not_found_in_other_matters(self, answerer: Answerer, text: str) -> None:
        """A word of trade in a complaint, a purchase or a fraud wishes for no opportunity."""
        assert answerer.verdict(text).action in {None, "stop"}


class TestClosedLists:
    def test_have_a_table_each(self, tables: AnsweringData) -> None:
        """What the tables name is in the closed lists, so the catalogue has a reply for it."""
        assert set(tables.smalltalk) <= set(SMALLTALK)
        assert set(tables.actions) <= set(ACTIONS)
        assert set(tables.wanted) <= set(ACTIONS)
