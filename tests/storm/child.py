"""Runs pinned-tui as it is, but for one thing: it does not leave before the storm is over.

The storm presses ``q``, Ctrl+C and *Quit* like everything else, and so walks through all that leads
to the end of the program. What would be the end is only written down, until the file named by
``STORM_OVER`` is there. So whatever ends the program during a storm is a fault.
"""

import os
import sys
from pathlib import Path
from typing import Any

from textual import events
from textual.widget import Widget

from pinned_tui.cli.parser import main
from pinned_tui.tui.app import PinnedApp
from pinned_tui.tui.shutdown import Shutdown
from pinned_tui.tui.type_ahead import TypeAhead, Typed
from tests.storm.stacks import explain_when_asked

OVER = Path(os.environ["STORM_OVER"])
SEEN = OVER.with_name("seen")
PROGRESS = OVER.with_name("progress")
CAUGHT_UP = OVER.with_name("caught-up")
LAST_KEY = "f12"


_leave = Shutdown._leave


def leave_once_it_is_over(shutdown: Shutdown, code: int) -> None:
    """Leave because of a signal, or after the storm."""
    if code or OVER.exists():
        _leave(shutdown, code)


_end_by_force = Shutdown._end_by_force


def end_by_force_once_it_is_over(shutdown: Shutdown) -> None:
    """Do not give up on a program that is only behind with the storm."""
    if OVER.exists():
        _end_by_force(shutdown)


_push_screen = PinnedApp.push_screen


def push_and_tell(app: PinnedApp, screen: Any, *rest: Any, **more: Any) -> Any:
    """Open a page, and write down which."""
    with SEEN.open("a") as file:
        file.write(f"{type(screen).__name__}\n")
    return _push_screen(app, screen, *rest, **more)


_admits = TypeAhead.admits


def admit_and_tell(ahead: TypeAhead, event: Typed, target: Widget) -> bool:
    """Let an event in, and write down that it goes on, and when the last one had its turn."""
    admitted = _admits(ahead, event, target)
    if admitted:
        PROGRESS.touch()
    if admitted and isinstance(event, events.Key) and event.key == LAST_KEY:
        CAUGHT_UP.touch()
    return admitted


if __name__ == "__main__":
    for owner, name, instead in (
        (TypeAhead, "admits", admit_and_tell),
        (PinnedApp, "push_screen", push_and_tell),
        (Shutdown, "_leave", leave_once_it_is_over),
        (Shutdown, "_end_by_force", end_by_force_once_it_is_over),
    ):
        setattr(owner, name, instead)
    explain_when_asked(OVER.parent)
    sys.exit(main())
