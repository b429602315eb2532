"""Snapshots of what must not change unnoticed at the smallest, the usual and a large size.

They show no port and no moving part. Look at a difference in ``snapshot_report.html``; accept it
with ``pytest tests/tui/test_tui_snapshots.py --snapshot-update``.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from pinned_tui.sandbox.demo import SandboxDemo
from pinned_tui.tui.app import PinnedApp
from tests.tui.scenes import SIZES, Way, consent, help_, home, situations, verdict
from tests.tui.tui_stage import Stage, demo, services

Compare = Callable[..., bool]


SMALL = ("60x20", "80x24")
"""Sizes at which no part of a page behind a dialog shows the sandbox's port."""

WAYS: dict[str, Way] = {
    "home": home,
    "situations": situations,
    "consent": consent,
    "help": help_,
    "draft": verdict("9"),
}


@pytest.mark.parametrize(
    ("name", "size"), [("home", "160x50"), *((name, size) for name in WAYS for size in SMALL)]
)
def test_the_page_looks_as_it_did(
    snap_compare: Compare, tmp_path: Path, name: str, size: str
) -> None:
    with demo() as sandbox:
        assert snap_compare(*_scene(tmp_path, sandbox, WAYS[name], size))


def _scene(folder: Path, sandbox: SandboxDemo, way: Way, size: str) -> tuple[object, ...]:
    app = PinnedApp(services(folder, demo=sandbox))

    async def go(pilot: Pilot[None]) -> None:
        await way(Stage(app, pilot))

    return app, (), SIZES[size], go
