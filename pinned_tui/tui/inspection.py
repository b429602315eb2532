"""Inspections of inputs: their secrets guarded, kept, taken into a session. Draws nothing."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from pinned_tui.checks.inspection_run import Handed, asking_for, inspected, new_inspection
from pinned_tui.core.clock import Clock
from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import (
    InputKind,
    InputText,
    Inspection,
    InspectionContext,
    Span,
    StoppedError,
)
from pinned_tui.redaction.secret import Secret
from pinned_tui.redaction.secret_strength import Grade, grade
from pinned_tui.session import Certainty, Observation, Session, Timeline, Verdict
from pinned_tui.tui.controller import Controller
from pinned_tui.tui.masking import Masked, mask

if TYPE_CHECKING:
    from pinned_tui.checks.request import RawCheckRequest
    from pinned_tui.diagnosis.catalog import Catalog


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
    """What an inspection came to.

    Attributes:
        held: The input that was inspected.
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
        """The requests of the input in order, cleaned and redacted."""
        return self.session.inputs[-1].timeline

    @property
    def corrected(self) -> str | None:
        """The corrected version, redacted."""
        return self.session.inputs[-1].corrected


@dataclass(frozen=True, slots=True)
class Inspector:
    """Inspects inputs.

    Attributes:
        clock: Tells when.
        catalogue: The causes and their words.
        begin: Makes the session that an inspection is written into.
    """

    clock: Clock
    catalogue: "Catalog"
    begin: Callable[[], Session]

    def inspect(
        self,
        held: InputBuffer,
        kind: InputKind | None = None,
        say: Callable[[float], None] = lambda _: None,
    ) -> InspectionResult:
        """Inspect ``held``. Works in any thread.

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
            Handed.of(held.pasted, held.name),
            inspection,
            clock=self.clock,
            catalogue=self.catalogue,
        )


@dataclass
class InspectionProgress:
    """Ends an inspection from outside, and reports how far it has come.

    Attributes:
        report: Called with how far it has come, in whole percents, from the thread at work.
    """

    report: Callable[[int], object]
    stop_requested: threading.Event = field(default_factory=threading.Event)
    _last: int = -1

    def say(self, done: float) -> None:
        """Take note of ``done``, from 0 to 1.

        Raises:
            StoppedError: The inspection was stopped.
        """
        if self.stop_requested.is_set():
            raise StoppedError
        percent = int(done * 100)
        if percent != self._last:
            self._last = percent
            self.report(percent)


def _to_hide(held: InputBuffer, secret: Secret) -> bool:
    """Return whether ``secret`` is hidden; a typed word is not taken for a key yet."""
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


_PATIENCE_S = 0.3
"""From when on a wait is shown."""


@dataclass(frozen=True, slots=True)
class KeptInspection:
    """What is in the field of Inspect, for when the page is opened again. It is never written.

    Attributes:
        held: Gives the input, with its secrets.
        kind: What the user said that it is.
        inspections: The inspections of it.
    """

    held: Callable[[], InputBuffer]
    kind: InputKind | None
    inspections: "InspectionKeeper"


class InspectionKeeper:
    """Inspects one input after the other, for the session in progress or one of its own."""

    def __init__(self, controller: Controller, in_progress: Session | None) -> None:
        """Work for ``controller``.

        Args:
            controller: What holds the session and the secrets.
            in_progress: The session that the findings are for, if there is one already.
        """
        self._controller = controller
        self._state = controller.state
        self._in_progress = in_progress
        self.begun: Session | None = None
        self.example = False
        self.added: list[Secret] = []
        self.inspector: Inspector | None = None

    @property
    def joins(self) -> bool:
        """Whether the findings are for a session that is in progress already."""
        return self._in_progress is not None

    async def ready(self) -> Inspector:
        """Read the words of the causes, the first time, and return the inspector."""
        if self.inspector is None:
            reference = await self._state.load_reference()
            self.inspector = Inspector(
                self._controller.services.clock, reference.catalogue, self._begin
            )
        return self.inspector

    def anew(self, *, example: bool = False) -> None:
        """Go on to another input; an example is not kept."""
        self.begun, self.example = None, example

    def go_on_with(self, before: "InspectionKeeper") -> None:
        """Go on with the input that ``before`` inspected last."""
        self.begun, self.example, self.added = before.begun, before.example, before.added

    def _begin(self) -> Session:
        """Return the session that every inspection of the same input is written into."""
        if self.begun is None:
            services = self._controller.services
            self.begun = new_inspection(
                base_url=self._controller.base_url, clock=services.clock, chance=services.chance
            )
        return self.begun

    async def inspect(
        self, held: Callable[[], InputBuffer], kind: InputKind | None, waited: Callable[[int], None]
    ) -> InspectionResult | None:
        """Inspect in a thread, which ends soon after this is cancelled.

        Args:
            held: Gives the input, in that thread.
            kind: What the user says that it is.
            waited: Told how many per cent are done, once it takes long.
        """
        inspector = await self.ready()
        loop = asyncio.get_running_loop()
        long, done = False, 0

        def reached(percent: int) -> None:
            nonlocal done
            done = percent
            if long:
                waited(percent)

        progress = InspectionProgress(
            report=lambda percent: loop.call_soon_threadsafe(reached, percent)
        )
        task = asyncio.ensure_future(
            asyncio.to_thread(lambda: inspector.inspect(held(), kind, progress.say))
        )
        try:
            ended, _ = await asyncio.wait({task}, timeout=_PATIENCE_S)
            if not ended:
                long = True
                waited(done)
            return await task
        except StoppedError:
            return None
        finally:
            long = False
            progress.stop_requested.set()
            task.cancel()

    def guard(self, result: InspectionResult) -> None:
        """Let nothing that leaves the program hold a secret of the input as it is now."""
        secrets = self._state.secrets
        secrets[:] = [one for one in secrets if not any(one is own for own in self.added)]
        before = len(secrets)
        for secret in result.inspection.secrets:
            self._state.guard(secret)
        self.added = secrets[before:]

    def keep(self, result: InspectionResult) -> None:
        """Keep what was found in the history, unless it is for the session in progress."""
        if not self.example and not self.joins and result.inspection.kind is not None:
            self._controller.history.save_soon(result.session)

    async def into_session(self, result: InspectionResult) -> "tuple[Session, RawCheckRequest]":
        """Return the session that goes on with ``result``, and what a check would ask for."""
        inspector, held = await self.ready(), result.held
        session = result.session
        if self.joins and self._state.session is not None:
            session = inspector.written(self._state.session, held, result.inspection)
        handed = Handed.of(held.pasted, held.name)
        self.added = []  # the session goes on, and its secrets stay guarded
        return session, asking_for(self._asked(), handed, result.inspection)

    def _asked(self) -> "RawCheckRequest":
        if self.joins:
            return self._state.request
        return replace(self._state.initial_request, payload=None, payload_name=None)
