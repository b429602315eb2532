"""The tables of the history, as a series of migrations.

A migration that has been released never changes. What an older pinned-tui may do with a newer file
is said in the file itself: ``readable_by`` in the table ``about`` is the oldest version of the
schema whose readers understand it. From there on an older pinned-tui reads and does not write;
below it, it refuses and says that an update is needed. Version 1 had no such table: it takes a
newer file for readable, finds its columns missing, and says so without touching the file.
"""

import sqlite3
from collections.abc import Callable
from typing import Final

from pinned_tui.history.sqlite import transaction

Migration = Callable[[sqlite3.Connection], None]
Migrations = tuple[Migration, ...]


def statements(*all_of_them: str) -> Migration:
    """Return the migration that consists of some statements of SQL."""

    def apply(connection: sqlite3.Connection) -> None:
        for statement in all_of_them:
            connection.execute(statement)

    return apply


FIRST: Final = (
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
)
"""Version 1: a session and its document in one row, each look-up a look at all of them."""

SECOND: Final = (
    """
    CREATE TABLE session (
        key INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        offered TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        outcome TEXT,
        cause TEXT,
        symptom TEXT,
        host TEXT NOT NULL,
        channel_id TEXT,
        event_id TEXT,
        target TEXT NOT NULL,
        title TEXT NOT NULL,
        note TEXT,
        ticket TEXT,
        origin TEXT NOT NULL,
        key_form TEXT,
        words TEXT NOT NULL,
        body_sha256 BLOB NOT NULL,
        sha256 BLOB NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX session_by_offer ON session (offered, started_at, origin)",
    "CREATE INDEX session_by_start ON session (started_at)",
    "CREATE INDEX session_by_key ON session (host, key_form, origin, started_at)",
    "CREATE INDEX session_by_ticket ON session (ticket) WHERE ticket IS NOT NULL",
    "CREATE TABLE document (session INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    """
    CREATE TABLE term (
        session INTEGER NOT NULL,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (session, kind, value)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX term_by_value ON term (value, kind)",
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "INSERT INTO about VALUES ('readable_by', '2'), ('file', lower(hex(randomblob(16))))",
)
"""Version 2: headings, documents and terms apart; ``file`` tells a file from its successor."""


def _split_tables(connection: sqlite3.Connection) -> None:
    from pinned_tui.history.first_version import convert_all  # needed once in the life of a file

    statements("ALTER TABLE session RENAME TO session_1", "DROP INDEX session_by_start", *SECOND)(
        connection
    )
    convert_all(connection)
    connection.execute("DROP TABLE session_1")


MIGRATIONS: Final[Migrations] = (statements(*FIRST), _split_tables)
"""What leads from each version of the schema to the next; the first from nothing."""


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the schema; 0 is an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def about(connection: sqlite3.Connection, name: str) -> str | None:
    """Return what the file says about itself, or None where it says nothing."""
    try:
        found = connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        return None  # version 1 has no such table
    return None if found is None else str(found[0])


def migrate(
    connection: sqlite3.Connection, migrations: Migrations, back_up: Callable[[], None]
) -> None:
    """Bring the schema up to date, all of it or nothing. One that is takes no lock.

    Args:
        connection: A writable connection.
        migrations: All of them; those that were applied are passed over.
        back_up: Called before a schema that is in use changes, under the write lock. What it
            raises stops the migration.
    """
    if version_of(connection) >= len(migrations):
        return
    with transaction(connection):
        version = version_of(connection)  # another process may have just done it
        if 0 < version < len(migrations):
            back_up()
        for apply in migrations[version:]:
            apply(connection)
        if version < len(migrations):
            connection.execute(f"PRAGMA user_version = {len(migrations)}")
