"""From when on the API may be asked again, after it asked to wait. Pure."""

from datetime import datetime

from pinned_tui.clock import parse_timestamp
from pinned_tui.session import Session

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
