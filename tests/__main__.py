"""Everything that has to hold, in one command: ``python -m tests``.

Lint and format (ruff), types (mypy, strict), import contracts (import-linter), and the tests. All
run side by side, even if one fails, so that one round shows all there is to fix; what each has to
say is printed as a whole when it has ended.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CONTRACTS = "from importlinter.cli import lint_imports_command as c; c()"
WORKERS = 3 * (os.cpu_count() or 1)
"""Half of the time a test waits for a program, a server or a page; measured on two processors."""

CHECKS = {
    "tests": ("-m", "pytest", "-q", f"--numprocesses={WORKERS}", "--dist=worksteal"),
    "types": ("-m", "mypy"),
    "import contracts": ("-c", CONTRACTS),
    "lint": ("-m", "ruff", "check", "."),
    "format": ("-m", "ruff", "format", "--check", "."),
}
"""What is run, the longest first; words behind ``python -m tests`` go to pytest."""


@dataclass(frozen=True)
class Ended:
    """A check that has ended, with all that it said."""

    title: str
    code: int
    said: str
    seconds: float


def run(title: str, words: tuple[str, ...]) -> Ended:
    """Run one check to its end, with the tools of this very environment."""
    # The hundreds of programs that the tests start come up in half the time from compiled modules.
    environment = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment | {"PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return Ended(title, done.returncode, done.stdout, time.monotonic() - began)


def main(extra: list[str]) -> int:
    began = time.monotonic()
    print(f"Side by side: {', '.join(CHECKS)}. Each is shown when it has ended.", flush=True)
    failed = []
    with ThreadPoolExecutor(len(CHECKS)) as threads:
        running = [
            threads.submit(run, title, (*words, *(extra if title == "tests" else ())))
            for title, words in CHECKS.items()
        ]
        for ended in (one.result() for one in as_completed(running)):
            print(f"== {ended.title}\n{ended.said.rstrip()}\n   {ended.seconds:.1f} s", flush=True)
            if ended.code != 0:
                failed.append(ended.title)
    print(f"   {time.monotonic() - began:.1f} s in all", flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
