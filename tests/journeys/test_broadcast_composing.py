"""Composing a broadcast: whatever an officer sends is taken over, kept at every step, and shown on one sheet."""

import re
import time
from collections.abc import AsyncIterator

import pytest

from domain.knowledge.shelf import Library
from messages import text_of
from tests.support.composing import BACK, MAKE, alert, begun, composing, every, newest, said, sends, taps
from tests.support.offices import ON_SQLITE, Offices
from tests.support.training_office import does, put_training

TAKEN, REPLACED = "sudah saya simpan sebagai konsep", "sudah diganti dengan yang baru"


@pytest.fixture
async def offices(database_url: str, library: Library, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Offices]:
    async with composing(database_url, library, monkeypatch) as running:
        yield running


async def picture(offices: Offices, *sizes: int) -> str:
    """A photo of so many bytes by size, the smallest first; its file_ids begin with its place."""
    files = [
        {
            "file_id": f"{place}-x",
            "file_unique_id": f"{place}",
            "width": 90 * place,
            "height": 60 * place,
            "file_size": size,
        }
        for place, size in enumerate(sizes, 1)
    ]
    rini = offices.rini
    rini._say(rini.chat, {"photo": files, "caption": "Foto"})
    await offices.settled()
    return (await said(offices)).files[0].file_id


def a_minute_later(offices: Offices) -> None:
    """By the clock of whoever writes."""
    offices.telegram.clock = lambda: time.time() + 60


@ON_SQLITE
class TestText:
    async def test_keeps_its_formatting(self, offices: Offices) -> None:
        """Bold, links and the like are taken over; signs of HTML stay signs."""
        await begun(offices)
        offices.rini.write(
            'Ada <b>pameran</b> &lt;besar&gt; di <a href="https://contoh.id/a?b=1&amp;c=2">sini</a> 😀', html=True
        )
        await offices.settled()

        html = (await said(offices)).html
        assert html == 'Ada <b>pameran</b> &lt;besar&gt; di <a href="https://contoh.id/a?b=1&amp;c=2">sini</a> 😀'
        assert "“Ada pameran <besar> di sini 😀”" in offices.rini.texts()[-1]

    async def test_is_kept_at_once_and_found_again(self, offices: Offices) -> None:
        """From its first message on there is a draft, whatever is written or tapped then; nobody is sent anything."""
        assert TAKEN in await begun(offices, ">Ada pameran")
        await does(offices, offices.rini, ">/batal", ">/start")
        listed = await does(offices, offices.rini, ">/siaran")
        opened = await does(offices, offices.rini, "1. 📝 Ada pameran")

        assert "📝 Ada pameran\n      konsep" in listed
        assert "Siaran Diskopum (konsep)" in opened
        assert offices.sari.texts() == offices.tono.texts() == []

    async def test_is_replaced_while_nothing_was_tapped(self, offices: Offices) -> None:
        """Another message takes its place, and a correction of one too; after a tap it is a question as always."""
        await begun(offices)
        written = offices.rini.write("Ada pameram")
        await offices.settled()
        offices.rini.edit(written["message_id"], "Ada pameran")
        await offices.settled()
        assert (await said(offices)).html == "Ada pameran"
        assert REPLACED in await does(offices, offices.rini, ">Tidak jadi pameran")
        await does(offices, offices.rini, "🕗 Waktu", BACK, ">cara bikin nib gimana")

        assert [broadcast.content["html"] for broadcast in await every(offices)] == ["Tidak jadi pameran"]
        await does(offices, offices.rini, ">/siaran", "1. 📝 Tidak jadi pameran", "✏️ Ganti isi", ">Ada lagi")
        assert (await said(offices)).html == "Ada lagi"

    async def test_that_was_replaced_comes_back(self, offices: Offices) -> None:
        """By one tap, once; an older sheet's button says that there is nothing to bring back."""
        await begun(offices, ">Ada pameran", "✏️ Ganti isi", ">terima kasih")
        shown = await does(offices, offices.rini, "↩️ Isi sebelumnya")
        assert "Isi sebelumnya sudah kembali" in shown
        assert (await said(offices)).html == "Ada pameran"

        await taps(offices, f"broadcast_before:{(await newest(offices)).id}.0a1b2c3d")
        assert "tidak tersimpan" in alert(offices.rini)
        assert (await said(offices)).html == "Ada pameran"

    async def test_corrected_after_a_tap_is_asked_about(self, offices: Offices) -> None:
        """So is a poster; a question of the officer's own stays a question."""
        await begun(offices)
        written = offices.rini.write("Ada pameram")
        await offices.settled()
        await does(offices, offices.rini, "🕗 Waktu", BACK)
        offices.rini.edit(written["message_id"], "Ada pameran")
        await offices.settled()
        assert "Mau ganti isi konsep “Ada pameram”?" in offices.rini.texts()[-1]
        assert "Mau ganti isi" in await sends(offices, "photo", "Poster")
        assert "Mau ganti isi" in await sends(offices, "photo")
        assert "OSS" in await does(offices, offices.rini, ">cara bikin nib gimana")

    @pytest.mark.parametrize("length", [4050, 4097, 10_000])
    async def test_of_more_than_a_message_is_refused_by_how_much(self, offices: Offices, length: int) -> None:
        """A text that a client cuts into several messages is told with all its length, and no rest of it is kept."""
        await begun(offices)
        for begins in range(0, length, 4096):
            offices.rini.write("a" * min(4096, length - begins))
        await offices.settled()

        found = re.search(
            r"Teksnya ([\d.]+) huruf, padahal paling banyak ([\d.]+) .* Pendekkan ([\d.]+)", offices.rini.texts()[-1]
        )
        assert found
        told, most, more = (int(number.replace(".", "")) for number in found.groups())
        assert (told, told - most) == (length, more)
        assert await every(offices) == []
        a_minute_later(offices)
        assert TAKEN in await does(offices, offices.rini, ">Ada pameran")

    async def test_that_just_fits_is_taken(self, offices: Offices) -> None:
        """With the frame of the longest language it makes 4,096."""
        await begun(offices, f">{'a' * 4096}")
        most = int(re.search(r"paling banyak ([\d.]+)", offices.rini.texts()[-1])[1].replace(".", ""))
        a_minute_later(offices)
        await does(offices, offices.rini, f">{'a' * most}", "👁 Pratinjau")
        shown = [text for text in offices.rini.texts() if text.startswith("📢 Diskopum")]

        assert len((await said(offices)).html) == most
        assert len(shown) == 1

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("Halo {alamat}", "Isian {alamat} tidak dikenal"),
            ("Halo {na<b>ma</b>}", "jangan diberi format"),
            ("Halo {nama, datang ya", "tidak lengkap di “Halo {nama, datang ya”"),
            ("Halo {{nama}}", "tidak lengkap"),
            ("Halo nama}", "tidak lengkap"),
            ("Halo {nama\n}", "tidak lengkap"),
        ],
    )
    async def test_with_a_blank_that_cannot_be_is_refused(self, offices: Offices, typed: str, told: str) -> None:
        """The sentence says which; the step waits for another try."""
        await begun(offices)
        offices.rini.write(typed, html=True)
        await offices.settled()

        assert told in offices.rini.texts()[-1]
        assert BACK in offices.rini.labels()
        assert TAKEN in await does(offices, offices.rini, ">Halo {nama}")

    async def test_of_emoji_only_and_html_signs_is_taken(self, offices: Offices) -> None:
        """What is odd is shown as it is, and breaks no list."""
        await begun(offices, ">🌸🌸", ">/siaran", MAKE, "><b>&amp;")

        assert [one.content["html"] for one in await every(offices)] == ["🌸🌸", "&lt;b&gt;&amp;amp;"]
        assert "<b>&amp;" in await does(offices, offices.rini, ">/siaran")


@ON_SQLITE
class TestFiles:
    async def test_of_a_photo_the_light_size_is_taken(self, offices: Offices) -> None:
        """The largest of at most 150 KB; where all are heavier, the smallest."""
        await begun(offices)

        assert await picture(offices, 2_000, 30_000, 150_000, 900_000) == "3-x"
        assert await picture(offices, 160_000, 900_000) == "1-x"
        assert "Foto: “Foto”" in offices.rini.texts()[-1]

    @pytest.mark.parametrize("kind", ["photo", "document", "video"])
    async def test_go_by_their_id(self, offices: Offices, kind: str) -> None:
        """Each kind is taken over with its words, and previewed as itself."""
        await begun(offices)
        await sends(offices, kind, "Lihat {nama}")
        content = await said(offices)
        await does(offices, offices.rini, "👁 Pratinjau")
        shown = next(one for one in reversed(offices.rini.messages()) if kind in one)

        assert (content.kind, content.html) == (kind, "Lihat {nama}")
        assert "Lihat Rini" in shown["caption"]
        assert "CONTOH" in shown["caption"]
        copied = [call.method for call in offices.telegram.calls if call.method in {"copyMessage", "forwardMessage"}]
        assert copied == []

    async def test_that_are_heavy_are_refused(self, offices: Offices) -> None:
        """A cheap phone would not load it."""
        await begun(offices)
        told = await sends(offices, "document", file_size=25_000_000)

        assert "25 MB" in told
        assert await every(offices) == []

    @pytest.mark.parametrize("kind", ["voice", "sticker", "animation", "contact", "poll"])
    async def test_of_other_kinds_are_refused(self, offices: Offices, kind: str) -> None:
        """Each is told what can be sent."""
        await begun(offices)

        assert await sends(offices, kind) == text_of("broadcast.kinds", "id")
        assert await every(offices) == []

    async def test_without_words_get_those_that_follow(self, offices: Offices) -> None:
        """A poster and its text come as two messages; who meant the text alone says so by a tap."""
        await begun(offices)
        await sends(offices, "photo")
        shown = await does(offices, offices.rini, ">Datang ya")
        joined = await said(offices)
        await does(offices, offices.rini, "✏️ Ganti isi saja")

        assert "Foto dan teks ini jadi satu" in shown
        assert (joined.kind, joined.html) == ("photo", "Datang ya")
        assert ((await said(offices)).kind, (await said(offices)).html) == ("text", "Datang ya")

    async def test_that_were_forwarded_are_taken_likewise(self, offices: Offices) -> None:
        """Whose they were is not told on."""
        await begun(offices)
        offices.rini.forward("Pengumuman dari dinas", "Orang Lain")
        await offices.settled()

        assert (await said(offices)).html == "Pengumuman dari dinas"


class TestAlbum:
    async def test_is_collected_into_one(self, offices: Offices) -> None:
        """Items come one by one, in order; the sheet stands there once and says how many there are."""
        await begun(offices)
        offices.rini.sends_album(("photo", "video", "photo"), "Ada <b>pameran</b>", html=True)
        await offices.settled()
        content = await said(offices)
        sheets = [text for text in offices.rini.texts() if "Siaran Diskopum (konsep)" in text]

        assert [file.kind for file in content.files] == ["photo", "video", "photo"]
        assert (content.html, [file.html for file in content.files]) == ("Ada <b>pameran</b>", ["", "", ""])
        assert len(await every(offices)) == len(sheets) == 1
        assert "Album berisi 3: “Ada pameran”" in sheets[0]

    async def test_is_up_to_date_however_slow_telegram_is(self, offices: Offices) -> None:
        """Items that come while the sheet is still on its way are on it once it is there; it stands there once."""
        await begun(offices)
        offices.telegram.latency = 1.0
        offices.rini.sends_album(["photo"] * 4)
        await offices.settled()
        offices.telegram.latency = 0.0
        sheets = [text for text in offices.rini.texts() if "Siaran Diskopum (konsep)" in text]

        assert len(sheets) == 1
        assert "Album berisi 4" in sheets[0]

    async def test_keeps_several_captions(self, offices: Offices) -> None:
        """Where several items say something, each keeps its own, blanks filled in."""
        await begun(offices)
        for caption in ("Satu {nama}", "Dua"):
            offices.rini.sends_file(PNG, f"{caption}.png", "image/png", caption, album="77")
        await offices.settled()
        content = await said(offices)
        await does(offices, offices.rini, "👁 Pratinjau")
        captions = [
            one["caption"] for one in offices.rini.messages() if "media_group_id" in one and one["from"]["id"] != 201
        ]

        assert (content.html, [file.html for file in content.files]) == ("", ["Satu {nama}", "Dua"])
        assert captions == ["Satu Rini", "Dua"]

    async def test_is_replaced_by_another(self, offices: Offices) -> None:
        """A second album begins anew."""
        await begun(offices)
        offices.rini.sends_album(("photo", "photo", "photo"))
        await offices.settled()
        offices.rini.sends_album(("photo", "photo"), "Baru")
        await offices.settled()

        assert len((await said(offices)).files) == 2
        assert "Album berisi 2: “Baru”" in offices.rini.texts()[-1]
        await does(offices, offices.rini, "↩️ Isi sebelumnya")
        assert len((await said(offices)).files) == 3

    async def test_is_previewed_as_one(self, offices: Offices) -> None:
        """An album in one call, its words and buttons after it."""
        await begun(offices)
        offices.rini.sends_album(("photo", "photo"), "Ada pameran")
        await offices.settled()
        await does(offices, offices.rini, "👁 Pratinjau")
        groups = [call for call in offices.telegram.calls if call.method == "sendMediaGroup"]

        assert len(groups) == 1
        assert any(text.startswith("📢 Diskopum\n\nAda pameran") for text in offices.rini.texts())


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@ON_SQLITE
class TestPlace:
    async def test_and_text_belong_together(self, offices: Offices) -> None:
        """A place carries no words, so a text sent beside it is its text, whichever came first."""
        await begun(offices, ">Ketemu di sini")
        offices.rini.shares_location(-7.12, 112.41)
        await offices.settled()
        content = await said(offices)
        await does(offices, offices.rini, ">Ketemu di alun-alun", "👁 Pratinjau")

        assert (content.kind, content.html, content.place) == ("location", "Ketemu di sini", (-7.12, 112.41))
        assert (await said(offices)).html == "Ketemu di alun-alun"
        assert any("location" in one for one in offices.rini.messages() if one["from"]["id"] != 201)


@ON_SQLITE
class TestButtons:
    async def test_are_added_and_taken_away(self, offices: Offices) -> None:
        """A label and a link in one message; a training's registration by a tap; each away by a tap."""
        training_id = await put_training(offices, "Kemasan Keripik Singkong Rasa Baru")
        await begun(offices, ">Ada pameran", "🔘 Tombol", "➕ Tautan")
        refused = {
            "Brosur": "Belum terbaca sebagai tombol",
            "Brosur - http://contoh.id": "Tautan http://contoh.id tidak bisa dipakai",
            "Brosur - https://contoh.id/a b": "tidak bisa dipakai",
            f"{'B' * 40} - https://contoh.id": "40 huruf",
            "B" * 4000: "Belum terbaca",
        }
        for typed, told in refused.items():
            assert told in await does(offices, offices.rini, f">{typed}")
        shown = await does(
            offices,
            offices.rini,
            ">Brosur - https://contoh.id/a",
            "🔘 Tombol",
            "➕ Daftar pelatihan",
            "Kemasan Keripik Singkong Ra…",
        )
        links = (await said(offices)).buttons
        await does(offices, offices.rini, "🔘 Tombol", "✖️ Brosur")

        assert "• Brosur" in shown
        assert [(link.label, link.url, link.training_id) for link in links] == [
            ("Brosur", "https://contoh.id/a", None),
            ("✍️ Daftar: Kemasan Keripik…", "", training_id),
        ]
        assert len((await said(offices)).buttons) == 1

    async def test_go_by_what_they_are_called(self, offices: Offices) -> None:
        """An old list, or a second tap, takes no other button away than the one it named."""
        link = "➕ Tautan"
        await begun(
            offices, ">Ada pameran", "🔘 Tombol", link, ">A - https://a.id", "🔘 Tombol", link, ">B - https://b.id"
        )
        await does(offices, offices.rini, "🔘 Tombol")
        data = next(
            b["callback_data"] for row in offices.rini.messages()[-1]["reply_markup"]["inline_keyboard"] for b in row
        )
        await taps(offices, data)
        await does(offices, offices.rini, BACK)
        shown = await taps(offices, data)

        assert [link.label for link in (await said(offices)).buttons] == ["B"]
        assert "• B" in shown
        assert "sudah tidak ada" in alert(offices.rini)

    async def test_stay_when_the_content_changes(self, offices: Offices) -> None:
        """They belong to the broadcast, not to its words."""
        await begun(
            offices, ">Ada pameran", "🔘 Tombol", "➕ Tautan", ">Brosur - https://contoh.id", "✏️ Ganti isi", ">Lain"
        )

        assert [link.label for link in (await said(offices)).buttons] == ["Brosur"]

    async def test_never_lead_to_the_other_offices_training(self, offices: Offices) -> None:
        """Nor to a draft, whoever forges the tap."""
        other = await put_training(offices, "Ekspor", office="disperindag")
        draft = await put_training(offices, "Draf", is_draft=True)
        await begun(offices, ">Ada pameran")
        broadcast = await newest(offices)
        for training_id in (other, draft, 999):
            await taps(offices, f"broadcast_training:{broadcast.id}.{training_id}")
            assert alert(offices.rini) == text_of("tap.stale", "id")

        assert (await said(offices)).buttons == ()


@ON_SQLITE
class TestBlanks:
    async def test_are_asked_for_only_where_used(self, offices: Offices) -> None:
        """A blank has a fallback of ours; the officer may write another, and take it back."""
        await begun(offices, ">Halo")
        assert not any("yang kosong" in label for label in offices.rini.labels())
        asked = await does(offices, offices.rini, ">Halo {nama}", "🔤 {nama} yang kosong")
        assert "Bapak/Ibu" in asked
        assert "Tulis satu sampai 40 huruf" in await does(offices, offices.rini, f">{'a' * 41}")
        assert "ditulis “Sahabat <UMKM>”" in await does(offices, offices.rini, ">Sahabat <UMKM>")
        await does(offices, offices.rini, "🔤 {nama} yang kosong", "Pakai bawaan")

        assert (await said(offices)).fallbacks == {}


class TestOptions:
    async def test_are_as_their_button_said(self, offices: Offices) -> None:
        """Two sheets open, or a double tap, do not undo each other."""
        await begun(offices, ">Ada pameran")
        id = (await newest(offices)).id
        for data in ("option:{}.silent.1", "tick:{}.languages.0.1", "option:{}.silent.1", "tick:{}.languages.0.1"):
            await taps(offices, f"broadcast_{data.format(id)}")

        broadcast = await newest(offices)
        assert broadcast.is_silent
        assert broadcast.audience["languages"] == ["id"]

    async def test_hold_in_a_test_to_oneself(self, offices: Offices) -> None:
        """Silent and pinned as it will be, with a code that is none."""
        await begun(offices, ">Ada pameran", "🔔 Bunyi: ya", "📌 Semat: tidak", "👁 Pratinjau", "📲 Kirim ke saya")
        sent = [call for call in offices.telegram.calls if call.parameters.get("disable_notification")]
        shown = next(text for text in reversed(offices.rini.texts()) if text.startswith("📢 Diskopum"))

        assert [call.method for call in sent] == ["sendMessage", "pinChatMessage"]
        assert "CONTOH" in shown
        assert (await newest(offices)).code is None

    async def test_frames_are_each_languages(self, offices: Offices) -> None:
        """The preview in another language shows its frame."""
        await begun(offices, ">Ada pameran", "👁 Pratinjau", "English", "Basa Jawa")
        shown = [text for text in offices.rini.texts() if text.startswith("📢 Diskopum")]

        assert len({text.rpartition("\n\n")[2] for text in shown}) == 3
