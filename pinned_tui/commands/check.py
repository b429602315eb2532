"""``pinned-tui check``: the whole diagnosis without a screen."""

import argparse
import asyncio
import contextlib
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from pinned_tui.api.budget import Budget
from pinned_tui.api.surroundings import survey
from pinned_tui.ask import RawCheckRequest
from pinned_tui.checkup import Progress, new_session, run_check
from pinned_tui.clock import SystemClock
from pinned_tui.commands.asking import read_asking
from pinned_tui.commands.ending import ended_by
from pinned_tui.commands.frame import OWN_FAULT, CommandError
from pinned_tui.commands.key import find_key
from pinned_tui.commands.output import deliver, place
from pinned_tui.commands.store import SessionSaver
from pinned_tui.commands.streams import at_terminal, columns, draws, say, tell
from pinned_tui.commands.watch import LONGEST_MIN, PAUSE_S, SHORTEST_PAUSE_S, WatchPace, watch
from pinned_tui.contract.base_url import BaseUrl
from pinned_tui.crash import tell_of_stray
from pinned_tui.planning import ProbeCard, planned
from pinned_tui.privacy.clean import clean_line
from pinned_tui.probes.links import LINKS
from pinned_tui.session import Outcome, Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinned_tui.privacy.secret import Secret

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
            say("interrupted. What was found out until then follows.")
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
    repeated = " With --watch it may be sent at each look." if again else ""
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
