"""/laporan: what came of an office's opportunities: in words, as pictures, as a table, with nobody's income."""

import io
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from openpyxl import load_workbook

from db.models import (
    Interest,
    InterestAnswer,
    MailState,
    Notice,
    NoticeState,
    Opportunity,
    OpportunityMail,
    OpportunityState,
    Person,
    Role,
    Standing,
)
from messages import say
from tests.support.offices import ON_SQLITE, Offices

SMALLEST, LARGEST = 10_000, 150_000
"""Bytes of a picture."""

STALE = say("tap.stale").in_language("id")
PNG = b"\x89PNG\r\n\x1a\n"

PATIENCE = 60.0
"""Seconds: a picture is drawn by a process of its own, which is long in starting beside other tests."""

_numbers = itertools.count(5_000)


async def happened(
    offices: Offices,
    at: datetime,
    *,
    interested: int = 0,
    reached: int = 0,
    chosen: int = 0,
    orders: tuple[str, ...] = (),
    **details: Any,
) -> None:
    """An opportunity that was published *at*, and what came of it in the same hour."""
    values = {"office": "diskopum", "kind": "buyer", "title": "Cari camilan", "sought": "Camilan.", **details}
    async with offices.bot.database.transaction() as session:
        one = Opportunity(
            state=OpportunityState.OPEN,
            published_at=at,
            deadline=at + timedelta(days=400),
            made_at=at,
            changed_at=at,
            **values,
        )
        people = [
            Person(telegram_id=next(_numbers), name="Contoh", met_at=at, last_wrote_at=at)
            for _ in range(max(interested, reached))
        ]
        session.add_all([one, *people])
        await session.flush()
        mails = [OpportunityMail(person_id=person.id, made_at=at, state=MailState.SENT) for person in people[:reached]]
        session.add_all(mails)
        await session.flush()
        told = {"opportunity_id": one.id, "state": NoticeState.TOLD, "due_at": at, "told_at": at}
        session.add_all(Notice(person_id=mail.person_id, mail_id=mail.id, **told) for mail in mails)
        for place, person in enumerate(people[:interested]):
            interest = Interest(
                opportunity_id=one.id, person_id=person.id, answer=InterestAnswer.INTERESTED, answered_at=at
            )
            if place < chosen:
                interest.standing, interest.standing_at = Standing.CHOSEN, at
            if place < len(orders):
                interest.orders, interest.orders_at = orders[place], at
            session.add(interest)


async def furnished(offices: Offices) -> None:
    """Four of Diskopum in three months, and one of Disperindag."""
    now, first = offices.now(), datetime(2026, 11, 1, tzinfo=UTC)
    orders = ("none", "none", "none", "under_1", "under_1", "under_1", "over_50")
    await happened(
        offices, now, reached=20, interested=9, chosen=4, orders=orders, products=["makanan"], title="=1+1 camilan"
    )
    await happened(offices, now, reached=5, interested=2, products=["tenun", "konveksi"], market="JP", kind="export")
    # An hour later it is November in Lamongan, though not at Greenwich.
    await happened(offices, first - timedelta(hours=6), interested=1, title="Baru November")
    await happened(offices, first - timedelta(hours=8), interested=30, orders=("to_10",) * 5, title="Masih Oktober")
    await happened(offices, now, interested=7, office="disperindag", title="Dinas lain")


async def asks(offices: Offices, who: Any, *labels: str) -> str:
    """Type /laporan, tap *labels*, and return what the message says then."""
    await offices.bot.says(who, "/laporan")
    for label in labels:
        who.tap(label)
        await offices.bot.settled(PATIENCE)
    return who.texts()[-1]


def files_of(offices: Offices, who: Any, kind: str) -> list[bytes]:
    """The content of each file of that kind that somebody got."""
    found = []
    for message in who.messages():
        given = message.get(kind)
        if given:
            given = given[-1] if kind == "photo" else given
            found.append(offices.telegram.files.by_id[given["file_id"]].content)
    return found


def sheets_of(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """By its name the lines of each; none of its cells computes."""
    book = load_workbook(io.BytesIO(content))

    assert "f" not in {cell.data_type for sheet in book for row in sheet for cell in row}
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


class TestWords:
    async def test_tell_this_month_of_ones_office(self, office: Offices) -> None:
        """Months are those of the place, other offices' are not counted, and few orders are only said to be few."""
        await furnished(office)

        said = await asks(office, office.rini)

        assert "Laporan peluang: November 2026\nDiskopum · per 24 November 2026" in said
        assert "Terbit: 3 peluang\n" in said
        assert "Kabar sampai: 25 " in said
        assert "Berminat: 12\n" in said
        assert "Dipilih: 4\n" in said
        assert "  belum ada: 3\n  di bawah Rp1 juta: 3\n  jawaban lain: masing-masing kurang dari 3\n" in said
        assert "  Makanan dan minuman: 1 terbit, 9 berminat\n" in said
        assert "  Jepang: 1 terbit, 2 berminat\n" in said
        assert (
            "  Juni 2026 – September 2026: belum ada\n  Oktober 2026: 1 terbit, 30 berminat, 5 dapat pesanan\n" in said
        )
        assert "Dinas lain" not in said
        assert "Semua dinas" not in office.rini.labels()

    async def test_of_other_months_are_a_tap_away(self, office: Offices) -> None:
        """Last month, this year and twelve months, in the same message; a time without anything says so and goes on."""
        await furnished(office)

        last = await asks(office, office.rini, "Bulan lalu")
        year = await asks(office, office.rini, "Tahun ini")
        twelve = await asks(office, office.rini, "12 bulan")
        office.clock.at += timedelta(days=60)
        empty = await asks(office, office.rini)

        assert "Laporan peluang: Oktober 2026\n" in last
        assert "Berminat: 30\n" in last
        assert "Laporan peluang: Januari 2026 – November 2026\n" in year
        assert "Berminat: 42\n" in year
        assert "Laporan peluang: Desember 2025 – November 2026\n" in twelve
        assert "Belum ada yang tercatat" in empty
        assert office.rini.labels()[-3:] == ["Bulan lalu", "Tahun ini", "12 bulan"]
        assert office.rini.labels().count("📊 XLSX") == 3

    async def test_for_admins_are_of_all_offices_and_of_each(self, office: Offices) -> None:
        """All together with a line for each, and one by a tap."""
        await furnished(office)

        every = await asks(office, office.wati)
        one = await asks(office, office.wati, "Disperindag")

        assert "Semua dinas · per" in every
        assert "  Diskopum: 3 terbit, 12 berminat\n  Disperindag: 1 terbit, 7 berminat\n" in every
        assert "Disperindag · per" in one
        assert "Berminat: 7\n" in one

    @ON_SQLITE
    async def test_are_for_nobody_else(self, office: Offices) -> None:
        """Who does not serve is told of no such command, and of an old button that it is over."""
        said = await office.bot.says(office.sari, "/laporan")

        assert said == await office.bot.says(office.sari, "/tidakada")

    @ON_SQLITE
    async def test_of_others_are_not_to_be_had_by_forging(self, office: Offices) -> None:
        """Who taps what names another office, all of them, or none there is, gets neither words nor files."""
        await furnished(office)
        everything = ("report:month.2", "report:month.0", "report_file:book.243220102", "report_file:picture.243220100")
        for who, forged in ((office.rini, (*everything, "report:month.9")), (office.sari, ("report:month.1",))):
            before = await asks(office, who)
            message = who.messages()[-1]
            for data in forged:
                who.tap_data(message["message_id"], data)
                await office.settled()

            assert who.texts()[-1] == before
            assert files_of(office, who, "document") == files_of(office, who, "photo") == []
            assert [one["text"] for one in who.alerts()] == [STALE] * len(forged)

    @ON_SQLITE
    async def test_leave_out_what_was_taken_back(self, office: Offices) -> None:
        """Who is not interested any more is not counted, nor is a draft."""
        await furnished(office)
        async with office.bot.database.transaction() as session:
            for interest in (await session.exec(Interest.__table__.select())).all():
                (await session.get_one(Interest, interest.id)).answer = InterestAnswer.WITHDRAWN
            for row in (await session.exec(Opportunity.__table__.select())).all():
                (await session.get_one(Opportunity, row.id)).state = OpportunityState.DRAFT

        assert "Belum ada yang tercatat" in await asks(office, office.rini)


class TestFiles:
    async def test_are_pictures_for_a_phone(self, office: Offices) -> None:
        """Two of them come, each a PNG small enough for a bad line, with period and way on under it."""
        await furnished(office)

        await asks(office, office.rini, "🖼 Gambar")

        pictures = files_of(office, office.rini, "photo")
        assert len(pictures) == 2
        assert all(picture.startswith(PNG) for picture in pictures)
        assert all(SMALLEST < len(picture) < LARGEST for picture in pictures)
        captions = [message["caption"] for message in office.rini.messages() if "photo" in message]
        assert captions[0] == "📊 Minat dan pesanan per bulan\nNovember 2026 · Diskopum\nWaktu lain: /laporan"

    async def test_are_a_table_without_any_person(self, office: Offices) -> None:
        """Five sheets with the figures as numbers; few orders are no number, and no title computes."""
        await furnished(office)
        await office.make(office.tono, Role.READER)

        await asks(office, office.tono, "📊 XLSX")

        (content,) = files_of(office, office.tono, "document")
        sheets = sheets_of(content)
        assert list(sheets) == ["Ringkasan", "Per peluang", "Per produk", "Per negara", "Per bulan"]
        summary = {row[0]: row[1] for row in sheets["Ringkasan"]}
        assert (summary["Waktu"], summary["Dinas"]) == ("November 2026", "Diskopum")
        assert summary["Per"] == "24 November 2026 pukul 09.00"
        assert [summary[name] for name in ("Terbit", "Kabar sampai", "Berminat", "Dipilih", "Dapat pesanan")] == [
            *(3, 25, 12, 4, 4)
        ]
        assert (summary["di bawah Rp1 juta"], summary["di atas Rp50 juta"]) == (3, "kurang dari 3")
        assert sheets["Per peluang"][1:] == [
            ("Diskopum", "Pembeli", "Baru November", "semua produk", "Dalam negeri", 1, 0, 1, 0, 0),
            (
                "Diskopum",
                "Peluang ekspor",
                "Cari camilan",
                "Tenun ikat dan batik, Konveksi dan bordir",
                "Jepang",
                1,
                5,
                2,
                0,
                0,
            ),
            ("Diskopum", "Pembeli", "=1+1 camilan", "Makanan dan minuman", "Dalam negeri", 1, 20, 9, 4, 4),
        ]
        assert ("Konveksi dan bordir", 1, 5, 2, 0, 0) in sheets["Per produk"]
        assert sheets["Per negara"][1:] == [("Dalam negeri", 2, 20, 10, 4, 4), ("Jepang", 1, 5, 2, 0, 0)]
        assert [row[0] for row in sheets["Per bulan"][1:]] == [f"2026-{month:02}" for month in range(6, 12)]
        assert sheets["Per bulan"][-2:] == [("2026-10", 1, 0, 30, 0, 5), ("2026-11", 3, 25, 12, 4, 4)]
        assert b"Contoh" not in content
        assert "Contoh" not in str(sheets)
