"""The last look at a session before it is stored: no secret gets into the history."""

from collections.abc import Callable, Iterable

from pinned_tui.history.entries import RecordRefusedError
from pinned_tui.history.store import Guard
from pinned_tui.redaction.secret import Secret


def leak_guard(secrets: Callable[[], Iterable[Secret]]) -> Guard:
    """Return a guard that refuses a document with a secret in it, in whatever encoding.

    A session never holds one: what enters it is redacted. This is for the day that goes wrong.

    Args:
        secrets: Returns the secrets in use now; there can be another one later on.
    """

    def guard(document: bytes) -> None:
        from pinned_tui.redaction.leak_scan import find_leaks  # costs start-up

        leaks = find_leaks(document, tuple(secrets()))
        if leaks:
            raise RecordRefusedError(
                f"This session is not kept in the history: it would hold your key ({leaks[0].how})."
                " That is a defect of pinned-tui; please report it, without the key."
            )

    return guard
