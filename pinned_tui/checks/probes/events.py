"""The list of events, and what stands in it twice."""

from pinned_tui.api_spec.routes import LIST_EVENTS
from pinned_tui.checks.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.checks.probes.duplicates import ListPart, judged, listed
from pinned_tui.checks.probes.scopes import read_scope
from pinned_tui.checks.request import CheckRequest
from pinned_tui.checks.responses import trouble, unexpected
from pinned_tui.client.pagination import ListReader, PagedList, first_page, remaining_pages


async def rest_of_events(
    context: ProbeContext, reading: ListReader, *, probe: str, most: int | None = None
) -> PagedList:
    """Read the pages after the first one, and tell how far it is."""

    def tell(done: int, of: int) -> None:
        context.say(f"read {done} of {of} pages of events")

    return await remaining_pages(
        context.client, LIST_EVENTS, reading, probe=probe, on_page=tell, most=most
    )


def so_far(reading: ListReader) -> ListPart:
    """Return the events that came until now, where the reading is cut short."""
    listing = reading.listing(budget=1)
    return ListPart(listing.docs, listing.total, complete=False, cut=True, replies=(reading.reply,))


def _wants_all(asked: CheckRequest) -> bool:
    return asked.wants_channel or asked.wants_twins


async def _list(context: ProbeContext) -> list[ProbeObservation]:
    asked = "events:read" in context.asked.scopes
    context.say("reading the list of events")
    reply, first = await first_page(context.client, LIST_EVENTS, probe="events")
    seen = trouble(context, reply, asked=asked)
    if seen is not None:
        return [seen]
    scope = read_scope(context, reply, "events:read", asked=asked)
    if first is None:
        return [scope] if reply.status != 200 else [scope, unexpected(reply, asked=asked)]
    reading = ListReader(first, reply)
    context.leave(lambda: [scope, *_read_part(context, so_far(reading))])
    listing = await _walk(context, reading)
    context.found.events.set_result(listing)
    broken = listing.broken and trouble(context, listing.broken, asked=False)
    await context.found.target
    part = ListPart(listing.docs, listing.total, listing.complete, replies=listing.replies)
    return [scope, *([broken] if broken else []), *_read_part(context, part)]


async def _walk(context: ProbeContext, reading: ListReader) -> PagedList:
    if not _wants_all(context.asked):
        return reading.listing(budget=1)
    budget = context.client.budget
    most = budget.pages_of_events if context.asked.twins else budget.pages
    return await rest_of_events(context, reading, probe="events", most=most)


def _read_part(context: ProbeContext, part: ListPart) -> list[ProbeObservation]:
    """Return what ``part`` shows, at the end or when the reading is cut short."""
    asked, found = context.asked, context.found
    target = found.target.result() if found.target.done() else asked.channel_id
    seen = [listed(part, whole=_wants_all(asked))]
    return [*seen, *judged(part, asked, found.channels, target)]


EVENTS = Probe(
    id="events",
    title="Read the list of events",
    route=LIST_EVENTS,
    could_change="nothing",
    leaves="nothing",
    after=("authentication",),
    wanted=lambda asked: asked.secret is not None,
    run=_list,
    awaits=("channels",),
    fills="events",
)
