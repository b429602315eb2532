"""The history from the command line: options before and after the action, and a locked file."""

import concurrent.futures
import contextlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pinned_tui.cli import history as history_module
from pinned_tui.core import crash_report
from pinned_tui.core.clock import SystemClock
from pinned_tui.history.location import data_folder
from pinned_tui.history.store import HistoryStore
from pinned_tui.redaction.sanitize import is_clean
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Outcome, Target, replace
from tests import samples
from tests.cli.program import Program, key_of

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="modes are a POSIX matter")

ROOT = Path(__file__).parents[2]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A history with three sessions, of which one is a problem."""
    path = tmp_path / "data" / "history.sqlite3"
    with contextlib.closing(HistoryStore.open(path, clock=SystemClock())) as history:
        for number in (1, 2, 3):
            outcome = Outcome.PROBLEM if number == 2 else Outcome.HEALTHY
            history.save(samples.plain(number, outcome=outcome))
    return path


_locks: dict[Path, sqlite3.Connection] = {}


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        _locks[path] = other
        yield


def unlock(path: Path) -> None:
    _locks[path].execute("ROLLBACK")


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


def test_a_locked_history_fails_what_needs_it(
    kept: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_module, "_PATIENCE_S", 0.05)
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


def test_a_check_waits_for_the_history_and_is_kept(
    kept: Path, program: Program, healthy: Sandbox, tmp_path: Path
) -> None:
    """The history is in use until the check says that it waits."""
    with locked(kept), concurrent.futures.ThreadPoolExecutor() as thread:
        words = ("check", "--base-url", healthy.base_url, "--format", "json")
        with subprocess.Popen(
            [sys.executable, "-m", "pinned_tui", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={
                **os.environ,
                "PINNED_TUI_DATA_DIR": str(kept.parent),
                "PINNED_EVENTS_API_KEY": key_of(healthy),
            },
            cwd=ROOT,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            out = thread.submit(process.stdout.read)
            waiting = process.stderr.readline()
            assert b"Waiting for it" in waiting
            unlock(kept)
            assert process.stderr.read() == b""
    assert process.returncode == 0
    shown = json.loads(out.result())
    assert program("history", "show", "last", "--format", "json").json == shown


def test_a_history_that_stays_locked_does_not_stop_a_check_and_is_said(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PINNED_TUI_DATA_DIR", str(kept.parent))
    monkeypatch.setattr(history_module, "_PATIENCE_TO_KEEP_S", 0.05)
    with contextlib.closing(history_module.SessionSaver(SystemClock(), ())) as keeper:
        with locked(kept):
            assert keeper.keep(samples.plain(4)) == samples.plain(4)
        said = capsys.readouterr().err
        assert "Another program is using it" in said
        assert "This session is not in the history" in said
        assert "until you quit" not in said
    with contextlib.closing(HistoryStore.open(kept, clock=SystemClock())) as history:
        assert len(history.list()) == 3


def test_what_a_watch_kept_before_is_told_apart_from_nothing(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PINNED_TUI_DATA_DIR", str(kept.parent))
    monkeypatch.setattr(history_module, "_PATIENCE_TO_KEEP_S", 0.05)
    with contextlib.closing(history_module.SessionSaver(SystemClock(), ())) as keeper:
        keeper.keep_soon(samples.plain(4, outcome=None))
        keeper._thread.submit(lambda: None).result()
        with locked(kept):
            keeper.keep(samples.plain(4))
    assert "as it was before its last check" in capsys.readouterr().err
    with contextlib.closing(HistoryStore.open(kept, clock=SystemClock())) as history:
        assert history.get("last").outcome is None


def test_an_id_that_is_taken_is_not_taken_away(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PINNED_TUI_DATA_DIR", str(kept.parent))
    other = samples.plain(9, id="00000003")
    with contextlib.closing(history_module.SessionSaver(SystemClock(), ())) as keeper:
        stored = keeper.keep(other)
        assert keeper.keep(other) == stored
    assert stored.id != other.id
    assert capsys.readouterr().err == ""
    with contextlib.closing(HistoryStore.open(kept, clock=SystemClock())) as history:
        assert history.get("00000003") == samples.plain(3)
        assert history.get("last") == stored


HOSTILE = "\x1b]0;pwned\x07\x9b31m\u202e\u200f\u2066\r\x08\x00"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A history that somebody else wrote, with right checksums over bad texts."""
    path = tmp_path / "data" / "history.sqlite3"
    with contextlib.closing(HistoryStore.open(path, clock=SystemClock())) as history:
        verdict = msgspec.structs.replace(
            samples.SCOPE_MISSING,
            title=f"title{HOSTILE}",
            summary=HOSTILE,
            fix=(HOSTILE,),
            cause=f"cause{HOSTILE}",
        )
        target = Target(base_url=f"https://x{HOSTILE}", channel_given=HOSTILE)
        for number in (1, 2):
            session = replace(
                samples.failing(),
                id=f"id-{number}{HOSTILE}",
                started_at=f"{number}{HOSTILE}",
                verdicts=(verdict,),
                target=target,
            )
            history.save(session)
    return path


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize(
    "words",
    [
        ("history", "list"),
        ("history", "list", "--format", "json"),
        ("history", "show", "last"),
        ("history", "show", "id-1"),
        ("history", "show", "last", "--format", "json"),
        ("history", "show", "id"),
        ("report", "last"),
        ("report", "last", "--format", "json"),
        ("history", "delete", "id-2"),
    ],
)
def test_nothing_that_a_terminal_obeys_comes_out_of_the_history(
    words: tuple[str, ...], program: Program
) -> None:
    result = program(*words)
    assert result.out or result.err
    assert is_clean(result.out.replace("\r\n", "\n"))
    assert is_clean(result.err.replace("\r\n", "\n"))


def test_the_data_folders_own_name_is_cleaned(
    program: Program, tmp_path: Path, healthy: Sandbox
) -> None:
    folder = tmp_path / "a\x1b]0;pwned\x07\u202eb"
    (tmp_path / "file").touch()
    folder.mkdir(mode=0o755)
    (folder / "pinned-tui").symlink_to(tmp_path)
    key = key_of(healthy)
    for place in (folder, tmp_path / "file\x1b[31m", folder / "pinned-tui"):
        env = {"PINNED_TUI_DATA_DIR": str(place)}
        for words in (("history", "list"), ("check", "--base-url", healthy.base_url)):
            result = program(*words, env=env, key=key)
            assert is_clean(result.err)
            assert is_clean(result.out)
    broken = tmp_path / "c\x1b[31m"
    broken.mkdir(mode=0o700)
    (broken / "history.sqlite3").mkdir()
    result = program("history", "list", env={"PINNED_TUI_DATA_DIR": str(broken)})
    assert "This is a folder" in result.err
    assert is_clean(result.err)


@posix_only
@pytest.mark.parametrize("mode", [0o755, 0o2775, 0o1777])
def test_a_data_folder_that_is_there_keeps_its_mode(
    mode: int, program: Program, healthy: Sandbox, tmp_path: Path
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(mode)
    env = {"PINNED_TUI_DATA_DIR": str(folder)}
    result = program("check", "--base-url", healthy.base_url, key=key_of(healthy), env=env)
    assert (result.code, result.err) == (0, "")
    assert stat.S_IMODE(folder.stat().st_mode) == mode
    assert stat.S_IMODE((folder / "pinned-tui").stat().st_mode) & 0o777 == 0o700
    assert len(program("history", "list", "--format", "json", env=env).json) == 1


@posix_only
def test_a_history_in_a_folder_that_was_opened_is_still_found(kept: Path, program: Program) -> None:
    kept.parent.chmod(0o755)
    assert len(program("history", "list", "--format", "json").json) == 3
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o755


@posix_only
def test_a_crash_file_changes_no_mode_either(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    made = crash_report.record(
        ValueError("x"), clock=SystemClock(), folder=data_folder(named(tmp_path)), secrets=()
    )
    assert made.path is not None
    assert made.path.parent == tmp_path / "pinned-tui"
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600


def named(folder: Path) -> dict[str, str]:
    return {"PINNED_TUI_DATA_DIR": str(folder)}
