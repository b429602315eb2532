"""How much of a large input is kept: its beginning, what went wrong further on, and its end."""

import re
from collections import deque
from dataclasses import dataclass, field

_FAILED = re.compile(
    rb"(?<![\d.])[45]\d\d(?![\d.])|error|fail|denied|refused|timed? ?out|retry", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class KeptUnit:
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
        size = len(piece.data) + 1
        if self._sizes["failed"] + size <= self.room // 4 and _FAILED.search(piece.data):
            self._sizes["failed"] += size
            self._failed.append(piece)
        elif piece.about_api:
            self.beyond += 1

    def pieces(self) -> list[KeptUnit]:
        """Return what was kept, in the order of the input."""
        return [*self._first, *self._failed, *self._last]
