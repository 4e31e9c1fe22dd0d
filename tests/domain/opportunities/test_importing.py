"""Opportunities read from a table: all of it or nothing, every fault named by its line, nothing twice."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import func, select

from db.models import Opportunity, OpportunityKind, OpportunityState
from db.session import Session, open_database
from domain import audit
from domain.district import read_district
from domain.opportunities import composing, importing
from domain.opportunities.importing import deadline_of
from domain.tables import BadFile
from tests.conftest import LAMONGAN

ZONE = ZoneInfo("Asia/Jakarta")
DISTRICT = read_district(LAMONGAN)
NOW = datetime(2026, 11, 26, 5, tzinfo=UTC)

HEAD = "judul;jenis;dicari;batas waktu;sumber;dinas;produk;pasar;syarat;kapasitas;wajib;kecamatan;tautan;mendesak\n"
GOOD = (
    HEAD
    + "Cari camilan;pembeli;Camilan kering.;07-12-2026;Toko Contoh;Disperindag;Makanan dan minuman, tenun;;"
    + "halal, P-IRT;1.000;ya;Babat, lamongan;https://toko.example.id/a;ya\n"
    + 'Kain tenun;Peluang ekspor;"Kain; 2 meter.";14/12/2026 16:00;Pembeli Contoh;diskopum;semua;jepang;;;;;;\n'
)
LAST = "Cari tas;pembeli;Tas.;07-12-2026;Toko;Diskopum;;;;;;;;\n"


@pytest.fixture
async def session(database_url: str) -> AsyncIterator[Session]:
    async with open_database(database_url) as database, database.transaction() as session:
        yield session


async def number(session: Session) -> int:
    return (await session.exec(select(func.count()).select_from(Opportunity))).one()


async def put_in(session: Session, text: str) -> importing.Imported:
    rows, faults = importing.read(text.encode("utf-8-sig"), DISTRICT, NOW)

    assert faults == []
    return await importing.put_in(session, rows, audit.TERMINAL, DISTRICT, NOW)


class TestImport:
    async def test_makes_drafts_of_every_column(self, session: Session) -> None:
        """Each line is a draft that lacks nothing, its words taken for the district's own keys."""
        first, second = (await put_in(session, GOOD)).made

        assert first.state is second.state is OpportunityState.DRAFT
        assert composing.missing(first) == composing.missing(second) == []
        assert (first.office, first.kind, first.market) == ("disperindag", OpportunityKind.BUYER, "home")
        assert (first.products, first.needs, first.kecamatan) == (
            ["makanan", "tenun"],
            ["halal", "pirt"],
            ["Babat", "Lamongan"],
        )
        assert (first.capacity, first.is_strict, first.is_urgent) == (1000, True, True)
        assert first.deadline == datetime(2026, 12, 7, 23, 59, tzinfo=ZONE)
        assert (second.kind, second.market, second.products) == (OpportunityKind.EXPORT, "JP", None)
        assert (second.sought, second.link, second.is_strict) == ("Kain; 2 meter.", None, False)
        assert second.deadline == datetime(2026, 12, 14, 16, tzinfo=ZONE)

    async def test_makes_none_twice(self, session: Session) -> None:
        """The same file again adds only the lines that are new; what an officer changed meanwhile stays."""
        first, _second = (await put_in(session, GOOD)).made
        first.sought = "Camilan basah."
        await session.flush()

        again = await put_in(session, GOOD.replace("Cari camilan", "cari  CAMILAN") + LAST)

        assert [one.title for one in again.made] == ["Cari tas"]
        assert [one.title for one in again.known] == ["Cari camilan", "Kain tenun"]
        assert first.sought == "Camilan basah."
        assert await number(session) == 3

    async def test_knows_only_what_is_not_over(self, session: Session) -> None:
        """One that was published is known, one that was thrown away may come again, and so may one of another day."""
        first, second = (await put_in(session, GOOD)).made
        await composing.publish(session, first, audit.TERMINAL, NOW)
        await composing.drop(session, second, audit.TERMINAL, NOW)

        again = await put_in(session, GOOD)
        later = await put_in(session, GOOD.replace("07-12-2026", "08-12-2026"))

        assert [one.title for one in again.made] == ["Kain tenun"]
        assert [one.title for one in later.made] == ["Cari camilan"]


class TestFaults:
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("Diskopum", "Dinas Lain", "dinas “Dinas Lain” tidak dikenal; tulis Diskopum atau Disperindag"),
            (";pembeli", ";beli", "jenis “beli” tidak dikenal; tulis pembeli atau pameran"),
            ("Cari tas", "", "judul belum diisi"),
            (";Tas.", ";", "dicari belum diisi"),
            (";Toko;", ";;", "sumber belum diisi"),
            ("07-12-2026", "", "batas waktu belum diisi; tulis tanggal, bulan, tahun"),
            ("07-12-2026", "besok", "batas waktu “besok” tidak terbaca; tulis tanggal"),
            ("07-12-2026", "31-02-2027", "tidak terbaca"),
            ("07-12-2026", "12/31/2026", "tidak terbaca"),
            ("07-12-2026", "07-12-2026 25.00", "tidak terbaca"),
            ("07-12-2026", "01-11-2026", "batas waktu: Batas waktu itu sudah lewat"),
            ("Diskopum;", "Diskopum;sepatu", "produk “sepatu” tidak dikenal; tulis tenun, konveksi"),
            ("Diskopum;;", "Diskopum;;Mars", "pasar “Mars” tidak dikenal; tulis salah satu: dalam negeri, Jepang"),
            ("Diskopum;;;", "Diskopum;;;SIM", "syarat “SIM” tidak dikenal; tulis NIB, halal, PIRT"),
            ("Diskopum;;;;", "Diskopum;;;;50 kg", "kapasitas “50 kg” bukan angka; tulis jumlah"),
            ("Diskopum;;;;", "Diskopum;;;;0", "kapasitas: Kapasitas ditulis sebagai angka, dari 1"),
            ("Diskopum;;;;", f"Diskopum;;;;{'9' * 400}", "bukan angka"),
            ("Diskopum;;;;;", "Diskopum;;;;;mungkin", "wajib “mungkin”: tulis ya atau tidak"),
            ("Diskopum;;;;;;", "Diskopum;;;;;;Surabaya", "kecamatan “Surabaya” tidak dikenal"),
            ("Diskopum;;;;;;;", "Diskopum;;;;;;;toko.id", "tautan: “toko.id” bukan tautan"),
            (
                "Diskopum;;;;;;;",
                f"Diskopum;;;;;;;https://toko.id/{'a' * 500}",
                "tautan: Tautannya terlalu panjang: 516",
            ),
            ("Diskopum;;;;;;;;", "Diskopum;;;;;;;;kapan", "mendesak “kapan”: tulis ya atau tidak"),
            ("Cari tas", "A" * 81, "judul: Terlalu panjang: 81 huruf, paling banyak 80"),
            (";Tas.", f";{'A' * 1201}", "dicari: Terlalu panjang"),
        ],
    )
    def test_name_line_and_mend_and_take_nothing(self, old: str, new: str, said: str) -> None:
        """One bad line keeps all out, and is named with its number and what would do."""
        rows, faults = importing.read((GOOD + LAST.replace(old, new, 1)).encode(), DISTRICT, NOW)

        assert rows == []
        assert [fault.line for fault in faults] == [4]
        assert said in str(faults[0])

    def test_of_a_line_are_all_named(self) -> None:
        """Whoever mends a line mends it once."""
        line = f"{'A' * 81};beli;;besok;Toko;Lain;sepatu;Mars;SIM;x;mungkin;Surabaya;toko;kapan\n"
        faults = importing.read((GOOD + line).encode(), DISTRICT, NOW)[1]

        assert {fault.line for fault in faults} == {4}
        assert len(faults) == 13

    def test_of_a_double_line(self) -> None:
        """Two lines that would be one opportunity are a mistake of the file."""
        rows, faults = importing.read((GOOD + LAST + LAST.upper().replace("TAS.", "Lain.")).encode(), DISTRICT, NOW)

        assert rows == []
        assert [str(fault) for fault in faults] == [
            "baris 5: judul, batas waktu, dan dinasnya sama dengan baris 4: hapus salah satu"
        ]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "kolom judul, jenis, dicari, batas waktu, sumber, dinas tidak ada"),
            (b"nama;usia\nA;3\n", "kolom yang dikenal: judul"),
            (GOOD.encode("utf-16"), "bukan CSV UTF-8"),
            (GOOD.replace("Toko Contoh", "Kafé").encode("cp1252"), "simpan ulang sebagai “CSV UTF-8”"),
            (GOOD.replace("Kain tenun", "Kain\0tenun").encode(), "NUL"),
            (HEAD.encode(), "isi paling sedikit satu baris"),
            ((HEAD + ";;;;;;;;;;;;;\n" * 3).encode(), "isi paling sedikit satu baris"),
            (GOOD.replace("syarat", "sarat").encode(), "kolom sarat tidak dikenal"),
            ((GOOD + f'"{"a" * 131_073}').encode(), "tutup tanda kutip"),
            (b"PK\x03\x04\xff\xfe", "bukan CSV UTF-8"),
        ],
    )
    def test_of_another_file_say_what_would_do(self, content: bytes, said: str) -> None:
        """What is no such table is refused with what would be one."""
        with pytest.raises(BadFile, match=said):
            importing.read(content, DISTRICT, NOW)

    @pytest.mark.parametrize("last", ["dicari", "tempat"])
    def test_with_an_open_quote_are_refused(self, last: str) -> None:
        """A quote left open in the last column swallows no line in silence: the file is refused, by its line."""
        columns = (*importing.NEEDED, "tempat")
        names = [*(name for name in columns if name != last), last]
        cells = dict(
            zip(columns, ("Cari tas", "pembeli", "Tas.", "07-12-2026", "Toko", "Diskopum", "Aula"), strict=True)
        )
        lines = [";".join(names)] + [";".join(cells[name] for name in names)] * 3
        opened = f'{lines[2].removesuffix(cells[last])}"{cells[last]}'

        for content in ([*lines[:2], opened, lines[3]], [*lines[:2], opened, f'{opened}"']):
            with pytest.raises(BadFile, match=r"mulai baris 3: tutup tanda kutip .* tulis dua kali"):
                importing.read("\n".join(content).encode(), DISTRICT, NOW)

    @pytest.mark.parametrize(
        ("cell", "sought"),
        [
            ('"Kain ""halus"", 2 meter"', 'Kain "halus", 2 meter'),
            ('Kain 12" lebar', 'Kain 12" lebar'),
            ('"Kain.\nPanjang."', "Kain.\nPanjang."),
        ],
    )
    def test_hold_quotes_within_a_cell(self, cell: str, sought: str) -> None:
        """Doubled ones as Excel writes them, one amid a cell without, and lines within quotes."""
        rows, faults = importing.read((HEAD + LAST.replace("Tas.", cell)).encode(), DISTRICT, NOW)

        assert faults == []
        assert rows[0].values["sought"] == sought

    def test_commas_do_as_well(self) -> None:
        """Where the fields are parted by commas, those within are quoted; a stray one is a fault of its line."""
        head = "judul,jenis,dicari,batas waktu,sumber,dinas,produk\n"
        good = head + 'Cari tas,pembeli,"Tas, dompet",07-12-2026,Toko,Diskopum,"tenun, kerajinan"\n'
        bad = head + "Cari tas,pembeli,Tas, dompet,07-12-2026,Toko,Diskopum,tenun\n"

        rows, faults = importing.read(good.encode(), DISTRICT, NOW)
        assert (faults, rows[0].values["products"]) == ([], ["tenun", "kerajinan"])
        assert "beri tanda kutip" in str(importing.read(bad.encode(), DISTRICT, NOW)[1][0])


class TestDeadlines:
    @pytest.mark.parametrize(
        "text",
        [
            *("07-12-2026", "7/12/2026", "7.12.26", "07-12-2026 00:00:00", "2026-12-07", "2026-12-07 00:00:00"),
            *("7 Desember 2026", "7 des 2026", "07-Des-26", "7-Dec-26", "46363"),
        ],
    )
    def test_without_an_hour_are_the_end_of_the_day(self, text: str) -> None:
        """However Excel wrote the day, it is the same one, and the whole of it counts."""
        assert deadline_of(text, ZONE) == datetime(2026, 12, 7, 23, 59, tzinfo=ZONE)

    @pytest.mark.parametrize(
        "text",
        [
            *("07-12-2026 16.00", "7/12/2026 16:00:00", "2026-12-07T16:00", "7 Desember 2026, pukul 16.00 WIB"),
            *("7 Desember 2026 jam 4 sore", "46363,6666667", "46363.6666667"),
        ],
    )
    def test_with_an_hour_are_of_the_place(self, text: str) -> None:
        """The hour is the district's own clock."""
        assert deadline_of(text, ZONE) == datetime(2026, 12, 7, 9, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["", "besok", "7-12", "07-13-2026", "7 Foo 2026", "2026", "463630", "7-12-2026x"])
    def test_that_are_none_are_refused(self, text: str) -> None:
        """Nothing is guessed: a day needs its number, its month and its year."""
        with pytest.raises(ValueError, match=r"."):
            deadline_of(text, ZONE)
