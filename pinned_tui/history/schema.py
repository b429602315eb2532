"""The tables of the history, as a series of migrations.

Every later schema keeps the columns of the first one and their meaning, so that an older
pinned-tui can still read what a newer one wrote. A migration that has been released never changes.
"""

import sqlite3
from collections.abc import Callable
from typing import Final

from pinned_tui.history.sqlite import transaction

Migrations = tuple[tuple[str, ...], ...]

MIGRATIONS: Final[Migrations] = (
    (
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
    ),
)
"""The statements that lead from each version of the schema to the next; the first from nothing."""


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the schema; 0 is an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(
    connection: sqlite3.Connection, migrations: Migrations, back_up: Callable[[], None]
) -> None:
    """Bring the schema up to date, all of it or nothing.

    Args:
        connection: A writable connection.
        migrations: All of them; those that were applied are passed over.
        back_up: Called before a schema that is in use changes, under the write lock. What it
            raises stops the migration.
    """
    with transaction(connection):
        version = version_of(connection)  # another process may have just done it
        if 0 < version < len(migrations):
            back_up()
        for statements in migrations[version:]:
            for statement in statements:
                connection.execute(statement)
        if version < len(migrations):
            connection.execute(f"PRAGMA user_version = {len(migrations)}")
