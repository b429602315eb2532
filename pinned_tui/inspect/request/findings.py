"""What the rules about a request find, and how each of them may change it."""

from dataclasses import dataclass, field
from enum import StrEnum

from pinned_tui.inspect.http_message import Header, HttpRequest
from pinned_tui.inspect.model import Fault, Note, Span
from pinned_tui.redaction.secret import Secret
from pinned_tui.redaction.secret_strength import is_placeholder

_SHORTEST_SECRET = 4
_LONGEST_SECRET = 8192


class RequestPart(StrEnum):
    """The part of a request that an edit changes."""

    METHOD = "method"
    URL = "url"
    HEADER = "header"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class RequestEdit:
    """A change to one part of a request, told apart from how the request is written.

    Attributes:
        change: What it fixes, in one sentence; None where it only hides a credential.
        header: The header that it is about; None adds one.
        name: The name of the header from now on.
        value: What is to stand there; None takes the header out.
        key: Whether the key follows ``value``, as a placeholder.
        filled: The parts of ``value`` that the shell is to put something else in place of.
    """

    part: RequestPart
    change: str | None
    header: Header | None = None
    name: str | None = None
    value: str | None = None
    key: bool = False
    filled: tuple[Span, ...] = ()


@dataclass(slots=True)
class RequestFindings:
    """What was found in a request.

    Attributes:
        faults: What is wrong, in the order in which to fix it.
        secrets: The credentials in it.
        edits: What would fix it, as far as that can be done without knowing more; edits that only
            hide a credential are among them.
    """

    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    edits: list[RequestEdit] = field(default_factory=list)

    def hide(self, *values: str) -> None:
        """Note credentials, which nothing may repeat; placeholders and fragments are none."""
        for value in values:
            if _SHORTEST_SECRET <= len(value.strip()) <= _LONGEST_SECRET and not is_placeholder(
                value
            ):
                self.secrets.append(Secret(value, source="pasted"))

    def extend(self, other: "RequestFindings") -> None:
        """Take over what ``other`` holds."""
        self.faults += other.faults
        self.notes += other.notes
        self.secrets += other.secrets
        self.edits += other.edits


def headers_seen(request: HttpRequest) -> bool:
    """Return whether all headers that matter are in view, so that a missing one can be missed.

    A request line without any header was pasted for its address, and a command may read further
    headers from a file or a variable.
    """
    return bool(request.headers or request.origin != "http") and not request.open_ended


def in_words(request: HttpRequest, path: str | None) -> str | None:
    """Return method and path for a sentence, None where one of them is not known."""
    if request.method is None or path is None:
        return None
    return f"{request.method} {path}"
