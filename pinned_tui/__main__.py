"""Runs the command line, with ``pinned-tui`` and with ``python -m pinned_tui``."""

import sys

from pinned_tui.cli import signals, streams


def main() -> int:
    """Run the command line and return its exit code.

    Whoever interrupts the program while it is still being loaded gets a message as well.
    """
    signals.install()
    streams.quieten()
    try:
        from pinned_tui.cli.parser import main as run

        return run()
    except KeyboardInterrupt:
        streams.complete()
        streams.tell("pinned-tui: interrupted.\n")
        return signals.INTERRUPTED
    finally:
        signals.too_late()


if __name__ == "__main__":
    sys.exit(main())
