"""Causes in the event and among the events. Guide: Event not visible, Duplicate events."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pinned_tui.core.labels import plural
from pinned_tui.diagnosis.event import CODE, Event, event_in
from pinned_tui.diagnosis.facts import CauseRule, Facts, Finding, response_values, text
from pinned_tui.session import Certainty, Observation

Predicate = Callable[[Event], bool]
"""Tells whether a cause holds of an event. What the document does not tell is no proof of it."""

SIGNS: list[tuple[str, Certainty, Predicate]] = []
"""The predicates of this module with their causes, in the order in which they stand in it."""


def shows(cause: str, certainty: Certainty) -> Callable[[Predicate], Predicate]:
    """Make the predicate below it the sign of ``cause``.

    The cause's sentences can name everything that was read: see :meth:`Event.values`.

    Args:
        cause: An id of the catalogue.
        certainty: How far what was read decides; ``possible`` alarms nobody.
    """

    def take(predicate: Predicate) -> Predicate:
        SIGNS.append((cause, certainty, predicate))
        return predicate

    return take


def shown(facts: Facts) -> Iterator[Finding]:
    """Return the causes whose predicates hold of the event that was found."""
    for seen in facts.all(CODE):
        event = event_in(seen)
        if event is None:
            continue
        subject = text(seen.data, "event")
        values = {**event.values(), "event": subject, "event_title": text(seen.data, "title")}
        for cause, certainty, holds in SIGNS:
            if holds(event):
                guess = certainty is Certainty.POSSIBLE
                yield Finding(cause, certainty, (seen,), subject, values=values, guess=guess)


@shows("event-city-missing", Certainty.LIKELY)
def without_city(event: Event) -> bool:
    """The document has the place for a city and says that there is none."""
    return event.city is None


@shows("event-ends-before-start", Certainty.CONFIRMED)
def over_before_it_begins(event: Event) -> bool:
    """Its end is an earlier moment than its start, whatever their offsets look like."""
    return bool(event.start and event.end and event.end < event.start)


_CONFIRMED, _LIKELY, _POSSIBLE = Certainty.CONFIRMED, Certainty.LIKELY, Certainty.POSSIBLE

_SIGNS: tuple[tuple[str, str, Certainty, Mapping[str, str]], ...] = (
    ("event.draft", "event-draft", _CONFIRMED, {}),
    ("event.perhaps-draft", "event-draft", _LIKELY, {"found": "value", "field": "field"}),
    ("event.not-published", "event-not-published", _LIKELY, {"found": "value", "field": "field"}),
    ("event.moderation", "event-in-moderation", _LIKELY, {"found": "value", "field": "field"}),
    ("event.review-unclear", "event-in-moderation", _POSSIBLE,
     {"found": "value", "field": "field"}),
    ("event.other-channel", "event-wrong-channel", _CONFIRMED,
     {"found": "channel", "actual": "channel", "expected": "expected"}),
    ("event.past", "event-in-past", _CONFIRMED, {"when": "ended"}),
    ("event.begun", "event-in-past", _LIKELY, {"starts": "start"}),
    ("event.end-unreadable", "event-in-past", _POSSIBLE, {"starts": "start", "found": "found"}),
    ("event.shifted", "event-date-shifted", _CONFIRMED,
     {"found": "actual", "actual": "actual", "expected": "expected"}),
)  # fmt: skip
"""What the checklist saw, the cause that it is a sign of, and where the values for its sentences
stand among the particulars."""


def not_found(facts: Facts) -> Iterator[Finding]:
    """404, and in no page of the list: absent or not accessible, which can't be told apart.

    Certain only where the look-up says so and all of the list was read.
    """
    for seen in facts.asked("event.not-found"):
        sought = text(seen.data, "sought")
        found_by = {
            "sought": sought,
            "part": text(seen.data, "part"),
            "when": text(seen.data, "day"),
        }
        named = text(seen.data, "event")
        sure = seen.data["listed"] and seen.data.get("code", "not_found") == "not_found"
        yield Finding(
            "event-not-found",
            _CONFIRMED if sure else _LIKELY,
            (seen,),
            subject=named or sought,
            values=_lookup_values(seen) | (found_by if sought else {"event": named}),
        )


def _lookup_values(seen: Observation) -> dict[str, str | int | None]:
    """Return what the look-up returned; a response without a code is not given one."""
    values = response_values(seen)
    bare = values["status"] is not None and values["code"] is None
    return values | ({"code": "without a code of the API"} if bare else {})


def hidden(facts: Facts) -> Iterator[Finding]:
    """What the checklist found that keeps the event from being seen."""
    for code, cause, certainty, places in _SIGNS:
        for seen in facts.asked(code):
            values = {name: text(seen.data, place) for name, place in places.items()}
            found = _finding(seen, cause, certainty, **values)
            yield replace(found, guess=certainty is _POSSIBLE)


def extras(facts: Facts) -> Iterator[Finding]:
    """Ticket links that can't work, and an image that is not there."""
    for seen in facts.asked("event.link-unusable", "event.link-broken"):
        path, found = text(seen.data, "path"), text(seen.data, "found")
        values = {"event": text(seen.data, "event"), "found": found, "subject": path}
        yield Finding(
            "event-offer-link-broken",
            Certainty.LIKELY,
            (seen,),
            subject=path,
            found=found,
            values=values | {"detail": text(seen.data, "detail")},
        )
    for seen in facts.asked("event.link-refused"):
        path, found = text(seen.data, "path"), text(seen.data, "found")
        yield Finding(
            "event-link-refused",
            Certainty.POSSIBLE,
            (seen,),
            subject=path,
            found=found,
            values={"detail": text(seen.data, "detail")},
        )
    for seen in facts.asked("event.image-broken"):
        path, found = text(seen.data, "path"), text(seen.data, "found")
        values = {"detail": text(seen.data, "detail")}
        yield Finding("event-image-missing", Certainty.LIKELY, (seen,), path, found, values=values)
    for seen in facts.asked("event.no-image"):
        yield _finding(seen, "event-image-missing", Certainty.POSSIBLE)


def may_hide(facts: Facts) -> Iterator[Finding]:
    """Fields that nobody documents and that sound as if they hid the event."""
    hints = facts.asked("event.may-hide")
    if hints:
        named = "; ".join(f"{seen.data['field']} is “{seen.data['value']}”" for seen in hints)
        finding = _finding(hints[0], "event-field-may-hide", _POSSIBLE, found=named)
        yield replace(finding, evidence=hints)


_DOUBTS = ("event.may-hide", "event.start-unreadable", "event.start-not-compared",
           "event.channel-untold")  # fmt: skip
"""What leaves open whether something hides the event."""


def nothing_hides(facts: Facts) -> Iterator[Finding]:
    """The event was found, and nothing in the API's data hides it: an explanation, no fault."""
    found = {finding.certainty for finding in (*hidden(facts), *shown(facts))}
    if facts.failed("event") or found - {Certainty.POSSIBLE}:
        return
    sure = facts.has("event.published") and not found and not facts.has(*_DOUBTS)
    for seen in facts.asked("event.found"):
        supports = tuple(o for o in facts.passed("event") if o.asked and o.code != "event.found")
        finding = _finding(seen, "event-visible-by-api", Certainty.POSSIBLE)
        exchange = facts.exchange_of(seen)
        request_id = exchange.response.request_id if exchange and exchange.response else None
        detail = " ".join(one.summary for one in supports) or None
        yield Finding(
            finding.cause,
            Certainty.LIKELY if sure else Certainty.POSSIBLE,
            (seen, *supports),
            subject=finding.subject,
            values=dict(finding.values) | {"request_id": request_id, "detail": detail},
        )


def _finding(
    seen: Observation,
    cause: str,
    certainty: Certainty,
    found: str | None = None,
    **values: str | None,
) -> Finding:
    event = text(seen.data, "event")
    shown = {"event": event, "event_title": text(seen.data, "title"), "found": found}
    return Finding(cause, certainty, (seen,), subject=event, found=found, values=shown | values)


def duplicates(facts: Facts) -> Iterator[Finding]:
    """Events alike in title, start and channel; whether on purpose, only a user knows."""
    for seen in facts.asked("events.duplicates"):
        groups, count = seen.data["groups"], seen.data.get("group_count", 0)
        named = [_group(group) for group in groups[:_NAMED_GROUPS]]
        more = max(count, len(groups)) - len(named)
        rest = f" and {plural(more, 'more group')}" if more > 0 else ""
        created = _window(facts)
        untimed = [name for name in named if name not in created]
        values = {
            "subject": "; ".join(untimed) + rest if untimed else None,
            "count": seen.data["event_count"],
            "event_title": groups[0]["title"],
            "part": text(seen.data, "part"),
            "detail": created or None,
        }
        yield Finding(
            "duplicates-present",
            Certainty.LIKELY,
            (seen,),
            subject="; ".join(named) + rest,
            values=values,
            alternatives=() if seen.data.get("one_channel", True) else (_ELSEWHERE,),
            excludes=("idempotency-window-expired",) if seen.data.get("within_window") else (),
        )


def _window(facts: Facts) -> str:
    """Say what the moments of creation tell about the idempotency keys, group by group."""
    return " ".join(
        f"{seen.summary} {_TELLS[seen.code]}"
        for seen in facts.all("events.within-window", "events.beyond-window")
    )


def _group(group: dict[str, object]) -> str:
    ids = group["ids"]
    shown = [str(i) for i in ids[:_NAMED_IDS]] if isinstance(ids, list) else []
    count = group.get("count")
    more = count - len(shown) if isinstance(count, int) else 0
    rest = f" and {more:,} more" if more > 0 else ""
    return f"“{group['title']}” ({', '.join(shown)}{rest})"


_NAMED_GROUPS = 3
_NAMED_IDS = 6
_ELSEWHERE = "The copies are in different channels: the list of events does not name them."
_TELLS: Mapping[str, str] = {
    "events.within-window": "These were not sent with one and the same key.",
    "events.beyond-window": "After that time even one and the same key creates again.",
}


RULES: tuple[CauseRule, ...] = (
    not_found,
    hidden,
    may_hide,
    extras,
    nothing_hides,
    duplicates,
    shown,
)
