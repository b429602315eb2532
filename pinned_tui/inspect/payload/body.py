"""The body of one create request, or of an update: what is wrong with it, and its correction."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pinned_tui.inspect.json_source import syntax_errors
from pinned_tui.inspect.json_source.edits import Edit, apply
from pinned_tui.inspect.json_source.lexer import offsets
from pinned_tui.inspect.json_source.nodes import DuplicateKey, Node, Scan, plain, walk
from pinned_tui.inspect.json_source.parser import scan
from pinned_tui.inspect.model import Fault, InspectionContext, Note, Span
from pinned_tui.inspect.payload.datetime_rules import moments
from pinned_tui.inspect.payload.envelope import EventsInEnvelope, several, unwrap
from pinned_tui.inspect.payload.event import FoundField, PayloadEvent, joined, quoted
from pinned_tui.inspect.payload.field_names import looks_like_event, name_fields
from pinned_tui.inspect.payload.schema import SchemaSource, open_book, structure
from pinned_tui.inspect.payload.types import missing, wrong_kinds
from pinned_tui.inspect.payload.values import offers, place, placeholders, words
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.credentials import is_secret_field
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.redaction.secret import Secret
from pinned_tui.redaction.secret_strength import is_placeholder
from pinned_tui.session import Certainty

_ORDER = (
    "body-template-unrendered",
    "field-misnamed",
    "field-missing",
    "field-duplicated",
    "field-wrong-type",
    "channel-id-not-numeric",
    "timezone-not-iana",
    "timezone-etc-sign",
    "datetime-malformed",
    "datetime-no-offset",
    "datetime-in-dst-gap",
    "datetime-ambiguous",
    "datetime-offset-mismatch",
    "datetime-utc-for-local",
    "end-not-after-start",
    "start-in-past",
    "classification-unknown",
    "cover-image-not-an-id",
    "offer-url-invalid",
    "offer-availability-unknown",
    "status-unknown",
    "payload-rejected",
    "place-id-suspicious",
)
"""What to fix first: what hides other faults, then what the API refuses, then mere doubts."""


def judge(
    event: PayloadEvent,
    context: InspectionContext,
    book: SchemaSource,
    twice: Iterable[tuple[str, DuplicateKey]],
) -> None:
    """Apply all rules to an event; the faults are in it afterwards."""
    name_fields(event)
    placeholders(event)
    for path, one in twice:
        _twice(event, path, one)
    missing(event)
    wrong_kinds(event)
    moments(event, context.now)
    words(event, context.slugs)
    offers(event)
    place(event)
    structure(event, book)


def _twice(event: PayloadEvent, path: str, twice: DuplicateKey) -> None:
    """Note a name that stands twice in one object (RFC 8259, section 4)."""
    name = joined(path, twice.name)
    same = plain(twice.first.node) == plain(twice.second.node)
    event.add(
        "field-duplicated",
        name,
        say(
            "payload.field-duplicated.same" if same else "payload.field-duplicated.different",
            name=quoted(name),
        ),
        certainty=Certainty.POSSIBLE if same else Certainty.LIKELY,
        at=FoundField(twice.second.node, name),
        span=twice.second.key_span,
    )


def ranked(faults: Iterable[Fault]) -> list[Fault]:
    """Put faults into the order in which to fix them."""
    places = {cause: number for number, cause in enumerate(_ORDER)}
    return sorted(faults, key=lambda fault: places.get(fault.cause, len(places)))


MOST_FAULTS = 300
"""Faults that are told of one input; with more than that nobody goes through them one by one."""

_MOST_EVENTS = 5000
_TAG = re.compile(
    r"\{%[^%{}]{1,300}%\}|\{\{[ \t]*(?:[#/^!>]|else\b)[^{}]{0,300}\}\}"
    r"|<\?(?:php\b)?[^=?][^?]{0,300}\?>"
    r"|<%(?!=)[^%]{1,300}%>|\[%[^%]{1,300}%\]|^[ \t]*@(?:foreach|if|for)\b[^\n]{0,200}$",
    re.MULTILINE,
)
"""Tags of a template that write nothing themselves: loops, conditions, comments."""

_MOST_LAYERS = 3
_SHORTEST_SECRET = 6
_STAND_IN = "YOUR_API_KEY"


@dataclass(frozen=True, slots=True)
class BodyInspection:
    """What was found in a body.

    Attributes:
        faults: What is wrong, in the order in which to fix it; spans count from the body's
            first character.
        corrected: The body with its mechanical faults fixed, or None where nothing was fixed.
        changes: What was fixed, a sentence each.
        secrets: Credentials in the body, which nothing may repeat.
        events: How many events were found in it.
        fields: The fields of the one event in it, under the names that they have there; None
            where there is not exactly one, or where what is around it had to be fixed.
    """

    faults: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()
    corrected: str | None = None
    changes: tuple[str, ...] = ()
    secrets: tuple[Secret, ...] = ()
    events: int = 0
    fields: dict[str, object] | None = None


def inspect_body(text: str, context: InspectionContext, *, partial: bool = False) -> BodyInspection:
    """Inspect the body of a create request, or a list of such bodies.

    Args:
        text: The body as it is sent.
        context: The present moment and what is known.
        partial: Whether fields may be left out, as in the body of an update.
    """
    return _inspect(text, context, open_book(context.schema), partial=partial, layer=0)


def _inspect(
    text: str, context: InspectionContext, book: SchemaSource, *, partial: bool, layer: int
) -> BodyInspection:
    if not text.strip("\ufeff \t\r\n"):
        return BodyInspection(
            (Fault("body-empty", Certainty.CONFIRMED, say("payload.body-empty.seen")),)
        )
    read = scan(text)
    tag = _TAG.search(text) if read.slips and layer < _MOST_LAYERS else None
    if tag is not None:
        return _with_tags(text, tag, context, book, partial=partial, layer=layer)
    ndjson = len(read.roots) > 1 and not read.slips and all(map(looks_like_event, read.roots))
    if len(read.roots) > 1 and not ndjson and not read.stopped:
        second = read.roots[1]
        read.slips.append(
            syntax_errors.SyntaxFault("two-documents", Span(second.start, second.start + 1))
        )
    broken = tuple(syntax_errors.faults(text, read.slips, read.expected, read.found))
    if read.stopped or not read.roots:
        return _hidden(BodyInspection(broken), _secrets(read.roots), text)
    root = read.roots[0]
    if isinstance(root.value, str) and not ndjson and root.value.lstrip()[:1] in {"{", "[", '"'}:
        return _encoded_twice(text, read, context, book, partial=partial, layer=layer)
    if ndjson:
        found = EventsInEnvelope(several(read.roots, "", partial=partial))
    else:
        found = unwrap(root, partial=partial)
    return _judged(text, read, broken, found, context, book)


def _with_tags(
    text: str,
    tag: re.Match[str],
    context: InspectionContext,
    book: SchemaSource,
    *,
    partial: bool,
    layer: int,
) -> BodyInspection:
    """Inspect what is no JSON because of the tags of a template: they explain why it is none."""
    shown = clean_line(tag[0], 60)
    fault = Fault(
        "body-template-unrendered",
        Certainty.CONFIRMED,
        say("payload.body-template-unrendered.tag", placeholder=f"“{shown}”"),
        found=shown,
        span=Span(*tag.span()),
    )
    without = _TAG.sub(lambda match: " " * len(match[0]), text)
    rest = _inspect(without, context, book, partial=partial, layer=layer + 1)
    # What is left between the tags is not what they would have made of it.
    kept = [one for one in rest.faults if one.cause == "body-template-unrendered"]
    return BodyInspection(
        (fault, *kept), notes=rest.notes, secrets=rest.secrets, events=rest.events
    )


def _judged(
    text: str,
    read: Scan,
    broken: tuple[Fault, ...],
    found: EventsInEnvelope,
    context: InspectionContext,
    book: SchemaSource,
) -> BodyInspection:
    """Look at each event, and put everything together."""
    around = (found.fault,) if found.fault else ()
    fixes = [found.fix] if found.fix else []
    faults: list[Fault] = [*broken, *around]
    events = found.events[:_MOST_EVENTS]
    twice = _by_event(read.twice, events) if read.twice else {}
    for number, event in enumerate(events):
        judge(event, context, book, twice.get(number, []))
        faults += ranked(event.faults)
        fixes += [fix for _, fix in event.fixes]
        context.say((number + 1) / len(events))
        if len(faults) > MOST_FAULTS:
            break
    faults = _unexplained(faults)
    edits = [*read.edits(), *(edit for fix in fixes for edit in fix.edits)]
    changes = (*syntax_errors.changes(read.slips), *(fix.change for fix in fixes))
    corrected = None if read.bare else _corrected(text, edits)
    alone = events[0] if len(events) == 1 and not around and not broken else None
    value = plain(alone.node) if alone else None
    inspection = BodyInspection(
        faults=tuple(faults[:MOST_FAULTS]),
        notes=tuple(_notes(book, len(found.events), len(faults))),
        corrected=corrected,
        changes=tuple(dict.fromkeys(changes))[:MOST_FAULTS] if corrected is not None else (),
        events=len(found.events),
        fields=value if isinstance(value, dict) else None,
    )
    return _hidden(inspection, _secrets(read.roots), text)


def _unexplained(faults: list[Fault]) -> list[Fault]:
    """Return faults without errors of the notation inside of a template that was not rendered."""
    templates = [one.span for one in faults if one.cause == "body-template-unrendered" and one.span]
    return [
        one
        for one in faults
        if one.cause != "body-malformed-json"
        or one.span is None
        or not any(t.start <= one.span.start < t.end for t in templates)
    ]


def _by_event(
    twice: Iterable[DuplicateKey], events: Iterable[PayloadEvent]
) -> dict[int, list[tuple[str, DuplicateKey]]]:
    """Find out to which event each name that stands twice belongs, and under which path."""
    holders: dict[int, list[DuplicateKey]] = {}
    for one in twice:
        holders.setdefault(id(one.holder), []).append(one)
    found: dict[int, list[tuple[str, DuplicateKey]]] = {}
    for number, event in enumerate(events):
        for path, node in walk(event.node):
            for one in holders.get(id(node), ()):
                found.setdefault(number, []).append((path, one))
    return found


def _encoded_twice(
    text: str,
    read: Scan,
    context: InspectionContext,
    book: SchemaSource,
    *,
    partial: bool,
    layer: int,
) -> BodyInspection:
    """Inspect the JSON that stands as text within JSON."""
    root = read.roots[0]
    fault = Fault(
        "body-double-encoded",
        Certainty.CONFIRMED,
        say("payload.body-double-encoded.seen"),
        span=Span(root.start, root.start + 1),
    )
    if layer >= _MOST_LAYERS:
        return BodyInspection((fault,))
    inner = str(root.value)
    inside = _inspect(inner, context, book, partial=partial, layer=layer + 1)
    places = offsets(text, root.span)
    fixed = inside.corrected or inner
    return replace(
        inside,
        faults=(fault, *(_moved(one, places) for one in inside.faults)),
        corrected=fixed if _is_json(fixed) else None,
        changes=(say("payload.body-double-encoded.change"), *inside.changes)
        if _is_json(fixed)
        else (),
        fields=None,
    )


def _moved(fault: Fault, places: list[int]) -> Fault:
    if fault.span is None:
        return fault
    last = len(places) - 1
    start, end = places[min(fault.span.start, last)], places[min(fault.span.end, last)]
    return replace(fault, span=Span(start, max(end, start + 1)))


def _notes(book: SchemaSource, events: int, faults: int) -> Iterator[Note]:
    if events > 1:
        yield Note("payload-list", say("payload.payload-list.note", count=events))
    if events:
        if book.live:
            yield Note("schema-live", say("payload.schema-live.note"))
        else:
            yield Note("schema-bundled", say("payload.schema-bundled.note"))
    if faults > MOST_FAULTS or events > _MOST_EVENTS:
        summary = say("payload.payload-cut.note", faults=MOST_FAULTS, events=_MOST_EVENTS)
        yield Note("payload-cut", summary)


def _corrected(text: str, edits: list[Edit]) -> str | None:
    """Return the text with all edits made, if that is JSON."""
    if not edits:
        return None
    fixed = apply(text, edits)
    return fixed if fixed != text and _is_json(fixed) else None


def _is_json(text: str) -> bool:
    """Return whether ``text`` is JSON as RFC 8259 has it."""
    try:
        json.loads(text, parse_constant=_refuse)
        text.encode()
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(name: str) -> float:
    raise ValueError(f"{name} isn't JSON")


def _secrets(roots: Iterable[Node]) -> tuple[Secret, ...]:
    """Find the values of fields whose names say that they hold a credential."""
    values: dict[str, None] = {}
    for root in roots:
        waiting = [root]
        while waiting:
            node = waiting.pop()
            waiting += node.items
            for name, member in node.members.items():
                value = member.node.value
                waiting.append(member.node)
                if isinstance(value, str) and is_secret_field(name) and _may_be_secret(value):
                    values.setdefault(value)
    return tuple(
        Secret(value, source="pasted", name=f"key-{number}")
        for number, value in enumerate(list(values)[:50], start=1)
    )


def _may_be_secret(value: str) -> bool:
    return len(value.strip()) >= _SHORTEST_SECRET and not is_placeholder(value)


def _hidden(inspection: BodyInspection, secrets: tuple[Secret, ...], text: str) -> BodyInspection:
    """Take the secrets out of everything that is said."""
    if not secrets:
        return inspection
    note = Note("secret-in-body", say("payload.secret-in-body.note"))
    corrected = inspection.corrected
    if corrected is not None:
        for secret in secrets:
            for form in (secret.reveal(), json.dumps(secret.reveal())[1:-1]):
                corrected = corrected.replace(form, _STAND_IN)
    return replace(
        inspection,
        faults=tuple(_without(fault, secrets) for fault in inspection.faults),
        notes=(*inspection.notes, note),
        corrected=corrected if corrected != text else None,
        secrets=secrets,
    )


def _without(fault: Fault, secrets: tuple[Secret, ...]) -> Fault:
    def clean(value: str | None) -> str | None:
        for secret in secrets if value else ():
            value = value.replace(secret.reveal(), f"[{secret.name}]") if value else value
        return value

    suggestion = fault.suggestion
    return replace(
        fault,
        detail=clean(fault.detail) or "",
        found=clean(fault.found),
        suggestion=clean(suggestion) if isinstance(suggestion, str) else suggestion,
    )
