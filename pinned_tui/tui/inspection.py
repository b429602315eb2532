"""What becomes of a look at an input: guarded, kept, and taken into a session. Draws nothing."""

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


_PATIENCE_S = 0.3
"""From when on a wait is shown."""


@dataclass(frozen=True, slots=True)
class KeptInspection:
    """What is in the field of Inspect, for when the page is opened again. It is never written.

    Attributes:
        held: Gives the input, with its secrets.
        kind: What the user said that it is.
        inspections: The looks at it.
    """

    held: Callable[[], InputBuffer]
    kind: InputKind | None
    inspections: "InspectionKeeper"


class InspectionKeeper:
    """The looks at one input after the other, for a session at work or for one of their own."""

    def __init__(self, controller: Controller, at_work: Session | None) -> None:
        """Work for ``controller``.

        Args:
            controller: What holds the session and the secrets.
            at_work: The session that what is found is for, if there is one already.
        """
        self._controller = controller
        self._state = controller.state
        self._at_work = at_work
        self.begun: Session | None = None
        self.example = False
        self.added: list[Secret] = []
        self.eye: Inspector | None = None

    @property
    def joins(self) -> bool:
        """Whether what is found is for a session that is at work already."""
        return self._at_work is not None

    async def ready(self) -> Inspector:
        """Read the words of the causes, the first time, and return what looks."""
        if self.eye is None:
            books = await self._state.load_reference()
            self.eye = Inspector(self._controller.services.clock, books.catalogue, self._begin)
        return self.eye

    def anew(self, *, example: bool = False) -> None:
        """Have the looks to come be about another input; an example is not kept."""
        self.begun, self.example = None, example

    def go_on_with(self, before: "InspectionKeeper") -> None:
        """Have the looks to come be about the input that ``before`` looked at last."""
        self.begun, self.example, self.added = before.begun, before.example, before.added

    def _begin(self) -> Session:
        """Return the session that every look at the same input is written into."""
        if self.begun is None:
            services = self._controller.services
            self.begun = new_inspection(
                base_url=self._controller.base_url, clock=services.clock, chance=services.chance
            )
        return self.begun

    async def look(
        self, held: Callable[[], InputBuffer], kind: InputKind | None, waited: Callable[[int], None]
    ) -> InspectionResult | None:
        """Look in a thread, which ends soon after this is cancelled.

        Args:
            held: Gives the input, in that thread.
            kind: What the person says that it is.
            waited: Told how many per cent are done, once it takes long.
        """
        eye = await self.ready()
        loop = asyncio.get_running_loop()
        long, done = False, 0

        def told(percent: int) -> None:
            nonlocal done
            done = percent
            if long:
                waited(percent)

        stop = InspectionProgress(told=lambda percent: loop.call_soon_threadsafe(told, percent))
        task = asyncio.ensure_future(asyncio.to_thread(lambda: eye.look(held(), kind, stop.say)))
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
            stop.asked.set()
            task.cancel()

    def guard(self, looked: InspectionResult) -> None:
        """Let nothing that leaves the program hold a secret of the input as it is now."""
        secrets = self._state.secrets
        secrets[:] = [one for one in secrets if not any(one is own for own in self.added)]
        before = len(secrets)
        for secret in looked.inspection.secrets:
            self._state.guard(secret)
        self.added = secrets[before:]

    def keep(self, looked: InspectionResult) -> None:
        """Keep what was found in the history, unless it is for the session at work."""
        if not self.example and not self.joins and looked.inspection.kind is not None:
            self._controller.history.save_soon(looked.session)

    async def into_session(self, looked: InspectionResult) -> "tuple[Session, RawCheckRequest]":
        """Return the session that goes on with ``looked``, and what a check would ask for."""
        eye, held = await self.ready(), looked.held
        session = looked.session
        if self.joins and self._state.session is not None:
            session = eye.written(self._state.session, held, looked.inspection)
        handed = Handed(held.text, held.name, held.pasted.size)
        self.added = []  # the session goes on, and its secrets stay guarded
        return session, asking_for(self._asked(), handed, looked.inspection)

    def _asked(self) -> "RawCheckRequest":
        if self.joins:
            return self._state.request
        return replace(self._state.initial_request, payload=None, payload_name=None)
