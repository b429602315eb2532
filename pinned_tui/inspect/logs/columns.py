"""Reads the rows of a log whose first line declares its columns, as in CSV and TSV. Pure."""

import csv
from dataclasses import dataclass

from pinned_tui.inspect.logs.fields import Names

_SEPARATORS = ("\t", ",", ";", "|")
_FEWEST = 3
_MOST = 100
_LONGEST = 4000
_NEEDED = frozenset({"url", "status"})


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a log.

    Attributes:
        names: Their names, in order.
        separator: What stands between two of them.
    """

    names: tuple[str, ...]
    separator: str

    @classmethod
    def declared_by(cls, line: str, known: Names) -> "Columns | None":
        """Return the columns that ``line`` declares; None where it is a line like any other.

        Most of the names have to be ones that loggers give to fields, address and status among
        them: a row has values in their place.
        """
        for separator in _SEPARATORS:
            names = tuple(cell.strip() for cell in _cells(line, separator))
            if not _FEWEST <= len(names) <= _MOST:
                continue
            roles = [known.role(name) for name in names if name]
            told = [role for role in roles if role is not None]
            if _NEEDED.issubset(told) and len(told) * 2 >= len(names):
                return cls(names, separator)
        return None

    def record(self, line: str) -> dict[str, str] | None:
        """Return a row by the names of its columns; None where it has other ones."""
        cells = _cells(line, self.separator)
        if len(cells) != len(self.names):
            return None
        return {name: cell for name, cell in zip(self.names, cells, strict=True) if cell.strip()}


def declares_columns(line: str) -> bool:
    """Return whether a log whose first line is ``line`` declares its columns there."""
    return len(line) <= _LONGEST and Columns.declared_by(line, Names()) is not None


def _cells(line: str, separator: str) -> list[str]:
    if separator not in line:
        return []
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=separator), [])
    except csv.Error:  # a cell that is too long, or a NUL
        return []
