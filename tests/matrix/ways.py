"""The ways to a server: direct, encrypted well or badly, through proxies, or to nowhere."""

import asyncio
import contextlib
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import trustme

from tests.matrix.model import Situation
from tests.matrix.servers import ORDINARY, Witness, sandbox, scripted

API = "pinned.events"


@dataclass
class Way:
    """Where the person's check goes, and what their environment says."""

    witness: Witness
    base_url: str
    environ: Mapping[str, str] = field(default_factory=dict)


Open = Callable[[Situation], AbstractAsyncContextManager[Way]]


class NotHereError(Exception):
    """This machine can't be put into the situation."""


@asynccontextmanager
async def _direct(row: Situation) -> AsyncIterator[Way]:
    server = sandbox(row) if row.answers is None else scripted(row.answers)
    async with server as witness:
        yield Way(witness, row.base_url or witness.base_url)


@asynccontextmanager
async def _nowhere(row: Situation) -> AsyncIterator[Way]:
    yield Way(Witness(), row.base_url or f"https://{API}")


@asynccontextmanager
async def _localhost(row: Situation) -> AsyncIterator[Way]:
    """The name of this machine has addresses of both kinds; the server listens on one."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(socket.socket(socket.AF_INET6)).bind(("::1", 0))
        except OSError:
            raise NotHereError("no IPv6 on this machine") from None
        async with sandbox(row) as witness:
            stack.enter_context(mock.patch("socket.getaddrinfo", _both_kinds(socket.getaddrinfo)))
            yield Way(witness, witness.base_url.replace("127.0.0.1", "localhost"))


def _both_kinds(look_up: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Give ``localhost`` an address of each kind, whatever this machine's hosts file says."""

    def both(host: Any, port: Any, *rest: Any, **more: Any) -> list[Any]:
        if host not in {"localhost", b"localhost"}:
            return look_up(host, port, *rest, **more)
        return [*look_up("::1", port, **more), *look_up("127.0.0.1", port, **more)]

    return both


@asynccontextmanager
async def _deaf(_: Situation) -> AsyncIterator[Way]:
    """A port whose queue of connections is full, so that a further one is never accepted."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        for _number in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(("127.0.0.1", port))
        yield Way(Witness(), f"http://127.0.0.1:{port}")


@asynccontextmanager
async def _silent(greeting: bytes) -> AsyncIterator[int]:
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
    async with _silent(b"220 mail ready\r\n") as port:
        yield Way(Witness(), f"https://127.0.0.1:{port}")


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
        async with _behind(row, authority, certificate) as (witness, environ):
            yield Way(witness, witness.base_url, environ if trusted else {})

    return opened


@asynccontextmanager
async def _behind(
    row: Situation, authority: trustme.CA, certificate: trustme.LeafCert
) -> AsyncIterator[tuple[Witness, Mapping[str, str]]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ca.pem"
        authority.cert_pem.write_to_path(file)
        async with scripted(row.answers or ORDINARY, context) as witness:
            yield witness, {"SSL_CERT_FILE": str(file)}


def _proxied(answer: str | None, host: str = API) -> Open:
    """A proxy on loopback that answers CONNECT with ``answer``, or lets everything pass."""

    @asynccontextmanager
    async def opened(row: Situation) -> AsyncIterator[Way]:
        authority = trustme.CA(organization_name="Honest Notary")
        async with _behind(row, authority, authority.issue_cert(host)) as (witness, environ):
            port = int(witness.base_url.rpartition(":")[2])
            async with _proxy(answer, port) as proxy:
                environ = {**environ, "HTTPS_PROXY": f"http://127.0.0.1:{proxy}"}
                yield Way(witness, f"https://{host}", environ)

    return opened


@asynccontextmanager
async def _proxy(answer: str | None, port: int) -> AsyncIterator[int]:
    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        await _closed(writer)

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await reader.readuntil(b"\r\n\r\n")
            if answer is not None:
                writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n".encode())
            else:
                there = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))
        await _closed(writer)

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.sleep(0.01)


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


def _settings(**environ: str) -> Open:
    @asynccontextmanager
    async def opened(row: Situation) -> AsyncIterator[Way]:
        yield Way(Witness(), row.base_url or f"https://{API}", environ)

    return opened


_DAY = timedelta(days=1)

WAYS: Mapping[str, Open] = {
    "direct": _direct,
    "nowhere": _nowhere,
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
