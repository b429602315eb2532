"""The ways to a server: direct, encrypted well or badly, through proxies, or to nowhere."""

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

from tests.matrix import piping
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
    async with _of_two_kinds(row) as way:
        yield way


def _half_deaf(*hangs: int) -> Open:
    """The resolver does not answer for one kind of address, nor where it is asked for both."""

    @asynccontextmanager
    async def opened(row: Situation) -> AsyncIterator[Way]:
        over = threading.Event()
        async with _of_two_kinds(row, over.set) as way:
            look_up = socket.getaddrinfo

            def half(host: Any, port: Any, *rest: Any, **more: Any) -> list[Any]:
                kind = rest[0] if rest else more.get("family", 0)
                stuck = host in {"localhost", b"localhost"} and kind in hangs
                if stuck and not over.is_set():
                    over.wait(20)
                    raise socket.gaierror(socket.EAI_AGAIN, "no answer")
                return look_up(host, port, *rest, **more)

            with mock.patch("socket.getaddrinfo", half):
                try:
                    yield way
                finally:
                    over.set()

    return opened


@asynccontextmanager
async def _of_two_kinds(
    row: Situation, free: Callable[[], None] = lambda: None
) -> AsyncIterator[Way]:
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

            async def clear() -> None:
                free()
                await stack.enter_async_context(
                    piping.listener([piping.passing(port)], "::1", port)
                )

            yield _to(server, base_url.replace("127.0.0.1", "localhost"), clear=clear)


def _leading(look_up: Callable[..., list[Any]], name: str, *to: str) -> Callable[..., list[Any]]:
    """Let ``name`` stand for the addresses ``to``, whatever this machine's hosts file says."""

    def led(host: Any, port: Any, *rest: Any, **more: Any) -> list[Any]:
        if host not in {name, name.encode()}:
            return look_up(host, port, *rest, **more)
        kind = rest[0] if rest else more.pop("family", 0)
        found = [look_up(one, port, **more) for one in to if _is_of(one, kind)]
        return [entry for entries in found for entry in entries]

    return led


def _is_of(address: str, kind: int) -> bool:
    return kind in {0, socket.AF_INET6 if ":" in address else socket.AF_INET}


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


def _no_tls(words: bytes) -> Open:
    """Something else listens where an API with encryption should, and makes room for it."""

    @asynccontextmanager
    async def opened(_: Situation) -> AsyncIterator[Way]:
        async with contextlib.AsyncExitStack() as stack, contextlib.AsyncExitStack() as other:
            greeter = piping.listener([piping.greeting(words)])
            port = await other.enter_async_context(greeter)

            async def mend(after: Situation) -> Way:
                await other.aclose()
                authority = trustme.CA()
                there = _behind(after, authority, authority.issue_cert("127.0.0.1"), port)
                server, environ = await stack.enter_async_context(there)
                return Way(server.witness, server.witness.base_url, environ)

            yield Way(Witness(), f"https://127.0.0.1:{port}", mend=mend)

    return opened


@asynccontextmanager
async def _ssh(_: Situation) -> AsyncIterator[Way]:
    """A port that belongs to something else, and to the API after the fix."""
    async with contextlib.AsyncExitStack() as stack, contextlib.AsyncExitStack() as other:
        greeter = piping.listener([piping.greeting(b"SSH-2.0-OpenSSH_9\r\n")])
        port = await other.enter_async_context(greeter)

        async def mend(after: Situation) -> Way:
            await other.aclose()
            server = await stack.enter_async_context(scripted(after.answers or {}, port=port))
            return Way(server.witness, server.witness.base_url)

        yield Way(Witness(), f"http://127.0.0.1:{port}", mend=mend)


@asynccontextmanager
async def _tls_in_plain(row: Situation) -> AsyncIterator[Way]:
    """A port that speaks TLS, asked without it; after the fix it speaks none either."""
    async with contextlib.AsyncExitStack() as stack, contextlib.AsyncExitStack() as other:
        way = await other.enter_async_context(_encrypted()(row))
        base_url = way.base_url.replace("https:", "http:")

        async def mend(after: Situation) -> Way:
            await other.aclose()
            port = int(base_url.rpartition(":")[2])
            server = await stack.enter_async_context(scripted(after.answers or {}, port=port))
            return Way(server.witness, base_url)

        yield Way(way.witness, base_url, mend=mend)


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


def _proxied(
    answer: str | None = None,
    host: str = API,
    *,
    trusted: bool = True,
    ends: timedelta | None = None,
    credentials: str = "",
    scheme: str = "http",
    playing: piping.Playing | None = None,
    environ: Mapping[str, str] | None = None,
) -> Open:
    """A proxy on loopback that answers CONNECT with ``answer``, or lets everything pass.

    After the fix it lets everything pass to a server whose certificate is good.

    Args:
        answer: What it answers before the fix.
        host: The host that is behind it.
        trusted: Whether the authority of what is behind the proxy is trusted.
        ends: When the certificate of what is behind it ends, from now.
        credentials: What the person's setting has before the proxy's host.
        scheme: What the proxy speaks.
        playing: What the proxy does instead.
        environ: Settings that are wrong, which the fix puts right.
    """

    @asynccontextmanager
    async def opened(row: Situation) -> AsyncIterator[Way]:
        authority = trustme.CA(organization_name="Honest Notary")
        good = authority.issue_cert(host)
        certificate = authority.issue_cert(
            host,
            not_before=_LONG_AGO if ends else None,
            not_after=datetime.now(UTC) + ends if ends else None,
        )
        async with _behind(row, authority, certificate) as (server, trust):
            port = int(server.witness.base_url.rpartition(":")[2])
            socks = scheme.startswith("socks")
            free = piping.socks(port) if socks else piping.http(None, port)
            players = [playing or (free if socks else piping.http(answer, port))]
            async with piping.listener(players) as proxy:

                async def clear() -> None:
                    players[0] = free
                    if server.tls is not None:
                        good.configure_cert(server.tls)

                named = {"HTTPS_PROXY": f"{scheme}://{credentials}127.0.0.1:{proxy}"}
                given = {**(trust if trusted else {}), **named} if environ is None else environ
                right = {**trust, "HTTPS_PROXY": f"{scheme}://127.0.0.1:{proxy}"}
                yield _to(server, f"https://{host}", given, mended=right, clear=clear)

    return opened


_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


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
    "proxy-silent": _proxied(playing=piping.saying_nothing),
    "proxy-closes": _proxied(playing=piping.closing),
    "proxy-no-tls": _proxied(playing=piping.connecting_to_nothing),
    "proxy-ssh": _proxied(playing=piping.speaking_ssh),
    "proxy-pries": _proxied(trusted=False),
    "proxy-expired": _proxied(ends=-_DAY),
    "proxy-pries-expired": _proxied(trusted=False, ends=-_DAY),
    "proxy-signed-in": _proxied("407 Proxy Authentication Required", credentials="ada:hunter2@"),
    "proxy-sign-in-refused": _proxied(
        "407 Proxy Authentication Required", credentials="eve:hunter2@"
    ),
    "proxy-socks": _proxied(scheme="socks5"),
    "proxy-socks-refuses": _proxied(scheme="socks5", playing=piping.refusing_socks),
    "proxy-refuses": _settings(HTTPS_PROXY="http://127.0.0.1:1"),
    "proxy-no-name": _settings(HTTPS_PROXY="http://no-such-proxy.invalid:3128"),
    "proxy-misspelled": _settings(HTTPS_PROXY="http://[broken"),
    "ca-missing": _settings(SSL_CERT_FILE="/no/such/ca.pem"),
}
"""Every way, by the name that rows give it."""
