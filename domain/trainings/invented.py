"""Six invented trainings, so that the demo has something to register for; marked as such."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from db.models import Training
from db.session import Session
from domain import audit
from domain.district import District
from domain.trainings import editing
from domain.trainings.editing import Hours
from domain.trainings.questions import Asked


@dataclass(frozen=True)
class Invented:
    """One of them; on which working days from now on, and from when to when."""

    title: str
    description: str
    seats: int
    in_days: Sequence[int]
    hours: tuple[time, time]
    values: dict[str, Any] = field(default_factory=dict)
    office: int = 0
    """Of the district's offices, by their order."""
    is_by_internet: bool = False


FIRST_OF_WEEKEND = 5

MORNING, AFTERNOON = (time(8), time(12)), (time(13), time(15, 30))

SIX = (
    Invented(
        "Kemasan yang Menjual untuk Camilan",
        "Memilih bahan kemasan, ukuran, dan label yang benar. Bawa satu contoh kemasan yang dipakai sekarang.",
        3,
        (5, 6),
        MORNING,
        {
            "questions": [
                Asked("q1", "Produk apa yang mau dikemas?").plain(),
                Asked("q2", "Sudah punya PIRT?", "yesno").plain(),
                Asked("q3", "Berapa nomor PIRT-nya?", "text", is_required=False, only_if=("q2", "ya")).plain(),
            ]
        },
    ),
    Invented(
        "Pendampingan Sertifikat Halal",
        "Dari NIB sampai pengajuan lewat pendamping: apa yang disiapkan, berapa lama, dan siapa yang membantu.",
        30,
        (7,),
        MORNING,
        {"sectors": ["makanan"]},
    ),
    Invented(
        "Jualan Lewat Internet: Foto, Judul, Harga",
        "Memotret dengan HP, menulis judul yang dicari orang, dan menghitung harga setelah ongkos kirim.",
        50,
        (4,),
        AFTERNOON,
        is_by_internet=True,
    ),
    Invented(
        "Langkah Pertama Ekspor",
        "Mengenal pembeli, dokumen, dan hitungan biaya. Untuk usaha yang produknya sudah rutin dibuat.",
        20,
        (10, 11),
        MORNING,
        {"is_for_new": False, "questions": [Asked("q1", "Negara mana yang dituju?", "text", (), False).plain()]},
        office=1,
    ),
    Invented(
        "Tenun Ikat: Warna Alam dan Motif Baru",
        "Praktik mewarnai benang dengan bahan alam, lalu merancang satu motif. Benang disediakan.",
        2,
        (15, 16, 17),
        MORNING,
        {"sectors": ["tenun", "konveksi"], "waiting_cap": 10},
        office=1,
    ),
    Invented(
        "Catatan Keuangan Usaha Kecil",
        "Memisahkan uang rumah dan uang usaha, mencatat dengan buku atau HP, dan membaca untung rugi.",
        25,
        (8,),
        AFTERNOON,
        {"is_for_new": True},
    ),
)
"""Two of them with so few seats that their waiting lists can be tried."""


async def invent(session: Session, district: District, now: datetime) -> int:
    """Publish the six, beginning some days from *now*, where no invented one is ahead any more; how many were made."""
    ahead = select(Training.id).where(col(Training.is_invented), col(Training.starts_at) > now)
    if (await session.exec(ahead.limit(1))).first() is not None:
        return 0
    for one in SIX:
        await _make(session, one, district, now)
    return len(SIX)


async def _make(session: Session, one: Invented, district: District, now: datetime) -> None:
    office = district.offices[min(one.office, len(district.offices) - 1)].key
    training = await editing.make(session, office, one.title, one.seats, audit.TERMINAL, now)
    training.is_invented = True
    await editing.set_days(session, training.id, _days(one, district, now), audit.TERMINAL, district, now)
    place = district.places[-1]
    where: dict[str, Any] = {"place": place.name, "address": place.address}
    if one.is_by_internet:
        where = {"online_link": "https://rapat.example.id/kelas"}
    known = [key for key in one.values.get("sectors", ()) if key in district.sectors]
    values = {"description": one.description, **one.values, **where, "sectors": known or None}
    await editing.change(session, training.id, values, audit.TERMINAL, district, now)
    await editing.publish(session, training.id, audit.TERMINAL, now)


def _days(one: Invented, district: District, now: datetime) -> list[Hours]:
    zone = ZoneInfo(district.timezone)
    today = now.astimezone(zone).date()
    begins, ends = one.hours
    return [
        Hours(
            datetime.combine(day, begins, zone).astimezone(UTC),
            datetime.combine(day, ends, zone).astimezone(UTC),
        )
        for day in (_working_day(today, number) for number in one.in_days)
    ]


def _working_day(today: date, number: int) -> date:
    """The day so many working days after *today*, Saturdays and Sundays left out."""
    day = today
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < FIRST_OF_WEEKEND
    return day
