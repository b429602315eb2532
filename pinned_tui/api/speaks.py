"""What speaks at a port that should speak HTTP: read off its first bytes, and asked without a key.

Words of the other side are never repeated: a few well-known openings are named, the rest is not.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Mapping

from pinned_tui.api.failures import failure
from pinned_tui.session import Failure

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
    """Tell whether what came so far can be the beginning of an answer in HTTP."""
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
    """Tell whether an encrypted connection comes about; nothing is sent over it."""
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
    """Look why an unencrypted request got no answer; None where that does not show."""
    first = await _greeting(host, port)
    if not is_http(first):
        name = spoken(first)
        return failure("not-http", "answer", f"It speaks as {name} does." if name else "")
    return failure("tls-port", "answer") if await _speaks_tls(host, port) else None
