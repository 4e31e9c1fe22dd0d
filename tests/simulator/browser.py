"""The chat page in a browser, which is found on the machine; without one these tests are skipped."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser here; `apt install chromium` brings one"),
]


@asynccontextmanager
async def opened(width: int, path: str, *, outage: bool = False, **options: Any) -> AsyncIterator[Page]:
    """The page, which must neither load from elsewhere nor complain (but of an outage that is meant)."""
    faults: list[str] = []
    origin = path[: path.index("/", 7)]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = await browser.new_page(viewport={"width": width, "height": 740}, **options)
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: None if request.url.startswith(origin) else faults.append(request.url))
        await page.goto(path)
        yield page
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await browser.close()
    assert [fault for fault in faults if not (outage and "net::ERR_CONNECTION" in fault)] == []
