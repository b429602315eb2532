"""Times as ratios against a baseline in the same run: ``python -m tests.benchmarks``.

The words ``start``, ``checks``, ``events``, ``history`` and ``inspections`` choose one part; of the
last, the paces stand for themselves, and large logs are held against ``json.loads``.

Each pair is run in turn, so that a machine that gets slower or faster meanwhile does so for both.
The table prints medians; the exit code is 1 when a ratio is above its limit.
"""

import os
import pty
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks import checks, events, history, inspection, large_logs
from tests.benchmarks.pressing import median_press

ROUNDS = 15

HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("Hello, world")
Hello().run()
"""


@dataclass(frozen=True)
class Pair:
    """A thing to measure, what it is held against, and how many times that it may take."""

    title: str
    ours: Callable[[], float]
    baseline: Callable[[], float]
    limit: float
    rounds: int = ROUNDS


def environment() -> dict[str, str]:
    folder = tempfile.gettempdir()
    return {**os.environ, "TERM": "xterm-256color", "PINNED_TUI_DATA_DIR": f"{folder}/pinned-bench"}


def whole(*words: str) -> Callable[[], float]:
    """Measure the seconds that a process takes from start to end."""

    def run() -> float:
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, *words], check=True, stdout=subprocess.DEVNULL, env=environment()
        )
        return time.perf_counter() - began

    return run


def first_text(text: bytes, *words: str) -> Callable[[], float]:
    """Measure the seconds until a program on a terminal of its own has written ``text``."""

    def run() -> float:
        began = time.perf_counter()
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvpe(sys.executable, [sys.executable, *words], environment())
        seen = b""
        try:
            while text not in seen:
                if not select.select([terminal], [], [], 20)[0]:
                    raise TimeoutError(f"{words} wrote no {text!r} within 20 s: {seen[-200:]!r}")
                seen += os.read(terminal, 65536)
            return time.perf_counter() - began
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(terminal)

    return run


MEGABYTE = (
    '{\n "channelId": "42",\n' + ' "note": "about as long as lines are",\n' * 28_000 + ' "a": 1}'
)
"""A text of over 1,000,000 characters."""

PAIRS = (
    Pair(
        "pinned-tui --help  against  import textual",
        whole("-m", "pinned_tui", "--help"),
        whole("-c", "import textual"),
        1.0,
    ),
    Pair(
        "first text of pinned-tui  against  hello world on Textual",
        first_text(b"What are you seeing", "-m", "pinned_tui"),
        first_text(b"Hello, world", "-c", HELLO),
        1.6,
    ),
    Pair(
        "first text of pinned-tui demo  against  hello world on Textual",
        first_text(b"What are you seeing", "-m", "pinned_tui", "demo"),
        first_text(b"Hello, world", "-c", HELLO),
        1.6,
    ),
    Pair(
        "key press to paint with 1 MB pasted  against  an empty field",
        lambda: median_press(MEGABYTE),
        lambda: median_press(""),
        3.0,
        rounds=3,
    ),
)


def main(wanted: list[str]) -> int:
    missed = start() if not wanted or "start" in wanted else False
    if not wanted or "checks" in wanted:
        missed = checks.main() or missed
    if not wanted or "events" in wanted:
        missed = events.main() or missed
    if not wanted or "history" in wanted:
        missed = history.main() or missed
    if not wanted or "inspections" in wanted:
        missed = inspection.table() or missed
        missed = large_logs.table() or missed
    return 1 if missed else 0


def start() -> bool:
    """Measure start-up; tell whether a ratio is above its limit."""
    missed = False
    print(f"{'':<64}{'ours':>8}{'base':>8}{'ratio':>8}{'limit':>8}")
    for pair in PAIRS:
        pair.ours(), pair.baseline()
        times = [(pair.ours(), pair.baseline()) for _ in range(pair.rounds)]
        ours = statistics.median(a for a, _ in times)
        base = statistics.median(b for _, b in times)
        ratio = statistics.median(a / b for a, b in times)
        missed = missed or ratio > pair.limit
        print(
            f"{pair.title:<64}{ours:>7.4f}s{base:>7.4f}s{ratio:>8.2f}{pair.limit:>8.2f}",
            flush=True,
        )
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
