"""What the tests of the app share; leaves out what a system has no terminals for."""

import sys
from collections.abc import Iterator

import pytest

from pinned_tui.sandbox.demo import SandboxDemo
from tests.tui.tui_stage import demo

collect_ignore = ["test_tui_terminal.py"] if sys.platform == "win32" else []


@pytest.fixture
def sandbox() -> Iterator[SandboxDemo]:
    with demo() as running:
        yield running
