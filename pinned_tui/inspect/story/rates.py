"""What the times of the requests show about rate limits. Guide: Rate limits. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from pinned_tui.clock import timestamp
from pinned_tui.inspect.log.model import Seen
from pinned_tui.inspect.story.findings import Findings
from pinned_tui.inspect.story.strands import Thread
from pinned_tui.session import Certainty
from pinned_tui.wording import duration, moment, plural

_TOLERANCE_S = 1.0
"""Logs often tell seconds only, and lines are written when an answer has come."""

_FEWEST_RETRIES = 3
_LONGEST_PACE_S = 60.0
_AT_ONCE_S = 1.0
_BURST = 6
_BURST_S = 1.0
_REACTION_S = 2.0


def judge_rates(requests: Sequence[Seen], threads: Iterable[Thread], findings: Findings) -> None:
    """Say what the pace of the requests shows.

    Args:
        requests: All of them, in order.
        threads: The same, grouped.
        findings: Takes the faults.
    """
    ignored = _ignored_waits(requests, threads, findings)
    for thread in threads:
        if not thread.anonymous:
            _pace(thread, findings, ignored)
    _bursts(requests, findings)


def _ignored_waits(
    requests: Sequence[Seen], threads: Iterable[Thread], findings: Findings
) -> set[int]:
    """Find requests to a route that was still to be left alone; the API said so in a 429."""
    until: dict[str, tuple[float, float, Seen]] = {}
    early: set[int] = set()
    remarks: dict[int, str] = {}
    for one in requests:
        if one.at is None:
            continue
        route = f"{one.method} {one.place.template}"
        began, end, limited = until.get(route, (0.0, 0.0, one))
        if one.at - began >= _TOLERANCE_S and end - one.at >= _TOLERANCE_S:
            early.add(id(one))
            waited = duration(one.at - began)
            remarks[id(one)] = f"{waited} into a wait of {duration(end - began)}"
            from_when = moment(timestamp(datetime.fromtimestamp(end, UTC)))
            findings.add(
                "rate-retry-after-ignored", Certainty.CONFIRMED, one,
                f"{findings.unit.capitalize()} {limited.line} was told to wait"
                f" {duration(end - began)}; the next request came after {waited}.",
                retry_at=from_when,
            )  # fmt: skip
        if one.status == 429 and one.wait_s and one.answered_at is not None:
            until[route] = (one.answered_at, one.answered_at + one.wait_s, one)
    for thread in threads if remarks else ():
        for place, seen in enumerate(thread.seen):
            if id(seen) in remarks:
                thread.remarks.setdefault(place, remarks[id(seen)])
    return early


def _pace(thread: Thread, findings: Findings, ignored: set[int]) -> None:
    """Find retries of the same thing at once, or at a fixed pace."""
    runs: list[list[Seen]] = [[]]
    for one in thread.seen:
        if one.at is not None:
            runs[-1].append(one)
        if not one.transient and runs[-1]:
            runs.append([])
    for run in runs:
        told = _pace_of(run)
        if told is None or (len(run) > 1 and id(run[1]) in ignored and len(run) < 5):
            continue
        findings.add(
            "rate-no-backoff",
            Certainty.CONFIRMED,
            run[1],
            f"{plural(len(run) - 1, 'retry', 'retries')} of the same request came {told}.",
            actual=told,
        )


def _pace_of(run: list[Seen]) -> str | None:
    """Say how the retries in a run follow each other, if that is no backoff."""
    pairs = list(pairwise(run))
    if len(pairs) < _FEWEST_RETRIES:
        return None
    gaps = [(b.at or 0.0) - (a.at or 0.0) for a, b in pairs]
    waits = [a.wait_s or 0.0 for a, _ in pairs]
    honoured = [w > 0 and gap >= w - _TOLERANCE_S for gap, w in zip(gaps, waits, strict=True)]
    if all(honoured) or min(gaps) < 0:
        return None
    if all(gap < _AT_ONCE_S for gap in gaps):
        return f"at once, within {duration(sum(gaps))}"
    mean = sum(gaps) / len(gaps)
    even = max(gaps) - min(gaps) <= max(0.1 * mean, 0.25)
    if even and mean <= _LONGEST_PACE_S:
        return f"every {duration(mean)}"
    return None


def _bursts(requests: Sequence[Seen], findings: Findings) -> None:
    """Find many requests within a second of which some met the limit."""
    timed = [one for one in requests if one.at is not None]
    limited = [one.at or 0.0 for one in timed if one.status == 429]
    if not limited:
        return
    first = 0
    largest: tuple[int, Seen] | None = None
    near = 0
    for last, one in enumerate(timed):
        at = one.at or 0.0
        while at - (timed[first].at or 0.0) >= _BURST_S:
            first += 1
        while near < len(limited) - 1 and limited[near] < at - _BURST_S:
            near += 1
        count = last - first + 1
        hit = abs(limited[near] - at) <= _REACTION_S
        if count >= _BURST and hit and (largest is None or count > largest[0]):
            largest = (count, timed[first])
    if largest is not None:
        count, begin = largest
        findings.add(
            "rate-burst", Certainty.LIKELY, begin,
            f"{plural(count, 'request')} were sent within a second, and the limit was met.",
            count=count,
        )  # fmt: skip
