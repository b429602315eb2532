"""Converts what version 1 of the schema stored."""

import hashlib
import hmac
import sqlite3
from collections.abc import Sequence
from typing import Final

import msgspec

from pinned_tui import session as sessions
from pinned_tui.history import records, rows
from pinned_tui.session import SessionFileError

COLUMNS: Final = (
    "id", "started_at", "finished_at", "outcome", "cause", "target", "title", "sha256", "document",
)  # fmt: skip
_CHECKED: Final = COLUMNS.index("sha256")
_TEXTS: Final = 2
"""The first columns, which every session has."""


def convert_all(connection: sqlite3.Connection) -> None:
    """Convert every session of the table ``session_1``, under the number that it had.

    What is damaged stays what it is: listed, deleted, and not opened.
    """
    rowids = [n for (n,) in connection.execute("SELECT rowid FROM session_1 NOT INDEXED")]
    for rowid in rowids:
        old = row(connection, rowid, table="session_1")
        if old is None:
            continue
        one = converted(old) or _damaged_record(old)
        while not rows.insert(connection, one, key=rowid):
            one = rows.under_another_id(one)


def row(
    connection: sqlite3.Connection, rowid: int, table: str = "session"
) -> records.SqlRow | None:
    """Return a whole row of the first version, unchecked."""
    columns = ", ".join(COLUMNS)
    query = f"SELECT {columns} FROM {table} WHERE rowid = ?"  # noqa: S608 - our own names
    found: records.SqlRow | None = connection.execute(query, (rowid,)).fetchone()
    return found


def converted(old: records.SqlRow) -> records.StoredSession | None:
    """Return what is to be written of a row of the first version; None if it is not intact.

    The document is kept to the byte, one of a newer pinned-tui too.
    """
    columns, document = old[:_CHECKED], old[-1]
    if not isinstance(document, bytes) or not _is_intact(columns, old[_CHECKED], document):
        return None
    texts = [None if one is None else str(one) for one in columns]
    body = records.compressed(document)
    try:
        made = records.stored_session(sessions.decode(document), offered=str(old[0]), body=body)
    except SessionFileError:
        made = records.StoredSession(heading=_plain_heading(texts), body=body)
    values = dict(zip(COLUMNS, texts, strict=False))
    heading = msgspec.structs.replace(
        made.heading, **values, offered=values["id"], body_sha256=hashlib.sha256(body).digest()
    )
    return msgspec.structs.replace(made, heading=records.sealed(heading))


def _is_intact(columns: Sequence[object], checksum: object, document: bytes) -> bool:
    if not isinstance(checksum, bytes):
        return False
    if not all(column is None or isinstance(column, str) for column in columns):
        return False
    expected = hashlib.sha256(msgspec.json.encode(tuple(columns)) + b"\n" + document).digest()
    return hmac.compare_digest(checksum, expected)


def _damaged_record(old: records.SqlRow) -> records.StoredSession:
    """Return what is left of a damaged row, under a checksum that says that it is damaged."""
    texts = [None if one is None else records.shown(one) for one in old[:_CHECKED]]
    texts[:_TEXTS] = [text or "" for text in texts[:_TEXTS]]
    document = old[-1] if isinstance(old[-1], bytes) else records.shown(old[-1]).encode()
    heading = msgspec.structs.replace(_plain_heading(texts), sha256=b"damaged")
    return records.StoredSession(heading=heading, body=records.compressed(document))


def _plain_heading(texts: Sequence[str | None]) -> records.SessionHeading:
    """Return a heading that knows no more than the first version did."""
    values = dict(zip(COLUMNS, texts, strict=False))
    return records.SessionHeading(
        id=values["id"] or "",
        offered=values["id"] or "",
        started_at=values["started_at"] or "",
        finished_at=values["finished_at"],
        outcome=values["outcome"],
        cause=values["cause"],
        symptom=None,
        host="",
        channel_id=None,
        event_id=None,
        target=values["target"] or "",
        title=values["title"] or "",
        note=None,
        ticket=None,
        origin="own",
        key_form=None,
        words="\n".join(text for text in texts if text).casefold(),
        body_sha256=b"",
    )
