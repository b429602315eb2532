"""The ways to a server: direct, encrypted well or badly, through proxies, or to nowhere."""

import asyncio
import contextlib
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import trustme

from tests.matrix.model import Situation
from tests.matrix.servers import ORDINARY, Server, Witness, sandbox, scripted

API = "pinned.events"


@dataclass
class Way:
    """Where the person's check goes, and what their environment says.

    Attributes:
        mend: Puts everything into the situation after the fix, at the same address, and returns
            the way as it is then.
    """

    witness: Witness
    base_url: str
    environ: Mapping[str, str] = field(default_factory=dict)
    mend: "Mend | None" = None


Mend = Callable[[Situation], Awaitable[Way]]
Open = Callable[[Situation], AbstractAsyncContextManager[Way]]


class NotHereError(Exception):
    """This machine can't be put into the situation."""


async def _nothing() -> None:
    """What the way itself needs to be mended, where that is nothing."""


def _to(
    server: Server,
    base_url: str,
    environ: Mapping[str, str] | None = None,
    *,
    mended: Mapping[str, str] | None = None,
    clear: Callable[[], Awaitable[None]] = _nothing,
) -> Way:
    """Return the way to a server that is there before and after.

    Args:
        server: What answers.
        base_url: Where.
        environ: The person's environment.
        mended: The same after the fix, where that is another one.
        clear: Frees the way itself.
    """
    environ = environ or {}

    async def mend(after: Situation) -> Way:
        await clear()
        await server.mend(after)
        return Way(server.witness, base_url, environ if mended is None else mended)

    return Way(server.witness, base_url, environ, mend)


@asynccontextmanager
async def _direct(row: Situation) -> AsyncIterator[Way]:
    opened = sandbox(row) if row.answers is None else scripted(row.answers)
    async with opened as server:
        yield _to(server, row.base_url or server.witness.base_url)


@asynccontextmanager
async def _nowhere(row: Situation) -> AsyncIterator[Way]:
    yield Way(Witness(), row.base_url or f"https://{API}")


_NAMELESS = "no-such-host.invalid"


@asynccontextmanager
async def _no_name(row: Situation) -> AsyncIterator[Way]:
    """The name does not exist; after the fix it leads to a server."""
    authority = trustme.CA()
    with contextlib.ExitStack() as stack:
        async with _behind(row, authority, authority.issue_cert(_NAMELESS)) as (server, environ):

            async def clear() -> None:
                look_up = socket.getaddrinfo
                stack.enter_context(
                    mock.patch("socket.getaddrinfo", _leading(look_up, _NAMELESS, "127.0.0.1"))
                )

            port = server.witness.base_url.rpartition(":")[2]
            yield _to(server, f"https://{_NAMELESS}:{port}", environ, clear=clear)


@asynccontextmanager
async def _localhost(row: Situation) -> AsyncIterator[Way]:
    """The name of this machine has addresses of both kinds; the server listens on one.

    After the fix what arrives at the other is passed on.
    """
    async with contextlib.AsyncExitStack() as stack:
        try:
            stack.enter_context(socket.socket(socket.AF_INET6)).bind(("::1", 0))
        except OSError:
            raise NotHereError("no IPv6 on this machine") from None
        async with sandbox(row) as server:
            both = _leading(socket.getaddrinfo, "localhost", "::1", "127.0.0.1")
            stack.enter_context(mock.patch("socket.getaddrinfo", both))
            base_url = server.witness.base_url
            port = int(base_url.rpartition(":")[2])

            async def arrive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await _pass_on(reader, writer, port)

            async def clear() -> None:
                listener = await asyncio.start_server(arrive, "::1", port)
                stack.callback(listener.close)

            yield _to(server, base_url.replace("127.0.0.1", "localhost"), clear=clear)


def _leading(look_up: Callable[..., list[Any]], name: str, *to: str) -> Callable[..., list[Any]]:
    """Let ``name`` stand for the addresses ``to``, whatever this machine's hosts file says."""

    def led(host: Any, port: Any, *rest: Any, **more: Any) -> list[Any]:
        if host not in {name, name.encode()}:
            return look_up(host, port, *rest, **more)
        return [found for address in to for found in look_up(address, port, **more)]

    return led


@asynccontextmanager
async def _deaf(_: Situation) -> AsyncIterator[Way]:
    """A port whose queue of connections is full, so that a further one is never accepted."""
    async with contextlib.AsyncExitStack() as stack:
        crowd = stack.enter_context(contextlib.ExitStack())
        listening = crowd.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        for _number in range(8):
            waiting = crowd.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(("127.0.0.1", port))

        async def mend(after: Situation) -> Way:
            crowd.close()
            opened = scripted(after.answers or {}, port=port)
            server = await stack.enter_async_context(opened)
            return Way(server.witness, server.witness.base_url)

        yield Way(Witness(), f"http://127.0.0.1:{port}", mend=mend)


@asynccontextmanager
async def _greeting(greeting: bytes) -> AsyncIterator[int]:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        with contextlib.suppress(ConnectionError):
            await reader.read(64)
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def _no_tls(_: Situation) -> AsyncIterator[Way]:
    """Something else listens where an API with encryption should, and makes room for it."""
    async with contextlib.AsyncExitStack() as stack, contextlib.AsyncExitStack() as other:
        port = await other.enter_async_context(_greeting(b"220 mail ready\r\n"))

        async def mend(after: Situation) -> Way:
            await other.aclose()
            authority = trustme.CA()
            opened = _behind(after, authority, authority.issue_cert("127.0.0.1"), port)
            server, environ = await stack.enter_async_context(opened)
            return Way(server.witness, server.witness.base_url, environ)

        yield Way(Witness(), f"https://127.0.0.1:{port}", mend=mend)


def _encrypted(
    name: str = "127.0.0.1",
    *,
    trusted: bool = True,
    begins: timedelta | None = None,
    ends: timedelta | None = None,
) -> Open:
    @asynccontextmanager
    async def opened(row: Situation) -> AsyncIterator[Way]:
        now = datetime.now(UTC)
        authority = trustme.CA(organization_name="Prying Eyes Inc")
        certificate = authority.issue_cert(
            name,
            not_before=now + begins if begins else None,
            not_after=now + ends if ends else None,
        )
        good = authority.issue_cert("127.0.0.1")
        async with _behind(row, authority, certificate) as (server, environ):

            async def clear() -> None:
                if server.tls is not None:
                    good.configure_cert(server.tls)

            yield _to(
                server,
                server.witness.base_url,
                environ if trusted else {},
                mended=environ,
                clear=clear,
            )

    return opened


@asynccontextmanager
async def _behind(
    row: Situation, authority: trustme.CA, certificate: trustme.LeafCert, port: int = 0
) -> AsyncIterator[tuple[Server, Mapping[str, str]]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ca.pem"
        authority.cert_pem.write_to_path(file)
        async with scripted(row.answers or ORDINARY, context, port) as server:
            yield server, {"SSL_CERT_FILE": str(file)}


def _proxied(answer: str | None, host: str = API, environ: Mapping[str, str] | None = None) -> Open:
    """A proxy on loopback that answers CONNECT with ``answer``, or lets everything pass.

    Args:
        answer: What it answers before the fix.
        host: The host that is behind it.
        environ: Settings that are wrong, which the fix puts right.
    """

    @asynccontextmanager
    async def opened(row: Situation) -> AsyncIterator[Way]:
        authority = trustme.CA(organization_name="Honest Notary")
        async with _behind(row, authority, authority.issue_cert(host)) as (server, trust):
            answers = [answer]
            port = int(server.witness.base_url.rpartition(":")[2])
            async with _proxy(answers, port) as proxy:

                async def clear() -> None:
                    answers[0] = None

                right = {**trust, "HTTPS_PROXY": f"http://127.0.0.1:{proxy}"}
                yield _to(
                    server,
                    f"https://{host}",
                    right if environ is None else environ,
                    mended=right,
                    clear=clear,
                )

    return opened


@asynccontextmanager
async def _proxy(answers: list[str | None], port: int) -> AsyncIterator[int]:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            if answers[0] is not None:
                writer.write(f"HTTP/1.1 {answers[0]}\r\nContent-Length: 0\r\n\r\n".encode())
            else:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await _pass_on(reader, writer, port)
        await _closed(writer)

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.sleep(0.01)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    """Let everything pass to a port of this machine and back."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        await _closed(writer)

    there = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


def _settings(**environ: str) -> Open:
    """Settings of this machine that are wrong; with the right ones there is a proxy that works."""
    return _proxied(None, environ=environ)


_DAY = timedelta(days=1)

WAYS: Mapping[str, Open] = {
    "direct": _direct,
    "nowhere": _nowhere,
    "no-name": _no_name,
    "localhost": _localhost,
    "deaf": _deaf,
    "no-tls": _no_tls,
    "tls": _encrypted(),
    "tls-untrusted": _encrypted(trusted=False),
    "tls-other-name": _encrypted("elsewhere.example"),
    "tls-expired": _encrypted(ends=-_DAY, begins=-2 * _DAY),
    "tls-early": _encrypted(begins=_DAY),
    "proxy": _proxied(None),
    "proxy-preview": _proxied(None, f"preview.{API}"),
    "proxy-shop": _proxied(None, "pinned-events.example"),
    "proxy-407": _proxied("407 Proxy Authentication Required"),
    "proxy-403": _proxied("403 Forbidden"),
    "proxy-502": _proxied("502 Bad Gateway"),
    "proxy-refuses": _settings(HTTPS_PROXY="http://127.0.0.1:1"),
    "proxy-no-name": _settings(HTTPS_PROXY="http://no-such-proxy.invalid:3128"),
    "proxy-misspelled": _settings(HTTPS_PROXY="http://[broken"),
    "ca-missing": _settings(SSL_CERT_FILE="/no/such/ca.pem"),
}
"""Every way, by the name that rows give it."""
