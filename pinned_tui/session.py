"""The Session: the one thing that flows through pinned-tui, and the small types it is made of.

The TUI, the headless commands, the history and the reports are views of a Session; none of them
knows anything that another can't get. A Session is immutable: each step returns a new one.
:func:`encode` and :func:`decode` turn it into one JSON document and back without loss; that
document is the report's JSON, the history's record and the file that a replay opens.

Nothing in here may hold a secret. Text from outside is cleaned and redacted before it gets in
(:mod:`pinned_tui.privacy`).
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Literal

import msgspec

SCHEMA_VERSION = 1

SCOPES = ("channels:read", "events:create", "events:read", "events:update", "media:create")
"""The scopes of an API key, as the vendor's page *API keys and scopes* names them."""


class Outcome(StrEnum):
    """What a session came to; the exit codes of ``check`` follow from it."""

    HEALTHY = "healthy"
    PROBLEM = "problem"
    INCONCLUSIVE = "inconclusive"


class Status(StrEnum):
    """How an observation turned out."""

    PASS = "pass"  # noqa: S105 - a status, not a password
    FAIL = "fail"
    WARN = "warn"
    SKIP = "skip"
    UNKNOWN = "unknown"


_LIGHTEST_FIRST = (Status.PASS, Status.SKIP, Status.WARN, Status.UNKNOWN, Status.FAIL)


def weightiest(statuses: Iterable[Status]) -> Status | None:
    """Return the status that stands for all of ``statuses``, or None where there are none."""
    return max(statuses, key=_LIGHTEST_FIRST.index, default=None)


class Certainty(StrEnum):
    """How far the evidence carries a verdict, strongest first."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"


class ScopeState(StrEnum):
    """What is known of one scope of the key."""

    PRESENT = "present"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_PROBED = "not probed"


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """The program that made the session."""

    name: str = "pinned-tui"
    version: str


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What the person asked about.

    Attributes:
        base_url: Scheme and host, without the API's namespace and without a final slash.
        channel_id: The channel as a number, given or resolved.
        event_id: The event, a number where it is written as one.
        channel_given: What the person typed for the channel when it was not a number.
        event_title: What the event's title should contain, where its ID was not known.
        expected_start: When the event should begin, on the clock of the place.
        needs: Scopes asked for outright.
        payload: Name of the payload file, without its folder.
    """

    base_url: str
    channel_id: int | None = None
    event_id: int | str | None = None
    channel_given: str | None = None
    event_title: str | None = None
    expected_start: str | None = None
    needs: tuple[str, ...] = ()
    payload: str | None = None


class KeyFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What may be told of a key without telling the key.

    Attributes:
        source: Where it came from, for example ``environment`` or ``file``.
        length: Count of characters.
        shape: Its classes of characters in words, for example ``letters, digits and _``.
    """

    source: str
    length: int
    shape: str


class RateLimit(msgspec.Struct, frozen=True, kw_only=True):
    """The rate-limit fields of an answer, as far as it had any.

    Attributes:
        retry_after_s: Seconds to wait, from ``Retry-After`` in either of its forms (RFC 9110).
        retry_at: The moment from which a retry is allowed, RFC 3339 in UTC.
        fields: The fields as they came, by lower-case name.
    """

    retry_after_s: float | None = None
    retry_at: str | None = None
    fields: dict[str, str] = {}


class ApiError(msgspec.Struct, frozen=True, kw_only=True):
    """The API's error envelope: ``{"error": {code, message, requestId, details}}``."""

    code: str
    message: str
    request_id: str | None = None
    field: str | None = None
    issue: str | None = None


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why an exchange has no usable answer.

    Attributes:
        kind: One of the kinds in :data:`pinned_tui.api.failures.KINDS`, for example ``dns``.
        message: What happened, in plain words, redacted.
        phase: Where it happened: ``name``, ``connect``, ``tls``, ``request``, ``answer``.
    """

    kind: str
    message: str
    phase: str


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent. ``headers`` holds allowed names only; a key shows as ``[key-1]``."""

    method: str
    url: str
    headers: dict[str, str] = {}
    body_bytes: int = 0
    body: str | None = None


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """What was received.

    Attributes:
        answered_by: Who answered, by the rules of :mod:`pinned_tui.contract.responder`: ``api``,
            ``edge``, ``portal``, ``proxy``, ``redirect``, ``broken`` or ``other``.
        headers: Allowed names only.
        excerpt: The parts of the body that a diagnosis needs, cut to length; event documents are
            reduced to the fields that decide about visibility.
        complete: False when a budget cut the body short or the connection broke.
    """

    status: int
    reason: str = ""
    http_version: str = ""
    answered_by: str = "other"
    headers: dict[str, str] = {}
    content_type: str | None = None
    body_bytes: int = 0
    excerpt: Any = None
    complete: bool = True
    request_id: str | None = None
    error: ApiError | None = None
    rate_limit: RateLimit | None = None


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One request and its answer, or the reason why there is none."""

    id: str
    run: str
    probe: str
    started_at: str
    request: Request
    response: Response | None = None
    timings_ms: dict[str, float] = {}
    error: Failure | None = None


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that a probe or an inspection saw.

    Attributes:
        code: The fact's name, ``<probe>.<fact>``, listed in :mod:`pinned_tui.diagnosis.facts`.
        asked: Whether the person asked for what this decides; what nobody asked for informs but
            does not alarm.
        data: The particulars, plain JSON.
        exchanges: Ids of the exchanges that it was read from.
    """

    id: str
    run: str
    probe: str
    code: str
    status: Status
    summary: str
    asked: bool = True
    data: dict[str, Any] = {}
    exchanges: tuple[str, ...] = ()


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A cause with its certainty and evidence, in words ready to be read.

    Attributes:
        cause: An id of the catalogue (``diagnosis/data``); the ids are a contract.
        subject: Which scope, channel, event or field; the retry moment for a rate limit.
        found: The offending value, cleaned and redacted.
        suggestion: The value proposed instead.
        alternatives: What the evidence can't tell apart from this.
        unknowable: What can't be known from outside, and who can look.
        evidence: Ids of observations.
    """

    cause: str
    certainty: Certainty
    title: str
    section: str
    summary: str
    fix: tuple[str, ...]
    verify: str
    docs: str
    evidence: tuple[str, ...]
    subject: str | None = None
    found: str | None = None
    suggestion: str | int | None = None
    alternatives: tuple[str, ...] = ()
    unknowable: str | None = None


Standing = Literal["fits", "open", "ruled out", "not judged"]
"""Where a cause stands: what was seen fits it; it can't be told apart from the first verdict or
was not looked at; what was seen excludes it; something else comes first."""

Cost = Literal["free", "reads", "consent"]
"""What a probe costs: nothing is sent; requests that only read; the person has to agree first."""


class NextStep(msgspec.Struct, frozen=True, kw_only=True):
    """The cheapest probe that was not run and would tell further.

    Attributes:
        title: What it finds out, in words.
    """

    probe: str
    title: str
    cost: Cost


class Considered(msgspec.Struct, frozen=True, kw_only=True):
    """A cause that was considered for the leading question, and where it stands.

    Attributes:
        cause: An id of the catalogue; None for a possibility that has no row of its own, and for
            a check that was not done.
        subject: Which scope, channel, event or field, where the cause is about one.
        why: Why it stands there, in words.
        speaks_for: Ids of the observations that speak for it.
        against: Ids of the observations that speak against it.
        next: What would tell, where something is left to try.
    """

    cause: str | None
    title: str
    standing: Standing
    why: str
    subject: str | None = None
    speaks_for: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    next: NextStep | None = None


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel that the key's owner can use."""

    id: int
    name: str
    slug: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the person chose at a step of the guide.

    Attributes:
        option: The id of the option, or ``input`` where the step asked for text.
        by: Whether it follows the evidence or overrules it (or there was none).
        text: What was typed, where the step asked for text that is no secret.
    """

    step: str
    option: str
    by: Literal["evidence", "person"]
    at: str
    text: str | None = None


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """The person's word on a probe that does more than read."""

    probe: str
    method: str
    route: str
    could_change: str
    leaves: str
    given: bool
    how: Literal["asked", "beforehand"]
    at: str


Mark = Literal[
    "created",
    "replayed",
    "duplicate",
    "conflict",
    "in progress",
    "updated",
    "read",
    "refused",
    "limited",
    "failed",
    "unknown",
]
"""What a request of a log came to."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One request of a log or a HAR file.

    Attributes:
        line: Where it stands in the input: the line, or the number of the HAR entry, from 1.
        at: When it was sent, RFC 3339 in UTC; None where the log does not say.
        route: Path below the API's namespace, for example ``/events``.
        idempotency_key: Its ``Idempotency-Key``.
        event_id: The event that it made or that it is about.
        wait_s: Seconds that the answer told to wait.
        remark: What is noteworthy, in words.
    """

    line: int
    at: str | None = None
    method: str
    route: str
    status: int | None = None
    mark: Mark
    idempotency_key: str | None = None
    event_id: str | None = None
    request_id: str | None = None
    wait_s: float | None = None
    remark: str | None = None


class Strand(msgspec.Struct, frozen=True, kw_only=True):
    """The requests that belong together: those about one source event, or of one route.

    Attributes:
        label: What they are about, for example a title or a route.
        summary: What happened, in one sentence.
    """

    label: str
    summary: str
    attempts: tuple[Attempt, ...]
    left_out: int = 0


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """A log or a HAR file as a story.

    Attributes:
        requests: How many requests to the API were found.
        passed_over: How many lines or entries were about something else.
        left_out: How many strands are not shown.
    """

    requests: int
    passed_over: int = 0
    strands: tuple[Strand, ...] = ()
    left_out: int = 0


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a person pasted or named, and what came of looking at it.

    Attributes:
        id: ``in-1`` and so on.
        name: The file's name without its folder, or ``pasted``.
        kind: What it is, one of the words of ``--kind``; None where nothing recognised it.
        summary: What was found to be there, in one sentence.
        changes: What the corrected version changes, a sentence each.
        corrected: The corrected version. It holds what the person pasted, so it is neither kept
            in the history nor put into a report.
        language: What the corrected version is written in, for example ``bash`` or ``json``.
    """

    id: str
    run: str
    name: str
    kind: str | None
    summary: str
    size_bytes: int
    changes: tuple[str, ...] = ()
    corrected: str | None = None
    language: str | None = None
    timeline: Timeline | None = None


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """What a probe was to send, as it was told before it was sent.

    Attributes:
        route: The path below the API's namespace, or what else it asks, in words.
        consent: Whether the person had to agree first.
    """

    probe: str
    method: str
    route: str
    consent: bool = False


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One pass: the first check, a later one that verifies a fix, or a look at an input.

    Attributes:
        probes: Ids of all probes that were to run.
        planned: What those among them were to send that send over HTTP.
    """

    id: str
    purpose: Literal["check", "verify", "inspect"]
    started_at: str
    finished_at: str | None = None
    outcome: Outcome | None = None
    verdicts: tuple[Verdict, ...] = ()
    scopes: dict[str, ScopeState] = {}
    requests_sent: int = 0
    probes: tuple[str, ...] = ()
    planned: tuple[Planned, ...] = ()


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was asked, sent, received, seen and concluded.

    ``verdicts``, ``considered``, ``scopes``, ``channels`` and ``outcome`` are those of the latest
    run;
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
    def first_cause(self) -> str | None:
        """The cause of the leading verdict, the answer to the person's question."""
        return self.verdicts[0].cause if self.verdicts else None

    def latest(self) -> tuple[Observation, ...]:
        """Return the observations that decide the verdicts: those of the latest run.

        What was pasted right before a check counts with it; a run that verifies a fix stands
        alone, since the input is still what it was.
        """
        counted: set[str] = set()
        for run in reversed(self.runs):
            if counted and run.purpose != "inspect":
                break
            counted.add(run.id)
            if run.purpose == "verify":
                break
        return tuple(o for o in self.observations if o.run in counted)


class SessionFileError(ValueError):
    """A document is not a session of ours; the message says why, for the person."""


def replace(session: Session, /, **changes: Any) -> Session:  # noqa: ANN401 - any field's type
    """Return ``session`` with ``changes``."""
    return msgspec.structs.replace(session, **changes)


def without_pasted(session: Session) -> Session:
    """Return ``session`` as it may be kept and handed on: without corrected versions of inputs.

    They hold whole payloads, which the vendor's rule on safe logging keeps out of records (page
    *Security best practices*). What was changed stays.
    """
    inputs = tuple(msgspec.structs.replace(one, corrected=None) for one in session.inputs)
    return replace(session, inputs=inputs)


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


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the session document, made from the types above."""
    schema = msgspec.json.schema(Session)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "pinned-tui session"
    return schema
