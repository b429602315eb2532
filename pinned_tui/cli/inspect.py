"""``pinned-tui inspect``: what is wrong with what was pasted, without sending anything."""

import argparse
import contextlib
import os
import sys
from dataclasses import dataclass
from functools import partial

from pinned_tui.checks.inspection_run import Handed, inspected, new_inspection
from pinned_tui.cli.check import EXIT_CODES
from pinned_tui.cli.history import SessionSaver
from pinned_tui.cli.options import read_base_url
from pinned_tui.cli.output import deliver, place
from pinned_tui.cli.runner import CommandError
from pinned_tui.cli.streams import draws, say, tell
from pinned_tui.core.clock import SystemClock
from pinned_tui.core.input_files import opened_input, pieces_of
from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import InputKind, InputText, InspectionContext
from pinned_tui.inspect.streaming.reading import read_pieces
from pinned_tui.session import Outcome, replace, without_pasted

_STANDARD_INPUT = "-"
_BAR = 20
_STEP = 8_000_000
"""Octets after which the count of what was read is drawn again."""


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

    def read(self, octets: int, of: int | None = None) -> None:
        """Draw how much of a large input was read, of a size that is known for files."""
        step = octets // _STEP
        if self.live and step not in {0, self.shown}:
            self.shown = step
            share = f" of {of // 1_000_000:,} MB" if of else ""
            tell(f"\rReading the input: {octets // 1_000_000:,} MB{share} ")

    def end(self) -> None:
        """Take the bar away."""
        if self.shown >= 0:
            tell("\r" + " " * (_BAR + 28) + "\r")


def inspect(options: argparse.Namespace) -> int:
    """Inspect a file or standard input, keep the session, show it."""
    place(options)
    base = read_base_url(None)
    clock = SystemClock()
    kind = InputKind(options.kind) if options.kind else None
    bar = _Bar(live=draws(sys.stderr))
    try:
        pasted, name = _read(options.file, bar)
        inspection = look(pasted, InspectionContext(now=clock.now(), say=bar.say), kind)
    finally:
        bar.end()
    secrets = (*inspection.secrets, *options.secrets)
    options.secrets[:] = secrets
    session = inspected(
        new_inspection(base_url=base.url, clock=clock),
        Handed.of(pasted, name),
        inspection,
        clock=clock,
        secrets=secrets,
    )
    if not options.no_history:
        with contextlib.closing(SessionSaver(clock, secrets)) as keeper:
            session = replace(session, id=keeper.keep(without_pasted(session)).id)
    deliver(session, options, secrets, with_pasted=True)
    return EXIT_CODES[session.outcome or Outcome.INCONCLUSIVE]


def _read(file: str | None, bar: _Bar) -> tuple[InputText, str]:
    """Return what is to be inspected, and its name.

    Raises:
        CommandError: nothing was handed over.
        FileProblem: it can't be read.
    """
    if file not in {None, _STANDARD_INPUT}:
        with opened_input(str(file)) as opened:
            heard = partial(bar.read, of=opened.size)
            return read_pieces(opened.pieces, opened.shown, heard), opened.name
    if file is None and sys.stdin.isatty():
        raise CommandError(
            "name a file to inspect, or pipe the input in: pinned-tui inspect FILE,"
            " or … | pinned-tui inspect -"
        )
    if sys.stdin.isatty():
        say(f"paste the input, then press {'Ctrl+Z, Enter' if os.name == 'nt' else 'Ctrl+D'}.")
        bar.live = False  # it would be drawn into what is typed
    pieces = pieces_of(sys.stdin.buffer)
    return read_pieces(pieces, "Standard input", bar.read), "standard input"
