"""Which country a post sells to, how much it asks for, and for whom alone it is: small tables of what people write."""

import pytest

from domain.opportunities.reading import read
from domain.opportunities.reading_capacity import capacity_of
from tests.domain.opportunities.test_reading import LAMONGAN, NOW

MARKETS = (
    ("Buyer UK nyari tas anyaman", "GB"),
    ("Buyer US mencari kain tenun", "US"),
    ("UK retailer looking for baskets", "GB"),
    ("Export to US, handmade bags", "US"),
    ("Pameran dihadiri buyer dari Malaysia", "MY"),
    ("Pengunjung dan buyer dari Malaysia rawuh kabeh", "MY"),
    ("Dicari peserta pameran di Tokyo, Jepang", "JP"),
    ("Pendaftaran peserta misi dagang ke Turki", "TR"),
    ("Buyer Turki golek sarung tenun", "TR"),
    ("Pasar Jepang: dicari kerupuk ikan", "JP"),
    ("Peluang ekspor ubi ke Jepang", "JP"),
    ("Importir Cina butuh arang batok", "CN"),
    ("Japanese buyer seeks ikat", "JP"),
    ("Ekspor kerajinan ke Korea Utara", "other"),
    ("Buyer from New Zealand", "other"),
    ("Buyer Korea butuh kerupuk", "KR"),
    ("Buyer from the UK seeks woven bags", "GB"),
    ("Export to the US: handmade bags", "US"),
    ("Buyers in the US seek ikat", "US"),
    ("UK-based importer seeks bags", "GB"),
    ("Ekspor kerajinan utk US", "US"),
    ("Importer from the Netherlands seeks baskets", "other"),
    ("Importer in the UAE seeks dates", "other"),
    ("Pembeli di Belanda mencari tas", "other"),
    ("Expo ekspor Dubai", "other"),
    ("Ekspor kerupuk ke Jerman", "other"),
    ("Ekspor utk Jerman", "other"),
    ("Germany-based retailer seeks baskets", "other"),
    ("Reply to us in the afternoon", None),
    ("CONTACT OUR BUYER IN UK, EMAIL US", "GB"),
    ("Kuliah di Belanda, lomba foto", None),
    # Goods, dishes and quarters.
    ("Dicari pemasok daging ayam turki 20 kg", None),
    ("Bazar kuliner China town Surabaya", None),
    ("Bazar di Chinatown", None),
    ("Dicari petani ubi Jepang lan jeruk cina", None),
    ("Kebab Turki butuh supplier sambal", None),
    ("Join us! Contact us for the bazaar", None),
    ("CONTACT US NOW", None),
    # Guests and prizes.
    ("Bazar UMKM Lamongan, dihadiri tamu dari Malaysia, Jepang", None),
    ("Pameran kriya, pengunjungnya turis Jepang lan Korea", None),
    ("Lomba desain batik, hadiah ke Jepang", None),
    ("Lomba foto produk. Hadiahnya jalan-jalan ke Korea Selatan!", None),
    ("Juri dari Inggris dan Australia", None),
    ("Bazar, delegasi Singapura rawuh", None),
)
CAPACITIES = (
    ("1,5 ton sebulan", 1500),
    ("2 ton per bulan", 2000),
    ("5 kodi per minggu", 400),
    ("10 lusin per bulan", 120),
    ("1.5 ton", 1500),
    ("1,25 ton per minggu", 5000),
    ("2 kuintal/bulan", 200),
    ("3 ton setaun", 250),
    ("500 pcs sebulan", 500),
    ("200 stel saben sasi", 200),
    ("300 kain per hari", 7500),
    ("300 per hari", 7500),
    ("2 rb pcs/bln", 2000),
    ("100-200 kodi per bulan", 2000),
    ("1.500,50 kg per bulan", 1500),
    ("1/2 ton", None),
    ("500 porsi", 500),
    ("50 karton", 50),
    ("20 dus per minggu", 80),
    ("100 box sebulan", 100),
)
ASKED = (
    ("Butuh kerupuk 1.5 ton per bulan", 1500),
    ("Butuh kerupuk 1,25 ton per minggu", 5000),
    ("Butuh kerupuk 1.500 kg per bulan", 1500),
    ("Katering 300 porsi per hari", 7500),
    ("Nasi 250 kotak/hari", 6250),
    ("200 pak/mgg, kapasitas min 800/bln", 800),
    ("Kapasitas 30 stan, pendaftaran dibuka", None),
    ("2 Pak Lurah dan 3 dusun per kecamatan", None),
    ("Butuh kerupuk 2.5 kuintal saben minggu", 1000),
    ("Butuh kerupuk 1/2 ton per bulan", None),
    ("Butuh kerupuk ½ ton per bulan", None),
    ("Butuh 10.5.2 kg per bulan", None),
    ("ana sing butuh kripik tempe 50kg/mgg", 200),
    ("nyari kaos 2rb pcs/bln", 2000),
    ("golek emping mlinjo 2,5 kwintal saben minggu", 1000),
)
ONLY_FOR = (
    ("Bazar hanya untuk pelaku usaha Pasar Turi", None),
    ("Khusus pedagang Pasar Babat", None),
    ("Khusus warga Jl. Sekaran dan Desa Glagah", None),
    ("Hanya untuk pelaku usaha Turi dan Babat", ("Babat", "Turi")),
    ("Khusus UMKM Kec. Turi, dekat Pasar Babat", ("Turi",)),
    ("Kanggo warga kecamatan turi wae", ("Turi",)),
)


EXPORTS = ("Buyer from the UK seeks woven bags", "Importer in the UAE seeks dates", "Pembeli di Belanda mencari tas")


class TestMarket:
    @pytest.mark.parametrize("text", EXPORTS)
    def test_abroad_makes_export(self, text: str) -> None:
        """A buyer there is one of export, whatever small word stands before the country."""
        assert read(text, (), LAMONGAN, NOW).kind == "export"

    @pytest.mark.parametrize(("text", "market"), MARKETS)
    def test_is_where_buyers_are(self, text: str, market: str | None) -> None:
        """Not what goods are called by, nor where guests come from and prizes lead."""
        assert read(text, (), LAMONGAN, NOW).market == market


class TestCapacity:
    @pytest.mark.parametrize(("text", "number"), CAPACITIES)
    def test_typed_alone_keeps_its_unit(self, text: str, number: int | None) -> None:
        """Of a month, in pieces or kilograms."""
        assert capacity_of(text) == number

    @pytest.mark.parametrize(("text", "number"), ASKED)
    def test_of_a_post_is_a_whole_number_of_it(self, text: str, number: int | None) -> None:
        """None that is begun inside another."""
        assert read(text, (), LAMONGAN, NOW).capacity == number


class TestKecamatan:
    @pytest.mark.parametrize(("text", "names"), ONLY_FOR)
    def test_is_no_market_or_street(self, text: str, names: tuple[str, ...] | None) -> None:
        """A market, a street and a village bear the same names."""
        assert read(text, (), LAMONGAN, NOW).kecamatan == names
