"""A session as a row of the history, with the checksum that tells whether it is still intact."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

import msgspec

from pinned_tui import session as sessions
from pinned_tui.history.entry import DamagedSessionError, Entry
from pinned_tui.privacy.clean import clean_line
from pinned_tui.session import Outcome, Session, SessionFileError
from pinned_tui.wording import describe_target, gist

Row = Sequence[object]
"""What SQLite returned for one record. A damaged file can hold anything in any column."""

_LONGEST_SHOWN = 200


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One row as it was written, in the order of :data:`COLUMNS`.

    Attributes:
        target: What was asked about, in words; ``title`` is what it came to. Both are kept beside
            the document so that a long history is listed without reading all of it.
        sha256: The checksum over all other columns.
        document: The session as :func:`pinned_tui.session.encode` writes it.
    """

    id: str
    started_at: str
    finished_at: str | None
    outcome: str | None
    cause: str | None
    target: str
    title: str
    sha256: bytes
    document: bytes


COLUMNS: Final = Record.__struct_fields__
_CHECKED: Final = COLUMNS.index("sha256")


def record_of(session: Session) -> Record:
    """Return the row for ``session``."""
    document = sessions.encode(session)
    columns = (
        session.id,
        session.started_at,
        session.finished_at,
        session.outcome,
        session.first_cause,
        describe_target(session.target),
        gist(session),
    )
    return _record((*columns, _checksum(columns, document), document))


def read(row: Row) -> Record | None:
    """Return ``row`` as the record it once was, or None when it is no longer intact."""
    columns, checksum, document = row[:_CHECKED], row[_CHECKED], row[-1]
    if not isinstance(checksum, bytes) or not isinstance(document, bytes):
        return None
    if not all(column is None or isinstance(column, str) for column in columns):
        return None
    if not hmac.compare_digest(checksum, _checksum(columns, document)):
        return None
    return _record(row)


def entry_of(row: Row) -> Entry:
    """Return the line of the history for ``row``, whether it is intact or not."""
    record = read(row)
    if record is None:
        seen = dict(zip(COLUMNS, map(shown, row[:_CHECKED]), strict=False))
        return Entry(
            id=seen["id"],
            started_at=seen["started_at"],
            finished_at=None,
            outcome=None,
            cause=None,
            target=seen["target"],
            title=seen["title"],
            damaged=True,
        )
    return Entry(
        id=shown(record.id),
        started_at=record.started_at,
        finished_at=record.finished_at,
        outcome=Outcome(record.outcome) if record.outcome in set(Outcome) else None,
        cause=record.cause,
        target=record.target,
        title=record.title,
    )


def session_of(row: Row) -> Session:
    """Return the session in ``row``.

    Raises:
        DamagedSessionError: the row is not what was written, or not for this pinned-tui.
    """
    record = read(row)
    if record is None:
        raise DamagedSessionError(
            f"The record of session {shown(row[0])} is damaged: it no longer matches its"
            " checksum, so it is not opened. The other sessions are not affected. Delete it, or"
            " run the check again."
        )
    try:
        return sessions.decode(record.document)
    except SessionFileError as error:
        raise DamagedSessionError(f"Session {record.id} can't be opened. {error}") from None


def _record(row: Row) -> Record:
    return msgspec.convert(dict(zip(COLUMNS, row, strict=True)), Record)


def _checksum(columns: Row, document: bytes) -> bytes:
    """Return the SHA-256 over a row; no column can be mistaken for a part of another."""
    return hashlib.sha256(msgspec.json.encode(columns) + b"\n" + document).digest()


def shown(value: object) -> str:
    """Return a value of an unchecked row as it may be shown, and by which an id is known."""
    return clean_line(value if isinstance(value, str) else repr(value), _LONGEST_SHOWN)
