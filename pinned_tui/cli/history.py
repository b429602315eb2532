"""``pinned-tui history …`` and ``pinned-tui report``: what earlier sessions came to."""

import argparse
import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from pinned_tui.cli.key import text_without_known, without_known
from pinned_tui.cli.output import deliver
from pinned_tui.cli.runner import CommandError
from pinned_tui.cli.streams import put, say
from pinned_tui.core import labels
from pinned_tui.core.clock import Clock, SystemClock
from pinned_tui.history.entries import HistoryEntry, HistoryError
from pinned_tui.history.known_channels import channels_listed
from pinned_tui.history.leak_guard import leak_guard
from pinned_tui.history.location import default_path
from pinned_tui.history.store import HistoryStore
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Outcome, Session

_PATIENCE_S = 2.0
"""How long a command that asks the history waits for another program that holds it."""
_PATIENCE_TO_RECALL_S = 5.0
"""How long a check waits for what earlier ones knew, before it begins."""
_PATIENCE_TO_KEEP_S = 30.0
"""How long a command waits to keep its session: there is no other chance."""


@contextlib.contextmanager
def open_store(clock: Clock) -> Iterator[HistoryStore]:
    """Open the history of the past; what can't be done with it ends the command.

    Raises:
        CommandError: what was asked of the history can't be done.
    """
    path = default_path(os.environ)
    try:
        store = HistoryStore.open(path, clock=clock, notice=say, patience_s=_PATIENCE_S)
        with contextlib.closing(store):
            yield store
    except HistoryError as error:
        raise CommandError(str(error)) from None


class SessionSaver:
    """Keeps the session of a command in the history, and says so where it could not.

    Nothing that happens to the history stops the command.
    """

    def __init__(self, clock: Clock, secrets: Sequence[Secret]) -> None:
        """Prepare to keep a session.

        Args:
            clock: The clock.
            secrets: What must not get into the history; there may be more of them later.
        """
        self._clock = clock
        self._secrets = secrets
        self._said: set[str] = set()
        self._store = HistoryStore.at(
            default_path(os.environ),
            clock=clock,
            guard=leak_guard(lambda: secrets),
            notice=self._say,
            patience_s=_PATIENCE_TO_KEEP_S,
            waiting=lambda: self._say(
                "another program is using the history. Waiting for it, for"
                f" {_PATIENCE_TO_KEEP_S:.0f} s at most."
            ),
        )
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")
        self._kept_before = False

    def channels_listed(self, session: Session) -> dict[int, str]:
        """Return the channels that earlier sessions listed for a key like that of ``session``."""
        store = HistoryStore.at(
            default_path(os.environ),
            clock=self._clock,
            notice=self._say,
            patience_s=_PATIENCE_TO_RECALL_S,
        )
        with contextlib.closing(store):
            try:
                return channels_listed(store, session)
            except HistoryError as error:
                self._say(f"{error} What earlier sessions knew of this channel is not used.")
                return {}

    def keep_soon(self, session: Session) -> None:
        """Keep ``session`` beside the work; :meth:`keep` follows in the end and makes sure."""
        self._thread.submit(self._try, session)

    def keep(self, session: Session) -> Session:
        """Keep ``session``, and say so where that fails.

        Returns:
            The session as it is kept, which may be under another id.
        """
        self._thread.shutdown(wait=True)
        try:
            return self._store.save(session)
        except HistoryError as error:
            why = str(error)
        except KeyboardInterrupt:
            why = "Interrupted while waiting for another program that uses the history."
        said = (
            "The history holds this session as it was before its last check."
            if self._kept_before
            else "This session is not in the history."
        )
        self._say(f"{why} {said} Its result is still shown; --output FILE writes it to a file.")
        return session

    def close(self) -> None:
        """Let go of the history."""
        self._thread.shutdown(wait=True)
        self._store.close()

    def _try(self, session: Session) -> None:
        with contextlib.suppress(HistoryError):
            self._store.save(session)
            self._kept_before = True

    def _say(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            say(message)


def list_sessions(options: argparse.Namespace) -> int:
    """List the sessions, newest first."""
    outcome = Outcome(options.outcome) if options.outcome else None
    with open_store(SystemClock()) as history:
        entries = history.list(text=options.filter, outcome=outcome, limit=options.limit)
    if options.format == "json":
        rows = [_row(entry) for entry in entries]
        shown = json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
        put(text_without_known(shown, options.secrets))
        return 0
    if not entries:
        put("No sessions yet, or none that matches. 'pinned-tui check' creates one.\n")
    lines = "".join(f"{_line(entry)}\n" for entry in entries)
    put(text_without_known(lines, options.secrets))
    return 0


def _row(entry: HistoryEntry) -> dict[str, str | None]:
    return {
        "id": entry.id,
        "started_at": entry.started_at,
        "finished_at": entry.finished_at,
        "outcome": entry.outcome,
        "cause": entry.cause,
        "target": entry.target,
    }


def _line(entry: HistoryEntry) -> str:
    sign = "! damaged" if entry.damaged else str(labels.OUTCOME[entry.outcome])
    when = labels.moment(entry.started_at)
    return f"{entry.id}  {when}  {sign:<14}  {entry.title}  ({entry.target})"


def show_session(options: argparse.Namespace) -> int:
    """Show one session as ``check`` showed it."""
    with open_store(SystemClock()) as history:
        session = history.get(options.session)
    deliver(without_known(session, options.secrets), options, options.secrets)
    return 0


def delete_session(options: argparse.Namespace) -> int:
    """Delete one session."""
    with open_store(SystemClock()) as history:
        deleted = history.delete(options.session)
    put(f"Deleted {deleted}.\n")
    return 0


def prune_sessions(options: argparse.Namespace) -> int:
    """Delete old sessions."""
    if options.older_than is None and options.keep is None:
        raise CommandError("name what to delete: --older-than DAYS, --keep N, or both.")
    age = timedelta(days=options.older_than) if options.older_than is not None else None
    with open_store(SystemClock()) as history:
        count = history.prune(older_than=age, keep=options.keep)
    put(f"Deleted {labels.plural(count, 'session')}.\n")
    return 0


def report(options: argparse.Namespace) -> int:
    """Write a report of one session."""
    with open_store(SystemClock()) as history:
        session = history.get(options.session)
    deliver(without_known(session, options.secrets), options, options.secrets)
    return 0
