"""By when one must answer, out of what people write: now is 26 November 2026, 10.00."""

from datetime import datetime

import pytest

from domain.opportunities.reading_deadline import deadline
from tests.domain.opportunities.test_reading import NOW, ZONE, written

YEARS = (
    ("Paling lambat 30 Nov 25", "30-11-2025 23.59"),
    ("Deadline 15 Nov 24", "15-11-2024 23.59"),
    ("Batas akhir 30 Desember '25", "30-12-2025 23.59"),
    ("Batas akhir 30 Desember ’26 ya lur", "30-12-2026 23.59"),
    ("Paling telat 5-Des-26", "05-12-2026 23.59"),
    ("Paling lambat 30 Nov 26 16.00 WIB", "30-11-2026 16.00"),
    ("Paling lambat 30 Nov 26 jam 4 sore", "30-11-2026 16.00"),
    ("Pendaftaran 1 Des 26 - 5 Des 26", "05-12-2026 23.59"),
    ("Deadline Dec 30 '26", "30-12-2026 23.59"),
    # No years.
    ("Paling lambat 30 Nov 16.00", "30-11-2026 16.00"),
    ("Paling lambat 30 Nov 20.30", "30-11-2026 20.30"),
    ("Paling lambat 30 Nov 21 WIB", "30-11-2026 23.59"),
    ("Batas daftar 5 Des 25 stan saja", "05-12-2026 23.59"),
    ("Batas daftar 5 Des 30 UMKM tercepat", "05-12-2026 23.59"),
    ("Pendaftaran 1 Des-20 Des", "20-12-2026 23.59"),
    ("Pendaftaran 1 Des - 20 Des", "20-12-2026 23.59"),
    ("Batas 5 Des, 24 jam sebelum bazar", "05-12-2026 23.59"),
)
HOURS_BEFORE = (
    ("Paling lambat pukul 16.00 WIB tanggal 30 November 2026", "30-11-2026 16.00"),
    ("Deadline 5pm, 30 November 2026", "30-11-2026 17.00"),
    ("Deadline: 5 pm on Monday, 30 November 2026", "30-11-2026 17.00"),
    ("Paling lambat jam 4 sore, hari Senin tgl 30 November 2026", "30-11-2026 16.00"),
    ("Ndaftar paling kasep jam 12 awan dina Senin 30 November 2026", "30-11-2026 12.00"),
    ("Paling lambat jam 16, 30 November 2026", "30-11-2026 16.00"),
    ("Batas akhir pukul 08.00 - 15.00 WIB, Senin 30/11/2026", "30-11-2026 15.00"),
    ("Ditutup pkl. 15.30 WIB tgl 30 Nov 2026 njih", "30-11-2026 15.30"),
    # The hour behind a day goes before; that of another day, or of the office, is none.
    ("Paling lambat pukul 9.00, 30 November 2026 pukul 16.00", "30-11-2026 16.00"),
    ("Technical meeting 28 November 2026 pukul 10.00, 30 November 2026 batas daftar", "30-11-2026 23.59"),
    ("Kantor buka jam 08.00 sampai 15.00. Batas daftar 30 November 2026", "30-11-2026 23.59"),
)
DAYS_BEFORE = (
    ("paling lambat tiga hari sebelum 10 Desember 2026", None),
    ("batas daftar 1 minggu sebelum pameran 10 Desember 2026", None),
    ("Daftar paling telat seminggu sebelum acara tgl 10 Desember 2026", None),
    ("batas daftar H-3 acara, 10 Desember 2026", None),
    ("batas daftar H min 2 bazar 10 Desember 2026", None),
    ("paling lambat 3 hari kerja sebelum tanggal 10 Desember 2026", None),
    ("ndaftar paling keri telung dina sakdurunge 10 Desember 2026", None),
    ("Register no later than two weeks before 10 December 2026", None),
    ("Pameran 10 Desember 2026, batas daftar H-3", None),
    ("Pameran 10 Desember 2026, paling lambat daftar 3 hari sebelumnya", None),
    # The day itself.
    ("Batas daftar 7 Desember 2026 (H-3 pameran)", "07-12-2026 23.59"),
    ("Daftar sebelum 10 Desember 2026", "10-12-2026 23.59"),
    ("Bazar 3 hari. Batas sebelum 10 Desember 2026", "10-12-2026 23.59"),
)
ZONES = (
    ("Deadline 05 Dec 2026, 17.00 JST", "05-12-2026 15.00"),
    ("Paling lambat 5 Desember 2026 pukul 17.00 waktu Tokyo", "05-12-2026 15.00"),
    ("Closing date: 5 December 2026, 17:00 (KST)", "05-12-2026 15.00"),
    ("Deadline 5 Dec 2026 at 5pm Singapore time", "05-12-2026 16.00"),
    ("Deadline 17.00 JST, 5 December 2026", "05-12-2026 15.00"),
    ("Deadline 5 Dec 2026 17:00 GMT+9", "05-12-2026 15.00"),
    ("Deadline 5 Dec 2026 17:00 UTC", "06-12-2026 00.00"),
    ("Deadline 5 Dec 2026 17:00 EST", "06-12-2026 05.00"),
    ("Deadline 5 Dec 2026 17:00 UTC-5", "06-12-2026 05.00"),
    ("Paling lambat 5 Desember 2026 pukul 17.00 waktu Malaysia", "05-12-2026 16.00"),
    ("Paling lambat 5 Desember 2026 pukul 17.00 WIT", "05-12-2026 15.00"),
    ("Paling lambat 5 Desember 2026 pukul 17.00 waktu Indonesia Barat", "05-12-2026 17.00"),
    # An hour by a clock of nobody knows where is the officer's to set.
    ("Paling lambat 5 Desember 2026 pukul 17.00 waktu setempat", None),
    ("Deadline 5 Dec 2026, 5 pm local time", None),
    ("Deadline 5 Dec 2026, 17.00 CST", None),
)
FORMS = (
    ("Batas akhir\nHari/tanggal: Senin/30 November 2026", "30-11-2026 23.59"),
    ("Paling lambat hari/tanggal: Senin/30-11-2026", "30-11-2026 23.59"),
    ("Paling lambat:30 November 2026", "30-11-2026 23.59"),
    ("Paling lambat tgl.30 November 2026", "30-11-2026 23.59"),
    ("Paling lambat tgl.30/11/2026", "30-11-2026 23.59"),
    ("Deadline 2026/12/01", "01-12-2026 23.59"),
    ("Deadline: 2026.12.1", "01-12-2026 23.59"),
    ("Batas 30 - 11 - 2026", "30-11-2026 23.59"),
    ("Batas 30 / 11 / 2026 jam 10.00", "30-11-2026 10.00"),
    ("Pendaftaran: 01-11-2026 - 30-11-2026", "30-11-2026 23.59"),
    ("Pendaftaran: 01/11/2026 – 30/11/2026", "30-11-2026 23.59"),
    ("Pendaftaran 2026-12-01 - 2026-12-05", "05-12-2026 23.59"),
    ("Batas. Surat 12.30 November", None),
    ("Batas: surat no 005/30/11/2026", None),
)
ABBREVIATED = (
    ("Pling lambat tgl 5 des jam 3 sore yo", "05-12-2026 15.00"),
    ("dftar plg lmbat 5 des 26 ke bu ani", "05-12-2026 23.59"),
    ("bazar tgl 12-13 des, dftar plg lmbt 5 des", "05-12-2026 23.59"),
    ("nyari konveksi kaos 2rb pcs/bln, DL 1 Des", "01-12-2026 23.59"),
    ("Hubungi sblm 15 Des.", "15-12-2026 23.59"),
    ("pemasukan dok penawaran s.d. 4 Des 2026 jam 10.00 WIB di LPSE", "04-12-2026 10.00"),
    ("Registrasi dibuka sampai dgn hari Rabu tgl 2 Desember 2026 pukul 24.00 WIB", "02-12-2026 23.59"),
    ("Pendftrn dibuka smpai 2 Des", "02-12-2026 23.59"),
    ("batas akhir pendftaran Jumat 4 Des pkl 16.00 wib, kuota 10 stan", "04-12-2026 16.00"),
    ("Batas akhir daftar dina Jemuwah 4 Des bar magrib", "04-12-2026 23.59"),
    ("Tgl 10 Des 26 ada kurasi. Submit paling lambat 3 hari sblm acara", None),
    ("Kurasi tgl 1 Des 2026 jam 09.00 di Aula. Konfirmasi max tgl 29 Nov 2026 jam 15.00", "29-11-2026 15.00"),
    ("Wulan ngarep ana bazar tgl 20 Des", None),
)

# A full stop behind a month's short name may be the sentence's.
STOPS = (
    ("Deadline Senin 30 Nov. Pameran 5 Des di Babat.", "30-11-2026 23.59"),
    ("Batas daftar Jumat, 27 Nov. Bazar di alun-alun.", "27-11-2026 23.59"),
    ("Batas waktu pendaftaran Jumat 27 Nov. Technical meeting 29 Nov. Bazar 5 Des.", "27-11-2026 23.59"),
    ("Deadline Nov. 30. Fair on Dec. 5.", "30-11-2026 23.59"),
    ("Batas 30 Nov. Pukul 16.00", "30-11-2026 16.00"),
    ("Pendaftaran 20 Nov. s.d. 5 Des. 2026", "05-12-2026 23.59"),
    ("PENDAFTARAN 20 NOV. S.D. 5 DES. 2026", "05-12-2026 23.59"),
)
WORDS = (
    ("Daftar sadurunge 30 November", "30-11-2026 23.59"),
    ("Daftar sakdurunge 30 November", "30-11-2026 23.59"),
    ("Nyuwun dipun daftaraken ngantos tanggal 30 November", "30-11-2026 23.59"),
    ("Wates wektu: 30 November 2026", "30-11-2026 23.59"),
    ("Dtutup tgl 1 Des", "01-12-2026 23.59"),
    ("Plg lmbt 1/12", "01-12-2026 23.59"),
    ("Daftar 2x24 jam sebelum 10 Desember 2026", None),
    ("Konfirmasi 24 jam sblm acara 10 Des 2026", None),
    ("Submit no later than 12 noon, 1 Dec 2026", "01-12-2026 12.00"),
    ("Deadline 1 Dec 2026 at noon", "01-12-2026 12.00"),
    ("Registration closes at midnight on 30 November 2026", "30-11-2026 23.59"),
)
# By when a price holds is no deadline.
PRICES = (
    ("Harga stan 150rb sd tgl 1 Des, setelahnya 200rb", None),
    ("Stan 150rb s.d. 1 Des, setelah itu 200rb", None),
    ("HTM Rp 25.000 sampai 1 Desember", None),
    ("Pendaftaran (biaya 50rb) s.d. 1 Des 2026", "01-12-2026 23.59"),
    ("Harga stan 150rb. Daftar sampai 1 Des", "01-12-2026 23.59"),
    ("Pendaftaran s.d. 1 Des, setelah itu kurasi", "01-12-2026 23.59"),
)
WAVES = "Gelombang 1 paling lambat 5 Februari 2026. Gelombang 2 paling lambat 10 April 2026."
NOWHERE = WAVES.replace("Februari 2026", "Februari 2026 pukul 17.00 waktu setempat")
MOMENTS = (
    (WAVES, "2026-02-01", "2026-02-01", "05-02-2026 23.59"),
    (WAVES, "2026-02-01", "2026-03-01", "10-04-2026 23.59"),
    (WAVES, "2026-02-01", "2026-05-01", "10-04-2026 23.59"),
    (
        "Gelombang 1 paling lambat 5 Feb. Gelombang 2 paling lambat 10 April.",
        "2026-02-01",
        "2026-12-01",
        "10-04-2026 23.59",
    ),
    ("Gelombang 1 deadline 5 Feb jam 9. Gelombang 2 deadline 9 Feb.", "2026-02-01", "2026-02-05", "09-02-2026 23.59"),
    (NOWHERE, "2026-02-01", "2026-02-01", None),
    (NOWHERE, "2026-02-01", "2026-03-01", "10-04-2026 23.59"),
    # Long passed when it was written, it is the next one; a day of lately was copied on too late.
    ("Batas akhir pendaftaran 10 Februari", "2026-07-01", "2026-07-02", "10-02-2027 23.59"),
    ("Batas akhir pendaftaran 10 Februari", "2026-02-20", "2026-07-02", "10-02-2026 23.59"),
    ("Batas akhir pendaftaran 28 Desember", "2027-01-03", "2027-01-04", "28-12-2026 23.59"),
    ("Batas akhir pendaftaran 10 Februari 2026", "2026-07-01", "2026-07-02", "10-02-2026 23.59"),
    # One that nobody dated, or dated ahead of us, is of today: the nearest.
    ("Batas akhir pendaftaran 10 Februari", None, "2026-07-01", "10-02-2026 23.59"),
    ("Paling lambat tanggal 25", "2031-02-03", "2026-11-20", "25-11-2026 23.59"),
)


class TestDeadline:
    @pytest.mark.parametrize(
        ("text", "at"),
        [*YEARS, *HOURS_BEFORE, *DAYS_BEFORE, *ZONES, *FORMS, *ABBREVIATED, *STOPS, *WORDS, *PRICES],
        ids=lambda value: str(value)[:60],
    )
    def test_is_read(self, text: str, at: str | None) -> None:
        """Years of two digits, hours before the day and of other zones; a day that only another is told by is none."""
        found = deadline(text, ZONE, NOW)

        assert (written(found) if found else None) == at

    @pytest.mark.parametrize(("text", "at", "now", "expected"), MOMENTS)
    def test_is_guessed_from_its_own_day_and_chosen_by_ours(
        self, text: str, at: str | None, now: str, expected: str | None
    ) -> None:
        """A year left out is guessed from the day it was written; of several, that which is ahead of us."""
        here, there = (
            datetime.fromisoformat(f"{day} 10:00").replace(tzinfo=ZONE) if day else None for day in (now, at)
        )
        assert here

        found = deadline(text, ZONE, here, there)

        assert (written(found) if found else None) == expected
