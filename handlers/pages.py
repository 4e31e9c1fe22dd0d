"""Lists that are leafed through in one message."""

from collections.abc import Sequence
from typing import TypeVar

from messages import Button, say

ON_A_PAGE = 8
Item = TypeVar("Item")


def page_of(items: Sequence[Item], page: int, most: int = ON_A_PAGE) -> tuple[Sequence[Item], int, int]:
    """The items of *page* (counted from 0, brought into range), at most *most*, that page, and how many there are."""
    pages = max(1, -(-len(items) // most))
    page = min(max(page, 0), pages - 1)
    return items[page * most : (page + 1) * most], page, pages


def leaf(verb: str, prefix: str, page: int, pages: int) -> list[list[Button]]:
    """The row that leads to the pages before and after; none where there is one page."""
    row = []
    if page > 0:
        row.append(Button(say("button.previous"), verb, f"{prefix}{page - 1}"))
    if page < pages - 1:
        row.append(Button(say("button.next"), verb, f"{prefix}{page + 1}"))
    return [row] if row else []
