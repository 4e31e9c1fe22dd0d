"""Photos, documents and places that the bot sends."""

import json
import struct

import aiohttp
import pytest

from simulator import Person
from simulator.schema import check_object
from tests.simulator.conftest import Bot

pytestmark = pytest.mark.usefixtures("sari")


def png(width: int, height: int) -> bytes:
    """The start of a picture, which is all that is looked at."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + bytes(5)


JPEG = b"\xff\xd8" + b"\xff\xe0\x00\x04ab" + b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 480, 640) + bytes(6)


async def send_form(bot: Bot, method: str, *files: tuple[str, bytes, str], **fields: str) -> dict:
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    for name, content, filename in files:
        form.add_field(name, content, filename=filename, content_type="application/octet-stream")
    async with bot.session.post(bot.url(method), data=form) as response:
        return await response.json()


class TestSendPhoto:
    @pytest.mark.parametrize(("content", "size"), [(png(640, 480), (640, 480)), (JPEG, (640, 480))])
    async def test_takes_an_upload(self, bot: Bot, content: bytes, size: tuple[int, int]) -> None:
        """A multipart photo gets a file_id and its true size, and can be fetched again."""
        answer = await send_form(bot, "sendPhoto", ("photo", content, "a.png"), chat_id="101", caption="Jadwal")
        photo = answer["result"]["photo"][-1]
        file = await bot.get("getFile", file_id=photo["file_id"])
        async with bot.session.get(f"{bot.address}/file/bot1:test/{file['file_path']}") as response:
            fetched = await response.read()

        assert (photo["width"], photo["height"]) == size
        assert fetched == content
        check_object("Message", answer["result"])

    async def test_takes_an_attached_upload(self, bot: Bot) -> None:
        """attach:// names another part of the form."""
        answer = await send_form(bot, "sendPhoto", ("x1", JPEG, "a.jpg"), chat_id="101", photo="attach://x1")

        assert answer["ok"], answer

    async def test_takes_what_was_sent_before(self, bot: Bot) -> None:
        """A file_id sends the same file again; one that never was is refused."""
        first = await send_form(bot, "sendPhoto", ("photo", JPEG, "a.jpg"), chat_id="101")
        file_id = first["result"]["photo"][-1]["file_id"]

        again = await bot.get("sendPhoto", chat_id=101, photo=file_id)

        assert again["photo"] == first["result"]["photo"]
        assert (
            await bot.refusal("sendPhoto", chat_id=101, photo="AgAC")
            == "Bad Request: wrong file identifier/HTTP URL specified"
        )

    @pytest.mark.parametrize(
        ("content", "refusal"),
        [
            (b"", "file must be non-empty"),
            (b"halo", "IMAGE_PROCESS_FAILED"),
            (png(9000, 2000), "PHOTO_INVALID_DIMENSIONS"),
            (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        ],
    )
    async def test_refuses_what_is_no_photo(self, bot: Bot, content: bytes, refusal: str) -> None:
        """Empty, unreadable and oddly shaped pictures are refused."""
        answer = await send_form(bot, "sendPhoto", ("photo", content, "a.png"), chat_id="101")

        assert answer["description"] == f"Bad Request: {refusal}"

    async def test_refuses_a_long_caption(self, bot: Bot) -> None:
        """1,024 units pass as a caption, more do not."""
        photo = "https://a.id/a.png"

        assert await bot.get("sendPhoto", chat_id=101, photo=photo, caption="a" * 1024)
        assert (
            await bot.refusal("sendPhoto", chat_id=101, photo=photo, caption="a" * 1025)
            == "Bad Request: message caption is too long"
        )

    async def test_needs_a_photo(self, bot: Bot) -> None:
        """Without one, Telegram says so."""
        assert await bot.refusal("sendPhoto", chat_id=101) == "Bad Request: there is no photo in the request"


class TestSendDocument:
    async def test_keeps_name_and_size(self, bot: Bot) -> None:
        """A document is shown by the name it was sent with."""
        answer = await send_form(
            bot,
            "sendDocument",
            ("document", b"a,b\n", "peserta.csv"),
            chat_id="101",
            caption="<b>Daftar</b>",
            parse_mode="HTML",
        )
        document = answer["result"]["document"]

        assert (document["file_name"], document["file_size"]) == ("peserta.csv", 4)
        assert answer["result"]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 6}]
        check_object("Message", answer["result"])

    async def test_has_its_name_as_it_was_meant(self, bot: Bot) -> None:
        """Libraries write spaces and the like as %20 into a form, and Telegram reads them so."""
        answer = await send_form(bot, "sendDocument", ("document", b"%PDF", "Panduan halal é.pdf"), chat_id="101")

        assert answer["result"]["document"]["file_name"] == "Panduan halal é.pdf"

    async def test_is_no_photo(self, bot: Bot, sari: Person) -> None:
        """A photo's file_id sends no document."""
        photo = sari.sends("photo")["photo"][-1]["file_id"]

        assert "can't use file of type" in await bot.refusal("sendDocument", chat_id=101, document=photo)


class TestSendVenue:
    async def test_shows_a_place(self, bot: Bot) -> None:
        """A venue carries its location; one off the globe is refused."""
        place = {"chat_id": 101, "latitude": -7.1, "longitude": 112.4, "title": "Dinas", "address": "Lamongan"}

        check_object("Message", await bot.get("sendVenue", **place))
        check_object("Message", await bot.get("sendLocation", chat_id=101, latitude=-7.1, longitude=112.4))
        assert await bot.refusal("sendVenue", **{**place, "latitude": 95}) == "Bad Request: location is invalid"


class TestSendMediaGroup:
    async def test_sends_several_messages(self, bot: Bot, sari: Person) -> None:
        """An album is a message for each item, with one media_group_id; uploads, file_ids and addresses mix."""
        file_id = sari.sends("photo")["photo"][-1]["file_id"]
        media = [
            {"type": "photo", "media": "attach://satu", "caption": "<b>Stan</b> kita", "parse_mode": "HTML"},
            {"type": "photo", "media": file_id},
            {"type": "video", "media": "https://a.id/v.mp4"},
        ]
        answer = await send_form(bot, "sendMediaGroup", ("satu", JPEG, "a.jpg"), chat_id="101", media=json.dumps(media))
        album = answer["result"]

        assert len({message["message_id"] for message in album}) == 3
        assert len({message["media_group_id"] for message in album}) == 1
        assert album[0]["caption"] == "Stan kita"
        assert album[0]["photo"][-1]["width"] == 640
        assert album == sari.messages()[1:]
        check_object("Array of Message", album)

    async def test_reads_each_caption_as_its_item_says(self, bot: Bot, sari: Person) -> None:
        """Every item has a caption of its own, read by its own parse_mode or with its own entities."""
        photo = {"type": "photo", "media": "https://a.id/a.png"}
        bold = {"type": "bold", "offset": 0, "length": 3}
        media = [
            {**photo, "caption": "<b>Satu</b>", "parse_mode": "HTML"},
            {**photo, "caption": "<b>Dua</b>"},
            {**photo, "caption": "Tiga", "caption_entities": [bold]},
        ]

        album = await bot.get("sendMediaGroup", chat_id=101, media=media, disable_notification=True)

        assert [message["caption"] for message in album] == ["Satu", "<b>Dua</b>", "Tiga"]
        assert [message.get("caption_entities") for message in album] == [[{**bold, "length": 4}], None, [bold]]
        assert sari.chat.silent == {message["message_id"] for message in album}

    @pytest.mark.parametrize(
        ("media", "refusal"),
        [
            ([{"type": "photo", "media": "https://a.id/a.png"}], "2 to 10 items"),
            ([{"type": "photo", "media": "https://a.id/a.png"}] * 11, "2 to 10 items"),
            ([{"type": "document", "media": "https://a.id/a"}, {"type": "photo", "media": "https://a.id/a"}], "mixed"),
            (
                [{"type": "photo", "media": "https://a.id/a.png"}, {"type": "photo", "media": "x"}],
                "wrong file identifier",
            ),
            ([{"type": "photo", "media": "attach://a"}] * 2, "wrong file identifier"),
            ([{"type": "photo", "media": "https://a.id/a.png", "caption": "a" * 1025}] * 2, "caption is too long"),
        ],
    )
    async def test_sends_all_or_nothing(self, bot: Bot, sari: Person, media: list[dict], refusal: str) -> None:
        """One bad item and none is sent."""
        assert refusal in await bot.refusal("sendMediaGroup", chat_id=101, media=media)
        assert sari.messages() == []


class TestOtherFiles:
    @pytest.mark.parametrize("kind", ["video", "animation", "audio", "voice", "video_note", "sticker"])
    async def test_are_sent_and_sent_again(self, bot: Bot, kind: str) -> None:
        """Each kind takes an upload and its file_id again, and is what it was sent as."""
        method = f"send{kind.title().replace('_', '')}"
        answer = await send_form(bot, method, (kind, b"bytes", "a.bin"), chat_id="101")
        again = await bot.get(method, chat_id=101, **{kind: answer["result"][kind]["file_id"]})

        assert again[kind]["file_id"] == answer["result"][kind]["file_id"]
        check_object("Message", answer["result"])

    async def test_have_details_and_captions(self, bot: Bot) -> None:
        """What is told of a file is told on, and the caption stands with it."""
        video = await bot.get(
            "sendVideo", chat_id=101, video="https://a.id/v.mp4", duration=9, caption="Cara", has_spoiler=True
        )

        assert (video["video"]["duration"], video["caption"], video["has_media_spoiler"]) == (9, "Cara", True)

    async def test_keep_their_details(self, bot: Bot, sari: Person) -> None:
        """What a person sent is the same file when the bot sends it by its file_id, whatever is said of it then."""
        sent = sari.sends("video", duration=12, width=720)
        again = await bot.get("sendVideo", chat_id=101, video=sent["video"]["file_id"], duration=3)

        assert again["video"] == sent["video"]
        assert (again["video"]["duration"], again["video"]["width"]) == (12, 720)

    async def test_are_not_all_files(self, bot: Bot) -> None:
        """A contact and a die are sent without one."""
        contact = await bot.get("sendContact", chat_id=101, phone_number="+62", first_name="Dinas")

        assert contact["contact"] == {"phone_number": "+62", "first_name": "Dinas"}
        assert 1 <= (await bot.get("sendDice", chat_id=101))["dice"]["value"] <= 6


class TestEditMessageMedia:
    async def test_replaces_file_and_caption(self, bot: Bot, sari: Person) -> None:
        """The new file has its own caption; the old one, and the buttons, are gone. A text becomes a picture too."""
        keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "1"}]]}
        photo = await bot.get(
            "sendPhoto", chat_id=101, photo="https://a.id/a.png", caption="satu", reply_markup=keyboard
        )
        text = await bot.get("sendMessage", chat_id=101, text="dua")
        file_id = sari.sends("video")["video"]["file_id"]
        media = {"type": "video", "media": file_id, "caption": "<b>Baru</b>", "parse_mode": "HTML", "has_spoiler": True}

        edited = [
            await bot.get("editMessageMedia", chat_id=101, message_id=message["message_id"], media=media)
            for message in (photo, text)
        ]

        for message in edited:
            assert message["video"]["file_id"] == file_id
            assert (message["caption"], message["has_media_spoiler"]) == ("Baru", True)
            assert not {"photo", "text", "reply_markup"} & set(message)
            check_object("Message", message)
        assert sari.texts() == ["Baru", "Baru"]

    async def test_takes_an_upload(self, bot: Bot) -> None:
        """attach:// names a part of the form here too."""
        sent = await bot.get("sendPhoto", chat_id=101, photo="https://a.id/a.png")
        media = json.dumps({"type": "document", "media": "attach://baru"})
        place = {"chat_id": "101", "message_id": str(sent["message_id"])}

        answer = await send_form(bot, "editMessageMedia", ("baru", b"a,b", "a.csv"), media=media, **place)

        assert answer["result"]["document"]["file_name"] == "a.csv"

    async def test_refuses_what_it_cannot_change(self, bot: Bot, sari: Person) -> None:
        """The same once more, a place, and a file where an album has pictures."""
        file_id = sari.sends("photo")["photo"][-1]["file_id"]
        photo = {"type": "photo", "media": file_id}
        document = {"type": "document", "media": "https://a.id/a.pdf"}
        sent = await bot.get("sendPhoto", chat_id=101, photo=file_id)
        place = await bot.get("sendLocation", chat_id=101, latitude=-7.1, longitude=112.4)
        album = await bot.get("sendMediaGroup", chat_id=101, media=[photo, photo])

        async def refusal(message: dict, media: dict) -> str:
            return await bot.refusal("editMessageMedia", chat_id=101, message_id=message["message_id"], media=media)

        assert "message is not modified" in await refusal(sent, photo)
        assert "no media in the message" in await refusal(place, photo)
        assert "can't change media type" in await refusal(album[0], document)
