"""The body of a create request: read on this machine, then, with consent, shown to the API.

The live request carries the user's payload into a channel that can't exist. The API checks the
body before the channel (assumed; a control request tells whether it holds), so a bad body is
named and a good one is refused for its channel: nothing is created either way.
"""

import re
from collections.abc import Iterable
from typing import Any

from pinned_tui.api_spec.errors import Issue, read_issues
from pinned_tui.api_spec.routes import CREATE_EVENT
from pinned_tui.checks.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.checks.observations import observe
from pinned_tui.checks.probes.scopes import (
    IMPOSSIBLE_ID,
    accepted_after_all,
    read_scope,
    was_accepted,
)
from pinned_tui.checks.request import CheckRequest
from pinned_tui.checks.responses import refused_stage, trouble, unexpected
from pinned_tui.client.call import Reply
from pinned_tui.client.client import json_body
from pinned_tui.core.labels import plural
from pinned_tui.inspect.model import Fault, InspectionContext, read_input
from pinned_tui.inspect.payload import BodyInspection, inspect_content
from pinned_tui.session import ApiError, Certainty, ScopeState, Status

_OVERRULED = frozenset(
    {
        "classification-unknown",
        "status-unknown",
        "offer-availability-unknown",
        "payload-rejected",
    }
)
"""Causes of which the API's own lists know more than this machine: they wait for those."""


def _inspected(context: ProbeContext, *, live: bool) -> BodyInspection:
    """Inspect the payload with what is known, the API's own lists among it if ``live``."""
    found = context.found
    looking = InspectionContext(
        now=context.clock.now(),
        slugs=found.slugs if live else None,
        schema=found.schema if live else None,
    )
    return inspect_content(read_input(context.asked.payload or b""), looking)


def _weighty(faults: Iterable[Fault]) -> bool:
    return any(fault.certainty is not Certainty.POSSIBLE for fault in faults)


async def _read(context: ProbeContext) -> list[ProbeObservation]:
    body = _inspected(context, live=False)
    later = context.asked.secret is not None
    faults = [f for f in body.faults if not (later and f.cause in _OVERRULED)]
    seen = [_fault(fault) for fault in faults]
    if not _weighty(faults):
        count = len(body.fields or {})
        several = body.events > 1
        seen.append(
            observe(
                "payload.readable",
                Status.PASS,
                {"fields": count},
                variant="list" if several else None,
                count=body.events if several else plural(count, "field"),
            )
        )
    return seen


def _fault(fault: Fault) -> ProbeObservation:
    code = {
        "field-missing": "payload.field-missing",
        "classification-unknown": "payload.classification-unknown",
    }.get(fault.cause, "payload.malformed")
    data = {
        "cause": fault.cause,
        "certainty": str(fault.certainty),
        "subject": fault.subject,
        "found": fault.found,
        "suggestion": fault.suggestion,
        "detail": fault.detail,
        "path": fault.path,
        "values": dict(fault.values),
    }
    possible = fault.certainty is Certainty.POSSIBLE
    return observe(code, Status.WARN if possible else Status.FAIL, data)


def _has_payload(asked: CheckRequest) -> bool:
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


async def _compare(context: ProbeContext) -> list[ProbeObservation]:
    """Inspect once more with what the API itself says, and tell what that adds."""
    before = {(f.cause, f.subject) for f in _inspected(context, live=False).faults}
    after = _inspected(context, live=True)
    faults = [
        fault
        for fault in after.faults
        if fault.cause in _OVERRULED or (fault.cause, fault.subject) not in before
    ]
    if not faults and after.fields is not None and context.found.slugs is not None:
        return [observe("payload.fits-lists", Status.PASS)]
    return [_fault(fault) for fault in faults]


PAYLOAD_SLUGS = Probe(
    id="payload-slugs",
    title="Check the payload against the API's own lists",
    route=None,
    could_change="nothing",
    leaves="nothing; it is done on this machine",
    after=("classifications", "contract", "payload-form"),
    wanted=lambda asked: asked.payload is not None and asked.secret is not None,
    run=_compare,
)


async def _show(context: ProbeContext) -> list[ProbeObservation]:
    payload = _inspected(context, live=True)
    if _weighty(payload.faults):
        return [_not_sent("faulty")]
    if payload.fields is None:
        return [_not_sent("several")]
    if context.found.scopes.get("events:create") is ScopeState.MISSING:
        return [_not_sent("no-scope")]
    control = context.found.create_control
    if control is not None and was_accepted(control):
        return [_not_sent("accepts-all")]
    context.say("showing the payload to the API, for a channel that can't exist")
    body = json_body(payload.fields | {"channelId": IMPOSSIBLE_ID})
    shown = f"the payload, with channelId {IMPOSSIBLE_ID} in place of its own"
    reply = await context.client.send(CREATE_EVENT, probe="payload", body=body, shown_body=shown)
    if was_accepted(reply):
        return [accepted_after_all(reply)]
    seen = trouble(context, reply)
    if seen is not None:
        return [seen]
    return [_judge(context, reply)]


def _not_sent(why: str) -> ProbeObservation:
    return observe("payload.not-sent", Status.SKIP, asked=False, variant=why)


def _judge(context: ProbeContext, reply: Reply) -> ProbeObservation:
    error = reply.error
    if error is None:
        return unexpected(reply)
    if refused_stage(reply) == "scope":
        return read_scope(context, reply, "events:create", asked=True)
    issues = read_issues(reply.document) or ((error.field, error.issue),)
    of_body = [one for one in issues if not _is_about_channel(one, error)]
    field, issue = (of_body or issues)[0]
    data: dict[str, Any] = {
        "status": reply.status,
        "code": error.code,
        "message": error.message,
        "field": field,
        "issue": issue,
        "request_id": error.request_id,
    }
    if (error.field or "").casefold() == "idempotency-key":
        return _undecided(data, reply, "idempotency-key")
    if reply.status in {400, 422} and of_body and error.code not in _OF_ACCESS:
        context.found.scopes["events:create"] = ScopeState.PRESENT
        how, said = "field" if field else None, issue or error.message
        return observe(
            "payload.rejected", Status.FAIL, data, replies=(reply,), variant=how, said=said
        )
    about_channel = error.code in _OF_ACCESS or all(_names_channel(one) for one, _ in issues)
    if about_channel and _body_comes_first(context.found.create_control):
        return observe("payload.accepted", Status.PASS, data, replies=(reply,))
    return _undecided(data, reply, "conflict" if reply.status == 409 else None)


def _undecided(data: dict[str, Any], reply: Reply, how: str | None) -> ProbeObservation:
    return observe("payload.undecided", Status.UNKNOWN, data, replies=(reply,), variant=how)


_OF_ACCESS = {"forbidden", "not_found"}
_CHANNEL = re.compile(r"(?:^|[^a-z0-9])channel_?(?:id)?(?:$|[^a-z0-9])", re.IGNORECASE)


def _names_channel(field: str | None) -> bool:
    """Return whether a path leads to the channel: ``channelId``, ``body.channelId``."""
    return field is not None and _CHANNEL.search(field) is not None


def _is_about_channel(issue: Issue, error: ApiError) -> bool:
    """Return whether an issue is about the channel that the check put in, by its field or words."""
    field, said = issue
    if field is not None:
        return _names_channel(field)
    words = said or error.message
    return str(IMPOSSIBLE_ID) in words or (said is not None and _CHANNEL.search(said) is not None)


def _body_comes_first(control: Reply | None) -> bool:
    """Return whether the API names faults of the body before it looks at the channel."""
    error = control.error if control else None
    if control is None or error is None or error.code != "invalid_request":
        return False
    issues = read_issues(control.document)
    return not issues or not all(_is_about_channel(one, error) for one in issues)


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
