"""/profil: what is there, filled in by buttons, typing and one's own contact, and never lost on the way."""

import pytest
from sqlmodel import select

from db.models import Draft, Person, Profile, Question
from db.session import open_database
from domain import profile
from messages import LANGUAGES, text_of
from messages.limits import BUTTON_LABEL
from tests.support.filling import ALL, NUMBER, Filling, at_once, filling
from tests.support.offices import ON_SQLITE
from tests.support.running import RunningBot
from tests.support.serving import Clock

__all__ = ["at_once"]
pytestmark = pytest.mark.usefixtures("at_once")

NIK = "3524101900000012"
"""Nobody's."""


@pytest.fixture
async def sari(bot: RunningBot) -> Filling:
    """She agreed, and sees her empty profile."""
    agreed = filling(bot)
    await agreed.agrees()
    return agreed


async def fill_in(who: Filling) -> None:
    """Everything, by every way there is."""
    await who.taps("button.fill_all")
    await who.writes(ALL["name"])
    await who.writes(ALL["business"])
    await who.taps("Tenun ikat dan batik")
    await who.taps("Babat")
    await who.writes("sarung, selendang")
    await who.does(lambda: who.person.shares_contact(NUMBER))


class TestOverview:
    async def test_shows_each_detail_with_its_button(self, sari: Filling) -> None:
        """What is not there is said not to be, and each has a button of its own."""
        shown = sari.person.texts()[-1]

        assert shown.count("belum diisi") == len(profile.FIELDS)
        assert sari.buttons == [
            *("Nama", "Nama usaha", "Bidang usaha", "Kecamatan", "Produk", "Nomor HP"),
            *("NIB", "Halal", "PIRT", "Kapasitas sebulan"),
            "✍️ Isi semua",
        ]

    async def test_asks_only_for_the_rest(self, sari: Filling) -> None:
        """With something there the button asks for the rest, and when all is there it is gone."""
        await sari.taps("profile.name")
        await sari.writes("Sri Wahyuni")
        assert sari.buttons[-1] == "✍️ Isi yang belum"

        (asked,) = await sari.taps("button.fill_rest")
        assert "Apa nama usaha Anda?" in asked
        assert "Langkah 1 dari 5" in asked

    async def test_in_a_group_leads_to_private(self, bot: RunningBot) -> None:
        """What is personal is neither asked nor shown where others read along; the link goes on in private."""
        budi = bot.person(102, "Budi")
        group = bot.telegram.group(-500, "Warga", members=[budi], bot="member")
        budi.write("/profil", chat=group.id)
        await bot.settled()

        assert group.texts() == [text_of("group.private", "id")]
        assert group.messages()[-1]["reply_markup"]["inline_keyboard"][0][0]["url"].endswith("?start=profil")
        assert "Untuk apa" in await bot.says(budi, "/start profil")


class TestFillIn:
    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_everything(self, bot: RunningBot, language: str) -> None:
        """Typed, tapped and shared, in each language: six answers, kept as they are meant to be."""
        sari = filling(bot, language=language)
        await sari.agrees()

        await fill_in(sari)

        assert await sari.profile() == ALL
        assert "0812-3450-0999" in sari.person.texts()[-1]
        assert text_of("profile.saved", language).partition("\n")[0][5:10] in sari.person.texts()[-1]
        assert all(len(label) <= BUTTON_LABEL for label in sari.person.labels())
        assert sari.person.chat.keyboard is None

    async def test_edits_one_message_for_choices(self, sari: Filling) -> None:
        """A tap changes the message that was tapped; nothing new is sent."""
        await sari.taps("profile.sector")
        count = len(sari.person.messages())
        assert [label for label in sari.buttons if label == "Jasa"]

        (saved,) = await sari.taps("Jasa")

        assert "Tersimpan" in saved
        assert len(sari.person.messages()) == count

    async def test_shows_all_kecamatan_in_three_columns(self, sari: Filling) -> None:
        """Each of the district's is a button, in the order of the alphabet."""
        await sari.taps("profile.kecamatan")

        rows = sari.person.messages()[-1]["reply_markup"]["inline_keyboard"]
        names = [button["text"] for row in rows[:-1] for button in row]
        assert names == sorted(sari.bot.app.house.district.kecamatan)
        assert {len(row) for row in rows[:-1]} == {3}

    async def test_takes_a_choice_that_is_typed(self, sari: Filling) -> None:
        """Who types the kecamatan means its button; what is none is asked again, with the buttons."""
        await sari.taps("profile.kecamatan")

        (said,) = await sari.writes("Surabaya")
        assert "tidak ada di daftar" in said
        assert "Babat" in sari.buttons
        await sari.writes("kec. babat")

        assert await sari.profile() == {"kecamatan": "Babat"}

    async def test_a_single_detail_may_be_changed_and_emptied(self, sari: Filling) -> None:
        """What is there is shown where it is asked, and can be taken out again."""
        await sari.taps("profile.name")
        await sari.writes("Sri")
        (asked,) = await sari.taps("profile.name")
        assert "Sekarang tertulis: Sri" in asked
        await sari.writes("Sri Wahyuni")
        assert await sari.profile() == {"name": "Sri Wahyuni"}

        await sari.taps("profile.name")
        (saved,) = await sari.taps("button.empty")

        assert "Nama: belum diisi" in saved
        assert await sari.profile() == {}

    async def test_html_stays_as_it_was_typed(self, sari: Filling) -> None:
        """Markup in a name is kept, and shown as the characters it is."""
        await sari.taps("profile.name")
        await sari.writes("<b>Sri</b> & <i>Co")

        assert await sari.profile() == {"name": "<b>Sri</b> & <i>Co"}
        assert "Nama: <b>Sri</b> & <i>Co" in sari.person.texts()[-1]

    async def test_greets_by_the_name_of_telegram_all_the_same(self, sari: Filling) -> None:
        """The name they tell is for officers and lists."""
        await sari.taps("profile.name")
        await sari.writes("Sri Wahyuni")

        assert "Halo, Sari!" in (await sari.writes("/start"))[-1]


class TestPhone:
    async def test_offers_to_share_it(self, sari: Filling) -> None:
        """A key sends their own number; it goes away once it was used, and the profile follows."""
        await sari.taps("profile.phone")
        assert sari.keys == ["📱 Bagikan nomor saya", "✖️ Batal"]

        said = await sari.presses("button.share_contact")

        assert len(said) == 2
        assert said[0].startswith("✅ Nomor HP tercatat")
        assert (await sari.profile())["phone"] == f"+62{sari.person.id:010d}"
        assert sari.person.chat.keyboard is None

    async def test_may_be_typed(self, sari: Filling) -> None:
        """However it is typed, it is kept as one number."""
        await sari.taps("profile.phone")
        await sari.writes("62812 3450 0999")

        assert await sari.profile() == {"phone": NUMBER}

    async def test_from_abroad_is_taken_and_said(self, sari: Filling) -> None:
        """Who works abroad is reached there."""
        await sari.taps("profile.phone")
        said = await sari.writes("+60 12-345 6789")

        assert "nomor luar negeri" in said[0]
        assert await sari.profile() == {"phone": "+60123456789"}

    async def test_of_somebody_else_is_refused(self, sari: Filling) -> None:
        """Another's contact, one without an account, a forwarded one: a sentence, and the keys stay."""
        await sari.taps("profile.phone")
        other = {"phone_number": "+6281299999999", "first_name": "Wati"}
        for details in ({"user_id": 999}, {}):
            (said,) = await sari.does(lambda details=details: sari.person.sends("contact", **other, **details))
            assert "kontak orang lain" in said

        own = sari.person.sends("contact", phone_number=NUMBER, first_name="Sari", user_id=sari.person.id)
        await sari.bot.settled()
        assert (await sari.profile()) == {"phone": NUMBER}
        await sari.taps("profile.phone")
        (said,) = await sari.does(lambda: sari.person.forward_message(own["message_id"]))
        assert "terusan" in said
        assert "📱 Bagikan nomor saya" in sari.keys

    async def test_forwarded_words_are_refused(self, sari: Filling) -> None:
        """A number somebody else wrote is not theirs, corrected or not; what they type themselves is taken."""
        await sari.taps("profile.phone")
        others = sari.person.forward("081234567890")
        await sari.bot.settled()
        assert "terusan" in sari.person.texts()[-1]

        (said,) = await sari.does(lambda: sari.person.edit(others["message_id"], "081234567891"))
        assert "terusan" in said
        assert await sari.profile() == {}
        await sari.writes("0812 3450 0999")
        assert await sari.profile() == {"phone": NUMBER}

    async def test_where_a_name_is_asked_a_contact_is_none(self, sari: Filling) -> None:
        """Their own number is taken only where it is asked for."""
        await sari.taps("profile.name")

        (said,) = await sari.does(lambda: sari.person.shares_contact(NUMBER))

        assert "jawaban tertulis" in said
        assert await sari.profile() == {}

    async def test_keys_that_were_left_standing(self, sari: Filling) -> None:
        """A key pressed after its form is over is no question: it is said, and the keys go."""
        await sari.taps("profile.phone")
        keyboard = sari.person.chat.keyboard
        await sari.writes("/batal")
        sari.person.chat.show_keyboard(keyboard)

        (said,) = await sari.presses("button.cancel")

        assert "sudah ditutup" in said
        assert sari.person.chat.keyboard is None
        assert await sari.bot.rows(select(Question)) == []

    async def test_keys_work_though_something_came_between(self, sari: Filling) -> None:
        """A key belongs to its form, also while /tanya waits for a question."""
        await sari.taps("profile.phone")
        await sari.writes("/tanya")

        assert "Profil Anda" in (await sari.presses("button.cancel"))[-1]


REFUSED = (
    ("name", f"Sri {NIK}", "NIK"),
    ("business", NIK, "NIK"),
    ("products", f"abon, {NIK}", "NIK"),
    ("phone", NIK, "NIK"),
    ("kecamatan", NIK, "NIK"),
    ("name", "😀😀", "Tulis dengan huruf"),
    ("name", "08123456789", "Tulis dengan huruf"),
    ("name", "a" * 4096, "4.096 huruf"),
    ("business", "syarat KUR apa saja?", "/tanya"),
    ("products", "a,b,c,d,e,f,g,h,i,j,k", "11 macam"),
    ("phone", "0812", "kurang panjang"),
    ("phone", "0322-321234", "rumah atau kantor"),
)
"""In which field, what is typed, and a part of what is said to it."""

FITTING = {"kecamatan": "Babat", "phone": NUMBER}


class TestRefusals:
    @ON_SQLITE
    @pytest.mark.parametrize("field", sorted({field for field, _, _ in REFUSED}))
    async def test_say_what_helps(self, sari: Filling, field: str) -> None:
        """What does not fit is refused with its sentence and the ways out, and not kept; the next try is."""
        await sari.taps(f"profile.{field}")
        for typed, said in [(typed, said) for name, typed, said in REFUSED if name == field]:
            (refused,) = await sari.writes(typed)

            assert said in refused
            assert "✖️ Batal" in [*sari.buttons, *sari.keys]
            (draft,) = await sari.bot.rows(select(Draft))
            assert (draft.at, draft.answers) == (field, {})
        await sari.writes(FITTING.get(field, "Sri"))
        assert list(await sari.profile()) == [field]

    async def test_of_what_is_no_text(self, sari: Filling) -> None:
        """A photo, a sticker, a voice note: words are asked for, and the question waits."""
        await sari.taps("profile.business")

        for kind in ("photo", "sticker", "voice", "document", "location", "poll"):
            (said,) = await sari.does(lambda kind=kind: sari.person.sends(kind))
            assert "jawaban tertulis" in said

        await sari.writes("Tenun Sri")
        assert await sari.profile() == {"business": "Tenun Sri"}

    async def test_a_caption_is_no_answer(self, sari: Filling) -> None:
        """Words under a photo may be of the card on it."""
        await sari.taps("profile.business")

        (said,) = await sari.does(lambda: sari.person.sends("photo", caption="KTP saya"))

        assert "Foto KTP jangan dikirim" in said
        assert await sari.profile() == {}

    async def test_control_characters_go(self, sari: Filling) -> None:
        """What shows nowhere and breaks lists is not kept."""
        await sari.taps("profile.name")
        await sari.writes("Sri\u202e\u0007\nWahyuni")

        assert await sari.profile() == {"name": "Sri Wahyuni"}


class TestMissing:
    async def test_is_what_a_deed_must_still_ask(self, database_url: str) -> None:
        """Of the fields a deed needs, those that are not there, in its order."""
        async with open_database(database_url) as database, database.transaction() as session:
            now = Clock()()
            person = Person(telegram_id=5, name="Sari", met_at=now, last_wrote_at=now)
            session.add(person)
            await session.flush()
            before = await profile.missing(session, person, ("phone", "name"))
            session.add(Profile(person_id=person.id, name="Sri", products=[], changed_at=now))
            await session.flush()

            assert before == ["phone", "name"]
            assert await profile.missing(session, person, ("phone", "name", "products")) == ["phone", "products"]
