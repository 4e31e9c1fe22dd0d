"""`python -m bot check`: what a translator forgot is named with its file and key."""

from collections.abc import Iterator

import pytest

from bot.check import Finding, check_all
from messages import LANGUAGES, catalogue
from tests.support.running import settings_for


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
