"""Titles and places: what of a post's lines says what it is and where."""

import pytest

from domain.opportunities.reading import read
from tests.domain.opportunities.test_reading import LAMONGAN, NOW

TITLES = (
    # A full stop behind what is shortened ends no sentence.
    ("Lomba masak di Kec. Babat. Hadiah menarik", "Lomba masak di Kec. Babat"),
    ("Bazar murah Kab. Lamongan. Ayo ikut", "Bazar murah Kab. Lamongan"),
    ("Pameran produk UMKM di Jl. Basuki Rahmat. Gratis", "Pameran produk UMKM di Jl. Basuki Rahmat"),
    ("UMKM Kec. Paciran dan Kec. Brondong diundang. Daftar", "UMKM Kec. Paciran dan Kec. Brondong diundang"),
    ("Lomba desain kemasan no. 1 se-Jatim! Daftar", "Lomba desain kemasan no. 1 se-Jatim"),
    ("Lomba desain kemasan. Hadiah menarik", "Lomba desain kemasan"),
    # Who is greeted is not what it is about.
    ("Assalamualaikum bapak ibu UMKM Lamongan 🙏\nDibuka pendaftaran bazar", "Dibuka pendaftaran bazar"),
    ("Halo sobat UMKM Lamongan!\nDibuka pendaftaran bazar", "Dibuka pendaftaran bazar"),
    ("Selamat pagi bapak ibu pelaku usaha Lamongan\nBazar di alun-alun", "Bazar di alun-alun"),
    ("Yth. Bapak/Ibu pelaku UMKM Kabupaten Lamongan,\nBazar HUT", "Bazar HUT"),
    ("Halo warga Kec. Babat dan sekitarnya\nBazar murah", "Bazar murah"),
    ("Sugeng enjang sedulur UMKM se-Kabupaten Lamongan\nBazar murah", "Bazar murah"),
    ("Halo sobat UMKM Lamongan! Dibuka pendaftaran bazar", "Dibuka pendaftaran bazar"),
    ("Halo sobat UMKM Lamongan", "Halo sobat UMKM Lamongan"),
    ("Dear Sir/Madam,\nWe look for batik scarves", "We look for batik scarves"),
    # A name that says something stays.
    ("Halo sobat UMKM Lamongan. Bazar dibuka di alun-alun", "Bazar dibuka di alun-alun"),
    ("Halo, Lamongan-Gresik Expo dibuka", "Lamongan-Gresik Expo dibuka"),
    ("Halo, Kec. Contoh mengadakan bazar", "Kec. Contoh mengadakan bazar"),
    ("Halo, Lamongan Expo dibuka", "Lamongan Expo dibuka"),
    ("Bazar Lamongan\nAyo ikut", "Bazar Lamongan"),
    ("UMKM Lamongan Fair\nAyo ikut", "UMKM Lamongan Fair"),
    ("LAMONGAN TEMPO DOELOE\nBazar", "Lamongan tempo doeloe"),
)
PLACES = (
    ("Tempat: Grand City Convention Hall Lt. 3, Surabaya. Gratis", "Grand City Convention Hall Lt. 3, Surabaya"),
    ("Lokasi: Jl. Contoh No. 5, Kec. Babat. Ayo datang", "Jl. Contoh No. 5, Kec. Babat"),
    ("Ana bazar ning lapangan Babat, wiwit 1 nganti 20 Februari", "lapangan Babat"),
    ("Ana bazar ning lapangan Babat nganti 20 Februari", "lapangan Babat"),
    ("Bazar di alun-alun Lamongan tekan 20 Februari", "alun-alun Lamongan"),
    ("Bazar di alun-alun Lamongan sampai 20 Februari", "alun-alun Lamongan"),
    ("Bazar di alun-alun Lamongan, mulai 1 Februari", "alun-alun Lamongan"),
)


class TestTitle:
    @pytest.mark.parametrize(("text", "title"), TITLES)
    def test_is_what_the_first_lines_say(self, text: str, title: str) -> None:
        """Not whom they greet, and no less than a sentence."""
        assert read(text, (), LAMONGAN, NOW).title == title


class TestPlace:
    @pytest.mark.parametrize(("text", "place"), PLACES)
    def test_ends_where_the_days_begin(self, text: str, place: str) -> None:
        """In Javanese too."""
        assert read(text, (), LAMONGAN, NOW).place == place
