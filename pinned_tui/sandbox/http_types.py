"""Requests and responses as plain values, and every error response of the API (page *errors*)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request as it arrived.

    Attributes:
        path: The decoded path below the part of the sandbox that responds, with its first slash.
        query: Names and values in their order.
        headers: Names in lower case and values in their order; a name can come twice.
        body: The whole body, or None when it was over the limit and was not read on.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = b""

    def values(self, name: str) -> tuple[str, ...]:
        """Return every value of the header ``name``, given in lower case."""
        return tuple(value for key, value in self.headers if key == name)

    def header(self, name: str) -> str | None:
        """Return the header ``name`` as RFC 9110 joins repeated ones, or None without it."""
        values = self.values(name)
        return ", ".join(values) if values else None


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """One response, ready to be sent."""

    status: int
    body: bytes
    media_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, headers: Iterable[tuple[str, str]]) -> "ApiResponse":
        """Return the same response with more headers."""
        return replace(self, headers=(*self.headers, *headers))


def json_response(
    status: int,
    value: Any,  # noqa: ANN401 - any JSON
    headers: tuple[tuple[str, str], ...] = (),
) -> ApiResponse:
    """Make a response whose body is ``value`` as JSON."""
    return ApiResponse(status, msgspec.json.encode(value), headers=headers)


class RefusalError(Exception):
    """The API refuses a request with an error.

    Attributes:
        status: HTTP status.
        code: The envelope's code, for example ``invalid_request``.
        field: Path of the offending field, with ``issue`` in words; both or neither.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        field: str | None = None,
        issue: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.issue = issue
        self.headers = headers

    def response(self, request_id: str) -> ApiResponse:
        """Write the envelope; ``invalid_api_key`` has no request id, as in the documents."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.code != "invalid_api_key":
            error["requestId"] = request_id
        if self.field is not None:
            error["details"] = {"field": self.field, "issue": self.issue}
        return json_response(self.status, {"error": error}, self.headers)


def invalid_request(field: str, issue: str) -> RefusalError:
    """400: body, query or headers are invalid."""
    message = f"The request is invalid at {field}."
    return RefusalError(400, "invalid_request", message, field=field, issue=issue)


def invalid_api_key(*, missing: bool = False) -> RefusalError:
    """401: the same for a missing, malformed, revoked, disabled and expired key.

    Args:
        missing: Say that there was no key at all, which the documented API does not.
    """
    return RefusalError(
        401,
        "invalid_api_key",
        "No API key was sent." if missing else "The API key is missing or not valid.",
        headers=(("WWW-Authenticate", "Bearer"),),
    )


def insufficient_scope() -> RefusalError:
    """403: the key is valid and lacks the scope of the route."""
    return RefusalError(
        403, "insufficient_scope", "The API key does not have the scope that this route requires."
    )


def forbidden() -> RefusalError:
    """403: the key's owner can't use the channel now."""
    return RefusalError(403, "forbidden", "The owner of this API key cannot use this channel.")


def not_found() -> RefusalError:
    """404: it does not exist, or the key can't reach it; the response doesn't say which."""
    return RefusalError(404, "not_found", "This does not exist, or this API key cannot reach it.")


def method_not_allowed(allowed: tuple[str, ...]) -> RefusalError:
    """405: the path exists, the method doesn't; RFC 9110, section 15.5.6, wants ``Allow``."""
    names = ", ".join(allowed)
    return RefusalError(
        405,
        "invalid_request",
        f"This route takes {names} only.",
        headers=(("Allow", names),),
    )


def conflict(issue: str) -> RefusalError:
    """409: the idempotency key is held by another request."""
    return RefusalError(
        409,
        "conflict",
        "The request conflicts with an earlier one.",
        field="Idempotency-Key",
        issue=issue,
    )


def rate_limited(headers: tuple[tuple[str, str], ...] = ()) -> RefusalError:
    """429: a limit is used up; the headers say when to come back."""
    return RefusalError(
        429, "rate_limited", "Too many requests. Wait before the next one.", headers=headers
    )


def internal_error() -> RefusalError:
    """500: the server failed, whatever was asked."""
    return RefusalError(500, "internal_error", "Something went wrong on the server.")
