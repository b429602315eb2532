"""A session as the history stores it: a heading, a document, and the terms it is found by.

The heading is enough to list a session and is small; the document is the whole session, compressed,
and is read only when the session is opened. Each has its checksum, that of the document being part
of the heading, so that neither can pass for what it is not.
"""

import hashlib
import hmac
import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

import msgspec

from pinned_tui import session as sessions
from pinned_tui.core.labels import describe_target, gist
from pinned_tui.history.entries import DamagedSessionError, HistoryEntry
from pinned_tui.redaction.sanitize import clean_json, clean_line, is_clean
from pinned_tui.session import KeyFacts, Outcome, ScopeState, Session, SessionFileError

SqlRow = Sequence[object]
"""What SQLite returned for one heading. A damaged file can hold anything in any column."""

Origin = Literal["own", "imported"]
"""Whose session it is: made here, or imported from somebody else."""

SearchTerm = tuple[str, str]
"""A kind, such as ``request``, and a value that tickets quote, in lower case."""

_LONGEST_SHOWN: Final = 200
_LONGEST_TERM: Final = 120
_MOST_CHANNELS: Final = 1000
"""Channels of one session that it is found by; no check lists more."""
_LARGEST_DOCUMENT: Final = 256 * 1024 * 1024
_LEVEL: Final = 6


class SessionHeading(msgspec.Struct, frozen=True, kw_only=True):
    """One heading as it is written, in the order of :data:`COLUMNS`.

    Attributes:
        id: What it is listed as and opened by.
        offered: The id that the session came with; another one is drawn where that is taken.
        symptom: The section of the guide that it was begun with.
        host: Where the API was, without ``https://``.
        target: What was asked about, in words; ``title`` is what it came to.
        note: What the user wrote to it; ``ticket`` is where it belongs. Saving the session again
            leaves both as they are.
        origin: See :data:`Origin`.
        key_form: Length and kinds of characters of the key, all that is known of it.
        words: What a filter looks at, casefolded.
        body_sha256: The checksum of the document as it is stored.
        sha256: The checksum over all other columns.
    """

    id: str
    offered: str
    started_at: str
    finished_at: str | None
    outcome: str | None
    cause: str | None
    symptom: str | None
    host: str
    channel_id: str | None
    event_id: str | None
    target: str
    title: str
    note: str | None
    ticket: str | None
    origin: str
    key_form: str | None
    words: str
    body_sha256: bytes
    sha256: bytes = b""


COLUMNS: Final = SessionHeading.__struct_fields__
_CHECKED: Final = COLUMNS.index("sha256")
_BODY: Final = COLUMNS.index("body_sha256")
_PLACE: Final = {name: number for number, name in enumerate(COLUMNS)}


class StoredSession(msgspec.Struct, frozen=True, kw_only=True):
    """All that is written for one session.

    Attributes:
        body: The document, compressed.
    """

    heading: SessionHeading
    body: bytes
    terms: tuple[SearchTerm, ...] = ()


def document_of(session: Session) -> bytes:
    """Return ``session`` as the document that is stored of it, before it is compressed."""
    return msgspec.json.encode(session)


def stored_session(
    session: Session,
    *,
    offered: str,
    origin: Origin = "own",
    note: str | None = None,
    ticket: str | None = None,
    body: bytes | None = None,
) -> StoredSession:
    """Return what is to be written of ``session``, which has the id that it is kept under.

    Args:
        session: The session.
        offered: The id that it came with.
        origin: Whose it is.
        note: What the user wrote to it.
        ticket: Where it belongs.
        body: Its document, where that is compressed already.
    """
    if body is None:
        body = compressed(document_of(session))
    target = session.target
    heading = SessionHeading(
        id=session.id,
        offered=offered,
        started_at=session.started_at,
        finished_at=session.finished_at,
        outcome=session.outcome,
        cause=session.first_cause,
        symptom=session.section,
        host=host_of(target.base_url),
        channel_id=None if target.channel_id is None else str(target.channel_id),
        event_id=None if target.event_id is None else str(target.event_id),
        target=shown(describe_target(target)),
        title=shown(gist(session)),
        note=note,
        ticket=ticket,
        origin=origin,
        key_form=key_form(session.key),
        words="",
        body_sha256=hashlib.sha256(body).digest(),
    )
    return StoredSession(
        heading=sealed(heading), body=body, terms=tuple(dict.fromkeys(_terms(session)))
    )


def sealed(heading: SessionHeading) -> SessionHeading:
    """Return ``heading`` with the words that it is found by, and its checksum."""
    parts = (heading.id, heading.target, heading.title, heading.cause, heading.outcome,
            heading.note, heading.ticket)  # fmt: skip
    words = "\n".join(part for part in parts if part).casefold()
    changed = msgspec.structs.replace(heading, words=words, sha256=b"")
    columns = msgspec.structs.astuple(changed)
    return msgspec.structs.replace(changed, sha256=_checksum(columns))


def read(row: SqlRow) -> SessionHeading | None:
    """Return ``row`` as the heading it once was, or None when it is damaged."""
    texts, body, checksum = row[:_BODY], row[_BODY], row[_CHECKED]
    if not isinstance(checksum, bytes) or not isinstance(body, bytes):
        return None
    if not all(column is None or isinstance(column, str) for column in texts):
        return None
    if not hmac.compare_digest(checksum, _checksum(row)):
        return None
    try:
        return msgspec.convert(dict(zip(COLUMNS, row, strict=True)), SessionHeading)
    except msgspec.ValidationError:
        return None


def is_intact(heading: SessionHeading, body: object) -> bool:
    """Return whether ``body`` is the document that ``heading`` was written with."""
    return isinstance(body, bytes) and hmac.compare_digest(
        heading.body_sha256, hashlib.sha256(body).digest()
    )


def entry_of(row: SqlRow) -> HistoryEntry:
    """Return the line of the history for ``row``, whether it is intact or not.

    What comes out of the file is cleaned like what gets in: anybody can write a file with right
    checksums.
    """
    heading = read(row)
    if heading is None:
        return HistoryEntry(
            id=shown(row[_PLACE["id"]]),
            started_at=shown(row[_PLACE["started_at"]]),
            finished_at=None,
            outcome=None,
            cause=None,
            target=shown(row[_PLACE["target"]]),
            title=shown(row[_PLACE["title"]]),
            damaged=True,
        )
    return HistoryEntry(
        id=shown(heading.id),
        started_at=shown(heading.started_at),
        finished_at=None if heading.finished_at is None else shown(heading.finished_at),
        outcome=Outcome(heading.outcome) if heading.outcome in set(Outcome) else None,
        cause=None if heading.cause is None else shown(heading.cause),
        target=shown(heading.target),
        title=shown(heading.title),
    )


def session_of(row: SqlRow, body: object) -> Session:
    """Return the session with the heading in ``row``.

    Raises:
        DamagedSessionError: it is not what was written, or not for this pinned-tui.
    """
    heading = read(row)
    document = decompressed(body) if heading is not None and is_intact(heading, body) else None
    name = shown(row[_PLACE["id"]])
    if document is None:
        raise DamagedSessionError(
            f"The record of session {name} is damaged: it no longer matches its"
            " checksum, so it is not opened. The other sessions are not affected. Delete it, or"
            " run the check again."
        )
    try:
        return msgspec.structs.replace(_cleaned(document), id=name)
    except SessionFileError as error:
        why = clean_line(str(error), _LONGEST_SHOWN)
        raise DamagedSessionError(f"Session {name} can't be opened. {why}") from None


def compressed(document: bytes) -> bytes:
    """Return a document as it is stored."""
    return zlib.compress(document, _LEVEL)


def decompressed(body: object) -> bytes | None:
    """Return the document in ``body``, or None where there is none or it is endless."""
    if not isinstance(body, bytes):
        return None
    reader = zlib.decompressobj()
    try:
        document = reader.decompress(body, _LARGEST_DOCUMENT)
    except zlib.error:
        return None
    return document if reader.eof else None


def shown(value: object) -> str:
    """Return a value of the file as it may be shown, and by which an id is known."""
    return clean_line(value if isinstance(value, str) else repr(value), _LONGEST_SHOWN)


def host_of(base_url: str) -> str:
    """Return where the API is, as a heading names it."""
    return base_url.removeprefix("https://")


def key_form(key: KeyFacts | None) -> str | None:
    """Return what two keys have in common that may be the same one; None without a key."""
    return None if key is None else f"{key.length} {key.shape}"


def folded(value: object) -> str:
    """Return a value as it is looked for: on one line, cut, in lower case."""
    return clean_line(str(value), _LONGEST_TERM).strip().casefold()


def _cleaned(document: bytes) -> Session:
    """Read a document and make its texts safe to display.

    Nearly every document is safe already, which its bytes quickly show: what JSON can't
    show as it is stands there behind a backslash.
    """
    session = sessions.decode(document)
    if is_clean(document.decode("utf-8")) and not _ESCAPED.search(document):
        return session
    cleaned = clean_json(msgspec.json.decode(document_of(session)), items=len(document))
    try:
        return msgspec.convert(cleaned, Session)
    except msgspec.ValidationError as error:
        raise SessionFileError(f"This is not a pinned-tui session: {error}") from None


_ESCAPED: Final = re.compile(rb"\\[bfru]")


def _checksum(columns: Sequence[Any]) -> bytes:
    """Return the SHA-256 over a heading; no column can be mistaken for a part of another."""
    texts, body = columns[:_BODY], columns[_BODY]
    return hashlib.sha256(msgspec.json.encode(list(texts)) + b"\n" + body).digest()


def _terms(session: Session) -> Iterator[SearchTerm]:
    """Yield what a ticket may quote of ``session``."""
    for kind, value in _term_values(session):
        text = folded(value) if value is not None else ""
        if text:
            yield kind, text


def _term_values(session: Session) -> Iterator[tuple[str, object]]:
    target = session.target
    yield "event", target.event_id
    yield "event-title", target.event_title
    yield "channel", target.channel_id
    yield "channel-name", target.channel_given
    for verdict in session.verdicts:
        yield "cause", verdict.cause
    for scope, state in session.scopes.items():
        if state is ScopeState.MISSING:
            yield "scope", scope
    for exchange in session.exchanges:
        if exchange.response is not None:
            error = exchange.response.error
            yield "request", exchange.response.request_id
            yield "request", error.request_id if error is not None else None
    for seen in session.observations:
        if seen.probe == "event":
            yield "event-title", seen.data.get("title")
    for channel in session.channels[:_MOST_CHANNELS]:
        yield "listed", channel.id
        yield "channel-name", channel.name
        yield "channel-slug", channel.slug
