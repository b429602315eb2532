"""Late results, gone pages, and what must never be cancelled."""

import asyncio
from functools import partial
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalGroup
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import WorkerFailed

from pinned_tui.tui.background import Latest, is_there, refill, spawn


class ListPage(Screen[None]):
    """A page with a box that results are put into, the same id each time."""

    def __init__(self) -> None:
        super().__init__()
        self.results = Latest(self)
        self.applied: list[str] = []

    def compose(self) -> ComposeResult:
        yield VerticalGroup(id="box")

    async def show(self, text: str) -> None:
        self.applied.append(text)
        await refill(self.query_one("#box"), [Static(text, id="entry")])


class OneApp(App[None]):
    def get_default_screen(self) -> Screen[Any]:
        return Screen()


async def shown(page: ListPage) -> str:
    await page.results.settled()
    return str(page.query_one("#entry", Static).content)


async def test_only_the_newest_result_is_applied() -> None:
    app, page = OneApp(), ListPage()
    first, second = asyncio.Event(), asyncio.Event()

    async def computed(gate: asyncio.Event, text: str) -> str:
        await gate.wait()
        return text

    async with app.run_test():
        await app.push_screen(page)
        page.results.begin(lambda: computed(first, "old"), page.show)
        page.results.begin(lambda: computed(second, "new"), page.show)
        second.set()
        first.set()
        assert await shown(page) == "new"
    assert page.applied == ["new"]


async def test_a_result_that_cannot_be_cancelled_is_dropped_when_it_is_late() -> None:
    app, page = OneApp(), ListPage()
    gate = asyncio.Event()

    async def stubborn() -> str:
        try:
            await gate.wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
        return "old"

    async def quick() -> str:
        return "new"

    async with app.run_test() as pilot:
        await app.push_screen(page)
        page.results.begin(stubborn, page.show)
        await pilot.pause()
        page.results.begin(quick, page.show)
        gate.set()
        assert await shown(page) == "new"
    assert page.applied == ["new"]


async def test_many_results_at_once_never_meet_in_the_box_nor_end_the_app() -> None:
    """Each result removes what the one before mounted, while ever newer ones come in between."""
    app, page = OneApp(), ListPage()

    async def computed(text: str) -> str:
        await asyncio.sleep(0)
        return text

    async with app.run_test() as pilot:
        await app.push_screen(page)
        for number in range(200):
            page.results.begin(partial(computed, str(number)), page.show)
            for _ in range(number % 7):
                await asyncio.sleep(0)
        assert await shown(page) == "199"
        await pilot.pause()
        assert app.is_running


async def test_a_page_that_is_gone_takes_its_computing_along_and_applies_nothing() -> None:
    app, page = OneApp(), ListPage()
    ended = asyncio.Event()

    async def endless() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return "never"

    async with app.run_test() as pilot:
        await app.push_screen(page)
        page.results.begin(endless, page.show)
        await pilot.pause()
        await app.pop_screen()
        await ended.wait()
        assert not is_there(page)
        page.results.begin(endless, page.show)
        assert not page.results.busy
        assert app.is_running
    assert page.applied == []


async def test_what_fails_on_behalf_of_a_gone_page_does_not_end_the_app() -> None:
    app, page = OneApp(), ListPage()
    gate = asyncio.Event()

    async def failing() -> None:
        await gate.wait()
        page.query_one("#no-such-widget")

    async with app.run_test() as pilot:
        await app.push_screen(page)
        task = spawn(page, failing)
        await app.pop_screen()
        gate.set()
        await asyncio.wait({task})
        await pilot.pause()
        assert app.is_running


async def failing_in_sight() -> None:
    app, page = OneApp(), ListPage()

    async def failing() -> str:
        raise LookupError("broken")

    async with app.run_test():
        await app.push_screen(page)
        page.results.begin(failing, page.show)
        await page.results.settled()


async def test_what_fails_on_behalf_of_a_page_in_sight_is_not_hidden() -> None:
    with pytest.raises(WorkerFailed, match="broken"):
        await failing_in_sight()


async def test_a_refill_of_a_box_that_goes_away_mounts_nothing() -> None:
    app, page = OneApp(), ListPage()
    async with app.run_test():
        await app.push_screen(page)
        box = page.query_one("#box")
        await app.pop_screen()
        assert not await refill(box, [Static("late", id="late")])
        assert not box.query("#late")
