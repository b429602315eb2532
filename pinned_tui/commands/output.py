"""Where a session goes that a command was asked to show: standard output or a file."""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from pinned_tui.commands.frame import OWN_FAULT, CommandError, say
from pinned_tui.privacy.secret import Secret
from pinned_tui.session import Session


def deliver(session: Session, options: argparse.Namespace, secrets: Sequence[Secret]) -> None:
    """Show ``session`` in the format asked for, or write it to the file asked for.

    Raises:
        CommandError: the last scan found a secret in it, so nothing was written.
        FileProblem: the file can't be written.
    """
    from pinned_tui.files import write_private
    from pinned_tui.report.export import ExportRefusedError, export, scanned

    output = getattr(options, "output", None)
    try:
        if options.format == "text":
            width = shutil.get_terminal_size((80, 24)).columns
            data = scanned(_text(session, width, to_file=output is not None), secrets)
        else:
            data = export(session, options.format, secrets=secrets)
    except ExportRefusedError as error:
        raise CommandError(str(error), OWN_FAULT) from None
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    write_private(path, data, overwrite=options.force)
    say(f"written to {path}")


def _text(session: Session, width: int, *, to_file: bool) -> bytes:
    from pinned_tui.report.text import render

    colour = not to_file and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return render(session, width=width, colour=colour).encode("utf-8", "replace")
