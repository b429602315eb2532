"""Whether an answer that depends on the key came from a cache, by its fields.

It sends nothing. A cached answer may be out of date or meant for another key, yet nothing says that
it is wrong: so this is a note.
"""

import re
from collections.abc import Iterable

from pinned_tui.probes.model import Seen
from pinned_tui.session import Exchange, Status

PROBE_ID = "caching"
TITLE = "Look for answers from a cache"

_HIT_FIELDS = ("x-cache", "cf-cache-status", "cache-status")
_AGE = re.compile(r"0*[1-9][0-9]{0,11}")
_HIT = re.compile(r"\bhit\b", re.IGNORECASE)


def read_marks(exchanges: Iterable[Exchange]) -> list[Seen]:
    """Return a note where an answer to a key carries a cache's marks; empty where none does.

    ``Age`` is the time in a cache (RFC 9111, section 5.1); ``Cache-Status`` tells of a hit
    (RFC 9211), and so do the fields that content networks use.
    """
    for exchange in exchanges:
        response = exchange.response
        if response is None or not _carried_a_key(exchange):
            continue
        age = response.headers.get("age", "").strip()
        marks = [f"Age: {age}"] if _AGE.fullmatch(age) else []
        marks += [
            f"{name}: {value}"
            for name in _HIT_FIELDS
            if (value := response.headers.get(name)) is not None and _HIT.search(value)
        ]
        if marks:
            request = exchange.request
            data = {"method": request.method, "exchange": exchange.id, "marks": marks}
            summary = f"An answer that depends on the key comes from a cache ({', '.join(marks)})."
            return [Seen("answer.cached", Status.WARN, summary, data, False)]
    return []


def _carried_a_key(exchange: Exchange) -> bool:
    return bool(
        {"authorization", "x-api-key"} & {name.lower() for name in exchange.request.headers}
    )
