"""An HTTP client whose every connection is checked: by its address, after the name is looked up.

The address that was checked is the one that is connected to, so a name that leads elsewhere the
next time it is asked for changes nothing. Imported when it is first needed, like the HTTP client.
"""

import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import httpcore
import httpx

from pinned_tui.api_spec.urls import why_not_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Looks up a host and port; returns its addresses, none where the name is not found."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which addresses may be connected to.

    Attributes:
        besides: Addresses that may be although they are not public, such as a test's own server.
            No option and no variable of the environment leads here.
    """

    besides: frozenset[str] = frozenset()

    def refusal(self, address: str) -> str | None:
        """Say where ``address`` leads if it may not be connected to, or return None."""
        return None if address in self.besides else why_not_public(address)


PUBLIC = Reach()


class NotPublicError(Exception):
    """A host has no address that may be connected to; nothing was sent.

    Attributes:
        address: One that it has.
        leads_to: Where that leads, in words that fit after *leads to*.
    """

    def __init__(self, address: str, leads_to: str) -> None:
        super().__init__(f"{address} leads to {leads_to}")
        self.address = address
        self.leads_to = leads_to


class _Checked(httpcore.AsyncNetworkBackend):
    """Connects to the addresses of a host that may be connected to, one after the other."""

    def __init__(self, reach: Reach, resolve: Resolve) -> None:
        self._reach = reach
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature of the library
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._resolve(host, port)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "not found")
        open_to = [one for one in addresses if self._reach.refusal(one) is None]
        if not open_to:
            leads_to = self._reach.refusal(addresses[0])
            raise NotPublicError(addresses[0], str(leads_to))
        for address in open_to[:-1]:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(
            open_to[-1], port, timeout, local_address, socket_options
        )


class _ResponseBody(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._response.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        await self._response.aclose()


class _Transport(httpx.AsyncBaseTransport):
    """Carries requests over connections that are checked; its errors are those of httpcore."""

    def __init__(self, trusted: ssl.SSLContext, reach: Reach, resolve: Resolve) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trusted, network_backend=_Checked(reach, resolve)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=cast("httpx.AsyncByteStream", request.stream),
            extensions=request.extensions,
        )
        response = await self._pool.handle_async_request(sent)
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_ResponseBody(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


def checked_transport(
    trusted: ssl.SSLContext, reach: Reach, resolve: Resolve
) -> httpx.AsyncBaseTransport:
    """Return what carries requests to hosts that ``reach`` lets be connected to.

    Args:
        trusted: Verifies the certificates, by the names that were asked for.
        reach: Which addresses may be connected to. A host that has none of them makes a request
            raise :class:`~pinned_tui.client.public_links.NotPublicError`.
        resolve: Looks names up.
    """
    return _Transport(trusted, reach, resolve)
