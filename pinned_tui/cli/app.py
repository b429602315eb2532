"""``pinned-tui`` and ``pinned-tui open``: the terminal app."""

import argparse
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from pinned_tui.api_spec.routes import DEFAULT_BASE_URL
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.cli import signals
from pinned_tui.cli.key import find_key, without_known
from pinned_tui.cli.options import read_asking
from pinned_tui.cli.runner import CommandError
from pinned_tui.cli.streams import say
from pinned_tui.core.clock import SystemClock
from pinned_tui.core.demo import Demo
from pinned_tui.core.input_files import read_session_file
from pinned_tui.core.private_files import named, typed_path
from pinned_tui.history.fallback import FallbackStore
from pinned_tui.history.location import data_folder, default_path
from pinned_tui.session import Session, SessionFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinned_tui.history.store import Guard
    from pinned_tui.redaction.secret import Secret

_OTHERWISE = "For anything other than such a report, use: pinned-tui inspect FILE."


def open_app(options: argparse.Namespace) -> int:
    """Open the guided app, with what the options bring along."""
    secret = find_key(options, ask=False)
    asking = read_asking(options, secret)
    return _open(asking.base.url, options.secrets, ask=asking.ask)


def open_file(options: argparse.Namespace) -> int:
    """Look at a session file, read-only.

    Raises:
        CommandError: the file holds no session.
        FileProblem: it can't be read, or is something else altogether.
    """
    from pinned_tui.report.json_report import read

    document = read_session_file(options.file)
    try:
        session = read(document)
    except SessionFileError as error:
        raise CommandError(f"{named(typed_path(options.file))}: {error} {_OTHERWISE}") from None
    opened = without_known(session, options.secrets)
    return _open(opened.target.base_url, options.secrets, opened=opened)


def open_demo(demo: Demo, secrets: "Sequence[Secret]" = ()) -> int:
    """Open the guided app against the local sandbox."""
    return _open(DEFAULT_BASE_URL, secrets, demo=demo)


def _open(
    base_url: str,
    known: "Sequence[Secret]",
    *,
    ask: RawCheckRequest | None = None,
    demo: Demo | None = None,
    opened: Session | None = None,
) -> int:
    _require_terminal()
    from pinned_tui.tui import run
    from pinned_tui.tui.services import Notices, Services

    clock = SystemClock()
    ask = ask or RawCheckRequest(secret=None)
    secrets = [*([ask.secret] if ask.secret else []), *known]
    notices = Notices()
    history = FallbackStore(
        default_path(os.environ), clock=clock, notice=notices, guard=_guard(secrets)
    )
    services = Services(
        clock=clock,
        history=history,
        base_url=base_url,
        data_folder=data_folder(os.environ),
        environment=dict(os.environ),
        secret=ask.secret,
        secrets=secrets,
        notices=notices,
        demo=demo,
        given=replace(ask, secret=None),
        opened=opened,
    )
    try:
        with signals.left_to_asyncio():
            code = run(services)
            signals.too_late()  # Ctrl+C is often hit once more than it takes
            return code
    finally:
        history.close()
        for notice in notices.rest():
            say(notice)


def _require_terminal() -> None:
    """Refuse to open the app where Textual has no terminal to read from and to draw on.

    Raises:
        CommandError: there is none; it names the command that needs none.
    """
    drawn_on = sys.__stdout__ if os.name == "nt" else sys.__stderr__
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, drawn_on)):
        raise CommandError(
            "the app needs a terminal to read keys from and to draw on, and there is none here."
            " 'pinned-tui check' runs the same diagnosis without a screen."
        )


def _guard(secrets: "Sequence[Secret]") -> "Guard":
    """Return the history's guard against ``secrets``; what it takes is imported when it is used."""

    def guard(document: bytes) -> None:
        from pinned_tui.history.leak_guard import leak_guard

        leak_guard(lambda: secrets)(document)

    return guard
