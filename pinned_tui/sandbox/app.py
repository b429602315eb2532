"""The web application: HTTP to requests, and responses to HTTP, for this computer only."""

import ipaddress
import re
from collections.abc import Awaitable, Callable
from email.utils import format_datetime

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from pinned_tui.sandbox import api, page
from pinned_tui.sandbox.control import CONTROL, Control
from pinned_tui.sandbox.http_types import ApiRequest, ApiResponse
from pinned_tui.sandbox.limits import LoggedRequest
from pinned_tui.sandbox.openapi import NAMESPACE, OPENAPI_PATH, as_yaml
from pinned_tui.sandbox.stage import ScenarioStage

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a request's body that are read; the API refuses a larger one."""

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(:\d{1,5})?", re.ASCII)

Respond = Callable[[Request], Awaitable[ApiResponse]]


class SandboxApp:
    """The endpoints over one stage.

    Every response carries the sandbox's own ``Date``, so that the dates that a client sees are of
    one clock.
    """

    def __init__(
        self,
        stage: ScenarioStage,
        *,
        base_url: Callable[[], str],
        controlled: Callable[[], Awaitable[None]],
    ) -> None:
        """Serve ``stage``.

        Args:
            stage: What responds.
            base_url: Returns where the API listens.
            controlled: Awaited after each control, before its response is sent.
        """
        self._stage = stage
        self._base_url = base_url
        self._control = Control(stage, base_url)
        self._controlled = controlled

    def everything(self) -> ASGIApp:
        """Return the application of the port that the API listens at."""
        return self._router(
            Route("/", self._endpoint(self._front)),
            Route(OPENAPI_PATH, self._endpoint(self._openapi)),
            Route(NAMESPACE + "{path:path}", self._endpoint(self._api)),
            self._control_route(),
        )

    def controls(self) -> ASGIApp:
        """Return the application of the port for controls, which outlives a refusing API."""
        return self._router(self._control_route())

    def _control_route(self) -> Route:
        return Route(CONTROL + "/{path:path}", self._endpoint(self._controls))

    def _router(self, *routes: Route) -> ASGIApp:
        elsewhere = self._endpoint(self._missing)
        return Router(routes, redirect_slashes=False, default=elsewhere)

    def _endpoint(self, respond: Respond) -> "_Endpoint":
        async def response(request: Request) -> Response:
            if not is_loopback(request.headers.get("host", "")):
                text = b"This sandbox answers to the names of this computer only.\n"
                return self._response(ApiResponse(421, text, "text/plain; charset=utf-8"))
            return self._response(await respond(request))

        return _Endpoint(response)

    def _response(self, given: ApiResponse) -> Response:
        response = Response(given.body, given.status, media_type=given.media_type)
        response.headers["Date"] = format_datetime(self._stage.clock.now(), usegmt=True)
        for name, value in given.headers:
            response.headers[name] = value
        return response

    async def _front(self, _: Request) -> ApiResponse:
        return page.front(self._stage.name, self._stage.scenario.title, CONTROL)

    async def _missing(self, _: Request) -> ApiResponse:
        return page.missing()

    async def _openapi(self, _: Request) -> ApiResponse:
        document = as_yaml(self._base_url(), self._stage.world.behaviour)
        world = self._stage.world
        world.request_log.receive(
            LoggedRequest(at=world.stamp(), route=f"GET {OPENAPI_PATH}", status=200)
        )
        return ApiResponse(200, document, "application/yaml")

    async def _api(self, request: Request) -> ApiResponse:
        path = request.path_params["path"]
        if path and not path.startswith("/"):
            return page.missing()
        call = await _call(request, path)
        return await api.respond(self._stage.world, call, self._stage.pace.work)

    async def _controls(self, request: Request) -> ApiResponse:
        if "origin" in request.headers:
            text = b"The controls of this sandbox are not for web pages.\n"
            return ApiResponse(403, text, "text/plain; charset=utf-8")
        given = self._control.respond(await _call(request, request.path_params["path"]))
        await self._controlled()
        if not self._stage.world.reachable:
            return given.with_headers([("Connection", "close")])
        return given


def is_loopback(host: str) -> bool:
    """Return whether a ``Host`` header names this computer.

    Anything else reached the sandbox by a name that somebody else controls (DNS rebinding).
    """
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = match["name"].strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class _Endpoint:
    """An endpoint for every method; Starlette lets one that is a function take GET only."""

    def __init__(self, respond: Callable[[Request], Awaitable[Response]]) -> None:
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._respond(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)


async def _call(request: Request, path: str) -> ApiRequest:
    return ApiRequest(
        method=request.method,
        path=path,
        query=tuple(request.query_params.multi_items()),
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
        ),
        body=await _body(request),
    )


async def _body(request: Request) -> bytes | None:
    """Read the body up to :data:`LARGEST_BODY`; the rest is taken and dropped."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= LARGEST_BODY:
            parts.append(part)
    return b"".join(parts) if size <= LARGEST_BODY else None
