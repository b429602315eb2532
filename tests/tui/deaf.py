"""Runs pinned-tui so that it does not hear when its terminal hangs up, as under ``nohup``."""

import signal
import sys

from pinned_tui.cli.parser import main
from pinned_tui.tui import terminal

if __name__ == "__main__":
    terminal.CODES.pop(signal.SIGHUP)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    sys.exit(main())
