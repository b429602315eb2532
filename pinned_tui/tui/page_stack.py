"""The stack of pages. Whatever opens, closes or replaces a page does it here, one after the other.

Left to themselves, two changes at once pop each other's pages. And whoever waits for a page from
within that page's own message loop waits for ever. So each change is a task of its own, takes its
turn, says which page it is about, and does nothing where that page has gone meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual.screen import Screen

from pinned_tui.tui.background import spawn

if TYPE_CHECKING:
    from textual.app import App
    from textual.widget import Widget

PageResult = TypeVar("PageResult")


HOLD_S = 2.0
"""How long what is typed waits for something that is on its way. What takes longer may take very
long, and Esc and q have to be heard."""

_PATIENCE_S = 5.0
"""No page takes that long over one message, unless something is badly wrong with it."""


@dataclass(eq=False, slots=True)
class _Errand:
    """Something that leads to another page.

    Attributes:
        leads: Whether it is a flow of several steps, of which there is one at a time.
        overdue: Whether it takes so long that nothing waits for it any more.
        dropped: Whether the user went elsewhere meanwhile: it opens and closes nothing more.
        timer: Makes it overdue.
    """

    leads: bool
    overdue: bool = False
    dropped: bool = False
    timer: asyncio.TimerHandle | None = None


_ERRAND: ContextVar[_Errand | None] = ContextVar("errand", default=None)


class Pages:
    """Opens and closes the pages of an app, and leads from one to the other."""

    def __init__(self, app: "App[Any]") -> None:
        """Change the pages of ``app``."""
        self._app = app
        self._turn = asyncio.Lock()
        self._changes = 0
        self._errands: set[_Errand] = set()
        self._following: deque[Callable[[], Coroutine[Any, Any, None]]] = deque()
        self._asked: dict[Screen[Any], asyncio.Future[Any]] = {}
        self._still = asyncio.Event()
        self._still.set()

    # -- whether anything moves ----------------------------------------------------------------

    @property
    def moving(self) -> bool:
        """Whether another page is on its way: what is typed now is meant for that one."""
        if self._changes:
            return True
        return any(
            not errand.overdue and not (errand.leads and self._asked) for errand in self._errands
        )

    async def still(self) -> None:
        """Wait until the page that is on top stays there, unless it is left."""
        await self._still.wait()

    def _moved(self) -> None:
        if self.moving:
            self._still.clear()
        else:
            self._still.set()

    def _wait_for(self, errand: _Errand) -> None:
        """Have what is typed wait for ``errand`` from now on, for a while."""
        errand.overdue = False

        def overdue() -> None:
            errand.overdue = True
            self._moved()

        errand.timer = asyncio.get_running_loop().call_later(HOLD_S, overdue)
        self._moved()

    def _start(self, work: Callable[[], Coroutine[Any, Any, None]], *, leads: bool) -> None:
        errand = _Errand(leads)
        self._errands.add(errand)
        self._wait_for(errand)

        async def going() -> None:
            _ERRAND.set(errand)
            try:
                await work()
            finally:
                self._errands.discard(errand)
                errand.dropped = (
                    False  # what a page does later that it has opened is not part of it
                )
                if errand.timer is not None:
                    errand.timer.cancel()
                if leads and self._following:
                    self._start(self._following.popleft(), leads=True)
                self._moved()

        spawn(self._app, going)

    @staticmethod
    def is_dropped() -> bool:
        """Return whether what runs now is done for something that nobody waits for any more."""
        errand = _ERRAND.get()
        return errand is not None and errand.dropped

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
            if not self.is_dropped():
                await self._carried_out(partial(self._app.push_screen, page))

    async def close(self, page: Screen[Any]) -> None:
        """Take ``page`` off, with whatever lies over it; not the last one."""
        async with self._change():
            while not self.is_dropped() and page in self._app.screen_stack[1:]:
                await self._pop()

    async def replace(self, page: Screen[Any], by: Callable[[], Screen[Any]]) -> None:
        """Put another page in the place of ``page``, where that is on top."""
        async with self._change():
            if not self.is_dropped() and self._app.screen_stack[-1:] == [page]:
                await self._carried_out(partial(self._app.switch_screen, by()))

    async def home(self) -> None:
        """Take all pages off but the first."""
        async with self._change():
            while len(self._app.screen_stack) > 1:
                await self._pop()

    async def _pop(self) -> None:
        future = self._asked.pop(self._app.screen_stack[-1], None)
        if future is not None:
            future.set_result(None)
        await self._carried_out(self._app.pop_screen)

    async def _carried_out(self, change: Callable[[], Awaitable[object]]) -> None:
        """Carry out ``change``, and wait for its end, but not for a page that never answers.

        A page goes once all of its widgets have done what they are at. Should one of them never
        end, the page stays behind unseen, and the others go on.
        """

        async def changing() -> None:
            await change()

        await asyncio.wait({spawn(self._app, changing)}, timeout=_PATIENCE_S)

    # -- what leads to changes -----------------------------------------------------------------

    def soon(self, change: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Go somewhere else, without waiting for it; what is typed from now on waits for its end.

        Whatever takes too long and would have led elsewhere is dropped by this.
        """
        for errand in self._errands:
            errand.dropped = errand.dropped or errand.overdue
        self._start(change, leads=False)

    def lead(self, flow: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Run a flow of several steps, such as a question and the page that follows from it.

        What is typed waits for its end, but for the answers to its questions. It is never
        cancelled.

        Returns:
            Whether it was begun: one goes at a time.
        """
        if any(errand.leads for errand in self._errands):
            return False
        self._start(flow, leads=True)
        return True

    def follow(self, flow: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run a flow that no key has started, once the flow at hand has ended."""
        if not self.lead(flow):
            self._following.append(flow)

    # -- questions -----------------------------------------------------------------------------

    async def ask(self, dialog: Screen[PageResult]) -> PageResult | None:
        """Open ``dialog`` and return what it answers; None where it is closed without an answer."""
        errand = _ERRAND.get()
        if errand is not None and errand.timer is not None:
            errand.timer.cancel()  # the user may read it for as long as they like
        future: asyncio.Future[PageResult | None] = asyncio.get_running_loop().create_future()
        async with self._change():
            if self.is_dropped():
                return None
            self._asked[dialog] = future
            await self._carried_out(partial(self._app.push_screen, dialog))
        answer = await future
        if errand in self._errands:
            self._wait_for(errand)
        return answer

    def answer(
        self,
        dialog: Screen[PageResult],
        value: PageResult | None,
        then: Callable[[PageResult | None], Awaitable[None]],
    ) -> None:
        """Take the answer of ``dialog`` and close it; a second one comes too late.

        Args:
            dialog: The dialog.
            value: What it answers.
            then: Does what follows from that, once it is closed and before anything typed since.
        """
        future = self._asked.pop(dialog, None)
        if future is not None or dialog in self._app.screen_stack:
            self._start(partial(self._answered, dialog, future, value, then), leads=False)

    async def _answered(
        self,
        dialog: Screen[PageResult],
        future: asyncio.Future[Any] | None,
        value: PageResult | None,
        then: Callable[[PageResult | None], Awaitable[None]],
    ) -> None:
        if future is not None:
            await self.close(dialog)
            future.set_result(value)
        else:
            async with self._change():
                if self._app.screen is dialog:
                    await self._carried_out(partial(dialog.dismiss, value))
        await then(value)


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
