"""Leaves out what a system has no terminals for."""

import sys

collect_ignore = ["test_tui_terminal.py"] if sys.platform == "win32" else []
