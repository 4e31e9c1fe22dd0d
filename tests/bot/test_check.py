"""`python -m bot check`: what a translator forgot, who serves, and what the bot may do in the officers' groups."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.check import Finding, check_all
from db.models import Officer, Person, Role, StaffGroup
from messages import LANGUAGES, catalogue
from simulator import PretendTelegram, serve
from tests.conftest import LAMONGAN
from tests.support.keeping import NOW, add, somebody
from tests.support.running import TOKEN, settings_for


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    """The catalogues as they stand in the files, for the next test."""
    yield
    catalogue.cache_clear()


async def look() -> Finding:
    findings = await check_all(settings_for("http://127.0.0.1:9", "sqlite+aiosqlite:///data/none.db"))
    return next(finding for finding in findings if finding.name == "catalogues")


class TestCatalogues:
    async def test_agree(self) -> None:
        """As they are, all are well."""
        found = await look()

        assert found.state == "ok"
        assert found.said.startswith(", ".join(LANGUAGES))

    async def test_lack_nothing(self) -> None:
        """A sentence without translation is named, missing or empty alike, with how many more there are."""
        catalogue("jv").delete("tap.stale")
        catalogue("jv").get("cancel.done").string = ""

        found = await look()

        assert found.is_wrong
        assert found.mend == "messages/jv.po: cancel.done is missing (and 1 more)"

    async def test_have_each_command(self) -> None:
        """A command without its line for the menu is named, in the first language too."""
        catalogue("id").delete("command.bahasa")

        assert (await look()).mend == "messages/id.po: command.bahasa is missing"

    async def test_have_the_same_blanks(self) -> None:
        """A blank that a translator misspelt would stop the sentence from being said."""
        catalogue("en").get("smalltalk.thanks").string = "You are welcome, {nama}."

        assert (await look()).mend == "messages/en.po: smalltalk.thanks has not the blanks it needs"

    async def test_have_whole_blanks(self) -> None:
        """A brace left open is named by its sentence."""
        catalogue("en").get("smalltalk.thanks").string = "You are welcome, {name."

        assert (await look()).mend.startswith("messages/en.po: cannot be used: smalltalk.thanks: ")

    async def test_have_nothing_over(self) -> None:
        """A sentence that the first language does not have is named."""
        catalogue("en").add("old.sentence", "Bye")

        assert (await look()).mend == "messages/en.po: old.sentence is said by nobody"


async def finding(name: str, url: str, address: str = "http://127.0.0.1:9", **changes: Any) -> Finding:
    """What is found of *name*."""
    found = await check_all(settings_for(address, url, DISTRICT_DIR=LAMONGAN, **changes))
    return next(one for one in found if one.name == name)


class TestOfficers:
    async def test_none_yet(self, database_url: str, tmp_path: Path) -> None:
        """Without any, it says how the first comes to be; on a database that is not there yet, too."""
        for url in (database_url, f"sqlite+aiosqlite:///{tmp_path}/none.db"):
            found = await finding("officers", url)

            assert (found.state, found.said) == ("ok", "no admin yet: `run` prints a link that makes the first")
        assert not (tmp_path / "none.db").exists()

    async def test_are_counted_by_role(self, database_url: str) -> None:
        """How many there are of each, and how many the setting names."""
        people: list[Person] = [somebody(number) for number in (1, 2, 3)]
        await add(database_url, *people)
        roles = zip(people, (Role.ADMIN, Role.OFFICER, Role.OFFICER), strict=True)
        await add(database_url, *(Officer(person_id=one.id, role=role, appointed_at=NOW) for one, role in roles))

        found = await finding("officers", database_url, ADMIN_IDS=(201,))

        assert found.said == "1 admins, 2 officers, 0 readers; ADMIN_IDS names 1"


class TestStaffGroups:
    async def test_none_bound(self, database_url: str) -> None:
        """Without a group it says where questions go instead."""
        assert (await finding("staff groups", database_url)).state == "ok"

    async def test_tells_the_rights_in_each(self, database_url: str) -> None:
        """Whether each question gets a topic of its own, and whether the bot may delete."""
        telegram = PretendTelegram(token=TOKEN)
        telegram.group(-500, "Petugas", [telegram.person(1)])
        telegram.group(-1_000_000_000_700, "Forum", [telegram.person(1)], "administrator", is_forum=True)
        await add(database_url, StaffGroup(office="diskopum", chat_id=-500, bound_at=NOW))
        async with serve(telegram) as address:
            found = await finding("staff groups", database_url, address, STAFF_CHAT_ID=-1_000_000_000_700)

        assert found.state == "ok"
        assert "diskopum in -500: replies, no topics, may not delete messages" in found.said
        assert "disperindag in -1000000000700: a topic each, may delete messages" in found.said

    @pytest.mark.parametrize("is_known", [True, False])
    async def test_is_wrong_where_the_bot_is_not(self, database_url: str, is_known: bool) -> None:
        """A group it was never in, or left, is named with its office and what to do."""
        telegram = PretendTelegram(token=TOKEN)
        if is_known:
            telegram.group(-500, "Petugas", [telegram.person(1)], "left")
        await add(database_url, StaffGroup(office="diskopum", chat_id=-500, bound_at=NOW))
        async with serve(telegram) as address:
            found = await finding("staff groups", database_url, address)

        assert found.is_wrong
        assert found.mend == (
            "the bot is not in the group of diskopum (-500): add it there, or let the office work in another"
        )
