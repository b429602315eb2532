"""Where the key comes from: never from an argument, and it goes nowhere but into a Secret."""

import argparse
import os
import sys

from pinned_tui.commands.streams import at_terminal, say
from pinned_tui.handed import LARGEST_KEY, read_key, read_key_file
from pinned_tui.privacy.secret import Secret

VARIABLE = "PINNED_EVENTS_API_KEY"


def find_key(options: argparse.Namespace, *, ask: bool) -> Secret | None:
    """Return the key from where the options say; None where there is none.

    Args:
        options: With ``key_file`` and ``key_stdin``; ``secrets`` gets the key.
        ask: Whether to ask for it when it is nowhere else and a person is at the terminal.

    Raises:
        FileProblem: the file can't be read, or can't be a key.
    """
    secret = _found(options, ask=ask)
    if secret is not None:
        options.secrets.append(secret)
    return secret


def _found(options: argparse.Namespace, *, ask: bool) -> Secret | None:
    if options.key_file is not None:
        return read_key_file(options.key_file)
    if options.key_stdin:
        data = sys.stdin.buffer.read(LARGEST_KEY + 1)
        return read_key(data, source="standard input", shown="Standard input")
    value = os.environ.get(VARIABLE)
    if value is not None:
        return Secret(value, source="environment")
    if ask and at_terminal():
        return _prompt()
    return None


def _prompt() -> Secret | None:
    import getpass  # costs start-up

    say(f"{VARIABLE} is not set. Type or paste the key; it is not shown. Enter alone: none.")
    try:
        value = getpass.getpass("Key: ", stream=sys.stderr)
    except EOFError:
        return None
    return Secret(value, source="typed") if value else None
