"""The history as the commands use it."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from pinned_tui.clock import Clock
from pinned_tui.commands.frame import CommandError, say
from pinned_tui.history.entry import HistoryError
from pinned_tui.history.guard import leak_guard
from pinned_tui.history.location import default_path
from pinned_tui.history.safe import SafeHistory
from pinned_tui.history.store import HistoryStore
from pinned_tui.privacy.secret import Secret
from pinned_tui.session import Session

_PATIENCE_S = 2.0
"""How long a command waits for another program that holds the history."""

_NOT_KEPT = (
    "This check may be missing from the history; its result is shown all the same. Keep it with"
    " --output FILE."
)


@contextlib.contextmanager
def open_store(clock: Clock) -> Iterator[HistoryStore]:
    """Open the history of the past; what can't be done with it ends the command.

    Raises:
        CommandError: what was asked of the history can't be done.
    """
    path = default_path(os.environ)
    try:
        store = HistoryStore.open(path, clock=clock, notice=say, patience_s=_PATIENCE_S)
        with contextlib.closing(store):
            yield store
    except HistoryError as error:
        raise CommandError(str(error)) from None


def history_to_keep(clock: Clock, secrets: Sequence[Secret]) -> SafeHistory:
    """Return the history that a check is kept in; where it fails, the check goes on.

    Args:
        clock: The clock.
        secrets: What must not get into it.
    """
    return SafeHistory(
        default_path(os.environ),
        clock=clock,
        notice=say,
        guard=leak_guard(lambda: secrets),
        patience_s=_PATIENCE_S,
        meanwhile=_NOT_KEPT,
    )


class Keeper:
    """Keeps a session in the history after each of its steps, without holding up the check.

    A thread of its own writes; a state that a newer one has overtaken is not written.
    """

    def __init__(self, history: SafeHistory) -> None:
        self._history = history
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")
        self._latest: Session | None = None

    def keep(self, session: Session) -> None:
        """Keep ``session`` in place of its earlier states, soon."""
        self._latest = session
        self._thread.submit(self._write, session)

    def close(self) -> None:
        """Wait until the latest state is kept, and let go of the history."""
        self._thread.shutdown(wait=True)
        self._history.close()

    def _write(self, session: Session) -> None:
        if session is self._latest:
            self._history.save(session)
