"""Reads a list to its end: the first page alone, then the others side by side.

``GET /channels`` names ``totalPages``; ``GET /events`` leaves it to be derived from ``totalDocs``
and ``limit`` (the vendor's page *Pagination*). The effective limit is capped at 100. Neither is
believed blindly: a list counts as read to its end only when what came shows it.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pinned_tui.api_spec.errors import ListPage, read_list
from pinned_tui.api_spec.routes import Route
from pinned_tui.client.call import Reply
from pinned_tui.client.client import ApiClient

PAGE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class PagedList:
    """What reading a list gave.

    Attributes:
        docs: The documents of all pages read, in order, each id once.
        total: How many there are, by the list's own word where it has one.
        pages: How many pages there are, as far as that is known.
        replies: The responses, first page first.
        complete: Whether this is certainly all of the list.
        broken: The reply that kept the list from being read to its end, if any.
        strange: How many entries were no documents.
    """

    docs: tuple[dict[str, Any], ...]
    total: int
    pages: int
    replies: tuple[Reply, ...]
    complete: bool
    broken: Reply | None = None
    strange: int = 0


async def first_page(
    client: ApiClient, route: Route, *, probe: str
) -> tuple[Reply, ListPage | None]:
    """Read page 1 with the largest page size; the page is None where the response is no list.

    An API that refuses that size is asked once more without naming any.
    """
    reply = await client.send(route, probe=probe, query={"page": 1, "limit": PAGE_LIMIT})
    if reply.status == 400:
        reply = await client.send(route, probe=probe)
    page = read_list(reply.document, page=1) if reply.status == 200 else None
    return reply, page


async def remaining_pages(
    client: ApiClient,
    route: Route,
    reading: "ListReader",
    *,
    probe: str,
    on_page: Callable[[int, int], None] | None = None,
    most: int | None = None,
) -> PagedList:
    """Read the pages after the first one within the budget of pages.

    The pages that the list announces are read side by side, as far as the number of its documents
    bears them out; where that turns out not to be all, the rest is read one by one until a page
    brings nothing new. It ends early where the API says that hardly a request is left.

    Args:
        client: Sends the requests; its budget and the API's word on its rate limit bound how
            many run side by side.
        route: The list's route.
        reading: Holds the first page, and takes the others as they come.
        probe: Id of the probe on whose behalf they are read.
        on_page: Called with how many pages of how many have come.
        most: How many pages at most; the budget's number by default.
    """
    budget = most or client.budget.pages
    last = min(_announced(reading.first), budget)
    numbers = iter(range(2, last + 1))

    async def read(number: int) -> bool:
        query = {"page": number, "limit": reading.first.limit}
        got = await client.send(route, probe=probe, query=query, spares=True)
        page = read_list(got.document, page=number) if got.status == 200 else None
        reading.add(number, got, page)
        if on_page is not None and page is not None:
            on_page(len(reading.pages), max(last, number))
        return page is not None

    async def read_on() -> None:
        for number in numbers:
            if reading.broken is not None or not await read(number):
                return

    async with asyncio.TaskGroup() as group:
        for _ in range(min(client.budget.parallel, client.at_once, last - 1)):
            group.create_task(read_on())
    number = last
    while reading.may_go_on(number) and number < budget:
        number += 1
        if not await read(number):
            break
    return reading.listing(budget=budget)


def _announced(first: ListPage) -> int:
    """Return how many pages there are to be by the first one, which is held against it."""
    if first.total is None:
        return 1
    held = len(first.docs) + first.strange
    return max(1, min(first.pages, math.ceil(first.total / max(held, 1))))


@dataclass
class ListReader:
    """The pages as they come, and what they tell about the end of the list.

    Whoever holds it has what came, wherever the reading was broken off.

    Attributes:
        first: The first page, and ``reply`` the response that it came with.
    """

    first: ListPage
    reply: Reply
    pages: dict[int, ListPage] = field(default_factory=dict)
    replies: dict[int, Reply] = field(default_factory=dict)
    broken: Reply | None = None

    def __post_init__(self) -> None:
        self.add(1, self.reply, self.first)

    def add(self, number: int, reply: Reply, page: ListPage | None) -> None:
        """Take the page ``number``, or the ``reply`` that is none."""
        if not reply.withheld:
            self.replies[number] = reply
        if page is None:
            self.broken = self.broken or reply
        else:
            self.pages[number] = page

    def docs(self, up_to: int) -> tuple[dict[str, Any], ...]:
        """Join the pages; a document that moved to a later page while reading counts once.

        One without an id counts once at its place: a page that came again brings nothing new.
        """
        found: dict[str, dict[str, Any]] = {}
        for number in sorted(n for n in self.pages if n <= up_to):
            for place, doc in enumerate(self.pages[number].docs):
                named = str(doc["id"]) if "id" in doc else f"{place}/{doc!r}"
                found.setdefault(named, doc)
        return tuple(found.values())

    def ended(self, number: int) -> bool:
        """Return whether page ``number`` is certainly the last one.

        A list that goes on after as many as it says there are contradicts itself.
        """
        page = self.pages[number]
        if page.total is not None:
            met = len(self.docs(number)) + self.strange(number) >= page.total
            return met and not page.has_next
        if not page.docs and not page.strange:
            return True
        if page.has_next is not None:
            return not page.has_next
        return len(page.docs) + page.strange < page.limit

    def strange(self, up_to: int) -> int:
        """Count the entries that are no documents."""
        return sum(page.strange for number, page in self.pages.items() if number <= up_to)

    def may_go_on(self, number: int) -> bool:
        """Return whether the page after ``number`` is worth asking for."""
        if self.broken is not None or self.ended(number):
            return False
        return number == 1 or len(self.docs(number)) > len(self.docs(number - 1))

    def listing(self, *, budget: int) -> PagedList:
        """Return what came until now; ``budget`` is the number of pages that might be read."""
        last = max(self.pages)
        docs = self.docs(last)
        total = self.first.total if self.first.total is not None else len(docs)
        complete = self.broken is None and last <= budget and self.ended(last)
        return PagedList(
            docs=docs,
            total=max(total, len(docs)),
            pages=last if complete else max(self.first.pages, last),
            replies=tuple(self.replies[number] for number in sorted(self.replies)),
            complete=complete,
            broken=self.broken,
            strange=self.strange(last),
        )
