"""The terminal interface. The one part of pinned-tui that imports Textual.

Textual can write keystrokes to a log and drop into a debugger; with a key being typed, neither may
happen, so the variables that switch this on are taken away before Textual is imported.
"""

import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pinned_tui.tui.services import Services

UNSAFE_VARIABLES = (
    "TEXTUAL_LOG",
    "TEXTUAL_DEBUG",
    "TEXTUAL",
    "TEXTUAL_PRESS",
    "TEXTUAL_SCREENSHOT",
)
"""What makes Textual write down, or show, more than its screen."""


def run(services: "Services") -> int:
    """Run the TUI to its end and return the exit code of the process.

    Args:
        services: What it works with.

    Returns:
        0 after leaving, 4 after a failure of the tool itself, 128 and the signal's number after a
        signal.
    """
    for variable in UNSAFE_VARIABLES:
        os.environ.pop(variable, None)
    gc.disable()  # until the first page is drawn: what start-up makes is no garbage
    from pinned_tui.tui.app import PinnedApp
    from pinned_tui.tui.terminal import heard, is_gone, let_go

    app = PinnedApp(services)
    with heard(app.shutdown.by_signal), app.shutdown.terminal.lent():
        app.run()
    services.notices.unlisten()
    if is_gone():
        let_go()
    if app.crash is not None:
        from pinned_tui.core.crash_report import EXIT_CODE

        sys.stderr.write(app.crash.apology)
        return EXIT_CODE
    return app.return_code or 0
