"""How much of a large input is kept: its beginning, what went wrong further on, and its end."""

import re
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

_STATUS = re.compile(rb"[\" >:=]([45]\d\d)(?![\d.:-])")
_WORDS = (b"error", b"fail", b"denied", b"refused", b"timeout", b"timed out", b"retry")
_LOOKED_AT = 4096
"""Octets of a piece in which a failure is looked for."""

_MOST_KINDS = 200
_SHARE_OF_KIND = 8
"""Into how many parts the room for failures is divided: no kind of failure takes more than one."""


class KeptUnit(NamedTuple):
    """A line or an entry of the input.

    Attributes:
        data: It, without a line break at its end.
        number: Its number, from 1.
        line: The line with which it begins, from 1; ``number`` where it is a line itself.
        column: The column at which it begins, from 1.
        about_api: Whether it is about the API, rather than near such a piece.
    """

    data: bytes
    number: int
    line: int
    column: int = 1
    about_api: bool = True


@dataclass(slots=True)
class Kept:
    """Pieces of an input, in their order, up to a size.

    Half of the room is for the beginning, a quarter for what went wrong after it, and a quarter
    for the end.

    Attributes:
        room: How many octets there is room for.
        beyond: How many pieces about the API there was no room for.
    """

    room: int
    beyond: int = 0
    _first: list[KeptUnit] = field(default_factory=list)
    _failed: list[KeptUnit] = field(default_factory=list)
    _last: deque[KeptUnit] = field(default_factory=deque)
    _kinds: dict[bytes, int] = field(default_factory=dict)
    _sizes: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("first", "failed", "last"), 0)
    )

    def add(self, piece: KeptUnit) -> None:
        """Keep ``piece``, or drop an earlier one for it."""
        size = len(piece.data) + 1
        sizes = self._sizes
        if not self._last and sizes["first"] + size <= self.room // 2:
            sizes["first"] += size
            self._first.append(piece)
            return
        sizes["last"] += size
        self._last.append(piece)
        while sizes["last"] > self.room // 4:
            oldest = self._last.popleft()
            sizes["last"] -= len(oldest.data) + 1
            self._drop(oldest)

    def _drop(self, piece: KeptUnit) -> None:
        if self._keeps_failed(piece):
            self._failed.append(piece)
        elif piece.about_api:
            self.beyond += 1

    def _keeps_failed(self, piece: KeptUnit) -> bool:
        """Return whether ``piece`` tells of a failure for which there is room."""
        size, room = len(piece.data) + 1, self.room // 4
        kind = _failure(piece.data) if self._sizes["failed"] + size <= room else None
        if kind is None:
            return False
        taken = self._kinds.get(kind, 0) + size
        is_new = kind not in self._kinds
        if taken > room // _SHARE_OF_KIND or (is_new and len(self._kinds) >= _MOST_KINDS):
            return False
        self._kinds[kind] = taken
        self._sizes["failed"] += size
        return True

    def pieces(self) -> list[KeptUnit]:
        """Return what was kept, in the order of the input."""
        return [*self._first, *self._failed, *self._last]


def _failure(data: bytes) -> bytes | None:
    """Return a status or a word by which a piece seems to tell of a failure; None without one."""
    match = _STATUS.search(data, 0, _LOOKED_AT)
    if match is not None:
        return match[1]
    small = data[:_LOOKED_AT].lower()
    return next((word for word in _WORDS if word in small), None)
