"""Reads a body within its budget: bytes on the wire, bytes after decompression, sane JSON."""

import json
import math
import zlib
from typing import Any

_LARGEST_INT = 2**63 - 1
_MAX_INT_DIGITS = 19


class BodyError(Exception):
    """A body that can't be used; ``kind`` is one of the failure kinds, the message says why."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class BodyReader:
    """Takes in raw bytes piece by piece and undoes ``Content-Encoding`` with a bound.

    ``identity`` is asked for; ``gzip`` and ``deflate`` are understood all the same. A bound on
    the decoded size keeps one megabyte of gzip from becoming gigabytes.
    """

    def __init__(self, encoding: str, *, wire_limit: int, decoded_limit: int) -> None:
        self.wire_bytes = 0
        self._wire_limit = wire_limit
        self._decoded_limit = decoded_limit
        self._pieces: list[bytes] = []
        self._decoded = 0
        self._inflate = _inflater(encoding)

    def feed(self, piece: bytes) -> None:
        """Take in ``piece``.

        Raises:
            BodyError: a budget is used up, or the compression is broken.
        """
        self.wire_bytes += len(piece)
        if self.wire_bytes > self._wire_limit:
            raise BodyError("too-large", f"The response is larger than {self._wire_limit:,} bytes.")
        if self._inflate is not None:
            piece = self._inflated(piece)
        self._decoded += len(piece)
        if self._decoded > self._decoded_limit:
            raise BodyError(
                "too-large",
                f"The response unpacks to more than {self._decoded_limit:,} bytes.",
            )
        self._pieces.append(piece)

    def _inflated(self, piece: bytes) -> bytes:
        assert self._inflate is not None  # noqa: S101 - for the type checker; checked in feed
        try:
            return self._inflate.decompress(piece, self._decoded_limit - self._decoded + 1)
        except zlib.error:
            raise BodyError("malformed", "The response's compression is corrupt.") from None

    def finish(self) -> None:
        """Say that the connection has delivered everything.

        Raises:
            BodyError: the compressed stream breaks off in the middle.
        """
        if self._inflate is not None and self.wire_bytes and not self._inflate.eof:
            raise BodyError("interrupted", "The response breaks off in the middle.")

    @property
    def content(self) -> bytes:
        """What came so far, decoded."""
        return b"".join(self._pieces)


def _inflater(encoding: str) -> "zlib._Decompress | None":
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        case "deflate":
            return zlib.decompressobj()
        case _:
            raise BodyError(
                "encoding", "The response uses a compression that was not requested (not readable)."
            )


def parse_json(content: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Parse ``content`` as UTF-8 JSON (RFC 8259) within bounds; None when it is no JSON.

    Absurd input (thousands of nested brackets, integers of thousands of digits) counts as no
    JSON, and so do the non-numbers ``NaN`` and ``Infinity``.
    """
    text = content.decode("utf-8", errors="replace").lstrip("\ufeff")
    if not text.strip():
        return None
    try:
        return json.loads(text, parse_int=_integer, parse_float=_finite, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _integer(digits: str) -> int | float:
    """Read an integer; one beyond 64 bits becomes a float, as JavaScript would read it."""
    if len(digits.lstrip("-")) > _MAX_INT_DIGITS or abs(int(digits)) > _LARGEST_INT:
        return _finite(digits)
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("absurd number")
    return number


def _refuse(name: str) -> float:
    raise ValueError(f"{name} isn't JSON")
