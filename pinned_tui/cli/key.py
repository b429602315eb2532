"""The key of the environment as every command knows it, also those that take no key.

Whoever has ``PINNED_EVENTS_API_KEY`` set may paste a text with that key in it, open a report of
someone who had it, or meet it in an error message.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from pinned_tui.cli.streams import at_terminal, say
from pinned_tui.core.input_files import LARGEST_KEY, read_key, read_key_file
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Session, decode, encode

VARIABLE = "PINNED_EVENTS_API_KEY"


def find_key(options: argparse.Namespace, *, ask: bool) -> Secret | None:
    """Return the key from where the options say; None where there is none.

    Args:
        options: With ``key_file`` and ``key_stdin``; ``secrets`` gets the key.
        ask: Whether to ask for it when it is nowhere else and a user is at the terminal.

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

    say(f"{VARIABLE} is not set. Type or paste the key; it is not shown. Press Enter for none.")
    try:
        value = getpass.getpass("Key: ", stream=sys.stderr)
    except EOFError:
        return None
    return Secret(value, source="typed") if value else None


def environment_secrets(environ: Mapping[str, str] = os.environ) -> list[Secret]:
    """Return what the environment holds that must not get out; empty where it holds nothing."""
    value = environ.get(VARIABLE)
    return [Secret(value, source="environment")] if value and value.strip() else []


def without_known(session: Session, secrets: Sequence[Secret]) -> Session:
    """Return ``session``, which comes from a file, without ``secrets``.

    What this program writes holds none. A file may be another program's, or have been written
    before the key was known.
    """
    if not secrets:
        return session
    import msgspec

    from pinned_tui.redaction.redactor import Redactor  # costs start-up

    redactor = Redactor(secrets)
    document = encode(session)
    if not redactor.knows(document.decode("utf-8")):
        return session
    plain = redactor.json(msgspec.json.decode(document), by_look=False)
    return decode(msgspec.json.encode(plain))


def text_without_known(text: str, secrets: Sequence[Secret]) -> str:
    """Return ``text`` without ``secrets``."""
    if not secrets:
        return text
    from pinned_tui.redaction.redactor import Redactor  # costs start-up

    return Redactor(secrets).text(text, by_look=False)
