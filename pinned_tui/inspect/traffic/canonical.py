"""Payloads as the API compares them: order of keys, blanks and spelling of numbers don't count.

The vendor's page *Idempotency* speaks of the canonical payload without defining it; the rules of
RFC 8785 are what such comparisons commonly follow.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from pinned_tui.inspect.traffic.timestamps import TimestampReader
from pinned_tui.redaction.sanitize import clean_line

_SHORT = 12
_DEEPEST = 40
_MOST_DIFFERENCES = 200
_BLANKS = re.compile(r"\s+")
_DIGITS = 15


def digest(payload: Any) -> bytes | None:  # noqa: ANN401 - any JSON value
    """Return a digest that is the same for payloads that mean the same; None if there is none."""
    try:
        encoded = msgspec.json.encode(payload, order="deterministic")
        if b".0" in encoded:
            encoded = msgspec.json.encode(_plain_numbers(payload, _DEEPEST), order="deterministic")
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None
    return hashlib.blake2b(encoded, digest_size=_SHORT).digest()


def _plain_numbers(value: Any, depth: int) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 10**_DIGITS else value
    if depth < 1:
        return value
    if isinstance(value, dict):
        return {name: _plain_numbers(one, depth - 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain_numbers(one, depth - 1) for one in value]
    return value


def source_of(payload: Any, moments: TimestampReader) -> tuple[str | None, str | None]:  # noqa: ANN401
    """Return what tells the event of a payload from others, and its title.

    Events with the same title, start and channel are the same one, however it is spelled.
    """
    if not isinstance(payload, dict):
        return None, None
    title = payload.get("title")
    if not isinstance(title, str) or not title.strip():
        return None, None
    plain = _BLANKS.sub(" ", title.strip()).casefold()
    start = payload.get("startAt", payload.get("start_at"))
    moment = moments.read(start)
    channel = payload.get("channelId", payload.get("channel_id"))
    identity = "\x1f".join(str(part)[:200] for part in (plain, moment or start, channel))
    return identity, clean_line(title.strip(), 60)


def differences(first: Any, second: Any) -> tuple[tuple[str, Any, Any], ...]:  # noqa: ANN401
    """Return path and both values of everything in which two payloads differ."""
    found: list[tuple[str, Any, Any]] = []
    try:
        for one in _differing("", first, second, _DEEPEST):
            found.append(one)
            if len(found) >= _MOST_DIFFERENCES:
                break
    except RecursionError:
        return tuple(found)
    return tuple(found)


class Missing:
    """Stands for a field that one of two payloads does not have."""

    def __repr__(self) -> str:
        return "not there"


MISSING = Missing()


def _differing(path: str, first: Any, second: Any, depth: int) -> Iterator[tuple[str, Any, Any]]:  # noqa: ANN401
    if isinstance(first, dict) and isinstance(second, dict) and depth > 0:
        for name in dict.fromkeys((*first, *second)):
            inner = f"{path}.{name}" if path else str(name)
            yield from _differing(
                inner, first.get(name, MISSING), second.get(name, MISSING), depth - 1
            )
    elif _comparable(first, second) and depth > 0:
        for place, (one, other) in enumerate(zip(first, second, strict=True)):
            yield from _differing(f"{path}[{place}]", one, other, depth - 1)
    elif not _alike(first, second):
        yield path or "the whole body", first, second


def _comparable(first: Any, second: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Return whether two lists can be compared entry by entry; one in another order is another."""
    if not (isinstance(first, list) and isinstance(second, list) and len(first) == len(second)):
        return False
    return first == second or not reordered(first, second)


def reordered(first: Any, second: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Return whether two lists hold the same entries in another order."""
    if not (isinstance(first, list) and isinstance(second, list)) or len(first) != len(second):
        return False
    return first != second and sorted(map(repr, first)) == sorted(map(repr, second))


def _alike(first: Any, second: Any) -> bool:  # noqa: ANN401 - any JSON value
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    return bool(first == second)
