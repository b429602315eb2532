"""The statements that the history consists of. Each works on a connection that is its caller's."""

import sqlite3
from collections.abc import Iterator
from typing import Final

import msgspec

from pinned_tui.history.entries import LAST
from pinned_tui.history.records import (
    COLUMNS,
    SessionHeading,
    SqlRow,
    StoredSession,
    folded,
    sealed,
    shown,
)
from pinned_tui.session import Outcome
from pinned_tui.session.ids import new_id

_ALL: Final = ", ".join(COLUMNS)
_PLACES: Final = ", ".join("?" for _ in COLUMNS)
_UPDATES: Final = ", ".join(f"{name} = ?" for name in COLUMNS)

# Names of our own in all of them; values are always bound.
_SELECT: Final = f"SELECT {_ALL} FROM session WHERE key = ?"  # noqa: S608
_INSERT: Final = f"INSERT INTO session (key, {_ALL}) VALUES (?, {_PLACES})"  # noqa: S608
_UPDATE: Final = f"UPDATE session SET {_UPDATES} WHERE key = ?"  # noqa: S608
_NEWEST_FIRST: Final = "ORDER BY started_at DESC, key DESC"

_LONG_ENOUGH: Final = 3
"""Characters from which on a filter looks at terms too: fewer are found in nearly all of them."""
_AFTER: Final = "\U0010ffff"
"""Sorts after whatever a cleaned text can go on with."""


class HistoryFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which sessions are asked for.

    Attributes:
        text: Only those whose id, target, title, cause, outcome, note or ticket contains it, in
            whatever case, or one of whose terms begins with it.
        outcome: Only those that came to it.
    """

    text: str | None = None
    outcome: Outcome | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.text and self.outcome is None

    def clause(self) -> tuple[str, list[object]]:
        """Return the condition in SQL, and the values that are bound in it."""
        parts: list[str] = []
        values: list[object] = []
        if self.outcome is not None:
            parts.append("outcome = ?")
            values.append(str(self.outcome))
        if self.text:
            said, more = _text_condition(self.text)
            parts.append(said)
            values += more
        return (f"WHERE {' AND '.join(parts)}" if parts else ""), values


def _text_condition(text: str) -> tuple[str, list[object]]:
    within, begins = "instr(words, ?) > 0", folded(text)
    wanted: list[object] = [_bindable(text.casefold())]
    if len(begins) < _LONG_ENOUGH:
        return within, wanted
    term = "SELECT 1 FROM term WHERE session = session.key AND value >= ? AND value < ?"
    return f"({within} OR EXISTS ({term}))", [*wanted, begins, begins + _AFTER]


def headings(
    connection: sqlite3.Connection,
    wanted: HistoryFilter,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[SqlRow]:
    """Return headings, unchecked, the newest session's first."""
    where, values = wanted.clause()
    query = f"SELECT {_ALL} FROM session {where} {_NEWEST_FIRST} LIMIT ? OFFSET ?"  # noqa: S608
    return connection.execute(query, (*values, -1 if limit is None else limit, offset)).fetchall()


def count(connection: sqlite3.Connection, wanted: HistoryFilter) -> int:
    """Return how many there are."""
    where, values = wanted.clause()
    query = f"SELECT count(*) FROM session {where}"  # noqa: S608
    return int(connection.execute(query, values).fetchone()[0])


def window(
    connection: sqlite3.Connection, wanted: HistoryFilter, *, limit: int, offset: int
) -> tuple[list[SqlRow], int]:
    """Return some of the headings and how many there are in all, after one look at the terms."""
    if wanted.everything:  # counted and paged from an index, without a look at the headings
        found = headings(connection, wanted, limit=limit, offset=offset)
        return found, count(connection, wanted)
    where, values = wanted.clause()
    query = f"SELECT key FROM session {where} {_NEWEST_FIRST}"  # noqa: S608
    keys = [key for (key,) in connection.execute(query, values)]
    found = [one for key in keys[offset : offset + limit] if (one := heading(connection, key))]
    return found, len(keys)


def index(connection: sqlite3.Connection) -> dict[str, str]:
    """Return when each session began, by id, newest first, unchecked."""
    query = f"SELECT id, started_at FROM session {_NEWEST_FIRST}"  # noqa: S608
    return {shown(name): shown(started_at) for name, started_at in connection.execute(query)}


def candidates(
    connection: sqlite3.Connection, reference: str, most: int
) -> list[tuple[int, str, str]]:
    """Return key, id and start of what ``reference`` may mean, newest first, at most ``most``.

    An id is looked for by index. One that is not found there is looked for among all: it may be
    damaged, or the index is.
    """
    select = "SELECT key, id, started_at FROM session"
    reference = _bindable(reference)
    if reference == LAST:
        found = connection.execute(f"{select} {_NEWEST_FIRST} LIMIT 1").fetchall()
    else:
        exact = connection.execute(f"{select} WHERE id = ?", (reference,)).fetchall()
        found = exact or (_by_prefix(connection, select, reference, most) if reference else [])
    return [(key, shown(name), shown(began)) for key, name, began in found] or [
        *_by_scan(connection, reference, most)
    ]


def _by_prefix(
    connection: sqlite3.Connection, select: str, reference: str, most: int
) -> list[tuple[int, object, object]]:
    query = f"{select} WHERE id >= ? AND id < ? {_NEWEST_FIRST} LIMIT ?"
    return connection.execute(query, (reference, reference + _AFTER, most)).fetchall()


def _by_scan(
    connection: sqlite3.Connection, reference: str, most: int
) -> Iterator[tuple[int, str, str]]:
    query = f"SELECT key, id, started_at FROM session NOT INDEXED {_NEWEST_FIRST}"  # noqa: S608
    for key, name, began in connection.execute(query).fetchall():
        known = shown(name)
        if reference == LAST or known == reference or (reference and known.startswith(reference)):
            yield key, known, shown(began)
            most -= 1
            if most == 0 or reference == LAST:
                return


def heading(connection: sqlite3.Connection, key: int) -> SqlRow | None:
    """Return one heading, unchecked, or None when it is gone."""
    found: SqlRow | None = connection.execute(_SELECT, (key,)).fetchone()
    return found


def body(connection: sqlite3.Connection, key: int) -> object:
    """Return a document as it is stored, unchecked, or None where there is none."""
    query = "SELECT body FROM document WHERE session = ?"
    found = connection.execute(query, (key,)).fetchone()
    return None if found is None else found[0]


def listed_channels(
    connection: sqlite3.Connection, host: str, key_form: str, besides: str, most: int
) -> Iterator[tuple[SqlRow, list[str]]]:
    """Yield the newest sessions of a key at an API, with the IDs of the channels that it listed.

    Args:
        connection: The connection.
        host: Where the API is.
        key_form: What is known of the key.
        besides: The id of the session that asks, which does not count itself.
        most: How many sessions to look at.
    """
    query = (
        f"SELECT key, {_ALL} FROM session WHERE host = ? AND key_form = ? AND origin = 'own'"  # noqa: S608
        f" AND id != ? {_NEWEST_FIRST} LIMIT ?"
    )
    terms = "SELECT value FROM term WHERE session = ? AND kind = 'listed'"
    for key, *row in connection.execute(query, (host, key_form, besides, most)).fetchall():
        yield row, [value for (value,) in connection.execute(terms, (key,))]


def own_row(
    connection: sqlite3.Connection, offered: str, started_at: str, origin: str
) -> tuple[int, str, str | None, str | None] | None:
    """Return key, id, note and ticket of the session that came with an id, if it is kept."""
    query = (
        "SELECT key, id, note, ticket FROM session"
        " WHERE offered = ? AND started_at = ? AND origin = ?"
    )
    found: tuple[int, str, str | None, str | None] | None = connection.execute(
        query, (offered, started_at, origin)
    ).fetchone()
    return found


def is_taken(connection: sqlite3.Connection, name: str) -> bool:
    """Return whether a session has this id."""
    return connection.execute("SELECT 1 FROM session WHERE id = ?", (name,)).fetchone() is not None


def insert(
    connection: sqlite3.Connection, stored: StoredSession, *, key: int | None = None
) -> bool:
    """Write a session that is not kept yet; False, and nothing written, where its id is taken."""
    if is_taken(connection, stored.heading.id):
        return False
    values = msgspec.structs.astuple(stored.heading)
    made = connection.execute(_INSERT, (key, *values)).lastrowid
    connection.execute("INSERT INTO document VALUES (?, ?)", (made, stored.body))
    _put_terms(connection, int(made or 0), stored)
    return True


def update(connection: sqlite3.Connection, key: int, stored: StoredSession) -> None:
    """Write a later state of a session in place of an earlier one."""
    connection.execute(_UPDATE, (*msgspec.structs.astuple(stored.heading), key))
    connection.execute("INSERT OR REPLACE INTO document VALUES (?, ?)", (key, stored.body))
    connection.execute("DELETE FROM term WHERE session = ?", (key,))
    _put_terms(connection, key, stored)


def under_another_id(stored: StoredSession) -> StoredSession:
    """Return the same under an id that is newly drawn, where another session has its id."""
    changed = msgspec.structs.replace(stored.heading, id=new_id(stored.heading.started_at))
    return msgspec.structs.replace(stored, heading=_as_intact_as_before(stored.heading, changed))


def _as_intact_as_before(before: SessionHeading, changed: SessionHeading) -> SessionHeading:
    return sealed(changed) if sealed(before).sha256 == before.sha256 else changed


def remove(connection: sqlite3.Connection, keys: list[int]) -> int:
    """Delete sessions and return how many there were."""
    numbers = [(key,) for key in keys]
    connection.executemany("DELETE FROM term WHERE session = ?", numbers)
    connection.executemany("DELETE FROM document WHERE session = ?", numbers)
    return connection.executemany("DELETE FROM session WHERE key = ?", numbers).rowcount


def outdated(connection: sqlite3.Connection, *, before: str, keep: int | None) -> list[int]:
    """Return the keys of what is to go: what began earlier, and all but so many of the newest."""
    old = connection.execute(
        "SELECT key FROM session WHERE typeof(started_at) = 'text' AND started_at < ?", (before,)
    ).fetchall()
    if keep is None:
        return [key for (key,) in old]
    query = f"SELECT key FROM session {_NEWEST_FIRST} LIMIT -1 OFFSET ?"  # noqa: S608
    return list({key for (key,) in (*old, *connection.execute(query, (keep,)).fetchall())})


def _bindable(text: str) -> str:
    """Return what was typed as SQLite takes it: a lone surrogate is found nowhere."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _put_terms(connection: sqlite3.Connection, key: int, stored: StoredSession) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO term VALUES (?, ?, ?)",
        [(key, *term) for term in stored.terms],
    )
