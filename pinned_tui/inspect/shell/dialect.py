"""Finds out which shell a command was written for, and splits it as that shell does."""

import re

from pinned_tui.inspect.shell import bash, cmd, powershell
from pinned_tui.inspect.shell.words import Command, Dialect
from pinned_tui.privacy.worth import is_like_key

_POWERSHELL = re.compile(
    r"`[ \t]*\r?\n|\$env:\w|[{\[:, (\\]`\"|\bInvoke-\w|\$\w+[ \t]*=[ \t]*['\"@(]|@['\"][ \t]*\r?\n",
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
