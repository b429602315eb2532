"""Several processes, killed ones and a full disk: what was acknowledged is there afterwards."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import samples
from tests.history.conftest import OpenStore
from tests.history.crowd import crowd

SAVER = ("-m", "tests.history.saver")
ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def saver(path: Path, first: int, count: int, most_bytes: int = 0) -> Iterator["Saver"]:
    """A process that saves sessions."""
    arguments = [str(path), *map(str, (first, count, most_bytes))]
    process = subprocess.Popen(
        [sys.executable, *SAVER, *arguments], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


Saver = subprocess.Popen[str]


def lines(process: Saver) -> list[str]:
    assert process.stdout is not None
    return [line.strip() for line in process.stdout]


def saved(output: list[str]) -> set[str]:
    return {line.removeprefix("saved ") for line in output if line.startswith("saved ")}


@pytest.mark.parametrize("acknowledged", [1, 7, 40, 41, 42])
def test_a_process_killed_while_saving_loses_nothing_that_it_acknowledged(
    open_store: OpenStore, path: Path, acknowledged: int
) -> None:
    with saver(path, 1, 0) as process:
        assert process.stdout is not None
        seen = [process.stdout.readline().strip() for _ in range(acknowledged)]
        process.kill()
        seen += lines(process)
    assert len(saved(seen)) >= acknowledged
    notices: list[str] = []
    store = open_store(notice=notices.append)
    entries = {entry.id: entry for entry in store.list()}
    assert saved(seen) <= set(entries)
    assert len(entries) <= len(saved(seen)) + 1
    assert not any(entry.damaged for entry in entries.values())
    assert notices == []


def test_processes_that_save_at_once_wait_for_each_other(open_store: OpenStore, path: Path) -> None:
    with contextlib.ExitStack() as stack:
        processes = [stack.enter_context(saver(path, 1000 * n, 25)) for n in range(4)]
        acknowledged = [saved(lines(process)) for process in processes]
    assert [len(names) for names in acknowledged] == [25] * 4
    entries = open_store().list()
    assert {entry.id for entry in entries} == set().union(*acknowledged)
    assert not any(entry.damaged for entry in entries)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_that_fills_up_is_said_and_costs_nothing_that_was_saved(
    open_store: OpenStore, path: Path
) -> None:
    with saver(path, 1, 0, most_bytes=200_000) as process:
        output = lines(process)
    assert output[-1].startswith("failed The history")
    assert "Free some space" in output[-1]
    assert len(output) > 10
    store = open_store()
    assert {entry.id for entry in store.list()} == saved(output)
    assert not any(entry.damaged for entry in store.list())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="makes its processes with fork")
def test_kills_while_saving_and_while_migrating_lose_nothing() -> None:
    """The thorough run is ``python -m tests.history.kills``."""
    words = ["--kills", "20", "--migrations", "5"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.history.kills", *words],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_checks_that_run_at_once_are_all_kept_without_a_word(tmp_path: Path) -> None:
    """The thorough run is ``python -m tests.history.crowd``."""
    assert crowd(tmp_path / "data", 6) == []


def test_neither_opening_nor_reading_needs_the_write_lock(
    open_store: OpenStore, path: Path
) -> None:
    open_store().save(samples.plain())
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        store = open_store(patience_s=0.01)
        assert store.get("last") == samples.plain()
        assert [entry.id for entry in store.list()] == ["00000001"]
        other.execute("DELETE FROM document")
        other.execute("ROLLBACK")
