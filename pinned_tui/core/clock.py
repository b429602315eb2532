"""The clock, passed in wherever time matters, so that tests can turn it."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the date and measures spans."""

    def now(self) -> datetime:
        """Return the current moment as an aware UTC datetime."""
        ...

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes back; only differences mean anything."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the current moment as an aware UTC datetime."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes back; only differences mean anything."""
        return time.monotonic()


def timestamp(moment: datetime) -> str:
    """Write ``moment`` as RFC 3339 in UTC with a ``Z``, to the millisecond."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def parse_timestamp(text: str) -> datetime:
    """Read what :func:`timestamp` wrote.

    Raises:
        ValueError: ``text`` is not such a timestamp.
    """
    if not text.endswith("Z"):
        raise ValueError(f"a timestamp ends with Z, not {text[-6:]!r}")
    return datetime.fromisoformat(text)
