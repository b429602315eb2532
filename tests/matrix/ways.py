"""The ways to a server: direct, encrypted well or badly, through proxies, or to nowhere."""

import asyncio
import contextlib
import socket
import ssl
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
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
        kind = rest[0] if rest else more.pop("family", 0)
        found = [look_up(one, port, **more) for one in _OWN_ADDRESSES if _is_of(one, kind)]
        return [entry for entries in found for entry in entries]

    return both


_OWN_ADDRESSES = ("::1", "127.0.0.1")


def _is_of(address: str, kind: int) -> bool:
    return kind in {0, socket.AF_INET6 if ":" in address else socket.AF_INET}


def _half_deaf(*hangs: int) -> Open:
    """The resolver does not answer for one kind of address, nor where it is asked for both."""

    @asynccontextmanager
    async def opened(row: Situation) -> AsyncIterator[Way]:
        over = threading.Event()
        look_up = _both_kinds(socket.getaddrinfo)

        def half(host: Any, port: Any, *rest: Any, **more: Any) -> list[Any]:
            kind = rest[0] if rest else more.get("family", 0)
            if host in {"localhost", b"localhost"} and kind in hangs:
                over.wait(20)
                raise socket.gaierror(socket.EAI_AGAIN, "no answer")
            return look_up(host, port, *rest, **more)

        async with sandbox(row) as witness:
            with mock.patch("socket.getaddrinfo", half):
                try:
                    yield Way(witness, witness.base_url.replace("127.0.0.1", "localhost"))
                finally:
                    over.set()

    return opened


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
    """Greet as no HTTP server does, read a little, and close."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            writer.write(greeting)
            await reader.read(4096)
        await _closed(writer)

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def _no_tls(greeting: bytes) -> Open:
    @asynccontextmanager
    async def opened(_: Situation) -> AsyncIterator[Way]:
        async with _silent(greeting) as port:
            yield Way(Witness(), f"https://127.0.0.1:{port}")

    return opened


@asynccontextmanager
async def _ssh(_: Situation) -> AsyncIterator[Way]:
    async with _silent(b"SSH-2.0-OpenSSH_9\r\n") as port:
        yield Way(Witness(), f"http://127.0.0.1:{port}")


@asynccontextmanager
async def _tls_in_plain(row: Situation) -> AsyncIterator[Way]:
    """A port that speaks TLS, asked without it."""
    async with _encrypted()(row) as way:
        yield Way(way.witness, way.base_url.replace("https:", "http:"))


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


Playing = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def _proxied(
    answer: str | None = None,
    host: str = API,
    *,
    trusted: bool = True,
    ends: timedelta | None = None,
    credentials: str = "",
    scheme: str = "http",
    playing: Playing | None = None,
) -> Open:
    """A proxy on loopback that answers CONNECT with ``answer``, or lets everything pass.

    Args:
        trusted: Whether the authority of what is behind the proxy is trusted.
        credentials: What the person's setting has before the proxy's host.
        playing: What the proxy does instead.
    """

    @asynccontextmanager
    async def opened(row: Situation) -> AsyncIterator[Way]:
        authority = trustme.CA(organization_name="Honest Notary")
        certificate = authority.issue_cert(
            host,
            not_before=_LONG_AGO if ends else None,
            not_after=datetime.now(UTC) + ends if ends else None,
        )
        async with _behind(row, authority, certificate) as (witness, trust):
            port = int(witness.base_url.rpartition(":")[2])
            play = playing or (_passing_socks(port) if scheme == "socks5" else _http(answer, port))
            async with _proxy(play) as proxy:
                environ = trust if trusted else {}
                environ = {**environ, "HTTPS_PROXY": f"{scheme}://{credentials}127.0.0.1:{proxy}"}
                yield Way(witness, f"https://{host}", environ)

    return opened


_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def _http(answer: str | None, port: int) -> Playing:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if answer is None or (answer.startswith("407") and _SIGN_IN in head):
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await _joined(reader, writer, port)
        else:
            writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n".encode())

    return connect


_SIGN_IN = b"Proxy-Authorization: Basic YWRhOmh1bnRlcjI="
"""``ada`` with the password ``hunter2``."""


def _passing_socks(port: int) -> Playing:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3)
        writer.write(b"\x05\x00")
        await reader.readexactly(4)
        await reader.readexactly((await reader.readexactly(1))[0] + 2)
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        await _joined(reader, writer, port)

    return connect


async def _refusing_socks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readexactly(3)
    writer.write(b"\x05\x00")
    await reader.readexactly(5)
    writer.write(b"\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00")


async def _saying_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    while await reader.read(4096):
        pass


async def _closing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read(4096)


async def _connecting_to_nothing(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await reader.read(4096)


async def _speaking_ssh(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9\r\n")
    await reader.read()


async def _joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    """Pass everything on to ``port`` and back."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        await _closed(writer)

    there = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))


@asynccontextmanager
async def _proxy(playing: Playing) -> AsyncIterator[int]:
    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await playing(reader, writer)
        await _closed(writer)

    server = await asyncio.start_server(play, "127.0.0.1", 0)
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
    "no-tls": _no_tls(b"220 mail ready\r\n"),
    "tls-closes": _no_tls(b""),
    "tls": _encrypted(),
    "tls-untrusted": _encrypted(trusted=False),
    "tls-other-name": _encrypted("elsewhere.example"),
    "tls-expired": _encrypted(ends=-_DAY, begins=-2 * _DAY),
    "tls-early": _encrypted(begins=_DAY),
    "tls-expired-untrusted": _encrypted(ends=-_DAY, begins=-2 * _DAY, trusted=False),
    "tls-other-name-untrusted": _encrypted("elsewhere.example", trusted=False),
    "tls-in-plain": _tls_in_plain,
    "ssh": _ssh,
    "half-a-resolver": _half_deaf(socket.AF_INET6),
    "half-a-resolver-for-all": _half_deaf(socket.AF_INET6, socket.AF_UNSPEC),
    "proxy": _proxied(None),
    "proxy-preview": _proxied(None, f"preview.{API}"),
    "proxy-shop": _proxied(None, "pinned-events.example"),
    "proxy-407": _proxied("407 Proxy Authentication Required"),
    "proxy-403": _proxied("403 Forbidden"),
    "proxy-502": _proxied("502 Bad Gateway"),
    "proxy-silent": _proxied(playing=_saying_nothing),
    "proxy-closes": _proxied(playing=_closing),
    "proxy-no-tls": _proxied(playing=_connecting_to_nothing),
    "proxy-ssh": _proxied(playing=_speaking_ssh),
    "proxy-pries": _proxied(trusted=False),
    "proxy-expired": _proxied(ends=-_DAY),
    "proxy-pries-expired": _proxied(trusted=False, ends=-_DAY),
    "proxy-signed-in": _proxied("407 Proxy Authentication Required", credentials="ada:hunter2@"),
    "proxy-sign-in-refused": _proxied(
        "407 Proxy Authentication Required", credentials="eve:hunter2@"
    ),
    "proxy-socks": _proxied(scheme="socks5"),
    "proxy-socks-refuses": _proxied(scheme="socks5", playing=_refusing_socks),
    "proxy-refuses": _settings(HTTPS_PROXY="http://127.0.0.1:1"),
    "proxy-no-name": _settings(HTTPS_PROXY="http://no-such-proxy.invalid:3128"),
    "proxy-misspelled": _settings(HTTPS_PROXY="http://[broken"),
    "ca-missing": _settings(SSL_CERT_FILE="/no/such/ca.pem"),
}
"""Every way, by the name that rows give it."""
