"""Fills a history with very many sessions quickly, from a few that are like real ones.

What costs time in a session is its document: of those there are as many as there are patterns, and
the headings and terms are each session's own, with right checksums.
"""

import contextlib
import itertools
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from pinned_tui.core.clock import SystemClock, timestamp
from pinned_tui.history import records, rows
from pinned_tui.history.store import HistoryStore
from pinned_tui.session import Session
from tests import samples

_AT_A_TIME = 5000


def fill(path: Path, count: int, patterns: Sequence[Session], begin: datetime) -> None:
    """Put ``count`` sessions into the history at ``path``, a minute apart from ``begin`` on."""
    HistoryStore.open(path, clock=SystemClock()).close()
    made = [records.stored_session(one, offered=one.id) for one in patterns]
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        (first,) = connection.execute("SELECT coalesce(max(key), 0) + 1 FROM session").fetchone()
        for start in range(0, count, _AT_A_TIME):
            connection.execute("BEGIN IMMEDIATE")
            for number in range(start, min(start + _AT_A_TIME, count)):
                filed = made[number % len(made)]
                _insert(connection, first + number, _renamed(filed, number, begin))
            connection.execute("COMMIT")


def _renamed(filed: records.StoredSession, number: int, begin: datetime) -> records.StoredSession:
    began = timestamp(begin + timedelta(minutes=number))
    name = f"{began[:10].replace('-', '')}-{number:08d}"
    heading = msgspec.structs.replace(
        filed.heading, id=name, offered=name, started_at=began, finished_at=began,
        title=f"{filed.heading.title} of customer{number}",
    )  # fmt: skip
    terms = (*filed.terms, ("request", f"req_{number:08x}"))
    return records.StoredSession(heading=records.sealed(heading), body=filed.body, terms=terms)


def _insert(connection: sqlite3.Connection, key: int, filed: records.StoredSession) -> None:
    values = (key, *msgspec.structs.astuple(filed.heading))
    connection.execute(rows._INSERT, values)
    connection.execute("INSERT INTO document VALUES (?, ?)", (key, filed.body))
    terms = [(key, *term) for term in filed.terms]
    connection.executemany("INSERT OR IGNORE INTO term VALUES (?, ?, ?)", terms)


def small(count: int) -> list[Session]:
    """Patterns for tests that need many sessions and no long documents."""
    causes = itertools.cycle((samples.failing(), samples.told(), samples.plain()))
    return [next(causes) for _ in range(count)]
