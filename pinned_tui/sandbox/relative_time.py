"""Moments written relative to the sandbox's start, so that scenarios never age.

``+14d 19:00 Europe/Vienna`` is 19:00 on the clocks of Vienna, 14 days after the day it is there
when the sandbox starts; ``-1d 09:04:30 UTC`` lies in the past.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pinned_tui.core.clock import timestamp

_EXPRESSION = re.compile(r"(?P<days>[+-]\d{1,4})d (?P<time>\d\d:\d\d(:\d\d)?) (?P<zone>[\w/+-]+)")


@dataclass(frozen=True, slots=True)
class When:
    """A moment relative to a start: days from then, and a wall time in a zone."""

    days: int
    time: time
    zone: str

    def at(self, start: datetime) -> datetime:
        """Return the moment for the aware datetime ``start``, in the zone of this."""
        zone = ZoneInfo(self.zone)
        day = start.astimezone(zone).date() + timedelta(days=self.days)
        return datetime.combine(day, self.time, zone)


def parse(text: str) -> When:
    """Read an expression such as ``+14d 19:00 Europe/Vienna``.

    Raises:
        ValueError: ``text`` is not such an expression.
    """
    match = _EXPRESSION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not written like '+14d 19:00 Europe/Vienna'")
    return When(int(match["days"]), time.fromisoformat(match["time"]), match["zone"])


def resolve(value: Any, start: datetime) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value with every expression in it replaced by its date-time with offset.

    Moments in UTC are written as the API writes its own, which are compared as texts.
    """
    if isinstance(value, str) and _EXPRESSION.fullmatch(value):
        when = parse(value)
        moment = when.at(start)
        return timestamp(moment) if when.zone == "UTC" else moment.isoformat()
    if isinstance(value, dict):
        return {key: resolve(item, start) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, start) for item in value]
    return value
