"""Counts down to the moment from which the API may be asked again."""

from collections.abc import Callable
from datetime import datetime

from textual.message import Message
from textual.widgets import Static

from pinned_tui.core.labels import wait
from pinned_tui.tui.widgets.text import words


class Countdown(Static):
    """One line that counts down and says when the time has come."""

    class Over(Message):
        """The time has come."""

    def __init__(self, until: datetime, now: Callable[[], datetime]) -> None:
        """Count down to ``until`` on the clock ``now``."""
        super().__init__(classes="text after")
        self._until = until
        self._now = now
        self._over = False

    def on_mount(self) -> None:
        """Begin."""
        self._tick()
        self.set_interval(1.0, self._tick)

    def _tick(self) -> None:
        left = (self._until - self._now()).total_seconds()
        if left > 0:
            self.update(
                words(f"The API asks you to wait. You can verify in {wait(left)}.", "$text-warning")
            )
        elif not self._over:
            self._over = True
            self.update(words("The wait is over: you can verify now.", "$text-success"))
            self.post_message(self.Over())
