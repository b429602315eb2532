"""Leaves in order when a signal ends the program: the session is kept, the terminal restored.

Left to themselves, SIGTERM and SIGHUP end the process with the alternate screen still on and the
echo off. The handlers are there before the terminal is taken over and until it is given back, and
they are Python's own: the event loop's would hear nothing while something holds it up.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

CODES = {
    getattr(signal, name): 128 + number
    for name, number in (("SIGHUP", 1), ("SIGINT", 2), ("SIGTERM", 15))
    if hasattr(signal, name)
}
"""The signals that end the program, and the exit code of each, as shells count them."""

HANGUP = 129
"""The exit code where the terminal went away."""


@contextmanager
def heard(leave: Callable[[int], None]) -> Iterator[None]:
    """Call ``leave`` with the exit code when a signal comes, between any two lines of code.

    Outside of the main thread, as in tests, no signal is heard.
    """

    def handler(number: int, _frame: FrameType | None) -> None:
        leave(CODES[signal.Signals(number)])

    before = {}
    try:
        for number in CODES:
            before[number] = signal.signal(number, handler)
    except ValueError:  # not in the main thread
        before = {}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
