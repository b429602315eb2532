"""Whether this machine's clock agrees with the server's, by the ``Date`` of the answers.

It sends nothing. A wrong clock can't be why a static key is refused, but it spoils certificates,
dates of events and waiting times.
"""

from collections.abc import Iterable
from datetime import timedelta

from pinned_tui.clock import parse_timestamp
from pinned_tui.contract.ratelimit import http_date
from pinned_tui.probes.model import ProbeObservation
from pinned_tui.session import Exchange, Status
from pinned_tui.wording import plural

CLOCK_ID = "clock"
CLOCK_TITLE = "Compare the clocks"

_TOLERATED = timedelta(minutes=5)


def read_clocks(exchanges: Iterable[Exchange]) -> list[ProbeObservation]:
    """Return a note where the clocks are over five minutes apart; empty where they agree."""
    for exchange in exchanges:
        response = exchange.response
        server = http_date(response.headers.get("date")) if response else None
        if server is None or response is None or "age" in response.headers:
            continue
        here = parse_timestamp(exchange.started_at)
        apart = here - server
        if abs(apart) <= _TOLERATED:
            return []
        minutes = round(abs(apart) / timedelta(minutes=1))
        way = "ahead of" if apart > timedelta() else "behind"
        data = {"seconds": round(apart.total_seconds())}
        summary = (
            f"This machine's clock is about {plural(minutes, 'minute')} {way} the server's."
            " That can't be why a key is refused."
        )
        return [ProbeObservation("clock.skew", Status.WARN, summary, data, False)]
    return []
