"""Reads a list to its end: the first page alone, then the others side by side.

``GET /channels`` names ``totalPages``; ``GET /events`` leaves it to be derived from ``totalDocs``
and ``limit`` (the vendor's page *Pagination*). The effective limit is capped at 100.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pinned_tui.api.call import Reply
from pinned_tui.api.client import ApiClient
from pinned_tui.api.envelope import ListPage, read_list
from pinned_tui.api.routes import Route

PAGE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """What reading a list gave.

    Attributes:
        docs: The documents of all pages read, in order, each id once.
        total: How many there are by the list's own word.
        pages: How many pages there are; ``complete`` tells whether all were read.
        replies: The answers, first page first; the first one that is no page ends the reading.
        broken: The reply that kept the list from being read to its end, if any.
    """

    docs: tuple[dict[str, Any], ...]
    total: int
    pages: int
    replies: tuple[Reply, ...]
    complete: bool
    broken: Reply | None = None


async def first_page(
    client: ApiClient, route: Route, *, probe: str
) -> tuple[Reply, ListPage | None]:
    """Read page 1 with the largest page size; the page is None where the answer is no list."""
    reply = await client.send(route, probe=probe, query={"page": 1, "limit": PAGE_LIMIT})
    page = read_list(reply.document, page=1) if reply.status == 200 else None
    return reply, page


async def remaining_pages(
    client: ApiClient,
    route: Route,
    reply: Reply,
    first: ListPage,
    *,
    probe: str,
    on_page: Callable[[int, int], None] | None = None,
) -> Listing:
    """Read the pages after ``first`` within the budget of pages.

    Args:
        client: Sends the requests; its budget bounds how many run side by side.
        route: The list's route.
        reply: The answer that ``first`` came with.
        first: The first page.
        probe: Id of the probe on whose behalf they are read.
        on_page: Told how many pages of how many have come.
    """
    last = min(first.pages, client.budget.pages)
    pages: dict[int, ListPage] = {1: first}
    replies: dict[int, Reply] = {1: reply}
    broken: list[Reply] = []
    numbers = iter(range(2, last + 1))

    async def read_on() -> None:
        for number in numbers:
            if broken:
                return
            query = {"page": number, "limit": first.limit}
            replies[number] = got = await client.send(route, probe=probe, query=query)
            page = read_list(got.document, page=number) if got.status == 200 else None
            if page is None:
                broken.append(got)
                return
            pages[number] = page
            if on_page is not None:
                on_page(len(pages), last)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(client.budget.parallel, last - 1)):
            group.create_task(read_on())
    return Listing(
        docs=_unique(pages),
        total=first.total,
        pages=first.pages,
        replies=tuple(replies[number] for number in sorted(replies)),
        complete=not broken and last == first.pages,
        broken=broken[0] if broken else None,
    )


def _unique(pages: dict[int, ListPage]) -> tuple[dict[str, Any], ...]:
    """Join the pages; a document that moved to a later page while reading counts once."""
    found: dict[str, dict[str, Any]] = {}
    for number in sorted(pages):
        for place, doc in enumerate(pages[number].docs):
            found.setdefault(str(doc.get("id", f"{number}/{place}")), doc)
    return tuple(found.values())
