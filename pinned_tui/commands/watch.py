"""``check --watch``: repeats what decides, politely, until it passes.

For the time when a colleague mends it. Only the probes behind the verdict are repeated; once they
pass, all checks run once more, since one fault may have hidden another.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from pinned_tui.clock import Clock, parse_timestamp
from pinned_tui.report.comparison import compare, told
from pinned_tui.session import NOT_REPRODUCED, Outcome, Session
from pinned_tui.wording import FATE, OUTCOME, headline, plural, wait

SHORTEST_PAUSE_S = 10.0
PAUSE_S = 30.0
LONGEST_MIN = 60.0

_ON_THIS_MACHINE = frozenset({"key", "payload-form", "payload-slugs"})
_ANY_ANSWER = frozenset({"authentication"})
_NOT_REPEATED = frozenset({"run.unconsented", "authentication.refused-elsewhere"})
"""What is as it is until the person says otherwise."""


class Once(Protocol):
    """Runs the checks once more on a session, all of them or those that decide."""

    def __call__(self, session: Session, deciding: frozenset[str] | None) -> Awaitable[Session]:
        """Return the session with one run more, of purpose *verify*."""
        ...


@dataclass(frozen=True, slots=True)
class WatchPace:
    """How often and how long to watch, in seconds."""

    every_s: float = PAUSE_S
    at_most_s: float = LONGEST_MIN * 60


async def watch(
    session: Session,
    once: Once,
    *,
    pace: WatchPace,
    clock: Clock,
    tell: Callable[[str], None],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Session:
    """Repeat what decides until it passes, or the time is over.

    Args:
        session: With the run that found the problem.
        once: Runs checks once.
        pace: How often and how long.
        clock: Measures the time.
        tell: Shows where it stands, a line at a time.
        sleep: Waits a number of seconds.

    Returns:
        The session as it was left; its last run tells the outcome.
    """
    began = clock.monotonic()
    looks = 1
    if session.first_cause == NOT_REPRODUCED:
        tell("there is nothing to watch: these checks did not see what you named")
    while not _has_passed(session):
        deciding = what_decides(session)
        if not deciding:
            tell("there is nothing to watch: what was found is on this machine, or needs your word")
            return session
        told = _asked_to_wait(session, clock)
        pause = max(pace.every_s, told)
        gone = clock.monotonic() - began
        if gone + pause > pace.at_most_s:
            stopped = (
                f"stopped watching at {_at(clock)}, after {wait(gone)} and {plural(looks, 'look')}"
            )
            tell(f"{stopped}: {_why_stopped(pace, told, gone)}")
            return session
        seen = f"look {looks} at {_at(clock)}: {OUTCOME[session.outcome]}, {headline(session)}"
        asked = ", as the API asks" if told > pace.every_s else ""
        tell(f"{seen}. Next look in {wait(pause)}, at {_at(clock, pause)}{asked}")
        await sleep(pause)
        session = await once(session, deciding)
        looks += 1
        if _has_passed(session):
            tell(f"look {looks} at {_at(clock)}: what was found has passed. All checks run again")
            session = await once(session, None)
            looks += 1
            if _has_passed(session):
                tell(f"look {looks} at {_at(clock)}: {OUTCOME[session.outcome]}, stopped watching")
                for line in _proved(session):
                    tell(line)
    return session


def _has_passed(session: Session) -> bool:
    """Tell whether nothing is left that could pass; what was not met can't."""
    return session.outcome is Outcome.HEALTHY or session.first_cause == NOT_REPRODUCED


def _proved(session: Session) -> Iterator[str]:
    """Say what is mended, and what is only absent, a line each."""
    comparison = compare(session)
    for fate, said, why in told(comparison) if comparison is not None else ():
        yield f"{FATE[fate].glyph} {said}. {why.rstrip('.')}"


def _at(clock: Clock, later_s: float = 0.0) -> str:
    return f"{clock.now() + timedelta(seconds=later_s):%H:%M:%S} UTC"


def _why_stopped(pace: WatchPace, told_s: float, gone_s: float) -> str:
    """Say what ended the watch: the API's wait, or the time that was given."""
    left = pace.at_most_s - gone_s
    if told_s > max(pace.every_s, left):
        return (
            f"the API asks to wait {wait(told_s)}, and of the {wait(pace.at_most_s)} of"
            f" --watch-for {wait(left)} are left"
        )
    return f"the {wait(pace.at_most_s)} of --watch-for are over, and it is as it was"


def what_decides(session: Session) -> frozenset[str]:
    """Return the probes to repeat: those that saw what the verdicts rest on.

    What is read on this machine does not change by itself, what was not agreed to is not sent, and
    of the person's deployment only the person knows.
    """
    evidence = {id_ for verdict in session.verdicts for id_ in verdict.evidence}
    shown = [one for one in session.latest() if one.id in evidence]
    probes = {one.probe for one in shown if one.code not in _NOT_REPEATED}
    live = probes - _ON_THIS_MACHINE
    if not live or session.run is None:
        return frozenset()
    return frozenset(live & set(session.run.probes)) or _ANY_ANSWER


def _asked_to_wait(session: Session, clock: Clock) -> float:
    """Return the seconds that the latest run's answers ask to wait yet."""
    run = session.run
    limits = (
        x.response.rate_limit
        for x in session.exchanges
        if run is not None and x.run == run.id and x.response is not None
    )
    moments = [one.retry_at for one in limits if one is not None and one.retry_at is not None]
    now = clock.now()
    left = [(parse_timestamp(moment) - now).total_seconds() for moment in moments]
    return max(left, default=0.0)
