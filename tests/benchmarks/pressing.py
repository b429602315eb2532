"""How long a key press takes to be painted on the Inspect page, with much pasted or nothing."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from textual import events

from pinned_tui.tui.widgets.paste_area import PasteArea
from tests.tui.tui_stage import services, staged

PRESSES = 25


def median_press(text: str) -> float:
    """Return the median seconds from a key press to the end of the drawing that it causes."""
    return asyncio.run(_median_press(text))


async def _median_press(text: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        async with staged(services(Path(folder)), (80, 24)) as stage:
            await stage.press("i")
            await stage.on("inspect")
            area = stage.app.screen.query_one(PasteArea)
            await stage.until(lambda: area.has_focus)
            if text:
                area.post_message(events.Paste(text))
                await stage.until(lambda: bool(stage.app.screen.query("#found")))
                await stage.until(lambda: not area.has_focus)
                await stage.press("p")
            return statistics.median([await _press(area) for _ in range(PRESSES)])


async def _press(area: PasteArea) -> float:
    painted = asyncio.Event()
    began = time.perf_counter()
    area.post_message(events.Key("x", "x"))
    area.call_later(area.call_after_refresh, painted.set)
    await painted.wait()
    return time.perf_counter() - began
