"""The public API without its transport: takes a :class:`ApiRequest`, gives an :class:`ApiResponse`.

The order of the checks is the one assumed of the vendor: rate limit, authentication, scope, body,
channel access. It lets a create request that can't succeed tell 401, 403 and 400 apart. The last
three are checked in the order that the behaviour names.
"""

from collections.abc import Awaitable, Callable, Mapping

from pinned_tui.sandbox import page
from pinned_tui.sandbox.handlers import RequestContext
from pinned_tui.sandbox.journal import LoggedRequest
from pinned_tui.sandbox.limits import rate_headers
from pinned_tui.sandbox.model import Key, KeyState, World
from pinned_tui.sandbox.refusals import (
    RefusalError,
    internal_error,
    invalid_api_key,
    method_not_allowed,
    not_found,
    rate_limited,
)
from pinned_tui.sandbox.routes import SandboxRoute, routes_of
from pinned_tui.sandbox.shapes import shaped
from pinned_tui.sandbox.wire import ApiRequest, ApiResponse

Headers = tuple[tuple[str, str], ...]

UNKNOWN_PATH = "(unknown path)"
"""Stands in the journal for a path that no route has: a key could be part of it."""


async def answer(
    world: World, call: ApiRequest, work: Callable[[], Awaitable[None]]
) -> ApiResponse:
    """Answer one request below the API's namespace, and record it.

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
        key = _authenticated(world, call, key) if not route.is_public(world.behaviour) else key
        visit = RequestContext(world, call, key, parameters, work, route.scope_in(world.behaviour))
        if not route.writes:
            visit.require_scope()
        given = await route.handler(visit)
        if world.fails("after"):
            raise internal_error()
    except RefusalError as refusal:
        given = refusal.answer(world.request_id())
        if refusal.status == 401:
            key, limits = None, ()
    world.journal.receive(
        LoggedRequest(
            at=world.stamp(),
            route=route_name,
            status=given.status,
            key=key.id if key is not None else None,
        )
    )
    if given.status == 404 and _is_absent(world, route_name):
        given = page.missing()
    else:
        given = shaped(given, world.behaviour)
    return given.with_headers((*limits, ("Cache-Control", "no-store")))


def _is_absent(world: World, route_name: str) -> bool:
    """Tell whether a route that this API lacks is answered as any address of a website is."""
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


def _authenticated(world: World, call: ApiRequest, key: Key | None) -> Key:
    if key is None or key.state(world.clock.now()) is not KeyState.ACTIVE:
        given = bool(call.values("authorization") or call.values("x-api-key"))
        raise invalid_api_key(missing=world.behaviour.tells_missing_key and not given)
    return key
