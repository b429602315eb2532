"""The list of events, and what stands in it twice."""

from typing import Any

from pinned_tui.api.call import Reply
from pinned_tui.api.pagination import Listing, first_page, only_first, remaining_pages
from pinned_tui.ask import Asked
from pinned_tui.contract.envelope import ListPage
from pinned_tui.contract.routes import LIST_EVENTS
from pinned_tui.probes.answers import trouble, unexpected
from pinned_tui.probes.model import Context, Probe, Seen
from pinned_tui.probes.scopes import read_scope
from pinned_tui.probes.twins import Twins, twins
from pinned_tui.session import Status
from pinned_tui.wording import duration

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

    budget = context.client.budget
    most = budget.pages_of_events if context.asked.twins else budget.pages
    return await remaining_pages(
        context.client, LIST_EVENTS, reply, first, probe="events", on_page=tell, most=most
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
    groups = [group for group in twins(listing.docs) if target is None or group.channel == target]
    if not groups:
        summary = "No two of them are alike in title, start and channel."
        return [*seen, Seen("events.no-duplicates", Status.PASS, summary, data, False)]
    shown = [_shown(group) for group in groups[:SHOWN_GROUPS]]
    count = sum(len(group.ids) for group in groups)
    summary = f"{count} events are alike in {len(groups)} group{'s' if len(groups) > 1 else ''}."
    data = data | {
        "groups": shown,
        "group_count": len(groups),
        "event_count": count,
        "within_window": all(group.within_window for group in groups),
        "beyond_window": all(group.beyond_window for group in groups),
    }
    wanted = context.asked.wants_twins
    status = Status.FAIL if wanted else Status.WARN
    return [*seen, Seen("events.duplicates", status, summary, data, wanted, listing.replies)]


def _shown(group: Twins) -> dict[str, Any]:
    gap = None if group.gap is None else round(group.gap.total_seconds())
    return {
        "title": group.title,
        "start": group.start,
        "channel": group.channel,
        "ids": list(group.ids[:20]),
        "count": len(group.ids),
        "gap_s": gap,
        "apart": None if group.gap is None else duration(group.gap),
    }


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
)
