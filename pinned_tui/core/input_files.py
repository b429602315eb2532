"""Reads what a user hands over in a file or a pipe: a key, a payload, anything to inspect.

For every face alike.
"""

import contextlib
import io
import os
import select
import stat
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pinned_tui.core.private_files import FileProblem, in_words, named, typed_path
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.redaction.secret import Secret

LARGEST_KEY = 16 * 1024
LARGEST_INPUT = 64 * 1024 * 1024
"""Octets of an input that is inspected as a whole; the work needs several times as much memory."""

LARGEST_SESSION = 64 * 1024 * 1024

_LARGEST_PAYLOAD = 4 * 1024 * 1024

_PIECE = 256 * 1024
_PIPE_BEGINS_S = 2.0
"""How long a pipe that no one has opened for writing may take until someone does."""

_PIPE_GOES_ON_S = 30.0

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""Byte order marks; the longer ones first, since one begins like another."""

_PACKED = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf", "7z"),
)


def read_key_file(name: str) -> Secret:
    """Return the key in the file ``name``.

    Raises:
        FileProblem: the file can't be read, or can't be a key.
    """
    path = typed_path(name)
    return read_key(_read(path, LARGEST_KEY), source="file", shown=named(path))


def read_key(data: bytes, *, source: str, shown: str) -> Secret:
    """Return the key in ``data``, without the one line end that ``echo`` and editors add.

    Whatever else stands around it stays: a program that reads the file would send it.

    Args:
        data: What was read, of which no more is needed than one octet over the limit.
        source: Where it came from in a word, for example ``file``.
        shown: The same for a message.

    Raises:
        FileProblem: it is no text, or too long.
    """
    if len(data) > LARGEST_KEY:
        raise FileProblem(f"{shown} is over {LARGEST_KEY // 1024} KiB. Provide only the key.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileProblem(
            f"{shown} is text in UTF-16, as Windows PowerShell writes it with >. A program would"
            " send it as it is. Save the key as UTF-8 without a byte order mark."
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise FileProblem(
            f"{shown} isn't UTF-8 text, so it can't contain a key. Save the key as plain text."
        ) from None
    end = next((end for end in ("\r\n", "\n") if text.endswith(end)), "")
    return Secret(text.removesuffix(end), source=source)


def read_payload_file(name: str) -> tuple[bytes, str]:
    """Return the bytes of the file ``name``, and its name without the folder.

    Raises:
        FileProblem: the file can't be read, or is too large for a create request.
    """
    path = typed_path(name)
    data = _read(path, _LARGEST_PAYLOAD)
    if len(data) > _LARGEST_PAYLOAD:
        raise FileProblem(
            f"{named(path)} is over {_LARGEST_PAYLOAD // 1024} KiB. Name the file with the body of"
            " one create request."
        )
    return data, clean_line(path.name, 120)


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to inspect.

    Attributes:
        name: Its name without the folder.
        shown: Its name for a message.
        size: Count of its octets; None for a pipe.
        pieces: Its content, read as it is asked for.
    """

    name: str
    shown: str
    size: int | None
    pieces: Iterator[bytes]


@contextlib.contextmanager
def opened_input(name: str) -> Iterator[InputFile]:
    """Open a file to inspect, of any size.

    Raises:
        FileProblem: the file can't be read.
    """
    path = typed_path(name)
    with _in_our_words(path):
        is_pipe = _is_pipe(path)
        pieces = _pieces_of_pipe(path) if is_pipe else _pieces_of_file(path)
        size = None if is_pipe else path.stat().st_size
        with contextlib.closing(pieces):
            yield InputFile(clean_line(path.name, 120), named(path), size, pieces)


def pieces_of(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what comes from ``stream``, as soon as it comes."""
    read = stream.read1 if isinstance(stream, io.BufferedReader) else stream.read
    while piece := read(_PIECE):
        yield piece


def read_session_file(name: str) -> bytes:
    """Return the document in a session file, in UTF-8 whatever the file is written in.

    Raises:
        FileProblem: the file can't be read, is too large, or is something else altogether.
    """
    path = typed_path(name)
    data, shown = _read(path, LARGEST_SESSION), named(path)
    if len(data) > LARGEST_SESSION:
        raise FileProblem(
            f"{shown} is over {LARGEST_SESSION // 1024 // 1024} MiB, larger than any pinned-tui"
            " report."
        )
    document = _in_utf8(data)
    what = _other_than_json(document)
    if what is not None:
        raise FileProblem(f"{shown} {what}")
    return document


def _in_utf8(data: bytes) -> bytes:
    """Return a JSON document in UTF-8 and without a mark; RFC 8259 has no other encoding."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is None and len(data) > 1 and 0 in data[:2]:
        encoding = "utf-16-le" if data[1] == 0 else "utf-16-be"
    if encoding is None:
        return data
    return data.decode(encoding, errors="replace").removeprefix("\ufeff").encode("utf-8")


def _other_than_json(document: bytes) -> str | None:
    """Say what a file is that holds no JSON object, with what to do, to follow its name."""
    text = document.lstrip()
    if not text:
        return "is empty. Name a report written with --format json."
    if text.startswith(b"{"):
        return None
    packed = next((what for mark, what in _PACKED if document.startswith(mark)), None)
    if packed is not None:
        return f"is packed ({packed}). Unpack it first."
    if text.startswith(b"# "):
        return (
            "is a Markdown report, for people to read. The app opens JSON:"
            " pinned-tui report SESSION --format json."
        )
    if text.startswith(b"<"):
        return "is a web page or XML, not a pinned-tui JSON report."
    return (
        "is not a pinned-tui JSON report. To find what is wrong with a request, a response or a"
        " log: pinned-tui inspect FILE."
    )


def _read(path: Path, most: int) -> bytes:
    """Read the file, up to one octet more than ``most``, without ever waiting for long.

    A pipe is read too, so that the output of a command can be named in place of a file
    (``<(…)`` in bash), as long as it comes.
    """
    with _in_our_words(path):
        pieces = _pieces_of_pipe(path) if _is_pipe(path) else _pieces_of_file(path)
        with contextlib.closing(pieces):
            data = bytearray()
            for piece in pieces:
                data += piece
                if len(data) > most:
                    break
            return bytes(data[: most + 1])


@contextlib.contextmanager
def _in_our_words(path: Path) -> Iterator[None]:
    with in_words(path, "read"):
        try:
            yield
        except FileNotFoundError:
            raise FileProblem(
                f"There is no file {named(path)}. Check its name and folder."
            ) from None


def _is_pipe(path: Path) -> bool:
    """Return whether ``path`` is a pipe rather than a file.

    Raises:
        FileProblem: it is neither.
    """
    # Nothing is opened before it is known what it is, but pipes, and those without waiting: opening
    # a pipe waits for someone who writes, and opening a device may do something.
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise FileProblem(f"{named(path)} is a folder. Name a file in it.")
    if stat.S_ISFIFO(mode) and os.name == "posix":
        return True
    if not stat.S_ISREG(mode):
        kind = "a socket" if stat.S_ISSOCK(mode) else "a device"
        raise FileProblem(f"{named(path)} is {kind}, not a file. Name a regular file.")
    return False


def _pieces_of_file(path: Path) -> Generator[bytes, None, None]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _pieces_of_pipe(path: Path) -> Generator[bytes, None, None]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    begun, patience = False, _PIPE_BEGINS_S
    try:
        while True:
            came = select.select([descriptor], [], [], patience)[0]
            piece = _piece(descriptor)
            if piece is None:  # someone has it open, and takes a while
                if not came and patience == _PIPE_GOES_ON_S:
                    raise FileProblem(
                        f"{named(path)} is a pipe from which nothing came for"
                        f" {_PIPE_GOES_ON_S:g} s. Write its content to a file and name that."
                    )
                patience = _PIPE_GOES_ON_S
            elif piece:
                begun, patience = True, _PIPE_GOES_ON_S
                yield piece
            elif came or begun:
                break
            else:
                raise FileProblem(
                    f"{named(path)} is a pipe that nothing writes to. Name a regular file."
                )
    finally:
        os.close(descriptor)


def _piece(descriptor: int) -> bytes | None:
    """Read what is there; nothing at the end, None where it has not come yet."""
    try:
        return os.read(descriptor, _PIECE)
    except BlockingIOError:
        return None
