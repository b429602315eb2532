"""The real program in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pinned_tui
from pinned_tui.sandbox.server import Sandbox
from tests.cli.program import Program, Result


@pytest.fixture
def program(tmp_path: Path) -> Program:
    home = tmp_path / "data"
    work = tmp_path / "work"
    work.mkdir()

    def run(
        *words: str, key: str | None = None, stdin: bytes = b"", env: dict[str, str] | None = None
    ) -> Result:
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
            "PINNED_TUI_DATA_DIR": str(home),
            "PYTHONIOENCODING": "utf-8",
            "PYTHONPATH": str(Path(pinned_tui.__file__).parents[1]),  # the code that is tested
            **(env or {}),
        }
        if key is not None:
            environment["PINNED_EVENTS_API_KEY"] = key
        done = subprocess.run(
            [sys.executable, "-m", "pinned_tui", *words],
            input=stdin,
            capture_output=True,
            env=environment,
            cwd=work,
            timeout=60,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode(), home, work)

    return run


@pytest.fixture
def healthy() -> Iterator[Sandbox]:
    with Sandbox("healthy") as sandbox:
        yield sandbox
