"""Requests and answers as plain values, so that the API itself needs no web framework."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request as it arrived.

    Attributes:
        path: The decoded path below the part of the sandbox that answers, with its first slash.
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
    """One answer, ready to be sent."""

    status: int
    body: bytes
    media_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()

    def with_headers(self, headers: Iterable[tuple[str, str]]) -> "ApiResponse":
        """Return the same answer with more headers."""
        return replace(self, headers=(*self.headers, *headers))


def json_answer(
    status: int,
    value: Any,  # noqa: ANN401 - any JSON
    headers: tuple[tuple[str, str], ...] = (),
) -> ApiResponse:
    """Make an answer whose body is ``value`` as JSON."""
    return ApiResponse(status, msgspec.json.encode(value), headers=headers)
