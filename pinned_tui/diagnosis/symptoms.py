"""What a user came with, and what an outcome that does not explain it says instead. Pure.

Where a user named a symptom, the outcome answers it. The words, and which causes belong to which
symptom, are data (``data/symptoms``); this reads and checks them, and makes the finding that the
checks did not meet the symptom.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import msgspec

from pinned_tui.diagnosis.catalog import (
    SECTIONS,
    Catalog,
    CatalogError,
    Cause,
    SectionId,
    load_catalogue,
    read_toml,
)
from pinned_tui.diagnosis.facts import Facts, Finding, text
from pinned_tui.diagnosis.templates import check_sentence
from pinned_tui.session import (
    NOT_REPRODUCED,
    NOT_SURE,
    Certainty,
    NamedSymptom,
    Observation,
    Symptom,
)
from pinned_tui.session.codes import unknown_codes

RefusalRole = Literal["explains", "first"]
"""What a 403 to a request that nobody asked for is to a symptom: the symptom itself, or the first
thing to rule out."""


class NextSuspect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cause to rule out next.

    Attributes:
        says: What may be so and how to find out, a sentence in the conditional.
        unless: Codes of observations that make it pointless where they passed.
    """

    cause: str
    says: str
    unless: tuple[str, ...] = ()


class SymptomRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One symptom.

    Attributes:
        words: What is seen, in a few words.
        open: How the title goes on after *Not explained yet*.
        sections: The causes of these sections belong to it, and ``causes`` besides.
        refused_scope: What a scope is to it that a request of the check was refused for, though
            nobody asked for it; None where it has nothing to do with it.
        forbidden: The same of a request that was answered 403 ``forbidden``.
        no_channels: The same of a list of channels with none in it.
        next: What to rule out next, the likeliest first.
    """

    id: Symptom
    words: str
    open: str
    sections: tuple[SectionId, ...] = ()
    causes: tuple[str, ...] = ()
    refused_scope: RefusalRole | None = None
    forbidden: RefusalRole | None = None
    no_channels: RefusalRole | None = None
    next: tuple[NextSuspect, ...]

    def is_about(self, cause: Cause) -> bool:
        """Return whether ``cause`` belongs to the symptom; to a failure without a name any does."""
        named = cause.section in self.sections or cause.id in self.causes
        return self.id == NOT_SURE or named


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    symptom: tuple[SymptomRow, ...]


@cache
def load_symptoms() -> tuple[SymptomRow, ...]:
    """Read the symptoms that come with the package, once.

    Raises:
        CatalogError: the file can't be read, a symptom is missing or appears twice, or a row
            names an unknown cause, section or observation.
    """
    file = files("pinned_tui.diagnosis") / "data" / "symptoms" / "symptoms.toml"
    try:
        rows = msgspec.convert(read_toml(file), _Table).symptom
    except msgspec.ValidationError as error:
        raise CatalogError(f"{file.name}: {error}") from error
    for fault in _faults(rows, load_catalogue()):
        raise CatalogError(f"{file.name}: {fault}")
    return rows


def _faults(rows: Sequence[SymptomRow], catalogue: Catalog) -> Iterator[str]:
    if sorted(row.id for row in rows) != sorted((*get_args(NamedSymptom), NOT_SURE)):
        yield "there is not one row for each symptom"
    for row in rows:
        named = (*row.causes, *(one.cause for one in row.next))
        unknown = sorted({cause for cause in named if cause not in catalogue})
        unknown += sorted(set(row.sections) - set(SECTIONS))
        unknown += unknown_codes(code for one in row.next for code in one.unless)
        if unknown:
            yield f"{row.id}: unknown {', '.join(unknown)}"
        if not row.next:
            yield f"{row.id}: there is nothing to rule out next"
        for one in row.next:
            check_sentence(one.says)


def symptom_row(symptom: Symptom | None) -> SymptomRow | None:
    """Return what is known of ``symptom``, or None where nothing was named."""
    return next((row for row in load_symptoms() if row.id == symptom), None) if symptom else None


def to_rule_out(row: SymptomRow, facts: Facts) -> tuple[NextSuspect, ...]:
    """Return what is left to rule out, in order, after what the checks saw."""
    passed = {seen.code for seen in facts.latest() if seen.status == "pass"}
    return tuple(one for one in row.next if passed.isdisjoint(one.unless))


def not_reproduced(
    row: SymptomRow,
    facts: Facts,
    examined: Sequence[Observation],
    refused: Sequence[Finding],
    unproven: Sequence[str],
) -> Finding:
    """Return the finding that the checks did not meet the symptom, with what to rule out next.

    Args:
        row: The symptom.
        facts: What the checks saw.
        examined: What they looked at, which is what it rests on.
        refused: Findings about requests of the check that were refused; they go first.
        unproven: Titles of faults of an earlier run that this one does not prove fixed.
    """
    first = tuple(_of_a_refusal(one) for one in refused)
    met = {one.cause for one in refused}
    said = [one.evidence[0].summary for one in refused]
    steps = tuple(one.says for one in to_rule_out(row, facts) if one.cause not in met)
    return Finding(
        NOT_REPRODUCED,
        Certainty.CONFIRMED,
        tuple(examined),
        values={
            "symptom": row.open,
            "actual": " ".join((*said, _PERHAPS)) if said else None,
            "unproven": "; ".join(unproven) or None,
        },
        steps=(*first, *steps),
    )


_PERHAPS = "That may or may not be the reason."


def _of_a_refusal(finding: Finding) -> str:
    """Say what a refused request of the check itself makes worth a look first."""
    route = text(finding.evidence[0].data, "route") or "a request of this check"
    if finding.cause == "scope-missing":
        return (
            f"The failing call may need {finding.subject}, which this key lacks: {route} was"
            " refused with 403 insufficient_scope."
        )
    if finding.cause == "channel-list-empty":
        return (
            "The failing call may name someone else's channel: this key's owner has no channel at"
            " all."
        )
    return (
        f"The failing call may be refused as {route} was, with 403 forbidden and no reason: ask"
        " the key's owner which channels they can still use."
    )
