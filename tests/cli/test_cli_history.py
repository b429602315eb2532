"""The history from the command line: options before and after the action, and a locked file."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinned_tui.clock import SystemClock
from pinned_tui.history.store import HistoryStore
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Outcome
from tests import samples
from tests.cli.program import Program, key_of


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A history with three sessions, of which one is a problem."""
    path = tmp_path / "data" / "history.sqlite3"
    with contextlib.closing(HistoryStore.open(path, clock=SystemClock())) as store:
        for number in (1, 2, 3):
            outcome = Outcome.PROBLEM if number == 2 else Outcome.HEALTHY
            store.save(samples.plain(number, outcome=outcome))
    return path


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (("--limit", "1"), ["00000003"]),
        (("--outcome", "problem"), ["00000002"]),
        (("--filter", "00000001"), ["00000001"]),
    ],
)
def test_options_count_before_and_after_the_action(
    words: tuple[str, ...], ids: list[str], program: Program
) -> None:
    shape = ("--format", "json")
    for line in (
        ("history", *words, *shape),
        ("history", *words, *shape, "list"),
        ("history", *shape, "list", *words),
        ("history", "list", *words, *shape),
    ):
        assert [entry["id"] for entry in program(*line).json] == ids, line
    assert len(program("history", "list", *shape).json) == 3


@pytest.mark.usefixtures("kept")
def test_the_later_option_wins(program: Program) -> None:
    line = ("history", "--limit", "1", "--format", "json", "list", "--limit", "2")
    assert len(program(*line).json) == 2
    assert program("history", "--format", "json", "show", "last").json["id"] == "00000003"


def test_a_locked_history_fails_what_needs_it(kept: Path, program: Program) -> None:
    with locked(kept):
        for words in (("list",), ("show", "last"), ("delete", "last"), ("prune", "--keep", "1")):
            result = program("history", *words)
            assert result.code == 2
            assert "Another program is using it" in result.err
            assert result.out == ""
        result = program("report", "last", "--output", "r.md")
        assert result.code == 2
        assert list(result.work.iterdir()) == []
    assert len(program("history", "list", "--format", "json").json) == 3


def test_a_locked_history_does_not_stop_a_check(
    kept: Path, program: Program, healthy: Sandbox
) -> None:
    with locked(kept):
        result = program("check", "--base-url", healthy.base_url, key=key_of(healthy))
    assert result.code == 0
    assert result.err.count("Another program is using it") == 1
    assert "may be missing from the history" in result.err
    assert "until you quit" not in result.err
