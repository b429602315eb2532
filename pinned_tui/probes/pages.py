"""The pages of the list of events as they come, so that what came counts when time runs out."""

from pinned_tui.api.pagination import ListReader, PagedList, remaining_pages
from pinned_tui.contract.routes import LIST_EVENTS
from pinned_tui.probes.alike import ListPart
from pinned_tui.probes.model import ProbeContext


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
