"""Judges the body of a request: from bytes to the first fault, if there is one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from pinned_tui.sandbox.fields import EVENT_FIELDS, BodyContext, FieldSpec
from pinned_tui.sandbox.idempotency import whole_numbers
from pinned_tui.sandbox.refusals import invalid_request
from pinned_tui.sandbox.wire import ApiRequest

_ABSENT = object()

_TYPES: Mapping[str, tuple[type, str]] = {
    "integer": (int, "Must be a whole number, without quotes."),
    "string": (str, "Must be a string."),
    "object": (dict, "Must be an object."),
    "array": (list, "Must be a list."),
}


def read_body(call: ApiRequest) -> dict[str, Any]:
    """Return the JSON object that ``call`` carries.

    Raises:
        RefusalError: 400, naming ``Content-Type`` or ``body``.
    """
    media_type = (call.header("content-type") or "").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise invalid_request("Content-Type", "Must be application/json.")
    if call.body is None:
        raise invalid_request("body", "Is too large.")
    if not call.body.strip():
        raise invalid_request("body", "Is empty.")
    try:
        value = whole_numbers(msgspec.json.decode(call.body))
    except OverflowError:
        raise invalid_request("body", "Has a number that is too large.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise invalid_request("body", "Is not valid JSON in UTF-8.") from None
    if not isinstance(value, dict):
        raise invalid_request("body", "Must be a JSON object.")
    return value


def judge(
    body: Mapping[str, Any], known: BodyContext, *, partial: bool = False, by_index: bool = False
) -> None:
    """Look for the first fault of ``body``, in the order of the table of fields.

    Args:
        body: The body of the request.
        known: What its values are judged against.
        partial: Whether fields may be left out, as in an update.
        by_index: Whether faults are put down to the item of a list where the documented
            behaviour is to name the list.

    Raises:
        RefusalError: 400 with the fault's field and issue.
    """
    for field in EVENT_FIELDS:
        if partial and field.parts[0] not in body:
            continue
        for path, value in _places(body, field.parts):
            issue = _type_fault(field, value)
            if issue is not None:
                raise invalid_request(path, issue)
            if value is _ABSENT or value is None or field.check is None:
                continue
            issue = field.check(value, known)
            if issue is not None:
                blamed = path if by_index or field.blamed is None else field.blamed
                raise invalid_request(blamed, issue)


def _type_fault(field: FieldSpec, value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    if value is _ABSENT or value is None:
        return "Is required." if field.required else None
    kind, issue = _TYPES[field.schema["type"]]
    if not isinstance(value, kind) or isinstance(value, bool):
        return issue
    if field.required and isinstance(value, str) and not value.strip():
        return "Is required and must not be blank."
    return None


def _places(value: Any, parts: Sequence[str], path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield every place that ``parts`` names in ``value``: its path as written, and what is there.

    A name that is missing yields ``_ABSENT``, under the whole path that was looked for.
    """
    if not parts:
        yield path, value
        return
    part, rest = parts[0], parts[1:]
    if part == "[]":
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from _places(item, rest, f"{path}[{index}]")
        return
    inner = value.get(part, _ABSENT) if isinstance(value, dict) else _ABSENT
    yield from _places(inner, rest, f"{path}.{part}" if path else part)
