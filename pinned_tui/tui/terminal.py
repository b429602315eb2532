"""The terminal as it was found, to be given back whatever happens, and at last by force."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

if sys.platform != "win32":  # there, Textual restores the console by itself
    import termios

PATIENCE_S = 6.0
"""How long leaving in order may take before the program ends without it."""

_GIVE_BACK = (
    "\x1b[<u"  # the keyboard protocol
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"  # the mouse
    "\x1b[?2004l\x1b[?2048l\x1b[?1004l"  # pastes, sizes, focus
    "\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[0m"
)


class Terminal:
    """Knows how the terminal was found, and whether it is taken over.

    Attributes:
        taken: Whether the program has a screen of its own on it.
    """

    def __init__(self) -> None:
        """Look at the terminal as it is now."""
        self.taken = False
        self._modes = self._present_modes()
        self._timer: threading.Timer | None = None

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Have the terminal back after what is inside, in the state that it was in before."""
        try:
            yield
        finally:
            if self._timer is not None:
                self._timer.cancel()
            self.give_back()

    def give_back(self) -> None:
        """Restore the modes, and leave the screen of the program if it is still on."""
        if self.taken:
            self.taken = False
            _write(_GIVE_BACK)
        if sys.platform != "win32" and self._modes is not None:
            try:
                if self._modes != termios.tcgetattr(_descriptor()):
                    termios.tcsetattr(_descriptor(), termios.TCSANOW, self._modes)
            except (OSError, ValueError, termios.error):
                return  # the terminal is gone

    def end_by_force_after(self, code: int, patience_s: float = PATIENCE_S) -> None:
        """End the process with ``code`` unless it has ended by itself in ``patience_s``.

        A thread of its own does it: what holds up the end may hold up the event loop too.
        """
        if self._timer is None:
            self._timer = threading.Timer(patience_s, self._end, (code,))
            self._timer.daemon = True
            self._timer.start()

    def _end(self, code: int) -> None:
        self.give_back()
        os._exit(code)

    @staticmethod
    def _present_modes() -> "list[Any] | None":
        if sys.platform == "win32":
            return None
        try:
            return termios.tcgetattr(_descriptor())
        except (OSError, ValueError, termios.error):
            return None


def _descriptor() -> int:
    stdin: TextIO | None = sys.__stdin__
    if stdin is None:
        raise ValueError("there is no standard input")
    return stdin.fileno()


def _write(text: str) -> None:
    stderr: TextIO | None = sys.__stderr__
    try:
        if stderr is not None:
            os.write(stderr.fileno(), text.encode("ascii"))
    except (OSError, ValueError):
        return  # nobody is there to see it
