"""Event documents, as a read or an export gives them, held against the same checks as live ones.

A document is told from the body of a create request by what only the server sets. The checks are
those of the guide's section *Event not visible*; what they mean is decided by
:mod:`pinned_tui.diagnosis.rules.event` for both.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pinned_tui.diagnosis import event_fields
from pinned_tui.diagnosis.rules.event import SIGNS
from pinned_tui.diagnosis.templates import Values
from pinned_tui.inspect.event_shape import names_an_event
from pinned_tui.inspect.model import Fault, Span
from pinned_tui.inspect.sentences import say
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Certainty

_SET_BY_SERVER = frozenset({"createdAt", "updatedAt", "publishedAt", "_status", "created_at"})
_WRAPPERS = ("doc", "docs", "data", "result", "results", "event", "events", "items")
_SHOWN_BY = {"event-city-missing": "approxLocation", "event-ends-before-start": "endAt"}
"""The field to look at, of the causes that :data:`SIGNS` tells."""

_MOST = 200
_MOST_SHOWN = 10
_DEEPEST = 3


def documents_in(value: Any) -> tuple[dict[str, Any], ...]:  # noqa: ANN401 - any JSON value
    """Return the event documents that a JSON value is, or holds with little around them."""
    return tuple(_documents(value, _DEEPEST))[:_MOST]


def is_document(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Return whether an object is an event as the server keeps it."""
    if not isinstance(value, dict) or not names_an_event(value) or "id" not in value:
        return False
    return not _SET_BY_SERVER.isdisjoint(value) or {"status", "startAt", "title"} <= value.keys()


def _documents(value: Any, depth: int) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - as above
    if is_document(value):
        yield value
    elif isinstance(value, list):
        rows = value[:_MOST]
        if rows and all(is_document(row) for row in rows):
            yield from rows
    elif isinstance(value, dict) and depth and "error" not in value:
        for name in _WRAPPERS:
            if isinstance(value.get(name), dict | list):
                yield from _documents(value[name], depth - 1)


@dataclass(frozen=True, slots=True)
class _Sign:
    cause: str
    certainty: Certainty
    detail: str
    field: str
    found: str | None = None
    values: Values | None = None


def faults_of(documents: Sequence[dict[str, Any]], text: str, now: datetime) -> Iterator[Fault]:
    """Yield what keeps events from being seen.

    Of several, nobody says which one is missed. So none of it is confirmed then; and that some are
    over is nothing to wonder at while others are not.

    Args:
        documents: The events.
        text: The input, for where they stand in it.
        now: The present moment.
    """
    signs = [(document, sign) for document in documents for sign in _signs(document, now)]
    over = sum(sign.cause == "event-in-past" for _, sign in signs)
    shown = 0
    for document, sign in signs:
        if sign.cause == "event-in-past" and 1 < len(documents) > over:
            continue
        shown += 1
        if shown > _MOST_SHOWN:
            return
        yield _fault(document, sign, text, several=len(documents) > 1)


def _fault(document: dict[str, Any], sign: _Sign, text: str, *, several: bool) -> Fault:
    number, title = document.get("id"), document.get("title")
    subject = clean_line(str(number), 80) if isinstance(number, str | int) else None
    sure = sign.certainty is Certainty.CONFIRMED and not several
    certainty = (
        sign.certainty if sure or sign.certainty is not Certainty.CONFIRMED else Certainty.LIKELY
    )
    event = event_fields.read_event(document)
    return Fault(
        sign.cause,
        certainty,
        sign.detail,
        subject=subject,
        found=sign.found,
        span=_place(text, subject, sign.field),
        values={
            **event.values(),
            "event": subject,
            "event_title": clean_line(title, 120) if isinstance(title, str) else None,
            **(sign.values or {}),
        },
    )


def _place(text: str, number: str | None, field: str) -> Span | None:
    """Return where a field of a document stands: the first of its name near the document's ID."""
    at = 0
    if number is not None:
        match = re.search(rf'"id"\s*:\s*"?{re.escape(number)}\b', text)
        at = match.start() if match is not None else 0
    found = text.find(f'"{field}"', at)
    start = found if found >= 0 else text.find(f'"{field}"')
    return Span(start, start + len(field) + 2) if start >= 0 else None


def _signs(document: dict[str, Any], now: datetime) -> Iterator[_Sign]:
    yield from _state(document)
    yield from _review(document)
    yield from _date(document, now)
    event = event_fields.read_event(document)
    for cause, certainty, holds in SIGNS:
        if certainty is not Certainty.POSSIBLE and holds(event):
            field = _SHOWN_BY.get(cause, "startAt")
            yield _Sign(cause, certainty, say("documents.sign.seen", field=field), field)


def _state(document: dict[str, Any]) -> Iterator[_Sign]:
    state = event_fields.publication(document)
    if state is None or state.is_public:
        return
    word = clean_line(state.value, 80)
    values: Values = {"field": state.field, "found": word}
    if state.is_draft:
        sure = Certainty.CONFIRMED if state.field == "status" else Certainty.LIKELY
        yield _Sign(
            "event-draft", sure, say("documents.event-draft.seen"), state.field, word, values
        )
    else:
        detail = say("documents.event-not-published.seen", field=state.field, value=word)
        yield _Sign("event-not-published", Certainty.LIKELY, detail, state.field, word, values)


def _review(document: dict[str, Any]) -> Iterator[_Sign]:
    held = next((one for one in event_fields.reviews(document) if one.holds_back), None)
    if held is not None:
        word = clean_line(held.value, 80)
        yield _Sign(
            "event-in-moderation",
            Certainty.LIKELY,
            say("documents.event-in-moderation.seen", field=held.field, value=word),
            held.field.partition(".")[0],
            word,
            {"field": held.field, "found": word},
        )


def _date(document: dict[str, Any], now: datetime) -> Iterator[_Sign]:
    over = event_fields.over_since(document, now)
    if over is not None:
        when = event_fields.wall_time(over, event_fields.zone(document))
        detail = say("documents.event-in-past.ended", when=when)
        yield _Sign(
            "event-in-past",
            Certainty.CONFIRMED,
            detail,
            "endAt",
            values={"when": when, "starts": None},
        )
    elif event_fields.perhaps_over(document, now) and document.get("endAt") in {None, ""}:
        start = event_fields.instant(document.get("startAt"))
        when = event_fields.wall_time(start, event_fields.zone(document)) if start else ""
        detail = say("documents.event-in-past.begun", when=when)
        yield _Sign("event-in-past", Certainty.LIKELY, detail, "startAt", values={"starts": when})
