"""What a program that no longer moves is doing: its threads, its tasks, and what they wait for."""

import asyncio
import faulthandler
import gc
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from pinned_tui.tui.app import PinnedApp
from pinned_tui.tui.terminal import WholePastes

THREADS_SIGNAL, TASKS_SIGNAL = signal.SIGUSR1, signal.SIGUSR2


def explain_when_asked(folder: Path) -> None:
    """Write into ``folder`` where all threads are at one signal, and all tasks at the other."""
    # faulthandler writes to the descriptor for as long as the program lives.
    threads = (folder / "stacks-threads").open("w")
    faulthandler.register(THREADS_SIGNAL, file=threads, all_threads=True)

    def tell(_number: int, _frame: FrameType | None) -> None:
        (folder / "stacks-tasks").write_text("\n".join(_told()) + "\n", "utf-8")

    signal.signal(TASKS_SIGNAL, tell)


def _told() -> Iterator[str]:
    for found in gc.get_objects():
        if isinstance(found, WholePastes):
            yield f"input: {_state(found)}"
        elif isinstance(found, PinnedApp):
            yield from _told_of(found)


def _told_of(app: Any) -> Iterator[str]:
    yield f"stack: {app.screen_stack!r}, waiting messages: {app._message_queue.qsize()}"
    yield f"pages: {_state(app.pages)}"
    yield f"type-ahead: {_state(app.typeahead)}"
    yield f"controller: running {app.controller.running}, leaving {app.shutdown.under_way}"
    loop = app._loop
    for task in asyncio.all_tasks(loop) if loop is not None else ():
        yield f"task {task.get_name()}: {' < '.join(_chain(task))}"


def _state(of: object) -> str:
    return "; ".join(f"{name} {str(value)[:300]}" for name, value in vars(of).items())


def _chain(task: "asyncio.Task[object]") -> Iterator[str]:
    """Yield what awaits what, from the outermost coroutine to the future at the end."""
    at: object = task.get_coro()
    while at is not None:
        frame = getattr(at, "cr_frame", None) or getattr(at, "gi_frame", None)
        if frame is None:
            yield repr(at)[:200]
            yield repr(getattr(task, "_fut_waiter", None))[:300]
            return
        of = frame.f_locals.get("self")
        where = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
        yield f"{frame.f_code.co_qualname} ({where}{f' of {of!r}'[:80] if of is not None else ''})"
        at = getattr(at, "cr_await", None) or getattr(at, "gi_yieldfrom", None)
