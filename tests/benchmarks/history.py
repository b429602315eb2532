"""What 100,000 sessions cost, against a history of one: ``python -m tests.benchmarks history``.

The same command runs on both, in turn; what counts is the CPU time and the memory that the large
history takes more. The sessions are like those of real checks against a local sandbox, all at one
address and with one key, which is the worst case for what earlier sessions knew. To measure what
users get, run it from an environment with the wheel.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import new_session, run_check
from pinned_tui.core.clock import SystemClock
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.session import Session
from pinned_tui.tui.widgets.session_list import SessionList
from tests.checks.follower import Follower
from tests.history.bulk import fill
from tests.tui.tui_stage import services, staged

SESSIONS = 100_000
ROUNDS = 9
MOST_MEMORY_MB = 10.0
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Timed:
    """A command, and the CPU seconds that it may take more with many sessions."""

    title: str
    words: tuple[str, ...]
    limit: float


@dataclass(frozen=True)
class Used:
    """What one process took."""

    cpu_s: float
    memory_mb: float


def used_by(words: tuple[str, ...], folder: Path, key: str) -> Used:
    """Run the program, and return what it took."""
    environment = {
        **os.environ,
        "PINNED_TUI_DATA_DIR": str(folder),
        "PINNED_EVENTS_API_KEY": key,
    }
    weight = folder / "weight"
    nowhere = os.open(os.devnull, os.O_WRONLY)
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "tests.benchmarks.weighed", str(weight), *words],
        environment,
        file_actions=[(os.POSIX_SPAWN_DUP2, nowhere, 1), (os.POSIX_SPAWN_DUP2, nowhere, 2)],
    )
    os.close(nowhere)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        raise RuntimeError(f"pinned-tui {words} ended with {os.waitstatus_to_exitcode(status)}")
    return Used(usage.ru_utime + usage.ru_stime, int(weight.read_text()) / 1024)


async def _checked(secret: Secret, base_url: str, channel: str) -> Session:
    ask = RawCheckRequest(secret, channel=channel, everything=True)
    clock = SystemClock()
    session = new_session(ask, base_url=base_url, clock=clock)
    return await run_check(session, ask, clock=clock, listener=Follower(), environ={})


def commands(base_url: str) -> tuple[Timed, ...]:
    return (
        Timed("history list --limit 20", ("history", "list", "--limit", "20"), 0.1),
        Timed("history show last", ("history", "show", "last"), 0.1),
        Timed("check --channel", ("check", "--base-url", base_url, "--channel", "101"), 0.05),
    )


def main() -> bool:
    """Print the table; tell whether something is above its limit."""
    missed = False
    with tempfile.TemporaryDirectory() as name, Sandbox("healthy") as sandbox:
        secret = sandbox.situation.secret
        assert secret is not None
        patterns = [
            asyncio.run(_checked(secret, sandbox.base_url, channel)) for channel in ("101", "999")
        ]
        few, many = Path(name) / "few", Path(name) / "many"
        fill(few / "history.sqlite3", 1, patterns, BEGIN)
        began = time.perf_counter()
        fill(many / "history.sqlite3", SESSIONS, patterns, BEGIN)
        size_mb = (many / "history.sqlite3").stat().st_size / 1e6
        spent = time.perf_counter() - began
        print(f"\n{SESSIONS:,} sessions, {size_mb:,.0f} MB, made in {spent:.0f} s")
        print(f"{'':<34}{'one':>9}{'many':>9}{'more':>9}{'limit':>8}{'MB more':>9}{'limit':>7}")
        for timed in commands(sandbox.base_url):
            key = secret.reveal()
            runs = [
                (used_by(timed.words, few, key), used_by(timed.words, many, key))
                for _ in range(ROUNDS + 1)
            ][1:]
            missed = _told(timed.title, timed.limit, runs) or missed
        pages = [(asyncio.run(_opening(few)), asyncio.run(_opening(many))) for _ in range(ROUNDS)]
        return _told("opening the History page", 0.15, pages) or missed


def _told(title: str, limit: float, runs: list[tuple[Used, Used]]) -> bool:
    """Print a line; tell whether it is above its limits."""
    few = statistics.median(one.cpu_s for one, _ in runs)
    many = statistics.median(other.cpu_s for _, other in runs)
    more = statistics.median(other.cpu_s - one.cpu_s for one, other in runs)
    memory = statistics.median(other.memory_mb - one.memory_mb for one, other in runs)
    print(
        f"{title:<34}{few:>8.3f}s{many:>8.3f}s{more:>8.3f}s{limit:>7.2f}s"
        f"{memory:>9.1f}{MOST_MEMORY_MB:>7.0f}",
        flush=True,
    )
    return more > limit or memory > MOST_MEMORY_MB


async def _opening(folder: Path) -> Used:
    """Open the History page from Home, and return what that took."""
    async with staged(services(folder)) as stage:
        await stage.idle_history()
        before, memory = time.process_time(), _resident_mb()
        stage.app.navigation.show_history()
        await stage.on("history")
        sessions = stage.app.screen.query_one(SessionList)
        await stage.until(lambda: sessions.entry is not None)
        return Used(time.process_time() - before, _resident_mb() - memory)


def _resident_mb() -> float:
    return float(psutil.Process().memory_info().rss) / 1e6
