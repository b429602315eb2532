"""Runs the command line with ``python -m pinned_tui``."""

import sys

from pinned_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
