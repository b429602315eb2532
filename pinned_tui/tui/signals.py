"""Leaves in order when a signal ends the program: the session is kept, the terminal restored.

Left to themselves, SIGTERM and SIGHUP end the process with the alternate screen still on and the
echo off.
"""

import asyncio
import signal
from collections.abc import Callable

CODES = {
    getattr(signal, name): 128 + number
    for name, number in (("SIGHUP", 1), ("SIGINT", 2), ("SIGTERM", 15))
    if hasattr(signal, name)
}
"""The signals that end the program, and the exit code of each, as shells count them."""


HANGUP = 129
"""The exit code where the terminal went away."""


def leave_on_signals(loop: asyncio.AbstractEventLoop, leave: Callable[[int], None]) -> None:
    """Call ``leave`` with the exit code when a signal comes.

    Where the loop can't watch signals (Windows), Python's own handlers do, from the main thread.
    """
    for number, code in CODES.items():
        try:
            loop.add_signal_handler(number, leave, code)
        except NotImplementedError:
            signal.signal(number, lambda *_, code=code: loop.call_soon_threadsafe(leave, code))
        except (RuntimeError, ValueError):  # not in the main thread, as in tests
            return
