"""Causes that an event's own document shows, each a predicate over what was read of it.

Here a new cause needs no more than its predicate. Guide: Event not visible.
"""

from collections.abc import Callable, Iterator

from pinned_tui.diagnosis.event import CODE, Event, event_in
from pinned_tui.diagnosis.facts import Facts, Finding, text
from pinned_tui.session import Certainty

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
