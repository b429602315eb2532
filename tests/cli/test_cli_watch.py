"""``check --watch``: its options, its progress, and Ctrl+C."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pinned_tui.sandbox.server import Sandbox
from tests.cli.program import Program, key_of


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--every", "30"), "--every goes with --watch"),
        (("--watch-for", "5"), "--watch-for goes with --watch"),
        (("--watch", "--every", "9"), "10 seconds"),
        (("--watch", "--watch-for", "0"), "minutes"),
    ],
)
def test_options_that_can_t_be_meant(
    words: tuple[str, ...], said: str, program: Program, healthy: Sandbox
) -> None:
    result = program("check", "--base-url", healthy.base_url, *words, key=key_of(healthy))
    assert result.code == 2
    assert said in result.err
    assert healthy.state.counts.requests == 0


def test_what_passes_at_once_is_not_watched(program: Program, healthy: Sandbox) -> None:
    words = ("check", "--base-url", healthy.base_url, "--watch")
    result = program(*words, key=key_of(healthy))
    assert result.code == 0
    assert "Next look" not in result.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals are other ones there")
def test_ctrl_c_ends_it_with_the_result_so_far(tmp_path: Path) -> None:
    with Sandbox("revoked-key") as sandbox:
        words = ["check", "--base-url", sandbox.base_url, "--watch", "--format", "json"]
        running = subprocess.Popen(
            [sys.executable, "-m", "pinned_tui", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
            env={
                "PATH": "", "PINNED_TUI_DATA_DIR": str(tmp_path),
                "PINNED_EVENTS_API_KEY": key_of(sandbox), "PYTHONIOENCODING": "utf-8",
                "PYTHONPATH": str(Path(__file__).parents[2]),
            },
        )  # fmt: skip
        assert running.stderr is not None
        said = running.stderr.readline()
        running.send_signal(signal.SIGINT)
        out, rest = running.communicate(timeout=30)
    assert "Next look in 30 s" in said
    assert "interrupted" in rest
    document = json.loads(out)
    assert document["verdicts"][0]["cause"] == "key-rejected"
    assert [run["purpose"] for run in document["runs"]] == ["check"]
    assert running.returncode == 1
