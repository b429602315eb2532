"""Reads the corpus: what people paste, and what has to be said about it.

One folder a kind of input, one ``expected.toml`` in each. Of an input it says:

- ``file``, ``why``; ``kind``, what it is to be taken for (several where each is right, empty where
  nothing may recognise it); ``as``, the word for ``--kind`` where the person has to give it.
- ``faults``: the causes, the first one being the first verdict. Of each ``subject``,
  ``suggestion``, ``certainty``, and where it stands: ``line``, ``columns`` (the first and the last
  that it may be put to), ``path``. ``or`` names causes that are as right.
- ``first``: the causes that may come first, where the order of the faults is open.
- ``allow``: causes that may appear beside them without being wrong.
- ``healthy``: whatever is found must not alarm; faults are then explanations or merely possible.
- ``assumption``: what is assumed of the API and false here; see ``tests/assumptions.py``.
- ``notes``: what has to be said without a verdict.
- ``secrets``: made-up keys in the input, which must not appear in anything that is written.
- ``corrected_healthy``: all faults are mechanical, so a corrected version is there, and healthy.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
"""The present moment for every input."""

EXPECTED = "expected.toml"
_PLACE = frozenset({"line", "columns", "path"})
_TOLD = frozenset({"cause", "or", "subject", "suggestion", "certainty"})
_KEYS = frozenset(
    {
        *("file", "kind", "as", "why", "faults", "first", "allow", "healthy", "notes", "secrets"),
        *("corrected_healthy", "assumption"),
    }
)


@dataclass(frozen=True)
class Expected:
    """A fault that has to be found."""

    causes: tuple[str, ...]
    subject: str | None = None
    suggestion: str | None = None
    certainty: str | None = None
    line: int | None = None
    columns: tuple[int, int] | None = None
    path: str | None = None

    @property
    def placed(self) -> bool:
        return self.line is not None or self.path is not None


@dataclass(frozen=True)
class Item:
    """One input with what has to be said about it."""

    folder: str
    file: str
    why: str
    kinds: tuple[str, ...]
    forced: str | None
    faults: tuple[Expected, ...]
    first: frozenset[str]
    allow: frozenset[str]
    healthy: bool
    notes: tuple[str, ...]
    secrets: tuple[str, ...]
    corrected_healthy: bool
    assumption: str | None
    data: bytes = field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.folder}/{self.file}"

    @property
    def causes(self) -> frozenset[str]:
        """All causes that may be named."""
        return self.allow.union(*(fault.causes for fault in self.faults))


def folders() -> list[str]:
    return sorted(each.parent.name for each in FOLDER.glob(f"*/{EXPECTED}"))


def items() -> list[Item]:
    """Return the whole corpus, folder by folder."""
    return [item for folder in folders() for item in _items(folder)]


def offline() -> list[str]:
    """Return the ids of all causes that can be found offline."""
    ids: list[str] = tomllib.loads((FOLDER / "offline.toml").read_text("utf-8"))["causes"]
    return ids


def _items(folder: str) -> list[Item]:
    document = tomllib.loads((FOLDER / folder / EXPECTED).read_text("utf-8"))
    return [_item(folder, entry) for entry in document["input"]]


def _item(folder: str, entry: dict[str, Any]) -> Item:
    unknown = entry.keys() - _KEYS
    if unknown:
        raise ValueError(f"{folder}/{entry['file']}: unknown {sorted(unknown)}")
    kind = entry["kind"]
    faults = tuple(_fault(each) for each in entry.get("faults", ()))
    first = entry.get("first") or (faults[0].causes if faults else ())
    return Item(
        folder=folder,
        file=entry["file"],
        why=entry["why"],
        kinds=(kind,) if isinstance(kind, str) else tuple(kind),
        forced=entry.get("as"),
        faults=faults,
        first=frozenset(first),
        allow=frozenset(entry.get("allow", ())),
        healthy=entry.get("healthy", False),
        notes=tuple(entry.get("notes", ())),
        secrets=tuple(entry.get("secrets", ())),
        corrected_healthy=entry.get("corrected_healthy", False),
        assumption=entry.get("assumption"),
        data=(FOLDER / folder / entry["file"]).read_bytes(),
    )


def _fault(entry: dict[str, Any]) -> Expected:
    unknown = entry.keys() - _TOLD - _PLACE
    if unknown:
        raise ValueError(f"unknown {sorted(unknown)} in {entry}")
    columns = entry.get("columns")
    return Expected(
        causes=(entry["cause"], *entry.get("or", ())),
        subject=entry.get("subject"),
        suggestion=entry.get("suggestion"),
        certainty=entry.get("certainty"),
        line=entry.get("line"),
        columns=(columns[0], columns[1]) if columns else None,
        path=entry.get("path"),
    )
