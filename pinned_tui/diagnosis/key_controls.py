"""The truth table of the control probes: what a refused key means, told by what else was sent.

The table is data (``data/controls/refused.toml``); this reads and checks it. Pure.
"""

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from pinned_tui.diagnosis.catalog import CatalogError, load_catalogue, read_toml
from pinned_tui.session import Certainty

Relation = Literal["same", "different", "accepted", "untold"]
"""How the answer to a control relates to the answer that refused the user's key."""


class ControlRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row; a column that is None fits anything.

    Attributes:
        without: The same request without a key.
        wrong: The same with a key that is known to be wrong.
        other_header: The same with the user's key in ``x-api-key``.
        why: What speaks for the cause, in a sentence.
        arrives: Whether the header surely arrives at the API.
    """

    cause: str
    certainty: Certainty
    why: str
    without: Relation | None = None
    wrong: Relation | None = None
    other_header: Relation | None = None
    arrives: bool = False

    def fits(self, without: str, wrong: str, other_header: str) -> bool:
        """Return whether this row is about these answers."""
        columns = ((self.without, without), (self.wrong, wrong), (self.other_header, other_header))
        return all(wanted is None or wanted == seen for wanted, seen in columns)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    row: tuple[ControlRow, ...]


@cache
def load_rows() -> tuple[ControlRow, ...]:
    """Read the table that comes with the package, once.

    Raises:
        CatalogError: it can't be read, a row names no cause of the catalogue, or the last row
            does not fit everything.
    """
    file = files("pinned_tui.diagnosis") / "data" / "controls" / "refused.toml"
    try:
        rows = msgspec.convert(read_toml(file), _Table).row
    except msgspec.ValidationError as error:
        raise CatalogError(f"{file.name}: {error}") from error
    unknown = sorted({row.cause for row in rows} - {cause.id for cause in load_catalogue()})
    if unknown:
        raise CatalogError(f"{file.name}: no cause {', '.join(unknown)}")
    if not rows or not rows[-1].fits("untold", "untold", "untold"):
        raise CatalogError(f"{file.name}: the last row must fit whatever was answered")
    return rows


def judge(without: str, wrong: str, other_header: str) -> ControlRow:
    """Return the row that holds for these answers."""
    return next(row for row in load_rows() if row.fits(without, wrong, other_header))
