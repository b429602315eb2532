"""Whether a list gives fewer entries a page than were asked for, by its own word.

It sends nothing. The checks read on by the list's own limit, so nothing is missed here; a client
that counts pages by the limit it asked for stops too early, or skips entries. So this is a note.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from pinned_tui.probes.model import ProbeObservation
from pinned_tui.session import Exchange, Status

PAGE_SIZE_ID = "page-sizes"
PAGE_SIZE_TITLE = "Hold the size of pages against what was asked for"

_ASKED = re.compile(r"[?&]limit=([0-9]{1,9})\b")


def read_limits(exchanges: Iterable[Exchange]) -> list[ProbeObservation]:
    """Return a note where a list caps the page size that was asked for; empty where none does.

    The limit that counts is the one in the answer (page *Pagination*). A list that says how many
    entries it holds in place of its limit, and holds them all, caps nothing.
    """
    for exchange in exchanges:
        asked, answer = _asked(exchange), _listed(exchange)
        if asked is None or answer is None:
            continue
        limit = _count(answer.get("limit"))
        if not 0 < limit < asked or _merely_counts(answer, limit):
            continue
        route = f"{exchange.request.method} {urlsplit(exchange.request.url).path}"
        data = {"route": route, "asked": asked, "limit": limit, "exchange": exchange.id}
        summary = (
            f"{route} was asked for {asked} entries a page and gives {limit}. Count pages by the"
            " limit in the answer: by your own you stop too early or skip entries."
        )
        return [ProbeObservation("list.limit-capped", Status.WARN, summary, data, False)]
    return []


def _asked(exchange: Exchange) -> int | None:
    found = _ASKED.search(exchange.request.url)
    return int(found[1]) if found else None


def _listed(exchange: Exchange) -> Mapping[str, Any] | None:
    response = exchange.response
    if response is None or response.status != 200 or not isinstance(response.excerpt, dict):
        return None
    return response.excerpt if "docs" in response.excerpt else None


def _merely_counts(answer: Mapping[str, Any], limit: int) -> bool:
    entries = len(answer["docs"]) + answer.get("docsLeftOut", 0)
    more = answer.get("hasNextPage") is True or _count(answer.get("totalPages")) > 1
    return entries == limit and not more and _count(answer.get("totalDocs")) <= entries


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
