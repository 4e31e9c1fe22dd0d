"""The site that is read."""

from collections.abc import AsyncIterator

import pytest

from tests.support.news_site import NewsSite, news_site


@pytest.fixture
async def site() -> AsyncIterator[NewsSite]:
    async with news_site() as there:
        yield there
