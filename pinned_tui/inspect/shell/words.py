"""What a command line is split into: words that know where each of their characters stands."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import overload

from pinned_tui.inspect.model import Span


class Dialect(StrEnum):
    """The shells that are told apart; the values are the languages of a correction."""

    BASH = "bash"
    CMD = "cmd"
    POWERSHELL = "powershell"


class Offsets(Sequence[int]):
    """The place in the source of each character of a text, kept as runs of neighbours.

    A body in quotes is one run, so a large one costs no memory.
    """

    def __init__(self, at: "array[int]", source: "array[int]", length: int, skip: int = 0) -> None:
        """Take over the runs.

        Args:
            at: Where each run begins in the text.
            source: Where it begins in the source.
            length: Count of characters of the text.
            skip: How many characters in front are left out.
        """
        self._at, self._source, self._length, self._skip = at, source, length, skip

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> "list[int]": ...
    def __getitem__(self, index: int | slice) -> "int | list[int]":
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        place += self._skip
        run = bisect_right(self._at, place) - 1
        return self._source[run] + place - self._at[run]

    def __len__(self) -> int:
        return self._length - self._skip

    def runs(self, text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
        """Return the part of ``text`` from ``start`` to ``end`` by runs, each with its place."""
        while start < end:
            run = bisect_right(self._at, start + self._skip)
            stop = self._at[run] - self._skip if run < len(self._at) else end
            yield text[start : min(stop, end)], self[start]
            start = stop

    def behind(self, count: int) -> "Offsets":
        """Return the places without the first ``count``."""
        return Offsets(self._at, self._source, self._length, self._skip + count)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a command line, as the program gets it.

    Attributes:
        text: Without quotes; variables and substitutions are still as they were written.
        span: Where it stands in the source, with its quotes.
        offsets: The place of each character of ``text`` in the source.
        filled: The parts of ``text`` that the shell puts something else in place of.
    """

    text: str
    span: Span
    offsets: Offsets
    filled: tuple[Span, ...] = ()

    def behind(self, count: int) -> "Word":
        """Return the word without its first ``count`` characters, as the value of an option."""
        if count <= 0:
            return self
        rest = self.text[count:]
        start = self.offsets[count] if rest else self.span.end
        filled = tuple(part.shifted(-count) for part in self.filled if part.start >= count)
        return Word(rest, Span(start, self.span.end), self.offsets.behind(count), filled)

    def place(self, start: int, end: int) -> Span:
        """Return where a part of ``text`` stands in the source."""
        if start >= end or start >= len(self.offsets):
            return Span(self.span.end, self.span.end)
        return Span(self.offsets[start], self.offsets[min(end, len(self.offsets)) - 1] + 1)

    @property
    def is_filled(self) -> bool:
        """Whether the shell puts something else in place of the whole word."""
        return bool(self.text) and any(
            part.start == 0 and part.end == len(self.text) for part in self.filled
        )


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        words: Without redirections; the first one is the program.
        span: Where it stands in the source.
        standard_input: What is redirected into it and stands in the source (a here-document).
        input_redirected: Whether standard input comes from somewhere else.
    """

    words: tuple[Word, ...]
    span: Span
    dialect: Dialect
    standard_input: Word | None = None
    input_redirected: bool = False


class WordBuilder:
    """Puts a word together piece by piece."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._at = array("Q")
        self._source = array("Q")
        self._length = 0
        self._next = -1
        self._filled: list[Span] = []

    @property
    def length(self) -> int:
        """Count of characters so far."""
        return self._length

    def add(self, text: str, source: int) -> None:
        """Add ``text``, which stands in the source from ``source`` on to the letter."""
        if not text:
            return
        if source != self._next:
            self._at.append(self._length)
            self._source.append(source)
        self._parts.append(text)
        self._length += len(text)
        self._next = source + len(text)

    def fill(self, text: str, source: int) -> None:
        """Add ``text``, which the shell puts something else in place of."""
        self._filled.append(Span(self._length, self._length + len(text)))
        self.add(text, source)

    def mark(self, part: Span) -> None:
        """Note that the shell puts something else in place of ``part`` of the text."""
        self._filled.append(part)

    def word(self, span: Span) -> Word:
        """Return the word."""
        offsets = Offsets(self._at, self._source, self._length)
        return Word("".join(self._parts), span, offsets, tuple(self._filled))
