"""The public classification slugs, against which a payload's are held."""

from pinned_tui.api.pagination import first_page, remaining_pages
from pinned_tui.ask import Asked
from pinned_tui.contract.routes import LIST_CLASSIFICATIONS
from pinned_tui.probes.answers import trouble, unexpected
from pinned_tui.probes.model import Context, Probe, Seen
from pinned_tui.session import Status


def _wanted(asked: Asked) -> bool:
    return asked.secret is not None and (asked.payload is not None or asked.everything)


async def _list(context: Context) -> list[Seen]:
    asked = context.asked.payload is not None
    context.say("reading the classification slugs")
    reply, first = await first_page(context.client, LIST_CLASSIFICATIONS, probe="classifications")
    if first is None:
        return [trouble(context, reply, asked=False) or unexpected(reply, asked=False)]
    listing = await remaining_pages(
        context.client, LIST_CLASSIFICATIONS, reply, first, probe="classifications"
    )
    slugs = frozenset(s for doc in listing.docs if isinstance(s := doc.get("slug"), str))
    if slugs and listing.complete:
        context.found.slugs = slugs
    data = {"count": len(slugs), "complete": listing.complete}
    summary = f"There are {len(slugs)} classification slugs to choose from."
    return [Seen("classifications.listed", Status.PASS, summary, data, asked, listing.replies)]


CLASSIFICATIONS = Probe(
    id="classifications",
    title="List the classification slugs",
    route=LIST_CLASSIFICATIONS,
    could_change="nothing",
    leaves="nothing",
    after=("authentication",),
    wanted=_wanted,
    run=_list,
)
