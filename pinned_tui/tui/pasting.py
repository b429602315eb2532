"""Takes what a terminal pastes in one piece.

Textual reads its input character by character, pasted text too: three seconds for a megabyte while
the program draws, and an escape character in the middle of a paste counts as a press of Esc. What
comes between the two marks of a bracketed paste is text and nothing else, so here it is passed by.
"""

import sys
from typing import TYPE_CHECKING

from textual import events
from textual._xterm_parser import XTermParser

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from textual.driver import Driver
    from textual.message import Message

BEGIN, END = "\x1b[200~", "\x1b[201~"


class WholePastes(XTermParser):
    """Textual's parser, with pastes taken in one piece."""

    def __init__(self, debug: bool = False) -> None:
        """Begin outside of a paste."""
        self._paste: list[str] | None = None
        super().__init__(debug)

    def feed(self, data: str) -> "Iterable[Message]":
        """Yield the messages that ``data`` completes; an empty text is the end of the input."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._paste is None:
                before, begin, data = data.partition(BEGIN)
                # A mark that is cut in two by the end of a read is left to Textual.
                if before:
                    yield from super().feed(before)
                if not begin:
                    return
                self._paste = []
            data = yield from self._pasted(data)

    def _pasted(self, data: str) -> "Generator[Message, None, str]":
        """Take ``data`` up to the end of the paste, and return what follows it."""
        if self._paste is None:
            return data
        # The mark at the end may come in two parts.
        data = (self._paste.pop() if self._paste else "") + data
        text, end, rest = data.partition(END)
        if not end:
            kept = len(data) - len(END) + 1
            self._paste += [data[: max(kept, 0)], data[max(kept, 0) :]]
            return ""
        pasted = "".join([*self._paste, text])
        self._paste = None
        yield events.Paste(pasted.replace("\x00", ""))
        return rest


def take_pastes_whole(driver: "type[Driver]") -> None:
    """Have ``driver`` read with :class:`WholePastes`, where it reads with Textual's parser."""
    module = sys.modules[driver.__module__]
    if getattr(module, "XTermParser", None) is XTermParser:
        module.XTermParser = WholePastes  # type: ignore[attr-defined]
