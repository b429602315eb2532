"""Runs the program with a probe that fails by a mistake of the tool itself."""

import dataclasses
import sys
from typing import NoReturn

from pinned_tui.cli import main
from pinned_tui.probes import plan
from pinned_tui.probes.model import ProbeContext


async def fail(_context: ProbeContext) -> NoReturn:
    raise LookupError("a mistake")


if __name__ == "__main__":
    plan.PROBES = tuple(
        dataclasses.replace(probe, run=fail) if probe.id == "channels" else probe
        for probe in plan.PROBES
    )
    sys.exit(main())
