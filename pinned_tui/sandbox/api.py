"""The public API without its transport: takes a :class:`ApiRequest`, gives an :class:`ApiResponse`.

The order of the checks is the one assumed of the vendor: rate limit, authentication, scope, body,
channel access. So a create request that can't succeed tells 401, 403 and 400 apart. The last
three are checked in the order that the behaviour names.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from pinned_tui.sandbox import page
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.handlers import RequestContext
from pinned_tui.sandbox.http_types import (
    ApiRequest,
    ApiResponse,
    RefusalError,
    internal_error,
    invalid_api_key,
    json_response,
    method_not_allowed,
    not_found,
    rate_limited,
)
from pinned_tui.sandbox.limits import LoggedRequest, rate_headers
from pinned_tui.sandbox.openapi import SandboxRoute, routes_of
from pinned_tui.sandbox.world import Key, KeyState, World

Json = dict[str, Any]

_ORDINARY = Behaviour()
_SHAPES = (
    "error_form",
    "details_form",
    "request_ids",
    "list_form",
    "ids_as",
    "status_as",
    "moderation_as",
    "extra_fields",
)
_EXTRA: Json = {"__v": 3, "tags": ["a", None], "meta": {"deep": {"er": [1, {"x": "y"}]}}}


def shaped(response: ApiResponse, behaviour: Behaviour) -> ApiResponse:
    """Return ``response`` in the shape that ``behaviour`` asks for."""
    if all(getattr(behaviour, name) == getattr(_ORDINARY, name) for name in _SHAPES):
        return response
    if response.media_type != "application/json" or not response.body:
        return response
    document: Json = msgspec.json.decode(response.body)
    if "error" in document:
        document = _error(document["error"], response.status, behaviour)
    elif "docs" in document:
        docs = [_document(doc, behaviour) for doc in document["docs"]]
        document = _LISTS[behaviour.list_form](document | {"docs": docs})
    elif "doc" in document:
        document = document | {"doc": _document(document["doc"], behaviour)}
    return json_response(response.status, document, response.headers)


def _document(doc: Json, behaviour: Behaviour) -> Json:
    if "status" in doc:
        doc = _state(doc, behaviour)
    if behaviour.ids_as == "texts":
        doc = {n: str(v) if n in {"id", "channelId"} else v for n, v in doc.items()}
    return doc | _EXTRA if behaviour.extra_fields else doc


def _state(doc: Json, behaviour: Behaviour) -> Json:
    kept = {n: v for n, v in doc.items() if n not in {"status", "moderationStatus"}}
    draft, review = doc["status"] == "draft", doc.get("moderationStatus")
    forms: Mapping[str, Any] = {
        "status": doc["status"],
        "_status": doc["status"],
        "isDraft": draft,
        "published": not draft,
    }
    kept[behaviour.status_as] = forms[behaviour.status_as]
    if behaviour.moderation_as == "moderation.status":
        kept["moderation"] = {"status": review}
    elif behaviour.moderation_as != "none":
        kept[behaviour.moderation_as] = review
    return kept


def _short(page: Json) -> Json:
    return {n: page[n] for n in ("docs", "totalDocs", "limit", "page")}


def _next(page: Json) -> Json:
    more = page["page"] * page["limit"] < page["totalDocs"]
    return {n: page[n] for n in ("docs", "limit", "page")} | {"hasNextPage": more}


def _bare(page: Json) -> Json:
    return {n: page[n] for n in ("docs", "limit")}


_LISTS: Mapping[str, Callable[[Json], Json]] = {
    "documented": lambda page: page,
    "short": _short,
    "next": _next,
    "bare": _bare,
}


def _error(error: Json, status: int, behaviour: Behaviour) -> Json:
    error = dict(error)
    details = error.pop("details", None)
    if details is not None and behaviour.details_form != "none":
        error["details"] = _details(details, behaviour)
    if not behaviour.request_ids:
        error.pop("requestId", None)
    match behaviour.error_form:
        case "flat":
            return error
        case "text":
            return {"error": error["code"], "message": error["message"]}
        case "problem":
            about = {"type": "about:blank", "title": error["message"], "status": status}
            return about | {n: error[n] for n in ("code", "requestId") if n in error}
        case _:
            return {"error": error}


def _details(details: Json, behaviour: Behaviour) -> Any:  # noqa: ANN401 - any JSON value
    match behaviour.details_form:
        case "list":
            return [{"path": details["field"].split("."), "message": details["issue"]}]
        case "text":
            return f"{details['field']}: {details['issue']}"
        case _:
            return details


Headers = tuple[tuple[str, str], ...]

UNKNOWN_PATH = "(unknown path)"
"""Stands in the request_log for a path that no route has: a key could be part of it."""


async def respond(
    world: World, call: ApiRequest, work: Callable[[], Awaitable[None]]
) -> ApiResponse:
    """Respond to one request below the API's namespace, and record it.

    Args:
        world: What the API knows.
        call: The request; its path starts below the namespace.
        work: Takes the time that the work of a request takes.
    """
    key: Key | None = None
    route_name = f"{call.method} {UNKNOWN_PATH}"
    limits: Headers = ()
    try:
        route, parameters = _route(call)
        route_name = route.name
        if route.name in world.behaviour.absent_routes:
            raise not_found()
        if world.fails("before"):
            raise internal_error()
        key = _presented_key(world, call)
        limits = _count(world, key)
        key = _require_active(world, call, key) if not route.is_public(world.behaviour) else key
        context = RequestContext(
            world, call, key, parameters, work, route.scope_in(world.behaviour)
        )
        if not route.writes:
            context.require_scope()
        response = await route.handler(context)
        if world.fails("after"):
            raise internal_error()
    except RefusalError as refusal:
        response = refusal.response(world.request_id())
        if refusal.status == 401:
            key, limits = None, ()
    world.request_log.receive(
        LoggedRequest(
            at=world.stamp(),
            route=route_name,
            status=response.status,
            key=key.id if key is not None else None,
        )
    )
    if response.status == 404 and _is_absent(world, route_name):
        response = page.missing()
    else:
        response = shaped(response, world.behaviour)
    return response.with_headers((*limits, ("Cache-Control", "no-store")))


def _is_absent(world: World, route_name: str) -> bool:
    """Return whether this API lacks the route and answers it with a web page."""
    behaviour = world.behaviour
    return behaviour.absent_as == "page" and route_name in behaviour.absent_routes


def _route(call: ApiRequest) -> tuple[SandboxRoute, Mapping[str, str]]:
    candidates = list(routes_of(call.path))
    if not candidates:
        raise not_found()
    method = "GET" if call.method == "HEAD" else call.method
    for route, parameters in candidates:
        if route.method == method:
            return route, parameters
    raise method_not_allowed(tuple(route.method for route, _ in candidates))


def _presented_key(world: World, call: ApiRequest) -> Key | None:
    """Return the key that the headers present, in whatever state it is.

    Exactly one header counts, as documented: none, both or one twice present no key at all.
    """
    bearer, plain = call.values("authorization"), call.values("x-api-key")
    if len(bearer) + len(plain) != 1:
        return None
    forms = world.behaviour.header_forms
    if plain:
        return world.key_of(plain[0]) if "x-api-key" in forms else None
    scheme, _, secret = bearer[0].partition(" ")
    if scheme.lower() != "bearer" or "bearer" not in forms:
        return None
    return world.key_of(secret.strip(" "))


def _count(world: World, key: Key | None) -> Headers:
    """Count a request against the windows of its key and of the key's owner.

    An unknown key has no window: the sandbox has no limit for addresses, as it has one only.
    """
    if key is None:
        return ()
    behaviour = world.behaviour
    subjects = [(f"key {key.id}", behaviour.per_key), (f"owner {key.owner}", behaviour.per_owner)]
    reading = world.limiter.take(subjects, behaviour.rate_window_s)
    headers = rate_headers(reading, behaviour, world.clock)
    if not reading.allowed:
        raise rate_limited(headers)
    return headers


def _require_active(world: World, call: ApiRequest, key: Key | None) -> Key:
    if key is None or key.state is not KeyState.ACTIVE:
        given = bool(call.values("authorization") or call.values("x-api-key"))
        raise invalid_api_key(missing=world.behaviour.tells_missing_key and not given)
    return key
