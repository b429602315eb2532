"""Standard streams that are no terminal, closed, full, or without a reader."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pinned_tui.sandbox.server import Sandbox
from tests.cli.program import Program, key_of

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="written for a POSIX shell")
full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")

FAILING = ("check", "--channel", "424242")


def shell(
    line: str, folder: Path, *words: str, sandbox: Sandbox | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run ``line`` in a shell; ``"$@"`` is the program with ``words``."""
    env = {
        "PATH": os.environ["PATH"],
        "PINNED_TUI_DATA_DIR": str(folder / "data"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    if sandbox is not None:
        env |= {
            "PINNED_EVENTS_API_KEY": key_of(sandbox),
            "PINNED_EVENTS_BASE_URL": sandbox.base_url,
        }
    return subprocess.run(
        ["bash", "-c", line, "bash", sys.executable, "-m", "pinned_tui", *words],
        capture_output=True,
        text=True,
        env=env,
        cwd=folder,
        timeout=60,
        check=False,
    )


def no_accident(said: str) -> bool:
    return not any(
        sign in said
        for sign in ("Traceback", "Exception ignored", "because of an error of its own")
    )


@posix_only
@pytest.mark.parametrize("words", [(), ("demo",), ("open", "session.json")])
@pytest.mark.parametrize("where", ["</dev/null >out 2>err", "<&- >out 2>err", "</dev/null 2>err"])
def test_the_app_is_refused_without_a_terminal(
    words: tuple[str, ...], where: str, tmp_path: Path, program: Program, healthy: Sandbox
) -> None:
    session = program(
        "check", "--base-url", healthy.base_url, "--format", "json", key=key_of(healthy)
    )
    (tmp_path / "session.json").write_text(session.out)
    done = shell(f'"$@" {where}', tmp_path, *words)
    assert done.returncode == 2
    said = (tmp_path / "err").read_text()
    assert "terminal" in said
    assert "pinned-tui check" in said
    assert no_accident(said)


@posix_only
@pytest.mark.parametrize("reader", ["true", "head -c 10", "exec 0<&-; sleep 0"])
def test_a_reader_that_leaves_changes_no_exit_code(
    reader: str, tmp_path: Path, healthy: Sandbox
) -> None:
    line = f'"$@" | ({reader}); exit ${{PIPESTATUS[0]}}'
    done = shell(line, tmp_path, *FAILING, sandbox=healthy)
    assert done.returncode == 1
    assert no_accident(done.stderr)
    for words in (("explain", "403"), ("--help",), ("history", "list"), ("sandbox", "--list")):
        done = shell(line, tmp_path, *words)
        assert done.returncode == 0, words
        assert done.stderr == ""


@posix_only
@full_device
@pytest.mark.parametrize(
    "words", [FAILING, ("explain", "403"), ("--help",), ("--version",), ("sandbox",)]
)
def test_a_full_disk_behind_standard_output_is_said(
    words: tuple[str, ...], tmp_path: Path, healthy: Sandbox
) -> None:
    done = shell('"$@" >/dev/full', tmp_path, *words, sandbox=healthy)
    assert done.returncode == 2
    assert "can't write to standard output: No space left on device" in done.stderr
    assert no_accident(done.stderr)


@posix_only
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_change_no_exit_code(closed: str, tmp_path: Path, healthy: Sandbox) -> None:
    words = (*FAILING, "--need", "events:update")
    done = shell(f'"$@" {closed}', tmp_path, *words, sandbox=healthy)
    assert done.returncode == 1
    assert no_accident(done.stderr)
    kept = shell('"$@"', tmp_path, "history", "list", "--format", "json")
    assert '"outcome": "problem"' in kept.stdout


@posix_only
@full_device
def test_talk_that_nobody_takes_stops_nothing(tmp_path: Path, healthy: Sandbox) -> None:
    url = healthy.base_url + "/api/public/v1"
    for taken in ("2>/dev/full", "2> >(true)"):
        words = ("check", "--base-url", url)
        done = shell(f'"$@" {taken}', tmp_path, *words, sandbox=healthy)
        assert done.returncode == 0
        assert "healthy" in done.stdout
