"""The list of events, with what stands in it twice, and the look-up of one event."""

from typing import Any

from pinned_tui.api.call import Reply
from pinned_tui.api.pagination import Listing, first_page, only_first, remaining_pages
from pinned_tui.ask import Asked
from pinned_tui.clock import timestamp
from pinned_tui.contract.envelope import ListPage, read_document, read_list
from pinned_tui.contract.routes import GET_EVENT, LIST_EVENTS
from pinned_tui.probes import event_facts
from pinned_tui.probes.answers import trouble, unexpected
from pinned_tui.probes.model import Context, Probe, Seen
from pinned_tui.probes.scopes import read_scope
from pinned_tui.session import Status

SHOWN_GROUPS = 20


def _wants_all(asked: Asked) -> bool:
    return asked.wants_channel or asked.wants_twins


async def _list(context: Context) -> list[Seen]:
    try:
        return await _read_list(context)
    finally:
        if not context.found.events.done():
            context.found.events.set_result(None)


async def _read_list(context: Context) -> list[Seen]:
    asked = "events:read" in context.asked.scopes
    context.say("reading the list of events")
    reply, first = await first_page(context.client, LIST_EVENTS, probe="events")
    seen = trouble(context, reply, asked=asked)
    if seen is not None:
        return [seen]
    scope = read_scope(context, reply, "events:read", asked=asked)
    if first is None:
        return [scope] if reply.status != 200 else [scope, unexpected(reply, asked=asked)]
    listing = await _walk(context, reply, first)
    context.found.events.set_result(listing)
    broken = listing.broken and trouble(context, listing.broken, asked=False)
    return [scope, *([broken] if broken else []), *await _judge(context, listing)]


async def _walk(context: Context, reply: Reply, first: ListPage) -> Listing:
    if not _wants_all(context.asked):
        return only_first(reply, first)

    def tell(done: int, of: int) -> None:
        context.say(f"read {done} of {of} pages of events")

    return await remaining_pages(
        context.client, LIST_EVENTS, reply, first, probe="events", on_page=tell
    )


async def _judge(context: Context, listing: Listing) -> list[Seen]:
    data: dict[str, Any] = {
        "count": len(listing.docs),
        "total": listing.total,
        "complete": listing.complete,
    }
    rest = "" if listing.complete else f" of {listing.total}"
    summary = f"Read {len(listing.docs)}{rest} events."
    seen = [Seen("events.listed", Status.PASS, summary, data, False, listing.replies)]
    target = await context.found.target
    groups = [
        group
        for group in event_facts.twins(listing.docs)
        if target is None or group.channel == target
    ]
    if not groups:
        summary = "No two of them are alike in title, start and channel."
        return [*seen, Seen("events.no-duplicates", Status.PASS, summary, data, False)]
    shown = [
        {"title": g.title, "start": g.start, "channel": g.channel, "ids": list(g.ids[:20])}
        for g in groups[:SHOWN_GROUPS]
    ]
    count = sum(len(group.ids) for group in groups)
    summary = f"{count} events are alike in {len(groups)} group{'s' if len(groups) > 1 else ''}."
    data = data | {"groups": shown, "group_count": len(groups), "event_count": count}
    wanted = context.asked.wants_twins
    status = Status.FAIL if wanted else Status.WARN
    return [*seen, Seen("events.duplicates", status, summary, data, wanted, listing.replies)]


EVENTS = Probe(
    id="events",
    title="Read the list of events",
    route=LIST_EVENTS,
    could_change="nothing",
    leaves="nothing",
    after=("authentication",),
    wanted=lambda asked: asked.secret is not None,
    run=_list,
)


async def _look_up(context: Context) -> list[Seen]:
    wanted = context.asked.event_id
    if wanted is None:
        raise ValueError("the probe is planned only when there is an event to look up")
    context.say(f"looking up event {wanted}")
    reply = await context.client.send(GET_EVENT, probe="event", ids={"id": wanted})
    doc = read_document(reply.document) if reply.status == 200 else None
    if doc is not None and str(doc.get("id", wanted)) == str(wanted):
        return await _describe(context, doc, reply)
    seen = trouble(context, reply)
    if seen is not None and seen.code != "answer.not-api":
        return [seen]
    error = reply.error
    if error is not None and error.code == "insufficient_scope":
        return [read_scope(context, reply, "events:read", asked=True)]
    return await _search(context, reply, wanted)


async def _search(context: Context, reply: Reply, wanted: str | int) -> list[Seen]:
    """Walk the list: the look-up route is assumed, the list is documented."""
    context.say("looking for it in the list of events")
    listing = await context.found.events
    if listing is not None and not listing.complete and listing.broken is None:
        listing = await _rest(context, listing)
    for doc in listing.docs if listing else ():
        if str(doc.get("id")) == str(wanted):
            return await _describe(context, doc, reply)
    return [_absent(reply, wanted, listing)]


def _absent(reply: Reply, wanted: str | int, listing: Listing | None) -> Seen:
    error = reply.error
    searched = len(listing.docs) if listing else 0
    data = {
        "event": wanted,
        "status": reply.status,
        "request_id": error.request_id if error else None,
        "searched": searched,
        "listed": listing is not None and listing.complete,
    }
    if error is not None and error.code == "forbidden":
        summary = f"The API refuses to show event {wanted}."
        return Seen("event.forbidden", Status.FAIL, summary, data, replies=(reply,))
    if data["listed"] or (listing is not None and error is not None and error.code == "not_found"):
        summary = f"Event {wanted} was not found: it does not exist, or not for this key."
        return Seen("event.not-found", Status.FAIL, summary, data, replies=(reply,))
    summary = f"Whether event {wanted} exists could not be found out: the list can't be read."
    return Seen("event.unknown", Status.UNKNOWN, summary, data, replies=(reply,))


async def _rest(context: Context, listing: Listing) -> Listing:
    reply = listing.replies[0]
    first = read_list(reply.document, page=1)
    if first is None:
        return listing
    return await remaining_pages(context.client, LIST_EVENTS, reply, first, probe="event")


async def _describe(context: Context, doc: dict[str, Any], reply: Reply) -> list[Seen]:
    where = event_facts.zone(doc)
    start = event_facts.instant(doc.get("startAt"))
    title = doc.get("title")
    data: dict[str, Any] = {
        "event": context.asked.event_id,
        "title": title[:120] if isinstance(title, str) else None,
        "start": event_facts.wall_time(start, where) if start else None,
        "timezone": where.key if where else None,
        "channel": event_facts.channel_of(doc),
    }
    shown = f" “{data['title']}”" if data["title"] else ""
    found = Seen(
        "event.found", Status.PASS, f"Event {data['event']}{shown} exists.", data, replies=(reply,)
    )
    judged = [
        _status(doc, data),
        _review(doc, data),
        _placement(await context.found.target, data),
        _date(context, doc, data),
    ]
    return [found, *(seen for seen in judged if seen is not None)]


def _status(doc: dict[str, Any], data: dict[str, Any]) -> Seen | None:
    state = event_facts.publication(doc)
    if state is None:
        return None
    data = data | {"field": state.field, "value": state.value}
    if state.is_draft:
        return Seen("event.draft", Status.FAIL, "It is a draft, not published.", data)
    if state.is_public:
        return Seen("event.published", Status.PASS, f"Its {state.field} is “{state.value}”.", data)
    summary = f"Its {state.field} is “{state.value}”, which is not published."
    return Seen("event.not-published", Status.FAIL, summary, data)


def _review(doc: dict[str, Any], data: dict[str, Any]) -> Seen | None:
    states = event_facts.reviews(doc)
    if not states:
        return None
    held = [review for review in states if review.holds_back]
    odd = [review for review in states if not review.is_public]
    review = (held or odd or list(states))[0]
    data = data | {"field": review.field, "value": review.value, "known": bool(held)}
    if held:
        summary = f"Its {review.field} is “{review.value}”, not approved."
        return Seen("event.moderation", Status.FAIL, summary, data)
    if odd:
        summary = f"Its {review.field} is “{review.value}”; what that means is not documented."
        return Seen("event.review-unclear", Status.WARN, summary, data)
    return Seen("event.approved", Status.PASS, f"Its {review.field} is “{review.value}”.", data)


def _placement(wanted: int | None, data: dict[str, Any]) -> Seen | None:
    actual = data["channel"]
    if wanted is None or actual is None:
        return None
    if wanted == actual:
        return Seen("event.in-channel", Status.PASS, f"It is in channel {actual}.", data)
    data = data | {"expected": wanted}
    summary = f"It is in channel {actual}, not in {wanted}."
    return Seen("event.other-channel", Status.FAIL, summary, data)


def _date(context: Context, doc: dict[str, Any], data: dict[str, Any]) -> Seen | None:
    now = context.clock.now()
    over = event_facts.over_since(doc, now)
    if over is not None:
        told = event_facts.wall_time(over, event_facts.zone(doc))
        data = data | {"ended": told, "ended_at": timestamp(over)}
        return Seen("event.past", Status.FAIL, f"It is over since {told}.", data)
    if data["start"] is None:
        return None
    return Seen("event.upcoming", Status.PASS, f"It begins {data['start']}.", data)


EVENT = Probe(
    id="event",
    title="Look the event up",
    route=GET_EVENT,
    could_change="nothing",
    leaves="nothing",
    after=("authentication",),
    wanted=lambda asked: asked.secret is not None and asked.event_id is not None,
    run=_look_up,
)
