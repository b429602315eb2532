"""Keys that come faster than pages: each one acts on what the keys before it have led to.

Textual hands a key to the widget that has the focus and goes on with the next one, while the first
is still on its way through the widgets. What it opens, closes or focuses comes later still. Here
the next key waits until the one before has done all that it does: the fast user gets what the slow
one gets. A click is meant for what was to be seen, so it never waits for another page.
"""

import asyncio
from collections import deque
from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.errors import NoWidget
from textual.widget import Widget

from pinned_tui.tui.background import spawn
from pinned_tui.tui.page_stack import Pages, passed

_MOST_WAITING = 5000
"""Events that wait at most; more than that nobody means."""

_PASSES = 2
"""A key leads to a message, such as that a field was submitted, and that to an action."""

_PASSING = (events.MouseMove, events.MouseScrollDown, events.MouseScrollUp)
"""What comes often, leads nowhere, and is of no use later."""

Typed = events.InputEvent | events.Paste
Way = tuple[Widget, ...]


class TypeAhead:
    """Lets one event of the keyboard and the mouse in at a time.

    Attributes:
        at: When the event that was let in last came from the terminal, on Textual's clock.
    """

    def __init__(self, app: App[Any], pages: Pages) -> None:
        """Let events into ``app``, while none of ``pages`` is on its way."""
        self._app = app
        self._pages = pages
        self._waiting: deque[Typed] = deque()
        self._let_in: tuple[Typed, asyncio.Future[Way]] | None = None
        self._busy = False
        self._typed_into: Widget | None = None
        self.at = 0.0

    @property
    def busy(self) -> bool:
        """Whether something that came in is still being acted upon, or waits for its turn."""
        return self._busy or bool(self._waiting)

    def admits(self, event: Typed, target: Widget) -> bool:
        """Return whether ``event`` is to be acted upon now; if not, it waits or is dropped.

        Once it was handed on to ``target``, :meth:`done` has to be called.
        """
        if self._let_in is not None and event is self._let_in[0]:
            self.at = event.time
            return True
        if isinstance(event, events.MouseEvent) and not self._aims(event):
            return False
        if self._busy or self._pages.moving or self._is_ahead_of_text(event, target):
            self._wait(event)
            return False
        self.at = event.time
        return True

    def _is_ahead_of_text(self, event: Typed, target: Widget) -> bool:
        """Return whether characters are still on their way that ``event`` is meant to follow."""
        return self._typed_into is not None and not self._leads_nowhere(event, target)

    def _aims(self, event: events.MouseEvent) -> bool:
        """Return whether ``event`` is about a widget that is still there."""
        if self._pages.moving:
            return False
        try:
            found, _ = self._app.get_widget_at(event.x, event.y)
        except NoWidget:
            return True
        return found.is_attached

    def _wait(self, event: Typed) -> None:
        if not isinstance(event, _PASSING) and len(self._waiting) < _MOST_WAITING:
            self._waiting.append(event)
            self._follow(_way_up(self._typed_into) if self._typed_into is not None else ())

    def done(self, event: Typed, target: Widget) -> None:
        """Take note that ``event`` was handed to ``target``; the next one waits for its end."""
        nowhere = self._leads_nowhere(event, target)
        if nowhere and isinstance(event, events.Key):
            self._typed_into = target
        way = () if nowhere else _way_up(target)
        if self._let_in is not None and event is self._let_in[0]:
            self._let_in[1].set_result(way)
        elif way:
            self._follow(way)

    def _leads_nowhere(self, event: Typed, target: Widget) -> bool:
        """Return whether it is a character for a field, or the mouse passing by."""
        if isinstance(event, events.Key):
            return target.check_consume_key(event.key, event.character)
        return isinstance(event, _PASSING)

    def _follow(self, way: Way) -> None:
        if not self._busy:
            self._busy = True
            spawn(self._app, lambda: self._one_by_one(way))

    async def _one_by_one(self, way: Way) -> None:
        """Let in what waits, each once all is done that came of the one before."""
        try:
            await self._settled(way)
            while self._waiting:
                event = self._waiting.popleft()
                if isinstance(event, events.MouseEvent) and not self._aims(event):
                    continue
                if (field := self._typed_into) is not None and self._is_ahead_of_text(event, field):
                    await self._settled(_way_up(field))
                await self._settled(await self._handed_on(event))
        finally:
            self._busy = False

    async def _handed_on(self, event: Typed) -> Way:
        """Have the app act upon ``event``, and return the way that it takes through the widgets."""
        handed: asyncio.Future[Way] = asyncio.get_running_loop().create_future()
        self._let_in = event, handed
        try:
            return await handed if self._app.post_message(event) else ()
        finally:
            self._let_in = None

    async def _settled(self, way: Way) -> None:
        if way:
            self._typed_into = None
            for _ in range(_PASSES):
                for node in way:
                    await passed(node)
                await passed(self._app)
        while self._pages.moving:
            await self._pages.still()


def _way_up(widget: DOMNode) -> Way:
    return tuple(node for node in widget.ancestors_with_self if isinstance(node, Widget))
