"""The encrypted connection before anything is sent over it: whose certificate, and is it trusted.

The key is never sent to find out. A certificate that is not trusted is read in a second connection
that is closed at once, so that the person learns who issued it.
"""

import asyncio
import contextlib
import ssl
from datetime import UTC, datetime
from typing import Any

from pinned_tui.api.certificate import Certificate, read_certificate
from pinned_tui.api.failures import from_exception
from pinned_tui.api.surroundings import tls_context
from pinned_tui.clock import timestamp
from pinned_tui.probes.model import Context, Seen
from pinned_tui.session import Status


async def encrypt(context: Context, address: str, port: int, where: dict[str, Any]) -> Seen:
    """Set up an encrypted connection to ``address`` for the host of ``where``, and close it."""
    host = where["host"]
    trusted = tls_context(context.surroundings.ca_file)
    begin = context.clock.monotonic()
    budget = context.client.budget.connect_s
    try:
        async with asyncio.timeout(budget):
            version, certificate = await _shake_hands(address, port, host, trusted)
    except TimeoutError:
        summary = f"{host} did not set up an encrypted connection within {budget:g} s."
        return Seen("network.tls", Status.FAIL, summary, where | {"kind": "tls"})
    except (OSError, ssl.SSLError, EOFError) as error:
        return await _refused(context, address, port, where, error)
    took = round((context.clock.monotonic() - begin) * 1000, 1)
    data = where | {"version": version, "ms": took} | _described(certificate)
    issuer = f", issued by {certificate.issuer}" if certificate else ""
    summary = f"The connection is encrypted ({version}); the certificate is trusted{issuer}."
    return Seen("network.tls", Status.PASS, summary, data)


async def _refused(
    context: Context, address: str, port: int, where: dict[str, Any], error: BaseException
) -> Seen:
    kind = from_exception(error, through_proxy=False).kind
    kind = kind if kind.startswith("tls") else "tls"
    certificate = None
    if kind != "tls":
        certificate = await _read_anyway(context, address, port, where["host"])
    now = context.clock.now()
    summary = _in_words(kind, where["host"], certificate, now)
    data = where | {"kind": kind} | _described(certificate)
    return Seen("network.tls", Status.FAIL, summary, data)


async def _read_anyway(context: Context, address: str, port: int, host: str) -> Certificate | None:
    """Read the certificate without trusting it; nothing is sent over the connection."""
    open_minded = ssl.create_default_context()
    open_minded.check_hostname = False
    open_minded.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(OSError, ssl.SSLError, EOFError, TimeoutError):
        async with asyncio.timeout(context.client.budget.connect_s):
            _, certificate = await _shake_hands(address, port, host, open_minded)
            return certificate
    return None


async def _shake_hands(
    address: str, port: int, host: str, trusted: ssl.SSLContext
) -> tuple[str, Certificate | None]:
    _, writer = await asyncio.open_connection(address, port, ssl=trusted, server_hostname=host)
    try:
        connection = writer.get_extra_info("ssl_object")
        der = connection.getpeercert(binary_form=True) if connection is not None else None
        version = connection.version() if connection is not None else None
        return version or "TLS", read_certificate(der) if der else None
    finally:
        writer.close()


def _in_words(kind: str, host: str, certificate: Certificate | None, now: datetime) -> str:
    if kind == "tls":
        return f"The encrypted connection to {host} could not be set up."
    if certificate is None:
        return f"The certificate of {host} is not trusted here."
    if now < certificate.begins:
        begins = f"{certificate.begins:%Y-%m-%d}"
        return f"The certificate of {host} holds from {begins} on; this machine's clock is before."
    if now > certificate.ends:
        return f"The certificate of {host} expired on {certificate.ends:%Y-%m-%d}."
    if kind == "tls-invalid":
        names = ", ".join(certificate.names) or "no name at all"
        return f"The certificate holds for {names}, not for {host}."
    if certificate.self_signed:
        return f"The certificate of {host} is signed by itself ({certificate.issuer})."
    return (
        f"The certificate of {host} is issued by {certificate.issuer}, which this machine"
        " does not trust."
    )


def _described(certificate: Certificate | None) -> dict[str, Any]:
    if certificate is None:
        return {}
    return {
        "issuer": certificate.issuer,
        "names": list(certificate.names),
        "begins": timestamp(certificate.begins.astimezone(UTC)),
        "ends": timestamp(certificate.ends.astimezone(UTC)),
    }
