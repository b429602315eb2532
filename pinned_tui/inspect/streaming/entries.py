"""Cuts the entries about the API out of a HAR file, or of records in a list, of any size."""

import codecs
import json
import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pinned_tui.inspect.excerpt import InputExcerpt
from pinned_tui.inspect.streaming.budget import Kept, KeptUnit
from pinned_tui.inspect.streaming.lines import LOOSE, ROOM, SURE

HAR_OPENING = re.compile(r'(?<!\\)"entries"\s*:\s*\[')
_NEXT = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(strict=False)
_LONGEST = 32 * 1024 * 1024
"""Characters of one entry; one that is longer ends the reading, as broken JSON does."""

_LONGEST_OPENING = 4096
"""Characters that what stands before the first entry may have."""


@dataclass(frozen=True, slots=True)
class _Entry:
    text: str
    line: int
    column: int


def cut_entries(
    pieces: Iterable[bytes],
    opening: re.Pattern[str],
    room: int = ROOM,
) -> tuple[list[str], InputExcerpt]:
    """Return the entries that are about the API, and where they stood.

    Args:
        pieces: The file, in pieces of any size.
        opening: Matches what stands before the first entry.
        room: Octets that the entries may have.
    """
    sure, loose = Kept(room), Kept(room)
    reader = _EntryReader(pieces, opening)
    found, total = 0, 0
    for total, entry in enumerate(reader.entries(), start=1):
        data = entry.text.encode("utf-8", "replace")
        piece = KeptUnit(data, total, entry.line, entry.column)
        if any(cue in data for cue in SURE):
            found += 1
            sure.add(piece)
        elif not found and any(cue in data for cue in LOOSE):
            loose.add(piece)
    kept = sure if found else loose
    return _joined(kept, total, whole=reader.whole)


def _joined(kept: Kept, total: int, *, whole: bool) -> tuple[list[str], InputExcerpt]:
    pieces = kept.pieces()
    starts, own = array("Q"), 2  # before the entries stands a line that opens their list
    texts = []
    for piece in pieces:
        starts.append(own)
        own += piece.data.count(b"\n") + 1
        texts.append(piece.data.decode())
    return texts, InputExcerpt(
        "entry",
        total,
        total - len(pieces) - kept.beyond,
        kept.beyond,
        starts,
        array("Q", [one.line for one in pieces]),
        array("Q", [one.column for one in pieces]),
        array("Q", [one.number for one in pieces]),
        whole,
    )


class _EntryReader:
    """Reads objects one after the other, and holds no more of the file than one of them needs."""

    def __init__(self, pieces: Iterable[bytes], opening: re.Pattern[str]) -> None:
        self._pieces = _texts(pieces)
        self._opening = opening
        self._text, self._at = "", 0
        self._line, self._line_start = 1, 0
        self.whole = True

    def entries(self) -> Iterator[_Entry]:
        """Yield the objects of the list."""
        if not self._to_first():
            self.whole = False
            return
        while self._to_next():
            end = self._end_of_object()
            if end is None:
                self.whole = False
                return
            line, column = self._line, self._at - self._line_start + 1
            yield _Entry(self._text[self._at : end], line, column)
            self._go_to(end)

    def _to_first(self) -> bool:
        while (match := self._opening.search(self._text, self._at)) is None:
            # What was searched is let go of, but for an end in which it may begin.
            self._go_to(max(self._at, len(self._text) - _LONGEST_OPENING))
            if not self._more():
                return False
        self._go_to(match.end())
        return True

    def _to_next(self) -> bool:
        """Go to the next object; tell whether there is one."""
        while True:
            match = _NEXT.match(self._text, self._at)
            self._go_to(match.end() if match else self._at)
            if self._at < len(self._text):
                self.whole = self._text[self._at] in "{]"
                return self._text[self._at] == "{"
            if not self._more():
                self.whole = False
                return False

    def _end_of_object(self) -> int | None:
        wanted = 0
        while True:
            try:
                return _DECODER.raw_decode(self._text, self._at)[1]
            except RecursionError:
                return None
            except ValueError:
                wanted = max(2 * (len(self._text) - self._at), wanted)
            while len(self._text) - self._at < wanted:
                if len(self._text) - self._at > _LONGEST or not self._more():
                    break
            else:
                continue
            # The end of the file, or of patience: what is there is whole, or stays broken.
            try:
                return _DECODER.raw_decode(self._text, self._at)[1]
            except (ValueError, RecursionError):
                return None

    def _go_to(self, at: int) -> None:
        passed = self._text.count("\n", self._at, at)
        if passed:
            self._line += passed
            self._line_start = self._text.rfind("\n", 0, at) + 1
        self._at = at

    def _more(self) -> bool:
        """Take the next piece, and let go of what lies behind."""
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self._text = self._text[self._at :] + piece
        self._line_start -= self._at
        self._at = 0
        return True


def _texts(pieces: Iterable[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)
