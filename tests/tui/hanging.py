"""Runs pinned-tui so that it hangs for ever once ``?`` is pressed, in the way that is named first."""

import asyncio
import sys
import time
from functools import partial

from textual import events

from pinned_tui.cli import main
from pinned_tui.tui import app as app_module
from pinned_tui.tui.app import PinnedApp
from pinned_tui.tui.insisting import Insistence

_on_event = PinnedApp.on_event


async def hang(app: PinnedApp, event: events.Event) -> None:
    """Act upon ``event``, or never again upon anything."""
    if isinstance(event, events.Key) and event.key == "question_mark":
        app.bell()  # the test sees that it came
        if how == "waits":
            await asyncio.Event().wait()
        while True:
            time.sleep(0.01)
    await _on_event(app, event)


if __name__ == "__main__":
    how = sys.argv.pop(1)
    for owner, name, instead in (
        (PinnedApp, "on_event", hang),
        (app_module, "Insistence", partial(Insistence, patience_s=0.1)),
    ):
        setattr(owner, name, instead)
    sys.exit(main())
