"""A text as it may be shown on a shared screen, and the way back to what it stands for. Pure.

A key in what the user pasted becomes a stand-in such as ``[key-1]``, a control character its
picture. The user goes on editing what is shown; :meth:`Masked.restored` puts back what each
stand-in stands for, so that the inspection still looks at what was pasted.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pinned_tui.checks.inspection_run import Lines
from pinned_tui.redaction.credentials import REDACTED, credential_spans
from pinned_tui.redaction.redactor import Redactor
from pinned_tui.redaction.sanitize import stand_in, unsafe_characters
from pinned_tui.redaction.secret import Secret
from pinned_tui.redaction.secret_strength import is_secret_worthy

SHOWN_LINES = 2000
SHOWN_CHARACTERS = 64 * 1024
"""How much of a long text is shown; the rest stays in memory."""

_LONGEST_LINE = 1000
"""Characters from which on a line is broken, with a sign: a field draws long lines slowly."""

_OVERLAP = 8 * 1024
"""How far behind the cut is looked, so that no secret is cut in half."""

_UNKNOWN = "[secret-1]"
_WITHHELD = "[not shown]"
_BREAK = "↩"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text that is shown as something else: offsets in both texts."""

    start: int
    end: int
    shown_start: int
    shown_end: int


@dataclass(frozen=True)
class Masked:
    r"""What is shown of a text, and what the stand-ins in it stand for.

    Attributes:
        shown: What is shown; its lines end in ``\n``.
        pieces: What is shown as something else, in order.
        stand_ins: What each stand-in stands for.
        newline: What ends the lines of the text itself.
        rest: What follows and is not shown.
    """

    shown: str = ""
    pieces: tuple[Piece, ...] = ()
    stand_ins: tuple[tuple[str, str], ...] = ()
    newline: str = "\n"
    rest: str = ""

    @property
    def line_count(self) -> int:
        """How many lines of the text are shown."""
        broken = sum(piece.start == piece.end for piece in self.pieces)
        return self.shown.count("\n") - broken + (not self.shown.endswith("\n"))

    @cached_property
    def lines(self) -> Lines:
        """The lines of what is shown."""
        return Lines(self.shown)

    def restored(self, edited: str) -> str:
        """Return ``edited``, which began as what is shown, with what its stand-ins stand for."""
        known = dict(self.stand_ins)
        if known:
            tokens = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
            parts = re.split(f"({tokens})", edited)
        else:
            parts = [edited]
        return "".join(
            known[part] if number % 2 else part.replace("\n", self.newline)
            for number, part in enumerate(parts)
        )

    def place(self, offset: int) -> int:
        """Return where ``offset`` of the text itself is in what is shown."""
        moved = 0
        for piece in self.pieces:
            if offset < piece.start:
                break
            if offset < piece.end:
                return piece.shown_start
            moved = piece.shown_end - piece.end
        return min(max(offset + moved, 0), len(self.shown))

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return a part of the text in what is shown, stand-ins as a whole; None if not shown."""
        shown_start, shown_end = self.place(start), self.place(end)
        for piece in self.pieces:
            if piece.start < end < piece.end:
                shown_end = piece.shown_end
        if shown_start >= len(self.shown) and self.rest and start > 0:
            return None
        return shown_start, max(shown_start, shown_end)


def mask(text: str, secrets: Iterable[Secret]) -> Masked:
    """Return ``text`` with its secrets and control characters as stand-ins, cut to what is shown.

    Args:
        text: What the user pasted.
        secrets: What was found in it that must not be seen. What stands where credentials stand
            is hidden too, known or not.
    """
    secrets = tuple(secrets)
    newline = "\r\n" if "\r\n" in text and text.count("\r\n") == text.count("\n") else "\n"
    end = _cut(text)
    hidden = [span for span in _hidden(text[: end + _OVERLAP], secrets) if span[0] < end]
    if hidden and hidden[-1][1] > end:
        end = hidden.pop()[0]
    masked = _Masking(text[:end], newline).masked(hidden, rest=text[end:])
    return masked if _holds(masked.shown, secrets) else _Masking(text[:end], newline).withheld(text)


def _cut(text: str) -> int:
    """Return where to cut: at the end of a line where there is one to cut at."""
    if len(text) <= SHOWN_CHARACTERS and text.count("\n") <= SHOWN_LINES:
        return len(text)
    end = -1
    for _ in range(SHOWN_LINES):
        found = text.find("\n", end + 1, SHOWN_CHARACTERS)
        if found < 0:
            break
        end = found
    else:
        return end + 1
    # A last line that is long is cut in its middle rather than left out.
    return end + 1 if SHOWN_CHARACTERS - end < _OVERLAP else SHOWN_CHARACTERS


def _hidden(text: str, secrets: Sequence[Secret]) -> list[tuple[int, int, str]]:
    """Return the secrets in ``text``, in order and without overlaps: start, end, stand-in."""
    spans = [*_literally(text, secrets), *Redactor(secrets).spans(text)]
    merged: list[tuple[int, int, str]] = []
    for start, end, token in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            first, last, name = merged[-1]
            merged[-1] = (first, max(last, end), token if name == REDACTED else name)
        else:
            merged.append((start, end, token))
    return merged


def _literally(text: str, secrets: Sequence[Secret]) -> Iterator[tuple[int, int, str]]:
    """Find secrets as they are written; a short one only as a word of its own."""
    for secret in secrets:
        value = secret.reveal()
        if not value.strip():
            continue
        pattern = re.escape(value)
        if not is_secret_worthy(value) and value.strip() != text.strip():
            pattern = rf"(?<!\w){pattern}(?!\w)"
        yield from ((*found.span(), secret.token) for found in re.finditer(pattern, text))


def _holds(shown: str, secrets: Sequence[Secret]) -> bool:
    """Tell whether no secret is left, by the rule that reports go by.

    What looks like a key only now does so because a stand-in is beside it.
    """
    redactor = Redactor(secrets)
    return not redactor.knows(shown) and next(credential_spans(shown), None) is None


class _Masking:
    """Puts a masked text together, piece by piece."""

    def __init__(self, text: str, newline: str) -> None:
        self._text = text
        self._newline = newline
        self._parts: list[str] = []
        self._length = 0
        self._column = 0
        self._pieces: list[Piece] = []
        self._tokens: dict[str, str] = {}
        self._used: set[str] = set()
        self._numbers: dict[str, int] = {}

    def masked(self, hidden: list[tuple[int, int, str]], *, rest: str) -> Masked:
        """Return the text with each of ``hidden`` as a stand-in."""
        at = 0
        for start, end, token in hidden:
            self._plain(at, start)
            self._put(start, end, self._named(self._text[start:end], token))
            at = end
        self._plain(at, len(self._text))
        stand_ins = tuple((token, value) for value, token in self._tokens.items())
        shown = "".join(self._parts)
        return Masked(shown, tuple(self._pieces), stand_ins, self._newline, rest)

    def withheld(self, text: str) -> Masked:
        """Return nothing of the text: it can't be shown without showing a secret."""
        piece = Piece(0, len(text), 0, len(_WITHHELD))
        return Masked(_WITHHELD, (piece,), ((_WITHHELD, text),))

    def _plain(self, start: int, end: int) -> None:
        """Add a part without secrets; control characters in it become their pictures."""
        part = self._text[start:end]
        at = 0
        for place, character in unsafe_characters(part):
            self._lines(part[at:place], start + at)
            at = place + 1
            if character == "\r" and self._newline == "\r\n" and part[at : at + 1] == "\n":
                self._put(start + place, start + place + 2, "\n")
                at += 1
            else:
                self._put(start + place, start + at, self._picture(character))
        self._lines(part[at:], start + at)

    def _lines(self, part: str, start: int) -> None:
        """Add text that is shown as it is, its long lines broken."""
        for line in part.splitlines(keepends=True):
            at = 0
            while self._column + len(line) - at > _LONGEST_LINE + 1:
                step = max(_LONGEST_LINE - self._column, 0)
                self._add(line[at : at + step])
                at += step
                self._put(start + at, start + at, self._stands_for("", _BREAK, "\n"))
            self._add(line[at:])
            start += len(line)

    def _add(self, shown: str) -> None:
        self._parts.append(shown)
        self._length += len(shown)
        before, line_end, last = shown.rpartition("\n")
        self._column = len(last) if line_end else self._column + len(before + last)

    def _put(self, start: int, end: int, shown: str) -> None:
        self._pieces.append(Piece(start, end, self._length, self._length + len(shown)))
        self._add(shown)

    def _named(self, value: str, token: str) -> str:
        """Return the stand-in of ``value``: its own, or the next one that is free."""
        wanted = token if re.fullmatch(r"\[[\w-]+-\d+\]", token) else _UNKNOWN
        stem = wanted.rstrip("0123456789]")
        if value not in self._tokens:
            number = self._numbers.get(stem, int(wanted.removeprefix(stem)[:-1]))
            while not self._is_free(f"{stem}{number}]"):
                number += 1
            self._numbers[stem] = number + 1
            self._take(value, f"{stem}{number}]")
        return self._tokens[value]

    def _picture(self, character: str) -> str:
        return self._stands_for(character, stand_in(character))

    def _stands_for(self, value: str, sign: str, tail: str = "") -> str:
        """Return the sign of ``value``, with as many primes as make it one that nothing else is."""
        if value not in self._tokens:
            while not self._is_free(sign + tail):
                sign += "\N{PRIME}"
            self._take(value, sign + tail)
        return self._tokens[value]

    def _is_free(self, name: str) -> bool:
        return name not in self._used and name not in self._text

    def _take(self, value: str, name: str) -> None:
        self._tokens[value] = name
        self._used.add(name)
