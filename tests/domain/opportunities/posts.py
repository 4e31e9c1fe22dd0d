"""Posts as they go round in groups, all of them invented, and what is read out of each; now is 26 November 2026, 10.00.

A deadline is written as people here write it; what is not named in `reads` is not tested, None is "not said".
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Post:
    name: str
    text: str
    reads: dict[str, Any]
    links: tuple[str, ...] = ()


POSTS = (
    Post(
        "bazar_shouted",
        "📢📢 PENGUMUMAN 📢📢\n\nBAZAR UMKM AKHIR TAHUN LAMONGAN\n📅 19-20 Desember 2026\n📍 Alun-alun Lamongan\n"
        "Syarat: NIB, PIRT, halal\nBATAS PENDAFTARAN: 12 Des 2026\nDaftar: https://bit.ly/bazar-contoh",
        {
            "title": "Bazar UMKM akhir tahun Lamongan",
            "kind": "fair",
            "place": "Alun-alun Lamongan",
            "needs": ("nib", "halal", "pirt"),
            "deadline": "12-12-2026 23.59",
            "link": "https://bit.ly/bazar-contoh",
            "products": None,
            "market": None,
        },
    ),
    Post(
        "buyer_japan",
        "Assalamualaikum wr. wb.\nBuyer dari Jepang mencari kain tenun ikat motif Lamongan, kapasitas 500 pcs/bulan. "
        "Paling lambat Jumat, 4/12 pukul 16.00 WIB.\nHubungi kami.",
        {
            "title": "Buyer dari Jepang mencari kain tenun ikat motif Lamongan, kapasitas 500…",
            "sought": "Kain tenun ikat motif Lamongan, kapasitas 500 pcs/bulan",
            "kind": "export",
            "market": "JP",
            "products": ("tenun",),
            "capacity": 500,
            "deadline": "04-12-2026 16.00",
            "kecamatan": None,
        },
    ),
    Post(
        "till",
        "Pendaftaran pameran produk IKM s.d. 30 November 2026\nPameran digelar 5-7 Desember 2026 di Gedung Serbaguna.",
        {"kind": "fair", "deadline": "30-11-2026 23.59", "place": "Gedung Serbaguna"},
    ),
    Post(
        "event_only",
        "Festival Kuliner Pesisir\ntgl 5-7 Desember di Lapangan Paciran. Ayo ikut!",
        {"kind": "fair", "deadline": None, "products": ("makanan",), "place": "Lapangan Paciran", "kecamatan": None},
    ),
    Post(
        "english_woven",
        "Good morning all,\nLooking for woven fabric suppliers for a home-decor brand in Tokyo. MOQ to be discussed.\n"
        "Deadline December 12.\nApply at www.contoh-buyer.com/apply",
        {
            "title": "Looking for woven fabric suppliers for a home-decor brand in Tokyo",
            "sought": "Woven fabric suppliers for a home-decor brand in Tokyo",
            "kind": "export",
            "market": "JP",
            "products": ("tenun",),
            "deadline": "12-12-2026 23.59",
            "link": "https://www.contoh-buyer.com/apply",
        },
    ),
    Post(
        "deadline_next_year",
        "LOMBA DESAIN KEMASAN\ndeadline 10 Jan\ninfo lengkap: lomba.contoh.id",
        {
            "title": "Lomba desain kemasan",
            "kind": "contest",
            "deadline": "10-01-2027 23.59",
            "link": "https://lomba.contoh.id",
        },
    ),
    Post(
        "label_on_its_own_line",
        "Peluang Ekspor Kerupuk Ikan\n\nNegara tujuan: Malaysia\n\n*BATAS AKHIR PENDAFTARAN*\n📅 Rabu, 9 Desember 2026",
        {
            "title": "Peluang Ekspor Kerupuk Ikan",
            "kind": "export",
            "market": "MY",
            "products": ("makanan",),
            "deadline": "09-12-2026 23.59",
        },
    ),
    Post(
        "e_katalog",
        "Undangan onboarding e-katalog LKPP untuk penyedia makan minum rapat. Wajib NIB. Pendaftaran ditutup tgl 30.",
        {"kind": "tender", "market": "home", "needs": ("nib",), "deadline": "30-11-2026 23.59"},
    ),
    Post(
        "tender_goods_and_services",
        "LELANG PENGADAAN SERAGAM BATIK 2026\nPengadaan barang/jasa Pemkab. Pemasukan penawaran: 1 - 8 Desember 2026 "
        "pukul 08.00 - 12.00 WIB",
        {"kind": "tender", "products": ("tenun", "konveksi"), "deadline": "08-12-2026 12.00"},
    ),
    Post(
        "extended",
        "DIPERPANJANG!! Pendaftaran Lomba Inovasi UMKM ~30 November 2026~ diperpanjang sampai 10 Desember 2026",
        {"kind": "contest", "deadline": "10-12-2026 23.59"},
    ),
    Post(
        "extended_without_strike",
        "Batas pendaftaran 27 November, diperpanjang hingga 3 Desember 2026. Technical meeting 5 Desember.",
        {"deadline": "03-12-2026 23.59"},
    ),
    Post(
        "opens_and_closes",
        "Pendaftaran dibuka 20 November, ditutup 5 Desember. Pelaksanaan 12 Desember 2026. Bazar gratis stan.",
        {"deadline": "05-12-2026 23.59", "kind": "fair"},
    ),
    Post(
        "after_the_day",
        "Bazar Ramadan Kecil\n5-7 Desember pameran UMKM. 30 November batas daftar.",
        {"deadline": "30-11-2026 23.59"},
    ),
    Post("in_brackets", "Kompetisi foto produk, 10 Jan (deadline), hadiah jutaan", {"deadline": "10-01-2027 23.59"}),
    Post(
        "payment_is_later",
        "Expo Kriya. Batas pendaftaran 1 Desember 2026, batas pembayaran 4 Desember 2026.",
        {"deadline": "01-12-2026 23.59", "products": ("kerajinan",)},
    ),
    Post(
        "past",
        "Bazar Kartini. Batas pendaftaran: 12 November 2026",
        {"deadline": "12-11-2026 23.59"},
    ),
    Post("past_without_year", "Bazar. Paling lambat 12 Nov ya kak", {"deadline": "12-11-2026 23.59"}),
    Post("letter_date", "Lamongan, 20 November 2026\nSurat undangan pameran kerajinan", {"deadline": None}),
    Post("relative", "Butuh supplier sambal, paling lambat besok jam 12 ya", {"deadline": None, "kind": "buyer"}),
    Post("weekday_only", "Kumpulkan proposal paling lambat Jumat depan", {"deadline": None}),
    Post(
        "javanese",
        "Monggo dulur, digoleki wong sing iso nggawe klambi bordir kanggo seragam, kapasitase 200 stel saben sasi. "
        "Daftar paling keri 1 Desember 2026",
        {
            "kind": "buyer",
            "products": ("konveksi",),
            "capacity": 200,
            "deadline": "01-12-2026 23.59",
            "sought": "Wong sing iso nggawe klambi bordir kanggo seragam, kapasitase 200 stel saben sasi",
        },
    ),
    Post(
        "javanese_till",
        "Bazar ndek alun-alun, ndaftar nganti 3 Desember",
        {"kind": "fair", "deadline": "03-12-2026 23.59"},
    ),
    Post(
        "only_some_kecamatan",
        "Kurasi oleh-oleh wisata. Khusus pelaku usaha Kecamatan Paciran, Brondong dan Solokuro.",
        {"kecamatan": ("Solokuro", "Paciran", "Brondong"), "products": ("makanan",)},
    ),
    Post("lamongan_is_no_kecamatan", "Pameran khusus UMKM Lamongan", {"kecamatan": None}),
    Post("kecamatan_lamongan", "Bazar khusus warga Kec. Lamongan dan Deket", {"kecamatan": ("Lamongan", "Deket")}),
    Post("near_is_no_kecamatan", "Bazar khusus yang deket pasar", {"kecamatan": None}),
    Post(
        "hidden_link",
        "Dicari: tas anyaman eceng gondok\nKlik di sini untuk daftar",
        {
            "sought": "Tas anyaman eceng gondok",
            "products": ("kerajinan",),
            "link": "https://forms.gle/ContohSaja",
            "title": "Dicari: tas anyaman eceng gondok",
        },
        ("https://forms.gle/ContohSaja",),
    ),
    Post(
        "map_is_no_link",
        "Pameran di Hotel Contoh. Peta: https://maps.app.goo.gl/abc Grup: https://chat.whatsapp.com/abc "
        "Formulir: s.id/pameran-contoh.",
        {"link": "https://s.id/pameran-contoh", "place": "Hotel Contoh"},
    ),
    Post("only_a_chat", "Cari reseller, hubungi https://wa.me/6280000000000", {"link": "https://wa.me/6280000000000"}),
    Post("mail_is_no_link", "Kirim katalog ke pembeli@contoh.com", {"link": None}),
    Post("date_in_link", "Batas lihat di https://contoh.id/2026-12-12/bazar", {"deadline": None}),
    Post(
        "bold_letters",
        "𝗣𝗔𝗠𝗘𝗥𝗔𝗡 𝗨𝗠𝗞𝗠\n𝗕𝗮𝘁𝗮𝘀 𝗽𝗲𝗻𝗱𝗮𝗳𝘁𝗮𝗿𝗮𝗻: 𝟭𝟮 𝗗𝗲𝘀𝗲𝗺𝗯𝗲𝗿 𝟮𝟬𝟮𝟲",
        {"title": "Pameran UMKM", "kind": "fair", "deadline": "12-12-2026 23.59"},
    ),
    Post(
        "markdown",
        "*_Trade Expo Nusantara_*\n*Tempat :* Balai Kota\n*Deadline* : *1 Des 2026, 23.59 WIB*",
        {"title": "Trade Expo Nusantara", "place": "Balai Kota", "deadline": "01-12-2026 23.59", "kind": "fair"},
    ),
    Post(
        "not_needed",
        "Bazar kuliner, tidak perlu PIRT, belum punya NIB boleh ikut, asal sudah sertifikat halal.",
        {"needs": ("halal",)},
    ),
    Post("not_food", "Dicari pengrajin tas, bukan makanan", {"products": ("kerajinan",)}),
    Post("halal_bihalal", "Undangan halal bi halal para perajin", {"needs": None}),
    Post("language_is_no_country", "Lomba video bahasa Inggris untuk produk jamu", {"market": None}),
    Post(
        "two_countries",
        "Business matching: importir dari Taiwan mencari kopi. Acara serupa pernah di Jepang.",
        {"market": "TW", "kind": "export", "products": ("makanan",)},
    ),
    Post("korea", "Pameran produk halal di Seoul, Korea Selatan", {"market": "KR", "kind": "fair"}),
    Post("tons", "Dicari pemasok bandeng asap 1,5 ton per bulan", {"capacity": 1500, "products": ("makanan",)}),
    Post("thousands", "Butuh kerupuk 2.000 bungkus/bln, PIRT wajib", {"capacity": 2000, "needs": ("pirt",)}),
    Post("weekly", "Dibutuhkan 50 lusin kaos tiap minggu", {"capacity": 2400, "products": ("konveksi",)}),
    Post("thousand_words", "Mampu produksi 3 ribu pcs", {"capacity": 3000}),
    Post("once", "Pesanan awal 300 pcs mukena", {"capacity": None, "products": ("konveksi",)}),
    Post("wita", "Deadline 5 Desember 2026 pukul 12.00 WITA", {"deadline": "05-12-2026 11.00"}),
    Post("evening", "Paling lambat 5 Desember jam 4 sore", {"deadline": "05-12-2026 16.00"}),
    Post("midnight", "Ditutup 5 Desember 2026 pukul 24.00 WIB", {"deadline": "05-12-2026 23.59"}),
    Post("numbers", "Batas pengumpulan sampel: 05-12-2026", {"deadline": "05-12-2026 23.59"}),
    Post("range_in_numbers", "Pendaftaran 1-5/12/2026", {"deadline": "05-12-2026 23.59"}),
    Post("year_first", "Submission deadline: 2026-12-15", {"deadline": "15-12-2026 23.59"}),
    Post("two_months", "Pendaftaran 28 November s/d 2 Desember 2026", {"deadline": "02-12-2026 23.59"}),
    Post("over_new_year", "Registration: Dec 28 - Jan 3", {"deadline": "03-01-2027 23.59"}),
    Post("no_such_day", "Batas pendaftaran 31 November 2026", {"deadline": None}),
    Post("fraction", "Sebelum masak, siapkan 1/2 kg tepung", {"deadline": None}),
    Post("registration_day_alone", "Pendaftaran: 30 November 2026", {"deadline": None}),
    Post("runs_till", "Pameran berlangsung sampai 7 Desember 2026", {"deadline": None}),
    Post(
        "early_bird", "Early bird s.d. 28 November, pendaftaran terakhir 5 Desember", {"deadline": "05-12-2026 23.59"}
    ),
    Post("villages", "Batas 12 desa peserta bazar", {"deadline": None}),
    Post("phone", "Batas kuota. CP 0812-3456-7890", {"deadline": None}),
    Post("source", "Sumber: Dinas Contoh Provinsi\nPameran tekstil", {"source": "Dinas Contoh Provinsi"}),
    Post("organiser", "Expo\nPenyelenggara : *Asosiasi Contoh*", {"source": "Asosiasi Contoh"}),
    Post("quiet_title", "halo kak, izin share: dicari penjahit di babat", {"title": "Dicari penjahit di babat"}),
    Post("info_is_a_title", "Info bazar akhir tahun", {"title": "Info bazar akhir tahun"}),
    Post("shouted_abroad", "DIBUTUHKAN SUPPLIER TAS KE JEPANG", {"title": "Dibutuhkan supplier tas ke Jepang"}),
    Post("shouted_wish", "DICARI: KERUPUK UDANG DARI BABAT", {"sought": "Kerupuk udang dari Babat"}),
    Post("greeting_only", "Assalamualaikum", {"title": "Assalamualaikum"}),
    Post("words_that_say_nothing", "INFO PELUANG PASAR\n\nDicari abon ikan", {"title": "Dicari abon ikan"}),
    Post(
        "letter",
        "PEMBERITAHUAN\nNomor: 005/12/2026\nKepada Yth. Camat se-Kabupaten Contoh\nHal: Kurasi produk ekspor\n"
        "Tempat di Plaza Contoh, mohon hadir.",
        {"title": "Kurasi produk ekspor", "place": "Plaza Contoh"},
    ),
    Post("another_sentence", "Stan segera ditutup. Sampai jumpa 5 Desember!", {"deadline": None}),
    Post("shortened", "Kirim berkas paling lambat tgl. 5 Desember", {"deadline": "05-12-2026 23.59"}),
    Post("commas", "Ditutup jika kuota penuh, pameran, 5 Desember", {"deadline": None}),
    Post("when_is_not_what", "Ada yang buat sarung? butuh sebelum tgl 20 Desember", {"sought": None}),
    Post("at_most", "Lomba foto, kumpulin karya max 31/12/2026 23:59 WIB", {"deadline": "31-12-2026 23.59"}),
    Post("of_the_next_clause", "Dicari 500 tas utk seminar tgl 10 des, deadline sample besok", {"deadline": None}),
    Post("kitchen_is_no_country", "Resto Jepang di Surabaya nyari kerupuk", {"market": None, "kind": "buyer"}),
    Post(
        "quotation",
        "REQUEST FOR QUOTATION\nBuyer: Kuala Lumpur, Malaysia\nProduct: batik sarong\nClosing date: 15/12/2026\n"
        "Email: buyer@contoh.my",
        {"title": "Buyer: Kuala Lumpur, Malaysia", "kind": "export", "market": "MY", "deadline": "15-12-2026 23.59"},
    ),
    Post(
        "sentence_with_kec",
        "Toko kue cari pemasok keripik, khusus Kec. Babat & Kedungpring. Sumber: Toko Contoh.",
        {
            "sought": "Pemasok keripik, khusus Kec. Babat & Kedungpring",
            "kecamatan": ("Kedungpring", "Babat"),
            "source": "Toko Contoh",
        },
    ),
    Post(
        "source_in_a_sentence",
        "Info dari Kadin: misi dagang ke Istanbul",
        {"source": "Kadin", "market": "TR", "kind": "export"},
    ),
    Post("pictures_only", "🎉🎉🎉\n🔥", {"title": None, "kind": None, "deadline": None, "link": None}),
    Post("nothing", "", {"title": None, "sought": None, "place": None, "source": None}),
    Post(
        "put_off",
        "Pendaftaran diperpanjang dari 30 November 2026 menjadi 7 Desember 2026",
        {"deadline": "07-12-2026 23.59"},
    ),
    Post(
        "put_off_in_brackets",
        "[DIPERPANJANG] Kurasi produk Hotel Contoh, semula 30 November 2026 menjadi 7 Desember 2026.",
        {
            "deadline": "07-12-2026 23.59",
            "title": "Kurasi produk Hotel Contoh, semula 30 November 2026 menjadi 7 Desember 2026",
        },
    ),
    Post(
        "put_off_to_nobody_knows",
        "[DIPERPANJANG] Lomba kemasan\nBatas akhir: 30 November 2026\nBatas: 7 Desember 2026",
        {"deadline": None},
    ),
    Post("event_put_off", "Pameran diundur dari 5 Desember menjadi 12 Desember 2026", {"deadline": None}),
    Post("last_to_register", "Terakhir daftar 5 Desember 2026 ke Bu Rina", {"deadline": "05-12-2026 23.59"}),
    Post("closes", "Bazar. Tutup pendaftaran tgl 5", {"deadline": "05-12-2026 23.59"}),
    Post("sample_by", "Coffee buyers need arabica. Submit sample by Dec 20, 2026", {"deadline": "20-12-2026 23.59"}),
    Post("days_before", "Daftar paling lambat H-3 sebelum 10 Desember 2026", {"deadline": None}),
    Post("a_year", "Dicari konveksi, 1.200 stel per tahun", {"capacity": 100}),
    Post("a_day", "Butuh 300 pcs per hari", {"capacity": 7500}),
    Post("so_many_to_so_many", "Mencari kerupuk 5-10 ton per bulan", {"capacity": 5000}),
    Post("monthly", "Buyer from Korea seeks handmade bags, MOQ 200 pcs monthly", {"capacity": 200, "market": "KR"}),
    Post("halal_not_asked", "Tas anyaman. Sertifikat halal tidak diperlukan, wajib NIB", {"needs": ("nib",)}),
    Post("another_country", "Peluang ekspor ke Belanda dan Jerman: kerajinan", {"market": "other", "kind": "export"}),
    Post("another_buyer", "A Dutch retailer is looking for baskets", {"market": "other", "sought": "Baskets"}),
    Post("another_named", "Lomba masak gaya Italia. Juara belajar bahasa Jerman", {"market": None}),
    Post("place_and_day", "Pameran di JCC Jakarta, 3 s.d. 7 Februari 2027.", {"place": "JCC Jakarta"}),
    Post("door", "Bazar hasil laut. Daftar sampai 1 Des 2026 di kantor kecamatan.", {"place": None}),
    Post("greeted", "Sedulur UMKM, ana kabar apik! Toko Contoh golek kerupuk.", {"title": "Toko Contoh golek kerupuk"}),
    Post(
        "one_line", "Lomba kemasan. Info https://contoh.id/x", {"title": "Lomba kemasan", "link": "https://contoh.id/x"}
    ),
    Post(
        "suppliers",
        "LOOKING FOR SUPPLIERS – Handwoven ikat fabric",
        {"sought": "Handwoven ikat fabric", "products": ("tenun",)},
    ),
    Post("unsafe_link", "Bazar. Daftar: http://contoh.id/a. Tanya wa.me/62812", {"link": None}),
)
