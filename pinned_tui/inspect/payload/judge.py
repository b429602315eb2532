"""All rules for one event, and the order in which its faults are to be mended."""

from collections.abc import Iterable

from pinned_tui.inspect.model import Fault, InspectionContext
from pinned_tui.inspect.payload.event import FoundField, PayloadEvent, joined, quoted
from pinned_tui.inspect.payload.kinds import missing, wrong_kinds
from pinned_tui.inspect.payload.links import offers, place
from pinned_tui.inspect.payload.moments import moments
from pinned_tui.inspect.payload.names import name_fields
from pinned_tui.inspect.payload.placeholders import placeholders
from pinned_tui.inspect.payload.schema import SchemaSource, structure
from pinned_tui.inspect.payload.tree import DuplicateKey, plain
from pinned_tui.inspect.payload.words import words
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
"""What to mend first: what hides other faults, then what the API refuses, then mere doubts."""


def judge(
    event: PayloadEvent,
    looking: InspectionContext,
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
    moments(event, looking.now)
    words(event, looking.slugs)
    offers(event)
    place(event)
    structure(event, book)


def _twice(event: PayloadEvent, path: str, twice: DuplicateKey) -> None:
    """Note a name that stands twice in one object (RFC 8259, section 4)."""
    name = joined(path, twice.name)
    same = plain(twice.first.node) == plain(twice.second.node)
    how = "with the same value" if same else "and most readers keep the last value only"
    event.add(
        "field-duplicated",
        name,
        f"The name {quoted(name)} stands twice in one object, {how}.",
        certainty=Certainty.POSSIBLE if same else Certainty.LIKELY,
        at=FoundField(twice.second.node, name),
        span=twice.second.key_span,
    )


def ranked(faults: Iterable[Fault]) -> list[Fault]:
    """Put faults into the order in which to mend them."""
    places = {cause: number for number, cause in enumerate(_ORDER)}
    return sorted(faults, key=lambda fault: places.get(fault.cause, len(places)))
