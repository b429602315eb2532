"""Which scopes the key has. No endpoint tells, so each is read off the answer of a route.

The reading scopes follow from reading. The writing ones are asked about only with consent, by
requests built so that they cannot create or change anything; what they tell is inferred from the
order in which the API checks (authentication, scope, body, channel — assumed).
"""

from collections.abc import Callable

from pinned_tui.api_spec.errors import is_whole, read_document
from pinned_tui.api_spec.response_origin import cache_marks
from pinned_tui.api_spec.routes import CREATE_EVENT, UPDATE_EVENT, UPLOAD_MEDIA, Route
from pinned_tui.checks.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.checks.observations import observe, phrase
from pinned_tui.checks.request import CheckRequest
from pinned_tui.checks.responses import refused_stage, route_of, trouble
from pinned_tui.client.call import Reply
from pinned_tui.client.client import json_body
from pinned_tui.session import ScopeState, Status

IMPOSSIBLE_ID = 9_007_199_254_740_991
"""The largest integer that JSON carries exactly (RFC 8259, section 6): no channel has this ID."""


_TAKEN = {201, 202, 204}
"""Statuses that say by themselves that something was done (RFC 9110, section 15.3)."""


def read_scope(
    context: ProbeContext, reply: Reply, scope: str, *, asked: bool, names_object: bool = False
) -> ProbeObservation:
    """Read off an answer of the API whether the key has ``scope``, and note it for all.

    Args:
        context: Takes the note.
        reply: An answer of the API to a route that needs the scope.
        scope: The scope.
        asked: Whether somebody asked for it.
        names_object: Whether the path names an object, so that a 404 is about that object.
    """
    state = _state(reply, names_object=names_object)
    cached = _is_cached(reply)
    if cached:
        state = ScopeState.UNKNOWN
    context.found.scopes[scope] = state
    error = reply.error
    data = {
        "scope": scope,
        "route": route_of(reply),
        "code": error.code if error else None,
        "message": error.message if error else None,
        "request_id": error.request_id if error else None,
    }
    if state is ScopeState.PRESENT:
        return observe("scope.present", Status.PASS, data, asked, (reply,))
    if state is ScopeState.MISSING:
        status = Status.FAIL if asked else Status.WARN
        variant = "needless" if _is_needless(context, asked=asked) else None
        return observe("scope.missing", status, data, asked, (reply,), variant=variant)
    return observe(
        "scope.unknown",
        Status.UNKNOWN,
        data,
        asked,
        (reply,),
        variant="cached" if cached else None,
        http_status=reply.status,
    )


def _is_needless(context: ProbeContext, *, asked: bool) -> bool:
    """Return whether nothing that is known calls for the scope; a symptom may."""
    return not asked and context.asked.symptom is None


def _is_cached(reply: Reply) -> bool:
    """Return whether a cache answered, which may have been given the answer for another key."""
    response = reply.exchange.response
    return response is not None and bool(cache_marks(response.headers))


def _state(reply: Reply, *, names_object: bool) -> ScopeState:
    if reply.error is None:
        return ScopeState.PRESENT if reply.status == 200 else ScopeState.UNKNOWN
    if refused_stage(reply) == "scope":
        return ScopeState.MISSING
    known_after_scope = {(400, "invalid_request"), (409, "conflict")}
    named = (reply.status, reply.error.code)
    if named in known_after_scope or (names_object and named == (404, "not_found")):
        return ScopeState.PRESENT
    return ScopeState.UNKNOWN


async def _probe_writing(
    context: ProbeContext, probe: str, scope: str, route: Route, body: bytes
) -> list[ProbeObservation]:
    asked = scope in context.asked.scopes
    stated = context.found.stated
    if route.assumed and stated is not None and not stated.has(route):
        context.found.scopes[scope] = ScopeState.UNKNOWN
        return [_no_such_route(route, scope, asked=asked)]
    context.say(f"asking {route.method} {route.path}")
    ids = {"id": IMPOSSIBLE_ID} if "{id}" in route.path else None
    reply = await context.client.send(
        route, probe=probe, ids=ids, body=body, shown_body=body.decode()
    )
    if route is CREATE_EVENT:
        context.found.create_control = reply
    if route.assumed and reply.status in {404, 405} and reply.error is None:
        context.found.scopes[scope] = ScopeState.UNKNOWN
        return [_no_such_route(route, scope, asked=asked, reply=reply)]
    if was_accepted(reply):
        return [_accepted_after_all(context, reply, scope)]
    seen = trouble(context, reply, asked=asked)
    if seen is not None:
        if not reply.withheld:
            context.found.scopes[scope] = ScopeState.UNKNOWN
        return [seen]
    found = read_scope(context, reply, scope, asked=asked, names_object="{id}" in route.path)
    if refused_stage(reply) == "access" and is_whole(reply.error, reply.document):
        context.found.scopes[scope] = ScopeState.PRESENT
        data, how = dict(found.data), "forbidden"
        return [observe("scope.present", Status.PASS, data, asked, (reply,), variant=how)]
    if found.code == "scope.missing":
        named = stated.scope_of(route) if stated is not None else None
        return [_inferred_lack(context, found, route, scope, named)]
    return [_inferred(found, reply)]


def _inferred(found: ProbeObservation, reply: Reply) -> ProbeObservation:
    """Report what an inference rests on: that the API checks the scope first, which is assumed."""
    data, replies = found.data, found.replies
    if found.code == "scope.present":
        order = phrase("order", {404: "route", 409: "conflict"}.get(reply.status or 0, "body"))
        return observe(
            "scope.present",
            found.status,
            data,
            found.asked,
            replies,
            variant="inferred",
            order=order,
        )
    return observe(
        "scope.unknown",
        found.status,
        data,
        found.asked,
        replies,
        variant="inferred-cached" if _is_cached(reply) else "inferred",
        http_status=reply.status,
    )


def _inferred_lack(
    context: ProbeContext, found: ProbeObservation, route: Route, scope: str, named: str | None
) -> ProbeObservation:
    """Report that a scope is missing: the one that the live document ``named``, where it does."""
    another = named is not None and named != scope
    return observe(
        "scope.missing",
        found.status,
        {**found.data, "scope": named} if another else found.data,
        found.asked,
        found.replies,
        variant="inferred-needless" if _is_needless(context, asked=found.asked) else "inferred",
        probed=scope,
        named=named if another else None,
        of_route=str(route),
    )


def _no_such_route(
    route: Route, scope: str, *, asked: bool, reply: Reply | None = None
) -> ProbeObservation:
    """Report that there is nothing to try a scope on, by the API's document or by its response."""
    data = {"scope": scope} if reply is None else {"scope": scope, "route": route_of(reply)}
    return observe(
        "scope.unknown",
        Status.UNKNOWN,
        data,
        asked,
        () if reply is None else (reply,),
        variant="not-advertised" if reply is None else "no-route",
        of_route=str(route),
    )


def _accepted_after_all(context: ProbeContext, reply: Reply, scope: str) -> ProbeObservation:
    context.found.scopes[scope] = ScopeState.PRESENT
    return accepted_after_all(reply)


def was_accepted(reply: Reply) -> bool:
    """Return whether a request that was built to be refused was taken, in whatever shape.

    A web page with the status 200 is somebody else's, such as a portal's.
    """
    if reply.status is None or not 200 <= reply.status < 300:
        return False
    return reply.document is not None or reply.status in _TAKEN


def accepted_after_all(reply: Reply) -> ProbeObservation:
    """Return the observation of a request that was built to be refused and was not."""
    doc = read_document(reply.document) or {}
    made = doc.get("id")
    data = {
        "route": route_of(reply),
        "status": reply.status,
        "made": made if isinstance(made, str | int) else None,
    }
    return observe("probe.accepted", Status.FAIL, data, replies=(reply,))


async def _create_scope(context: ProbeContext) -> list[ProbeObservation]:
    body = json_body({"channelId": IMPOSSIBLE_ID})
    return await _probe_writing(context, "create-scope", "events:create", CREATE_EVENT, body)


async def _update_scope(context: ProbeContext) -> list[ProbeObservation]:
    return await _probe_writing(context, "update-scope", "events:update", UPDATE_EVENT, b"{}")


async def _media_scope(context: ProbeContext) -> list[ProbeObservation]:
    return await _probe_writing(context, "media-scope", "media:create", UPLOAD_MEDIA, b"{}")


def _wants(scope: str) -> Callable[[CheckRequest], bool]:
    return lambda asked: asked.secret is not None and scope in asked.scopes


CREATE_SCOPE = Probe(
    id="create-scope",
    title="Find out whether the key may create events",
    route=CREATE_EVENT,
    could_change="nothing: the event has no title, no date and no channel that could exist",
    leaves="a refused request in the API's logs",
    after=("authentication",),
    wanted=_wants("events:create"),
    run=_create_scope,
)
UPDATE_SCOPE = Probe(
    id="update-scope",
    title="Find out whether the key may update events",
    route=UPDATE_EVENT,
    could_change="nothing: it names an event that can't exist and changes no field",
    leaves="a refused request in the API's logs",
    after=("authentication", "contract"),
    wanted=_wants("events:update"),
    run=_update_scope,
)
MEDIA_SCOPE = Probe(
    id="media-scope",
    title="Find out whether the key may upload media",
    route=UPLOAD_MEDIA,
    could_change="nothing: it carries no file",
    leaves="a refused request in the API's logs",
    after=("authentication", "contract"),
    wanted=_wants("media:create"),
    run=_media_scope,
)
