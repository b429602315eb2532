"""``pinned-tui explain``: what a cause, a status, an error code or a section means. Offline."""

import argparse
import json
import shutil
from dataclasses import asdict

from pinned_tui.cli.runner import CommandError
from pinned_tui.cli.streams import put
from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.diagnosis.explain import explain, render_text, suggestions
from pinned_tui.diagnosis.explain_topics import load_topics
from pinned_tui.redaction.secret import quoted

_WIDEST = 100


def explain_code(options: argparse.Namespace) -> int:
    """Print the explanation of one code.

    Raises:
        CommandError: nothing goes by that name; it quotes the name and offers near ones.
    """
    code = " ".join(options.code)
    catalogue, topics = load_catalogue(), load_topics()
    explanation = explain(code, catalogue, topics)
    if explanation is None:
        near = suggestions(code, catalogue, topics)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise CommandError(
            f"unknown name: {quoted(code)}.{hint} Give a cause such"
            " as scope-missing, a status such as 403, an error code, or a section of the guide."
        )
    if options.format == "json":
        put(json.dumps(asdict(explanation), ensure_ascii=False, indent=2) + "\n")
    else:
        columns = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
        put(render_text(explanation, width=columns))
    return 0
