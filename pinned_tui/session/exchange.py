"""One request and its response, as far as they may be kept."""

from typing import Any

import msgspec


class RateLimit(msgspec.Struct, frozen=True, kw_only=True):
    """The rate-limit fields of a response, as far as it had any.

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
    """Why an exchange has no usable response.

    Attributes:
        kind: One of the kinds in :data:`pinned_tui.client.errors.KINDS`, for example ``dns``.
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
        answered_by: Who answered, by the rules of :mod:`pinned_tui.api_spec.response_origin`:
            ``api``, ``edge``, ``gateway``, ``site``, ``portal``, ``proxy``, ``redirect``,
            ``broken`` or ``other``.
        product: The product that writes such responses, where somebody else answered and the
            response shows it.
        signs: What shows who answered instead of the API, a phrase each.
        headers: Allowed names only.
        excerpt: The parts of the body that a diagnosis needs, cut to length; event documents are
            reduced to the fields that decide about visibility.
        complete: False when a budget cut the body short or the connection broke.
    """

    status: int
    reason: str = ""
    http_version: str = ""
    answered_by: str = "other"
    product: str | None = None
    signs: tuple[str, ...] = ()
    headers: dict[str, str] = {}
    content_type: str | None = None
    body_bytes: int = 0
    excerpt: Any = None
    complete: bool = True
    request_id: str | None = None
    error: ApiError | None = None
    rate_limit: RateLimit | None = None


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One request and its response, or the reason why there is none."""

    id: str
    run: str
    probe: str
    started_at: str
    request: Request
    response: Response | None = None
    timings_ms: dict[str, float] = {}
    error: Failure | None = None
