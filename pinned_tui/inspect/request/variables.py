"""Variables that a shell should have filled in: recognised in every shell's way of writing them."""

import re
from dataclasses import dataclass

from pinned_tui.inspect.shell.words import Dialect

_REFERENCE = re.compile(
    r"\$\{(?:env:)?(?P<braced>[A-Za-z_]\w{0,127})\}|\$env:(?P<env>[A-Za-z_]\w{0,127})"
    r"|%(?P<percent>[A-Za-z_]\w{2,127})%|\$(?P<plain>[A-Za-z_]\w{0,127})",
    re.IGNORECASE,
)
_SHELLS = {Dialect.BASH: "bash", Dialect.CMD: "cmd.exe", Dialect.POWERSHELL: "PowerShell"}


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A variable that goes out as it is written.

    Attributes:
        name: Its name without signs.
        detail: Why it is not filled in, in one sentence.
        reference: How to write it in that shell.
    """

    name: str
    detail: str
    reference: str


def reference(name: str, shell: str) -> str:
    """Return how ``shell`` writes the variable ``name`` of the environment."""
    return {
        Dialect.BASH: f"${name}",
        Dialect.CMD: f"%{name}%",
        Dialect.POWERSHELL: f"$env:{name}",
    }[Dialect(shell)]


def unfilled(text: str, shell: str | None) -> Unfilled | None:
    """Return the variable that ``text`` as a whole is, though the shell has not filled it in."""
    match = _REFERENCE.fullmatch(text.strip())
    if match is None or shell is None:
        return None
    name = next(filter(None, match.groups()))
    shown = _SHELLS[Dialect(shell)]
    style = match.lastgroup
    native = {
        Dialect.BASH: style in {"braced", "plain"},
        Dialect.CMD: style == "percent",
        Dialect.POWERSHELL: style in {"braced", "env", "plain"},
    }[Dialect(shell)]
    if native:
        detail = f"{shown} does not fill in the variable {name} between single quotes."
    else:
        detail = f"{shown} does not know this way of writing the variable {name}."
    return Unfilled(name, detail, reference(name, shell))
