"""Finds secrets in settings and tables, where a name of their own tells that they are secrets.

In a line of settings (``password: sommerfest``), a row below a heading and a line of ``.pgpass`` a
value needs no look of chance: whatever stands there is the password, a plain word too. Only what
stands for a value, or says something about it, stays.
"""

import re
from collections.abc import Iterator

from pinned_tui.redaction.named_values import says_secret
from pinned_tui.redaction.secret_strength import is_placeholder

_CODE = re.compile(
    r"\$?[A-Za-z_][\w.>:-]*[(\[]|\$\{|[\w.+-]+@[\w-]+(?:\.[\w-]+)+\Z|[a-z][a-z0-9+.-]*://"
    r"|(?:~|\.{1,2}|[a-z]:)?[/\\][\w.\\/-]*\Z|v?\d+(?:\.\d+)+\Z|\[[\w-]+\]",
    re.IGNORECASE,
)


def is_code(value: str) -> bool:
    """Return whether ``value`` begins as a call, a path, an address or a version does."""
    return _CODE.match(value) is not None


__all__ = ["settled_spans"]

_SHORTEST = 4
_LINE = re.compile(
    r"""^[ \t]*(?:-[ \t]+|(?:export|set|ENV)[ \t]+|\$env:)?
        (?P<quote>["']?)(?P<name>[A-Za-z_][\w.-]{0,80})(?P=quote)
        [ \t]*(?:=(?![=>~])|:(?=[ \t]))[ \t]*
        (?P<opened>["']?)(?P<value>[^\s"']{4,200})(?P=opened)[,;]?
        (?:[ \t]+(?:\#|//)[^\n]*)?[ \t\r]*$""",
    re.VERBOSE | re.MULTILINE,
)
_SURE = re.compile(r"passw|passphrase|pwd|secret|token|(?<![a-z])pass(?![a-z])", re.IGNORECASE)
_PASS = re.compile(r"(?<![A-Za-z])pass(?![A-Za-z])", re.IGNORECASE)
_PGPASS = re.compile(
    r"^(?=[^:\n]*[A-Za-z*])[\w.*-]{1,200}:(?:\d{2,5}|\*):[^\s:]{1,64}:[^\s:]{1,64}"
    r":(?P<value>[^\s]{4,200})[ \t\r]*$",
    re.MULTILINE,
)
_RULE = re.compile(r"[\s|:+=-]*")
_CELL_SIGNS = "|\t;,"
_MOST_ROWS = 1000
_ROW = re.compile(r"[^\n]+")
_AROUND = " \t\r\"'*`"
_HEADING = re.compile(r"(?:[^\W\d][\w.-]{0,40}(?: [\w.()-]{1,40}){0,2})?")

_SAID = """
    absent accepted any basic bearer blank bool boolean cannot changed changeme correct default
    denied different disabled empty enabled encrypted error exists expired failed false forbidden
    generated given hidden include incorrect invalid leaked long malformed masked matched mismatch
    missing must needed never nil none null nullable number object obtained omit optional passed
    password present prompt random received redacted rejected renewed required reset revoked
    rotated same-origin saved sent short stale str string text true undefined unknown unset
    unsupported updated valid varchar verified weak with wrong yes
"""
_WORDS = frozenset(_SAID.split())
_NUMBER = re.compile(r"[+-]?[\d.,:_/-]+")
_NAMES_ANOTHER = re.compile(r"[a-z_]\w*(?:\.[a-z_]\w*)+(?:\(\))?|&\w+|\*\w+", re.IGNORECASE)


def settled_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where ``text`` has the value of a setting or a cell that is a secret by its name."""
    if _SURE.search(text):
        for line in _LINE.finditer(text):
            if _is_name(line["name"]) and _is_value(line["value"].rstrip(",;")):
                start = line.start("value")
                yield start, start + len(line["value"].rstrip(",;"))
        yield from _cells(text)
    if ":" in text:
        for line in _PGPASS.finditer(text):
            if _is_value(line["value"]):
                yield line.span("value")


def _is_name(name: str) -> bool:
    """Return whether ``name`` is surely a secret's; *key* and *auth* name others too."""
    return _SURE.search(name) is not None and says_secret(_PASS.sub("password", name))


def _is_value(value: str) -> bool:
    """Return whether ``value`` is one, not a word about it, a number or what stands for it."""
    word = value.strip(".!?").lower()
    if len(value) < _SHORTEST or word in _WORDS or _NUMBER.fullmatch(value):
        return False
    return not (is_placeholder(value) or is_code(value) or _NAMES_ANOTHER.fullmatch(value))


def _cells(text: str) -> Iterator[tuple[int, int]]:
    """Find the cells of a table, in Markdown or separated by a sign, below such a heading."""
    sign, width, columns, left = "", 0, frozenset[int](), 0
    for line in _ROW.finditer(text):
        row = line[0]
        if left and row.count(sign) == width:
            left -= 1
            yield from _of_row(line.start(), row, sign, columns)
            continue
        sign, columns = _heading(row)
        width, left = row.count(sign) if sign else 0, _MOST_ROWS if columns else 0


def _heading(line: str) -> tuple[str, frozenset[int]]:
    """Return what separates the cells of a heading, and which of them are names of secrets."""
    sign = next((one for one in _CELL_SIGNS if one in line), "")
    prose = sign in {",", ";"} and f"{sign} " in line
    if not sign or prose or not _SURE.search(line):
        return "", frozenset()
    names = [name.strip(_AROUND) for name in line.split(sign)]
    if not all(_HEADING.fullmatch(name) for name in names):
        return "", frozenset()
    return sign, frozenset(at for at, name in enumerate(names) if _is_name(name))


def _of_row(start: int, row: str, sign: str, columns: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Yield where the cells of one row stand that are secrets."""
    for at, cell in enumerate(row.split(sign)):
        value = cell.strip(_AROUND)
        if at in columns and not _RULE.fullmatch(value) and _is_value(value) and " " not in value:
            begin = start + cell.index(value)
            yield begin, begin + len(value)
        start += len(cell) + 1
