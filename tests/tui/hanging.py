"""Runs pinned-tui so that it hangs for ever, in the way that is named first.

``waits`` and ``works``: the app itself, once ``?`` is pressed. ``page``: a part of the page
of help, once F5 is pressed there.
"""

import asyncio
import sys
import time
from functools import partial

from textual import events

from pinned_tui.cli.parser import main
from pinned_tui.tui import app as app_module
from pinned_tui.tui.app import PinnedApp
from pinned_tui.tui.screens.help import HelpScreen
from pinned_tui.tui.terminal import ForcedExit

_on_event = PinnedApp.on_event


async def hang(app: PinnedApp, event: events.Event) -> None:
    """Act upon ``event``, or never again upon anything."""
    if isinstance(event, events.Key) and event.key == "question_mark":
        if how == "waits":
            await asyncio.Event().wait()
        else:
            work()
    await _on_event(app, event)


def work() -> None:
    """Do something that has no end."""
    while True:
        time.sleep(0.01)


def hang_a_part(page: HelpScreen) -> None:
    """Have a widget of ``page`` wait for what never comes."""
    page.query_one(".title").call_next(asyncio.Event().wait)


if __name__ == "__main__":
    how = sys.argv.pop(1)
    setattr(app_module, "ForcedExit", partial(ForcedExit, patience_s=0.1))  # noqa: B010
    if how == "page":
        setattr(HelpScreen, "key_f5", hang_a_part)  # noqa: B010
    else:
        setattr(PinnedApp, "on_event", hang)  # noqa: B010
    sys.exit(main())
