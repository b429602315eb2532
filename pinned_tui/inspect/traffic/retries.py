"""What the times of the requests show about rate limits. Guide: Rate limits. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from pinned_tui.core.clock import timestamp
from pinned_tui.core.labels import duration, moment, plural
from pinned_tui.inspect.sentences import say
from pinned_tui.inspect.traffic.findings import TrafficFindings
from pinned_tui.inspect.traffic.grouping import RequestGroup
from pinned_tui.inspect.traffic.model import LoggedExchange
from pinned_tui.session import Certainty

_TOLERANCE_S = 1.0
"""Logs often tell seconds only, and lines are written when a response has come."""

_TICK_S = 0.02
"""The same where times have fractions; waits are told in whole seconds, so that is close enough."""

_FEWEST_RETRIES = 3
_LONGEST_PACE_S = 60.0
_AT_ONCE_S = 1.0
_BURST = 6
_BURST_S = 1.0
_REACTION_S = 2.0


def judge_rates(
    requests: Sequence[LoggedExchange], threads: Iterable[RequestGroup], findings: TrafficFindings
) -> None:
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


@dataclass(slots=True)
class _Wait:
    """A time in which a route is to be left alone, because the API said so.

    Attributes:
        began: When the first response said so; later responses lengthen the wait and begin none.
        end: From when on the route may be asked again.
        latest: The latest request that got such a response.
    """

    began: float
    end: float
    latest: LoggedExchange


def _ignored_waits(
    requests: Sequence[LoggedExchange], threads: Iterable[RequestGroup], findings: TrafficFindings
) -> set[int]:
    """Find requests to a route that was still to be left alone; the API said so in a 429."""
    waits: dict[str, _Wait] = {}
    remarks: dict[int, str] = {}
    timed = [one for one in requests if one.at is not None]
    tick = _TICK_S if any((one.at or 0.0) % 1 for one in timed) else _TOLERANCE_S
    exact = findings.unit == "entry"
    for one in timed:
        route = f"{one.method} {one.place.template}"
        wait = waits.get(route)
        sure = _is_early(one, wait, tick, exact=exact) if wait is not None else None
        if wait is not None and sure is not None:
            remarks[id(one)] = _report_early(one, wait, sure, findings)
        if one.status == 429 and one.wait_s and one.responded_at is not None:
            until = one.responded_at + one.wait_s
            running = wait is not None and (one.at or 0.0) < wait.end
            began = wait.began if wait is not None and running else one.responded_at
            end = max(wait.end, until) if wait is not None and running else until
            waits[route] = _Wait(began, end, one)
    for thread in threads if remarks else ():
        for place, seen in enumerate(thread.seen):
            if id(seen) in remarks:
                thread.remarks.setdefault(place, remarks[id(seen)])
    return set(remarks)


def _is_early(one: LoggedExchange, wait: _Wait, tick: float, *, exact: bool) -> Certainty | None:
    """Tell how sure it is that a request was sent within a wait that its sender knew of.

    Where the times of the responses are not exact, a request shortly behind a 429 may have been
    sent beside it: another attempt of the same thing was not, as a client waits for its response.
    """
    at, latest = one.at or 0.0, wait.latest
    if wait.end - at < tick:
        return None
    if at - wait.began >= _TOLERANCE_S or (exact and at - wait.began >= tick):
        return Certainty.CONFIRMED
    if exact or at <= (latest.at or 0.0):
        return None
    mine, others = _about(one), _about(latest)
    if mine and others:
        return Certainty.CONFIRMED if mine & others else None
    return Certainty.LIKELY if not mine and not others else None


def _about(one: LoggedExchange) -> set[object]:
    """Return what tells which event a request is about."""
    named = (one.key, one.digest, one.source, one.hint)
    return {(place, each) for place, each in enumerate(named) if each is not None}


def _report_early(
    one: LoggedExchange, wait: _Wait, sure: Certainty, findings: TrafficFindings
) -> str:
    """Report a request within a wait, and return what to note beside it."""
    latest = wait.latest
    length = duration(latest.wait_s or 0.0)
    since = latest.at if (latest.responded_at or 0.0) > (one.at or 0.0) else latest.responded_at
    waited = duration((one.at or 0.0) - (since or 0.0))
    together = say("traffic.rate-retry-after-ignored.or-together")
    findings.add(
        "rate-retry-after-ignored", sure, one,
        say(
            "traffic.rate-retry-after-ignored.seen",
            unit=findings.unit.capitalize(),
            line=latest.line,
            wait=length,
            waited=waited,
        ),
        retry_at=moment(timestamp(datetime.fromtimestamp(wait.end, UTC))),
        alternatives=() if sure is Certainty.CONFIRMED else (together,),
    )  # fmt: skip
    return say("traffic.remark.early", waited=waited, wait=length)


def _pace(thread: RequestGroup, findings: TrafficFindings, ignored: set[int]) -> None:
    """Find retries of the same thing at once, or at a fixed pace."""
    runs: list[list[LoggedExchange]] = [[]]
    for one in thread.seen:
        if one.at is not None:
            runs[-1].append(one)
        if not one.transient and runs[-1]:
            runs.append([])
    for run in runs:
        pace = _pace_of(run)
        if pace is None or (len(run) > 1 and id(run[1]) in ignored and len(run) < 5):
            continue
        findings.add(
            "rate-no-backoff",
            Certainty.CONFIRMED,
            run[1],
            say(
                "traffic.rate-no-backoff.seen",
                retries=plural(len(run) - 1, "retry", "retries"),
                pace=pace,
            ),
            actual=pace,
        )


def _pace_of(run: list[LoggedExchange]) -> str | None:
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
        return say("traffic.rate-no-backoff.at-once", span=duration(sum(gaps)))
    mean = sum(gaps) / len(gaps)
    even = max(gaps) - min(gaps) <= max(0.1 * mean, 0.25)
    if even and mean <= _LONGEST_PACE_S:
        return say("traffic.rate-no-backoff.every", span=duration(mean))
    return None


def _bursts(requests: Sequence[LoggedExchange], findings: TrafficFindings) -> None:
    """Find many requests within a second of which some met the limit."""
    timed = [one for one in requests if one.at is not None]
    limited = [one.at or 0.0 for one in timed if one.status == 429]
    if not limited:
        return
    first = 0
    largest: tuple[int, LoggedExchange] | None = None
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
            say("traffic.rate-burst.seen", requests=plural(count, "request")),
            count=count,
        )  # fmt: skip
