"""What the history shows of a session without opening it, and the errors it raises."""

from collections.abc import Iterable

import msgspec

from pinned_tui.session import Outcome

LAST = "last"
"""Stands for the newest session wherever an id is asked for."""

_NAMED_AT_MOST = 5


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the history.

    Attributes:
        started_at: RFC 3339 in UTC, as in the session; so is ``finished_at``.
        outcome: None while the session isn't finished.
        cause: The cause of the leading verdict, if there is one.
        target: What was asked about, in words.
        title: What it came to, in words.
        damaged: The record no longer matches its checksum; it is listed but can't be opened.
    """

    id: str
    started_at: str
    finished_at: str | None
    outcome: Outcome | None
    cause: str | None
    target: str
    title: str
    damaged: bool = False


class HistoryPage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the sessions that were asked for.

    Attributes:
        entries: They, newest first.
        total: How many there are in all.
    """

    entries: tuple[HistoryEntry, ...]
    total: int


class HistoryError(Exception):
    """The history can't do what was asked; the message is for the user."""


class NoSuchSessionError(HistoryError):
    """No session has this id."""


class SeveralSessionsError(HistoryError):
    """More than one session has an id that begins so."""


class DamagedSessionError(HistoryError):
    """The record of a session is not what was written."""


class ReadOnlyHistoryError(HistoryError):
    """The history can be read but not written to."""


class SessionDeletedError(HistoryError):
    """A session is not stored again, because it was deleted after it had been stored."""


class RecordRefusedError(HistoryError):
    """A session was not stored because it holds what must not be stored."""


def choose(reference: str, ids: Iterable[str]) -> str:
    """Return the id that ``reference`` stands for.

    Args:
        reference: An id, the beginning of one that no other shares, or ``last``.
        ids: Those that may be meant, the newest session's first.

    Raises:
        NoSuchSessionError: there is none.
        SeveralSessionsError: there are several.
    """
    from pinned_tui.redaction.secret import quoted  # costs start-up

    candidates = list(dict.fromkeys(ids))
    if reference == LAST and candidates:
        return candidates[0]
    if reference in candidates:
        return reference
    if not candidates:
        raise NoSuchSessionError(
            f"Unknown session ID {quoted(reference)}. List the sessions to see their IDs."
        )
    if len(candidates) > 1:
        named = ", ".join(candidates[:_NAMED_AT_MOST])
        more = "" if len(candidates) <= _NAMED_AT_MOST else " and more"
        raise SeveralSessionsError(
            f"Several sessions begin with {quoted(reference)}: {named}{more}. Add a few characters."
        )
    return candidates[0]


def empty() -> NoSuchSessionError:
    """Return the error for a history without sessions."""
    return NoSuchSessionError("The history is empty. Run a check first; it is kept here.")
