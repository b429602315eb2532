"""Reads a record whose fields have names of their own: by what their values look like. Pure.

Every edge, load balancer and house names things its own way. What no list of names knows is told by
its value: an address of the API, a method, a status. Names count only to choose between several.
"""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from pinned_tui.contract.base_url import NAMESPACE
from pinned_tui.inspect.log.record import FieldRoles

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_STATUS = re.compile(r"\s*([1-5]\d\d)(?:\.0)?(?:\s+[A-Z][A-Za-z -]{1,40})?\s*")
_WORD = re.compile(r"status|code|result|outcome|http|response|answer", re.IGNORECASE)
_SURE = re.compile(r"status", re.IGNORECASE)
_NO_STATUS = re.compile(
    r"size|bytes|length|port|time|stamp|duration|elapsed|took|latency|count|total|page|limit|number"
    r"|\bms\b|(?:Ms|Id|ID|_id|_ms)\Z|zip|channel|retry|wait|body|payload",
)
_BEHIND = re.compile(r"origin|upstream|target|backend", re.IGNORECASE)
_PHRASES = {status.phrase.lower().replace("-", " "): status.value for status in HTTPStatus}
_DEEPEST_WEIGHED = 3
_MOST = 200


def weigh(record: Mapping[str, Any], fields: FieldRoles) -> None:
    """Add address, method and status to ``fields`` where no name in ``record`` tells them."""
    named = list(_named(record, _DEEPEST_WEIGHED))[:_MOST]
    if not isinstance(fields.get("url"), str | dict):
        address = next((value for _, value in named if _is_address(value)), None)
        if address is not None:
            fields["url"] = address
    if fields.get("method") is None:
        fields["method"] = next(
            (value for _, value in named if isinstance(value, str) and value in _METHODS), None
        )
    if fields.get("status") in (None, 0, "") and fields.get("url") is not None:
        statuses = [(_weight(name), status) for name, value in named
                    if (status := _status(name, value)) is not None]  # fmt: skip
        if statuses:
            fields["status"] = max(statuses, key=lambda one: one[0])[1]


def _named(record: Mapping[str, Any], depth: int) -> Iterator[tuple[str, Any]]:
    for name, value in list(record.items())[:_MOST]:
        if isinstance(value, Mapping) and depth > 0:
            yield from _named(value, depth - 1)
        else:
            yield str(name), value


def _is_address(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    if not isinstance(value, str) or len(value) > 4000 or " " in value.strip():
        return False
    return NAMESPACE in value or "//pinned.events" in value


def _status(name: str, value: Any) -> int | None:  # noqa: ANN401 - any JSON value
    """Return a value that is a status by its looks and not something else by its name."""
    if isinstance(value, bool) or _NO_STATUS.search(name):
        return None
    if isinstance(value, str) and _WORD.search(name) and (spoken := status_in_words(value)):
        return spoken
    match = _STATUS.fullmatch(str(value)) if isinstance(value, int | float | str) else None
    worded = isinstance(value, str) and len(value.split()) > 1
    if match is None or not (worded or _WORD.search(name) or len(name) <= 2):
        return None
    return int(match[1])


def status_in_words(text: str) -> int | None:
    """Return the status that a reason phrase stands for, such as ``Too Many Requests``."""
    return _PHRASES.get(re.sub(r"[\s_-]+", " ", text.strip().lower()))


def _weight(name: str) -> tuple[bool, bool, bool]:
    """Return how well a name fits a status that the client got: what an edge answered counts."""
    return _SURE.search(name) is not None, _BEHIND.search(name) is None, "code" in name.lower()
