"""What speaks at a port that should speak HTTP: read off its first bytes, and asked without a key.

Words of the other side are never repeated: a few well-known openings are named, the rest is not.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator, Mapping

from pinned_tui.session import Failure

KINDS = {
    "dns": "The host name could not be found.",
    "dns-timeout": "Looking up the host name took too long.",
    "refused": "The connection was refused: nothing listens at that address.",
    "timeout": "The connection was not established in time.",
    "unreachable": "No route to that address: the network or the host is unreachable.",
    "tls-untrusted": "The certificate is not signed by an authority that this machine trusts.",
    "tls-invalid": "The certificate is not valid for this host or this date.",
    "tls": "The TLS connection could not be established.",
    "proxy-unreachable": "The proxy could not be reached.",
    "proxy-auth": "The proxy requires a user name and password.",
    "proxy-blocked": "The proxy refused to connect to the API.",
    "proxy-silent": "The proxy accepted the connection but did not respond in time.",
    "proxy-broken": "The proxy accepted the connection but did not respond as a proxy does.",
    "slow": "The response did not arrive in time.",
    "closed": "The connection was closed before any response arrived.",
    "not-http": "What listens at that address does not speak HTTP.",
    "tls-port": "What listens at that address speaks TLS, and the request went there without it.",
    "interrupted": "The connection was cut off in the middle of the response.",
    "too-large": "The response is larger than the budget.",
    "encoding": "The response uses a compression that was not requested.",
    "malformed": "The response is not valid HTTP.",
    "unsendable-key": "The key contains characters that can't be sent in a header.",
    "withheld": "Not sent: an earlier response asked to wait.",
    "spared": "Not sent: according to the API, at most one request is left.",
    "not-public": "The host is not at a public address, so nothing was sent.",
    "unchecked": "The proxy would look the host up, so its address can't be checked: nothing sent.",
    "cancelled": "Cancelled before the response arrived.",
    "other": "Something unexpected went wrong while sending or receiving.",
}
"""Every kind of failure with its sentence; the kinds appear in sessions and reports."""

_TLS_INVALID_CODES = {9, 10, 62, 64}
"""OpenSSL's codes for: not yet valid, expired, wrong host name, wrong IP address."""


def failure(kind: str, phase: str, detail: str = "") -> Failure:
    """Make the failure of ``kind``; ``detail`` is a sentence of ours to follow its words."""
    message = f"{KINDS[kind]} {detail}".strip()
    return Failure(kind=kind, message=message, phase=phase)


def from_exception(
    error: BaseException, *, through_proxy: bool, phase: str = "", begun: bool = True
) -> Failure:
    """Classify ``error``, raised by the HTTP client, by its chain of causes.

    Args:
        error: What was raised. Its text is never used: it may hold the key.
        through_proxy: Whether the connection goes to a proxy first.
        phase: How far the request had come; ``proxy`` is the time in which the proxy is asked.
        begun: Whether a response had begun.
    """
    found = _from_chain(error, through_proxy=through_proxy)
    if phase == "proxy" and found.phase in {"answer", "request"}:
        return failure("proxy-silent" if found.kind == "slow" else "proxy-broken", phase)
    if found.kind == "interrupted" and not begun:
        return failure("closed", "answer")
    return found


def _from_chain(error: BaseException, *, through_proxy: bool) -> Failure:
    chain = list(_chain(error))
    for link in chain:
        if isinstance(link, ssl.SSLCertVerificationError):
            invalid = link.verify_code in _TLS_INVALID_CODES
            return failure("tls-invalid" if invalid else "tls-untrusted", "tls")
    for link in chain:
        if isinstance(link, ssl.SSLError):
            return failure("tls", "tls")
        if isinstance(link, socket.gaierror):
            return failure("proxy-unreachable" if through_proxy else "dns", "name")
        if isinstance(link, ConnectionRefusedError):
            return failure("proxy-unreachable" if through_proxy else "refused", "connect")
    return _by_name(error, through_proxy=through_proxy)


def _by_name(error: BaseException, *, through_proxy: bool) -> Failure:
    names = {cls.__name__ for link in _chain(error) for cls in type(link).__mro__}
    if "ProxyError" in names:
        return _proxy(error)
    if "ConnectTimeout" in names:
        return failure("proxy-unreachable" if through_proxy else "timeout", "connect")
    if "ConnectError" in names:
        return failure("proxy-unreachable" if through_proxy else "unreachable", "connect")
    if names & {"ReadTimeout", "WriteTimeout", "PoolTimeout", "TimeoutError"}:
        return failure("slow", "answer")
    if names & {"ReadError", "WriteError", "CloseError"}:
        return failure("interrupted", "answer")
    if "RemoteProtocolError" in names:
        return _protocol(error)
    detail = f"The exception type is {type(error).__name__}."
    return failure("other", "request", detail)


def _proxy(error: BaseException) -> Failure:
    text = str(error)
    status = text[:3]
    if status == "407" or text.startswith(("Requested ", "Invalid username")):
        return failure("proxy-auth", "connect")
    if text.startswith("Proxy Server could not connect"):
        return failure("proxy-blocked", "connect")
    if status.isdigit():
        return failure("proxy-blocked", "connect", f"It responded with status {status}.")
    return failure("proxy-unreachable", "connect")


def _protocol(error: BaseException) -> Failure:
    text = str(error).lower()
    if "illegal status line" in text:
        return failure("not-http", "answer")
    cut = any(mark in text for mark in ("without sending", "incomplete", "peer closed"))
    return failure("interrupted" if cut else "malformed", "answer")


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        if isinstance(link, BaseExceptionGroup):
            for inner in link.exceptions:
                yield from _chain(inner)
        link = link.__cause__ or link.__context__


_OPENINGS: Mapping[bytes, str] = {
    b"SSH-": "SSH",
    b"220": "a mail or FTP server",
    b"+OK": "a mail server",
    b"* OK": "a mail server",
    b"RFB ": "a remote desktop",
    b"-ERR": "Redis",
    b"\x05": "a SOCKS proxy",
    b"\x15\x03": "TLS",
    b"\x16\x03": "TLS",
}

_HTTP = b"HTTP/"
"""How every answer in HTTP/1 begins (RFC 9112, section 4)."""

_GREETING_S = 0.3
_HANDSHAKE_S = 1.0


def is_http(first: bytes) -> bool:
    """Return whether what came so far can be the beginning of a response in HTTP."""
    return _HTTP.startswith(first[: len(_HTTP)])


def spoken(first: bytes) -> str | None:
    """Name what speaks so; None where the opening is none that is known."""
    return next((name for opening, name in _OPENINGS.items() if first.startswith(opening)), None)


async def _greeting(host: str, port: int) -> bytes:
    """Return what a server says before it is asked anything, as one of HTTP never does."""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(_GREETING_S):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                return await reader.read(64)
            finally:
                writer.close()
    return b""


async def _speaks_tls(host: str, port: int) -> bool:
    """Return whether an encrypted connection comes about; nothing is sent over it."""
    open_minded = ssl.create_default_context()
    open_minded.check_hostname = False
    open_minded.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(OSError, EOFError, TimeoutError):  # an SSLError is an OSError
        async with asyncio.timeout(_HANDSHAKE_S):
            _, writer = await asyncio.open_connection(host, port, ssl=open_minded)
            writer.close()
            return True
    return False


async def who_listens(host: str, port: int) -> Failure | None:
    """Look why an unencrypted request got no response; None where that does not show."""
    first = await _greeting(host, port)
    if not is_http(first):
        name = spoken(first)
        return failure("not-http", "answer", f"It speaks as {name} does." if name else "")
    return failure("tls-port", "answer") if await _speaks_tls(host, port) else None
