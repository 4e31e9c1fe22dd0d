"""What is sought, in all of the post's words: nothing that has no field of its own is lost."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.opportunities.reading import read
from domain.opportunities.reading_body import body_of
from tests.domain.opportunities.test_reading import LAMONGAN, LETTERS, NOW, PIECES

SOUGHT = (
    "Dicari: kain tenun ikat\n\nSpesifikasi: lebar 1 m, harga Rp150.000-200.000.\nContoh dikirim dulu ke kantor kami.\n"
    "CP Bu Contoh 0812-0000-0000 (jam kerja)\nBatas 9 Desember 2026"
)
LONG = "PENGUMUMAN PELUANG USAHA. " + "Dinas memberitahukan bahwa hotel mencari pemasok tenun ikat. " * 10


def body(text: str) -> str:
    return body_of(text, read(text, (), LAMONGAN, NOW).link, LAMONGAN)


class TestBody:
    def test_keeps_all_of_what_is_sought(self) -> None:
        """The phrase behind "Dicari:" comes first, and specification, price, samples and contact follow."""
        assert body(SOUGHT).split("\n") == [
            "Kain tenun ikat",
            "Spesifikasi: lebar 1 m, harga Rp150.000-200.000.",
            "Contoh dikirim dulu ke kantor kami.",
            "CP Bu Contoh 0812-0000-0000 (jam kerja)",
        ]

    def test_keeps_a_first_paragraph_that_gave_the_title(self) -> None:
        """A title that is only the beginning of a line takes nothing from it."""
        said = body(f"{LONG}\nBatas: 9 Desember 2026\nSumber: Hotel Contoh")

        assert said.count("hotel mencari pemasok tenun ikat") == 10
        assert "Batas" not in said
        assert "Sumber" not in said

    def test_leaves_out_what_is_the_title(self) -> None:
        """A line that is the title is not said twice."""
        assert body("INFO BAZAR UMKM\nHarga stan Rp100.000\nKuota 40 stan") == "Harga stan Rp100.000\nKuota 40 stan"

    @pytest.mark.parametrize(
        "line",
        [
            "Batas pendaftaran: 9 Desember 2026",
            "⏳ Paling lambat Jumat, 4/12 pukul 16.00 WIB",
            "Daftar di sini: https://contoh.id/daftar",
            "https://contoh.id/daftar",
            "📍 Tempat: Pendopo Contoh",
            "Sumber: Toko Contoh",
            "➖➖➖➖",
        ],
    )
    def test_leaves_out_what_has_a_field(self, line: str) -> None:
        """Lines that are only a deadline, a link, a place or a source."""
        assert body(f"Bazar UMKM Contoh\n{line}\nKuota 40 stan") == "Kuota 40 stan"

    @pytest.mark.parametrize(
        "line",
        [
            "Tanggal: 12 - 15 Desember 2026",
            "Bayar paling lambat 9 Desember ke Bank Contoh",
            "Syarat: 3 foto",
            "Biaya s.d. 30 November 2026",
        ],
    )
    def test_keeps_what_has_none(self, line: str) -> None:
        """Days of the event, too, and a deadline with more beside it."""
        assert line in body(f"Bazar UMKM Contoh\n{line}\nKuota 40 stan")

    def test_of_one_line_keeps_its_words(self) -> None:
        """With a link in it, too."""
        assert body("Lomba kemasan. Info https://contoh.id/x") == "Lomba kemasan. Info"

    def test_keeps_a_link_of_http(self) -> None:
        """No button can open it, so it stays to be read."""
        assert "http://contoh.id/a" in body("Bazar UMKM Contoh\nDaftar: http://contoh.id/a\nKuota 40 stan")

    def test_keeps_the_other_links(self) -> None:
        """Only that of the field goes."""
        said = body("Bazar UMKM Contoh\nDaftar: contoh.id/daftar\nDenah ada di contoh.id/denah")

        assert said == "Denah ada di contoh.id/denah"

    @settings(max_examples=200, deadline=None)
    @given(
        text=LETTERS
        | st.lists(PIECES | st.sampled_from(["dicari: ", "mencari ", "sumber: "]), max_size=40).map("".join)
    )
    @example(text="dicari: \n\n\u00a0kain")
    @example(text="mencari \n kain")
    @example(text="(mencari \u202e" * 300)
    @example(text="di " * 1365)
    def test_never_fails(self, text: str) -> None:
        """Whatever stands in a post."""
        body(text)
