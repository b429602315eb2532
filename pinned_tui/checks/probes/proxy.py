"""The way through a proxy: asks it to connect to the API, and tells why where it does not.

Nothing of the API's is sent: an HTTP proxy gets one CONNECT (RFC 9110, section 9.3.6), a SOCKS
proxy the request of RFC 1928. The proxy's own user name and password go to it as the HTTP client
sends them, and are in no error.
"""

import asyncio
import base64
import re
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal
from urllib.parse import unquote, urlsplit

from pinned_tui.checks.observations import has_phrase, phrase
from pinned_tui.client.errors import is_http, spoken
from pinned_tui.client.network_env import Proxy, tls_context

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

ProxyFailure = Literal["proxy-auth", "proxy-blocked", "proxy-silent", "proxy-broken", "proxy-tls"]
"""Why no tunnel came about: the proxy wants a sign-in, will not or can't connect, does not answer,
does not answer as a proxy does, or sets up no encrypted connection to itself."""

_MOST_HEAD_BYTES = 65_536
_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})")
_OFFER = re.compile(
    rb"^proxy-authenticate: *(Basic|Digest|NTLM|Negotiate|Kerberos|Bearer)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""A way to sign in, of those that are known: no word of the proxy's own gets into a report."""


class TunnelError(Exception):
    """No tunnel came about.

    Attributes:
        said: What the proxy answered, as the end of a sentence about it, in words of ours; empty
            where it did not answer.
        status: The HTTP status that it answered with, if any.
        offers: How one could sign in to it, by the names of the schemes.
    """

    def __init__(
        self,
        kind: ProxyFailure,
        said: str = "",
        *,
        status: int | None = None,
        offers: tuple[str, ...] = (),
    ) -> None:
        super().__init__(kind)
        self.kind, self.said, self.status, self.offers = kind, said, status, offers


@dataclass(frozen=True, slots=True)
class ProxyTunnel:
    """A way through one proxy to one host.

    Attributes:
        address: The proxy's address that connects.
        within_s: Seconds that the proxy has to look the host up and connect in our place.
    """

    proxy: Proxy
    address: str
    host: str
    port: int
    within_s: float
    ca_file: str | None = None

    @property
    def signs_in(self) -> bool:
        """Whether the proxy gets a user name and password."""
        return _credentials(self.proxy) is not None

    async def open(self) -> Streams:
        """Connect through the proxy; what is written then goes to the host.

        Raises:
            TunnelError: the proxy did not let it through.
            OSError: the proxy's port can no longer be connected to.
        """
        writer: asyncio.StreamWriter | None = None
        opened = False
        try:
            async with asyncio.timeout(self.within_s):
                reader, writer = await asyncio.open_connection(self.address, self.proxy.port)
                await self._agree(reader, writer)
            opened = True
        except TimeoutError:
            raise TunnelError("proxy-silent") from None
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            if writer is None:
                raise
            raise TunnelError("proxy-broken", phrase("proxy-said", "closed")) from error
        finally:
            if writer is not None and not opened:
                writer.close()
        return reader, writer

    async def _agree(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.proxy.scheme.startswith("socks"):
            return await self._agree_by_socks(reader, writer)
        if self.proxy.scheme == "https":
            await self._encrypt(writer)
        writer.write(_connect_request(self.host, self.port, _credentials(self.proxy)))
        head = await _head(reader)
        found = _STATUS_LINE.match(head)
        if found is None:
            raise TunnelError("proxy-broken", _in_other_words(head))
        status = int(found[1])
        if 200 <= status < 300:
            return None
        offers = tuple(dict.fromkeys(one.decode() for one in _OFFER.findall(head)))
        kind: ProxyFailure = "proxy-auth" if status == 407 else "proxy-blocked"
        said = phrase("proxy-said", "status", status=_named(status))
        raise TunnelError(kind, said, status=status, offers=offers)

    async def _encrypt(self, writer: asyncio.StreamWriter) -> None:
        trusted = tls_context(self.ca_file)
        try:
            await writer.start_tls(trusted, server_hostname=self.proxy.host)
        except ssl.SSLError as error:
            raise TunnelError("proxy-tls") from error

    async def _agree_by_socks(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        credentials = _credentials(self.proxy)
        wanted = _SOCKS_BY_PASSWORD if credentials else _SOCKS_BY_NOTHING
        writer.write(bytes([5, 1, wanted]))
        version, method = await reader.readexactly(2)
        if version != 5:
            raise TunnelError("proxy-broken", _in_other_words(bytes([version, method])))
        if method != wanted:
            raise TunnelError("proxy-auth", phrase("proxy-said", "other-sign-in"))
        if credentials:
            user, password = (one.encode()[:255] for one in credentials)
            writer.write(bytes([1, len(user)]) + user + bytes([len(password)]) + password)
            if (await reader.readexactly(2))[1] != 0:
                raise TunnelError("proxy-auth", phrase("proxy-said", "sign-in-refused"))
        host = self.host.encode("ascii")
        writer.write(bytes([5, 1, 0, 3, len(host)]) + host + self.port.to_bytes(2))
        _, code, _, kind = await reader.readexactly(4)
        if code != 0:
            name = str(code) if has_phrase("socks", str(code)) else "other"
            raise TunnelError("proxy-blocked", phrase("socks", name, number=code))
        length = {1: 4, 4: 16}.get(kind)
        await reader.readexactly((length or (await reader.readexactly(1))[0]) + 2)


_SOCKS_BY_NOTHING, _SOCKS_BY_PASSWORD = 0, 2


def _credentials(proxy: Proxy) -> tuple[str, str] | None:
    parts = urlsplit(proxy.url)
    if not parts.username:
        return None
    return unquote(parts.username), unquote(parts.password or "")


def _connect_request(host: str, port: int, credentials: tuple[str, str] | None) -> bytes:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if credentials:
        coded = base64.b64encode(":".join(credentials).encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {coded}")
    return "\r\n".join([*lines, "", ""]).encode()


async def _head(reader: asyncio.StreamReader) -> bytes:
    """Read up to the empty line; what can't be HTTP ends it at once."""
    head = b""
    while b"\r\n\r\n" not in head and b"\n\n" not in head:
        piece = await reader.read(4096)
        if not piece:
            raise TunnelError("proxy-broken", phrase("proxy-said", "closed"))
        head += piece
        if not is_http(head) or len(head) > _MOST_HEAD_BYTES:
            raise TunnelError("proxy-broken", _in_other_words(head))
    return head


def _in_other_words(first: bytes) -> str:
    name = spoken(first)
    if name is None:
        return phrase("proxy-said", "not-http")
    return phrase("proxy-said", "other-protocol", protocol=name)


def _named(status: int) -> str:
    """Return the status with the words that the standard has for it, not with the proxy's own."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
