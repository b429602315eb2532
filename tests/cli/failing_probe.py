"""Runs the program with a probe that fails by a mistake of the tool itself."""

import dataclasses
import sys
from typing import NoReturn

from pinned_tui.checks import plan
from pinned_tui.checks.model import ProbeContext
from pinned_tui.cli.parser import main


async def fail(_context: ProbeContext) -> NoReturn:
    raise LookupError("a mistake")


if __name__ == "__main__":
    plan.PROBES = tuple(
        dataclasses.replace(probe, run=fail) if probe.id == "channels" else probe
        for probe in plan.PROBES
    )
    sys.exit(main())
