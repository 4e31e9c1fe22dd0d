"""Invented announcements, and what becomes of them on their way through chats: for measuring and for tests."""

from db.models import Broadcast, BroadcastState
from domain.broadcasts.content import Content, Frame, for_whatsapp, steps
from tests.support.attempts import NOW
from tests.support.broadcasting import broadcast, ended, met
from tests.support.running import RunningBot

USERNAME = "demo_bot"
CODE = "7KQ2M-XW9PD"

PACKAGING = (
    "Yth. {nama}, ada <b>Pelatihan Kemasan Produk</b> gratis untuk {usaha}.\n\n"
    "Hari: Senin, 30 November 2026\nJam: 08.00-15.00\nTempat: Aula Diskopum, Jl. Basuki Rahmat\n"
    "Kuota 40 orang, tidak dipungut biaya, makan siang disediakan. Uang saku Rp150.000 dibayar di tempat.\n"
    'Daftar di <a href="https://lamongankab.go.id/kemasan">halaman pendaftaran</a> atau hubungi 0812-3456-7890.'
)
"""With blanks, formatting, a link behind a label, an hour, a date, an amount and a number to call."""

FAIR = (
    "Pasar Malam UMKM kembali digelar di Alun-alun Lamongan tanggal 12-12-2026. Stan gratis bagi 60 pendaftar pertama. "
    "Bawa sendiri meja dan terpal; listrik ditanggung panitia. Daftar paling lambat Jumat pukul 15.00 di Disperindag."
)
CLOSED = "Besok Kamis kantor kami tutup karena rapat. Layanan buka lagi Jumat pukul 08.00. Mohon maaf, terima kasih."


def framed(html: str = PACKAGING, language: str = "id", code: str = CODE) -> str:
    """As it stands in a chat with the bot, for Sari who sells crackers, in Telegram's HTML."""
    (step, *_) = steps(Content(html=html), frame(code), language)
    return str(step.arguments["text"]).replace("{nama}", "Sari").replace("{usaha}", "Kerupuk Bu Sari")


def frame(code: str = CODE) -> Frame:
    return Frame("Diskopum", code, USERNAME, "umum")


def on_whatsapp(html: str = PACKAGING, code: str = CODE) -> str:
    """As an officer copies it elsewhere."""
    return for_whatsapp(Content(html=html), frame(code))


def sent(html: str = PACKAGING, **details: object) -> Broadcast:
    """One that went out."""
    given = {"office": "diskopum", "topic": "umum", "state": BroadcastState.FINISHED, "code": CODE}
    given |= {"made_at": NOW, "changed_at": NOW, "started_at": NOW, "finished_at": NOW}
    return Broadcast(**{**given, "content": Content(html=html).as_json(), **details})


HOAX = (
    "PENGUMUMAN DINAS KOPERASI. Bantuan tunai 2,4 juta untuk semua pelaku usaha cair minggu ini. "
    "Bayar biaya admin 50 ribu ke DANA 0857-1111-2222 lalu kirim foto KTP lewat https://umkm-cair.site"
)
"""Made of nothing of ours."""

TRADES = ("Keripik", "Batik", "Wingko", "Tenun", "Sambal", "Kopi", "Anyaman", "Bandeng", "Jamu", "Sepatu")
PLACES = ("Babat", "Paciran", "Brondong", "Sukodadi", "Karanggeneng", "Ngimbang", "Mantup", "Deket", "Turi", "Tikung")
DEEDS = (
    "Pendaftaran fasilitasi sertifikat halal gratis dibuka untuk usaha {trade} di kecamatan {place}",
    "Bazar {trade} akan digelar di lapangan {place}, stan tidak dipungut biaya",
    "Sosialisasi izin usaha bagi perajin {trade} bertempat di balai desa {place}",
    "Bantuan alat produksi {trade} tahun ini disalurkan melalui kantor kecamatan {place}",
    "Klinik ekspor untuk pelaku usaha {trade} buka setiap pekan di {place}",
    "Kunjungan belajar ke sentra {trade} berangkat dari terminal {place}",
    "Lomba desain kemasan {trade} diikuti pelaku usaha dari {place}",
    "Pemeriksaan timbangan pedagang {trade} dilakukan petugas di pasar {place}",
    "Pendampingan laporan keuangan bagi usaha {trade} dilaksanakan dari rumah ke rumah di {place}",
    "Kurasi produk {trade} untuk toko oleh-oleh dilakukan di pendopo {place}",
)
ENDS = (
    "Silakan bawa contoh produk dan fotokopi izin usaha. Informasi lebih lanjut di kantor kami pada jam kerja.",
    "Peserta datang setengah jam sebelum acara dimulai. Tempat terbatas, jadi daftar lebih awal lewat bot ini.",
    "Tidak ada pungutan apa pun. Kalau ada yang meminta uang, laporkan kepada petugas kami.",
    "Acara berlangsung sampai siang dan peserta mendapat sertifikat. Ajak juga tetangga yang punya usaha.",
    "Petugas akan menghubungi yang terpilih satu per satu. Terima kasih atas kerja samanya selama ini.",
)


async def announced(bot: RunningBot, html: str = PACKAGING, **details: object) -> Broadcast:
    """One that reached Sari."""
    (await met(bot, 1, first=101),)
    return await ended(bot, await broadcast(bot, html, **details))


def pasted(row: Broadcast, html: str = PACKAGING) -> str:
    """As it stands in a WhatsApp group."""
    return for_whatsapp(Content(html=html), Frame("Diskopum", row.code or "", "demo_bot", "umum"))


def many(number: int) -> list[str]:
    """So many announcements, alike as an office's are."""
    made = []
    for place in range(number):
        deed = DEEDS[place % 10].format(trade=TRADES[place // 10 % 10], place=PLACES[place // 100 % 10])
        made.append(f"{deed}. {ENDS[place % 5]} {ENDS[(place // 7 + 1) % 5]} Nomor {place}.")
    return made
