"""Makes history files as the first version of pinned-tui made them, with its own statements."""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import msgspec

from pinned_tui import session as sessions
from pinned_tui.core.labels import describe_target, gist
from pinned_tui.session import Session

TABLES = (
    """
    CREATE TABLE session (
        id TEXT NOT NULL PRIMARY KEY,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        outcome TEXT,
        cause TEXT,
        target TEXT NOT NULL,
        title TEXT NOT NULL,
        sha256 BLOB NOT NULL,
        document BLOB NOT NULL
    )
    """,
    "CREATE INDEX session_by_start ON session (started_at)",
    "PRAGMA user_version = 1",
)


def row_of(session: Session, document: bytes | None = None) -> tuple[object, ...]:
    """A row of the first version."""
    document = sessions.encode(session) if document is None else document
    columns = (
        session.id,
        session.started_at,
        session.finished_at,
        session.outcome,
        session.first_cause,
        describe_target(session.target),
        gist(session),
    )
    checksum = hashlib.sha256(msgspec.json.encode(columns) + b"\n" + document).digest()
    return (*columns, checksum, document)


def make(path: Path, rows: Iterable[tuple[object, ...]]) -> None:
    """Write a file with ``rows`` in it."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for statement in TABLES:
            connection.execute(statement)
        places = ", ".join("?" for _ in range(9))
        connection.executemany(f"INSERT INTO session VALUES ({places})", rows)
        connection.execute("COMMIT")
