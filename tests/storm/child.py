"""Runs pinned-tui as it is, but for one thing: it does not leave before the storm is over.

The storm presses ``q``, Ctrl+C and *Quit* like everything else, and so walks through all that leads
to the end of the program. What would be the end is only written down, until the file named by
``STORM_OVER`` is there. So whatever ends the program during a storm is a fault.
"""

import os
import sys
from pathlib import Path

from pinned_tui.cli import main
from pinned_tui.tui.app import PinnedApp

OVER = Path(os.environ["STORM_OVER"])


_leave_with = PinnedApp._leave_with


def leave_once_it_is_over(app: PinnedApp, code: int) -> None:
    """Leave because of a signal, or after the storm."""
    if code or OVER.exists():
        _leave_with(app, code)


if __name__ == "__main__":
    PinnedApp._leave_with = leave_once_it_is_over  # type: ignore[method-assign]
    sys.exit(main())
