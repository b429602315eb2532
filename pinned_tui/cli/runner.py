"""What every command is run in: errors in words, never a traceback, the right exit code."""

import argparse
import os
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

from pinned_tui.cli.signals import INTERRUPTED
from pinned_tui.cli.streams import OutputError, say, tell
from pinned_tui.core.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinned_tui.redaction.secret import Secret

USAGE = 2
OWN_FAULT = 4

"""Paths, addresses and commands stay whole, so that they can be copied."""


class CommandError(Exception):
    """A command can't do what it was asked; the message is for the user."""

    def __init__(self, message: str, exit_code: int = USAGE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def guarded(load: Callable[[], ModuleType], function: str, options: argparse.Namespace) -> int:
    """Run a command so that whatever it raises ends in a message and an exit code.

    Args:
        load: Imports the module of the command; the import counts as part of it.
        function: Name of the function in it, which takes the options.
        options: The parsed command line; gets ``secrets``, which takes the keys in use, so that
            none of them gets into a crash file. The key of the environment is in it from the start.
    """
    from pinned_tui.cli.key import environment_secrets
    from pinned_tui.core.private_files import FileProblem

    options.secrets = environment_secrets()
    try:
        code: int = getattr(load(), function)(options)
    except CommandError as error:
        say(str(error))
        return error.exit_code
    except (FileProblem, OutputError) as error:
        say(str(error))
        return USAGE
    except KeyboardInterrupt:
        say("interrupted.")
        return INTERRUPTED
    # The boundary of the whole program: a mistake of its own must not show a traceback, whose
    # lines could quote what a user typed.
    except Exception as error:  # noqa: BLE001
        return _crashed(error, options.secrets)
    return code


def _crashed(error: Exception, secrets: "Sequence[Secret]") -> int:
    from pinned_tui.core import crash_report
    from pinned_tui.history.location import data_folder

    folder = data_folder(os.environ)
    made = crash_report.record(error, clock=SystemClock(), folder=folder, secrets=secrets)
    tell(made.apology)
    return OWN_FAULT
