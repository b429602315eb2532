"""The stack of pages. Whatever opens, closes or replaces a page does it here, one after the other.

Left to themselves, two changes at once pop each other's pages. And whoever waits for a page from
within that page's own message loop waits for ever. So each change is a task of its own, takes its
turn, says which page it is about, and does nothing where that page has gone meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual.screen import Screen

from pinned_tui.tui.latest import spawn

if TYPE_CHECKING:
    from textual.app import App
    from textual.widget import Widget

    from pinned_tui.tui.screens.dialog import Dialog

Result = TypeVar("Result")


class Pages:
    """Opens and closes the pages of an app, and leads from one to the other."""

    def __init__(self, app: "App[Any]") -> None:
        """Change the pages of ``app``."""
        self._app = app
        self._turn = asyncio.Lock()
        self._changes = 0
        self._leading = False
        self._asked: dict[Screen[Any], asyncio.Future[Any]] = {}
        self._still = asyncio.Event()
        self._still.set()

    # -- whether anything moves ----------------------------------------------------------------

    @property
    def moving(self) -> bool:
        """Whether another page is on its way: what is typed now is meant for that one."""
        return self._changes > 0 or (self._leading and not self._asked)

    async def still(self) -> None:
        """Wait until the page that is on top stays there, unless it is left."""
        await self._still.wait()

    def _moved(self) -> None:
        if self.moving:
            self._still.clear()
        else:
            self._still.set()

    @asynccontextmanager
    async def _change(self) -> AsyncIterator[None]:
        """Take a turn at the stack, and end it once the page on top has settled."""
        self._changes += 1
        self._moved()
        try:
            async with self._turn:
                yield
                await self._settled()
        finally:
            self._changes -= 1
            self._moved()

    async def _settled(self) -> None:
        """Wait until the page on top has heard that it is there, and what it does then is done."""
        stack = self._app.screen_stack
        if stack:
            await passed(stack[-1])

    # -- one change ----------------------------------------------------------------------------

    async def open(self, page: Screen[Any]) -> None:
        """Put ``page`` on top."""
        async with self._change():
            await self._app.push_screen(page)

    async def close(self, page: Screen[Any]) -> None:
        """Take ``page`` off, with whatever lies over it; not the last one."""
        async with self._change():
            while page in self._app.screen_stack[1:]:
                await self._pop()

    async def replace(self, page: Screen[Any], by: Callable[[], Screen[Any]]) -> None:
        """Put another page in the place of ``page``, where that is on top."""
        async with self._change():
            if self._app.screen_stack[-1:] == [page]:
                await self._app.switch_screen(by())

    async def home(self) -> None:
        """Take all pages off but the first."""
        async with self._change():
            while len(self._app.screen_stack) > 1:
                await self._pop()

    async def _pop(self) -> None:
        future = self._asked.pop(self._app.screen_stack[-1], None)
        if future is not None:
            future.set_result(None)
        await self._app.pop_screen()

    def soon(self, change: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Make a change without waiting for it; from now on what is typed waits for its end."""
        self._changes += 1
        self._moved()

        async def making() -> None:
            try:
                await change()
            finally:
                self._changes -= 1
                self._moved()

        spawn(self._app, making)

    # -- questions -----------------------------------------------------------------------------

    async def ask(self, dialog: "Dialog[Result]") -> Result | None:
        """Open ``dialog`` and return what it answers; None where it is closed without an answer."""
        future: asyncio.Future[Result | None] = asyncio.get_running_loop().create_future()
        async with self._change():
            self._asked[dialog] = future
            await self._app.push_screen(dialog)
        return await future

    def answer(self, dialog: "Dialog[Result]", value: Result | None) -> None:
        """Take the answer of ``dialog`` and close it; a second one comes too late."""
        future = self._asked.pop(dialog, None)
        if future is not None or dialog in self._app.screen_stack:
            self.soon(partial(self._answered, dialog, future, value))

    async def _answered(
        self, dialog: "Dialog[Any]", future: asyncio.Future[Any] | None, value: object
    ) -> None:
        if future is not None:
            await self.close(dialog)
            future.set_result(value)
        else:
            async with self._change():
                if self._app.screen is dialog:
                    await dialog.dismiss(value)
        await dialog.answered(value)

    # -- ways that take several changes --------------------------------------------------------

    def lead(self, way: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Go a way of several steps, such as a question and the page that follows from it.

        What is typed waits until it has ended, but for the answers to its questions. It is never
        cancelled.

        Returns:
            Whether it was begun: one goes at a time.
        """
        if self._leading:
            return False
        self._leading = True
        self._moved()

        async def leading() -> None:
            try:
                await way()
            finally:
                self._leading = False
                self._moved()

        spawn(self._app, leading)
        return True


_PATIENCE_S = 5.0
"""No page takes that long over one message, unless something is badly wrong with it."""


async def passed(node: "Widget | App[Any]") -> None:
    """Wait until ``node`` has done what stood in its queue, or has gone."""
    future = asyncio.get_running_loop().create_future()

    def reached() -> None:
        if not future.done():
            future.set_result(None)

    if node.call_later(reached):
        pump = node._task  # noqa: SLF001 - a queue that is closed tells nobody
        ends = {future} if pump is None else {future, pump}
        await asyncio.wait(ends, timeout=_PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
