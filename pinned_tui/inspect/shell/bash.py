"""Splits command lines as bash does (its manual, sections 3.1.2 *Quoting* and 3.6 *Redirections*).

Variables and substitutions are marked, not expanded. A quote that is not closed reaches to the end.
"""

import re

from pinned_tui.inspect.model import Span
from pinned_tui.inspect.shell.words import Command, Dialect, Word, WordBuilder

_BLANK = re.compile(r"(?:[ \t\u00a0]|\\\r?\n)+")
_PLAIN = re.compile(r"[^\s'\"\\$`;|&<>()]+|\u00a0")
_IN_DOUBLE = re.compile(r'[^"\\$`]+')
_IN_ANSI = re.compile(r"[^'\\]+")
_VARIABLE = re.compile(r"\$(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]|\{[^{}\n]{1,256}\})")
_DUPLICATION = re.compile(r"[0-9]*[<>]&(?:[0-9]+-?|-)")
_REDIRECTION = re.compile(r"(?:[0-9]*|&)(?:<<<|<<-?|<>|<|>>|>\||>&|>)(?!\()")
_ANSI = re.compile(
    r"\\(?:x(?P<hex>[0-9A-Fa-f]{1,2})|u(?P<short>[0-9A-Fa-f]{1,4})|U(?P<long>[0-9A-Fa-f]{1,8})"
    r"|(?P<octal>[0-7]{1,3})|(?P<one>.))",
    re.DOTALL,
)
_ANSI_ESCAPES = dict(zip("abeEfnrtv\\'\"?", "\a\b\x1b\x1b\f\n\r\t\v\\'\"?", strict=True))
_PROMPT = re.compile(r"[ \t]*>[ \t]+(?=-|'|\"|[a-z]+://)")
_LONGEST_SUBSTITUTION = 4096


def split(text: str, start: int, end: int) -> Command:
    """Split the command that begins at ``start``; what stands from ``end`` on is not read."""
    return _Splitter(text, start, end).command()


class _Splitter:
    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._start = self._at = start
        self._end = end
        self._words: list[Word] = []
        self._delimiter: str | None = None
        self._verbatim = False
        self._input: Word | None = None
        self._redirected = False
        self._hopeless = 0

    def command(self) -> Command:
        """Read up to the end of the command."""
        while self._skip_blanks() and self._next():
            pass
        end = self._at
        if self._delimiter is not None:
            end = self._here_document(self._delimiter)
        return Command(
            tuple(self._words),
            Span(self._start, end),
            Dialect.BASH,
            self._input,
            self._redirected,
        )

    def _skip_blanks(self) -> bool:
        """Go to the next word; False at the end of the command.

        The ``>`` with which an interactive shell asks for the rest of a command is no redirection.
        """
        if match := _BLANK.match(self._text, self._at, self._end):
            self._at = match.end()
            if "\n" in match[0] and (prompt := _PROMPT.match(self._text, self._at, self._end)):
                self._at = prompt.end()
        if self._at >= self._end:
            return False
        sign = self._text[self._at]
        if sign == "#":
            newline = self._text.find("\n", self._at, self._end)
            self._at = self._end if newline < 0 else newline
            return False
        return sign not in "\r\n\v\f;|()" and not (sign == "&" and not self._peek("&>"))

    def _peek(self, text: str) -> bool:
        return self._text.startswith(text, self._at)

    def _next(self) -> bool:
        """Read a word or a redirection."""
        if match := _DUPLICATION.match(self._text, self._at, self._end):
            self._at = match.end()
        elif match := _REDIRECTION.match(self._text, self._at, self._end):
            self._at = match.end()
            self._redirect(match[0].lstrip("0123456789&"))
        else:
            before = self._at
            word = self._word()
            if self._at == before:
                return False
            self._words.append(word)
        return True

    def _redirect(self, sign: str) -> None:
        if not self._skip_blanks():
            return
        start = self._at
        word = self._word()
        if sign == "<<<":
            self._input, self._redirected = word, True
        elif sign.startswith("<<"):
            self._delimiter = word.text
            self._verbatim = any(q in self._text[start : self._at] for q in "'\"\\")
            self._redirected = True
        elif sign.startswith("<"):
            self._redirected = True

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
        match self._text[self._at]:
            case "'":
                self._single(builder)
            case '"':
                self._double(builder)
            case "\\":
                self._escaped(builder)
            case "$" | "`":
                self._dollar(builder, quoted=False)
            case _:
                return False
        return True

    def _single(self, builder: WordBuilder) -> None:
        close = self._text.find("'", self._at + 1, self._end)
        close = self._end if close < 0 else close
        builder.add(self._text[self._at + 1 : close], self._at + 1)
        self._at = min(close + 1, self._end)

    def _double(self, builder: WordBuilder) -> None:
        self._at += 1
        while self._at < self._end:
            if match := _IN_DOUBLE.match(self._text, self._at, self._end):
                builder.add(match[0], self._at)
                self._at = match.end()
                continue
            sign = self._text[self._at]
            if sign == '"':
                self._at += 1
                return
            if sign == "\\":
                self._escaped_in_double(builder)
            else:
                self._dollar(builder, quoted=True)

    def _escaped(self, builder: WordBuilder) -> None:
        if self._peek("\\\n") or self._peek("\\\r\n"):
            self._at += 2 if self._peek("\\\n") else 3
        else:
            builder.add(self._text[self._at + 1 : min(self._at + 2, self._end)], self._at + 1)
            self._at += 2
        self._at = min(self._at, self._end)

    def _escaped_in_double(self, builder: WordBuilder) -> None:
        following = self._text[self._at + 1 : self._at + 2]
        if following and following in '$`"\\\n':
            self._escaped(builder)
        else:
            builder.add("\\", self._at)
            self._at += 1

    def _dollar(self, builder: WordBuilder, *, quoted: bool) -> None:
        if not quoted and self._peek("$'"):
            self._ansi(builder)
        elif not quoted and self._peek('$"'):
            self._at += 1
        elif match := _VARIABLE.match(self._text, self._at, self._end):
            builder.fill(match[0], self._at)
            self._at = match.end()
        elif (close := self._substitution()) is not None:
            builder.fill(self._text[self._at : close], self._at)
            self._at = close
        else:
            builder.add(self._text[self._at], self._at)
            self._at += 1

    def _substitution(self) -> int | None:
        """Return the end of the ``$(…)`` or backticks here, None where there is none."""
        limit = min(self._end, self._at + _LONGEST_SUBSTITUTION)
        if self._peek("`"):
            close = self._text.find("`", self._at + 1, limit)
            return None if close < 0 else close + 1
        if self._at < self._hopeless or not self._peek("$("):
            return None
        depth = 0
        for place in range(self._at + 1, limit):
            depth += {"(": 1, ")": -1}.get(self._text[place], 0)
            if depth == 0:
                return place + 1
        self._hopeless = limit
        return None

    def _ansi(self, builder: WordBuilder) -> None:
        """Read ``$'…'`` with the escapes of C."""
        self._at += 2
        while self._at < self._end:
            if match := _IN_ANSI.match(self._text, self._at, self._end):
                builder.add(match[0], self._at)
            elif self._peek("'"):
                self._at += 1
                return
            elif match := _ANSI.match(self._text, self._at, self._end):
                builder.add(_ansi_character(match), self._at)
            else:
                self._at = self._end
                return
            self._at = match.end()

    def _here_document(self, delimiter: str) -> int:
        """Read the lines up to ``delimiter`` as standard input, and return where they end."""
        newline = self._text.find("\n", self._at, self._end)
        if newline < 0:
            return self._at
        first = at = newline + 1
        while at < self._end:
            close = self._text.find("\n", at, self._end)
            close = self._end if close < 0 else close
            if self._text[at:close].strip() == delimiter:
                break
            at = close + 1
        content = self._text[first : min(at, self._end)]
        builder = WordBuilder()
        builder.add(content, first)
        word = builder.word(Span(first, first + len(content)))
        if not self._verbatim:
            filled = [Span(*m.span()) for m in re.finditer(r"\$(?:\w+|[{(][^})\n]*[})])", content)]
            word = Word(word.text, word.span, word.offsets, tuple(filled))
        self._input = word
        end = self._text.find("\n", min(at, self._end), self._end)
        return self._end if end < 0 else end


def _ansi_character(match: re.Match[str]) -> str:
    if match["one"] is not None:
        return _ANSI_ESCAPES.get(match["one"], "\\" + match["one"])
    if match["octal"] is not None:
        return chr(int(match["octal"], 8) & 0xFF)
    number = int(match["hex"] or match["short"] or match["long"], 16)
    is_character = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_character else "\ufffd"
