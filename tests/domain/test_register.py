"""The office's register: what a row may say, imported again and again, letters, and how many came."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from db.models import AuditEntry, OpenedInvitation, RegisteredBusiness
from db.session import Database, open_database
from domain import keeping, register
from domain.district import read_district
from domain.register import Counts, OfKecamatan, RegisterChanged, Row
from domain.secret_tokens import LENGTH, hash_of, new_token
from tests.conftest import LAMONGAN
from tests.support.keeping import somebody

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
DISTRICT = read_district(LAMONGAN)

SRI = {
    "nomor": "D-1",
    "nama": "Sri Wahyuni",
    "usaha": "Tenun Sri",
    "sektor": "Tenun ikat dan batik",
    "kecamatan": "Babat",
    "produk": "sarung, selendang",
    "telepon": "0812-3450-0999",
}
"""Nobody's."""


def cleaned(*texts: Mapping[str, str]) -> list[Row]:
    rows, faults = register.clean_rows(enumerate(texts, start=2), DISTRICT)
    assert faults == []
    return rows


def faults_of(*texts: Mapping[str, str]) -> list[str]:
    return [str(fault) for fault in register.clean_rows(enumerate(texts, start=2), DISTRICT)[1]]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url) as opened:
        yield opened


async def imported(database: Database, *texts: Mapping[str, str], now: datetime = NOW) -> Counts:
    async with database.transaction() as session:
        return await register.import_rows(session, cleaned(*texts), now)


async def businesses(database: Database) -> list[RegisteredBusiness]:
    async with database.reading() as session:
        return list((await session.exec(select(RegisteredBusiness).order_by(RegisteredBusiness.id))).all())


async def audited(database: Database) -> list[tuple[str, str, Any]]:
    async with database.reading() as session:
        entries = (await session.exec(select(AuditEntry).order_by(AuditEntry.id))).all()
        return [(entry.actor, entry.deed, entry.after) for entry in entries]


async def comes(database: Database, id: int, telegram_id: int = 5) -> None:
    """Somebody claims the business."""
    async with database.transaction() as session:
        person = somebody(telegram_id)
        session.add(person)
        await session.flush()
        business = await session.get_one(RegisteredBusiness, id)
        business.person_id, business.came_at = person.id, NOW


class TestCleanRows:
    def test_are_as_a_profile_keeps_them(self) -> None:
        """Everything is brought to the form in which a profile holds it."""
        (row,) = cleaned(SRI)

        assert row.values == {
            "register_number": "D-1",
            "name": "Sri Wahyuni",
            "business": "Tenun Sri",
            "sector": "tenun",
            "kecamatan": "Babat",
            "products": ["sarung", "selendang"],
            "phone": "+6281234500999",
        }

    @pytest.mark.parametrize(
        ("column", "text", "value"),
        [
            ("kecamatan", "KEC. BABAT", "Babat"),
            ("kecamatan", "kecamatan karang binangun", "Karangbinangun"),
            ("kecamatan", "Kec.Kembang Bahu", "Kembangbahu"),
            ("sektor", "makanan", "makanan"),
            ("sektor", "MAKANAN dan Minuman", "makanan"),
            ("telepon", "8123450999", "+628123450999"),
            ("telepon", "6281234500999", "+6281234500999"),
            ("telepon", "+62 812 3450 0999", "+6281234500999"),
            ("nama", "  SRI\tWahyuni ", "SRI Wahyuni"),
            ("nomor", " 0012 ", "0012"),
            *((column, text, None) for column in ("usaha", "sektor", "telepon", "nomor") for text in ("", " - ", "0")),
        ],
    )
    def test_are_read_as_offices_write(self, column: str, text: str, value: object) -> None:
        """Case, prefixes, spaces, a zero that Excel took, and what stands for nothing."""
        (row,) = cleaned(SRI | {column: text})

        assert row.values[register.COLUMNS[column]] == value

    @pytest.mark.parametrize(
        ("column", "text", "said"),
        [
            ("nama", "", "nama is empty: fill it in"),
            ("nama", "123", 'nama "123" holds no letters'),
            ("nama", "x" * 65, "too long (64 characters at most)"),
            ("usaha", "Kopi apa?", "ends in a question mark"),
            ("kecamatan", "", "kecamatan is empty"),
            ("kecamatan", "Babatt", 'kecamatan "Babatt" is not known: did you mean Babat?'),
            ("kecamatan", "Surabaya", "is none of Sukorame, Bluluk"),
            ("sektor", "tenun ikat", "did you mean Tenun ikat dan batik?"),
            ("produk", ",".join("abcdefghijk"), "lists 11 products, and 10 is the most"),
            ("produk", "x" * 41, "too long (40 characters at most)"),
            ("telepon", "0812", "too short"),
            ("telepon", "081234567890123", "too long for one mobile number"),
            ("telepon", "0812-3450-0999 / 0813-3450-0999", "several numbers"),
            ("telepon", "0322-321000", "is a landline"),
            ("telepon", "ada", "holds no number"),
            ("telepon", "8.12345E+11", "shortened by Excel"),
            ("telepon", "8,12345E+11", "shortened by Excel"),
            ("nomor", "3.5E+15", "shortened by Excel"),
            ("nomor", "x" * 41, "too long (40 characters at most)"),
        ],
    )
    def test_that_are_wrong_are_named(self, column: str, text: str, said: str) -> None:
        """Line, column, what is wrong and how it is mended."""
        (fault,) = faults_of(SRI, SRI | {"nomor": "D-2", column: text})

        assert fault.startswith("line 3: ")
        assert said in fault

    def test_name_every_fault(self) -> None:
        """All at once, so that the file is mended once."""
        assert len(faults_of(SRI | {"nama": "", "telepon": "1"}, SRI | {"nomor": "D-2", "sektor": "?"})) == 3

    def test_are_told_apart(self) -> None:
        """A number stands once; without one, name, phone and kecamatan must differ; with two, one owner has two."""
        bare = {column: text for column, text in SRI.items() if column != "nomor"}

        assert faults_of(SRI, SRI | {"nama": "Budi"}) == [
            'line 3: nomor "D-1" stands in line 2 already: each row needs its own'
        ]
        assert "the same nama, telepon and kecamatan as line 2" in faults_of(bare, bare)[0]
        assert len(faults_of(SRI, SRI | {"nomor": "", "nama": "SRI wahyuni"})) == 1
        assert faults_of(SRI, SRI | {"nomor": "D-2", "usaha": "Kopi Sri"}) == []


class TestImport:
    async def test_again_changes_nothing(self, database: Database) -> None:
        """The same file a second time is all as it was, and leaves no second line in the audit."""
        budi = {"nama": "Budi", "kecamatan": "Pucuk"}
        assert await imported(database, SRI) == Counts(new=1)
        assert await imported(database, SRI, SRI | budi | {"nomor": ""}) == Counts(new=1, same=1)
        assert await imported(database, SRI, SRI | budi | {"nomor": ""}) == Counts(same=2)

        assert [one.name for one in await businesses(database)] == ["Sri Wahyuni", "Budi"]
        imports = {"register.imported"}
        assert {(actor, deed) for actor, deed, _ in await audited(database)} == {("terminal", *imports)}
        assert [after for *_, after in await audited(database)] == [{"new": 1, "changed": 0}] * 2

    async def test_changes_what_nobody_claimed(self, database: Database) -> None:
        """By the number all else may change; an empty cell empties, a column that is not there leaves as it was."""
        await imported(database, SRI)
        later = NOW + timedelta(days=1)
        changed = {"nomor": "D-1", "nama": "Sri Wahyuningsih", "kecamatan": "Pucuk", "telepon": ""}

        assert await imported(database, changed, now=later) == Counts(changed=1)
        (one,) = await businesses(database)
        assert (one.name, one.kecamatan, one.phone) == ("Sri Wahyuningsih", "Pucuk", None)
        assert (one.business, one.products, one.imported_at) == ("Tenun Sri", ["sarung", "selendang"], later)

    async def test_leaves_alone_who_came(self, database: Database) -> None:
        """Who came sees to their details themselves."""
        await imported(database, SRI)
        await comes(database, 1)

        assert await imported(database, SRI | {"nama": "Orang Lain"}) == Counts(came=1)
        assert (await businesses(database))[0].name == "Sri Wahyuni"

    async def test_does_not_bring_back_who_was_erased(self, database: Database) -> None:
        """Their row stands as a number, and the next file with that number leaves it so."""
        await imported(database, SRI)
        await comes(database, 1)
        async with database.transaction() as session:
            (await session.get_one(RegisteredBusiness, 1)).name = ""

        assert await imported(database, SRI) == Counts(came=1)
        assert [one.name for one in await businesses(database)] == [""]

    async def test_learns_a_number(self, database: Database) -> None:
        """A row that had none is known by name, phone and kecamatan, and has its number from then on."""
        await imported(database, SRI | {"nomor": ""})

        assert await imported(database, SRI) == Counts(changed=1)
        assert await imported(database, SRI | {"nomor": ""}) == Counts(same=1)
        assert [one.register_number for one in await businesses(database)] == ["D-1"]

    async def test_keeps_two_businesses_of_one_owner_apart(self, database: Database) -> None:
        """The same name and phone under two numbers are two, however often they come, in whatever order."""
        other = SRI | {"nomor": "D-2", "usaha": "Kopi Sri"}

        assert await imported(database, SRI) == Counts(new=1)
        assert await imported(database, other, SRI) == Counts(new=1, same=1)
        assert await imported(database, SRI, other) == Counts(same=2)

    async def test_twice_at_once(self, database: Database) -> None:
        """Two who import the same file at the same moment take turns, so nobody is there twice."""
        bare = SRI | {"nomor": ""}
        counted = await asyncio.gather(*(imported(database, bare) for _ in range(4)))

        assert sorted(one.new for one in counted) == [0, 0, 0, 1]
        assert len(await businesses(database)) == 1


class TestLetters:
    async def test_are_for_who_has_not_come(self, database: Database) -> None:
        """By name, of one kecamatan, with when they were last sent one."""
        others = [SRI | {"nomor": f"D-{n}", "nama": name} for n, name in ((2, "Budi"), (3, "Ani"))]
        await imported(database, SRI, *others, SRI | {"nomor": "D-4", "kecamatan": "Pucuk"})
        await comes(database, 2)
        async with database.reading() as session:
            waiting = await register.waiting(session, "Babat")

        assert [(one.name, one.invited_at) for one in waiting] == [("Ani", None), ("Sri Wahyuni", None)]

    async def test_keep_no_token(self, database: Database) -> None:
        """The table holds the hash of the newest link and its last day; the audit tells how many, and nothing else."""
        await imported(database, SRI)
        token, until = new_token(), date(2026, 12, 24)
        async with database.transaction() as session:
            (one,) = await register.waiting(session, "Babat")
            await register.note_letters(session, "Babat", {one: token}, until, NOW)

        (business,) = await businesses(database)
        assert (business.token_hash, business.until, business.invited_at) == (hash_of(token), until, NOW)
        assert (await audited(database))[-1] == ("terminal", "register.invited", {"letters": 1, "until": "2026-12-24"})

    async def test_made_twice_at_once(self, database: Database) -> None:
        """Of two who write to the same people the second is told, since their letters would void the first ones."""
        await imported(database, SRI)
        async with database.reading() as session:
            (one,) = await register.waiting(session, "Babat")
        async with database.transaction() as session:
            await register.note_letters(session, "Babat", {one: new_token()}, date(2026, 12, 24), NOW)

        with pytest.raises(RegisterChanged):
            async with database.transaction() as session:
                await register.note_letters(session, "Babat", {one: new_token()}, date(2026, 12, 24), NOW)

    def test_have_links_that_end_in_a_letter(self) -> None:
        """A dash at the end would be cut off by programs that guess where a link ends."""
        tokens = [new_token() for _ in range(2000)]

        assert {len(token) for token in tokens} == {LENGTH}
        assert [token for token in tokens if not token[-1].isalnum()] == []


class TestOpened:
    async def test_goes_after_two_weeks(self, database: Database) -> None:
        """That somebody opened a letter and gave no answer is forgotten; the letter itself is not."""
        await imported(database, SRI)
        async with database.transaction() as session:
            people = [somebody(number) for number in (1, 2)]
            session.add_all(people)
            await session.flush()
            for person, days in zip(people, (13, 15), strict=True):
                at = NOW - timedelta(days=days)
                session.add(OpenedInvitation(business_id=1, person_id=person.id, token_hash="x", opened_at=at))
        async with database.transaction() as session:
            await keeping.forget_old(session, NOW)

        async with database.reading() as session:
            left = (await session.exec(select(OpenedInvitation.person_id))).all()
        assert left == [people[0].id]
        assert len(await businesses(database)) == 1


class TestFigures:
    async def test_count_by_kecamatan_and_poster(self, database: Database) -> None:
        """Registered, invited and come of each kecamatan, all together, and how many each poster brought."""
        rows = [
            SRI | {"nomor": f"D-{n}", "kecamatan": kecamatan} for n, kecamatan in enumerate(["Pucuk", "Babat", "Babat"])
        ]
        await imported(database, *rows)
        async with database.transaction() as session:
            waiting = await register.waiting(session, "Babat")
            tokens = {one: new_token() for one in waiting}
            await register.note_letters(session, "Babat", tokens, date(2026, 12, 24), NOW)
        await comes(database, 2)
        async with database.transaction() as session:
            for number, source in enumerate(["src_babat", "src_pucuk", "src_babat", None], start=10):
                session.add(somebody(number, source=source))
        async with database.reading() as session:
            counted = await register.figures(session)

        assert counted.by_kecamatan == {"Babat": OfKecamatan(2, 2, 1), "Pucuk": OfKecamatan(1, 0, 0)}
        assert list(counted.by_kecamatan) == ["Babat", "Pucuk"]
        assert counted.total == OfKecamatan(3, 2, 1)
        assert list(counted.by_poster.items()) == [("src_babat", 2), ("src_pucuk", 1)]

    async def test_of_nobody(self, database: Database) -> None:
        """An empty register has nothing to show, and says nought in all."""
        async with database.reading() as session:
            counted = await register.figures(session)

        assert (counted.by_kecamatan, counted.by_poster, counted.total) == ({}, {}, OfKecamatan(0, 0, 0))

    @pytest.mark.parametrize("kecamatan", DISTRICT.kecamatan)
    def test_posters_of_each_kecamatan_are_known(self, kecamatan: str) -> None:
        """The payload of each poster is one that Telegram takes and that we know again."""
        person = somebody(1)

        assert register.note_source(person, register.source_of(kecamatan), DISTRICT, person.met_at)
        assert person.source == register.source_of(kecamatan)

    def test_posters_of_names_with_spaces(self) -> None:
        """Where a kecamatan's name has spaces, its payload has dashes."""
        district = replace(DISTRICT, kecamatan=("Panca Jaya",))

        assert register.source_of("Panca Jaya") == "src_panca-jaya"
        assert register.note_source(somebody(1), "src_panca-jaya", district, NOW)
