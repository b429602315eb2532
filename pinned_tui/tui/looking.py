"""One look at what was pasted: from the input to what the Inspect page shows. Knows no widgets."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from pinned_tui.clock import Clock
from pinned_tui.inspect.look import look
from pinned_tui.inspect.model import (
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    Span,
    StoppedError,
)
from pinned_tui.inspecting import Handed, inspected
from pinned_tui.privacy.secret import Secret
from pinned_tui.privacy.worth import Grade, grade
from pinned_tui.session import Certainty, Observation, Session, Timeline, Verdict
from pinned_tui.tui.masking import Masked, mask

if TYPE_CHECKING:
    from pinned_tui.diagnosis.catalogue import Catalog

PASTED = "pasted"


@dataclass(frozen=True, slots=True)
class InputBuffer:
    """An input as it is held in memory: with its secrets.

    Attributes:
        name: The file's name without its folder, or ``pasted``.
        typed: Whether it was typed and may be half of something.
    """

    pasted: InputText
    name: str = PASTED
    typed: bool = False

    @property
    def text(self) -> str:
        """The input itself."""
        return self.pasted.text


@dataclass(frozen=True, slots=True)
class InspectionFinding:
    """One thing that was found: a fault, which has a verdict, or a note.

    Attributes:
        title: What it is, one line.
        note: What is worth knowing, where it is no fault.
        line: Where it is in the input, from 1, like ``column``; None where it has no place.
    """

    title: str
    verdict: Verdict | None = None
    note: str | None = None
    span: Span | None = None
    line: int | None = None
    column: int | None = None

    @property
    def certainty(self) -> Certainty | None:
        """How certain a fault is; None for a note."""
        return self.verdict.certainty if self.verdict is not None else None

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return "" if self.line is None else f"line {self.line:,}, column {self.column:,}"

    @property
    def id(self) -> tuple[str, str | None]:
        """What tells it apart from the others of the same input."""
        if self.verdict is None:
            return "note", self.note
        return self.verdict.cause, self.verdict.subject


@dataclass(frozen=True, slots=True)
class InspectionResult:
    """What a look came to.

    Attributes:
        held: The input that was looked at.
        session: It as a session of its own.
        found: The faults in their order, then the notes.
        masked: The input as it may be shown.
    """

    held: InputBuffer
    inspection: Inspection
    session: Session
    found: tuple[InspectionFinding, ...]
    masked: Masked

    @property
    def timeline(self) -> Timeline | None:
        """The input as a story, cleaned and redacted."""
        return self.session.inputs[-1].timeline

    @property
    def corrected(self) -> str | None:
        """The corrected version, redacted."""
        return self.session.inputs[-1].corrected


@dataclass(frozen=True, slots=True)
class Inspector:
    """What every look needs.

    Attributes:
        clock: Tells when.
        catalogue: The causes and their words.
        begin: Makes the session that a look is written into.
    """

    clock: Clock
    catalogue: "Catalog"
    begin: Callable[[], Session]

    def look(
        self,
        held: InputBuffer,
        kind: InputKind | None = None,
        say: Callable[[float], None] = lambda _: None,
    ) -> InspectionResult:
        """Look at ``held``. Works in any thread.

        Raises:
            StoppedError: ``say`` raised it.
        """
        inspection = look(held.pasted, InspectionContext(now=self.clock.now(), say=say), kind)
        say(1.0)
        session = self.written(self.begin(), held, inspection)
        return InspectionResult(
            held,
            inspection,
            session,
            tuple(_found(session, inspection)),
            mask(held.text, filter(partial(_to_hide, held), inspection.secrets)),
        )

    def written(self, session: Session, held: InputBuffer, inspection: Inspection) -> Session:
        """Return ``session`` with what was found in ``held``."""
        return inspected(
            session,
            Handed(held.text, held.name, held.pasted.size),
            inspection,
            clock=self.clock,
            catalogue=self.catalogue,
        )


@dataclass
class InspectionProgress:
    """Ends a look from outside, and tells how far it has come.

    Attributes:
        told: Called with how far the work has come, in whole percents, from the looking thread.
    """

    told: Callable[[int], object]
    asked: threading.Event = field(default_factory=threading.Event)
    _last: int = -1

    def say(self, done: float) -> None:
        """Take note of ``done``, from 0 to 1.

        Raises:
            StoppedError: the look was stopped.
        """
        if self.asked.is_set():
            raise StoppedError
        percent = int(done * 100)
        if percent != self._last:
            self._last = percent
            self.told(percent)


def _to_hide(held: InputBuffer, secret: Secret) -> bool:
    """Tell whether ``secret`` is hidden; a word that was typed is not taken for a key yet."""
    return not held.typed or grade(secret.reveal()) is not Grade.NONE


def _found(session: Session, inspection: Inspection) -> "list[InspectionFinding]":
    """Put verdicts and notes together with their places in the input.

    The observations of an inspection are what it is, the faults and the notes, in this order.
    """
    run = session.run
    seen = [one for one in session.observations if run is not None and one.run == run.id]
    spans = dict(
        zip(
            (one.id for one in seen[1:]),
            (*(f.span for f in inspection.faults), *(n.span for n in inspection.notes)),
            strict=True,
        )
    )
    by_id = {one.id: one for one in seen}
    found = [
        _fault(verdict, by_id, spans) for verdict in session.verdicts if inspection.kind is not None
    ]
    return found + [
        InspectionFinding(one.summary, None, one.summary, spans[one.id], *_place(one))
        for one in seen
        if one.code == "pasted.note"
    ]


def _fault(
    verdict: Verdict, by_id: Mapping[str, Observation], spans: Mapping[str, Span | None]
) -> InspectionFinding:
    shown = [one for one in verdict.evidence if one in by_id]
    if not shown:
        return InspectionFinding(verdict.title, verdict)
    return InspectionFinding(
        verdict.title, verdict, None, spans.get(shown[0]), *_place(by_id[shown[0]])
    )


def _place(seen: Observation) -> tuple[int | None, int | None]:
    return seen.data.get("line"), seen.data.get("column")
