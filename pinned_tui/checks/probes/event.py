"""One event: looked up by its ID, else found in the list by its ID or its title.

What is found is gone through as a checklist (:mod:`pinned_tui.checks.probes.event_checks`), since
more than one thing can keep an event from being seen.
"""

from typing import Any

from pinned_tui.api_spec.errors import read_document, read_list
from pinned_tui.api_spec.routes import GET_EVENT
from pinned_tui.checks.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.checks.observations import observe, phrase
from pinned_tui.checks.probes.duplicates import ListPart
from pinned_tui.checks.probes.event_checks import checklist
from pinned_tui.checks.probes.events import rest_of_events, so_far
from pinned_tui.checks.probes.scopes import read_scope
from pinned_tui.checks.responses import refused_stage, trouble
from pinned_tui.client.call import Reply
from pinned_tui.client.pagination import ListReader, PagedList
from pinned_tui.core.labels import plural
from pinned_tui.diagnosis import event_fields
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
    if refused_stage(reply) == "scope" and not await _may_list(context):
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
    counts = refused_stage(reply) == "access"
    status, response = Status.FAIL if counts else Status.WARN, _named(reply)
    return [observe("event.look-up-refused", status, data, counts, (reply,), response=response)]


def _named(reply: Reply) -> str:
    """Return the status of a response with the code of its error, if it has one."""
    return f"{reply.status} {clean_line(reply.error.code, limit=80) if reply.error else ''}".strip()


async def _may_list(context: ProbeContext) -> bool:
    """Return whether the list shows that the key has the scope: the look-up then needs another."""
    await context.found.events
    return context.found.scopes.get("events:read") is ScopeState.PRESENT


async def _by_title(context: ProbeContext) -> list[ProbeObservation]:
    title = context.asked.event_title or ""
    context.say(f"looking for “{title}” in the list of events")
    listing = await _whole_list(context)
    if listing is None:
        data = {"sought": title}
        return [observe("event.unknown", Status.UNKNOWN, data, variant="no-list")]
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
        seen.append(_perhaps_others(part, title, "unread"))
    if undated:
        name = "undated-one" if len(undated) == 1 else "undated-several"
        others = phrase("fits", name, count=f"{len(undated):,}")
        seen.append(_perhaps_others(part, title, "undated", others))
    return seen


def _perhaps_others(
    part: ListPart, title: str, how: str, undated: str | None = None
) -> ProbeObservation:
    return observe(
        "event.perhaps-others",
        Status.WARN,
        {"part": part.shown},
        variant=how,
        sought=title,
        undated=undated,
    )


def _not_one(
    context: ProbeContext, part: ListPart, found: list[dict[str, Any]], pages: int | None
) -> ProbeObservation:
    """Report which events fit a title, where it is not exactly one."""
    title, day = context.asked.event_title or "", context.asked.event_day
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
        how = "title-on-day" if day else "title"
        return observe("event.not-found", Status.FAIL, data, replies=part.replies, variant=how)
    if not found:
        how = "cut" if part.cut else "unread"
        how += "-on-day" if day else ""
        return observe("event.unknown", Status.UNKNOWN, data, replies=part.replies, variant=how)
    data["candidates"] = [_candidate(doc) for doc in found[:SHOWN_MATCHES]]
    data["fits"] = len(found)
    named = "; ".join(
        f"{c['id']} “{c['title']}” ({c['start'] or 'no start'})" for c in data["candidates"][:NAMED]
    )
    more = f"; and {len(found) - NAMED} more" if len(found) > NAMED else ""
    if day and event_fields.day_of(found[0]) is None:
        which: str | None = "undated" if part.complete else "undated-part"
    else:
        which = None if part.complete else "part"
    return observe(
        "event.several",
        Status.UNKNOWN,
        data,
        replies=part.replies,
        variant=which,
        events=phrase("fits", "one" if len(found) == 1 else "several", count=f"{len(found):,}"),
        named=f"{named}{more}",
    )


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
    if refused_stage(reply) == "access":
        return observe("event.forbidden", Status.FAIL, data, replies=(reply,))
    response = _named(reply)
    if data["listed"] or (listing is not None and error is not None and error.code == "not_found"):
        named = error is not None and error.code == "not_found"
        return observe(
            "event.not-found",
            Status.FAIL,
            data,
            replies=(reply,),
            variant=None if named else "not-listed",
            response=response,
        )
    return observe("event.unknown", Status.UNKNOWN, data, replies=(reply,), response=response)


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
    how = "titled" if data["title"] else None
    found = observe("event.found", Status.PASS, data, replies=replies, variant=how)
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
