"""One event: looked up by its ID, else found in the list by its ID or its title.

What is found is gone through as a checklist (:mod:`pinned_tui.checks.probes.event_checks`), since
more than one thing can keep an event from being seen.
"""

from typing import Any

from pinned_tui.api_spec.errors import read_document, read_list
from pinned_tui.api_spec.routes import GET_EVENT
from pinned_tui.checks.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.checks.probes import event_fields
from pinned_tui.checks.probes.duplicates import ListPart
from pinned_tui.checks.probes.event_checks import checklist
from pinned_tui.checks.probes.events import rest_of_events, so_far
from pinned_tui.checks.probes.scopes import read_scope
from pinned_tui.checks.responses import trouble
from pinned_tui.client.call import Reply
from pinned_tui.client.pagination import ListReader, PagedList
from pinned_tui.core.labels import plural
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.session import ScopeState, Status

SHOWN_MATCHES = 10
NAMED = 3


async def _find(context: ProbeContext) -> list[ProbeObservation]:
    wanted = context.asked.event_id
    if wanted is None:
        return await _by_title(context)
    context.say(f"looking up event {wanted}")
    reply = await context.client.send(GET_EVENT, probe="event", ids={"id": wanted})
    doc = read_document(reply.document) if reply.status == 200 else None
    if doc is not None and str(doc.get("id", wanted)) == str(wanted):
        return await _describe(context, doc, (reply,))
    seen = trouble(context, reply)
    if seen is not None and seen.code != "answer.not-api":
        return [seen]
    error = reply.error
    if error is not None and error.code == "insufficient_scope" and not await _may_list(context):
        return [read_scope(context, reply, "events:read", asked=True)]
    return await _search(context, reply, wanted)


async def _search(context: ProbeContext, reply: Reply, wanted: str | int) -> list[ProbeObservation]:
    """Walk the list: the look-up route is assumed, the list is documented."""
    context.say("looking for it in the list of events")
    listing = await _whole_list(context)
    for doc in listing.docs if listing else ():
        if str(doc.get("id")) == str(wanted):
            return [*await _describe(context, doc, (reply,)), *_refused(reply, wanted)]
    return [_absent(reply, wanted, listing)]


def _refused(reply: Reply, wanted: str | int) -> list[ProbeObservation]:
    """Name what the look-up answered, where it was an error and the list has the event.

    The route of the look-up is assumed, so that most errors are notes. A ``forbidden`` is what the
    API answers to whoever may not read this event (page *Errors*), and counts.
    """
    if reply.error is None:
        return []
    data = {
        "event": wanted,
        "status": reply.status,
        "code": reply.error.code,
        "message": reply.error.message,
        "request_id": reply.error.request_id,
    }
    summary = f"Looking it up by its ID was answered {_told(reply)}; the list of events has it."
    counts = reply.error.code == "forbidden"
    status = Status.FAIL if counts else Status.WARN
    return [ProbeObservation("event.look-up-refused", status, summary, data, counts, (reply,))]


def _told(reply: Reply) -> str:
    return f"{reply.status} {clean_line(reply.error.code, limit=80) if reply.error else ''}".strip()


async def _may_list(context: ProbeContext) -> bool:
    """Tell whether the list shows that the key has the scope: the look-up then needs another."""
    await context.found.events
    return context.found.scopes.get("events:read") is ScopeState.PRESENT


async def _by_title(context: ProbeContext) -> list[ProbeObservation]:
    title = context.asked.event_title or ""
    context.say(f"looking for “{title}” in the list of events")
    listing = await _whole_list(context)
    if listing is None:
        summary = f"Whether there is an event “{title}” is not known: the list can't be read."
        return [ProbeObservation("event.unknown", Status.UNKNOWN, summary, {"sought": title})]
    await context.found.target
    part = ListPart(listing.docs, listing.total, listing.complete, replies=listing.replies)
    return _sought(context, part, listing.pages)


def _sought(
    context: ProbeContext, part: ListPart, pages: int | None = None
) -> list[ProbeObservation]:
    """Return what searching for a title gave, at the end or when it is cut short."""
    title, day = context.asked.event_title or "", context.asked.event_day
    called = [doc for doc in part.docs if event_fields.is_called(doc, title)]
    found = [doc for doc in called if day is None or event_fields.day_of(doc) == day]
    undated = [doc for doc in called if day is not None and event_fields.day_of(doc) is None]
    if len(found) != 1:
        return [_not_one(context, part, found or undated, pages)]
    seen = _described(context, found[0], part.replies)
    if not part.complete:
        summary = f"Only {part.shown} were read: others may be called “{title}” as well."
        seen.append(
            ProbeObservation("event.perhaps-others", Status.WARN, summary, {"part": part.shown})
        )
    if undated:
        noun = "event is" if len(undated) == 1 else "events are"
        summary = f"{len(undated):,} more {noun} called “{title}”, with no start that can be read."
        seen.append(
            ProbeObservation("event.perhaps-others", Status.WARN, summary, {"part": part.shown})
        )
    return seen


def _not_one(
    context: ProbeContext, part: ListPart, found: list[dict[str, Any]], pages: int | None
) -> ProbeObservation:
    """Say which events fit a title, where it is not one."""
    title, day = context.asked.event_title or "", context.asked.event_day
    when = f" on {day:%Y-%m-%d}" if day else ""
    shown = part.shown
    if part.complete and pages is not None:
        shown = f"{part.shown} on {plural(pages, 'page')}"
    data: dict[str, Any] = {
        "sought": title,
        "day": f"{day:%Y-%m-%d}" if day else None,
        "searched": len(part.docs),
        "part": shown,
        "listed": part.complete,
    }
    if not found and part.complete:
        summary = f"None of {shown} is called “{title}”{when}."
        return ProbeObservation("event.not-found", Status.FAIL, summary, data, replies=part.replies)
    if not found:
        rest = "then it was cut short" if part.cut else "the rest could not be read"
        summary = f"“{title}”{when} is not among the {shown} that were read; {rest}."
        return ProbeObservation(
            "event.unknown", Status.UNKNOWN, summary, data, replies=part.replies
        )
    data["candidates"] = [_candidate(doc) for doc in found[:SHOWN_MATCHES]]
    data["fits"] = len(found)
    named = "; ".join(
        f"{c['id']} “{c['title']}” ({c['start'] or 'no start'})" for c in data["candidates"][:NAMED]
    )
    more = f"; and {len(found) - NAMED} more" if len(found) > NAMED else ""
    among = "" if part.complete else f" among the {shown} that were read"
    noun = "event fits" if len(found) == 1 else "events fit"
    summary = f"{len(found):,} {noun} “{title}”{among}: {named}{more}. Which is meant?"
    if day and event_fields.day_of(found[0]) is None:
        summary = f"No event is known to fit{among}; with no start that can be read: {named}{more}."
    return ProbeObservation("event.several", Status.UNKNOWN, summary, data, replies=part.replies)


def _candidate(doc: dict[str, Any]) -> dict[str, Any]:
    start, where = event_fields.instant(doc.get("startAt")), event_fields.zone(doc)
    return {
        "id": doc.get("id"),
        "title": clean_line(str(doc.get("title")), limit=50),
        "start": event_fields.wall_time(start, where) if start else None,
    }


async def _whole_list(context: ProbeContext) -> PagedList | None:
    listing = await context.found.events
    if listing is None or listing.complete or listing.broken is not None:
        return listing
    first = read_list(listing.replies[0].document, page=1)
    if first is None:
        return listing
    reading = ListReader(first, listing.replies[0])
    if context.asked.event_id is None:
        context.leave(lambda: _sought(context, so_far(reading)))
    return await rest_of_events(context, reading, probe="event")


def _absent(reply: Reply, wanted: str | int, listing: PagedList | None) -> ProbeObservation:
    error = reply.error
    searched = len(listing.docs) if listing else 0
    data = {
        "event": wanted,
        "status": reply.status,
        "code": error.code if error else None,
        "request_id": error.request_id if error else None,
        "searched": searched,
        "listed": listing is not None and listing.complete,
    }
    if error is not None and error.code == "forbidden":
        summary = f"The API refuses to show event {wanted}."
        return ProbeObservation("event.forbidden", Status.FAIL, summary, data, replies=(reply,))
    if data["listed"] or (listing is not None and error is not None and error.code == "not_found"):
        summary = f"Event {wanted} was not found: it does not exist, or not for this key."
        if error is None or error.code != "not_found":
            summary = f"Event {wanted} is not in the list; its look-up was answered {_told(reply)}."
        return ProbeObservation("event.not-found", Status.FAIL, summary, data, replies=(reply,))
    summary = (
        f"Whether event {wanted} exists could not be found out: the list can't be read, and the"
        f" look-up was answered {_told(reply)}."
    )
    return ProbeObservation("event.unknown", Status.UNKNOWN, summary, data, replies=(reply,))


async def _describe(
    context: ProbeContext, doc: dict[str, Any], replies: tuple[Reply, ...]
) -> list[ProbeObservation]:
    await context.found.target
    return _described(context, doc, replies)


def _described(
    context: ProbeContext, doc: dict[str, Any], replies: tuple[Reply, ...]
) -> list[ProbeObservation]:
    where = event_fields.zone(doc)
    start = event_fields.instant(doc.get("startAt"))
    title, number = doc.get("title"), doc.get("id", context.asked.event_id)
    data: dict[str, Any] = {
        "event": number if isinstance(number, str | int) else context.asked.event_id,
        "title": title[:120] if isinstance(title, str) else None,
        "start": event_fields.wall_time(start, where) if start else None,
        "timezone": where.key if where else None,
        "channel": event_fields.channel_of(doc),
    }
    context.found.event = doc
    shown = f" “{data['title']}”" if data["title"] else ""
    found = ProbeObservation(
        "event.found", Status.PASS, f"Event {data['event']}{shown} exists.", data, replies=replies
    )
    known = context.found.target
    target = known.result() if known.done() else context.asked.channel_id
    return [found, *checklist(doc, data, context.asked, target=target, now=context.clock.now())]


EVENT = Probe(
    id="event",
    title="Look the event up",
    route=GET_EVENT,
    could_change="nothing",
    leaves="nothing",
    after=("authentication",),
    wanted=lambda asked: asked.secret is not None and asked.wants_event,
    run=_find,
    awaits=("channels", "events"),
)
