"""Fields that are not there, and values of the wrong kind, IDs among them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pinned_tui.inspect.json_source.edits import Edit
from pinned_tui.inspect.json_source.nodes import Node
from pinned_tui.inspect.model import Span
from pinned_tui.inspect.payload.event import (
    Fix,
    FoundField,
    PayloadEvent,
    Suggestion,
    in_words,
    joined,
    kind_of,
    literal,
    quoted,
    replaced,
    shown,
)
from pinned_tui.inspect.payload.field_names import REQUIRED
from pinned_tui.inspect.sentences import say
from pinned_tui.session import Certainty

LARGEST_EXACT = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly (RFC 8259, section 6)."""

_TEXT, _LIST, _OBJECT, _ID, _DATE = "string", "array", "object", "integer", "date"
_EXPECTED: Mapping[str, str] = {
    "channelId": _ID,
    "title": _TEXT,
    "startAt": _DATE,
    "endAt": _DATE,
    "timezone": _TEXT,
    "classifications": _LIST,
    "classifications[]": _TEXT,
    "approxLocation": _OBJECT,
    "approxLocation.city": _OBJECT,
    "approxLocation.city.placeId": _TEXT,
    "approxLocation.city.name": _TEXT,
    "approxLocation.city.countryCode": _TEXT,
    "status": _TEXT,
    "locationName": _TEXT,
    "coverImage": _ID,
    "offers": _LIST,
    "offers[]": _OBJECT,
    "offers[].name": _TEXT,
    "offers[].url": _TEXT,
    "offers[].availability": _TEXT,
}
_DIGITS = re.compile(r"\s*[0-9]{1,15}\s*")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class _Way:
    """The way from a value of the wrong kind to one of the right kind."""

    suggestion: Suggestion = None
    written: str | None = None


def missing(event: PayloadEvent) -> None:
    """Note required fields that are absent, null or blank."""
    for path in REQUIRED:
        found = event.fields.get(path)
        if event.is_settled(path):
            continue
        if found is None:
            if not (event.partial or _in_wrong_kind(event, path)):
                holder = _nearest(event, path)
                brace = isinstance(holder.value, dict)
                span = Span(holder.start, holder.start + 1) if brace else holder.span
                field = joined(event.subject, path)
                detail = say("payload.field-missing.absent", field=field)
                event.add("field-missing", path, detail, span=span)
        elif _is_empty(found.node):
            _note_empty(event, path, found)
    for path, found in list(event.fields.items()):
        if path.startswith("classifications[") and _is_empty(found.node):
            _note_empty(event, path, found)


def _note_empty(event: PayloadEvent, path: str, found: FoundField) -> None:
    how = {"null": "null", "string": "blank"}.get(kind_of(found.node), "empty")
    event.add(
        "field-missing",
        path,
        say(f"payload.field-missing.{how}", field=joined(event.subject, path)),
        at=found,
        found=shown(found.node),
    )
    event.settled.add(path)


def _is_empty(node: Node) -> bool:
    value = node.value
    blank = isinstance(value, str) and not value.strip()
    return value is None or blank or (isinstance(value, list) and not value)


def _in_wrong_kind(event: PayloadEvent, path: str) -> bool:
    """Return whether a field can't be there because what it stands in is no object."""
    parts = path.split(".")
    for depth in range(1, len(parts)):
        holder = event.fields.get(".".join(parts[:depth]))
        node = holder.node if holder else None
        if node is not None and not (isinstance(node.value, dict) or _is_empty(node)):
            return True
    return False


def _nearest(event: PayloadEvent, path: str) -> Node:
    """Return the object in which a field that is absent should stand."""
    while "." in path:
        path = path.rpartition(".")[0]
        holder = event.fields.get(path)
        if holder is not None:
            return holder.node
    return event.node


def wrong_kinds(event: PayloadEvent) -> None:
    """Note values whose kind is not the documented one."""
    for path, found in list(event.fields.items()):
        expected = _EXPECTED.get(re.sub(r"\[[0-9]+\]", "[]", path))
        if expected is None or event.is_settled(path) or found.node.value is None:
            continue
        if expected == _ID:
            _check_id(event, path, found)
        elif not _fits(found.node, expected):
            way = _Way() if path == "timezone" else _way(found, expected)
            _wrong(event, path, found, expected, way)


def _fits(node: Node, expected: str) -> bool:
    value = node.value
    if expected == _DATE:
        return isinstance(value, str | int | float) and not isinstance(value, bool)
    kinds: Mapping[str, type] = {_TEXT: str, _LIST: list, _OBJECT: dict}
    return isinstance(value, kinds[expected])


def _wrong(event: PayloadEvent, path: str, found: FoundField, expected: str, way: _Way) -> None:
    subject = joined(event.subject, path)
    actual, wanted = in_words(found.node), say(f"payload.expected.{expected}")
    fix = replaced(found, way.written, subject) if way.written is not None else None
    if path == "offers" and isinstance(found.node.value, dict):
        fix = _in_a_list(found, subject)
    event.settled.add(path)
    event.add(
        "field-wrong-type",
        path,
        say(
            "payload.field-wrong-type.kind",
            field=subject,
            actual=actual,
            value=shown(found.node),
            expected=wanted,
        ),
        at=found,
        found=shown(found.node),
        suggestion=way.suggestion,
        fix=fix,
        values={"actual": actual, "expected": wanted},
    )


def _in_a_list(found: FoundField, subject: str) -> Fix:
    """Put a value into square brackets as it stands."""
    start, end = found.node.start, found.node.end
    edits = (Edit(Span(start, start), "["), Edit(Span(end, end), "]"))
    return Fix(edits, say("payload.field-wrong-type.list-change", field=subject))


def _way(found: FoundField, expected: str) -> _Way:
    """Find what the value becomes when its kind alone is changed."""
    node = found.node
    if expected == _LIST:
        return _as_list(node)
    if expected == _TEXT and isinstance(node.value, int) and not isinstance(node.value, bool):
        if abs(node.value) > LARGEST_EXACT:
            return _Way()
        return _Way(str(node.value), literal(str(node.value)))
    if expected == _TEXT and isinstance(node.value, dict):
        slug = node.members.get("slug")
        text = slug.node.value if slug else None
        return _Way(text, literal(text)) if isinstance(text, str) and text.strip() else _Way()
    if expected == _TEXT and isinstance(node.value, list) and len(node.value) == 1:
        only = node.value[0].value
        return _Way(only, literal(only)) if isinstance(only, str) and only.strip() else _Way()
    return _Way()


def _as_list(node: Node) -> _Way:
    """Put one value into a list; of several in one text the list is only proposed."""
    value = node.value
    if isinstance(value, str):
        parts = [part.strip() for part in re.split(r"[,;|]", value[:400]) if part.strip()]
        one = len(parts) == 1 and _SLUG.fullmatch(parts[0]) is not None
        written = literal(parts)
        return _Way(written, literal([value.strip()]) if one else None) if parts else _Way()
    return _Way()


def _check_id(event: PayloadEvent, path: str, found: FoundField) -> None:
    """Note what can't be the number of a channel or an image."""
    value = found.node.value
    if isinstance(value, str):
        _text_for_id(event, path, found, value)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        _wrong(event, path, found, _ID, _inner_id(found.node))
    elif isinstance(value, float):
        whole = value.is_integer() and 0 < value <= LARGEST_EXACT
        way = _Way(int(value), str(int(value))) if whole else _Way()
        _wrong_number(event, path, found, "fraction", way)
    elif value < 1:
        _wrong_number(event, path, found, "not-positive", _Way())
    elif value > LARGEST_EXACT:
        _wrong_number(event, path, found, "too-large", _Way())


def _inner_id(node: Node) -> _Way:
    """Find the number within ``{"id": 42}`` or ``[42]``."""
    member = node.members.get("id")
    inner = member.node if member else node.items[0] if len(node.items) == 1 else None
    value = inner.value if inner else None
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_EXACT:
        return _Way(value, str(value))
    return _Way()


def _wrong_number(event: PayloadEvent, path: str, found: FoundField, why: str, way: _Way) -> None:
    subject = joined(event.subject, path)
    sure = way.suggestion is None
    event.settled.add(path)
    event.add(
        "field-wrong-type",
        path,
        say(f"payload.wrong-number.{why}", field=subject, value=shown(found.node)),
        certainty=Certainty.CONFIRMED if sure else Certainty.LIKELY,
        at=found,
        found=shown(found.node),
        suggestion=way.suggestion,
        fix=replaced(found, way.written, subject) if way.written is not None else None,
        values={
            "actual": say("payload.actual.other-number"),
            "expected": say("payload.expected.id"),
        },
    )


def _text_for_id(event: PayloadEvent, path: str, found: FoundField, value: str) -> None:
    if not value.strip():
        if path != "channelId":
            _wrong(event, path, found, _ID, _Way())
        return
    if _DIGITS.fullmatch(value) and int(value) > 0:
        number = int(value)
        _wrong(event, path, found, _ID, _Way(number, str(number)))
        return
    subject = joined(event.subject, path)
    event.settled.add(path)
    if path == "channelId":
        kind = "url" if "://" in value else "name"
        what = say(f"payload.channel-form.{kind}")
        event.add(
            "channel-id-not-numeric",
            path,
            say(
                "payload.channel-id-not-numeric.seen",
                field=subject,
                value=quoted(value),
                actual=what,
            ),
            at=found,
            found=value,
            values={"actual": what},
        )
        return
    is_address = re.match(r"(?:https?:|//|www\.|data:|/)", value.strip())
    kind = "address" if is_address else "text"
    what = say(f"payload.image-form.{kind}")
    event.add(
        "cover-image-not-an-id",
        path,
        say(
            "payload.cover-image-not-an-id.seen",
            field=subject,
            value=quoted(value),
            actual=what,
        ),
        at=found,
        found=value,
        values={"actual": what},
    )
