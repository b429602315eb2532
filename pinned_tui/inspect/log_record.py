"""Finds the lines that belong together in a text: an error with the dump or the stack below it."""

import re

from pinned_tui.inspect.model import Span

_GOES_ON = re.compile(r"[ \t]+\S|[}\])]|\r?\Z|--->|Caused by:")
_MOST_LINES = 60


def record_at(text: str, place: int) -> Span:
    """Return the record that ``place`` is in: a line, and those below it that are indented.

    What stands in another record of the same text is about something else.
    """
    start = text.rfind("\n", 0, place) + 1
    for _ in range(_MOST_LINES):
        if start == 0 or _GOES_ON.match(text, start) is None:
            break
        start = text.rfind("\n", 0, start - 1) + 1
    end = text.find("\n", place)
    for _ in range(_MOST_LINES):
        if end < 0 or _GOES_ON.match(text, end + 1) is None:
            break
        end = text.find("\n", end + 1)
    return Span(start, len(text) if end < 0 else end)
