"""Inspects an input of the corpus as the commands do, and holds what was said against it."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from pinned_tui.checks.inspection_run import Handed, inspected, new_inspection
from pinned_tui.diagnosis.catalog import load_catalogue
from pinned_tui.inspect.dispatch import INSPECTORS, look
from pinned_tui.inspect.model import InputKind, InputText, Inspection, InspectionContext, read_input
from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.report.export import export
from pinned_tui.report.text import render
from pinned_tui.session import Certainty, Observation, Outcome, Session, Verdict, encode
from tests.corpus.reading import NOW, Expected, Item
from tests.samples import TurnedClock


class Aspect(StrEnum):
    """What can be right or wrong about what is said of an input."""

    KIND = "kind"
    FIRST = "first"
    CAUSES = "causes"
    PLACES = "places"
    ALARMS = "alarms"
    CORRECTED = "corrected"
    LEAKS = "leaks"


_SAID = (Aspect.FIRST, Aspect.CAUSES, Aspect.CORRECTED)
"""What is not right where an inspection breaks off."""


@dataclass(frozen=True)
class Miss:
    """Something that is not right."""

    aspect: Aspect
    told: str


@dataclass
class Judged:
    """An input with what is not right about what was said of it.

    Attributes:
        skipped: Why it could not be inspected, or None.
        seconds: How long the inspection took.
    """

    item: Item
    skipped: str | None = None
    misses: list[Miss] = field(default_factory=list)
    seconds: float = 0.0

    def right(self, aspect: Aspect) -> bool:
        return self.skipped is None and not any(miss.aspect is aspect for miss in self.misses)


def unready(item: Item, pasted: InputText) -> str | None:
    """Say which inspector an input needs that isn't registered, or None."""
    kind = InputKind(item.forced) if item.forced else kind_of(pasted)
    wanted = [kind] if kind is not None else []
    wanted += [InputKind(each) for each in item.kinds[:1] if each]
    missing = [each for each in dict.fromkeys(wanted) if each not in INSPECTORS]
    return f"no inspector for {missing[0]} yet" if missing else None


def session_of(pasted: InputText, inspection: Inspection, name: str = "pasted") -> Session:
    """Return the session that the commands make of an inspection."""
    clock = TurnedClock(NOW)
    return inspected(
        new_inspection(base_url="https://pinned.events", clock=clock),
        Handed(pasted.text, name, pasted.size),
        inspection,
        clock=clock,
    )


def judge(item: Item) -> Judged:
    """Inspect ``item`` and say all that is not right."""
    judged = Judged(item)
    pasted = read_input(item.data)
    judged.misses += _kind(item, pasted)
    judged.skipped = unready(item, pasted)
    if judged.skipped:
        return judged
    began = time.perf_counter()
    try:
        inspection = look(
            pasted, InspectionContext(now=NOW), InputKind(item.forced) if item.forced else None
        )
        session = session_of(pasted, inspection, item.file)
    except Exception as error:  # noqa: BLE001 - that it raises is what is told of it
        judged.misses += [Miss(each, f"raises {error!r}"[:200]) for each in _SAID]
        return judged
    judged.seconds = time.perf_counter() - began
    judged.misses += _first(item, session)
    judged.misses += _causes(item, session)
    judged.misses += _places(item, session)
    judged.misses += _alarms(item, session)
    judged.misses += _corrected(item, inspection, session)
    written = list(_written(session))
    judged.misses += _leaking(item.secrets, written)
    judged.misses += _refused(inspection, written)
    return judged


def strong(session: Session) -> list[Verdict]:
    """Return the verdicts that alarm."""
    catalogue = load_catalogue()
    return [
        verdict
        for verdict in session.verdicts
        if verdict.certainty is not Certainty.POSSIBLE
        and catalogue[verdict.cause].outcome != "explanation"
    ]


def kind_of(pasted: InputText) -> InputKind | None:
    """Return what an input is taken for; of several parts, the one that leads."""
    return look(pasted, InspectionContext(now=NOW)).kind


def _kind(item: Item, pasted: InputText) -> Iterator[Miss]:
    if item.forced is None and (found := kind_of(pasted) or "") not in item.kinds:
        yield Miss(Aspect.KIND, f"taken for {found or 'nothing'}, is {' or '.join(item.kinds)}")


def _first(item: Item, session: Session) -> Iterator[Miss]:
    first = session.first_cause
    if item.first and first not in item.first:
        wanted = " or ".join(sorted(item.first))
        yield Miss(Aspect.FIRST, f"{first} comes first, not {wanted}")
    if item.healthy or not item.faults:
        return  # alarms are judged apart
    unjudged = item.faults[0].causes == ("input-unrecognised",)
    wanted_outcome = Outcome.INCONCLUSIVE if unjudged else Outcome.PROBLEM
    if session.outcome is not wanted_outcome:
        yield Miss(Aspect.FIRST, f"the outcome is {session.outcome}, not {wanted_outcome}")


def _agrees(fault: Expected, verdict: Verdict) -> bool:
    suggestion = None if verdict.suggestion is None else str(verdict.suggestion)
    return (
        verdict.cause in fault.causes
        and fault.subject in {None, verdict.subject}
        and fault.suggestion in {None, suggestion}
        and fault.certainty in {None, verdict.certainty}
    )


def _causes(item: Item, session: Session) -> Iterator[Miss]:
    for fault in item.faults:
        if any(_agrees(fault, verdict) for verdict in session.verdicts):
            continue
        told = " or ".join(fault.causes)
        same = [verdict for verdict in session.verdicts if verdict.cause in fault.causes]
        if not same:
            yield Miss(Aspect.CAUSES, f"{told} is not found")
            continue
        wanted = f"{fault.subject=} {fault.suggestion=} {fault.certainty=}".replace("fault.", "")
        found = [(str(v.subject), str(v.suggestion), str(v.certainty)) for v in same[:4]]
        yield Miss(Aspect.CAUSES, f"{told} is found as {found}, not with {wanted}")
    noted = {seen.data.get("note") for seen in session.observations}
    noted |= {verdict.cause for verdict in session.verdicts}
    for note in item.notes:
        if note not in noted:
            yield Miss(Aspect.CAUSES, f"{note} is not noted")


def _places(item: Item, session: Session) -> Iterator[Miss]:
    seen = {observation.id: observation for observation in session.observations}
    for fault in item.faults:
        verdicts = [v for v in session.verdicts if v.cause in fault.causes]
        if not fault.placed or not verdicts:
            continue
        evidence = [seen[each] for verdict in verdicts for each in verdict.evidence]
        if not any(_is_at(fault, observation) for observation in evidence):
            wanted = {"line": fault.line, "columns": fault.columns, "path": fault.path}
            found = [{k: o.data.get(k) for k in ("line", "column", "path")} for o in evidence[:4]]
            yield Miss(Aspect.PLACES, f"{fault.causes[0]} is put at {found}, not {wanted}")


def _is_at(fault: Expected, seen: Observation) -> bool:
    first, last = fault.columns or (1, 10**9)
    column = seen.data.get("column")
    return (
        fault.line in {None, seen.data.get("line")}
        and (fault.columns is None or (isinstance(column, int) and first <= column <= last))
        and fault.path in {None, seen.data.get("path")}
    )


def _alarms(item: Item, session: Session) -> Iterator[Miss]:
    allowed = item.causes
    for verdict in strong(session):
        if item.healthy or verdict.cause not in allowed:
            told = f"{verdict.cause} ({verdict.certainty}): {verdict.summary[:160]}"
            yield Miss(Aspect.ALARMS, told)
    if item.healthy and session.outcome is not Outcome.HEALTHY:
        yield Miss(Aspect.ALARMS, f"the outcome is {session.outcome}")


def _corrected(item: Item, inspection: Inspection, session: Session) -> Iterator[Miss]:
    correction = inspection.correction
    if correction is None:
        if item.corrected_healthy:
            yield Miss(Aspect.CORRECTED, "there is no corrected version")
        return
    pasted = read_input(correction.text.encode("utf-8", "replace"))
    kind = kind_of(pasted)
    if kind is None or kind not in INSPECTORS:
        yield Miss(Aspect.CORRECTED, f"the corrected version is taken for {kind}")
        return
    again = session_of(pasted, look(pasted, InspectionContext(now=NOW)))
    left = [verdict.cause for verdict in strong(again)]
    if item.corrected_healthy and left:
        yield Miss(Aspect.CORRECTED, f"the corrected version still shows {left}")
    new = sorted(set(left) - {verdict.cause for verdict in session.verdicts})
    if new:
        yield Miss(Aspect.CORRECTED, f"the corrected version brings {new}")


def leaks(values: tuple[str, ...], session: Session) -> Iterator[Miss]:
    """Look for ``values`` in all that is written of ``session``, before the last scan of it."""
    return _leaking(values, _written(session))


def _leaking(values: tuple[str, ...], written: Iterable[tuple[str, bytes]]) -> Iterator[Miss]:
    secrets = [Secret(v, source="corpus", name=f"planted-{n}") for n, v in enumerate(values, 1)]
    for form, document in written:
        for leak in find_leaks(document, secrets):
            yield Miss(Aspect.LEAKS, f"{form}: {leak.name} {leak.how}")


def _refused(inspection: Inspection, written: Iterable[tuple[str, bytes]]) -> Iterator[Miss]:
    """Look for what the last scan would find, and then show nothing to the person at all."""
    for form, document in written:
        for leak in find_leaks(document, inspection.secrets):
            yield Miss(Aspect.LEAKS, f"{form}: would be refused, {leak.name} {leak.how}")


def _written(session: Session) -> Iterator[tuple[str, bytes]]:
    yield "session", encode(session)
    yield "text", render(session).encode("utf-8", "replace")
    for form in ("json", "markdown"):
        yield form, export(session, form, secrets=(), with_pasted=True)
