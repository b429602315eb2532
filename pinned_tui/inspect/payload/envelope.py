"""Finds the event, or the events, in whatever is around them."""

from collections.abc import Iterator
from dataclasses import dataclass

from pinned_tui.inspect.json_source.edits import Edit
from pinned_tui.inspect.json_source.nodes import Node
from pinned_tui.inspect.model import Fault, Span
from pinned_tui.inspect.payload.event import Fix, PayloadEvent, in_words, joined
from pinned_tui.inspect.payload.field_names import looks_like_event
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_DEEPEST = 4
_MOST = 200


@dataclass(frozen=True, slots=True)
class EventsInEnvelope:
    """What is in a body.

    Attributes:
        events: The events, each with the place where it stands.
        fault: What is around them, or None.
        fix: What takes that away.
    """

    events: tuple[PayloadEvent, ...] = ()
    fault: Fault | None = None
    fix: Fix | None = None


def unwrap(root: Node, *, partial: bool) -> EventsInEnvelope:
    """Find the events in the value of a body.

    Args:
        root: The value.
        partial: Whether fields may be left out, as in an update.
    """
    if isinstance(root.value, dict):
        inner = None if looks_like_event(root) else _inside(root)
        if inner is None:
            return EventsInEnvelope((PayloadEvent(root, partial=partial),))
        place, node = inner
        detail = say("payload.body-wrapped.object", place=f"“{clean_line(place, 60)}”")
        return _unwrapped(root, node, place, detail, partial=partial)
    if isinstance(root.value, list):
        return _of_list(root, partial=partial)
    detail = say("payload.body-wrapped.other", kind=in_words(root))
    return EventsInEnvelope(fault=_fault(root, detail))


def _of_list(root: Node, *, partial: bool) -> EventsInEnvelope:
    """Take several events for several requests, one for an event in needless brackets."""
    events = [item for item in root.items if isinstance(item.value, dict)]
    if len(root.items) > 1 and events and all(looks_like_event(item) for item in events):
        return EventsInEnvelope(several(root.items, "", partial=partial))
    if len(root.items) == 1 and events:
        detail = say("payload.body-wrapped.list-of-one")
        return _unwrapped(root, events[0], "[0]", detail, partial=partial)
    detail = say("payload.body-wrapped.list" if root.items else "payload.body-wrapped.empty-list")
    return EventsInEnvelope(fault=_fault(root, detail))


def several(nodes: list[Node], place: str, *, partial: bool) -> tuple[PayloadEvent, ...]:
    """Return events that stand one beside the other, each by its number."""
    return tuple(
        PayloadEvent(node, f"{place}[{index}]", f"[{index}]", partial=partial)
        for index, node in enumerate(nodes)
        if isinstance(node.value, dict)
    )


def _unwrapped(
    root: Node, node: Node, place: str, detail: str, *, partial: bool
) -> EventsInEnvelope:
    fault = _fault(root, detail)
    if isinstance(node.value, list) and len(node.items) > 1:
        return EventsInEnvelope(several(node.items, place, partial=partial), fault)
    if isinstance(node.value, list):
        node, place = node.items[0], f"{place}[0]"
    edits = (Edit(Span(root.start, node.start), ""), Edit(Span(node.end, root.end), ""))
    fix = Fix(edits, say("payload.body-wrapped.change"))
    return EventsInEnvelope((PayloadEvent(node, place, partial=partial),), fault, fix)


def _fault(root: Node, detail: str) -> Fault:
    span = Span(root.start, min(root.end, root.start + 1))
    return Fault("body-wrapped", Certainty.CONFIRMED, detail, span=span)


def _inside(root: Node) -> tuple[str, Node] | None:
    """Find an event, or a list of them, in an object that is none itself."""
    level = [("", root)]
    for _ in range(_DEEPEST):
        level = [found for place, node in level for found in _members(place, node)][:_MOST]
        for place, node in level:
            first = node.items[0] if node.items else node
            if isinstance(first.value, dict) and looks_like_event(first):
                return place, node
    return None


def _members(place: str, node: Node) -> Iterator[tuple[str, Node]]:
    for name, member in node.members.items():
        yield joined(place, name), member.node
