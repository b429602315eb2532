"""Draws the story as a timeline that a user can read at a glance. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from pinned_tui.core.clock import timestamp
from pinned_tui.core.labels import plural
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.traffic.grouping import RequestGroup
from pinned_tui.inspect.traffic.model import LoggedExchange, Traffic
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Attempt, AttemptMark, Strand, Timeline

MOST_STRANDS = 40
MOST_ATTEMPTS = 30

_TROUBLE: dict[AttemptMark, int] = {
    "duplicate": 100,
    "conflict": 40,
    "in progress": 20,
    "refused": 20,
    "failed": 10,
    "limited": 10,
}
_ORDER: tuple[AttemptMark, ...] = (
    "created", "duplicate", "replayed", "conflict", "in progress", "updated", "read", "refused",
    "limited", "failed", "unknown",
)  # fmt: skip


def timeline(traffic: Traffic, threads: Sequence[RequestGroup]) -> Timeline:
    """Return the threads as strands, the most troubled first, then as they began."""
    shown = sorted(range(len(threads)), key=lambda place: (-_trouble(threads[place]), place))[
        :MOST_STRANDS
    ]
    return Timeline(
        requests=len(traffic.seen),
        passed_over=traffic.passed_over,
        strands=tuple(_strand(threads[place]) for place in shown),
        left_out=max(len(threads) - MOST_STRANDS, 0),
    )


def _trouble(thread: RequestGroup) -> int:
    counts = Counter(thread.marks)
    weight = sum(_TROUBLE.get(mark, 0) * min(count, 10) for mark, count in counts.items())
    weight += 5 * min(len(thread.remarks), 10)
    return weight // 4 if thread.recovered and "duplicate" not in counts else weight


def _strand(thread: RequestGroup) -> Strand:
    left = max(len(thread.seen) - MOST_ATTEMPTS, 0)
    attempts = tuple(_attempt(thread, place) for place in range(len(thread.seen) - left))
    return Strand(label=thread.label, summary=_summary(thread), attempts=attempts, left_out=left)


def _summary(thread: RequestGroup) -> str:
    """Count what came of the attempts; the events and keys are named where they are several."""
    counts = Counter(thread.marks)
    came = ", ".join(
        f"{counts[mark]:,} {mark}" if counts[mark] > 1 or len(counts) > 1 else mark
        for mark in _ORDER
        if counts[mark]
    )
    requests = plural(len(thread.seen), "request")
    parts = [say("traffic.strand.requests", requests=requests, marks=came)]
    ids, keys = thread.event_ids, thread.keys
    if len(ids) > 1:
        parts.append(say("traffic.strand.events", count=len(ids)))
    if len(keys) > 1:
        parts.append(say("traffic.strand.keys", count=len(keys)))
    return f"{'; '.join(parts)}."


def _attempt(thread: RequestGroup, place: int) -> Attempt:
    one = thread.seen[place]
    return Attempt(
        line=one.line,
        at=_moment(one),
        method=one.method,
        route=clean_line(one.place.route, 80),
        status=one.status,
        mark=thread.marks[place],
        idempotency_key=clean_line(one.key, 80) if one.key else None,
        event_id=clean_line(one.event_id, 60) if one.event_id else None,
        request_id=one.request_id,
        wait_s=one.wait_s,
        remark=thread.remarks.get(place),
    )


def _moment(one: LoggedExchange) -> str | None:
    return None if one.at is None else timestamp(datetime.fromtimestamp(one.at, UTC))
