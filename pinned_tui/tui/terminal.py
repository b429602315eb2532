"""What Textual leaves open about the terminal: hang-ups, signals, large pastes, a Ctrl+C unheard.

Usually the app hears Ctrl+C: it copies, or asks, or leaves in order. But an app that hangs hears
nothing. So each Ctrl+C is counted where it is read from the terminal, in a thread that nothing on
a page can hold up.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO

from rich.segment import Segment
from textual import constants, events
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.color import Color
from textual.filter import LineFilter

from pinned_tui.redaction.sanitize import is_clean

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from textual.app import App
    from textual.driver import Driver
    from textual.message import Message


if sys.platform != "win32":  # there, Textual restores the console by itself
    import termios

PATIENCE_S = 6.0
"""How long leaving in order may take before the program ends without it."""

_GIVE_BACK = (
    "\x1b[<u"  # the keyboard protocol
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"  # the mouse
    "\x1b[?2004l\x1b[?2048l\x1b[?1004l"  # pastes, sizes, focus
    "\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[0m"
)


class Terminal:
    """Knows how the terminal was found, and whether it is taken over.

    Attributes:
        taken: Whether the program has a screen of its own on it.
    """

    def __init__(self) -> None:
        """Look at the terminal as it is now."""
        self.taken = False
        self._modes = self._present_modes()
        self._timer: threading.Timer | None = None

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Have the terminal back after what is inside, in the state that it was in before."""
        try:
            yield
        finally:
            if self._timer is not None:
                self._timer.cancel()
            self.give_back()

    def give_back(self) -> None:
        """Restore the modes, and leave the screen of the program if it is still on."""
        if self.taken:
            self.taken = False
            _write(_GIVE_BACK)
        if sys.platform != "win32" and self._modes is not None:
            try:
                if self._modes != termios.tcgetattr(_descriptor()):
                    termios.tcsetattr(_descriptor(), termios.TCSANOW, self._modes)
            except (OSError, ValueError, termios.error):
                return  # the terminal is gone

    def end_by_force_after(self, code: int, patience_s: float = PATIENCE_S) -> None:
        """End the process with ``code`` unless it has ended by itself in ``patience_s``.

        A thread of its own does it: what holds up the end may hold up the event loop too.
        """
        if self._timer is None:
            self._timer = threading.Timer(patience_s, self._end, (code,))
            self._timer.daemon = True
            self._timer.start()

    def _end(self, code: int) -> None:
        self.give_back()
        os._exit(code)

    @staticmethod
    def _present_modes() -> "list[Any] | None":
        if sys.platform == "win32":
            return None
        try:
            return termios.tcgetattr(_descriptor())
        except (OSError, ValueError, termios.error):
            return None


def _descriptor() -> int:
    stdin: TextIO | None = sys.__stdin__
    if stdin is None:
        raise ValueError("there is no standard input")
    return stdin.fileno()


def _write(text: str) -> None:
    stderr: TextIO | None = sys.__stderr__
    try:
        if stderr is not None:
            os.write(stderr.fileno(), text.encode("ascii"))
    except (OSError, ValueError):
        return  # nobody is there to see it


class LastingTerminalFile:
    """Writes to a file, and to nowhere once the file is gone."""

    def __init__(self, file: TextIO, gone: Callable[[], None]) -> None:
        """Write to ``file``; ``gone`` is called once, from the thread that found it gone."""
        self._file = file
        self._gone = gone
        self._is_gone = False

    def write(self, text: str) -> None:
        """Write ``text``."""
        try:
            self._try(lambda: self._file.write(text))
        except UnicodeEncodeError as error:
            shown = text.encode(error.encoding, "replace").decode(error.encoding)
            self._try(lambda: self._file.write(shown))

    def flush(self) -> None:
        """Have everything written."""
        self._try(self._file.flush)

    def fileno(self) -> int:
        """Return the number of the file."""
        return self._file.fileno()

    def _try(self, operation: Callable[[], object]) -> None:
        if self._is_gone:
            return
        try:
            operation()
        except OSError:
            self._is_gone = True
            self._gone()


class _SignalsInTurn:
    """Has a driver handle its signals from the event loop.

    Textual's handlers write through a queue and wait for threads. A signal may come while the
    program itself writes and holds the queue's lock: the handler would wait for it forever.
    """

    def _sigtstp_application(self, *_: object) -> None:
        _in_turn(super()._sigtstp_application)  # type: ignore[misc]

    def _sigcont_application(self, *_: object) -> None:
        _in_turn(super()._sigcont_application)  # type: ignore[misc]


def _in_turn(handler: Callable[[], None]) -> None:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # it has ended, and nothing writes any more
        handler()
    else:
        loop.call_soon_threadsafe(handler)


def lasting(
    driver: "type[Driver]",
    gone: Callable[[], None],
    terminal: Terminal,
    pressed: Callable[[float], None],
) -> "type[Driver]":
    """Return ``driver`` so that it survives its terminal.

    Args:
        driver: One of Textual's drivers that write to a file of theirs.
        gone: Called once the terminal is gone, from the thread that writes.
        terminal: Told when the terminal is taken over, and when it is given back.
        pressed: Called when Ctrl+C is read, from the thread that reads, with Textual's time.
    """

    class LastingDriver(_SignalsInTurn, driver):  # type: ignore[misc, valid-type]
        """Writes to a :class:`LastingTerminalFile`."""

        _starting = _suspending = False

        def __init__(self, app: "App[Any]", **options: Any) -> None:  # noqa: ANN401 - as above
            super().__init__(app, **options)
            file: TextIO | None = getattr(self, "_file", None)
            if file is not None:
                self._file = LastingTerminalFile(file, gone)

        def process_message(self, message: "Message") -> None:
            if isinstance(message, events.Key) and message.key == "ctrl+c":
                pressed(message.time)
            super().process_message(message)

        def start_application_mode(self) -> None:
            if terminal.taken:
                # SIGCONT, which comes with SIGHUP too, and may come while this is under way.
                # Textual starts over what was never stopped, and of two threads that read, it
                # ends one.
                if self._starting or is_gone():
                    return
                self.disable_input()
                self.close()
            self._starting = terminal.taken = True
            super().start_application_mode()
            self._starting = False

        def suspend_application_mode(self) -> None:
            self._suspending = True
            super().suspend_application_mode()
            self._suspending = False

        def stop_application_mode(self) -> None:
            if not self._suspending:
                self._auto_restart = False  # SIGCONT may come in the middle of the end as well
            super().stop_application_mode()
            terminal.taken = False

    return LastingDriver


def is_gone() -> bool:
    """Return whether the terminal that the program was started on has gone."""
    return sys.__stdin__ is None or not sys.__stdin__.isatty()


def let_go() -> None:
    """Have what is still buffered for a terminal that is gone go nowhere, instead of failing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())


BEGIN, END = "\x1b[200~", "\x1b[201~"

BROKEN_OFF_S = 2.0
"""After such a pause within a paste, what comes by itself is a key."""

_REST_S = 1.0
"""How long the rest of a mark is waited for that cannot be the beginning of a key alone."""

_LONGEST_KEY = 12
"""Characters that the terminal sends for a key, at most."""


class WholePastes(XTermParser):
    """Textual's parser, with pastes taken in one piece."""

    def __init__(self, debug: bool = False) -> None:
        """Begin outside of a paste."""
        self._paste: list[str] | None = None
        self._held = ""
        self._held_until = self._came_at = 0.0
        self._ends_late = self._has_just_read = False
        super().__init__(debug)

    def feed(self, data: str) -> "Iterable[Message]":
        """Yield the messages that ``data`` completes; an empty text is the end of the input."""
        if not data:
            yield from super().feed(data)
            return
        now, before = get_time(), self._came_at
        self._came_at, self._has_just_read = now, True
        if self._paste is not None and now - before > BROKEN_OFF_S and _is_key(data):
            yield self._pasted(self._paste)
            self._paste, self._ends_late = None, True
        data, self._held = self._held + data, ""
        if self._ends_late and END in data.partition(BEGIN)[0]:
            self._paste, self._ends_late = [""], False
        while data:
            if self._paste is None:
                typed, begin, data = data.partition(BEGIN)
                if not begin:
                    typed = self._hold(typed, now)
                if typed:
                    yield from super().feed(typed)
                if not begin:
                    return
                self._paste, self._ends_late = [""], False
            data = yield from self._paste_on(self._paste, data)

    def tick(self) -> "Iterable[Message]":
        """Yield what is a key after all, because nothing has followed it."""
        # On a busy machine long may have passed since the read just before; what follows may be
        # there, only not read yet.
        read, self._has_just_read = self._has_just_read, False
        if self._held and not read and get_time() >= self._held_until:
            held, self._held = self._held, ""
            yield from super().feed(held)
            self._timeout_time = 0.0  # it has waited here already
        yield from super().tick()

    def _hold(self, typed: str, now: float) -> str:
        """Keep the end of ``typed`` where a paste may begin with it, and return the rest."""
        for length in range(min(len(BEGIN) - 1, len(typed)), 0, -1):
            if typed.endswith(BEGIN[:length]):
                self._held = BEGIN[:length]
                # Esc is a key by itself; what is longer is followed by more, but for Alt+[.
                self._held_until = now + (constants.ESCAPE_DELAY if length == 1 else _REST_S)
                return typed[:-length]
        return typed

    def _paste_on(self, paste: list[str], data: str) -> "Generator[Message, None, str]":
        """Take ``data`` into ``paste`` up to its end, and return what follows it."""
        data = paste.pop() + data  # the mark at the end may come in two parts
        text, end, rest = data.partition(END)
        if end:
            self._paste = None
            yield self._pasted([*paste, text])
            return rest
        kept = max(len(data) - len(END) + 1, 0)
        paste += [data[:kept], data[kept:]]
        return ""

    @staticmethod
    def _pasted(parts: list[str]) -> events.Paste:
        return events.Paste("".join(parts).replace("\x00", ""))


def _is_key(data: str) -> bool:
    """Return whether ``data`` is a key rather than more of a paste, or the mark at its end."""
    return len(data) <= _LONGEST_KEY and END[-3:] not in data


def take_pastes_whole(driver: "type[Driver]") -> None:
    """Have ``driver`` read with :class:`WholePastes`, where it reads with Textual's parser."""
    module = sys.modules[driver.__module__]
    if getattr(module, "XTermParser", None) is XTermParser:
        module.XTermParser = WholePastes  # type: ignore[attr-defined]


CODES = {
    getattr(signal, name): 128 + number
    for name, number in (("SIGHUP", 1), ("SIGINT", 2), ("SIGTERM", 15))
    if hasattr(signal, name)
}
"""The signals that end the program, and the exit code of each, as shells count them."""

HANGUP = 129
"""The exit code where the terminal went away."""


@contextmanager
def heard(leave: Callable[[int], None]) -> Iterator[None]:
    """Call ``leave`` with the exit code when a signal comes, between any two lines of code.

    Outside of the main thread, as in tests, no signal is heard.
    """

    def handler(number: int, _frame: FrameType | None) -> None:
        leave(CODES[signal.Signals(number)])

    before = {}
    try:
        for number in CODES:
            before[number] = signal.signal(number, handler)
    except ValueError:  # not in the main thread
        before = {}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


class ControlGuard(LineFilter):
    """Takes control and bidi characters out of every line that is drawn."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return ``segments`` without unsafe characters."""
        del background
        if all(text.isascii() and text.isprintable() for text, _, _ in segments):
            return segments
        return [
            segment
            if segment.control or is_clean(segment.text)
            else Segment("".join(filter(is_clean, segment.text)), segment.style)
            for segment in segments
        ]


AGAIN_S = 2.0
"""How long after Ctrl+C a second one quits."""

INSISTING_S = 5.0
"""How long the app may take to hear the second one."""


class ForcedExit:
    """Compares what was pressed with what was heard."""

    def __init__(self, give_up: Callable[[], None], patience_s: float = INSISTING_S) -> None:
        """Call ``give_up``, from a thread, where a second Ctrl+C is not heard in ``patience_s``."""
        self._give_up = give_up
        self._patience_s = patience_s
        self._pressed_at = -AGAIN_S
        self._heard_at = -AGAIN_S
        self._timer: threading.Timer | None = None

    def pressed(self, at: float) -> None:
        """Take note that Ctrl+C came from the terminal, ``at`` on Textual's clock."""
        again, self._pressed_at = at - self._pressed_at <= AGAIN_S, at
        if again and self._timer is None:
            self._timer = threading.Timer(self._patience_s, self._judge, (at,))
            self._timer.daemon = True
            self._timer.start()

    def heard(self, at: float) -> None:
        """Take note that the app acts upon the Ctrl+C that was pressed then."""
        self._heard_at = at

    def _judge(self, at: float) -> None:
        self._timer = None
        if self._heard_at < at:
            self._give_up()
