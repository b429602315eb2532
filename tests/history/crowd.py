"""Runs many checks at once on one data folder: ``python -m tests.history.crowd --checks 50``.

Each is the real program in a process of its own, and all of them keep their session in one file.
The exit code is 1 unless every one is kept, and none has anything to say about it.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from pinned_tui.core.clock import SystemClock
from pinned_tui.history.store import HistoryStore
from pinned_tui.sandbox.server import Sandbox

ROOT = Path(__file__).parents[2]


def crowd(folder: Path, checks: int, *, channel: bool = True) -> list[str]:
    """Run so many checks at once, and return what is wrong afterwards."""
    with Sandbox("healthy") as sandbox:
        secret = sandbox.situation.secret
        assert secret is not None
        words = ["check", "--base-url", sandbox.base_url, "--format", "json", "--timeout", "300"]
        if channel:
            words += ["--channel", "101"]
        environment = {
            **os.environ,
            "PINNED_TUI_DATA_DIR": str(folder),
            "PINNED_EVENTS_API_KEY": secret.reveal(),
        }
        with contextlib.ExitStack() as stack:
            processes = [
                stack.enter_context(
                    subprocess.Popen(
                        [sys.executable, "-m", "pinned_tui", *words],
                        stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE,
                        env=environment,
                        cwd=ROOT,
                    )
                )
                for _ in range(checks)
            ]
            ended = [process.communicate() for process in processes]
    told = {json.loads(out)["id"] for out, _ in ended if out}
    faults = [f"said: {err.decode().strip()}" for _, err in ended if err]
    path = folder / "history.sqlite3"
    with contextlib.closing(HistoryStore.open(path, clock=SystemClock())) as store:
        kept = {entry.id for entry in store.list() if not entry.damaged}
    if len(told) != checks:
        faults.append(f"{checks - len(told)} checks showed no result of their own")
    return [*faults, *(f"{name} is not kept" for name in sorted(told - kept))]


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--checks", type=int, default=50)
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name:
        faults = crowd(Path(name) / "data", options.checks)
    print(f"{options.checks} checks at once, {len(faults)} faults")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
