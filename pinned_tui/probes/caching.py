"""Whether an answer that depends on the key came from a cache, by its fields.

It sends nothing. A cached answer may be out of date or meant for another key, yet nothing says that
it is wrong: so this is a note.
"""

from collections.abc import Iterable

from pinned_tui.contract.caching import cache_marks
from pinned_tui.probes.model import ProbeObservation
from pinned_tui.session import Exchange, Status

CACHING_ID = "caching"
CACHING_TITLE = "Look for answers from a cache"


def read_marks(exchanges: Iterable[Exchange]) -> list[ProbeObservation]:
    """Return a note where an answer to a key carries a cache's marks; empty where none does."""
    for exchange in exchanges:
        response = exchange.response
        if response is None or not _carried_a_key(exchange):
            continue
        marks = cache_marks(response.headers)
        if marks:
            request = exchange.request
            data = {"method": request.method, "exchange": exchange.id, "marks": marks}
            summary = f"An answer that depends on the key comes from a cache ({', '.join(marks)})."
            return [ProbeObservation("answer.cached", Status.WARN, summary, data, False)]
    return []


def _carried_a_key(exchange: Exchange) -> bool:
    return bool(
        {"authorization", "x-api-key"} & {name.lower() for name in exchange.request.headers}
    )
