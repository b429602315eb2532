"""Where the key comes from: never from an argument, and it goes nowhere but into a Secret."""

import argparse
import getpass
import os
import stat
import sys
from pathlib import Path

from pinned_tui.commands.frame import CommandError, say
from pinned_tui.privacy.clean import clean_line
from pinned_tui.privacy.secret import Secret

VARIABLE = "PINNED_EVENTS_API_KEY"
_MOST_BYTES = 64 * 1024


def find_key(options: argparse.Namespace, *, ask: bool) -> Secret | None:
    """Return the key from where the options say; None where there is none.

    Args:
        options: With ``key_file`` and ``key_stdin``.
        ask: Whether to ask for it when it is nowhere else and a person is at the terminal.

    Raises:
        CommandError: the file can't be read.
    """
    if options.key_file is not None:
        return Secret(_from_file(Path(options.key_file)), source="file")
    if options.key_stdin:
        return Secret(_one_line(sys.stdin.buffer.read(_MOST_BYTES)), source="standard input")
    value = os.environ.get(VARIABLE)
    if value is not None:
        return Secret(value, source="environment")
    if ask and sys.stdin.isatty() and sys.stderr.isatty():
        return _prompt()
    return None


def _from_file(path: Path) -> str:
    shown = clean_line(str(path), limit=200)
    try:
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_fifo():
            raise CommandError(f"{shown} is not a file. Give the file that holds the key.")
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise CommandError(
            f"{shown} can't be read: {reason}. Give the file that holds the key."
        ) from None
    if len(content) > _MOST_BYTES:
        raise CommandError(f"{shown} is too large to be a key file.")
    return _one_line(content)


def _one_line(content: bytes) -> str:
    """Take off the one line end that editors and ``echo`` put at the end of every file.

    Anything beyond that stays: it would be sent by whoever reads the file as it is.
    """
    text = content.decode("utf-8", errors="surrogateescape")
    for end in ("\r\n", "\n"):
        if text.endswith(end):
            return text.removesuffix(end)
    return text


def _prompt() -> Secret | None:
    say(f"{VARIABLE} is not set. Type or paste the key; it is not shown. Enter alone: none.")
    try:
        value = getpass.getpass("Key: ", stream=sys.stderr)
    except EOFError:
        return None
    return Secret(value, source="typed") if value else None
