"""Takes what a terminal pastes in one piece.

Textual reads its input character by character, pasted text too: three seconds for a megabyte while
the program draws, and an escape character in the middle of a paste counts as a press of Esc. What
comes between the two marks of a bracketed paste is text and nothing else, so here it is passed by.

That holds for a mark that arrives in two parts as well. And a paste whose end never arrives, as on
a line that breaks off, must not swallow the keys that follow: the program would be deaf for ever,
to Ctrl+C too.
"""

import sys
from typing import TYPE_CHECKING

from textual import constants, events
from textual._time import get_time
from textual._xterm_parser import XTermParser

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from textual.driver import Driver
    from textual.message import Message

BEGIN, END = "\x1b[200~", "\x1b[201~"

BROKEN_OFF_S = 2.0
"""After such a pause within a paste, what comes by itself is a key."""

_REST_S = 1.0
"""How long the rest of a mark is waited for that cannot be the beginning of a key alone."""

_LONGEST_KEY = 12
"""Characters that the terminal sends for a key, at most."""


class WholePastes(XTermParser):
    """Textual's parser, with pastes taken in one piece."""

    def __init__(self, debug: bool = False) -> None:
        """Begin outside of a paste."""
        self._paste: list[str] | None = None
        self._held = ""
        self._held_until = self._came_at = 0.0
        self._ends_late = self._has_just_read = False
        super().__init__(debug)

    def feed(self, data: str) -> "Iterable[Message]":
        """Yield the messages that ``data`` completes; an empty text is the end of the input."""
        if not data:
            yield from super().feed(data)
            return
        now, before = get_time(), self._came_at
        self._came_at, self._has_just_read = now, True
        if self._paste is not None and now - before > BROKEN_OFF_S and _is_key(data):
            yield self._pasted(self._paste)
            self._paste, self._ends_late = None, True
        data, self._held = self._held + data, ""
        if self._ends_late and END in data.partition(BEGIN)[0]:
            self._paste, self._ends_late = [""], False
        while data:
            if self._paste is None:
                typed, begin, data = data.partition(BEGIN)
                if not begin:
                    typed = self._hold(typed, now)
                if typed:
                    yield from super().feed(typed)
                if not begin:
                    return
                self._paste, self._ends_late = [""], False
            data = yield from self._paste_on(self._paste, data)

    def tick(self) -> "Iterable[Message]":
        """Yield what is a key after all, because nothing has followed it."""
        # On a busy machine long may have passed since the read just before; what follows may be
        # there, only not read yet.
        read, self._has_just_read = self._has_just_read, False
        if self._held and not read and get_time() >= self._held_until:
            held, self._held = self._held, ""
            yield from super().feed(held)
            self._timeout_time = 0.0  # it has waited here already
        yield from super().tick()

    def _hold(self, typed: str, now: float) -> str:
        """Keep the end of ``typed`` where a paste may begin with it, and return the rest."""
        for length in range(min(len(BEGIN) - 1, len(typed)), 0, -1):
            if typed.endswith(BEGIN[:length]):
                self._held = BEGIN[:length]
                # Esc is a key by itself; what is longer is followed by more, but for Alt+[.
                self._held_until = now + (constants.ESCAPE_DELAY if length == 1 else _REST_S)
                return typed[:-length]
        return typed

    def _paste_on(self, paste: list[str], data: str) -> "Generator[Message, None, str]":
        """Take ``data`` into ``paste`` up to its end, and return what follows it."""
        data = paste.pop() + data  # the mark at the end may come in two parts
        text, end, rest = data.partition(END)
        if end:
            self._paste = None
            yield self._pasted([*paste, text])
            return rest
        kept = max(len(data) - len(END) + 1, 0)
        paste += [data[:kept], data[kept:]]
        return ""

    @staticmethod
    def _pasted(parts: list[str]) -> events.Paste:
        return events.Paste("".join(parts).replace("\x00", ""))


def _is_key(data: str) -> bool:
    """Tell whether ``data`` is a key rather than more of a paste, or the mark at its end."""
    return len(data) <= _LONGEST_KEY and END[-3:] not in data


def take_pastes_whole(driver: "type[Driver]") -> None:
    """Have ``driver`` read with :class:`WholePastes`, where it reads with Textual's parser."""
    module = sys.modules[driver.__module__]
    if getattr(module, "XTermParser", None) is XTermParser:
        module.XTermParser = WholePastes  # type: ignore[attr-defined]
