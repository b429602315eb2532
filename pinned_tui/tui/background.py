"""Work beside the pages that can neither tear up the screen nor come too late.

Textual removes widgets by waiting for their tasks, and the app waits along. Cancel whoever waits
for a removal, and that cancellation reaches the app itself, which then ends without a word. So a
coroutine that mounts or removes is never cancelled here. What may be cancelled is computing, and
what came of it is dropped where nobody wants it any more.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import partial
from typing import Any, TypeVar

from textual.app import App
from textual.widget import Widget
from textual.worker import Worker, WorkerCancelled, WorkerFailed

T = TypeVar("T")

_UNDER_WAY: set[asyncio.Task[None]] = set()
"""The event loop itself holds tasks weakly only."""


def is_there(node: Widget) -> bool:
    """Return whether ``node`` is on a page and is going to stay there.

    Ask after every ``await``: the page may have gone meanwhile, and its children before it.
    """
    pruned = node._pruning or node._closing  # noqa: SLF001 - there is no public name for it
    return node.is_attached and node.is_running and not pruned


def takes_actions(page: Widget) -> bool:
    """Return whether ``page`` is whole: all of its widgets are there, and none of them is going.

    A key that waits for too long reaches a page in whatever state that is.
    """
    return page.is_mounted and is_there(page)


def spawn(
    node: "Widget | App[Any]", work: Callable[[], Coroutine[Any, Any, None]]
) -> asyncio.Task[None]:
    """Run ``work`` to its end, whatever becomes of ``node``.

    An error ends the app like any other, unless ``node`` is gone: what fails there is of no
    consequence.

    Args:
        node: On whose behalf; the app, where no page has to be there for it.
        work: Makes the coroutine; it may mount and remove.
    """

    async def working() -> None:
        with node.app._context():  # noqa: SLF001 - as Textual's workers do
            await work()

    task = asyncio.get_running_loop().create_task(working())
    _UNDER_WAY.add(task)
    task.add_done_callback(partial(_ended, node))
    return task


def _ended(node: "Widget | App[Any]", task: asyncio.Task[None]) -> None:
    _UNDER_WAY.discard(task)
    error = None if task.cancelled() else task.exception()
    there = node.is_running if isinstance(node, App) else is_there(node)
    if isinstance(error, Exception) and there:
        node.app._handle_exception(error)  # noqa: SLF001 - the only way to report it


async def refill(box: Widget, widgets: Iterable[Widget]) -> bool:
    """Put ``widgets`` in place of what is in ``box``.

    Only one refill of a box runs at a time: a second one waits, so that no two widgets with one id
    meet. Never cancel it.

    Returns:
        Whether ``box`` is still there; if not, nothing was mounted.
    """
    async with box.batch():
        await box.remove_children()
        if not is_there(box):
            return False
        await box.mount_all(widgets)
    return is_there(box)


class Latest:
    """The newest of several results for one place of a page.

    Each :meth:`begin` starts a generation. Computing the ones before is called off, and a result
    that arrives all the same is dropped, as is one whose page has gone. Applying a result is never
    called off: a newer one waits for its end.

    For example::

        self._rows = Latest(self)
        ...
        self._rows.begin(lambda: self.controller.keeper.past(text=text), self._show)
    """

    def __init__(self, node: Widget) -> None:
        """Work for ``node``, a page or a widget: with it, all of this ends."""
        self._node = node
        self._generation = 0
        self._worker: Worker[Any] | None = None
        self._applying = asyncio.Lock()
        self._pending = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def busy(self) -> bool:
        """Whether a result is being computed or applied."""
        return self._pending > 0

    async def settled(self) -> None:
        """Wait until everything that was begun is applied or dropped."""
        await self._idle.wait()

    def begin(
        self,
        compute: Callable[[], Awaitable[T]],
        apply: Callable[[T], Awaitable[None] | None],
    ) -> None:
        """Compute a result and apply it, in place of everything that was begun before.

        Args:
            compute: Computes it, and touches no widget: it may be cancelled at any ``await``.
            apply: Shows it. It may mount and remove, and asks :func:`is_there` after each
                ``await`` of its own.
        """
        self.drop()
        if not is_there(self._node):
            return

        async def computing() -> T:  # a coroutine is not made before it is run
            return await compute()

        worker: Worker[T] = self._node.run_worker(computing)
        self._worker = worker
        self._pending += 1
        self._idle.clear()
        spawn(self._node, partial(self._deliver, self._generation, worker, apply))

    def drop(self) -> None:
        """Want nothing of what was begun so far."""
        self._generation += 1
        if self._worker is not None:
            self._worker.cancel()
            self._worker = None

    async def _deliver(
        self,
        generation: int,
        worker: Worker[T],
        apply: Callable[[T], Awaitable[None] | None],
    ) -> None:
        try:
            result = await worker.wait()
            async with self._applying:
                if generation == self._generation and is_there(self._node):
                    applied = apply(result)
                    if applied is not None:
                        await applied
        except (WorkerCancelled, WorkerFailed):
            pass  # whoever called it off wants no result; of a failure the app knows
        finally:
            self._pending -= 1
            if not self._pending:
                self._idle.set()
