"""Ends the program in order when that is asked for: by Ctrl+C, or by the system with SIGTERM.

The first request raises ``KeyboardInterrupt``, unless the part at work has a way of its own. The
second is passed over: Ctrl+C is often hit twice, and would tear up what is being put in order. The
third ends the process at once.
"""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

INTERRUPTED = 3
"""The exit code of what was interrupted."""

_PASSED_OVER = 2
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _interrupt() -> NoReturn:
    raise KeyboardInterrupt


class _Requests:
    """The requests to end that this process has had; its signals are its own, so there is one."""

    def __init__(self) -> None:
        self.count = 0
        self.way: Callable[[], object] = _interrupt

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self.count == 1:
            self.way()
        elif self.count > _PASSED_OVER:
            os._exit(INTERRUPTED)


_requests = _Requests()


def install() -> None:
    """Take the signals over, but those that the caller of the program has switched off."""
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _requests)


@contextlib.contextmanager
def ended_by(way: Callable[[], object]) -> Iterator[None]:
    """Have a first request call ``way`` instead of raising; it runs between any two lines."""
    before, _requests.way = _requests.way, way
    try:
        yield
    finally:
        _requests.way = before


@contextlib.contextmanager
def left_to_asyncio() -> Iterator[None]:
    """Leave Ctrl+C to the event loop of what is inside, which ends its tasks in order."""
    if signal.getsignal(signal.SIGINT) is _requests:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        install()


def too_late() -> None:
    """Pass over a request from now on: all is done, and the process is about to end."""
    _requests.count = max(_requests.count, 1)
