"""The real program on a terminal of its own, and all that it writes to it."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import pyte

PATIENCE_S = 30.0
"""Ends a test that has failed; no test waits for a time."""


class Terminal:
    """A program on a pseudo-terminal; :attr:`written` is every byte that it wrote."""

    def __init__(
        self, *words: str, env: Mapping[str, str], size: tuple[int, int] = (80, 24)
    ) -> None:
        width, height = size
        self.written = b""
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self.code: int | None = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:  # pragma: no cover - the child
            os.execve(sys.executable, [sys.executable, *words], dict(env))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self.fd >= 0:
            os.close(self.fd)

    def vanish(self) -> int:
        """Go away as a closed window does, and return the exit code of the program."""
        os.close(self.fd)
        self.fd = -1
        end = time.monotonic() + PATIENCE_S
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                return self.code
            assert time.monotonic() < end, "the program lives on without its terminal"
            time.sleep(0.02)

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def _read(self) -> bool:
        ready, _, _ = select.select([self.fd], [], [], 0.05)
        if not ready:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # the other end is closed
            return False
        self.written += data
        # pyte knows no private parameters of the keyboard protocol and would draw them.
        self._stream.feed(data.replace(b"\x1b[>25u", b"").replace(b"\x1b[<u", b""))
        return bool(data)

    def until(self, reached: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not reached():
            assert time.monotonic() < end, f"waited in vain; the screen shows:\n{self.text}"
            assert self._read() or reached(), f"it has ended:\n{self.text}"

    def shows(self, *words: str) -> None:
        self.until(lambda: all(word in self.text for word in words))

    def type(self, text: str) -> None:
        os.write(self.fd, text.encode())

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def ended(self) -> int:
        """Wait for the end, read the rest, and return the exit code."""
        end = time.monotonic() + PATIENCE_S
        while self._read():
            assert time.monotonic() < end, f"it does not end:\n{self.text}"
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                while self._read() and select.select([self.fd], [], [], 0)[0]:
                    pass
                return self.code
        _, status = os.waitpid(self.pid, 0)
        self.code = os.waitstatus_to_exitcode(status)
        return self.code

    @property
    def restored(self) -> bool:
        """Whether the terminal was left as it was found: own screen off, cursor on, no mouse."""
        last = self.written.rfind
        return (
            last(b"\x1b[?1049l") > last(b"\x1b[?1049h")
            and last(b"\x1b[?25h") > last(b"\x1b[?25l")
            and last(b"\x1b[?1003l") > last(b"\x1b[?1003h")
            and last(b"\x1b[?2004l") > last(b"\x1b[?2004h")
        )


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return an environment without anything of the machine's but what Python needs."""
    return {
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "PINNED_TUI_DATA_DIR": str(folder / "data"),
        **more,
    }
