"""Splits command lines as PowerShell does (its help topic *about_Quoting_Rules*).

Typographic quotation marks are quotes to it as well. What a native program such as ``curl.exe``
gets depends on the version: up to 7.2 a double quote inside an argument is lost unless there is a
backslash before it. An argument in which each one has a backslash is read as those versions do.
"""

import re
from bisect import bisect_right

from pinned_tui.inspect.model import Span
from pinned_tui.inspect.shell.words import Command, Dialect, Word, WordBuilder

SINGLE = "'\u2018\u2019\u201a\u201b"
DOUBLE = '"\u201c\u201d\u201e'

_BLANK = re.compile(r"(?:[ \t\u00a0]|`\r?\n)+")
_PLAIN = re.compile(rf"[^\s`$;|&<>(){{}}@{SINGLE}{DOUBLE}]+|[{{}}]+|@(?![{SINGLE}{DOUBLE}])")
_IN_SINGLE = re.compile(f"[^{SINGLE}]+")
_IN_DOUBLE = re.compile(f"[^`${DOUBLE}]+")
_VARIABLE = re.compile(r"\$(?:(?:env|global|script|using):\w{1,128}|\w{1,128}|\{[^{}\n]{1,128}\})")
_HERE = re.compile(rf"@(?P<quote>[{SINGLE}{DOUBLE}])[ \t]*\r?\n")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_REDIRECTION = re.compile(r"[0-9*]?(?:>>?(?:&[0-9])?)[ \t]*[^ \t\r\n]*")
_LONGEST_EXPRESSION = 4096
_SINGLE_SET = frozenset(SINGLE)
_DOUBLE_SET = frozenset(DOUBLE)
_BEFORE_QUOTE = re.compile(r'(?<!\\)\\+(?=")')


def split(text: str, start: int, end: int) -> Command:
    """Split the command that begins at ``start``; what stands from ``end`` on is not read."""
    return _Splitter(text, start, end).command()


class _Splitter:
    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._start = self._at = start
        self._end = end
        self._hopeless = 0

    def command(self) -> Command:
        """Read up to the end of the command."""
        words: list[Word] = []
        while self._skip_blanks():
            if match := _REDIRECTION.match(self._text, self._at, self._end):
                self._at = match.end()
                continue
            before = self._at
            word = self._word()
            if self._at == before:
                break
            words.append(native(word))
        return Command(tuple(words), Span(self._start, self._at), Dialect.POWERSHELL)

    def _skip_blanks(self) -> bool:
        if match := _BLANK.match(self._text, self._at, self._end):
            self._at = match.end()
        return self._at < self._end and self._text[self._at] not in "\r\n\v\f;|&#)<"

    def _word(self) -> Word:
        start = self._at
        builder = WordBuilder()
        while self._at < self._end and self._piece(builder):
            pass
        return builder.word(Span(start, self._at))

    def _piece(self, builder: WordBuilder) -> bool:
        """Read a part of a word; False where the word ends."""
        if match := _PLAIN.match(self._text, self._at, self._end):
            builder.add(match[0], self._at)
            self._at = match.end()
            return True
        sign = self._text[self._at]
        if match := _HERE.match(self._text, self._at, self._end):
            self._here_string(builder, match)
        elif sign in SINGLE:
            self._single(builder)
        elif sign in DOUBLE:
            self._double(builder)
        elif sign == "`":
            self._escaped(builder)
        elif sign in "$(":
            self._expression(builder)
        else:
            return False
        return True

    def _single(self, builder: WordBuilder) -> None:
        """Read ``'…'``, in which two quotes are one."""
        self._at += 1
        while self._at < self._end:
            if match := _IN_SINGLE.match(self._text, self._at, self._end):
                builder.add(match[0], self._at)
                self._at = match.end()
            elif self._text[self._at + 1 : self._at + 2] in _SINGLE_SET:
                builder.add(self._text[self._at + 1], self._at + 1)
                self._at += 2
            else:
                self._at += 1
                return

    def _double(self, builder: WordBuilder) -> None:
        """Read ``"…"``, in which two quotes are one and variables are filled in."""
        self._at += 1
        while self._at < self._end:
            sign = self._text[self._at]
            if match := _IN_DOUBLE.match(self._text, self._at, self._end):
                builder.add(match[0], self._at)
                self._at = match.end()
            elif sign == "`":
                self._escaped(builder)
            elif sign == "$":
                self._expression(builder)
            elif self._text[self._at + 1 : self._at + 2] in _DOUBLE_SET:
                builder.add(self._text[self._at + 1], self._at + 1)
                self._at += 2
            else:
                self._at += 1
                return

    def _escaped(self, builder: WordBuilder) -> None:
        following = self._text[self._at + 1 : min(self._at + 2, self._end)]
        if following in {"\r", "\n"}:
            self._at += 3 if self._text.startswith("`\r\n", self._at) else 2
        else:
            builder.add(_ESCAPES.get(following, following), self._at + 1)
            self._at += 2
        self._at = min(self._at, self._end)

    def _expression(self, builder: WordBuilder) -> None:
        """Read a variable, ``$(…)`` or ``(…)``, which PowerShell puts its value in place of."""
        end = self._closed()
        match = _VARIABLE.match(self._text, self._at, self._end)
        if match is not None:
            end = match.end()
        if end is None:
            builder.add(self._text[self._at], self._at)
            self._at += 1
        else:
            builder.fill(self._text[self._at : end], self._at)
            self._at = end

    def _closed(self) -> int | None:
        """Return the end of what is in parentheses here, None where nothing is."""
        start = self._at + (self._text[self._at] == "$")
        if start < self._hopeless or self._text[start : start + 1] != "(":
            return None
        depth = 0
        limit = min(self._end, start + _LONGEST_EXPRESSION)
        for place in range(start, limit):
            depth += {"(": 1, ")": -1}.get(self._text[place], 0)
            if depth == 0:
                return place + 1
        self._hopeless = limit
        return None

    def _here_string(self, builder: WordBuilder, opened: re.Match[str]) -> None:
        quotes = SINGLE if opened["quote"] in SINGLE else DOUBLE
        close = re.compile(rf"\r?\n[{quotes}]@").search(self._text, opened.end() - 1, self._end)
        end = close.start() if close else self._end
        content = self._text[opened.end() : end]
        builder.add(content, opened.end())
        if quotes is DOUBLE:
            base = builder.length - len(content)
            for match in _VARIABLE.finditer(content):
                builder.mark(Span(*match.span()).shifted(base))
        self._at = close.end() if close else self._end


def native(word: Word) -> Word:
    r"""Return ``word`` as a native program gets it where every ``"`` in it is written as ``\"``."""
    if not is_legacy(word.text):
        return word
    builder = WordBuilder()
    last, lost = 0, 0
    places, losses = [0], [0]
    for match in _BEFORE_QUOTE.finditer(word.text):
        kept = len(match[0]) // 2
        for text, source in word.offsets.runs(word.text, last, match.start() + kept):
            builder.add(text, source)
        last = match.end()
        lost += len(match[0]) - kept
        places.append(match.start())
        losses.append(lost)
    for text, source in word.offsets.runs(word.text, last, len(word.text)):
        builder.add(text, source)
    for part in word.filled:
        builder.mark(part.shifted(-losses[bisect_right(places, part.start) - 1]))
    return builder.word(word.span)


def is_legacy(text: str) -> bool:
    """Return whether there are double quotes in ``text``, each with an odd count of backslashes."""
    return '"' in text and re.search(r'(?<!\\)(?:\\\\)*"', text) is None
