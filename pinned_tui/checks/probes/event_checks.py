"""What decides whether an event is seen, gone through as one checklist. Pure.

Guide, *Event not visible*: draft or published; date, timezone and channel; ticket links, images,
moderation or review states.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from pinned_tui.api_spec.urls import link_fault
from pinned_tui.checks.model import ProbeObservation
from pinned_tui.checks.observations import observe, phrase
from pinned_tui.checks.request import CheckRequest
from pinned_tui.core.clock import timestamp
from pinned_tui.diagnosis import event_fields
from pinned_tui.diagnosis.event import CODE, Event
from pinned_tui.diagnosis.event_fields import MOST_ITEMS, instant, read_event
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import Status

MOST_HINTS = 5
_LONGEST = 60

_STATES = (
    "archived|blocked|canceled|cancelled|deleted|disabled|expired|hidden|private|suspended|unlisted"
    "|unpublished"
)
_IF_TRUE = re.compile(rf"(?:is)?(?:{_STATES})")
_IF_FALSE = re.compile(r"(?:is)?(?:active|discoverable|enabled|listed|public|searchable|visible)")
_IF_SET = re.compile(rf"(?:{_STATES}|rejected|removed)(?:at|on|date)")
_IF_AHEAD = re.compile(
    r"(?:publish|published|release|scheduled|embargo|goeslive)(?:at|on|date|from|for|until)"
    r"|(?:visible|listed|available)(?:from|after)"
)
_IF_OVER = re.compile(
    r"(?:unpublish|expire|expires|expiry|hide|archive)(?:at|on|date|after)"
    r"|(?:visible|listed|published|available)(?:until|to)"
)
_WORDED = {"visibility", "privacy", "visibilitystatus", "listingstatus"}
_OPEN_WORDS = {
    "all", "anyone", "default", "everyone", "everybody", "listed", "open", "public", "published",
    "visible", "world",
}  # fmt: skip
_WITHIN = {"publishing", "publishingOptions", "publication", "settings"}


@dataclass(frozen=True, slots=True)
class Hint:
    """A field, by its path, and its value as it may be shown."""

    field: str
    value: str


def hints(doc: dict[str, Any], now: datetime) -> tuple[Hint, ...]:
    """Return the fields of ``doc`` that may hide it, in the order in which they stand there."""
    return tuple(
        Hint(clean_line(path, limit=_LONGEST), _shown(value))
        for path, name, value in _fields(doc)
        if _may_hide(re.sub(r"[^a-z]", "", name.casefold()), value, now)
    )


def _fields(doc: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for name, value in doc.items():
        if name in _WITHIN and isinstance(value, dict):
            yield from ((f"{name}.{inner}", str(inner), held) for inner, held in value.items())
        else:
            yield str(name), str(name), value


def _may_hide(name: str, value: Any, now: datetime) -> bool:  # noqa: ANN401 - any JSON value
    if value is True:
        return _IF_TRUE.fullmatch(name) is not None
    if value is False:
        return _IF_FALSE.fullmatch(name) is not None
    if not isinstance(value, str) or not value.strip():
        return False
    if name in _WORDED:
        return value.strip().casefold() not in _OPEN_WORDS
    if _IF_SET.fullmatch(name):
        return True
    moment = instant(value)
    if moment is None:
        return False
    ahead, over = _IF_AHEAD.fullmatch(name), _IF_OVER.fullmatch(name)
    return bool(ahead and moment > now) or bool(over and moment < now)


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return str(value).lower() if isinstance(value, bool) else clean_line(str(value), limit=_LONGEST)


def checklist(
    doc: dict[str, Any],
    data: Mapping[str, Any],
    asked: CheckRequest,
    *,
    target: int | None,
    now: datetime,
) -> list[ProbeObservation]:
    """Return one observation for everything that the document shows about its visibility.

    Args:
        doc: The event document.
        data: What each observation has of the event.
        asked: With the start that the user expects, if they gave one.
        target: The channel in which it is looked for.
        now: The present moment.
    """
    event = read_event(doc)
    checks = [
        _status(doc, data),
        _review(doc, data),
        _placement(doc, target, data, asked),
        _date(doc, data, now),
        _expectation(doc, data, asked.expected_start),
        _city(event, data),
        _image(event, data),
        _read(event, data),
    ]
    known = [seen for seen in checks if seen is not None]
    return [*known, *_undocumented(doc, data, now), *_offers(doc, data, asked)]


def _read(event: Event, data: Mapping[str, Any]) -> ProbeObservation | None:
    """Report all that was read, so that a cause about it needs no check of its own here."""
    said = "; ".join(event.described())
    if not said:
        return None
    data = {**data, "document": msgspec.json.decode(msgspec.json.encode(event))}
    return observe(CODE, Status.PASS, data, asked=False, document_says=said)


def _status(doc: dict[str, Any], data: Mapping[str, Any]) -> ProbeObservation | None:
    state = event_fields.publication(doc)
    if state is None:
        return None
    data = {**data, "field": state.field, "value": state.value}
    if state.is_draft and state.field == "status":
        return observe("event.draft", Status.FAIL, data)
    if state.is_draft:
        return observe("event.perhaps-draft", Status.FAIL, data)
    if state.is_public:
        return observe("event.published", Status.PASS, data)
    return observe("event.not-published", Status.FAIL, data)


def _review(doc: dict[str, Any], data: Mapping[str, Any]) -> ProbeObservation | None:
    states = event_fields.reviews(doc)
    if not states:
        return None
    held = [review for review in states if review.holds_back]
    odd = [review for review in states if not review.is_public]
    review = (held or odd or list(states))[0]
    data = {**data, "field": review.field, "value": review.value, "known": bool(held)}
    if held:
        return observe("event.moderation", Status.FAIL, data)
    if odd:
        return observe("event.review-unclear", Status.WARN, data)
    return observe("event.approved", Status.PASS, data)


def _placement(
    doc: dict[str, Any], wanted: int | None, data: Mapping[str, Any], asked: CheckRequest
) -> ProbeObservation | None:
    actual = data["channel"]
    if wanted is None:
        return observe("event.channel", Status.PASS, data, asked=False) if actual else None
    if actual is None:
        named = next((doc[n] for n in ("channelId", "channel") if doc.get(n) is not None), None)
        return observe(
            "event.channel-untold",
            Status.UNKNOWN,
            {**data, "expected": wanted},
            asked=not asked.channel_from_payload,
            variant=None if named is None else "not-an-id",
            named=clean_line(str(named), limit=60),
        )
    if wanted == actual:
        return observe("event.in-channel", Status.PASS, data)
    return observe("event.other-channel", Status.FAIL, {**data, "expected": wanted})


def _date(doc: dict[str, Any], data: Mapping[str, Any], now: datetime) -> ProbeObservation | None:
    over = event_fields.over_since(doc, now)
    if over is not None:
        ended = event_fields.wall_time(over, event_fields.zone(doc))
        data = {**data, "ended": ended, "ended_at": timestamp(over)}
        return observe("event.past", Status.FAIL, data)
    if data["start"] is None:
        return _unreadable_start(doc, data)
    if event_fields.perhaps_over(doc, now):
        return _began(doc, data)
    return observe("event.upcoming", Status.PASS, data)


def _began(doc: dict[str, Any], data: Mapping[str, Any]) -> ProbeObservation:
    """Report that it began over a day ago; an end that can't be read may still lie ahead."""
    end = doc.get("endAt")
    if end in (None, ""):
        return observe("event.begun", Status.FAIL, data)
    data = {**data, "found": clean_line(str(end), limit=60)}
    return observe("event.end-unreadable", Status.WARN, data)


def _unreadable_start(doc: dict[str, Any], data: Mapping[str, Any]) -> ProbeObservation | None:
    start = doc.get("startAt")
    if start is None or start == "":
        return None
    data = {**data, "found": clean_line(str(start), limit=60)}
    return observe("event.start-unreadable", Status.WARN, data)


def _expectation(
    doc: dict[str, Any], data: Mapping[str, Any], expected: datetime | None
) -> ProbeObservation | None:
    """Compare the start, on the clock of the place, with the one that the user expects."""
    start, where = event_fields.instant(doc.get("startAt")), event_fields.zone(doc)
    if expected is None:
        return None
    local = event_fields.on_the_clock(start, where) if start is not None else None
    if local is None or where is None:
        unread = "timezone" if start is not None and where is None else "startAt"
        return _incomparable(doc, data, expected, unread)
    actual = local.replace(tzinfo=None, second=0, microsecond=0)
    wanted = f"{expected:%Y-%m-%d %H:%M} {where.key}"
    data = {**data, "expected": wanted, "actual": data["start"]}
    if actual == expected:
        return observe("event.as-expected", Status.PASS, data)
    data["minutes"] = round((actual - expected).total_seconds() / 60)
    return observe("event.shifted", Status.FAIL, data)


def _incomparable(
    doc: dict[str, Any], data: Mapping[str, Any], expected: datetime, field: str
) -> ProbeObservation:
    """Report why the start can't be compared with the one that is expected."""
    value = doc.get(field)
    what = "start" if field == "startAt" else "timezone"
    return observe(
        "event.start-not-compared",
        Status.UNKNOWN,
        {**data, "expected": f"{expected:%Y-%m-%d %H:%M}", "field": field},
        variant=f"no-{what}" if value in (None, "") else what,
        found=clean_line(str(value), limit=60),
    )


def _undocumented(
    doc: dict[str, Any], data: Mapping[str, Any], now: datetime
) -> list[ProbeObservation]:
    """Name the fields that nobody documents and that sound as if they kept an event from view."""
    drafts = [one for one in event_fields.publications(doc)[1:] if one.is_draft]
    named = [(one.field, one.value) for one in drafts]
    named += [(one.field, one.value) for one in hints(doc, now)]
    return [
        observe("event.may-hide", Status.WARN, {**data, "field": field, "value": value})
        for field, value in named[:MOST_HINTS]
    ]


def _city(event: Event, data: Mapping[str, Any]) -> ProbeObservation | None:
    if not event.city:
        return None
    shown = event.city.name or event.city.place_id
    return observe("event.city", Status.PASS, {**data, "city": shown}, asked=False)


def _image(event: Event, data: Mapping[str, Any]) -> ProbeObservation | None:
    if event.image is UNSET:
        return None
    if not event.image:
        return observe("event.no-image", Status.WARN, data)
    return observe("event.image", Status.PASS, data, asked=False)


def _offers(
    doc: dict[str, Any], data: Mapping[str, Any], asked: CheckRequest
) -> list[ProbeObservation]:
    """Look at the ticket links as they are written; they are opened only with consent."""
    offers = doc.get("offers")
    every = offers if isinstance(offers, list) else []
    links = [
        (f"offers[{place}].url", offer["url"])
        for place, offer in enumerate(every[:MOST_ITEMS])
        if isinstance(offer, dict) and offer.get("url") is not None
    ]
    seen = []
    for path, url in links:
        fault = link_fault(url)
        if fault is not None:
            found = clean_line(str(url), limit=120)
            about = {**data, "path": path, "found": found, "detail": fault}
            seen.append(observe("event.link-unusable", Status.FAIL, about))
    if links and not seen:
        name = "one" if len(links) == 1 else "several"
        opened = asked.open_links and "links" in asked.consented
        which = "first" if len(every) > MOST_ITEMS else name
        seen.append(
            observe(
                "event.links",
                Status.PASS,
                {**data, "count": len(links)},
                asked=False,
                variant=None if opened else "closed",
                links=phrase("links", which, count=len(links)),
                them=phrase("links", f"them-{name}"),
            )
        )
    return seen
