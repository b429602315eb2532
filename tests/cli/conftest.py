"""The program, in this process or in one of its own, with folders that are looked through."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pinned_tui.sandbox.server import Sandbox
from tests.cli.program import Program, Result, Run, environment, run_here, run_process


def _program(run: Run, folder: Path) -> Program:
    home, work = folder / "data", folder / "work"
    work.mkdir(exist_ok=True)

    def program(
        *words: str, key: str | None = None, stdin: bytes = b"", env: dict[str, str] | None = None
    ) -> Result:
        code, out, err = run(words, environment(home, key, **(env or {})), work, stdin)
        return Result(code, out.decode(), err.decode(), home, work)

    return program


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program in this process: what a person gets, without a second for each start."""
    return _program(run_here, tmp_path)


@pytest.fixture
def process(tmp_path: Path) -> Program:
    """The program in a process of its own, on the same folders."""
    return _program(run_process, tmp_path)


@pytest.fixture
def healthy() -> Iterator[Sandbox]:
    with Sandbox("healthy") as sandbox:
        yield sandbox
