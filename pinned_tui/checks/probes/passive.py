"""What the responses to other probes show. Nothing is sent: limits are never probed by bursts."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from pinned_tui.api_spec.rate_limit import http_date, requests_left
from pinned_tui.api_spec.response_origin import cache_marks
from pinned_tui.checks.model import ProbeObservation
from pinned_tui.checks.observations import observe
from pinned_tui.core.clock import parse_timestamp
from pinned_tui.core.labels import plural
from pinned_tui.session import Exchange, Status

CACHING_ID = "caching"


def read_marks(exchanges: Iterable[Exchange]) -> list[ProbeObservation]:
    """Return a note where a response to a key carries a cache's marks; empty where none does."""
    for exchange in exchanges:
        response = exchange.response
        if response is None or not _carried_a_key(exchange):
            continue
        marks = cache_marks(response.headers)
        if marks:
            request = exchange.request
            data = {"method": request.method, "exchange": exchange.id, "marks": marks}
            shown = ", ".join(marks)
            return [observe("answer.cached", Status.WARN, data, asked=False, shown_marks=shown)]
    return []


def _carried_a_key(exchange: Exchange) -> bool:
    return bool(
        {"authorization", "x-api-key"} & {name.lower() for name in exchange.request.headers}
    )


CLOCK_ID = "clock"

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
        return [
            observe(
                "clock.skew",
                Status.WARN,
                {"seconds": round(apart.total_seconds())},
                asked=False,
                variant="ahead" if apart > timedelta() else "behind",
                minutes=plural(minutes, "minute"),
            )
        ]
    return []


PAGE_SIZE_ID = "page-sizes"

_ASKED = re.compile(r"[?&]limit=([0-9]{1,9})\b")


def read_limits(exchanges: Iterable[Exchange]) -> list[ProbeObservation]:
    """Return a note where a list caps the page size that was asked for; empty where none does.

    The limit that counts is the one in the response (page *Pagination*). A list that says how many
    entries it holds in place of its limit, and holds them all, caps nothing.
    """
    for exchange in exchanges:
        asked, response = _asked(exchange), _listed(exchange)
        if asked is None or response is None:
            continue
        limit = _count(response.get("limit"))
        if not 0 < limit < asked or _merely_counts(response, limit):
            continue
        route = f"{exchange.request.method} {urlsplit(exchange.request.url).path}"
        data = {"route": route, "asked": asked, "limit": limit, "exchange": exchange.id}
        return [observe("list.limit-capped", Status.WARN, data, asked=False)]
    return []


def _asked(exchange: Exchange) -> int | None:
    found = _ASKED.search(exchange.request.url)
    return int(found[1]) if found else None


def _listed(exchange: Exchange) -> Mapping[str, Any] | None:
    response = exchange.response
    if response is None or response.status != 200 or not isinstance(response.excerpt, dict):
        return None
    return response.excerpt if "docs" in response.excerpt else None


def _merely_counts(response: Mapping[str, Any], limit: int) -> bool:
    entries = len(response["docs"]) + response.get("docsLeftOut", 0)
    more = response.get("hasNextPage") is True or _count(response.get("totalPages")) > 1
    return entries == limit and not more and _count(response.get("totalDocs")) <= entries


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


LIMITS_ID = "rate-limits"
LIMITS_TITLE = "Read the rate-limit fields of the responses"


def read_fields(exchanges: Iterable[Exchange]) -> list[ProbeObservation]:
    """Return what the latest response with rate-limit fields said; empty where none had any."""
    having = [x for x in exchanges if x.response is not None and x.response.rate_limit is not None]
    if not having or having[-1].response is None or having[-1].response.rate_limit is None:
        return []
    fields = having[-1].response.rate_limit.fields
    left = requests_left(fields)
    of = next((v for n, v in fields.items() if n.endswith("-limit")), None)
    return [
        observe(
            "rate.fields",
            Status.WARN if left == 0 else Status.PASS,
            {"fields": dict(fields)},
            asked=False,
            variant=None if left is None else "left-of" if of else "left",
            requests=None if left is None else plural(left, "request"),
            limit=of,
        )
    ]
