"""Writes a word so that a shell reads it back as the same word."""

import re
from collections.abc import Callable, Sequence

from pinned_tui.inspect.model import Span
from pinned_tui.inspect.shell.powershell import DOUBLE, SINGLE, is_legacy
from pinned_tui.inspect.shell.words import Dialect

_SAFE = {
    Dialect.BASH: re.compile(r"[A-Za-z0-9_@%+=:,./-]+"),
    Dialect.CMD: re.compile(r"[A-Za-z0-9_@+=:,./-]+"),
    Dialect.POWERSHELL: re.compile(r"[A-Za-z0-9_%+=:./-]+"),
}
_CMD_META = re.compile(r'[\^"%!&|<>()]')
_CMD_LINE_END = re.compile(r"\r\n|\r|\n")
_IN_BASH = re.compile(r'[\\"$`]')
_IN_POWERSHELL = re.compile(f"[`${DOUBLE}]")

KEY_VARIABLE = {
    Dialect.BASH: "$PINNED_EVENTS_API_KEY",
    Dialect.CMD: "%PINNED_EVENTS_API_KEY%",
    Dialect.POWERSHELL: "$env:PINNED_EVENTS_API_KEY",
}
"""What each shell puts the key in place of, under the name that the vendor's examples use."""


def quote(text: str, dialect: Dialect, filled: Sequence[Span] = ()) -> str:
    """Write ``text`` as one word of ``dialect``.

    Args:
        text: What the program is to get.
        dialect: The shell.
        filled: The parts that the shell is to put something else in place of.
    """
    if not filled and _SAFE[dialect].fullmatch(text):
        return text
    match dialect:
        case Dialect.BASH:
            return _bash(text, filled)
        case Dialect.CMD:
            return _cmd(text, filled)
        case Dialect.POWERSHELL:
            return _powershell(text, filled)


def _bash(text: str, filled: Sequence[Span]) -> str:
    if not filled:
        return "'" + text.replace("'", "'\\''") + "'"
    return '"' + _pieced(text, filled, lambda piece: _IN_BASH.sub(r"\\\g<0>", piece)) + '"'


def _powershell(text: str, filled: Sequence[Span]) -> str:
    if not filled:
        text = _for_runtime(text) if is_legacy(text) else text
        return "'" + re.sub(f"([{SINGLE}])", r"\1\1", text) + "'"
    return '"' + _pieced(text, filled, lambda piece: _IN_POWERSHELL.sub(r"`\g<0>", piece)) + '"'


def _cmd(text: str, filled: Sequence[Span]) -> str:
    """Quote for the run-time of the program, and then for cmd.exe where its signs are in it.

    A quote inside would switch cmd.exe's own quoting off, so that ``&`` would end the command.
    """
    between = _pieced(text, filled, lambda piece: piece, "")
    signs = r"[&|<>^%!()\r\n]" if '"' in between else r"[%!\r\n]"
    mark, escape = '"', _for_runtime
    if re.search(signs, between):
        mark, escape = '^"', _for_both
    inner = re.sub(r"(?<!\\)(\\+)\Z", r"\1\1", _pieced(text, filled, escape))
    return mark + inner + mark


def _for_both(text: str) -> str:
    """Write ``text`` for the run-time, with a caret before what cmd.exe would take for its own."""
    escaped = _CMD_META.sub(r"^\g<0>", _for_runtime(text))
    return _CMD_LINE_END.sub(lambda end: "^" + end[0] + end[0], escaped)


def _for_runtime(text: str) -> str:
    """Write the double quotes in ``text`` for the run-time of a Windows program."""
    return re.sub(r'(?<!\\)(\\*)"', r'\1\1\\"', text)


def _pieced(
    text: str, filled: Sequence[Span], escape: Callable[[str], str], instead: str | None = None
) -> str:
    """Escape what is between the ``filled`` parts; those stay, or become ``instead``."""
    pieces, last = [], 0
    for part in filled:
        kept = text[part.start : part.end] if instead is None else instead
        pieces += [escape(text[last : part.start]), kept]
        last = part.end
    return "".join((*pieces, escape(text[last:])))
