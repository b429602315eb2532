"""A text as others would read it: with escapes resolved, markup taken off, letters made plain.

Each reading knows where its characters come from, so that what is found in it can be taken out of
the text itself.
"""

import html
import re
import sys
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import compress

from pinned_tui.redaction.encodings import ALPHANUMERIC, skeleton

_Replace = Callable[[re.Match[str]], str]

_STYLED = (
    "\u00aa\u00b2\u00b3\u00b9\u00ba\u017f\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d6a\u1d78-\u1dbf"
    "\u2070-\u209c\u2100-\u214f\u2460-\u24ea\uff01-\uff5e"
    "\U0001d400-\U0001d7ff\U0001f100-\U0001f190\U0001fbf0-\U0001fbf9"
)
"""Characters that stand for ASCII ones in another style: wide, circled, superscript, bold."""

_PLAINED = re.compile(f"[\x00{_STYLED}]")

_ESCAPE = re.compile(
    r"""
    %(?:25)*[0-9A-Fa-f]{2}                                                    # URL, once or more
  | \\{1,8}(?:u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|U[0-9A-Fa-f]{8}           # JSON, JavaScript
             |x[0-9A-Fa-f]{2}|[0-3][0-7]{2}|[nrtbfv]|/)                       # C, shell
  | &(?:amp;)*(?:\#[xX]0*[0-9A-Fa-f]{1,6};?|\#0*[0-9]{1,7};?|[A-Za-z][A-Za-z0-9]{1,31};)  # HTML
  | 0[xX][0-9A-Fa-f]{2}                                                       # lists of octets
  | ⟨U\+[0-9A-F]{4,6}⟩                                                        # our own stand-ins
    """,
    re.VERBOSE,
)
_MARKUP = re.compile("<[A-Za-z/!?][^<>\x1b\x9b␛]*>|(?:[\x1b␛]\\[|\x9b)[0-?]*[ -/]*[@-~]")
_QUOTED_PRINTABLE = re.compile("=(?:\r?\n|[0-9A-Fa-f]{2})")
_HEX_DUMP_LINE = re.compile(  # place, octets in pairs or one by one, characters
    r"^[ \t]*[0-9A-Fa-f]{4,16}:?[ \t]+(?P<octets>"
    r"[0-9A-Fa-f]{4}(?: [0-9A-Fa-f]{4})*(?: [0-9A-Fa-f]{2})?"
    r"|[0-9A-Fa-f]{2}(?: {1,2}[0-9A-Fa-f]{2})*"
    r")[^\n]*\n?",
    re.MULTILINE,
)
_READ_TWICE = re.compile(
    r"[^\x01-\x7f]|[%\\&<=\x1b]|0[xX]|^[ \t]*[0-9A-Fa-f]{4,16}:?[ \t]", re.MULTILINE
)
"""What one of the patterns above needs to fit; most short texts hold nothing of it."""

_ROUNDS = 3
"""How many times escapes are resolved: they are met in one another, as in JSON within HTML."""

_BLANK_ESCAPES = frozenset("nrtbfv")
_IS_ALPHANUMERIC = bytes(octet in ALPHANUMERIC for octet in range(256))


@dataclass(frozen=True)
class View:
    """One reading of a text.

    Attributes:
        text: What is read.
        how: What was done to read it so, in words; empty for the text itself.
        edits: Where it differs from the text it was made of, and which that is.
    """

    text: str
    how: str = ""
    edits: "_Edits | None" = None

    @cached_property
    def skeleton(self) -> bytes:
        """The ASCII letters and digits of the reading, in lower case."""
        return skeleton(self.text.encode("ascii", "ignore"))

    def skeleton_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the skeleton's part from ``start`` up to ``end`` is in the first text."""
        return self.span(self._positions[start], self._positions[end - 1] + 1)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the reading's part from ``start`` up to ``end`` is in the first text."""
        if self.edits is None:
            return start, end
        first, _ = self.edits.origin(start)
        _, last = self.edits.origin(end - 1)
        return self.edits.source.span(first, last)

    def rewritten(self, pattern: re.Pattern[str], replace: _Replace, how: str) -> "View":
        """Return the reading with all matches replaced; itself if there is no match."""
        text, count = pattern.subn(replace, self.text)
        return View(text, how, _Edits(self, pattern, replace)) if count else self

    @cached_property
    def _positions(self) -> "array[int]":
        flags = self.text.encode("ascii", "replace").translate(_IS_ALPHANUMERIC)
        return array("Q", compress(range(len(flags)), flags))


@dataclass(frozen=True)
class _Edits:
    """What :meth:`View.rewritten` did; worked out anew when it is asked for, which is rare."""

    source: View
    pattern: re.Pattern[str]
    replace: _Replace

    def origin(self, position: int) -> tuple[int, int]:
        """Return the span of the source that the character at ``position`` was made of."""
        starts, ends, spans = self._table
        index = bisect_right(starts, position) - 1
        if index < 0:
            return position, position + 1
        if position < ends[index]:
            return spans[index]
        here = spans[index][1] + position - ends[index]
        return here, here + 1

    @cached_property
    def _table(self) -> tuple[list[int], list[int], list[tuple[int, int]]]:
        starts: list[int] = []
        ends: list[int] = []
        spans: list[tuple[int, int]] = []
        grown = 0
        for match in self.pattern.finditer(self.source.text):
            written = len(self.replace(match))
            starts.append(match.start() + grown)
            ends.append(starts[-1] + written)
            spans.append(match.span())
            grown += written - len(match[0])
        return starts, ends, spans


def views(text: str) -> Iterator[View]:
    """Return the readings of ``text``: first as it is, then resolved in several ways."""
    base = View(text)
    if not _READ_TWICE.search(text):
        yield base
        return
    if "\0" in text or not text.isascii():
        base = base.rewritten(_PLAINED, _plain, "")
    yield base
    resolved = yield from _resolved(base, "behind escapes")
    yield from _without_markup(base)
    if resolved.text.count("<") > base.text.count("<"):
        yield from _without_markup(resolved)
    unquoted = base.rewritten(_QUOTED_PRINTABLE, _unquoted, "in quoted-printable")
    if unquoted is not base:
        yield unquoted
        yield from _resolved(unquoted, unquoted.how)
    octets_only = base.rewritten(_HEX_DUMP_LINE, lambda line: line["octets"], "in a hex dump")
    if octets_only is not base:
        yield octets_only


def _without_markup(view: View) -> Iterator[View]:
    bare = view.rewritten(_MARKUP, lambda _: "", "between markup")
    if bare is not view:
        yield bare
        yield from _resolved(bare, bare.how)


def _resolved(view: View, how: str) -> Generator[View, None, View]:
    """Resolve escapes until there are none, and return the last reading."""
    for _ in range(_ROUNDS):
        resolved = view.rewritten(_ESCAPE, _resolve, how)
        if resolved.text == view.text:
            break
        view = resolved
        yield view
    return view


def _plain(match: re.Match[str]) -> str:
    return "" if match[0] == "\0" else unicodedata.normalize("NFKC", match[0])


def _unquoted(match: re.Match[str]) -> str:
    digits = match[0][1:]
    return "" if digits.isspace() else chr(int(digits, 16))


def _resolve(match: re.Match[str]) -> str:
    escape = match[0]
    if escape[0] == "&":
        return _entity(escape)
    if escape[0] == "\\":
        return _backslash(escape.lstrip("\\"))
    if escape[0] == "⟨":
        return ""
    return chr(int(escape[-2:], 16))


def _entity(escape: str) -> str:
    name = escape.rstrip(";").rpartition(";")[2].lstrip("&")
    if not name.startswith("#"):
        return html.unescape(f"&{name};")
    digits = name[1:].lower()
    return _character(int(digits[1:], 16) if digits[0] == "x" else int(digits))


def _backslash(code: str) -> str:
    if code in _BLANK_ESCAPES:
        return " "
    if code == "/":
        return code
    if code[0] in "uUx":
        return _character(int(code[1:].strip("{}"), 16))
    return chr(int(code, 8))


def _character(number: int) -> str:
    return chr(number) if number <= sys.maxunicode else " "
