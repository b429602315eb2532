"""One event of a payload while it is looked at: its fields with their places, and its faults."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pinned_tui.inspect.json_source.edits import Edit
from pinned_tui.inspect.json_source.nodes import Node
from pinned_tui.inspect.model import Fault, Span
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_LONGEST_SHOWN = 80

Suggestion: TypeAlias = str | int | None


@dataclass(frozen=True, slots=True)
class FoundField:
    """A field as it stands in the payload.

    Attributes:
        path: Where it stands, as written, from the event's own top.
        key: The place of its name; None for an item of a list.
    """

    node: Node
    path: str
    key: Span | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """What fixes a fault mechanically, and that in one sentence."""

    edits: tuple[Edit, ...]
    change: str


@dataclass
class PayloadEvent:
    """One event.

    Attributes:
        node: The object with its fields.
        place: Where it stands in the text, for example ``data`` or ``[2]``.
        subject: What comes before the paths of its fields in faults, ``[2]`` in a list.
        partial: Whether fields may be left out, as in an update.
        fields: The fields by the API's own paths; what is misnamed stands under the right one.
        settled: The API's paths of fields of which the fault is known; nothing more is said.
    """

    node: Node
    place: str = ""
    subject: str = ""
    partial: bool = False
    fields: dict[str, FoundField] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    fixes: list[tuple[Fault, Fix]] = field(default_factory=list)

    def get(self, path: str) -> FoundField | None:
        """Return the field of that path if it may be looked at."""
        return None if self.is_settled(path) else self.fields.get(path)

    def is_settled(self, path: str) -> bool:
        """Return whether the fault of a field, or of what it stands in, is known already."""
        while path:
            if path in self.settled:
                return True
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return False

    def text_of(self, path: str) -> str | None:
        """Return a field that is text and not blank."""
        found = self.get(path)
        value = found.node.value if found else None
        return value if isinstance(value, str) and value.strip() else None

    def add(
        self,
        cause: str,
        path: str,
        detail: str,
        *,
        certainty: Certainty = Certainty.CONFIRMED,
        at: FoundField | None = None,
        span: Span | None = None,
        found: str | None = None,
        suggestion: Suggestion = None,
        fix: Fix | None = None,
        values: Mapping[str, str | int | None] | None = None,
    ) -> None:
        """Note a fault.

        Args:
            cause: An id of the catalogue.
            path: The API's path of the field.
            detail: What was seen, in one sentence.
            certainty: How sure it is.
            at: The field as it stands there, for its place.
            span: The place, where it is not the field's value.
            found: The offending value.
            suggestion: The value proposed instead.
            fix: What fixes it mechanically.
            values: What else the sentences of the catalogue may need.
        """
        where = at.path if at else path
        self.faults.append(
            Fault(
                cause,
                certainty,
                detail,
                subject=joined(self.subject, path),
                found=clean_line(found, _LONGEST_SHOWN) if found is not None else None,
                suggestion=suggestion,
                span=span or (at.node.span if at else None),
                path=joined(self.place, where),
                values=values or {},
            )
        )
        if fix is not None:
            self.fixes.append((self.faults[-1], fix))

    def take_back(self, cause: str, subject: str) -> None:
        """Forget a fault, and what would have fixed it."""
        gone = [f for f in self.faults if f.cause == cause and f.subject == subject]
        self.faults = [fault for fault in self.faults if fault not in gone]
        self.fixes = [(fault, fix) for fault, fix in self.fixes if fault not in gone]


def joined(before: str, path: str) -> str:
    """Put a path behind another one."""
    return f"{before}{path}" if not before or path.startswith("[") else f"{before}.{path}"


def literal(value: object) -> str:
    """Write ``value`` as JSON."""
    return json.dumps(value, ensure_ascii=False)


def replaced(found: FoundField, written: str, path: str) -> Fix:
    """Put ``written``, which is JSON, in the place of a field's value."""
    shown = clean_line(written, _LONGEST_SHOWN)
    return Fix(
        (Edit(found.node.span, written),), say("payload.set.change", field=path, value=shown)
    )


def quoted(text: str) -> str:
    """Return foreign text as it is shown within a sentence."""
    return f"“{clean_line(text, _LONGEST_SHOWN)}”"


def kind_of(node: Node) -> str:
    """Return what kind of value it is, as JSON Schema calls it."""
    match node.value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def in_words(node: Node) -> str:
    """Return what kind of value it is, in words."""
    return say(f"payload.actual.{kind_of(node)}")


def shown(node: Node) -> str:
    """Return a value as JSON, cut to what can be read at a glance."""
    if isinstance(node.value, dict):
        return "{…}" if node.value else "{}"
    if isinstance(node.value, list):
        return "[…]" if node.value else "[]"
    if isinstance(node.value, int) and abs(node.value) > 10**30:
        return say("payload.actual.long-number")
    return clean_line(literal(node.value), _LONGEST_SHOWN)
