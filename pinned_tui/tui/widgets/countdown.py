"""Counts down to the moment from which the API may be asked again."""

from collections.abc import Callable
from datetime import datetime

from textual.message import Message
from textual.widgets import Static

from pinned_tui.clock import parse_timestamp
from pinned_tui.session import Session
from pinned_tui.tui.widgets.text import words
from pinned_tui.wording import wait

LIMITED = frozenset({"rate-limited", "rate-limited-by-edge"})


def retry_moment(session: Session | None) -> datetime | None:
    """Return from when on the API may be asked again, where its leading verdict is a limit."""
    if session is None or session.first_cause not in LIMITED:
        return None
    run = session.run
    for exchange in reversed(session.exchanges):
        limit = exchange.response.rate_limit if exchange.response is not None else None
        if run is not None and exchange.run == run.id and limit is not None and limit.retry_at:
            try:
                return parse_timestamp(limit.retry_at)
            except ValueError:
                return None
    return None


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
            self.update(words(f"The API asks to wait. Verify in {wait(left)}.", "$text-warning"))
        elif not self._over:
            self._over = True
            self.update(words("The wait is over: you can verify now.", "$text-success"))
            self.post_message(self.Over())
