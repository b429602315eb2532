"""Where a session goes that a command was asked to show: standard output or a file."""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from pinned_tui.cli.runner import CommandError
from pinned_tui.cli.streams import draws, put, say
from pinned_tui.core.private_files import named, require_writable, typed_path, write_private
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Session

_STANDARD_OUTPUT = "-"


def place(options: argparse.Namespace) -> Path | None:
    """Return the file to write to, or None for standard output; nothing is written yet.

    Raises:
        CommandError: there is a file of that name, and nothing allows to replace it.
        FileProblem: it can't be written for another reason.
    """
    output = getattr(options, "output", None)
    if output is None or output == _STANDARD_OUTPUT:
        return None
    path = typed_path(output)
    require_writable(path, overwrite=True)
    if not options.force and os.path.lexists(path):
        raise CommandError(
            f"{named(path)} already exists. Choose another name, or replace it with --force."
        )
    return path


def deliver(
    session: Session,
    options: argparse.Namespace,
    secrets: Sequence[Secret],
    *,
    with_pasted: bool = False,
) -> None:
    """Show ``session`` in the format asked for, or write it to the file asked for.

    Args:
        session: The session.
        options: With ``format``, ``output`` and ``force``.
        secrets: What must not get out.
        with_pasted: Whether corrected versions of what was pasted go with it.

    Raises:
        CommandError: there is a file of that name.
        FileProblem: the file can't be written.
        OutputError: standard output can't be written to.
    """
    from pinned_tui.report.export import export, scanned

    path = place(options)
    if options.format == "text":
        width = shutil.get_terminal_size((80, 24)).columns
        data = scanned(_text(session, width, to_file=path is not None), secrets, say)
    else:
        data = export(session, options.format, secrets=secrets, with_pasted=with_pasted, notice=say)
    if path is None:
        put(data)
        return
    write_private(path, data, overwrite=options.force)
    say(f"written to {named(path)}")


def _text(session: Session, width: int, *, to_file: bool) -> str:
    from pinned_tui.report.text import render

    colour = not to_file and draws(sys.stdout) and not os.environ.get("NO_COLOR")
    return render(session, width=width, colour=colour)
