"""Runs pinned-tui so that a pause within a paste is soon taken for its end."""

import sys

from pinned_tui.cli.parser import main
from pinned_tui.tui import terminal

if __name__ == "__main__":
    setattr(terminal, "BROKEN_OFF_S", 0.01)  # noqa: B010 - a constant, for all others
    sys.exit(main())
