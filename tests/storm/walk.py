"""One walk: the real program on a terminal of its own, and input that waits for nothing."""

import fcntl
import os
import pty
import random
import select
import signal
import struct
import sys
import termios
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.storm import alphabet
from tests.storm.places import Start
from tests.storm.stacks import TASKS_SIGNAL, THREADS_SIGNAL
from tests.tui.terminal import environment

END_S = 10.0
"""How long the program may take to end once it is told to; on a busy machine too."""

DEAF_S = 30.0
"""A program that acts upon no key for so long is deaf, on a busy machine too."""

_LAST_KEY = "\x1b[24~"
"""Does nothing, and its turn comes when all before it had theirs."""

_SIZES = ((80, 24), (60, 20), (160, 50), (100, 30), (20, 5))
_OWN_SCREEN, _OWN_SCREEN_ENDS = b"\x1b[?1049h", b"\x1b[?1049l"
_BAD_WORDS = (
    b"Traceback",
    b"never awaited",
    b"an error of its own",
    b"Exception ignored",
    b"Task ",
)
_MODES = (b"?1049", b"?1003", b"?2004")


@dataclass
class Outcome:
    """What became of one walk.

    Attributes:
        kind: Where it began.
        seed: What makes it again.
        faults: What is wrong, a line each; empty where all is well.
        typed: All that was sent.
        seen: How often each page was opened.
    """

    kind: str
    seed: str
    faults: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)


class Walk:
    """Drives one program from its first paint to its end."""

    def __init__(self, kind: str, seed: str, folder: Path) -> None:
        """Take a walk from ``kind``, with its data in ``folder``."""
        self.outcome = Outcome(kind, seed)
        self._chance = random.Random(seed)
        self._folder = folder
        self._over = folder / "over"
        self._size = self._chance.choice(_SIZES[:4])
        self._written = bytearray()
        self._code: int | None = None
        self._unsent: list[bytes] = []

    def take(self, start: Start, keys: int) -> Outcome:
        """Send ``keys`` bursts to the program, end it, and say what went wrong."""
        env = environment(self._folder, STORM_OVER=str(self._over), **start.environment)
        env["PYTHONDEVMODE"] = ""
        self._pid, self._fd = pty.fork()
        if self._pid == 0:  # pragma: no cover - the child
            os.chdir(self._folder)  # where reports are written to
            words = [sys.executable, "-m", "tests.storm.child", *start.words]
            os.execve(sys.executable, words, env)
        os.set_blocking(self._fd, False)
        self._resize(self._size)
        before = termios.tcgetattr(self._fd)
        try:
            if self._begun():
                self._send(start.keys)
                self._storm(keys)
                self._let_it_catch_up()
                self._end()
            self._judge(before)
        finally:
            if self._code is None:
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
            os.close(self._fd)
        return self.outcome

    # -- the storm -----------------------------------------------------------------------------

    def _begun(self) -> bool:
        """Wait until the terminal is taken over; not for anything to be drawn."""
        end = time.monotonic() + 60
        while time.monotonic() < end and self._running():
            self._read(0.005)
            raw = not termios.tcgetattr(self._fd)[3] & termios.ICANON
            if raw and _OWN_SCREEN in self._written:
                return True
        self._fault("it never took the terminal over")
        return False

    def _storm(self, keys: int) -> None:
        for burst in self._bursts(keys):
            if not self._running():
                self._fault(f"it ended by itself, with {self._code}")
                return
            self._send(burst)
            self._read(self._pause())

    def _bursts(self, count: int) -> Iterator[str]:
        for _ in range(count):
            draw = self._chance.random()
            if draw < 0.03:
                self._size = self._chance.choice(_SIZES)
                self._resize(self._size)
            elif draw < 0.06:
                yield alphabet.paste(self._chance)
            elif draw < 0.16:
                yield alphabet.mouse(self._chance, self._size)
            else:
                yield alphabet.keys(self._chance)

    def _pause(self) -> float:
        draw = self._chance.random()
        if draw < 0.6:
            return 0.0
        return self._chance.random() * (0.005 if draw < 0.85 else 0.05 if draw < 0.98 else 0.4)

    def _let_it_catch_up(self) -> None:
        """Wait until it has acted upon all that was sent; some walks end in the middle of it."""
        if self._chance.random() < 0.25:
            return
        caught_up, progress = self._folder / "caught-up", self._folder / "progress"
        asked = moved = time.monotonic()
        before = 0.0
        self._send(_LAST_KEY)
        while self._running() and not caught_up.exists():
            self._read(0.02)
            now, stamp = time.monotonic(), progress.stat().st_mtime if progress.exists() else 0.0
            if stamp != before:
                before, moved = stamp, now
            elif now > moved + DEAF_S:
                self._fault("it is deaf to keys" + self._explained())
                return
            elif now > max(moved, asked) + 2.0:
                self._send(_LAST_KEY)  # behind a lone escape it may have been taken for another key
                asked = now
        if self._code is not None:
            self._fault(f"it ended by itself, with {self._code}")

    def _end(self) -> None:
        """Tell the program to end, by Ctrl+C or by a signal; either has to be heard."""
        if self._code is not None:
            return
        self._over.touch()
        by_key = self._chance.random() < 0.5
        if not by_key:
            os.kill(self._pid, self._chance.choice((signal.SIGTERM, signal.SIGHUP)))
        begin = again = time.monotonic()
        while self._running():
            now = time.monotonic()
            if now > begin + END_S:
                means = "Ctrl+C" if by_key else "signal"
                self._fault(f"it does not end: {means}" + self._explained())
                return
            # One copies what is selected, two leave, and two more where that is asked about.
            if by_key and now >= again and not self._is_given_back():
                self._send("\x03\x03\x03\x03\x03" if again == begin else "\x03\x03")
                again = now + 3.0
            self._read(0.1)
        # A ``q`` of the storm may have had its turn before the signal.
        expected = {0} if by_key else {0, 129, 143}
        if self._code not in expected:
            self._fault(f"told to end, it ended with {self._code}")

    def _is_given_back(self) -> bool:
        return self._written.rfind(_OWN_SCREEN_ENDS) > self._written.rfind(_OWN_SCREEN)

    # -- what became of it ---------------------------------------------------------------------

    def _judge(self, before: list[object]) -> None:
        while self._read(0.0):
            pass
        for word in _BAD_WORDS:
            if word in self._written:
                at = self._written.rfind(word)
                said = bytes(self._written[max(0, at - 100) : at + 400])
                self._fault(f"said {said.decode(errors='replace')!r}")
        for crash in self._folder.rglob("crash-*"):
            lines = crash.read_text("utf-8").splitlines()
            self._fault("crash file: " + " / ".join(lines[3:5] + lines[-6:]))
        if self._code is not None:
            self._judge_terminal(before)
        seen = self._folder / "seen"
        if seen.exists():
            self.outcome.seen.update(seen.read_text("utf-8").split())

    def _judge_terminal(self, before: list[object]) -> None:
        try:
            if termios.tcgetattr(self._fd) != before:
                self._fault("the terminal is left in another mode")
        except termios.error:
            return
        last = self._written.rfind
        for mode in _MODES:
            if last(b"\x1b[" + mode + b"l") < last(b"\x1b[" + mode + b"h"):
                self._fault(f"the terminal is left with {mode.decode()} on")

    def _explained(self) -> str:
        """Return where the program stands, as it tells itself."""
        for number in (THREADS_SIGNAL, TASKS_SIGNAL):
            os.kill(self._pid, number)
            end = time.monotonic() + 1.0
            while time.monotonic() < end:
                self._read(0.05)
        unread = sum(map(len, self._unsent))
        told = [
            path.read_text("utf-8", "replace") for path in sorted(self._folder.glob("stacks-*"))
        ]
        return "\n".join([f", with {unread} characters that could not be sent", *told])

    def _fault(self, text: str) -> None:
        self.outcome.faults.append(text)

    # -- the terminal --------------------------------------------------------------------------

    def _running(self) -> bool:
        if self._code is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code is None

    def _send(self, text: str) -> None:
        self.outcome.typed.append(text if len(text) < 200 else text[:200] + "…")
        data = text.encode()
        end = time.monotonic() + END_S
        while data and self._running() and time.monotonic() < end:
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:
                self._read(0.005)  # the program does not read as fast as this
            except OSError:
                return
        if data:
            self._unsent.append(data)

    def _read(self, patience: float) -> bool:
        ready, _, _ = select.select([self._fd], [], [], patience)
        if not ready:
            return False
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # the other end is closed
            return False
        self._written += data
        if len(self._written) > 4_000_000:
            del self._written[1000:1_000_000]
        return bool(data)

    def _resize(self, size: tuple[int, int]) -> None:
        width, height = size
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
