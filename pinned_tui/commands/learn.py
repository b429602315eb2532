"""``pinned-tui explain``: what a cause, a status, an error code or a section means. Offline."""

import argparse
import json
import sys

from pinned_tui.commands.frame import CommandError


def explain_code(options: argparse.Namespace) -> int:
    """Print the explanation of one code."""
    from pinned_tui.diagnosis.catalogue import load_catalogue
    from pinned_tui.diagnosis.explain import explain, render_text

    raise CommandError(f"{explain} {render_text} {load_catalogue} {json} {sys} {options}")
