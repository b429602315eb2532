"""How the tests of the command line run the program: in this process, or in one of its own."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pinned_tui
from pinned_tui.cli import signals
from pinned_tui.cli.parser import main
from pinned_tui.sandbox.server import Sandbox

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Result:
    """What a run of the program left: exit code, output, and its folders."""

    code: int
    out: str
    err: str
    home: Path
    work: Path

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def files(self) -> Iterator[Path]:
        for folder in (self.home, self.work):
            if folder.exists():
                yield from (path for path in folder.rglob("*") if path.is_file())


class Run(Protocol):
    """What runs the program: here or in a process."""

    def __call__(
        self, words: tuple[str, ...], env: Mapping[str, str], folder: Path, stdin: bytes = b""
    ) -> tuple[int, bytes, bytes]: ...


class Program(Protocol):
    def __call__(
        self,
        *words: str,
        key: str | None = None,
        stdin: bytes = b"",
        env: dict[str, str] | None = None,
    ) -> Result: ...


def environment(data: Path, key: str | None = None, **more: str) -> dict[str, str]:
    """Return what the program finds in its environment: nothing of this machine's but the PATH."""
    given = {"PINNED_EVENTS_API_KEY": key} if key is not None else {}
    return {
        "PATH": os.environ.get("PATH", ""),
        "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
        "PINNED_TUI_DATA_DIR": str(data),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONPATH": str(Path(pinned_tui.__file__).parents[1]),  # the code that is tested
        **more,
        **given,
    }


def run_process(
    words: tuple[str, ...], env: Mapping[str, str], folder: Path, stdin: bytes = b""
) -> tuple[int, bytes, bytes]:
    """Run the program in a process of its own: its exit code, its output, and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "pinned_tui", *words],
        input=stdin,
        capture_output=True,
        env=env,
        cwd=folder,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def run_here(
    words: tuple[str, ...], env: Mapping[str, str], folder: Path, stdin: bytes = b""
) -> tuple[int, bytes, bytes]:
    """Run the program in this process, which is as it was before when the program has ended.

    A process takes most of a second to come up; :func:`run_process` is for what needs one.
    """
    out, err = io.BytesIO(), io.BytesIO()
    with _surroundings(env, folder), _streams(stdin, out, err):
        try:
            code = main(list(words))
        except SystemExit as ended:  # argparse, after the help and the version
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        sys.stdout.flush()
        sys.stderr.flush()
        return code, out.getvalue(), err.getvalue()


@contextlib.contextmanager
def _surroundings(env: Mapping[str, str], folder: Path) -> Iterator[None]:
    """Put environment, folder and signals in place of this process's own."""
    before = dict(os.environ)
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    os.environ.clear()
    os.environ.update(env)
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        signals._requests.count = 0
        for number, handler in handlers.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _streams(stdin: bytes, out: io.BytesIO, err: io.BytesIO) -> Iterator[None]:
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(out, encoding="utf-8")
    sys.stderr = io.TextIOWrapper(err, encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


def key_of(sandbox: Sandbox) -> str:
    secret = sandbox.situation.secret
    assert secret is not None
    return secret.reveal()
