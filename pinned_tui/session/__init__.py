"""The Session: the one thing that flows through pinned-tui, and the small types it is made of.

The TUI, the headless commands, the history and the reports are views of a Session; none of them
knows anything that another can't get. A Session is immutable: each step returns a new one.
:func:`encode` and :func:`decode` turn it into one JSON document and back without loss; that
document is the report's JSON, the history's record and the file that a replay opens.

Nothing in here may hold a secret. Text from outside is cleaned and redacted before it gets in
(:mod:`pinned_tui.redaction`).
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal

import msgspec

from pinned_tui.session.exchange import ApiError, Exchange, Failure, RateLimit, Request, Response
from pinned_tui.session.inspection import Attempt, AttemptMark, Input, Strand, Timeline
from pinned_tui.session.states import (
    NOT_SURE,
    SCOPES,
    SYMPTOMS,
    Certainty,
    NamedSymptom,
    Outcome,
    Scope,
    ScopeState,
    Status,
    Symptom,
    weightiest,
)
from pinned_tui.session.target import Answer, Channel, Consent, KeyFacts, Target, Tool
from pinned_tui.session.verdict import (
    LEFT_OPEN,
    NAMES_NO_FAULT,
    NOT_REPRODUCED,
    Considered,
    Cost,
    Fate,
    NextStep,
    Observation,
    Proven,
    Standing,
    Verdict,
)

__all__ = [
    "LEFT_OPEN",
    "NAMES_NO_FAULT",
    "NOT_REPRODUCED",
    "NOT_SURE",
    "SCHEMA_VERSION",
    "SCOPES",
    "SYMPTOMS",
    "Answer",
    "ApiError",
    "Attempt",
    "AttemptMark",
    "Certainty",
    "Channel",
    "Consent",
    "Considered",
    "Cost",
    "Exchange",
    "Failure",
    "Fate",
    "Input",
    "KeyFacts",
    "NamedSymptom",
    "NextStep",
    "Observation",
    "Outcome",
    "Planned",
    "Proven",
    "Purpose",
    "RateLimit",
    "Request",
    "Response",
    "Run",
    "Scope",
    "ScopeState",
    "Session",
    "SessionFileError",
    "Standing",
    "Status",
    "Strand",
    "Symptom",
    "Target",
    "Timeline",
    "Tool",
    "Verdict",
    "decode",
    "encode",
    "replace",
    "weightiest",
    "without_pasted",
]

SCHEMA_VERSION = 1


Purpose = Literal["check", "verify", "further", "inspect"]
"""What a run is for; see :class:`Run`."""


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """What a probe was to send, as it was told before it was sent.

    Attributes:
        route: The path below the API's namespace, or what else it asks, in words.
        consent: Whether the user had to agree first.
    """

    probe: str
    method: str
    route: str
    consent: bool = False


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One pass over what is to be found out.

    Attributes:
        purpose: A check; one that verifies a fix; a further look that tells causes apart and adds
            to the run before it; a look at an input.
        probes: Ids of all probes that were to run.
        planned: What those among them were to send that send over HTTP.
        target: What was asked, and ``key`` what may be told of the key it was asked with; None
            in sessions of older versions.
    """

    id: str
    purpose: Purpose
    started_at: str
    finished_at: str | None = None
    outcome: Outcome | None = None
    verdicts: tuple[Verdict, ...] = ()
    scopes: dict[str, ScopeState] = {}
    requests_sent: int = 0
    probes: tuple[str, ...] = ()
    planned: tuple[Planned, ...] = ()
    target: Target | None = None
    key: KeyFacts | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was asked, sent, received, seen and concluded.

    ``verdicts``, ``considered``, ``scopes``, ``channels`` and ``outcome`` are those of the latest
    run, and ``proof`` says what became in it of the first run's verdicts;
    ``observations`` and ``exchanges`` are of all runs, each marked with its ``run``.
    """

    schema_version: int = SCHEMA_VERSION
    kind: Literal["session"] = "session"
    id: str
    tool: Tool
    started_at: str
    finished_at: str | None = None
    target: Target
    key: KeyFacts | None = None
    section: str | None = None
    step: str | None = None
    outcome: Outcome | None = None
    verdicts: tuple[Verdict, ...] = ()
    considered: tuple[Considered, ...] = ()
    proof: tuple[Proven, ...] = ()
    observations: tuple[Observation, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    scopes: dict[str, ScopeState] = {}
    channels: tuple[Channel, ...] = ()
    answers: tuple[Answer, ...] = ()
    consents: tuple[Consent, ...] = ()
    inputs: tuple[Input, ...] = ()
    runs: tuple[Run, ...] = ()
    requests_sent: int = 0

    @property
    def run(self) -> Run | None:
        """The latest run, or None before the first one."""
        return self.runs[-1] if self.runs else None

    @property
    def before(self) -> Run | None:
        """What the latest run is held against: the first, as further looks left it, if another."""
        ends = [r for r, then in pairwise(self.runs) if then.purpose != "further"]
        return ends[0] if ends else None

    @property
    def first_cause(self) -> str | None:
        """The cause of the leading verdict, the answer to the user's question."""
        return self.verdicts[0].cause if self.verdicts else None

    def latest(self) -> tuple[Observation, ...]:
        """Return the observations that decide the verdicts: those of the latest run.

        What was pasted right before a check counts with it; a run that verifies a fix stands
        alone, since the input is still what it was. A further look adds to the run before it: of
        what it looked at again only the later observations count.
        """
        counted: set[str] = set()
        looked_at: set[str] = set()
        for run in self._counted():
            seen = [o for o in self.observations if o.run == run.id and o.probe not in looked_at]
            counted |= {one.id for one in seen}
            if run.purpose == "further":
                looked_at |= {one.probe for one in seen if not one.code.startswith("run.")}
        return tuple(one for one in self.observations if one.id in counted)

    def _counted(self) -> Iterator[Run]:
        """Go through the runs whose observations count together, the latest first."""
        leads = True
        for run in reversed(self.runs):
            if not leads and run.purpose != "inspect":
                return
            yield run
            if run.purpose == "verify":
                return
            leads = run.purpose == "further"


class SessionFileError(ValueError):
    """A document is not a session of ours; the message says why, for the user."""


def replace(session: Session, /, **changes: Any) -> Session:  # noqa: ANN401 - any field's type
    """Return ``session`` with ``changes``."""
    return msgspec.structs.replace(session, **changes)


def without_pasted(session: Session) -> Session:
    """Return ``session`` as it may be kept and handed on: without what was pasted.

    Corrected versions and the lines around a fault hold private payloads, which the vendor's rule
    on safe logging keeps out of records (page *Security best practices*). The places of faults,
    what was found there and what was changed stay.
    """
    if not session.inputs:
        return session
    inputs = tuple(msgspec.structs.replace(one, corrected=None) for one in session.inputs)
    seen = tuple(map(_without_excerpt, session.observations))
    return replace(session, inputs=inputs, observations=seen)


def _without_excerpt(seen: Observation) -> Observation:
    if "excerpt" not in seen.data:
        return seen
    data = {name: value for name, value in seen.data.items() if name not in {"excerpt", "mark"}}
    return msgspec.structs.replace(seen, data=data)


def encode(session: Session) -> bytes:
    """Write ``session`` as one JSON document in UTF-8, indented by two spaces."""
    return msgspec.json.format(msgspec.json.encode(session), indent=2) + b"\n"


def decode(document: bytes) -> Session:
    """Read what :func:`encode` wrote.

    Unknown keys are passed over: the schema's version grows only when the meaning of a key does.

    Raises:
        SessionFileError: the document is no session, or one of a newer schema.
    """
    try:
        session = msgspec.json.decode(document, type=Session)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SessionFileError(f"This is not a pinned-tui session: {error}") from None
    if session.schema_version > SCHEMA_VERSION:
        raise SessionFileError(
            f"This session has schema version {session.schema_version}; this pinned-tui reads up"
            f" to {SCHEMA_VERSION}. Update pinned-tui to open it."
        )
    return session
