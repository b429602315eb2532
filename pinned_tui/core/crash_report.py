"""What happens when pinned-tui itself fails: an apology and a crash file without secrets.

Tracebacks quote lines of code, and Textual's own crash screen prints the local variables of every
frame with whatever they hold. Here only the type, the redacted message and the places in the code
are kept. The message goes through the general scan too: it may hold a key that no one knows of.
"""

import platform
import re
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pinned_tui import __version__
from pinned_tui.core.clock import Clock, timestamp
from pinned_tui.core.private_files import FileProblem, named, private_folder, write_private
from pinned_tui.redaction.secret import Secret

EXIT_CODE = 4
"""The exit code of an error of the tool itself."""

_LONGEST_MESSAGE = 500
_MOST_FRAMES = 40
_MOST_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Crash:
    """One failure of pinned-tui.

    Attributes:
        report: The text of the crash file.
        path: Where it was written, or None where that failed too.
    """

    report: str
    path: Path | None

    @property
    def apology(self) -> str:
        """What the user reads after the terminal is theirs again."""
        where = (
            f"Details are in {named(self.path)}\n"
            "The file contains no key and no API response; it is safe to send."
            if self.path is not None
            else f"The report could not be written to a file, so here it is:\n\n{self.report}"
        )
        return (
            "Sorry, pinned-tui has stopped because of an error of its own.\n"
            "Your session up to the last step is in the history: pinned-tui history list\n"
            f"{where}\n"
        )


def describe(error: BaseException, *, at: str, secrets: Iterable[Secret]) -> str:
    """Describe ``error`` by type, message and places in the code; never by values.

    The members of a group are described with it, and what each error came of.

    Args:
        error: What was raised.
        at: When, RFC 3339.
        secrets: Keys to take out of the message.
    """
    lines = [
        "pinned-tui crash report",
        f"at {at}, version {__version__}, Python {platform.python_version()}, {platform.system()}",
        "",
    ]
    lines += _described(error, tuple(secrets), seen=set())
    return "\n".join(lines) + "\n"


def record(error: BaseException, *, clock: Clock, folder: Path, secrets: Iterable[Secret]) -> Crash:
    """Write the crash file of ``error`` into ``folder``; a failure to write is no second crash."""
    moment = clock.now()
    report = describe(error, at=timestamp(moment), secrets=secrets)
    path = folder / f"crash-{moment:%Y%m%dT%H%M%S%fZ}.txt"
    try:
        private_folder(folder)
        write_private(path, report.encode("utf-8", "backslashreplace"))
    except FileProblem:
        return Crash(report, None)
    return Crash(report, path)


def tell_of_stray(_loop: object, context: Mapping[str, Any]) -> None:
    """Name the kind of an error that no one waits for, in place of asyncio's own handler.

    That one logs the message and the traceback of the error, and the task's arguments with it.
    """
    error = context.get("exception")
    kind = type(error).__qualname__ if isinstance(error, BaseException) else "no exception"
    sys.stderr.write(f"pinned-tui: a background task failed ({kind}).\n")


def _described(
    error: BaseException, secrets: Sequence[Secret], *, seen: set[int], indent: str = ""
) -> list[str]:
    """Return the lines on ``error``, on those that a group holds, and on what it came of.

    Args:
        error: What was raised.
        secrets: Keys to take out of the messages.
        seen: Errors that were described already; it grows.
        indent: What each line begins with: groups stand deeper the further down they are.
    """
    if id(error) in seen or len(seen) >= _MOST_ERRORS:
        return []
    seen.add(id(error))
    frames = traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    lines = [
        f"{indent}{type(error).__module__}.{type(error).__qualname__}",
        f"{indent}  {_message(error, secrets)}",
        *(f"{indent}  {_place(f.filename)}:{f.lineno}:{f.name}" for f in frames),
    ]
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            lines += _after(f"{indent}  of it", one, secrets, seen, f"{indent}  ")
    cause = error.__cause__ or error.__context__
    return lines + _after(f"{indent}because of", cause, secrets, seen, indent)


def _after(
    heading: str,
    error: BaseException | None,
    secrets: Sequence[Secret],
    seen: set[int],
    indent: str,
) -> list[str]:
    lines = _described(error, secrets, seen=seen, indent=indent) if error is not None else []
    return [heading, *lines] if lines else []


def _message(error: BaseException, secrets: Iterable[Secret]) -> str:
    from pinned_tui.redaction.redactor import Redactor
    from pinned_tui.redaction.sanitize import clean_line

    return clean_line(Redactor(secrets).text(str(error)), _LONGEST_MESSAGE)


def _place(filename: str) -> str:
    """Return the part of a path from the package on; the rest names a user's folders."""
    parts = re.split(r"[\\/]", filename)
    for root in ("site-packages", "pinned_tui"):
        if root in parts:
            start = parts.index(root) + (root == "site-packages")
            return "/".join(parts[start:])
    return parts[-1]
