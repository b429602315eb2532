"""``pinned-tui check``: the whole diagnosis without a screen."""

import argparse
import asyncio
import contextlib
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from pinned_tui.api_spec.routes import BaseUrl
from pinned_tui.checks.plan import ProbeCard, planned
from pinned_tui.checks.probes.links import LINKS
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import Progress, new_session, run_check
from pinned_tui.cli.history import SessionSaver
from pinned_tui.cli.key import find_key
from pinned_tui.cli.options import read_asking
from pinned_tui.cli.output import deliver, place
from pinned_tui.cli.runner import OWN_FAULT, CommandError
from pinned_tui.cli.signals import ended_by
from pinned_tui.cli.streams import at_terminal, columns, draws, say, tell
from pinned_tui.client.network_env import survey
from pinned_tui.client.throttle import Budget
from pinned_tui.core.clock import Clock, SystemClock, parse_timestamp
from pinned_tui.core.crash_report import tell_of_stray
from pinned_tui.core.labels import FATE, OUTCOME, headline, plural, wait
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.report.comparison import compare, fates
from pinned_tui.session import NOT_REPRODUCED, Outcome, Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinned_tui.redaction.secret import Secret


SHORTEST_PAUSE_S = 10.0
PAUSE_S = 30.0
LONGEST_MIN = 60.0

_ON_THIS_MACHINE = frozenset({"key", "payload-form", "payload-slugs"})
_ANY_ANSWER = frozenset({"authentication"})
_NOT_REPEATED = frozenset({"run.unconsented", "authentication.refused-elsewhere"})
"""What is as it is until the user says otherwise."""


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
        tell("nothing to watch: these checks did not see the symptom you named")
    while not _has_passed(session):
        deciding = what_decides(session)
        if not deciding:
            tell("nothing to watch: what was found is on this machine, or needs your consent")
            return session
        asked_s = _asked_to_wait(session, clock)
        pause = max(pace.every_s, asked_s)
        gone = clock.monotonic() - began
        if gone + pause > pace.at_most_s:
            stopped = (
                f"stopped watching at {_at(clock)}, after {wait(gone)} and {plural(looks, 'look')}"
            )
            tell(f"{stopped}: {_why_stopped(pace, asked_s, gone)}")
            return session
        seen = f"look {looks} at {_at(clock)}: {OUTCOME[session.outcome]}, {headline(session)}"
        asked = ", as the API asks" if asked_s > pace.every_s else ""
        tell(f"{seen}. Next look in {wait(pause)}, at {_at(clock, pause)}{asked}")
        await sleep(pause)
        session = await once(session, deciding)
        looks += 1
        if _has_passed(session):
            tell(f"look {looks} at {_at(clock)}: what was found passes. All checks run again")
            session = await once(session, None)
            looks += 1
            if _has_passed(session):
                tell(f"look {looks} at {_at(clock)}: {OUTCOME[session.outcome]}, stopped watching")
                for line in _proved(session):
                    tell(line)
    return session


def _has_passed(session: Session) -> bool:
    """Return whether nothing is left that could pass; what was not met can't."""
    return session.outcome is Outcome.HEALTHY or session.first_cause == NOT_REPRODUCED


def _proved(session: Session) -> Iterator[str]:
    """Yield what is fixed, and what is only absent, a line each."""
    comparison = compare(session)
    for fate, said, why in fates(comparison) if comparison is not None else ():
        yield f"{FATE[fate].glyph} {said}. {why.rstrip('.')}"


def _at(clock: Clock, later_s: float = 0.0) -> str:
    return f"{clock.now() + timedelta(seconds=later_s):%H:%M:%S} UTC"


def _why_stopped(pace: WatchPace, asked_s: float, gone_s: float) -> str:
    """Say what ended the watch: the API's wait, or the time that was given."""
    left = pace.at_most_s - gone_s
    if asked_s > max(pace.every_s, left):
        return (
            f"the API asks to wait {wait(asked_s)}, and of the {wait(pace.at_most_s)} of"
            f" --watch-for {wait(left)} are left"
        )
    return f"the {wait(pace.at_most_s)} of --watch-for are over, and nothing has changed"


def what_decides(session: Session) -> frozenset[str]:
    """Return the probes to repeat: those that saw what the verdicts rest on.

    What is read on this machine does not change by itself, what was not agreed to is not sent, and
    of the user's deployment only the user knows.
    """
    evidence = {id_ for verdict in session.verdicts for id_ in verdict.evidence}
    shown = [one for one in session.latest() if one.id in evidence]
    probes = {one.probe for one in shown if one.code not in _NOT_REPEATED}
    live = probes - _ON_THIS_MACHINE
    if not live or session.run is None:
        return frozenset()
    return frozenset(live & set(session.run.probes)) or _ANY_ANSWER


def _asked_to_wait(session: Session, clock: Clock) -> float:
    """Return the seconds that the latest run's responses still ask to wait."""
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


EXIT_CODES = {Outcome.HEALTHY: 0, Outcome.PROBLEM: 1, Outcome.INCONCLUSIVE: 3}


def check(options: argparse.Namespace) -> int:
    """Run the probes, keep the session, show it; the exit code tells the outcome."""
    place(options)
    pace = _pace(options)
    secret = find_key(options, ask=True)
    asking = read_asking(options, secret)
    ask = _with_consent(asking.ask, beforehand=options.allow_write_probes, again=options.watch)
    _tell_the_way(asking.base)
    clock = SystemClock()
    session = new_session(ask, base_url=asking.base.url, clock=clock)
    budget = Budget(check_s=options.timeout) if options.timeout else Budget()
    secrets: list[Secret] = [*([secret] if secret else []), *options.secrets]
    with contextlib.ExitStack() as stack:
        keeper = None
        if not options.no_history:
            keeper = SessionSaver(clock, secrets)
            stack.callback(keeper.close)
            if ask.channel is not None:
                ask = replace(ask, listed_before=keeper.channels_listed(session))
        follower = _Follower(session, keeper, live=draws(sys.stderr), watching=pace is not None)
        stack.callback(follower.keep)
        try:
            asyncio.run(_run(session, ask, follower, budget, pace, secrets))
        except (KeyboardInterrupt, asyncio.CancelledError):
            follower.end()
            say("interrupted. What was found until then follows.")
            if follower.watched is not None:  # a look that was cut short tells nothing
                follower.advanced(follower.watched)
    deliver(follower.session, options, secrets)
    return _exit_code(follower.session)


def _exit_code(session: Session) -> int:
    if any(observation.code == "run.crashed" for observation in session.latest()):
        return OWN_FAULT
    return EXIT_CODES[session.outcome or Outcome.INCONCLUSIVE]


def _tell_the_way(base: BaseUrl) -> None:
    """Say before anything is sent whom the key passes, and whose certificates are trusted."""
    surroundings = survey(base, os.environ)
    if surroundings.proxy is not None:
        proxy = surroundings.proxy
        say(f"the requests go through the proxy {proxy.shown}, which {proxy.source} names.")
    if surroundings.ca_file is not None and base.secure:
        say(f"trusted are {surroundings.trust}.")
    if surroundings.note is not None:
        say(surroundings.note)


def _pace(options: argparse.Namespace) -> WatchPace | None:
    """Return how to watch, or None where that was not asked for."""
    if not options.watch:
        for name in ("every", "watch_for"):
            if getattr(options, name) is not None:
                raise CommandError(f"--{name.replace('_', '-')} goes with --watch.")
        return None
    every, minutes = options.every or PAUSE_S, options.watch_for or LONGEST_MIN
    if every < SHORTEST_PAUSE_S:
        raise CommandError(
            f"--every can't be less than {SHORTEST_PAUSE_S:g} seconds, to be easy on the API."
        )
    return WatchPace(every, minutes * 60)


async def _run(
    session: Session,
    ask: RawCheckRequest,
    follower: "_Follower",
    budget: Budget,
    pace: WatchPace | None,
    secrets: "Sequence[Secret]",
) -> None:
    clock = SystemClock()
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    loop.set_exception_handler(tell_of_stray)

    def end() -> None:
        if task is not None:
            loop.call_soon_threadsafe(task.cancel)

    with ended_by(end):
        found = await run_check(
            session, ask, clock=clock, listener=follower, budget=budget, secrets=secrets
        )
        if pace is None:
            return

        async def once(session: Session, deciding: frozenset[str] | None) -> Session:
            follower.watched = session
            return await run_check(
                session, ask, clock=clock, listener=follower, purpose="verify", budget=budget,
                deciding=deciding, secrets=secrets,
            )  # fmt: skip

        def tell_line(text: str) -> None:
            follower.end()
            say(text + ".")

        await watch(found, once, pace=pace, clock=clock, tell=tell_line)
        follower.watched = None


def _with_consent(ask: RawCheckRequest, *, beforehand: bool, again: bool) -> RawCheckRequest:
    """Agree to the probes that do more than read: by the option, or one by one at a terminal."""
    asking = [card for card in planned(ask) if card.consent]
    links = {card.id for card in asking if card.id == LINKS.id}  # --open-links is the consent
    if beforehand:
        return replace(ask, consented=frozenset(c.id for c in asking), how="beforehand")
    if links:
        ask = replace(ask, consented=frozenset(links), how="beforehand")
    writing = [card for card in asking if card.id not in links]
    if not writing or not at_terminal():
        return ask
    agreed = frozenset(card.id for card in writing if _agreed(card, again=again))
    return replace(ask, consented=ask.consented | agreed, how="asked" if agreed else ask.how)


def _agreed(card: ProbeCard, *, again: bool) -> bool:
    repeated = " With --watch it may be sent on each check." if again else ""
    say(
        f"{card.title}: this sends {card.method} {card.route}.\n"
        f"It could change: {card.could_change}.\nIt leaves behind: {card.leaves}.{repeated}"
    )
    tell("Send it? [y/N] ")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


class _Follower:
    """Shows at a terminal what the check waits for, holds the session as it grows, and keeps it.

    It is kept when all is done, however that ends; with --watch, after each look too.

    Attributes:
        watched: While a look is repeated, the session before it.
    """

    def __init__(
        self, session: Session, keeper: SessionSaver | None, *, live: bool, watching: bool
    ) -> None:
        self.session = session
        self._began_with = session
        self._keeper = keeper
        self._live = live
        self._watching = watching
        self.watched: Session | None = None
        self._width = 0

    def progressed(self, progress: Progress) -> None:
        """Show what is waited for, on one line that is written over."""
        if self._live and progress.state == "running":
            line = clean_line(f"… {progress.title}: {progress.message}", columns(sys.stderr) - 1)
            tell(f"\r{line:<{self._width}}")
            self._width = len(line)

    def advanced(self, session: Session) -> None:
        """Take the session as it is now."""
        self.session = session
        if self._keeper is not None and self._watching and session.finished_at is not None:
            self._keeper.keep_soon(session)

    def keep(self) -> None:
        """Keep the session in the history, if there is anything to it."""
        self.end()
        if self._keeper is not None and self.session is not self._began_with:
            self.session = self._keeper.keep(self.session)

    def end(self) -> None:
        """Take the line away."""
        if self._width:
            tell("\r" + " " * self._width + "\r")
            self._width = 0
