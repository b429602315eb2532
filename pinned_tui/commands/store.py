"""The history as the commands use it."""

import contextlib
import os
from collections.abc import Iterator, Sequence

from pinned_tui.clock import Clock
from pinned_tui.commands.frame import CommandError, say
from pinned_tui.history.entry import HistoryError
from pinned_tui.history.guard import leak_guard
from pinned_tui.history.location import default_path
from pinned_tui.history.safe import SafeHistory
from pinned_tui.privacy.secret import Secret


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
