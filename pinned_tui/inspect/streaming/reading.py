"""Reads an input of any size: as a whole, or what is about the API of a large log or HAR file."""

import codecs
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from pinned_tui.core.input_files import LARGEST_INPUT
from pinned_tui.core.private_files import FileProblem
from pinned_tui.inspect.detect import detect
from pinned_tui.inspect.excerpt import InputExcerpt
from pinned_tui.inspect.model import InputKind, InputText, read_input, read_text
from pinned_tui.inspect.streaming.entries import HAR_OPENING, cut_entries
from pinned_tui.inspect.streaming.lines import ROOM, cut_lines

_HEAD = 64 * 1024
_HAR = re.compile(r'\ufeff?\s*\{\s*"log"\s*:\s*\{')
_LIST = re.compile(r"\ufeff?\s*\[\s*(?=\{)")
_WRAPPED = re.compile(
    r'\ufeff?\s*\{[^\[\]{}]{0,2000}"(?:logs|entries|records|events|messages|hits|items|results|data)"'
    r"\s*:\s*\["
)
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_IN_DOCUMENT = re.compile(r"\[\s*(?=\{)")
"""What stands before the first object of a list, however deep the list is."""

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?')
_BRACKETED = re.compile(r"\[(?:[A-Za-z]|\d{1,4}[-/:.T])")
"""A line of a log that begins with its time or its level in brackets."""

_MOST_BROKEN = 0.1
"""The share of a text that may be no UTF-8, as in logs with an old encoding."""

_LIMIT = LARGEST_INPUT // 1024 // 1024
_NO_TEXT = (
    f"{{shown}} is over {_LIMIT} MiB and isn't text. Of inputs that large, only logs and HAR files"
    " are read."
)
_NO_LOG = (
    f"{{shown}} is over {_LIMIT} MiB and is neither a log nor a HAR file. Cut out the part in"
    " question."
)


def read_pieces(
    pieces: Iterable[bytes],
    shown: str,
    heard: Callable[[int], None] = lambda _: None,
    *,
    whole: int = LARGEST_INPUT,
    room: int = ROOM,
) -> InputText:
    """Return the input as text: all of it, or what is about the API where it is large.

    Args:
        pieces: The input, in pieces of any size.
        shown: Its name, for a message.
        heard: Told how many octets were read so far; may raise.
        whole: Octets up to which an input is read as a whole.
        room: Octets that are kept of a larger one.

    Raises:
        FileProblem: it is larger, and no text.
    """
    source = _Source(pieces, heard)
    coming = iter(source)
    begun: deque[bytes] = deque()
    for piece in coming:
        begun.append(piece)
        if source.size > whole:
            break
    else:
        return read_input(b"".join(begun))
    head = _head(begun, coming)
    encoding = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)
    rest = _again(begun, coming)
    if encoding is not None:
        rest = _in_utf8(rest, encoding)
        head = head.decode(encoding, "replace").encode("utf-8", "replace")
    begins = head.decode("utf-8", "replace")
    if "\0" in begins or begins.count("\ufffd") > _MOST_BROKEN * len(begins):
        raise FileProblem(_NO_TEXT.format(shown=shown))
    cut = _cut(rest, begins, room)
    if cut is None:
        raise FileProblem(_NO_LOG.format(shown=shown))
    return InputText(cut[0], encoding=encoding or "utf-8", size=source.size, excerpt=cut[1])


def _head(begun: deque[bytes], coming: Iterator[bytes]) -> bytes:
    """Return how the input begins, after reading on where that is not yet enough to tell."""
    size = sum(map(len, islice(begun, _HEAD)))
    while size < _HEAD and (piece := next(coming, None)) is not None:
        begun.append(piece)
        size += len(piece)
    return b"".join(islice(begun, _HEAD))[:_HEAD] if len(begun[0]) < _HEAD else begun[0][:_HEAD]


def _cut(pieces: Iterator[bytes], head: str, room: int) -> tuple[str, InputExcerpt] | None:
    """Return what is about the API and where it stood; None for what is no log."""
    if not _is_document(head):
        data, excerpt = cut_lines(pieces, room)
        return data.decode("utf-8", "replace").removeprefix("\ufeff"), excerpt
    if _HAR.match(head) is not None:
        opening, before, behind = HAR_OPENING, '{"log":{"version":"1.2","entries":[', "]}}"
    elif detect(read_text(head)) is InputKind.PAYLOAD:
        return None
    elif match := next((one for form in (_WRAPPED, _LIST) if (one := form.match(head))), None):
        opening, before, behind = match.re, "[", "]"
    elif match := _IN_DOCUMENT.search(head):
        opening, before = match.re, head[: match.end()].replace("\n", " ")
        behind = _closing(before)
    else:
        return None
    texts, excerpt = cut_entries(pieces, opening, room)
    if not texts and opening is _IN_DOCUMENT:
        return None
    # The entries begin on a line of their own, whatever the length of what is before them.
    return before + "\n" + ",\n".join(texts) + behind, excerpt


def _is_document(head: str) -> bool:
    """Return whether the input is one JSON value, rather than a log with one a line."""
    begins = head.lstrip("\ufeff \t\r\n")
    if not begins.startswith(("{", "[")) or _BRACKETED.match(begins):
        return False
    first, line_break, _ = begins.partition("\n")
    if not line_break:
        return True
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return first.rstrip()[-1:] in "{[,"
    return False


def _closing(begun: str) -> str:
    """Return what closes the brackets that are open at the end of ``begun``."""
    still_open: list[str] = []
    for sign in _STRING.sub("", begun):
        if sign in "{[":
            still_open.append("}" if sign == "{" else "]")
        elif sign in "}]" and still_open:
            still_open.pop()
    return "".join(reversed(still_open))


class _Source:
    """The pieces of an input, and how many octets of it came."""

    def __init__(self, pieces: Iterable[bytes], heard: Callable[[int], None]) -> None:
        self._pieces = pieces
        self._heard = heard
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.size += len(piece)
            self._heard(self.size)
            yield piece


def _again(begun: deque[bytes], coming: Iterator[bytes]) -> Iterator[bytes]:
    while begun:
        yield begun.popleft()  # which lets go of it: what follows may be much larger
    yield from coming


def _in_utf8(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8", "replace")
