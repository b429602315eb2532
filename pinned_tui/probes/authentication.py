"""Whether the API accepts the key, told by the answer to the first page of channels.

The same answer tells of the scope ``channels:read`` and begins the list of channels, so that one
request serves three probes.
"""

from pinned_tui.api.call import Reply
from pinned_tui.api.pagination import first_page
from pinned_tui.contract.envelope import read_list
from pinned_tui.contract.routes import LIST_CHANNELS
from pinned_tui.probes.answers import trouble, unexpected
from pinned_tui.probes.model import Context, Probe, Seen
from pinned_tui.session import Status

_AFTER_AUTHENTICATION = {"insufficient_scope", "forbidden"}
"""Codes of a 403 that the API gives only to a key that it accepts (the vendor's page *Errors*)."""


async def _authenticate(context: Context) -> list[Seen]:
    context.say("waiting for the first answer")
    reply, _ = await first_page(context.client, LIST_CHANNELS, probe="authentication")
    context.found.first_reply = reply
    seen = trouble(context, reply)
    if seen is not None:
        context.halt("the API gave no usable answer")
        return [seen]
    return _judge(context, reply)


def _judge(context: Context, reply: Reply) -> list[Seen]:
    error = reply.error
    data = {
        "status": reply.status,
        "code": error.code if error else None,
        "message": error.message if error else None,
        "request_id": reply.exchange.response.request_id if reply.exchange.response else None,
    }
    if reply.status == 401 or data["code"] == "invalid_api_key":
        context.halt("the key is not accepted")
        summary = f"The API does not accept the key: {reply.status} {data['code']}."
        return [Seen("authentication.rejected", Status.FAIL, summary, data, replies=(reply,))]
    listed = reply.status == 200 and read_list(reply.document, page=1) is not None
    if listed or data["code"] in _AFTER_AUTHENTICATION:
        summary = "The API accepts the key."
        seen = Seen("authentication.accepted", Status.PASS, summary, data, replies=(reply,))
        return [seen, *_elsewhere(context, reply)]
    context.halt("the API gave no usable answer")
    return [unexpected(reply)]


def _elsewhere(context: Context, reply: Reply) -> list[Seen]:
    """Hold the answer against what the person says of their deployment."""
    if not context.asked.refused_elsewhere:
        return []
    summary = "The API accepts the key here; your deployment is refused, as you say."
    return [Seen("authentication.refused-elsewhere", Status.WARN, summary, replies=(reply,))]


AUTHENTICATION = Probe(
    id="authentication",
    title="Ask whether the key is accepted",
    route=LIST_CHANNELS,
    could_change="nothing",
    leaves="nothing",
    after=("network",),
    wanted=lambda asked: asked.secret is not None,
    run=_authenticate,
)
