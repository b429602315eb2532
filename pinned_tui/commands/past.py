"""``pinned-tui history …`` and ``pinned-tui report``: what earlier sessions came to."""

import argparse
import json
from datetime import timedelta

from pinned_tui import wording
from pinned_tui.clock import SystemClock
from pinned_tui.commands.frame import CommandError
from pinned_tui.commands.known import text_without_known, without_known
from pinned_tui.commands.output import deliver
from pinned_tui.commands.store import open_store
from pinned_tui.commands.streams import put
from pinned_tui.history.entry import HistoryEntry
from pinned_tui.session import Outcome


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
        put("No sessions yet, or none that fits. 'pinned-tui check' makes one.\n")
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
    sign = "! damaged" if entry.damaged else str(wording.OUTCOME[entry.outcome])
    when = wording.moment(entry.started_at)
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
        raise CommandError("say what to delete: --older-than DAYS, --keep N, or both.")
    age = timedelta(days=options.older_than) if options.older_than is not None else None
    with open_store(SystemClock()) as history:
        count = history.prune(older_than=age, keep=options.keep)
    put(f"Deleted {wording.plural(count, 'session')}.\n")
    return 0


def report(options: argparse.Namespace) -> int:
    """Write a report of one session."""
    with open_store(SystemClock()) as history:
        session = history.get(options.session)
    deliver(without_known(session, options.secrets), options, options.secrets)
    return 0
