"""The public classification slugs, against which a payload's are held."""

from collections.abc import Iterator
from typing import Any

from pinned_tui.api.pagination import ListReader, first_page, remaining_pages
from pinned_tui.ask import CheckRequest
from pinned_tui.contract.routes import LIST_CLASSIFICATIONS
from pinned_tui.probes.answers import trouble, unexpected
from pinned_tui.probes.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.session import Status

_DEEPEST = 12
"""How deep slugs may stand below each other; each level is a document and a list."""


def _slugs_wanted(asked: CheckRequest) -> bool:
    return asked.secret is not None and (asked.payload is not None or asked.everything)


def slugs_in(value: Any, depth: int = _DEEPEST) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield the slugs of a list of classifications, those that stand below others included."""
    if isinstance(value, dict):
        if isinstance(value.get("slug"), str):
            yield value["slug"]
        value = value.values()
    elif not isinstance(value, list | tuple):
        return
    if depth:
        for inner in value:
            yield from slugs_in(inner, depth - 1)


async def _list(context: ProbeContext) -> list[ProbeObservation]:
    asked = context.asked.payload is not None
    context.say("reading the classification slugs")
    reply, first = await first_page(context.client, LIST_CLASSIFICATIONS, probe="classifications")
    if first is None:
        return [trouble(context, reply, asked=False) or unexpected(reply, asked=False)]
    listing = await remaining_pages(
        context.client, LIST_CLASSIFICATIONS, ListReader(first, reply), probe="classifications"
    )
    slugs = frozenset(slugs_in(listing.docs))
    readable = not listing.strange and all(isinstance(doc.get("slug"), str) for doc in listing.docs)
    if slugs and listing.complete and readable:
        context.found.slugs = slugs
    data = {"count": len(slugs), "complete": listing.complete}
    summary = f"There are {len(slugs)} classification slugs to choose from."
    seen = [
        ProbeObservation(
            "classifications.listed", Status.PASS, summary, data, asked, listing.replies
        )
    ]
    broken = listing.broken and trouble(context, listing.broken, asked=False)
    return [*seen, broken] if broken else seen


CLASSIFICATIONS = Probe(
    id="classifications",
    title="List the classification slugs",
    route=LIST_CLASSIFICATIONS,
    could_change="nothing",
    leaves="nothing",
    after=("authentication",),
    wanted=_slugs_wanted,
    run=_list,
)
