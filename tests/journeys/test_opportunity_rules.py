"""Pengaturan: how many messages about opportunities a week, and when their digests go out."""

from tests.support.offices import ON_SQLITE, Offices
from tests.support.opportunities import forge, mails_of, owner, publish, taps


async def opened(offices: Offices) -> str:
    await offices.bot.says(offices.wati, "/antrean")
    return await taps(offices, offices.wati, "⚙️ Pengaturan", "📣 Aturan peluang")


class TestRules:
    async def test_show_what_holds(self, offices: Offices) -> None:
        """Three a week, Monday, eight o'clock, until an admin sets something else."""
        shown = await opened(offices)

        assert all(said in shown for said in ("Paling banyak 3 pesan", "pukul 08.00", "hari Senin"))

    async def test_are_typed_and_tapped(self, offices: Offices) -> None:
        """Each is set as people write it, and holds at once: in what people read, and in what is sent."""
        await opened(offices)
        await taps(offices, offices.wati, "📬 Batas seminggu")
        assert "1" in await offices.bot.says(offices.wati, "1 pesan")
        await taps(offices, offices.wati, "🕗 Jam rangkuman")
        assert "baru sampai pukul 06.00" in await offices.bot.says(offices.wati, "23.30")
        await taps(offices, offices.wati, "🕗 Jam rangkuman")
        assert "jam tenang" not in await offices.bot.says(offices.wati, "7")
        await taps(offices, offices.wati, "🕗 Jam rangkuman")
        assert "07.30" in await offices.bot.says(offices.wati, "jam 7.30")
        assert "Jumat" in await taps(offices, offices.wati, "📅 Hari rangkuman", "Jumat")

        id = await owner(offices, offices.sari, sector="makanan")
        await offices.bot.says(offices.sari, "/langganan")
        assert "Paling banyak 1 pesan seminggu" in await taps(offices, offices.sari, "📣 Atur kabar peluang")
        assert "Jumat pukul 07.30" in await taps(offices, offices.sari, "⏰ Seberapa sering")
        for number in range(2):
            await publish(offices, title=f"Pembeli {number}")
        assert len(await mails_of(offices.bot, id)) == 1

    @ON_SQLITE
    async def test_refuse_what_cannot_be(self, offices: Offices) -> None:
        """What is no number or hour, or too much, says what would be; the step waits."""
        await opened(offices)
        for label, wrong, said in (
            ("📬 Batas seminggu", ("0", "22", "banyak", "-1", "99999"), "angka dari 1 sampai 21"),
            ("🕗 Jam rangkuman", ("25", "pagi", "8.75", "08.00-09.00"), "Tulis jam seperti"),
        ):
            await taps(offices, offices.wati, label)
            for typed in wrong:
                assert said in await offices.bot.says(offices.wati, typed)
            assert "Aturan kabar peluang" in await taps(offices, offices.wati, "⬅️ Kembali")

    @ON_SQLITE
    async def test_are_for_admins(self, offices: Offices) -> None:
        """For officers they do not exist."""
        await offices.bot.says(offices.budi, "/antrean")

        for data in ("opp_rules:0", "opp_rule:weekly_cap", "opp_rule_day:show", "opp_rule_day:2"):
            assert "sudah tidak berlaku" in await forge(offices, offices.budi, data)
