"""What an inspection works with and what it comes to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pinned_tui.inspect.excerpt import InputExcerpt
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Certainty, Timeline


class InputKind(StrEnum):
    """What a user can paste; the values are the words of ``--kind``."""

    KEY = "key"
    CURL = "curl"
    HTTPIE = "httpie"
    REQUEST = "request"
    RESPONSE = "response"
    HAR = "har"
    PAYLOAD = "payload"
    ANSWER = "answer"
    LOG = "log"
    SETTINGS = "settings"
    COLLECTION = "collection"
    WORKFLOW = "workflow"
    CODE = "code"


TITLES: Mapping[InputKind, str] = {
    InputKind.KEY: "an API key",
    InputKind.CURL: "a curl command",
    InputKind.HTTPIE: "an HTTPie command",
    InputKind.REQUEST: "a raw HTTP request",
    InputKind.RESPONSE: "a raw HTTP response",
    InputKind.HAR: "a HAR file",
    InputKind.PAYLOAD: "the JSON body of a create request",
    InputKind.ANSWER: "a response in JSON, or an error",
    InputKind.LOG: "log lines",
    InputKind.SETTINGS: "settings, such as an .env file",
    InputKind.COLLECTION: "requests saved by an API client",
    InputKind.WORKFLOW: "a no-code workflow",
    InputKind.CODE: "code that calls the API",
}
"""The kinds in words, in the order in which they are looked for."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the pasted text: offsets in characters, ``end`` is the first one behind it."""

    start: int
    end: int

    def shifted(self, by: int) -> "Span":
        """Return the same part of a text that begins ``by`` characters later."""
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the input itself shows to be wrong.

    Attributes:
        cause: An id of the catalogue.
        detail: What was seen, in one sentence.
        subject: The path of the field, the scope, the channel: as DESIGN's *subject*.
        found: The offending value, not yet redacted.
        suggestion: The value proposed instead.
        span: Where it stands in the pasted text.
        path: Where it stands in JSON, for example ``offers[0].url``.
        alternatives: What this can't be told apart from.
        values: What else the sentences of the catalogue may need, by placeholder.
    """

    cause: str
    certainty: Certainty
    detail: str
    subject: str | None = None
    found: str | None = None
    suggestion: str | int | None = None
    span: Span | None = None
    path: str | None = None
    alternatives: tuple[str, ...] = ()
    values: Mapping[str, str | int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that needs no action.

    Attributes:
        code: Its name, for example ``key-masked-in-request``.
        summary: One sentence.
    """

    code: str
    summary: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """The input with its mechanical faults fixed, the key left as a placeholder.

    Attributes:
        text: The whole corrected input.
        language: What it is written in: ``bash``, ``cmd``, ``powershell``, ``http`` or ``json``.
        changes: What was changed, a sentence each.
    """

    text: str
    language: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an inspection came to.

    Attributes:
        kind: What the input is, or None where nothing recognised it.
        summary: What was found to be there, in one sentence.
        faults: What is wrong, in the order in which to fix it.
        secrets: The keys and credentials in the input, which nothing may repeat.
        judged: How many requests, responses, bodies or keys in it were held against the rules. With
            none, nothing can be said for the input: not that it is as it should be either.
        reported: Whether no response stands in it, only what a program or a page tells of one.
    """

    kind: InputKind | None
    summary: str
    faults: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()
    correction: Correction | None = None
    timeline: Timeline | None = None
    secrets: tuple[Secret, ...] = ()
    judged: int = 0
    reported: bool = False


class StoppedError(Exception):
    """The user stopped an inspection; :attr:`InspectionContext.say` raises it."""


def _nothing(_done: float) -> None:
    """Tell nobody how far the inspection has come."""


@dataclass(frozen=True, slots=True)
class InspectionContext:
    """What every inspection works with.

    Attributes:
        now: The present moment, aware; what lies before it is past.
        slugs: The public classification slugs, or None while only the bundled words are known.
        schema: The JSON Schema of a create request from the live OpenAPI document, or None for
            the bundled contract.
        say: Told how far the work has come, from 0 to 1; may raise :class:`StoppedError`.
    """

    now: datetime
    slugs: frozenset[str] | None = None
    schema: Mapping[str, object] | None = None
    say: Callable[[float], None] = _nothing


@dataclass(frozen=True, slots=True)
class InputText:
    """The input as text, with what its bytes showed.

    Attributes:
        text: The text; what was not UTF-8 in it is U+FFFD.
        broken_at: Offset of the first byte that is not UTF-8, or None.
        encoding: Name of the encoding that it was read in.
        size: Count of bytes of the input.
        excerpt: Where the text stood in an input that is too large to be held; None for all of it.
    """

    text: str
    broken_at: int | None = None
    encoding: str = "utf-8"
    size: int = 0
    excerpt: InputExcerpt | None = None


def read_input(data: bytes) -> InputText:
    """Read the bytes that a user handed over; never fails."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            text = data[2:].decode(encoding, errors="replace")
            return InputText(text, encoding="utf-16", size=len(data))
    try:
        return InputText(data.decode("utf-8"), size=len(data))
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", errors="replace")
        return InputText(text, broken_at=error.start, size=len(data))


def read_text(text: str) -> InputText:
    """Take over text that was pasted; half characters in it count as broken."""
    data = text.encode("utf-8", errors="replace")
    return InputText(
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), size=len(data)
    )
