"""Reads an input of any size: as a whole, or what is about the API of a large log or HAR file."""

import codecs
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from pinned_tui.core.input_files import LARGEST_INPUT
from pinned_tui.core.private_files import FileProblem
from pinned_tui.inspect.excerpt import InputExcerpt
from pinned_tui.inspect.model import InputText, read_input
from pinned_tui.inspect.streaming.entries import HAR_OPENING, cut_entries
from pinned_tui.inspect.streaming.lines import ROOM, cut_lines

_HEAD = 64 * 1024
_HAR = re.compile(r'\s*\{\s*"log"\s*:\s*\{')
_LIST = re.compile(r"\s*\[\s*(?=\{)")
_WRAPPED = re.compile(
    r'\s*\{[^\[\]{}]{0,2000}"(?:logs|entries|records|events|messages|hits|items|results|data)"'
    r"\s*:\s*\["
)
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_NO_TEXT = "{shown} is large and no text. Of large inputs, only logs and HAR files are read."


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
    head = b"".join(islice(begun, _HEAD // max(len(begun[0]), 1) + 2))[:_HEAD]
    encoding = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)
    rest = _again(begun, coming)
    if encoding is not None:
        rest = _in_utf8(rest, encoding)
        head = head.decode(encoding, "replace").encode("utf-8", "replace")
    elif b"\x00" in head:
        raise FileProblem(_NO_TEXT.format(shown=shown))
    text, excerpt = _cut(rest, head.decode("utf-8", "replace"), room)
    return InputText(text, encoding=encoding or "utf-8", size=source.size, excerpt=excerpt)


def _cut(pieces: Iterator[bytes], head: str, room: int) -> tuple[str, InputExcerpt]:
    if _HAR.match(head) is not None and HAR_OPENING.search(head[:_HEAD]):
        texts, excerpt = cut_entries(pieces, HAR_OPENING, room)
        return '{"log":{"version":"1.2","entries":[' + ",\n".join(texts) + "]}}", excerpt
    opening = next((one for one in (_WRAPPED, _LIST) if one.match(head)), None)
    if opening is not None:
        texts, excerpt = cut_entries(pieces, opening, room)
        return "[" + ",\n".join(texts) + "]", excerpt
    data, excerpt = cut_lines(pieces, room)
    return data.decode("utf-8", "replace").removeprefix("\ufeff"), excerpt


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
