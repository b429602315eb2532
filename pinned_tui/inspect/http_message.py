"""Requests and responses as they are in an input, however they are written there.

The names of header fields tell headers from other lines with a colon: those of RFC 9110 and its
neighbours, of browsers, and of the edges in front of servers.
"""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from pinned_tui.inspect.model import Span
from pinned_tui.inspect.tables import load_table


@dataclass(frozen=True, slots=True)
class Header:
    """One header line as it was written.

    Attributes:
        span: The whole header in the pasted text, where it stands there in one piece.
        value_span: Its value alone.
        implied: Whether the client adds it by itself, as curl adds the content type of ``-d``.
        filled: The parts of the value that a shell puts something else in place of.
    """

    name: str
    value: str
    span: Span | None = None
    value_span: Span | None = None
    implied: bool = False
    filled: tuple[Span, ...] = ()

    @property
    def is_filled(self) -> bool:
        """Whether a shell fills in some of the value."""
        return bool(self.filled)


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """Where a field stands that a command names one by one.

    Attributes:
        filled: Whether a shell fills in some of its value.
    """

    span: Span
    filled: bool = False


@dataclass(frozen=True, slots=True)
class HttpBody:
    """The body of a request.

    Attributes:
        text: What is sent, or None where a file that was not pasted holds it.
        file: Name of that file.
        span: Where the body stands in the pasted text, with the quotes around it.
        offsets: For each character of ``text``, its place in the pasted text; None where the body
            stands there to the letter from ``start`` on.
        start: Place of the first character in the pasted text, where ``offsets`` is None.
        filled: The parts of ``text`` that a shell puts something else in place of.
        places: Where the fields stand, by JSON path, if the client puts the JSON together.
    """

    text: str | None
    file: str | None = None
    span: Span | None = None
    offsets: Sequence[int] | None = None
    start: int = 0
    filled: tuple[Span, ...] = ()
    places: Mapping[str, "FieldPlace"] = field(default_factory=dict)

    def locate(self, span: Span) -> Span:
        """Return where a part of ``text`` stands in the pasted text."""
        if self.offsets is None:
            return span.shifted(self.start)
        if not self.offsets:
            return Span(self.start, self.start)
        last = len(self.offsets) - 1
        first = self.offsets[min(span.start, last)]
        return Span(first, max(first + 1, self.offsets[min(max(span.end - 1, 0), last)] + 1))


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it would be sent.

    Attributes:
        method: In capitals; None where only headers were pasted.
        url: As written; a path alone where the host is in a header.
        origin: What it was written in: ``curl``, ``httpie``, ``http`` or ``har``.
        span: The whole request in the pasted text.
        query: What the client adds to the query of the address, as ``curl -G`` does.
        url_filled: The parts of the address that a shell puts something else in place of.
        default_scheme: The scheme that the client takes for an address without one.
        shell: The shell that a command was written for: ``bash``, ``cmd`` or ``powershell``.
        open_ended: Whether something that was not pasted may add headers: a configuration file,
            a variable, a session.
    """

    method: str | None
    url: str | None
    headers: tuple[Header, ...] = ()
    body: HttpBody | None = None
    method_span: Span | None = None
    url_span: Span | None = None
    origin: str = "http"
    span: Span | None = None
    query: str = ""
    url_filled: tuple[Span, ...] = ()
    default_scheme: str | None = None
    shell: str | None = None
    open_ended: bool = False

    def header(self, name: str) -> Header | None:
        """Return the first header of that name, whatever its case."""
        return next(self.headers_named(name), None)

    def headers_named(self, name: str) -> Iterator[Header]:
        """Return all headers of that name, whatever their case."""
        wanted = name.lower()
        return (header for header in self.headers if header.name.lower() == wanted)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response as it stands in an input.

    Attributes:
        status: The status code; None where only a body was pasted.
        text: The body as text.
        body_start: Where the body begins in the pasted text.
        complete: False where the input ends before the announced length.
    """

    status: int | None
    reason: str = ""
    headers: tuple[Header, ...] = ()
    text: str = ""
    body_start: int | None = None
    complete: bool = True
    span: Span | None = None

    def header(self, name: str) -> str | None:
        """Return the value of the first header of that name, whatever its case."""
        wanted = name.lower()
        return next((h.value for h in self.headers if h.name.lower() == wanted), None)


_FAMILIES = re.compile(
    r":(?:method|path|scheme|authority|status)|(?:x|sec|access-control|cf|cdn|akamai|fastly"
    r"|ratelimit|idempoten\w*|http_\w+|true-client)[-_].+|ratelimit|idempoten\w*",
    re.IGNORECASE,
)
_TELLING = frozenset({"accept", "authorization", "cookie", "origin", "referer"})
_PANEL = frozenset({"request url", "request method", "status code", "remote address"})


class HeaderNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of header fields, in small letters.

    Attributes:
        known: Those by which a line of text is known to be a header.
        shown: Those whose values are no credentials, so that they may be shown.
        like_key: What people call ``Authorization`` or ``x-api-key``.
        like_idempotency_key: What people call ``Idempotency-Key``, without signs.
    """

    known: frozenset[str]
    shown: frozenset[str]
    like_key: frozenset[str]
    like_idempotency_key: frozenset[str]


@functools.cache
def header_names() -> HeaderNames:
    """Return the names of header fields that are known here."""
    return load_table("headers", HeaderNames)


def is_header_name(name: str) -> bool:
    """Return whether ``name`` is that of a header, or stands for one in a browser's panel."""
    plain = name.strip().lower()
    return (
        plain in header_names().known or plain in _PANEL or _FAMILIES.fullmatch(plain) is not None
    )


def is_telling(name: str) -> bool:
    """Return whether hardly anything but HTTP has this name; ``date`` may be anywhere."""
    plain = name.strip().lower()
    return is_header_name(name) and (not plain.isalpha() or plain in _TELLING)
