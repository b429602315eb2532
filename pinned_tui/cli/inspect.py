"""``pinned-tui inspect``: what is wrong with what was pasted, without sending anything."""

import argparse
import contextlib
import os
import sys
from dataclasses import dataclass

from pinned_tui.checks.inspection_run import Handed, inspected, new_inspection
from pinned_tui.cli.check import EXIT_CODES
from pinned_tui.cli.history import SessionSaver
from pinned_tui.cli.options import read_base_url
from pinned_tui.cli.output import deliver, place
from pinned_tui.cli.runner import CommandError
from pinned_tui.cli.streams import draws, say, tell
from pinned_tui.core.clock import SystemClock
from pinned_tui.core.input_files import LARGEST_INPUT, read_input_file, within_input
from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import InputKind, InspectionContext, read_input
from pinned_tui.session import Outcome, replace, without_pasted

_STANDARD_INPUT = "-"
_BAR = 20


@dataclass
class _Bar:
    """A bar at the terminal that tells how far the work has come."""

    live: bool
    shown: int = -1

    def say(self, done: float) -> None:
        """Draw ``done``, from 0 to 1, where it has changed."""
        step = int(done * _BAR)
        if self.live and step != self.shown:
            self.shown = step
            bar = "█" * step + "░" * (_BAR - step)
            tell(f"\rInspecting the input {bar} {done:>4.0%}")

    def end(self) -> None:
        """Take the bar away."""
        if self.shown >= 0:
            tell("\r" + " " * (_BAR + 28) + "\r")


def inspect(options: argparse.Namespace) -> int:
    """Inspect a file or standard input, keep the session, show it."""
    place(options)
    data, name = _read(options.file)
    base = read_base_url(None)
    clock = SystemClock()
    pasted = read_input(data)
    kind = InputKind(options.kind) if options.kind else None
    bar = _Bar(live=draws(sys.stderr))
    try:
        inspection = look(pasted, InspectionContext(now=clock.now(), say=bar.say), kind)
    finally:
        bar.end()
    secrets = (*inspection.secrets, *options.secrets)
    options.secrets[:] = secrets
    session = inspected(
        new_inspection(base_url=base.url, clock=clock),
        Handed(pasted.text, name, pasted.size),
        inspection,
        clock=clock,
        secrets=secrets,
    )
    if not options.no_history:
        with contextlib.closing(SessionSaver(clock, secrets)) as keeper:
            session = replace(session, id=keeper.keep(without_pasted(session)).id)
    deliver(session, options, secrets, with_pasted=True)
    return EXIT_CODES[session.outcome or Outcome.INCONCLUSIVE]


def _read(file: str | None) -> tuple[bytes, str]:
    """Return what is to be inspected, and its name.

    Raises:
        CommandError: nothing was handed over.
        FileProblem: it can't be read, or is too large.
    """
    if file in {None, _STANDARD_INPUT}:
        if file is None and sys.stdin.isatty():
            raise CommandError(
                "name a file to inspect, or pipe the input in: pinned-tui inspect FILE,"
                " or … | pinned-tui inspect -"
            )
        if sys.stdin.isatty():
            say(f"paste the input, then press {'Ctrl+Z, Enter' if os.name == 'nt' else 'Ctrl+D'}.")
        return within_input(
            sys.stdin.buffer.read(LARGEST_INPUT + 1), "Standard input"
        ), "standard input"
    return read_input_file(str(file))
