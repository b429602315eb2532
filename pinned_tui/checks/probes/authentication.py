"""Whether the API accepts the key, by its response to the first page of channels.

The same response shows the scope ``channels:read`` and begins the list of channels, so that one
request serves three probes. A response that looks like an acceptance and may be none costs one
request more: past the cache where it came from one, without a key where it may be anyone's.
"""

import asyncio
from collections.abc import Mapping

from pinned_tui.api_spec.response_origin import cache_marks
from pinned_tui.api_spec.routes import LIST_CHANNELS
from pinned_tui.checks.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.checks.observations import observe, phrase
from pinned_tui.checks.responses import (
    is_beyond_doubt,
    is_listed,
    is_of_the_api,
    refuses_something_else,
    refuses_the_key,
    regardless_of_the_key,
    route_of,
    signature,
    trouble,
    unexpected,
)
from pinned_tui.client.call import Reply
from pinned_tui.client.client import KeyVariant
from pinned_tui.client.pagination import PAGE_LIMIT, first_page
from pinned_tui.session import Status

WITHOUT, WRONG, OTHER_HEADER = "without", "wrong", "other_header"

_CONTROLS: Mapping[str, KeyVariant] = {
    WITHOUT: "none",
    WRONG: "wrong",
    OTHER_HEADER: "x-api-key",
}


async def _compare(context: ProbeContext) -> list[ProbeObservation]:
    reply = context.found.first_reply
    if reply is None or not is_of_the_api(reply) or context.found.limited:
        return []
    if refuses_the_key(reply):
        return await _controls(context, reply)
    if context.asked.sends == "x-api-key" and _accepts(reply, known_wrong=False):
        return await _other_header(context)
    return []


async def _controls(context: ProbeContext, reply: Reply) -> list[ProbeObservation]:
    context.say("asking again without a key, with a wrong one, and with x-api-key")
    replies = await asyncio.gather(*(_send(context, how) for how in _CONTROLS.values()))
    by_control = dict(zip(_CONTROLS, replies, strict=True))
    data = {
        name: _relation(control, reply, known_wrong=name != OTHER_HEADER)
        for name, control in by_control.items()
    }
    status = Status.WARN if set(data.values()) - {"same"} else Status.PASS
    compared = observe(
        "controls.compared",
        status,
        data,
        replies=(reply, *replies),
        without_key=phrase(WITHOUT, data[WITHOUT]),
        wrong_key=phrase(WRONG, data[WRONG]),
        in_x_api_key=phrase(OTHER_HEADER, data[OTHER_HEADER]),
    )
    limited = [trouble(context, control) for control in replies if control.status == 429]
    return [compared, *(one for one in limited[:1] if one is not None)]


async def _other_header(context: ProbeContext) -> list[ProbeObservation]:
    context.say("asking with x-api-key, as your code does")
    reply = await _send(context, "x-api-key")
    seen = trouble(context, reply)
    if seen is not None:
        return [seen]
    data = {"status": reply.status, "code": reply.error.code if reply.error else None}
    if refuses_the_key(reply):
        return [observe("controls.bearer-only", Status.FAIL, data, replies=(reply,))]
    if not _accepts(reply, known_wrong=False):
        return [observe("controls.x-api-key-untold", Status.UNKNOWN, data, replies=(reply,))]
    return [observe("controls.both-headers", Status.PASS, data, replies=(reply,))]


async def _send(context: ProbeContext, credentials: KeyVariant) -> Reply:
    query = {"page": 1, "limit": PAGE_LIMIT}
    return await context.client.send(
        LIST_CHANNELS, probe="controls", query=query, credentials=credentials
    )


def _accepts(reply: Reply, *, known_wrong: bool) -> bool:
    """Return whether the key of a request was accepted; one that is known to be wrong, by a list.

    A refusal that says ``forbidden`` is, in response to a key that can't be right, one more way to
    refuse it.
    """
    return is_listed(reply) or (not known_wrong and refuses_something_else(reply))


def _relation(reply: Reply, refused: Reply, *, known_wrong: bool) -> str:
    """Return how a response relates to the one that refused the key, IDs and times aside."""
    if not is_of_the_api(reply) or (reply.status or 0) >= 500 or reply.status == 429:
        return "untold"
    if _accepts(reply, known_wrong=known_wrong):
        return "accepted"
    return "same" if signature(reply) == signature(refused) else "different"


CONTROLS = Probe(
    id="controls",
    title="Compare with other keys",
    route=LIST_CHANNELS,
    could_change="nothing",
    leaves="up to three requests in the API's logs, only where the key is refused",
    after=("authentication",),
    wanted=lambda asked: asked.secret is not None,
    run=_compare,
    though_halted=True,
)


_ID = "authentication"


async def _authenticate(context: ProbeContext) -> list[ProbeObservation]:
    context.say("waiting for the first response")
    reply, _ = await first_page(context.client, LIST_CHANNELS, probe=_ID)
    context.found.first_reply = reply
    seen = trouble(context, reply)
    if seen is not None:
        context.halt("no-response")
        return [seen]
    if is_listed(reply) and _marks(reply):
        return await _past_the_cache(context, reply)
    return await _judge(context, reply)


async def _judge(context: ProbeContext, reply: Reply) -> list[ProbeObservation]:
    data = _data(reply)
    if refuses_the_key(reply):
        context.halt("key-rejected")
        return [observe("authentication.rejected", Status.FAIL, data, replies=(reply,))]
    if is_beyond_doubt(reply):
        return _accepted(context, data, reply)
    if is_listed(reply) or refuses_something_else(reply):
        return await _against_no_key(context, reply)
    context.halt("no-response")
    return [unexpected(reply)]


def _accepted(
    context: ProbeContext, data: dict[str, object], *replies: Reply
) -> list[ProbeObservation]:
    """Report that the key is accepted, and whether a deployment is refused all the same."""
    seen = [observe("authentication.accepted", Status.PASS, data, replies=replies)]
    if context.asked.refused_elsewhere:
        seen.append(observe("authentication.refused-elsewhere", Status.WARN, replies=replies))
    return seen


def _data(reply: Reply) -> dict[str, object]:
    error = reply.error
    return {
        "status": reply.status,
        "code": error.code if error else None,
        "message": error.message if error else None,
        "route": route_of(reply),
        "request_id": reply.exchange.response.request_id if reply.exchange.response else None,
    }


def _marks(reply: Reply) -> list[str]:
    response = reply.exchange.response
    return cache_marks(response.headers) if response is not None else []


async def _past_the_cache(context: ProbeContext, cached: Reply) -> list[ProbeObservation]:
    """Ask once more in another way: the response may come from a cache, meant for another key."""
    context.say("the response came from a cache: asking once more, past it")
    sized = "limit=" in cached.exchange.request.url
    query = {"page": 1, "limit": PAGE_LIMIT - 1} if sized else {"page": 1}
    fresh = await context.client.send(LIST_CHANNELS, probe=_ID, query=query)
    seen = trouble(context, fresh)
    if seen is None and not _marks(fresh):
        context.found.first_reply = fresh
        return await _judge(context, fresh)
    marks = _marks(cached)
    undecided = observe(
        "authentication.cached",
        Status.UNKNOWN,
        _data(cached) | {"marks": marks},
        asked=False,
        replies=(cached, fresh),
        shown_marks=", ".join(marks),
    )
    return [undecided] if seen is None else [undecided, seen]


async def _against_no_key(context: ProbeContext, reply: Reply) -> list[ProbeObservation]:
    """Compare a response that may be anyone's with the one that no key gets."""
    context.say("the response may not depend on the key: asking once more without one")
    query = {"page": 1, "limit": PAGE_LIMIT}
    control = await context.client.send(LIST_CHANNELS, probe=_ID, query=query, credentials="none")
    if refuses_the_key(control):
        return _accepted(context, _data(reply), reply, control)
    context.halt("key-not-checked")
    if is_listed(control):
        replies = (reply, control)
        return [observe("authentication.anyone", Status.UNKNOWN, _data(reply), replies=replies)]
    if control.status == reply.status and (
        control.error is None or signature(control) == signature(reply)
    ):
        return [regardless_of_the_key(reply, control)]
    seen = trouble(context, control)
    return [unexpected(reply)] if seen is None else [unexpected(reply), seen]


AUTHENTICATION = Probe(
    id=_ID,
    title="Try the key",
    route=LIST_CHANNELS,
    could_change="nothing",
    leaves="nothing",
    after=("network",),
    wanted=lambda asked: asked.secret is not None,
    run=_authenticate,
)
