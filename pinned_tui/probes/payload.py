"""The body of a create request: read on this machine, then, with consent, shown to the API.

The live request carries the person's payload into a channel that can't exist. The API checks the
body before the channel (assumed; a control request tells whether it holds), so a bad body is
named and a good one is refused for its channel: nothing is created either way.
"""

from typing import Any

from pinned_tui.api.call import Reply
from pinned_tui.api.client import json_body
from pinned_tui.ask import Asked
from pinned_tui.contract.routes import CREATE_EVENT
from pinned_tui.inspect.payload import PayloadFault, read_payload, unknown_classifications
from pinned_tui.probes.answers import trouble, unexpected
from pinned_tui.probes.model import Context, Probe, Seen
from pinned_tui.probes.scopes import IMPOSSIBLE_ID, accepted_after_all, read_scope
from pinned_tui.session import ScopeState, Status


async def _read(context: Context) -> list[Seen]:
    payload = read_payload(context.asked.payload or b"")
    if not payload.faults:
        count = len(payload.fields or {})
        summary = f"The payload is a JSON object with {count} fields; the required ones are there."
        return [Seen("payload.readable", Status.PASS, summary, {"fields": count})]
    return [_fault(fault) for fault in payload.faults]


def _fault(fault: PayloadFault) -> Seen:
    code = {
        "field-missing": "payload.field-missing",
        "classification-unknown": "payload.classification-unknown",
    }.get(fault.cause, "payload.malformed")
    data = {
        "cause": fault.cause,
        "subject": fault.subject,
        "found": fault.found,
        "suggestion": fault.suggestion,
        "detail": fault.detail,
    }
    return Seen(code, Status.FAIL, fault.detail, data)


def _has_payload(asked: Asked) -> bool:
    return asked.payload is not None


PAYLOAD_FORM = Probe(
    id="payload-form",
    title="Read the payload",
    route=None,
    could_change="nothing",
    leaves="nothing; it is done on this machine",
    after=(),
    wanted=_has_payload,
    run=_read,
)


async def _compare(context: Context) -> list[Seen]:
    fields = read_payload(context.asked.payload or b"").fields
    if fields is None or context.found.slugs is None:
        return []
    return [_fault(fault) for fault in unknown_classifications(fields, context.found.slugs)]


PAYLOAD_SLUGS = Probe(
    id="payload-slugs",
    title="Hold the payload's classifications against the API's list",
    route=None,
    could_change="nothing",
    leaves="nothing; it is done on this machine",
    after=("classifications", "payload-form"),
    wanted=lambda asked: asked.payload is not None and asked.secret is not None,
    run=_compare,
)


async def _show(context: Context) -> list[Seen]:
    payload = read_payload(context.asked.payload or b"")
    if payload.fields is None or payload.faults:
        return [_not_sent("its faults are known already")]
    if context.found.scopes.get("events:create") is ScopeState.MISSING:
        return [_not_sent("the key may not create events")]
    context.say("showing the payload to the API, for a channel that can't exist")
    body = json_body(payload.fields | {"channelId": IMPOSSIBLE_ID})
    shown = f"the payload, with channelId {IMPOSSIBLE_ID} in place of its own"
    reply = await context.client.send(CREATE_EVENT, probe="payload", body=body, shown_body=shown)
    seen = trouble(context, reply)
    if seen is not None:
        return [seen]
    return [_judge(context, reply)]


def _not_sent(why: str) -> Seen:
    summary = f"The payload was not shown to the API: {why}."
    return Seen("payload.not-sent", Status.SKIP, summary, asked=False)


def _judge(context: Context, reply: Reply) -> Seen:
    error = reply.error
    if error is None:
        if reply.status is not None and reply.status < 300:
            return accepted_after_all(reply)
        return unexpected(reply)
    if error.code == "insufficient_scope":
        return read_scope(context, reply, "events:create", asked=True)
    data: dict[str, Any] = {
        "code": error.code,
        "message": error.message,
        "field": error.field,
        "issue": error.issue,
        "request_id": error.request_id,
    }
    if (error.field or "").casefold() == "idempotency-key":
        summary = "The API wants an Idempotency-Key; none is sent with what must create nothing."
        return Seen("payload.undecided", Status.UNKNOWN, summary, data, replies=(reply,))
    about_channel = error.code in {"forbidden", "not_found"} or _names_channel(error.field)
    if reply.status in {400, 422} and not about_channel:
        context.found.scopes["events:create"] = ScopeState.PRESENT
        named = f"{error.field}: {error.issue or error.message}" if error.field else error.message
        summary = f"The API rejects the payload: {named}"
        return Seen("payload.rejected", Status.FAIL, summary, data, replies=(reply,))
    if about_channel and _body_comes_first(context.found.create_control):
        summary = "Inferred: the API finds no fault with the payload's fields."
        return Seen("payload.accepted", Status.PASS, summary, data, replies=(reply,))
    summary = f"The answer {reply.status} {error.code} does not tell whether the payload is good."
    return Seen("payload.undecided", Status.UNKNOWN, summary, data, replies=(reply,))


def _names_channel(field: str | None) -> bool:
    return field is not None and field.lstrip("/").split(".")[0] in {"channelId", "channel"}


def _body_comes_first(control: Reply | None) -> bool:
    """Tell whether the API names faults of the body before it looks at the channel."""
    error = control.error if control else None
    return error is not None and error.code == "invalid_request" and not _names_channel(error.field)


PAYLOAD = Probe(
    id="payload",
    title="Show the payload to the API without creating anything",
    route=CREATE_EVENT,
    could_change="nothing: the payload goes to a channel that can't exist",
    leaves="a refused request in the API's logs",
    after=("payload-form", "payload-slugs", "create-scope"),
    wanted=lambda asked: asked.payload is not None and asked.secret is not None,
    run=_show,
)
