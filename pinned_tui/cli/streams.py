"""The standard streams, whatever they are: a terminal, a pipe without a reader, full, closed."""

import errno
import os
import sys
import textwrap
from pathlib import Path
from typing import IO, Any

_NO_READER = frozenset({errno.EPIPE, *([errno.EINVAL] if os.name == "nt" else [])})
_COLUMNS = 80


class OutputError(Exception):
    """Standard output takes no more; the message is for the user."""


def complete() -> None:
    """Put the null device in the place of streams that are closed, and let no character fail.

    Without this Python has None in their place, and the next file that is opened gets the number
    of the stream: what a library writes to standard error would end up in the history.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - never closed
            setattr(sys, name, nowhere)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def quieten() -> None:
    """Name only the kind of what fails where nothing can be raised; its message may hold a key.

    That is in threads that no one waits for, and while objects are cleared away.
    """
    import threading

    sys.unraisablehook = lambda failed: _tell_kind(failed.exc_type)
    threading.excepthook = lambda failed: _tell_kind(failed.exc_type)


def _tell_kind(kind: type[BaseException] | None) -> None:
    name = kind.__qualname__ if kind is not None else "no exception"
    tell(f"pinned-tui: something in the background failed ({name}).\n")


def put(data: str | bytes) -> None:
    """Write data to standard output, at once. Where its reader has left, nothing happens.

    Raises:
        OutputError: it can't be written, for example because the disk is full.
    """
    try:
        if isinstance(data, bytes):
            sys.stdout.buffer.write(data)
        else:
            sys.stdout.write(data)
        sys.stdout.flush()
    except OSError as error:
        give_up(error)


def tell(text: str) -> None:
    """Write to standard error, at once; where no one takes it, nothing happens."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _let_go(sys.stderr)


def give_up(error: OSError) -> None:
    """Write no more to standard output, which failed with ``error``.

    Raises:
        OutputError: it was not that the reader of a pipe has left.
    """
    _let_go(sys.stdout)
    if error.errno not in _NO_READER:
        raise OutputError(
            f"can't write to standard output: {error.strerror or 'no reason given'}."
            " The output is incomplete. Send it somewhere else."
        ) from None


def at_terminal() -> bool:
    """Return whether a user can be asked: at a terminal that takes keys and shows the question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def draws(stream: IO[str]) -> bool:
    """Return whether ``stream`` is a terminal that can write over a line and show colours."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def columns(stream: IO[str]) -> int:
    """Return how wide the terminal behind ``stream`` is, or 80 where that can't be told."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or _COLUMNS
    except (OSError, ValueError):
        return _COLUMNS


def _let_go(stream: IO[str]) -> None:
    """Let what the interpreter flushes at its end go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


_UNBROKEN: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}


def say(message: str) -> None:
    """Tell the user something beside the data: on standard error."""
    text = f"pinned-tui: {message}"
    if sys.stderr.isatty():
        width = columns(sys.stderr) - 1
        text = "\n".join(textwrap.fill(line, width, **_UNBROKEN) for line in text.split("\n"))
    tell(f"{text}\n")
