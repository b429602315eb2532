"""Holds an event against a JSON Schema: the live one, or the bundled contract.

The rules of the other modules speak first, since they know what is meant; the schema adds what
they don't know, such as lengths and sets of words that only the live document states.
"""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

from pinned_tui.inspect.json_source.nodes import plain
from pinned_tui.inspect.payload.event import FoundField, PayloadEvent, joined, shown
from pinned_tui.inspect.sentences import load_sentences, say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

Schema = Mapping[str, object]

_NAMED_KINDS = frozenset({"string", "integer", "number", "boolean", "array", "object"})
"""The types of JSON Schema, but for ``null``, which is called that."""

_SET_OF_WORDS: Mapping[str, str] = {
    "status": "status-unknown",
    "availability": "offer-availability-unknown",
}
_MOST_FAULTS = 100
_DEEPEST = 40
_SAFE_PATTERN = re.compile(r"(?:[^()*+{}|\\]|\\[dswDSW.\-/+])*(?:[*+]|\{\d{1,4}(?:,\d{0,4})?\})?"
                           r"(?:[^()*+{}|\\]|\\[dswDSW.\-/+])*")  # fmt: skip
"""A pattern with one quantifier at most and no groups takes no more than linear time."""


@functools.cache
def bundled() -> Schema:
    """Return the contract that comes with the package."""
    text = resources.files(__package__).joinpath("contract.json").read_text("utf-8")
    contract: dict[str, object] = json.loads(text)
    return contract


@dataclass(frozen=True)
class SchemaSource:
    """The schema that events are held against.

    Attributes:
        live: Whether it is the API's own, not the bundled contract.
    """

    validator: "Validator"
    live: bool
    schema: Schema = field(default_factory=dict)


def open_book(live: Schema | None) -> SchemaSource:
    """Take the live schema where there is one that can be used, else the bundled contract."""
    validator = _validator(live) if live is not None else None
    if validator is None or live is None:
        return _bundled_book()
    return SchemaSource(validator, live=True, schema=live)


@functools.cache
def _bundled_book() -> SchemaSource:
    validator = _validator(bundled())
    if validator is None:
        raise ValueError("the bundled contract isn't a JSON Schema")
    return SchemaSource(validator, live=False)


def structure(event: PayloadEvent, book: SchemaSource) -> None:
    """Note where an event does not fit the schema, after all other rules have spoken."""
    if book.live:
        _overrule(event, book.schema)
    value = _as_meant(event)
    for number, error in enumerate(_errors(book.validator, value)):
        if number >= _MOST_FAULTS:
            break
        _note(event, error, live=book.live)


def _overrule(event: PayloadEvent, schema: Schema) -> None:
    """Take back what was said of a word that the live schema lists among the allowed ones."""
    for path, found in event.fields.items():
        cause = _SET_OF_WORDS.get(path.rpartition(".")[2])
        if cause is None or found.node.value not in _words_of(schema, path):
            continue
        subject = joined(event.subject, path)
        event.take_back(cause, subject)
        event.settled.discard(path)


def _words_of(schema: object, path: str) -> list[object]:
    """Return the words that a schema lists for a field, none where it lists none."""
    for name in path.replace("[", ".[").split("."):
        inner = schema if isinstance(schema, Mapping) else {}
        properties = inner.get("properties")
        fields = properties if isinstance(properties, Mapping) else {}
        schema = inner.get("items") if name.startswith("[") else fields.get(name)
    words = schema.get("enum") if isinstance(schema, Mapping) else None
    return words if isinstance(words, list) else []


def _errors(validator: "Validator", value: Any) -> Iterator["ValidationError"]:  # noqa: ANN401
    try:
        yield from sorted(validator.iter_errors(value), key=lambda error: str(error.json_path))
    except RecursionError:
        return


def _validator(schema: Schema) -> "Validator | None":
    """Make a validator that asks nobody else; None where the schema is none."""
    import jsonschema
    from referencing import Registry

    tame = _tame(schema, 0)
    try:
        jsonschema.Draft202012Validator.check_schema(tame)
    except (jsonschema.SchemaError, RecursionError):
        return None
    return jsonschema.Draft202012Validator(tame, registry=Registry())


def _tame(schema: object, depth: int) -> Any:  # noqa: ANN401 - any JSON value
    """Leave out what would call for other documents or for endless time."""
    if isinstance(schema, list):
        return [_tame(item, depth + 1) for item in schema] if depth < 2 * _DEEPEST else True
    if not isinstance(schema, Mapping):
        return schema
    if depth > _DEEPEST:
        return True
    kept = {}
    for name, part in schema.items():
        if name in {"$ref", "$dynamicRef", "$id", "$schema", "patternProperties"}:
            continue
        if name == "pattern" and not (isinstance(part, str) and _is_safe(part)):
            continue
        if name == "properties" and isinstance(part, Mapping):
            kept[name] = {field: _tame(inner, depth + 1) for field, inner in part.items()}
        else:
            kept[name] = _tame(part, depth + 1)
    return kept


def _is_safe(pattern: str) -> bool:
    if len(pattern) > 200 or _SAFE_PATTERN.fullmatch(pattern) is None:
        return False
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _as_meant(event: PayloadEvent) -> object:
    """Return the event with misnamed fields under the API's names, without optional nulls."""
    value = plain(event.node)
    if not isinstance(value, dict):
        return value
    for path, found in event.fields.items():
        if "." not in path and "[" not in path and found.path != path:
            value[path] = plain(found.node)
            value.pop(found.path, None)
    return {name: part for name, part in value.items() if part is not None}


def _note(event: PayloadEvent, error: "ValidationError", *, live: bool) -> None:
    """Turn what the validator says into a fault, unless a rule has said it already."""
    path = _path(error)
    kind = str(error.validator)
    if kind == "required":
        _note_required(event, error, path)
        return
    found = event.fields.get(path)
    if path and (event.is_settled(path) or _is_told(event, path) or _is_null(found)):
        return
    if kind == "type":
        _note_type(event, error, path, found)
        return
    if not live or f"rule.{kind}" not in load_sentences("payload"):
        return
    if kind == "additionalProperties" and any(f.cause == "field-misnamed" for f in event.faults):
        return
    _note_constraint(event, error, path, found, kind)


def _is_told(event: PayloadEvent, path: str) -> bool:
    """Return whether a fault of that field is known, or of something within it."""
    whole = joined(event.subject, path)
    return any(
        fault.subject is not None
        and (fault.subject == whole or fault.subject.startswith((f"{whole}.", f"{whole}[")))
        for fault in event.faults
        if fault.certainty is not Certainty.POSSIBLE
    )


def _is_there(event: PayloadEvent, path: str) -> bool:
    """Return whether a field, or one that belongs into it, was found wherever it stands."""
    return path in event.fields or any(name.startswith(f"{path}.") for name in event.fields)


def _is_null(found: FoundField | None) -> bool:
    return found is not None and found.node.value is None


def _path(error: "ValidationError") -> str:
    path = ""
    for part in error.absolute_path:
        path = f"{path}[{part}]" if isinstance(part, int) else joined(path, str(part))
    return path


def _note_required(event: PayloadEvent, error: "ValidationError", path: str) -> None:
    """Note required fields that only the live document names, such as those of an offer."""
    if event.partial or not isinstance(error.instance, dict):
        return
    names = error.validator_value if isinstance(error.validator_value, list) else []
    for name in names:
        if name in error.instance:
            continue
        whole = joined(path, str(name))
        if event.is_settled(whole) or _is_there(event, whole) or _is_told(event, whole):
            continue
        holder = event.fields.get(path)
        event.settled.add(whole)
        event.add(
            "field-missing",
            whole,
            say("payload.field-missing.absent", field=joined(event.subject, whole)),
            span=holder.node.span if holder else None,
        )


def _note_type(
    event: PayloadEvent, error: "ValidationError", path: str, found: FoundField | None
) -> None:
    wanted = error.validator_value
    kinds = [str(kind) for kind in (wanted if isinstance(wanted, list) else [wanted])]
    expected = " or ".join(
        say(f"payload.expected.{kind}") if kind in _NAMED_KINDS else kind for kind in kinds
    )
    actual = shown(found.node) if found else clean_line(json.dumps(error.instance)[:200], 80)
    subject = joined(event.subject, path)
    event.settled.add(path)
    event.add(
        "field-wrong-type",
        path,
        say("payload.field-wrong-type.schema", field=subject, value=actual, expected=expected),
        at=found,
        found=actual,
        values={"expected": expected},
    )


def _note_constraint(
    event: PayloadEvent, error: "ValidationError", path: str, found: FoundField | None, kind: str
) -> None:
    """Note a rule of the live schema that nothing here knows, in the schema's own terms."""
    limit = error.validator_value
    listed = ", ".join(map(str, limit[:12])) if isinstance(limit, list) else str(limit)
    rule = say(f"payload.rule.{kind}", limit=clean_line(listed, 160))
    cause = _SET_OF_WORDS.get(path.rpartition(".")[2]) if kind == "enum" else None
    subject = joined(event.subject, path)
    text = found.node.value if found and isinstance(found.node.value, str) else None
    event.settled.add(path)
    event.add(
        cause or "payload-rejected",
        path,
        say(
            "payload.payload-rejected.seen",
            rule=rule,
            field=subject or say("payload.payload-rejected.body"),
        ),
        certainty=Certainty.CONFIRMED if cause else Certainty.LIKELY,
        at=found,
        found=text if text is not None else (shown(found.node) if found else None),
        values={"field": subject or None, "expected": rule},
    )
