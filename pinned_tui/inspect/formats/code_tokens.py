"""Splits program code into strings, names, numbers and signs, in the notation of each language.

It reads what people paste: parts of files, with prompts, without their ends. What is no string or
name of the language is a sign, and nothing is an error.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from pinned_tui.inspect.model import Span

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0"}
_CODED = re.compile(r"u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})")
_NUMBER = re.compile(r"\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?[lLfFdDmM]?\b")
_BLANK = re.compile(r"[^\S\n]+|\n|\\\r?\n")
_LONGEST_STRING = 200_000
_LAST = 0x10FFFF


class StringForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the ways in which a language writes strings.

    Attributes:
        opens: A regular expression for what opens it.
        closes: What closes it.
        escape: The sign that takes the meaning of the next one away; empty where there is none.
        doubled: Whether the closing sign written twice stands for itself.
        lines: Whether it may go over several lines.
        fills: A regular expression for what is filled in; its group ``code`` is the expression.
    """

    opens: str
    closes: str
    escape: str = "\\"
    doubled: bool = False
    lines: bool = False
    fills: str = ""


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a language is told and split.

    Attributes:
        id: Its name, as in fenced code blocks.
        signs: A regular expression that only its programs match.
        comments: A regular expression for comments.
        name: A regular expression for names.
        strings: The ways in which it writes strings, the longest first.
        adds: The signs that put texts together.
        key: How its programs take the key from the environment.
    """

    id: str
    signs: str
    comments: str
    name: str
    strings: tuple[StringForm, ...]
    adds: str = "+"
    key: str = ""


@dataclass(frozen=True, slots=True)
class CodePiece:
    """A part of a string: text with places, or the code that is filled in."""

    text: str
    offsets: tuple[int, ...]
    code: Span | None = None


@dataclass(frozen=True, slots=True)
class CodeToken:
    """A word of the program.

    Attributes:
        kind: ``string``, ``name``, ``number``, ``line`` or ``sign``.
    """

    kind: str
    text: str
    span: Span
    pieces: tuple[CodePiece, ...] = ()
    inside: Span | None = None


@dataclass(frozen=True, slots=True)
class _Form:
    opens: re.Pattern[str]
    form: StringForm
    stop: re.Pattern[str]
    fills: re.Pattern[str] | None


class Tokenizer:
    """Splits programs of one language."""

    def __init__(self, language: Language) -> None:
        """Compile the language's patterns."""
        self._comments = re.compile(language.comments)
        self._name = re.compile(language.name)
        self._forms = [
            _Form(
                re.compile(one.opens),
                one,
                re.compile(
                    "|".join(
                        (
                            re.escape(one.closes.strip("\n")),
                            *([re.escape(one.escape)] if one.escape else []),
                            *([r"\n"] if not one.lines else []),
                            *([one.fills.replace("?P<code>", "?:")] if one.fills else []),
                        )
                    )
                ),
                re.compile(one.fills) if one.fills else None,
            )
            for one in language.strings
        ]

    def tokens(self, text: str, start: int, end: int) -> Iterator[CodeToken]:
        """Yield the words of ``text`` from ``start`` to ``end``."""
        at = start
        while at < end:
            if match := _BLANK.match(text, at, end):
                if match[0] == "\n":
                    yield CodeToken("line", "\n", Span(at, at + 1))
                at = match.end()
                continue
            if match := self._comments.match(text, at, end):
                at = max(match.end(), at + 1)
                continue
            token = self._string(text, at, end)
            if token is None:
                token = self._word(text, at, end)
            yield token
            at = token.span.end

    def _word(self, text: str, at: int, end: int) -> CodeToken:
        if match := self._name.match(text, at, end):
            return CodeToken("name", match[0], Span(at, match.end()))
        if match := _NUMBER.match(text, at, end):
            return CodeToken("number", match[0], Span(at, match.end()))
        for sign in ("...", "**", "=>", "->", "::", "?.", "&.", ":=", "==", "!=", "<=", ">=", "??"):
            if text.startswith(sign, at) and at + len(sign) <= end:
                return CodeToken("sign", sign, Span(at, at + len(sign)))
        return CodeToken("sign", text[at], Span(at, at + 1))

    def _string(self, text: str, at: int, end: int) -> CodeToken | None:
        for form in self._forms:
            match = form.opens.match(text, at, end)
            if match is not None:
                found = self._read(text, at, match.end(), end, form)
                if found is not None:
                    return found
        return None

    def _read(self, text: str, start: int, at: int, end: int, form: _Form) -> CodeToken | None:
        """Read a string up to its close; None where it has none."""
        pieces: list[CodePiece] = []
        letters: list[str] = []
        places: list[int] = []
        closes = form.form.closes.strip("\n")
        begin, limit = at, min(end, at + _LONGEST_STRING)
        while match := form.stop.search(text, at, limit):
            letters.append(text[at : match.start()])
            places += range(at, match.start())
            at = match.start()
            if match[0] == closes:
                if not (form.form.doubled and text.startswith(closes, match.end())):
                    pieces.append(CodePiece("".join(letters), tuple(places)))
                    inside = Span(begin, at)
                    return CodeToken("string", "", Span(start, match.end()), tuple(pieces), inside)
                letters.append(closes)
                places += [at] * len(closes)
                at = match.end() + len(closes)
            elif match[0] == "\n" and not form.form.lines:
                return None
            elif (
                form.fills is not None
                and (fill := form.fills.match(text, at, limit))
                and fill.end() > at
            ):
                pieces.append(CodePiece("".join(letters), tuple(places)))
                letters, places = [], []
                code = next(iter(fill.groupdict().items()), ("", None))
                inner = Span(*fill.span("code")) if code[1] is not None else Span(at, fill.end())
                pieces.append(CodePiece(fill[0], (), inner))
                at = fill.end()
            else:
                at, letter = _escaped(text, at + 1, limit, form.form.escape)
                letters.append(letter)
                places += [match.start()] * len(letter)
        return None


def _escaped(text: str, at: int, limit: int, escape: str) -> tuple[int, str]:
    """Return where an escape ends that has its sign before ``at``, and what it stands for."""
    if at >= limit:
        return limit, ""
    if match := _CODED.match(text, at, limit) if escape == "\\" else None:
        code = int(next(filter(None, match.groups())), 16)
        # Half a character can't be written out again.
        whole = code <= _LAST and not 0xD800 <= code < 0xE000
        return match.end(), chr(code) if whole else "\ufffd"
    if text[at] == "\n":
        return at + 1, ""
    return at + 1, _ESCAPES.get(text[at], text[at])
