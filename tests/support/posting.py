"""Posts that an officer makes opportunities of, as tests of the sheet begin."""

from sqlmodel import col, select

from db.models import Opportunity
from tests.support.offices import Offices
from tests.support.training_office import does

OF_POST, NEW, CHECK = "📣 Jadikan peluang", "➕ Peluang baru", "👁 Periksa dan terbitkan"
NOW, LATER = "📣 Terbitkan sekarang", "🕗 Terbitkan nanti"

BUYER = (
    "Assalamualaikum, INFO PELUANG\n\nDicari: kain tenun ikat untuk pasar Jepang, kapasitas 500 pcs/bulan\n"
    "Syarat: NIB\nPaling lambat Jumat, 4/12 pukul 16.00 WIB\n📍 Tempat: Balai Contoh\nSumber: Toko Contoh Tokyo\n"
    "https://contoh.id/tenun"
)


async def newest(offices: Offices) -> Opportunity:
    """The one made last."""
    return (await offices.bot.rows(select(Opportunity).order_by(col(Opportunity.id).desc()).limit(1)))[0]


async def number(offices: Offices) -> int:
    """How many there are."""
    return len(await offices.bot.rows(select(Opportunity.id)))


async def begins(offices: Offices) -> None:
    """Tono of Diskopum is the one to act, unless a test says otherwise."""
    await does(offices, offices.rini, ">/start")


async def made(offices: Offices, post: str = BUYER) -> Opportunity:
    """Rini forwards a post and makes it an opportunity."""
    offices.rini.forward(post)
    await offices.settled()
    await does(offices, offices.rini, OF_POST)
    return await newest(offices)
