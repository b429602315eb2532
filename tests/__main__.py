"""Everything that has to hold, in one command: ``python -m tests``.

Lint and format (ruff), types (mypy, strict), import contracts (import-linter), then the tests.
All four run even if one fails, so that one round shows all there is to mend.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CHECKS = (
    ("lint", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("mypy",)),
    ("import contracts", ("importlinter.cli", "lint")),
    ("tests", ("pytest", "-q", "--numprocesses=auto", "--dist=worksteal")),
)


def command(words: tuple[str, ...], extra: list[str]) -> list[str]:
    """Return the command line that runs a tool of this very environment."""
    if words[0] == "importlinter.cli":
        return [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    return [sys.executable, "-m", *words, *(extra if words[0] == "pytest" else [])]


def main(extra: list[str]) -> int:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    failed = []
    for title, words in CHECKS:
        began = time.monotonic()
        print(f"== {title}", flush=True)
        code = subprocess.run(command(words, extra), cwd=ROOT, env=environment, check=False)
        print(f"   {time.monotonic() - began:.1f} s", flush=True)
        if code.returncode != 0:
            failed.append(title)
    if failed:
        print(f"Failed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
