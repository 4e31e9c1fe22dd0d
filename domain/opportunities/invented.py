"""Invented opportunities, one for each of the district's countries and some at home; marked as such."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from db.models import Opportunity, OpportunityKind
from db.session import Session
from domain import audit
from domain.district import District
from domain.opportunities import composing, kinds

EXAMPLE = "Contoh: "
"""What each title begins with, so that nobody takes it for a real one."""

SOURCE = "data contoh, bukan peluang sungguhan"

END_OF_DAY = time(16)

K = OpportunityKind


@dataclass(frozen=True)
class Invented:
    """One of them, open for so many days."""

    kind: OpportunityKind
    title: str
    sought: str
    sectors: Sequence[str]
    """Where the district has none of them it is for all."""
    days: int
    needs: Sequence[str] = ()
    capacity: int | None = None
    is_strict: bool = False
    place: str = ""
    is_near: bool = False
    """Only for the first kecamatan of the district."""


ABROAD: dict[str, Invented] = {
    "JP": Invented(
        K.EXPORT,
        "kain tenun untuk toko di Jepang",
        "Kain tenun warna alam, 2 meter per helai. Contoh tiga helai dulu; warna tidak boleh luntur.",
        ("tenun",),
        30,
        ("nib",),
        50,
    ),
    "US": Invented(
        K.BUYER,
        "tas anyaman untuk toko di Amerika Serikat",
        "Tas anyaman ukuran sedang, dua warna, dengan label asal bahan.",
        ("kerajinan",),
        45,
        ("nib",),
        200,
    ),
    "CN": Invented(
        K.EXPORT,
        "keripik buah untuk pembeli di Tiongkok",
        "Keripik buah dalam kemasan 100 gram, tahan enam bulan.",
        ("makanan",),
        40,
        ("nib", "pirt"),
        1_000,
        True,
    ),
    "AU": Invented(
        K.BUYER,
        "serbet dan taplak untuk toko di Australia",
        "Serbet dan taplak tenun, ukuran tetap, dikemas per enam helai.",
        ("tenun", "konveksi"),
        35,
    ),
    "IN": Invented(
        K.EXPORT,
        "kerajinan kayu untuk pembeli di India",
        "Kotak dan nampan kayu berukir, kiriman pertama 100 buah.",
        ("kerajinan",),
        25,
        ("nib",),
        100,
    ),
    "MY": Invented(
        K.BUYER,
        "kerupuk untuk minimarket di Malaysia",
        "Kerupuk ikan mentah dan matang, label berbahasa Melayu dibuat bersama.",
        ("makanan",),
        20,
        ("nib", "halal", "pirt"),
        500,
        True,
    ),
    "KR": Invented(
        K.FAIR,
        "pameran produk rumah di Korea Selatan",
        "Meja bersama untuk sepuluh usaha; barang dikirim lewat dinas, pemiliknya tidak perlu berangkat.",
        ("tenun", "kerajinan"),
        28,
        ("nib",),
        place="Seoul, Korea Selatan",
    ),
    "GB": Invented(
        K.BUYER,
        "baju bordir untuk butik di Inggris",
        "Baju bordir tangan, tiga ukuran; contoh dua potong dikirim dulu.",
        ("konveksi",),
        50,
        (),
        50,
    ),
    "TR": Invented(
        K.EXPORT,
        "bumbu dan rempah untuk pembeli di Turki",
        "Bumbu siap pakai dalam botol, dengan daftar bahan.",
        ("makanan",),
        33,
        ("nib", "halal"),
        200,
    ),
    "TW": Invented(
        K.BUYER,
        "camilan untuk toko Indonesia di Taiwan",
        "Camilan kering beraneka rasa untuk pekerja Indonesia di sana; kiriman dua minggu sekali.",
        ("makanan", "dagang"),
        15,
        ("halal", "pirt"),
    ),
}
"""By country. The others get one made of ANYWHERE."""

ANYWHERE = Invented(
    K.EXPORT, "pembeli di {country} cari produk daerah", "Produk khas daerah untuk toko di {country}.", (), 30, ("nib",)
)

AT_HOME = (
    Invented(
        K.BUYER,
        "toko oleh-oleh cari pemasok camilan",
        "Camilan kering dalam kemasan berlabel, titip jual atau beli putus.",
        ("makanan",),
        14,
        ("pirt",),
    ),
    Invented(
        K.FAIR,
        "pameran UMKM di alun-alun",
        "Meja gratis selama dua hari, listrik disediakan. Bawa contoh produk dan daftar harga.",
        (),
        10,
        place="Alun-alun",
        is_near=True,
    ),
    Invented(
        K.TENDER,
        "seragam sekolah lewat e-katalog",
        "Seragam olahraga untuk lima sekolah, jahitan rapi, ukuran S sampai XL.",
        ("konveksi",),
        18,
        ("nib",),
        1_000,
        True,
    ),
    Invented(
        K.TENDER,
        "konsumsi rapat kantor",
        "Kotak kue dan nasi untuk rapat bulanan, pesanan sehari sebelumnya.",
        ("makanan", "jasa"),
        21,
        ("nib", "halal"),
    ),
    Invented(
        K.CONTEST,
        "lomba kemasan terbaik",
        "Kirim foto kemasan depan dan belakang. Hadiahnya cetak kemasan 500 lembar.",
        (),
        24,
    ),
)


async def invent(session: Session, district: District, now: datetime) -> int:
    """Publish them, where no invented one is open any more; how many were made."""
    standing = select(Opportunity.id).where(col(Opportunity.is_invented), col(Opportunity.deadline) > now)
    if (await session.exec(standing.limit(1))).first() is not None:
        return 0
    made = list(_all(district, now))
    for office, values in made:
        one = await composing.make(session, office, values, audit.TERMINAL, district, now, is_invented=True)
        await composing.publish(session, one, audit.TERMINAL, now)
    return len(made)


def _all(district: District, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each with its office, in turn."""
    abroad = [(code, ABROAD.get(code, ANYWHERE), name) for code, name in district.countries.items()]
    at_home = [(kinds.HOME, one, "") for one in AT_HOME]
    for number, (market, one, country) in enumerate([*abroad, *at_home]):
        office = district.offices[number % len(district.offices)].key
        yield office, {**_values(one, country, district, now), "market": market}


def _values(one: Invented, country: str, district: District, now: datetime) -> dict[str, Any]:
    today = now.astimezone(ZoneInfo(district.timezone)).date()
    return {
        "kind": one.kind,
        "title": EXAMPLE + one.title.format(country=country),
        "sought": one.sought.format(country=country),
        "products": [key for key in district.sectors if key in one.sectors] or None,
        "needs": list(one.needs),
        "capacity": one.capacity,
        "is_strict": one.is_strict,
        "kecamatan": [district.kecamatan[0]] if one.is_near and district.kecamatan else None,
        "place": one.place,
        "deadline": _end_of(today + timedelta(days=one.days), district),
        "source": SOURCE,
    }


def _end_of(day: date, district: District) -> datetime:
    return datetime.combine(day, END_OF_DAY, ZoneInfo(district.timezone)).astimezone(UTC)
