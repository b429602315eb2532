"""The API's own OpenAPI document: what it says of a create request wins over what comes along."""

import asyncio
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pinned_tui.api_spec.openapi import create_schema, stated_routes
from pinned_tui.api_spec.routes import LIST_CLASSIFICATIONS, OPENAPI, UPDATE_EVENT, UPLOAD_MEDIA
from pinned_tui.checks.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.checks.observations import observe
from pinned_tui.checks.request import CheckRequest
from pinned_tui.checks.responses import trouble, unexpected
from pinned_tui.client.call import Reply
from pinned_tui.client.pagination import ListReader, first_page, remaining_pages
from pinned_tui.core.labels import plural
from pinned_tui.session import Status

if TYPE_CHECKING:
    import yaml


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
    seen = [observe("classifications.listed", Status.PASS, data, asked, listing.replies)]
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


_LARGEST = 1024 * 1024
_LARGEST_WRITTEN_OUT = 4 * _LARGEST


async def _read(context: ProbeContext) -> list[ProbeObservation]:
    context.say("reading the API's OpenAPI document")
    reply = await context.client.send(OPENAPI, probe="contract")
    if reply.withheld or reply.status == 429:
        limited = trouble(context, reply, asked=False)
        return [limited] if limited else []
    if reply.failure is not None or reply.status != 200:
        return [_unread(reply, "no-document")]
    if len(reply.content) > _LARGEST:
        return [_unread(reply, "too-large")]
    document = await asyncio.to_thread(_parsed, reply)
    context.found.stated = stated_routes(document)
    schema = create_schema(document)
    if schema is None:
        return [_unread(reply, "no-body")]
    context.found.schema = schema
    names = schema.get("properties")
    count = len(names) if isinstance(names, dict) else 0
    fields = plural(count, "field")
    data = {"fields": count}
    return [
        observe("contract.read", Status.PASS, data, asked=False, replies=(reply,), count=fields)
    ]


def _parsed(reply: Reply) -> Any:  # noqa: ANN401 - any value of YAML
    """Parse the document; None where it is neither YAML nor JSON."""
    if reply.document is not None:
        return reply.document
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(reply.content.decode())
        try:
            node = loader.get_single_node()
            if node is None or _written_out(node, {}) > _LARGEST_WRITTEN_OUT:
                return None
            return loader.construct_document(node)
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError):
        return None


def _written_out(node: "yaml.Node", known: dict[int, float]) -> float:
    """Return how large a document is once each alias is replaced by what it stands for.

    A few lines of aliases of aliases can be endless; what stands within itself is.
    """
    if id(node) not in known:
        known[id(node)] = math.inf
        size = 1.0
        for part in node.value if isinstance(node.value, list) else ():
            size += sum(_written_out(each, known) for each in _nodes(part))
        known[id(node)] = size if isinstance(node.value, list) else size + len(node.value)
    return known[id(node)]


def _nodes(part: Any) -> tuple["yaml.Node", ...]:  # noqa: ANN401 - a node or a pair of them
    return part if isinstance(part, tuple) else (part,)


def _unread(reply: Reply, why: str) -> ProbeObservation:
    data = {"status": reply.status}
    return observe("contract.unread", Status.WARN, data, asked=False, replies=(reply,), variant=why)


def _document_wanted(asked: CheckRequest) -> bool:
    """Return whether something rests on it: a payload, or a scope whose route is only assumed."""
    assumed = {UPDATE_EVENT.scope, UPLOAD_MEDIA.scope}
    return asked.secret is not None and (asked.payload is not None or bool(assumed & asked.scopes))


CONTRACT = Probe(
    id="contract",
    title="Read the API's OpenAPI document",
    route=OPENAPI,
    could_change="nothing",
    leaves="nothing",
    after=("authentication",),
    wanted=_document_wanted,
    run=_read,
)
