"""What every browser test is held to, and that it is every one."""

from pathlib import Path

import pytest

from tests.simulator.browser import BROWSER, opened
from tests.simulator.conftest import Bot

TESTS = Path(__file__).parent.parent


class TestEveryBrowserTest:
    def test_opens_the_page_in_one_place(self) -> None:
        """No test starts a browser by itself, so that none is spared what is asserted there."""
        starting = [path for path in TESTS.rglob("*.py") if "async_" + "playwright" in path.read_text("utf-8")]

        assert starting == [TESTS / "simulator" / "browser.py"]


class TestOpened:
    pytestmark = BROWSER

    @pytest.mark.parametrize(
        ("deed", "fault"),
        [
            ("console.error('salah')", "salah"),
            ("console.warn('hampir salah')", "hampir salah"),
            ("setTimeout(() => { throw new Error('salah') })", "salah"),
            ("void new Promise((_, refuse) => refuse(new Error('salah')))", "salah"),
            ("new Image().src = 'http://localhost:1/a.png'", "localhost:1"),
            ("void fetch('http://127.0.0.1:1/').catch(() => 0)", "127.0.0.1:1"),
            ("void (document.body.style.minWidth = '400px', document.body.style.overflow = 'visible')", "400 pixels"),
        ],
    )
    async def test_fails_for_a_faulty_page(self, bot: Bot, deed: str, fault: str) -> None:
        """An error on the console or one nobody caught, an address that is not the page's own, a page too wide."""
        with pytest.raises(AssertionError, match=fault):
            await look(bot, deed)

    async def test_fails_for_what_is_opened_beside_it(self, bot: Bot) -> None:
        """A second page counts too."""
        elsewhere = bot.address.replace("127.0.0.1", "localhost")
        with pytest.raises(AssertionError, match="localhost"):
            await look_beside(bot, f"void open('{elsewhere}/page/favicon.svg')")


async def look(bot: Bot, deed: str) -> None:
    async with opened(360, f"{bot.address}/") as page:
        await page.evaluate(deed)
        await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


async def look_beside(bot: Bot, deed: str) -> None:
    async with opened(360, f"{bot.address}/") as page:
        async with page.context.expect_page() as beside:
            await page.evaluate(deed)
        await (await beside.value).wait_for_load_state()
