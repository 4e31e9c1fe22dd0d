"""The chat page in a browser, which is found on the machine; without one these tests are skipped."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
COMPLAINTS = {"error", "warning"}
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser here; `apt install chromium` brings one"),
]


@asynccontextmanager
async def opened(
    width: int, path: str, *, height: int = 740, outage: bool = False, **options: Any
) -> AsyncIterator[Page]:
    """The page, which must neither load from elsewhere nor complain (but of an outage that is meant), nor be too wide.

    This holds for whatever it opens beside itself too. Every browser test comes through here (test_browser.py).
    """
    faults: list[str] = []
    origin = path[: path.index("/", 7) + 1]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        context = await browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("console", lambda message: faults.append(message.text) if message.type in COMPLAINTS else None)
        context.on("request", lambda request: None if request.url.startswith(origin) else faults.append(request.url))
        page = await context.new_page()
        page.on("websocket", lambda socket: faults.append(socket.url))
        await page.goto(path)
        yield page
        if (wide := await page.evaluate("document.documentElement.scrollWidth")) > width:
            faults.append(f"{wide} pixels wide where there are {width}")
        await browser.close()
    if meant := [fault for fault in faults if not (outage and "net::ERR_CONNECTION" in fault)]:
        raise AssertionError("the page was at fault: " + "; ".join(meant))
