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
from pinned_tui.privacy.secret import Secret
from pinned_tui.session import Session


@contextlib.contextmanager
def open_history(clock: Clock, secrets: Sequence[Secret] = ()) -> Iterator[SafeHistory]:
    """Open the history; what it can't do ends the command with its message.

    Args:
        clock: The clock.
        secrets: What must not get into it.

    Raises:
        CommandError: what was asked of the history can't be done.
    """
    path = default_path(os.environ)
    history = SafeHistory(path, clock=clock, notice=say, guard=leak_guard(lambda: secrets))
    try:
        yield history
    except HistoryError as error:
        raise CommandError(str(error)) from None
    finally:
        history.close()


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
        """Wait until the latest state is kept."""
        self._thread.shutdown(wait=True)

    def _write(self, session: Session) -> None:
        if session is self._latest:
            self._history.save(session)
