"""Cuts the lines about the API out of a log of any size.

The input is looked through as octets, for the words without which no line is about the API. That
is many times faster than to read each line.
"""

import re
from array import array
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pinned_tui.inspect.excerpt import InputExcerpt
from pinned_tui.inspect.streaming.budget import Kept, KeptUnit

SURE = (
    *(b"pinned.events", b"/api/public/v1", b"public\\/v1", b"API key is invalid"),
    *(b"account_deactivated", b"invalid_api_key", b"insufficient_scope"),
)
"""Any of these makes a line one about the API."""

LOOSE = (b"/events", b"/channels", b"/classifications", b"/media", b"rate_limited")
"""These may be about the API, and count where nothing else in the input is."""

ROOM = 8 * 1024 * 1024
_ROOM_FOR_LOOSE = 1024 * 1024
_FOLLOWING = 8
"""How many lines behind one about the API are kept: a status, headers and a body stand there."""

_TRACE = re.compile(
    rb"(?:trace|req(?:uest)?|corr(?:elation)?|transaction)[_.-]?id\"?\s?[:=]\s?\"?([\w.-]{6,80})",
    re.IGNORECASE,
)
_STATUS_AT = (
    (b"tatus", re.compile(rb"tatus(?:[_-]?code)?\"?\s?[:=]\s?\"?\d", re.IGNORECASE)),
    (b"HTTP/", re.compile(rb"HTTP/[\d.]{1,3}\"? \d")),
)
_READ_FOR_TRACE = 4096
_MOST_TRACES = 16
"""How many requests without a status are waited for at once; each costs a search."""

_FIRST_LINES = 3
"""The first lines of a log may say what its columns are."""

LONGEST = 1024 * 1024
"""Octets of one line that are kept, as of a log that is read as a whole."""


@dataclass(slots=True)
class _Collector:
    """Collects the lines that have a cue, those that follow them, and what has the same trace.

    Attributes:
        cues: Without any of them, a line is passed over.
        kept: What was collected.
        found: How many lines have a cue.
    """

    cues: tuple[bytes, ...]
    kept: Kept
    found: int = 0
    _following: int = 0
    _traces: deque[bytes] = field(default_factory=lambda: deque(maxlen=_MOST_TRACES))

    def take(self, block: bytes, before: int) -> None:
        """Collect from whole lines, ahead of which the input has ``before`` others."""
        at, number = 0, before + 1
        for start, end in (*self._lines_with_cues(block), (len(block), -1)):
            while self._following and at < start:
                stop = block.find(b"\n", at, start)
                stop = stop if stop >= 0 else start
                self.kept.add(
                    KeptUnit(block[at : min(stop, at + LONGEST)], number, number, 1, False)
                )
                self._following -= 1
                at, number = stop + 1, number + 1
            number += block.count(b"\n", at, start)
            if end >= 0:
                self.kept.add(KeptUnit(block[start : min(end, start + LONGEST)], number, number))
                self.found += 1
                self._following = _FOLLOWING
                at, number = end + 1, number + 1

    def _lines_with_cues(self, block: bytes) -> list[tuple[int, int]]:
        """Return start and end of the lines that have a cue, in their order."""
        found: dict[int, int] = {}
        for cue in self.cues:
            at = block.find(cue)
            while at >= 0:
                end = block.find(b"\n", at)
                end = end if end >= 0 else len(block)
                found[block.rfind(b"\n", 0, at) + 1] = end
                at = block.find(cue, end)
        self._add_traced(block, found)
        return sorted(found.items())

    def _add_traced(self, block: bytes, found: dict[int, int]) -> None:
        """Add to the lines with a cue the responses that share a trace with an earlier request."""
        waiting = [(trace, 0) for trace in self._traces]
        for start, end in sorted(found.items()):
            if len(waiting) >= 2 * _MOST_TRACES:
                break
            stop = min(end, start + _READ_FOR_TRACE)
            if _has_status(block, start, stop):
                continue
            trace = _TRACE.search(block, start, stop)
            if trace is not None:
                waiting.append((trace[1], end))
        self._traces.clear()
        for trace_id, after in waiting:
            at = block.find(trace_id, after)
            if at < 0:
                self._traces.append(trace_id)
                continue
            end = block.find(b"\n", at)
            found[block.rfind(b"\n", 0, at) + 1] = end if end >= 0 else len(block)


def _has_status(block: bytes, start: int, stop: int) -> bool:
    return any(
        (at := block.find(word, start, stop)) >= 0 and form.match(block, at, stop) is not None
        for word, form in _STATUS_AT
    )


def cut_lines(pieces: Iterable[bytes], room: int = ROOM) -> tuple[bytes, InputExcerpt]:
    """Return the lines of a log that are about the API, and where they stood.

    Args:
        pieces: The log, in pieces of any size.
        room: Octets that the lines may have.
    """
    sure = _Collector(SURE, Kept(room))
    loose = _Collector(LOOSE, Kept(min(_ROOM_FOR_LOOSE, room)))
    first: list[KeptUnit] = []
    count = 0
    for block in _blocks(pieces):
        if len(first) < _FIRST_LINES:
            whole = block.removesuffix(b"\n")[: LONGEST * _FIRST_LINES]
            begun = whole.split(b"\n", _FIRST_LINES)[: _FIRST_LINES - len(first)]
            first += [
                KeptUnit(line[:LONGEST], count + own, count + own, 1, False)
                for own, line in enumerate(begun, start=1)
            ]
        sure.take(block, count)
        if not sure.found and loose.kept.beyond == 0:
            loose.take(block, count)
        count += block.count(b"\n") + (not block.endswith(b"\n"))
    chosen = sure if sure.found else loose
    lines = chosen.kept.pieces()
    upto = lines[0].number if lines else count + 1
    return _joined([*(one for one in first if one.number < upto), *lines], count, chosen)


def _joined(lines: list[KeptUnit], total: int, chosen: _Collector) -> tuple[bytes, InputExcerpt]:
    starts, numbers = array("Q"), array("Q")
    last = -1
    for own, piece in enumerate(lines, start=1):
        if piece.number != last + 1:
            starts.append(own)
            numbers.append(piece.number)
        last = piece.number
    beyond = chosen.kept.beyond
    ones = array("Q", [1]) * len(starts)
    text = b"\n".join(piece.data for piece in lines)
    return text, InputExcerpt(
        "line", total, total - len(lines) - beyond, beyond, starts, numbers, ones
    )


def _blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the input in blocks of whole lines; of one that is too long, its beginning."""
    rest, dropping = b"", False
    for piece in pieces:
        if dropping:
            at = piece.find(b"\n")
            if at < 0:
                continue
            piece, dropping = piece[at:], False  # the line break ends what was kept of the line
        end = piece.rfind(b"\n") + 1
        if end:
            yield rest + piece[:end]
            rest = piece[end:]
        else:
            rest += piece
        if len(rest) > LONGEST:
            rest, dropping = rest[:LONGEST], True
    if rest:
        yield rest
