"""A terminal that goes away, or can't take a text, must not hold up the program.

Textual writes from a thread of its own through a queue of thirty texts. When the terminal is gone,
that thread dies of the first error, the queue fills up, and the program waits for room in it for
ever: deaf to signals, its session unsaved, an orphan. Here such an error is no error. Nor is it
one that a text has characters which the terminal's encoding does not have.
"""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

from textual import events

from pinned_tui.tui.terminal import Terminal

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver
    from textual.message import Message


class LastingTerminalFile:
    """Writes to a file, and to nowhere once the file is gone."""

    def __init__(self, file: TextIO, gone: Callable[[], None]) -> None:
        """Write to ``file``; ``gone`` is called once, from the thread that found it gone."""
        self._file = file
        self._gone = gone
        self._is_gone = False

    def write(self, text: str) -> None:
        """Write ``text``."""
        try:
            self._try(lambda: self._file.write(text))
        except UnicodeEncodeError as error:
            shown = text.encode(error.encoding, "replace").decode(error.encoding)
            self._try(lambda: self._file.write(shown))

    def flush(self) -> None:
        """Have everything written."""
        self._try(self._file.flush)

    def fileno(self) -> int:
        """Return the number of the file."""
        return self._file.fileno()

    def _try(self, operation: Callable[[], object]) -> None:
        if self._is_gone:
            return
        try:
            operation()
        except OSError:
            self._is_gone = True
            self._gone()


def lasting(
    driver: "type[Driver]",
    gone: Callable[[], None],
    terminal: Terminal,
    pressed: Callable[[float], None],
) -> "type[Driver]":
    """Return ``driver`` so that it survives its terminal.

    Args:
        driver: One of Textual's drivers that write to a file of theirs.
        gone: Called once the terminal is gone, from the thread that writes.
        terminal: Told when the terminal is taken over, and when it is given back.
        pressed: Called when Ctrl+C is read, from the thread that reads, with Textual's time.
    """

    class LastingDriver(driver):  # type: ignore[misc, valid-type]
        """Writes to a :class:`LastingTerminalFile`."""

        def __init__(self, app: "App[Any]", **options: Any) -> None:  # noqa: ANN401 - as above
            super().__init__(app, **options)
            file: TextIO | None = getattr(self, "_file", None)
            if file is not None:
                self._file = LastingTerminalFile(file, gone)

        def process_message(self, message: "Message") -> None:
            if isinstance(message, events.Key) and message.key == "ctrl+c":
                pressed(message.time)
            super().process_message(message)

        def start_application_mode(self) -> None:
            terminal.taken = True
            super().start_application_mode()

        def stop_application_mode(self) -> None:
            super().stop_application_mode()
            terminal.taken = False

    return LastingDriver


def is_gone() -> bool:
    """Tell whether the terminal that the program was started on is there no more."""
    return sys.__stdin__ is None or not sys.__stdin__.isatty()


def let_go() -> None:
    """Have what is still buffered for a terminal that is gone go nowhere, instead of failing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
