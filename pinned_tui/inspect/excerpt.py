"""What a text is that was cut out of a larger input, and where its lines stand there."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InputExcerpt:
    """How the text of an inspection was cut out of a larger input.

    The text consists of pieces that stood apart from each other. Each begins a line of the text.

    Attributes:
        unit: What the input consists of: ``line``, or ``entry`` of a list in JSON.
        total: How many of them it has.
        left_out: How many are about something else, and not in the text.
        beyond: How many are about the API, and not in the text because it would be too long.
        starts: The line of the text with which each piece begins, from 1.
        lines: The line of the input with which it begins.
        columns: The column of the input at which it begins, from 1.
        numbers: For ``entry``: the number of each entry in the text, from 1.
        whole: Whether the input was read to its end.
    """

    unit: str
    total: int
    left_out: int
    beyond: int
    starts: Sequence[int]
    lines: Sequence[int]
    columns: Sequence[int]
    numbers: Sequence[int] = ()
    whole: bool = True

    def line(self, own: int) -> int:
        """Return the line of the input that line ``own`` of the text is, both from 1."""
        return self.place(own, 1)[0]

    def place(self, own: int, column: int) -> tuple[int, int]:
        """Return line and column in the input of a line and column of the text, all from 1."""
        piece = bisect.bisect_right(self.starts, own) - 1
        if piece < 0:
            return own, column
        below = own - self.starts[piece]
        return self.lines[piece] + below, column + (self.columns[piece] - 1 if below == 0 else 0)

    def number(self, own: int) -> int:
        """Return the number in the input of entry ``own`` of the text, both from 1."""
        return self.numbers[own - 1] if own <= len(self.numbers) else own
