"""Comparing what people bring with what we said: pure, with invented messages."""

import pytest

from domain.broadcasts import codes
from domain.broadcasts.checking import RELATED, compare, likest, ours, relation, runs_of, runs_of_body
from domain.broadcasts.content import Content, Link
from domain.broadcasts.verdicts import is_apart
from domain.broadcasts.wording import readable, words
from tests.support.hoaxes import CLOSED, CODE, FAIR, PACKAGING, frame, framed, many, on_whatsapp

PLAIN = readable(framed()).replace(" (https://lamongankab.go.id/kemasan)", "")
"""As it is pasted from Telegram, without its formatting."""

WHATSAPP = on_whatsapp()


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def verdict(written: str, html: str = PACKAGING, code: str = CODE) -> str:
    """same, changed or apart."""
    brought = words(written, [code])
    differences = [compare(brought, text) for text in ours(Content(html=html), frame())]
    best = min(differences, key=lambda one: not one.is_same)
    return "same" if best.is_same else "apart" if is_apart(best) else "changed"


def kinds(written: str, html: str = PACKAGING) -> list[tuple[str, str, str]]:
    """What of it people are cheated with."""
    (difference, *_) = [compare(words(written, [CODE]), text) for text in ours(Content(html=html), frame())]
    return [(change.kind, change.was, change.now) for change in difference.changes]


SAME = {
    "as it was sent": framed(),
    "in Javanese": framed(language="jv"),
    "in English": framed(language="en"),
    "pasted from Telegram": PLAIN,
    "for WhatsApp": WHATSAPP,
    "for WhatsApp, forwarded": f"Diteruskan\n{WHATSAPP}",
    "for WhatsApp, forwarded many times": f"↪️ _Diteruskan berkali-kali_\n\n{WHATSAPP}",
    "forwarded in English": f"Forwarded many times\n{WHATSAPP}",
    "Fwd": f"Fwd: \n{WHATSAPP}",
    "copied with who wrote it": f"[08.15, 27/11/2026] Bu Sari RT 3: {WHATSAPP}",
    "exported": f"27/11/26, 08.15 - +62 812-0000-1111: {WHATSAPP}",
    "in WhatsApp's bold": changed(WHATSAPP, "Pelatihan Kemasan Produk", "*Pelatihan Kemasan Produk*"),
    "in WhatsApp's italics": changed(WHATSAPP, "Kuota 40 orang", "_Kuota 40 orang_"),
    "another emoji": changed(WHATSAPP, "📢", "🔊📣"),
    "emoji added": changed(PLAIN, "Kuota", "👉🏽 Kuota"),
    "another name": changed(PLAIN, "Sari, ada", "Muhammad Abdul Ghofur, S.Pd., ada"),
    "another business": changed(PLAIN, "Kerupuk Bu Sari", "CV. Maju-Jaya 99 (Cabang Babat)"),
    "line breaks gone": PLAIN.replace("\n", " "),
    "more line breaks": PLAIN.replace("\n", "\n\n\n"),
    "other dashes": changed(PLAIN, "08.00-15.00", "08.00 – 15.00"),
    "colons in hours": changed(PLAIN, "08.00-15.00", "08:00-15:00"),
    "capitals": PLAIN.upper(),
    "number without hyphens": changed(PLAIN, "0812-3456-7890", "081234567890"),
    "number with country": changed(PLAIN, "0812-3456-7890", "+62 812-3456-7890"),
    "another way of writing money": changed(PLAIN, "Rp150.000", "Rp. 150.000,-"),
    "invisible signs": "\u200b".join(PLAIN.split(" ", 1)).replace("\u200b", "\u200b \u2060"),
    "bold letters of another alphabet": changed(PLAIN, "gratis", "𝗴𝗿𝗮𝘁𝗶𝘀"),
    "without frame": readable(PACKAGING).replace("{nama}", "Sari").replace("{usaha}", "warung saya"),
    "a question before": f"Min, ini asli gak ya?\n\n{PLAIN}",
    "a question after": f"{PLAIN}\n\nbener gak ini pak?",
}

CHANGED = {
    "number to call": changed(WHATSAPP, "0812-3456-7890", "0857-1111-2222"),
    "an account added": f"{PLAIN}\nTransfer biaya admin ke BRI 1234 5678 9012 345 a.n. Panitia.",
    "amount": changed(PLAIN, "Rp150.000", "Rp1.500.000"),
    "decimal amount": "",  # below, with a text of its own
    "date": changed(PLAIN, "30 November", "20 November"),
    "year": changed(PLAIN, "2026", "2027"),
    "hour": changed(PLAIN, "08.00-15.00", "13.00-15.00"),
    "link behind the label": changed(framed(), "https://lamongankab.go.id/kemasan", "https://lamongankab.site/kemasan"),
    "link added": f"{PLAIN}\nKlik https://bit.ly/dana-umkm sekarang",
    "the bot's name": changed(framed(), "@demo_bot", "@demo_bot_resmi"),
    "the link to check": changed(WHATSAPP, "t.me/demo_bot", "t.me/demo_b0t"),
    "the office": changed(PLAIN, "Diskopum\n", "Kementerian UMKM\n"),
    "shortened": PLAIN[: PLAIN.index("Kuota")],
    "only its end": PLAIN[PLAIN.index("Tempat") :],
    "a prefix": f"INFO PENTING!!! Sebarkan ke semua grup sebelum terlambat.\n{PLAIN}",
    "turned around": changed(PLAIN, "tidak dipungut biaya", "dipungut biaya"),
    "no, before": f"Tidak {readable(FAIR)}",
    "free no more": changed(PLAIN, "gratis", "berbayar"),
    "quota": changed(PLAIN, "40 orang", "400 orang"),
    "place": changed(PLAIN, "Aula Diskopum", "Rumah Pak Joko"),
    "an account in the name's place": changed(PLAIN, "Sari, ada", "transfer ke 123456789, ada"),
    "a link in the name's place": changed(PLAIN, "Sari, ada", "klik umkm-dana.site, ada"),
    "a long name": changed(PLAIN, "Sari, ada", f"{'Sari ' * 12}, ada"),
    "letters that look alike": changed(PLAIN, "Pelatihan", "Реlatihan"),
    "asks for the identity card": changed(PLAIN, "makan siang disediakan", "wajib kirim foto KTP dan NIK"),
    "struck number": f"{PLAIN}\nTransfer ke ••••••••••••••••",
    "half of it with another end": PLAIN[: PLAIN.index("Tempat")]
    + "Tempat: menyusul. Bayar dulu 50 ribu lewat DANA 0857 1111 2222.",
}
CHANGED["decimal amount"] = "Modal 15 juta untuk usaha kecil tanpa jaminan apa pun dari kantor kami."
OF = {"decimal amount": "Modal 1,5 juta untuk usaha kecil tanpa jaminan apa pun dari kantor kami.", "no, before": FAIR}

APART = {
    "another hoax": f"Selamat! Nomor Anda menang undian 175 juta. Hubungi 0857-1111-2222 hari ini. Kode asli: {CODE}",
    "a question with the code": f"Saya disuruh tetangga bayar iuran koperasi lima puluh ribu tiap minggu, kode {CODE}",
    "another announcement": f"{readable(FAIR)}\nKode asli: {CODE}",
}


class TestCompare:
    @pytest.mark.parametrize("name", SAME)
    def test_takes_off_what_copying_changes(self, name: str) -> None:
        """What phones, WhatsApp and the frame's language change is no change."""
        assert verdict(SAME[name]) == "same"

    @pytest.mark.parametrize("name", CHANGED)
    def test_sees_what_somebody_changed(self, name: str) -> None:
        """One figure, one address or one little word is enough."""
        assert verdict(CHANGED[name], OF.get(name, PACKAGING)) == "changed"

    @pytest.mark.parametrize("name", APART)
    def test_tells_another_text(self, name: str) -> None:
        """Our code over something else makes nothing ours."""
        assert verdict(APART[name]) == "apart"

    @pytest.mark.parametrize(("name", "is_part"), [("shortened", True), ("only its end", True), ("place", False)])
    def test_tells_what_was_cut_off(self, name: str, is_part: bool) -> None:
        """Only the beginning or the end is missing, and nothing was put in its place."""
        (said,) = ours(Content(html=PACKAGING), frame())

        assert compare(words(CHANGED[name]), said).is_part is is_part

    def test_knows_its_own_among_others(self) -> None:
        """Each of the announcements is the same as itself, and as no other."""
        texts = [FAIR, CLOSED, *many(20)]

        assert [[verdict(readable(one), other) == "same" for other in texts] for one in texts] == [
            [one is other for other in texts] for one in texts
        ]

    def test_knows_its_buttons(self) -> None:
        """What stood on a button stands below the text that was copied; another address there is a change."""
        content = Content(html=FAIR, buttons=(Link("Daftar", "https://lamongankab.go.id/pasar"),))
        (said,) = ours(content, frame())

        assert compare(words(f"{readable(FAIR)}\n\nDaftar: https://lamongankab.go.id/pasar"), said).is_same
        assert not compare(words(f"{readable(FAIR)}\n\nDaftar: https://lamongankab.xyz/pasar"), said).is_same


class TestChanges:
    @pytest.mark.parametrize(
        ("name", "kind", "was", "now"),
        [
            ("number to call", "account", "0812-3456-7890", "0857-1111-2222"),
            ("an account added", "account", "", "1234 5678 9012 345"),
            ("amount", "amount", "150.000", "1.500.000"),
            ("date", "date", "30", "20"),
            ("hour", "hour", "08.00", "13.00"),
            ("link behind the label", "link", "https://lamongankab.go.id/kemasan", "https://lamongankab.site/kemasan"),
            ("link added", "link", "", "https://bit.ly/dana-umkm"),
            ("the bot's name", "link", "@demo_bot", "@demo_bot_resmi"),
            ("quota", "number", "40", "400"),
            ("struck number", "account", "", "••••••••••••••••"),
        ],
    )
    def test_are_named(self, name: str, kind: str, was: str, now: str) -> None:
        """What people are cheated with is named, as we said it and as it stands there."""
        assert (kind, was, now) in kinds(CHANGED[name], OF.get(name, PACKAGING))

    def test_put_the_gravest_first(self) -> None:
        """A link before an account before a quota."""
        text = changed(changed(PLAIN, "40 orang", "400 orang"), "0812-3456-7890", "0857-1111-2222") + " www.dana.top"

        assert [kind for kind, _, _ in kinds(text)] == ["link", "account", "number"]


class TestCodes:
    def test_hold_figures(self) -> None:
        """Whatever one slip makes of a code still looks like one, and not like a word."""
        made = [codes.new() for _ in range(300)]

        assert all(sum(letter.isdigit() for letter in code) > 1 for code in made)

    @pytest.mark.parametrize(
        "written",
        [
            *("7KQ2M-XW9PD", "7kq2m-xw9pd", "7KQ2MXW9PD", "7kq2m xw9pd", "7KQ2M – XW9PD", "7KQ2M.XW9PD"),
            *("7KO2M-XW9PD", "7K02M-XW9PD", "7KQ2M-XW9PO", "IKQ2M-XW9PD", "1KQ2M-XW9PD", "7KQZM-XW9PD"),
            *("7KQ2M-XW9P", "7KQ2M-XWW9PD", "7KQM2-XW9PD", "7KQ2M-XW9PA"),
        ],
    )
    def test_are_read_forgivingly(self, written: str) -> None:
        """Any case, with or without hyphen, with what looks alike, with one slip of the finger."""
        (read, *_) = [*codes.read(written), codes.typed(written) or ""]

        assert codes.nearest(read, [CODE, "ABCDE-FGHJK", "23456-789AB"]) == CODE

    @pytest.mark.parametrize("written", ["7KQ2M-ABCDE", "XW9PD-7KQ2M", "7KQ22-XW99D", "AAAAA-AAAAA"])
    def test_are_not_guessed(self, written: str) -> None:
        """Two slips are another code."""
        assert codes.nearest(written, [CODE, "ABCDE-FGHJK"]) is None

    def test_between_two_is_neither(self) -> None:
        """What might be either of two is none of them."""
        assert codes.nearest("7KQ2M-XW9PA", ["7KQ2M-XW9PD", "7KQ2M-XW9PE"]) is None


class TestLikest:
    def test_finds_ours_without_code(self) -> None:
        """Whatever was changed of it, among 1,000 alike."""
        said = {0: [PACKAGING], **{place: [html] for place, html in enumerate(many(999), 1)}}
        without = [text.replace(CODE, "") for name, text in {**SAME, **CHANGED}.items() if name not in OF]

        assert [text for text in without if (likest(words(text), said) or [None])[0] != 0] == []

    def test_finds_nothing_in_what_is_not_ours(self) -> None:
        """Other people's notices and questions share too little with any of 1,000."""
        said = {place: [html] for place, html in enumerate([PACKAGING, FAIR, CLOSED, *many(997)])}

        assert [text for text in NOT_OURS if likest(words(text), said)] == []

    def test_threshold_lies_between(self) -> None:
        """The figures behind RELATED: the least of what is made of ours lies above the most of other people's."""
        said = [PACKAGING, FAIR, CLOSED, *many(997)]
        changed_ones = [text for name, text in {**SAME, **CHANGED}.items() if name not in OF]
        least = min(relation(runs_of(words(text)), runs_of_body(PACKAGING)) for text in changed_ones)
        most = max(relation(runs_of(words(text)), runs_of_body(html)) for text in NOT_OURS for html in said)

        assert (round(most, 2), round(least, 2)) == (0.23, 0.33)
        assert most < RELATED < least


NOT_OURS = [
    "Assalamualaikum bapak ibu, besok kerja bakti jam 7 pagi di balai RW, mohon membawa cangkul dan sapu",
    "Selamat! Anda terpilih menerima bantuan UMKM 2,4 juta rupiah. Klik tautan ini dan isi data diri, lalu kirim",
    "Info loker: dibutuhkan penjaga toko di pasar Babat, usia maksimal 30 tahun, gaji UMR, hubungi bu Yanti secepatnya",
    "Saya punya usaha keripik di Paciran, mau ikut pelatihan kemasan gratis tanggal berapa dan tempatnya di mana ya",
    "Pendaftaran bantuan presiden untuk pelaku usaha mikro dibuka lagi, syaratnya KTP dan KK, daftar lewat link di",
    "Kepada seluruh nasabah, mulai besok biaya transfer menjadi 150 ribu per bulan. Jika tidak setuju isi formulir",
    "Undangan rapat anggota koperasi hari Senin jam 9 di kantor kecamatan, mohon datang tepat waktu, terima kasih",
    "Bazar Ramadan di lapangan Gajah Mada, sewa stan 500 ribu, hubungi panitia. Tempat terbatas, siapa cepat dia",
    "Mohon maaf, besok toko kami tutup karena ada acara keluarga. Buka lagi hari Sabtu seperti biasa. Terima kasih.",
    "Peserta lomba mancing harap datang setengah jam lebih awal, bawa joran sendiri, hadiah utama kambing dan uang",
    "Bagaimana cara mendaftarkan sertifikat halal gratis untuk usaha keripik saya di kecamatan Babat, syaratnya apa",
    "Kak kalau mau urus NIB harus bayar berapa, katanya gratis tapi kemarin ada yang minta 300 ribu lewat transfer",
]
"""Notices and questions that people forward, none of them ours."""
