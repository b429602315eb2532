"""The API's own OpenAPI document: what it says of a create request wins over what comes along."""

import asyncio
import math
from typing import TYPE_CHECKING, Any

from pinned_tui.api.call import Reply
from pinned_tui.ask import CheckRequest
from pinned_tui.contract.openapi import create_schema
from pinned_tui.contract.routes import OPENAPI, UPDATE_EVENT, UPLOAD_MEDIA
from pinned_tui.contract.stated import stated_routes
from pinned_tui.probes.answers import trouble
from pinned_tui.probes.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.session import Status

if TYPE_CHECKING:
    import yaml

_LARGEST = 1024 * 1024
_LARGEST_WRITTEN_OUT = 4 * _LARGEST


async def _read(context: ProbeContext) -> list[ProbeObservation]:
    context.say("reading the API's OpenAPI document")
    reply = await context.client.send(OPENAPI, probe="contract")
    if reply.withheld or reply.status == 429:
        limited = trouble(context, reply, asked=False)
        return [limited] if limited else []
    if reply.failure is not None or reply.status != 200:
        return [_unread(reply, "it was not answered with a document")]
    if len(reply.content) > _LARGEST:
        return [_unread(reply, "it is larger than pinned-tui reads")]
    document = await asyncio.to_thread(_parsed, reply)
    context.found.stated = stated_routes(document)
    schema = create_schema(document)
    if schema is None:
        return [_unread(reply, "it names no body of a create request")]
    context.found.schema = schema
    names = schema.get("properties")
    count = len(names) if isinstance(names, dict) else 0
    summary = f"The API's OpenAPI document describes the create request: {count} fields."
    data = {"fields": count}
    return [
        ProbeObservation("contract.read", Status.PASS, summary, data, asked=False, replies=(reply,))
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
    summary = f"The API's OpenAPI document was of no use: {why}. The bundled contract is used."
    data = {"status": reply.status}
    return ProbeObservation(
        "contract.unread", Status.WARN, summary, data, asked=False, replies=(reply,)
    )


def _document_wanted(asked: CheckRequest) -> bool:
    """Tell whether something rests on it: a payload, or a scope whose route is only assumed."""
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
