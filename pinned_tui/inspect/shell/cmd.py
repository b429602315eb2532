"""Splits command lines as cmd.exe and then the C run-time of Windows programs do.

cmd.exe takes carets off and puts variables in, and hands the rest to the program as one text; the
program's run-time splits it (Microsoft's page *Parsing C command-line arguments*). Single quotes
mean nothing to either of them.
"""

import re

from pinned_tui.inspect.model import Span
from pinned_tui.inspect.shell.words import Command, Dialect, Word, WordBuilder

_VARIABLE = re.compile(
    r"%(?:~?[0-9*](?![0-9A-Fa-f])|[A-Za-z_][A-Za-z0-9_]{2,63}(?::[^%\r\n]{0,64})?%)|![A-Za-z_]\w{1,63}!"
)
_PLAIN = re.compile(r'[^\^"%!&|<>()\r\n]+')
_PLAIN_IN_QUOTES = re.compile(r'[^"%!\r\n^]+')
_LINE_END = re.compile(r"\r\n|\r|\n")
_REDIRECTION = re.compile(r"[0-9]?(?:>>|>|<)(?:&[0-9])?[ \t]*[^ \t\r\n]*")
_RUN = re.compile(r'[^\\" \t\r\n]+')
_RUN_IN_QUOTES = re.compile(r'[^\\"]+')
_BACKSLASHES = re.compile(r"\\+")


def split(text: str, start: int, end: int) -> Command:
    """Split the command that begins at ``start``; what stands from ``end`` on is not read."""
    reader = _Shell(text, start, end)
    line = reader.line()
    words = _Runtime(line).words()
    return Command(
        tuple(words), Span(start, reader.at), Dialect.CMD, input_redirected=reader.redirected
    )


class _Shell:
    """The first reading, that of cmd.exe."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text, self.at, self._end = text, start, end
        self._builder = WordBuilder()
        self._quoted = False
        self.redirected = False
        self._start = start

    def line(self) -> Word:
        """Read up to the end of the command; a line break within quotes does not end it."""
        while self.at < self._end and self._piece():
            pass
        return self._builder.word(Span(self._start, self.at))

    def _piece(self) -> bool:
        plain = _PLAIN_IN_QUOTES if self._quoted else _PLAIN
        if match := plain.match(self._text, self.at, self._end):
            return self._take(match.end())
        sign = self._text[self.at]
        if sign in "%!":
            self._variable()
        elif sign == '"':
            self._quoted = not self._quoted
            self._take(self.at + 1)
        elif sign == "^":
            self._caret()
        elif self._quoted:
            self._take(self.at + 1)
        elif sign in "<>":
            self._redirection()
        elif sign in "()":
            self._take(self.at + 1)
        else:
            return False
        return True

    def _take(self, end: int) -> bool:
        self._builder.add(self._text[self.at : end], self.at)
        self.at = end
        return True

    def _variable(self) -> None:
        match = _VARIABLE.match(self._text, self.at, self._end)
        if match is None:
            self._take(self.at + 1)
        else:
            self._builder.fill(match[0], self.at)
            self.at = match.end()

    def _caret(self) -> None:
        """Read ``^`` with what it escapes; at the end of a line it continues the command."""
        newline = _LINE_END.match(self._text, self.at + 1, self._end)
        if self._quoted and newline is None:
            self._take(self.at + 1)
            return
        self.at += 1
        if newline is None:
            self._take(min(self.at + 1, self._end))
            return
        self.at = newline.end()
        second = _LINE_END.match(self._text, self.at, self._end)
        if second is not None and not self._quoted:
            self._take(second.end())

    def _redirection(self) -> None:
        match = _REDIRECTION.match(self._text, self.at, self._end)
        self.redirected = self.redirected or self._text[self.at] == "<"
        self.at = match.end() if match else self.at + 1


class _Runtime:
    """The second reading, that of the program's run-time."""

    def __init__(self, line: Word) -> None:
        self._line, self._text = line, line.text
        self._at = 0
        self._builder = WordBuilder()
        self._filled = [(part.start, part.end) for part in reversed(line.filled)]

    def words(self) -> list[Word]:
        """Split the line at blanks outside of quotes."""
        words = []
        while (word := self._word()) is not None:
            words.append(word)
        return words

    def _word(self) -> Word | None:
        while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
            self._at += 1
        if self._at >= len(self._text):
            return None
        start, self._builder = self._at, WordBuilder()
        quoted = False
        while self._at < len(self._text):
            if not quoted and self._text[self._at] in " \t\r\n":
                break
            quoted = self._piece(quoted)
        return self._builder.word(self._line.place(start, self._at))

    def _piece(self, quoted: bool) -> bool:
        """Read a part of a word; return whether quotes are open behind it."""
        run = (_RUN_IN_QUOTES if quoted else _RUN).match(self._text, self._at)
        if run is not None:
            self._add(run.end())
        elif match := _BACKSLASHES.match(self._text, self._at):
            self._backslashes(match)
        elif quoted and self._text.startswith('""', self._at):
            self._at += 1
            self._add(self._at + 1)
        else:
            self._at += 1
            return not quoted
        return quoted

    def _backslashes(self, match: re.Match[str]) -> None:
        """Before a quotation mark two backslashes are one, and an odd one makes it a letter."""
        before_quote = self._text.startswith('"', match.end())
        kept = (match.end() - self._at) // 2 if before_quote else match.end() - self._at
        odd = before_quote and (match.end() - self._at) % 2
        if kept:
            self._add(self._at + kept)
        self._at = match.end()
        if odd:
            self._add(self._at + 1)

    def _add(self, end: int) -> None:
        """Take over a part of the line, run by run, with what is filled in it."""
        while self._filled and self._filled[-1][1] <= self._at:
            self._filled.pop()
        base = self._builder.length - self._at
        for start, stop in reversed(self._filled):
            if start >= end:
                break
            if start >= self._at and stop <= end:
                self._builder.mark(Span(start + base, stop + base))
        for text, source in self._line.offsets.runs(self._text, self._at, end):
            self._builder.add(text, source)
        self._at = end
