"""What every command is run in: errors in words, never a traceback, the right exit code."""

import argparse
import os
import shutil
import sys
import textwrap
from collections.abc import Callable
from types import ModuleType
from typing import Any

from pinned_tui.clock import SystemClock

USAGE = 2
INTERRUPTED = 3
OWN_FAULT = 4

_UNBROKEN: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}
"""Paths, addresses and commands stay whole, so that they can be copied."""


class CommandError(Exception):
    """A command can't do what it was asked; the message is for the person."""

    def __init__(self, message: str, exit_code: int = USAGE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def say(message: str) -> None:
    """Tell the person something beside the data: on standard error."""
    text = f"pinned-tui: {message}"
    if sys.stderr.isatty():
        columns = shutil.get_terminal_size((80, 24)).columns - 1
        text = "\n".join(textwrap.fill(line, columns, **_UNBROKEN) for line in text.split("\n"))
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def guarded(load: Callable[[], ModuleType], function: str, options: argparse.Namespace) -> int:
    """Run a command so that whatever it raises ends in a message and an exit code.

    Args:
        load: Imports the module of the command; the import counts as part of it.
        function: Name of the function in it, which takes the options.
        options: The parsed command line.
    """
    from pinned_tui.files import FileProblem

    _speak_utf8()
    try:
        code: int = getattr(load(), function)(options)
        sys.stdout.flush()
    except CommandError as error:
        say(str(error))
        return error.exit_code
    except FileProblem as error:
        say(str(error))
        return USAGE
    except KeyboardInterrupt:
        say("interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        _drop_stdout()
        return 0
    # The boundary of the whole program: a mistake of its own must not show a traceback, whose
    # lines could quote what a person typed.
    except Exception as error:  # noqa: BLE001
        return _crashed(error)
    return code


def _crashed(error: Exception) -> int:
    from pinned_tui.history.location import data_folder
    from pinned_tui import crash

    made = crash.record(error, clock=SystemClock(), folder=data_folder(os.environ), secrets=[])
    sys.stderr.write(made.apology)
    return OWN_FAULT


def _speak_utf8() -> None:
    """Let a console that can't show a character replace it instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _drop_stdout() -> None:
    """Let the interpreter's last flush go nowhere when the reader of a pipe has left."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
