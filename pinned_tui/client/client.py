"""Sends one request at a time within its budget and records it as an exchange.

Redirects are never followed (a client that follows them hands the key to another host), cookies
are refused, and the key goes nowhere but into one header of requests to the base URL.
"""

import asyncio
import http.cookiejar
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from pinned_tui import __version__
from pinned_tui.api_spec.rate_limit import requests_left
from pinned_tui.api_spec.routes import BaseUrl, Route
from pinned_tui.client import errors
from pinned_tui.client.body import BodyError
from pinned_tui.client.call import Call, CallContext, Reply
from pinned_tui.client.network_env import NetworkEnv, Proxy, tls_context
from pinned_tui.client.public_links import PUBLIC, NotPublicError, Reach, Resolve
from pinned_tui.client.throttle import Budget, Throttle, ThrottlePass
from pinned_tui.core.clock import Clock
from pinned_tui.redaction.redactor import Redactor
from pinned_tui.redaction.sanitize import clean_line
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Exchange, Failure

if TYPE_CHECKING:
    import ssl

    import httpx


_ACCEPT_OUTSIDE = "application/yaml, application/json;q=0.9, text/plain;q=0.5"

KeyVariant = Literal["bearer", "x-api-key", "wrong", "none"]
"""Which key a request carries, and in which header: the user's in one of the two documented
forms, a constant that no key is, or none."""

WRONG_KEY = "pinned-tui-known-wrong-key"
"""A key that is known to be wrong, for comparison; it has nothing of the user's in it."""


class ApiClient:
    """A connection to one base URL with one key. Use it as an async context manager.

    Args:
        base: Where to.
        secret: The key; None sends requests without one.
        surroundings: The proxy and authorities that :func:`surroundings.survey` found.
        run: Id of the run, to mark exchanges with; they are numbered from ``first_number``.
        on_exchange: Called with every exchange as it ends.
        redactor: Takes the key out of what is recorded; made for ``secret`` where none is given.
        reach: Which addresses other hosts may have.
    """

    def __init__(
        self,
        base: BaseUrl,
        secret: Secret | None,
        surroundings: NetworkEnv,
        *,
        clock: Clock,
        budget: Budget,
        run: str,
        first_number: int,
        on_exchange: Callable[[Exchange], None],
        redactor: Redactor | None = None,
        reach: Reach = PUBLIC,
    ) -> None:
        self.base = base
        self.budget = budget
        self.sent = 0
        self._requested_wait = False
        self._secret = secret
        self._surroundings = surroundings
        self._next_number = first_number
        self._gate = Throttle(most=budget.at_once, untold=budget.at_once_untold)
        self._trusted = tls_context(surroundings.ca_file)
        self._reach = reach
        self._elsewhere: httpx.AsyncClient | None = None
        self._means = CallContext(
            http=_make_http_client(self._trusted, surroundings.proxy, budget),
            clock=clock,
            budget=budget,
            redactor=redactor or Redactor([secret] if secret else []),
            run=run,
            through_proxy=surroundings.proxy is not None,
            on_exchange=on_exchange,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._means.http.aclose()
        if self._elsewhere is not None:
            await self._elsewhere.aclose()

    async def send(
        self,
        route: Route,
        *,
        probe: str,
        ids: Mapping[str, str | int] | None = None,
        query: Mapping[str, str | int] | None = None,
        body: bytes | None = None,
        shown_body: str | None = None,
        credentials: KeyVariant = "bearer",
        spares: bool = False,
    ) -> Reply:
        """Send one request and record it.

        Never raises for what the network or the server does: any failure is recorded in the
        exchange. Being cancelled is recorded too, and passed on. After a 429 nothing is sent any
        more, what waited for its turn included (RFC 6585, section 4: the client is to wait); such
        a reply is :attr:`~pinned_tui.client.call.Reply.withheld` and leaves no record.

        Args:
            route: The route.
            ids: What fills the IDs in the route's path.
            probe: Id of the probe on whose behalf it is sent.
            query: The query parameters. Never a secret.
            body: The body; sent as ``application/json``.
            shown_body: What the record shows of the body, safe to be read by anyone.
            credentials: Which key goes with it, and in which header.
            spares: Whether to withhold it where the API says that hardly a request is left.
        """
        async with self._gate.passing() as passed:
            headers = {"Accept": _ACCEPT_OUTSIDE if route.outside else "application/json"}
            if body is not None:
                headers["Content-Type"] = "application/json"
            call = Call(
                self._means,
                number=self._next_number,
                method=route.method,
                url=self._url(route, ids, query),
                probe=probe,
            )
            self._next_number += 1
            with_key = credentials in {"bearer", "x-api-key"} and not route.outside
            own = self._secret if with_key else None
            shown_key = own.token if own is not None else WRONG_KEY
            shown = _key_header(credentials, shown_key) if own or credentials == "wrong" else {}
            call.describe(headers | shown, body, shown_body)
            if self._requested_wait:
                return call.withheld("withheld")
            if spares and self._gate.spent:
                return call.withheld("spared")
            if own is not None and not _sendable(own.reveal()):
                return call.ended(errors.failure("unsendable-key", "request"))
            self.sent += 1
            real = _key_header(credentials, own.reveal()) if own is not None else shown
            reply = await self._within_budget(call, headers | real, body)
            self._take_word(reply, passed)
            return reply

    @property
    def at_once(self) -> int:
        """How many requests may be on their way at once, by what the API has said so far."""
        return self._gate.width

    def _take_word(self, reply: Reply, passed: ThrottlePass) -> None:
        """Go by what a response says of rate limits from here on."""
        if reply.status == 429:
            self._requested_wait = True
        limit = reply.exchange.response.rate_limit if reply.exchange.response else None
        if limit is not None:
            self._gate.tell(requests_left(limit.fields), passed)

    async def open_elsewhere(self, url: str, *, probe: str, resolve: Resolve) -> Reply:
        """Send a GET to a host that someone else named, without a key, and record it.

        Only the base URL itself and public addresses are connected to. Behind a proxy, which would
        look the name up by itself, no one here could tell, so nothing is sent.

        Never raises for what the network or the server does, like :meth:`send`.

        Args:
            url: A whole web address.
            probe: Id of the probe on whose behalf it is sent.
            resolve: Looks names up.
        """
        async with self._gate.passing():
            own = url.startswith(f"{self.base.url}/")
            http = self._means.http if own else self._client_elsewhere(resolve)
            proxied = self._means.through_proxy and own
            call = Call(
                replace(self._means, http=http, through_proxy=proxied),
                number=self._next_number,
                method="GET",
                url=url,
                shown_url=clean_line(self._means.redactor.text(url), limit=500),
                probe=probe,
            )
            self._next_number += 1
            headers = {"Accept": "text/html,*/*"}
            call.describe(headers, None, None)
            if self._means.through_proxy and not own:
                return call.ended(errors.failure("unchecked", "name"))
            self.sent += 1
            reply = await self._within_budget(call, headers, None)
            if reply.failure is not None and reply.failure.kind == "not-public":
                self.sent -= 1
            return reply

    def _client_elsewhere(self, resolve: Resolve) -> "httpx.AsyncClient":
        """Return the client for other hosts, made when it is first needed."""
        if self._elsewhere is None:
            from pinned_tui.client.public_links import checked_transport

            transport = checked_transport(self._trusted, self._reach, resolve)
            self._elsewhere = _make_http_client(self._trusted, None, self.budget, transport)
        return self._elsewhere

    async def _within_budget(
        self, call: Call, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        try:
            async with asyncio.timeout(self.budget.request_s):
                return await call.perform(headers, body)
        except asyncio.CancelledError:
            call.ended(errors.failure("cancelled", call.phase))
            raise
        except TimeoutError:
            return call.ended(call.out_of_time())
        except NotPublicError as error:
            detail = f"{error.address} leads to {error.leads_to}."
            return call.ended(errors.failure("not-public", "name", detail))
        except BodyError as error:
            return call.ended(Failure(kind=error.kind, message=str(error), phase="answer"))
        # The one boundary: hostile responses raise far more than the client's own exceptions
        # (ValueError, UnicodeError, RecursionError …), and each must end as a recorded failure.
        except Exception as error:  # noqa: BLE001
            return call.ended(await call.failed(error))

    def _url(
        self,
        route: Route,
        ids: Mapping[str, str | int] | None,
        query: Mapping[str, str | int] | None,
    ) -> str:
        path = self.base.url + route.full_path(**(ids or {}))
        return path + ("?" + "&".join(f"{n}={v}" for n, v in query.items()) if query else "")


class _NoCookies(http.cookiejar.DefaultCookiePolicy):
    """Refuses every cookie: one bad ``Set-Cookie`` would make all later requests raise."""

    def set_ok(self, cookie: http.cookiejar.Cookie, request: Any) -> bool:  # noqa: ANN401, ARG002
        return False

    def return_ok(self, cookie: http.cookiejar.Cookie, request: Any) -> bool:  # noqa: ANN401, ARG002
        return False


def _make_http_client(
    trusted: "ssl.SSLContext",
    proxy: Proxy | None,
    budget: Budget,
    transport: "httpx.AsyncBaseTransport | None" = None,
) -> "httpx.AsyncClient":
    import httpx

    return httpx.AsyncClient(
        verify=trusted,
        trust_env=False,
        proxy=_proxy(proxy, trusted) if proxy else None,
        transport=transport,
        follow_redirects=False,
        cookies=http.cookiejar.CookieJar(policy=_NoCookies()),
        timeout=budget.request_s,
        headers={"User-Agent": f"pinned-tui/{__version__}", "Accept-Encoding": "identity"},
    )


def _proxy(proxy: Proxy, trusted: "ssl.SSLContext") -> "httpx.Proxy":
    """Let an encrypted proxy be trusted by the same authorities as the API."""
    import httpx

    return httpx.Proxy(proxy.url, ssl_context=trusted if proxy.scheme == "https" else None)


def _key_header(credentials: KeyVariant, key: str) -> dict[str, str]:
    """Return the header of the form that is asked for (page *Authentication*: exactly one)."""
    if credentials == "x-api-key":
        return {"x-api-key": key}
    return {"Authorization": f"Bearer {key}"}


def _sendable(key: str) -> bool:
    return bool(key) and all("!" <= sign <= "~" for sign in key)


def json_body(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Write ``value`` as the compact UTF-8 JSON of a request's body."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
