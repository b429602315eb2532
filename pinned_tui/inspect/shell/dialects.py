"""Writes a word so that a shell reads it back as the same word."""

import re
from collections.abc import Callable, Sequence

from pinned_tui.inspect.model import Span
from pinned_tui.inspect.shell import bash, cmd, powershell
from pinned_tui.inspect.shell.powershell import DOUBLE, SINGLE, is_legacy
from pinned_tui.inspect.shell.words import Command, Dialect
from pinned_tui.redaction.secret_strength import is_like_key

_POWERSHELL = re.compile(
    r"(?<!`)`[ \t]*\r?\n|\$env:\w"
    r"|[{\[:, (\\]`\"|\bInvoke-\w|\$\w+[ \t]*=[ \t]*['\"@(]|@['\"][ \t]*\r?\n",
    re.IGNORECASE,
)
_CMD = re.compile(r'\^[ \t]*\r?\n|\^"|%(?![0-9A-Fa-f]{2}%)[A-Za-z_][A-Za-z0-9_]{2,63}%')
_PROMPTS = (
    (re.compile(r"\bPS [^\n>]{0,200}>[ \t]*\Z"), Dialect.POWERSHELL),
    (re.compile(r"[A-Za-z]:\\[^\n>]{0,200}>[ \t]*\Z"), Dialect.CMD),
    (re.compile(r"(?:\$|%|\u276f|#)[ \t]*\Z"), Dialect.BASH),
)
_FENCE = re.compile(r"(?:```|~~~)[ \t]*(?P<name>[\w+-]{1,20})[ \t]*\r?\n[^`~]{0,2000}\Z")
_FENCES = {
    **dict.fromkeys(("bash", "sh", "shell", "zsh", "console", "shell-session"), Dialect.BASH),
    **dict.fromkeys(("powershell", "ps1", "pwsh", "ps"), Dialect.POWERSHELL),
    **dict.fromkeys(("cmd", "bat", "batch", "dos"), Dialect.CMD),
}
_BEFORE = 2300
_SPLITTERS = {
    Dialect.BASH: bash.split,
    Dialect.CMD: cmd.split,
    Dialect.POWERSHELL: powershell.split,
}


def dialect_of(text: str, start: int, end: int) -> Dialect:
    """Name the shell that the command from ``start`` to ``end`` was written for.

    A prompt or the name of a code block in front says it outright. Otherwise the signs with which
    lines are continued, variables are named and quotes are escaped do, and ``curl.exe``, which
    PowerShell needs since ``curl`` is something else there.
    """
    before = text[max(start - _BEFORE, 0) : start]
    line = before.rpartition("\n")[2]
    for prompt, dialect in _PROMPTS[:2]:
        if prompt.search(line):
            return dialect
    fence = _FENCE.search(before)
    if fence is not None and fence["name"].lower() in _FENCES:
        return _FENCES[fence["name"].lower()]
    if _PROMPTS[2][0].search(line):
        return Dialect.BASH
    return _by_signs(text, start, end)


def _by_signs(text: str, start: int, end: int) -> Dialect:
    if re.search(r"\\\r?\n", text[start:end]) and not re.search(r"\^\r?\n|`\r?\n", text[start:end]):
        return Dialect.BASH
    first = {Dialect.POWERSHELL: _POWERSHELL, Dialect.CMD: _CMD}
    found = {
        dialect: next(filter(_is_sign, sign.finditer(text, start, end)), None)
        for dialect, sign in first.items()
    }
    places = {match.start(): dialect for dialect, match in found.items() if match is not None}
    if places:
        return places[min(places)]
    program = text[start : start + 16].lower()
    return Dialect.POWERSHELL if program.startswith("curl.exe") else Dialect.BASH


def _is_sign(match: re.Match[str]) -> bool:
    """Return whether it is a sign of its shell, and not a key between percent signs."""
    return not is_like_key(match[0].strip("%"))


def split(text: str, start: int, end: int, dialect: Dialect) -> Command:
    """Split the command that begins at ``start``; what stands from ``end`` on is not read."""
    return _SPLITTERS[dialect](text, start, end)


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
