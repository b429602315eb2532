"""Control probes: the same request without a key, with a wrong one, and with the other header.

The API gives one answer to every key that it does not accept. What the answers to the controls
have in common with it tells a dead key from a header that gets lost on the way. The wrong key is
an obvious constant, never a variation of the person's.
"""

import asyncio
from collections.abc import Mapping

from pinned_tui.api.call import Reply
from pinned_tui.api.client import KeyVariant
from pinned_tui.api.pagination import PAGE_LIMIT
from pinned_tui.contract.routes import LIST_CHANNELS
from pinned_tui.probes.answers import trouble
from pinned_tui.probes.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.probes.relations import (
    is_listed,
    is_of_the_api,
    refuses_something_else,
    refuses_the_key,
    told,
)
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
    answers = dict(zip(_CONTROLS, replies, strict=True))
    data = {
        name: _relation(answer, reply, known_wrong=name != OTHER_HEADER)
        for name, answer in answers.items()
    }
    summary = "Compared: " + "; ".join(_WORDS[name][data[name]] for name in _CONTROLS) + "."
    status = Status.WARN if set(data.values()) - {"same"} else Status.PASS
    seen = [ProbeObservation("controls.compared", status, summary, data, replies=(reply, *replies))]
    limited = [trouble(context, answer) for answer in replies if answer.status == 429]
    return [*seen, *(one for one in limited[:1] if one is not None)]


_WORDS = {
    WITHOUT: {
        "same": "without a key the answer is the same",
        "different": "without a key the answer is another",
        "accepted": "without a key the request is accepted",
        "untold": "without a key there was no usable answer",
    },
    WRONG: {
        "same": "a wrong key gets the same answer",
        "different": "a wrong key gets another answer",
        "accepted": "a wrong key is accepted",
        "untold": "with a wrong key there was no usable answer",
    },
    OTHER_HEADER: {
        "same": "x-api-key is refused too",
        "different": "x-api-key is refused in other words",
        "accepted": "in x-api-key the key is accepted",
        "untold": "with x-api-key there was no usable answer",
    },
}


async def _other_header(context: ProbeContext) -> list[ProbeObservation]:
    context.say("asking with x-api-key, as your code does")
    reply = await _send(context, "x-api-key")
    seen = trouble(context, reply)
    if seen is not None:
        return [seen]
    data = {"status": reply.status, "code": reply.error.code if reply.error else None}
    if refuses_the_key(reply):
        summary = "In x-api-key the key is refused, in Authorization it is accepted."
        return [
            ProbeObservation("controls.bearer-only", Status.FAIL, summary, data, replies=(reply,))
        ]
    if not _accepts(reply, known_wrong=False):
        summary = f"The answer {reply.status} does not tell whether x-api-key works too."
        return [
            ProbeObservation(
                "controls.x-api-key-untold", Status.UNKNOWN, summary, data, replies=(reply,)
            )
        ]
    summary = "The key is accepted in x-api-key too."
    return [ProbeObservation("controls.both-headers", Status.PASS, summary, data, replies=(reply,))]


async def _send(context: ProbeContext, credentials: KeyVariant) -> Reply:
    query = {"page": 1, "limit": PAGE_LIMIT}
    return await context.client.send(
        LIST_CHANNELS, probe="controls", query=query, credentials=credentials
    )


def _accepts(reply: Reply, *, known_wrong: bool) -> bool:
    """Tell whether the key of a request was accepted; one that is known to be wrong, by a list.

    A refusal that says ``forbidden`` is, in answer to a key that can't be right, one more way to
    refuse it.
    """
    return is_listed(reply) or (not known_wrong and refuses_something_else(reply))


def _relation(reply: Reply, refused: Reply, *, known_wrong: bool) -> str:
    """Say how an answer relates to the one that refused the key; what names it is left aside."""
    if not is_of_the_api(reply) or (reply.status or 0) >= 500 or reply.status == 429:
        return "untold"
    if _accepts(reply, known_wrong=known_wrong):
        return "accepted"
    return "same" if told(reply) == told(refused) else "different"


CONTROLS = Probe(
    id="controls",
    title="Compare a refusal with what other keys get",
    route=LIST_CHANNELS,
    could_change="nothing",
    leaves="up to three requests in the API's logs, only where the key is refused",
    after=("authentication",),
    wanted=lambda asked: asked.secret is not None,
    run=_compare,
    though_halted=True,
)
