"""Inspects the inputs of the field and holds what is said against what was expected."""

import json
from dataclasses import dataclass
from pathlib import Path

from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import InspectionContext, read_input
from tests.corpus.judging import session_of
from tests.corpus.reading import NOW

_FOLDER = Path(__file__).parent
_NAMED = {"(none)", "(dash-named)"}
"""Words in place of a cause: none is expected, or the wording is looked at by hand."""


@dataclass(frozen=True)
class Measured:
    """An input with what was said of it, and what is right."""

    file: str
    outcome: str
    cause: str | None
    outcomes: tuple[str, ...]
    causes: tuple[str, ...]

    @property
    def outcome_right(self) -> bool:
        return self.outcome in self.outcomes

    @property
    def cause_right(self) -> bool:
        open_ = not self.causes or bool(_NAMED & set(self.causes))
        return open_ or self.cause in self.causes

    @property
    def falsely_healthy(self) -> bool:
        return self.outcome == "healthy" and "healthy" not in self.outcomes


def measured() -> list[Measured]:
    """Inspect every input once."""
    rows = json.loads((_FOLDER / "expected.json").read_text("utf-8"))
    return [_measured(row) for row in rows]


def _measured(row: dict[str, object]) -> Measured:
    name = str(row["file"])
    pasted = read_input((_FOLDER / name).read_bytes())
    session = session_of(pasted, look(pasted, InspectionContext(now=NOW)), name)
    outcomes, causes = row["expect_outcome"], row["expect_causes"]
    assert isinstance(outcomes, list)
    assert isinstance(causes, list)
    return Measured(name, str(session.outcome), session.first_cause, tuple(outcomes), tuple(causes))
