"""The ends that nobody plans: signals at any moment, and mistakes of the tool itself."""

import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.sandbox.server import Sandbox
from tests.cli.program import Program, Result, key_of

if sys.platform == "win32":  # pragma: no cover
    pytest.skip("signals and terminals are other ones there", allow_module_level=True)

from tests.sampling import one_in
from tests.tui.terminal import Terminal, environment

ROOT = Path(__file__).parents[2]


def run(folder: Path, *words: str, **more: str) -> Result:
    done = subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        env=environment(folder, **more),
        timeout=60,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode(), folder, folder)


def in_order(said: str) -> bool:
    return "interrupted" in said and not any(
        sign in said
        for sign in (
            "Traceback",
            "Exception ignored",
            "because of an error of its own",
            "KeyboardInterrupt",
        )
    )


@pytest.mark.parametrize("names", ["SIGTERM", "SIGINT,SIGINT"])
@pytest.mark.parametrize(
    "module",
    one_in(
        2,
        [
            "pinned_tui.cli.parser",
            "argparse",
            "pinned_tui.cli.runner",
            "pinned_tui.cli.check",
            "pinned_tui.client.client",
            "httpx",
            "pinned_tui.report.text",
            "pinned_tui.redaction.matcher",
        ],
    ),
)
def test_a_signal_while_the_program_is_loaded_ends_it_in_order(
    module: str, names: str, tmp_path: Path, healthy: Sandbox
) -> None:
    result = run(
        tmp_path,
        *("-m", "tests.cli.signalled", module, names),
        *("check", "--base-url", healthy.base_url),
        PINNED_EVENTS_API_KEY=key_of(healthy),
    )
    assert result.code == 3
    assert in_order(result.err)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT,SIGINT"])
@pytest.mark.parametrize("module", ["pinned_tui.tui.app", "textual.drivers.linux_driver"])
def test_a_signal_while_the_app_is_loaded_leaves_the_terminal_as_it_was(
    module: str, name: str, tmp_path: Path
) -> None:
    words = ("-m", "tests.cli.signalled", module, name)
    with Terminal(*words, env=environment(tmp_path)) as terminal:
        before = termios.tcgetattr(terminal.fd)[3]
        assert terminal.ended() == 3
        assert in_order(terminal.text)
        assert termios.tcgetattr(terminal.fd)[3] == before
        assert terminal.written.count(b"\x1b[?1049h") == terminal.written.count(b"\x1b[?1049l")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_the_question_for_the_key_gives_the_terminal_back(
    number: signal.Signals, tmp_path: Path
) -> None:
    with Terminal("-m", "pinned_tui", "check", env=environment(tmp_path)) as terminal:
        terminal.shows("Key:")
        terminal.until(lambda: not termios.tcgetattr(terminal.fd)[3] & termios.ECHO)
        terminal.send(number)
        assert terminal.ended() == 3
        assert in_order(terminal.text)
        assert termios.tcgetattr(terminal.fd)[3] & termios.ECHO


@pytest.mark.parametrize("keys", ["\x03", "\x03\x03"])
def test_an_interrupted_check_shows_and_keeps_what_it_found(
    keys: str, tmp_path: Path, healthy: Sandbox
) -> None:
    healthy.latency_ms = 20_000
    env = environment(tmp_path, PINNED_EVENTS_API_KEY=key_of(healthy))
    words = ("-m", "pinned_tui", "check", "--base-url", healthy.base_url)
    with Terminal(*words, env=env, size=(100, 60)) as terminal:
        terminal.shows("… ", "Try the key")
        terminal.type(keys)
        assert terminal.ended() == 3
        assert in_order(terminal.text)
        assert "inconclusive" in terminal.text
    listed = run(tmp_path, "-m", "pinned_tui", "history", "list")
    assert "inconclusive" in listed.out


def test_the_third_request_ends_the_process_at_once() -> None:
    script = (
        "import os, signal; from pinned_tui.cli import signals; signals.install()\n"
        "with signals.ended_by(lambda: print('asked', flush=True)):\n"
        "    [os.kill(os.getpid(), signal.SIGTERM) for _ in range(3)]\n"
        "    print('not reached')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, cwd=ROOT, check=False
    )
    assert done.returncode == 3
    assert done.stdout == b"asked\n"


def test_a_signal_that_the_caller_switched_off_stays_off() -> None:
    script = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from pinned_tui.cli import signals; signals.install()\n"
        "assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_the_progress_fits_a_narrow_terminal(tmp_path: Path, healthy: Sandbox) -> None:
    env = environment(tmp_path, PINNED_EVENTS_API_KEY=key_of(healthy))
    words = ("-m", "pinned_tui", "check", "--base-url", healthy.base_url, "--channel", "101")
    with Terminal(*words, env=env, size=(40, 24)) as terminal:
        terminal.ended()
        written = terminal.written.decode()
    lines = [line for line in written.replace("\n", "\r").split("\r") if line.startswith("… ")]
    assert lines
    assert max(map(len, lines)) <= 39
    assert "\x1b[" in written


def test_a_dumb_terminal_gets_neither_colour_nor_progress(tmp_path: Path, healthy: Sandbox) -> None:
    env = environment(tmp_path, PINNED_EVENTS_API_KEY=key_of(healthy), TERM="dumb")
    words = ("-m", "pinned_tui", "check", "--base-url", healthy.base_url)
    with Terminal(*words, env=env) as terminal:
        assert terminal.ended() == 0
        written = terminal.written.decode()
    assert "✓ healthy" in written
    assert "\x1b" not in written
    assert "… " not in written


def test_a_probe_that_fails_by_a_mistake_shows_what_the_others_found(
    tmp_path: Path, healthy: Sandbox, program: Program
) -> None:
    key = key_of(healthy)
    result = run(
        tmp_path,
        *("-m", "tests.cli.failing_probe", "check", "--base-url", healthy.base_url),
        *("--channel", "101", "--format", "json"),
        PINNED_EVENTS_API_KEY=key,
    )
    assert result.code == 4
    codes = {observation["code"] for observation in result.json["observations"]}
    assert {"key.present", "run.crashed", "events.listed"} <= codes
    assert "run.deadline" not in codes  # what builds on it does not wait for it
    assert not find_leaks(result.out + result.err, [healthy.situation.secret])  # type: ignore[list-item]
