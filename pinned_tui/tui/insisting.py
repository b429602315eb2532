"""Ctrl+C, pressed again and again, ends the program, whatever it is doing.

Usually the app hears it: it copies, or asks, or leaves in order. But what hangs hears nothing. So
each Ctrl+C is counted where it is read from the terminal, in a thread that nothing on a page can
hold up.
"""

import threading
from collections.abc import Callable

AGAIN_S = 2.0
"""How long after Ctrl+C a second one quits."""

INSISTING_S = 5.0
"""How long the app may take to hear the second one."""


class ForcedExit:
    """Compares what was pressed with what was heard."""

    def __init__(self, give_up: Callable[[], None], patience_s: float = INSISTING_S) -> None:
        """Call ``give_up``, from a thread, where a second Ctrl+C is not heard in ``patience_s``."""
        self._give_up = give_up
        self._patience_s = patience_s
        self._pressed_at = -AGAIN_S
        self._heard_at = -AGAIN_S
        self._timer: threading.Timer | None = None

    def pressed(self, at: float) -> None:
        """Take note that Ctrl+C came from the terminal, ``at`` on Textual's clock."""
        again, self._pressed_at = at - self._pressed_at <= AGAIN_S, at
        if again and self._timer is None:
            self._timer = threading.Timer(self._patience_s, self._judge, (at,))
            self._timer.daemon = True
            self._timer.start()

    def heard(self, at: float) -> None:
        """Take note that the app acts upon the Ctrl+C that was pressed then."""
        self._heard_at = at

    def _judge(self, at: float) -> None:
        self._timer = None
        if self._heard_at < at:
            self._give_up()
