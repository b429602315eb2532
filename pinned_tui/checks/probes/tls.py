"""The encrypted connection before anything is sent over it: whose certificate, and is it trusted.

The key is never sent to find out. A certificate that is not trusted is read in a second connection
that is closed at once, so that the user learns who issued it.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from pinned_tui.checks.model import ProbeContext, ProbeObservation
from pinned_tui.checks.observations import has_phrase, observe, phrase
from pinned_tui.checks.probes.proxy import Streams, TunnelError
from pinned_tui.client.certificate import Certificate, read_certificate
from pinned_tui.client.errors import from_exception
from pinned_tui.client.network_env import tls_context
from pinned_tui.core.clock import timestamp
from pinned_tui.session import Status

_MOST_NAMES = 8


async def encrypt(
    context: ProbeContext,
    open_: Callable[[], Awaitable[Streams]],
    where: dict[str, Any],
    first: Streams | None = None,
) -> ProbeObservation:
    """Set up an encrypted connection to the host of ``where``, and close it.

    Args:
        context: What the probe works with.
        where: Host, port and proxy, which go with the observation.
        open_: Opens a connection to the host, directly or through a proxy.
        first: Such a connection that is open already, to be used instead of a new one.
    """
    host = where["host"]
    trusted = tls_context(context.surroundings.ca_file)
    budget = context.client.budget.connect_s
    try:
        async with asyncio.timeout(budget):
            streams = first or await open_()
            begin = context.clock.monotonic()
            version, certificate = await _shake_hands(streams, host, trusted)
            took = round((context.clock.monotonic() - begin) * 1000, 1)
    except TimeoutError:
        data = where | {"kind": "tls"}
        seconds = f"{budget:g}"
        return observe("network.tls", Status.FAIL, data, variant="timeout", seconds=seconds)
    except (OSError, EOFError, TunnelError) as error:  # an SSLError is an OSError
        return await _refused(context, open_, where, error)
    data = where | {"version": version, "ms": took} | _described(certificate)
    return observe("network.tls", Status.PASS, data, variant=_variant("trusted", where))


def _variant(name: str, where: dict[str, Any]) -> str:
    """Return which sentence it is: behind a proxy it may be the proxy's doing."""
    return f"{name}-through-proxy" if where["proxy"] else name


async def _refused(
    context: ProbeContext,
    open_: Callable[[], Awaitable[Streams]],
    where: dict[str, Any],
    error: BaseException,
) -> ProbeObservation:
    kind = from_exception(error, through_proxy=False).kind
    kind = kind if kind.startswith("tls") else "tls"
    certificate = None
    if kind != "tls":
        certificate = await _read_anyway(context, open_, where["host"])
    now = context.clock.now()
    faults = _faults(kind, where["host"], certificate, now)
    data = where | {"kind": kind, "faults": list(faults)} | _described(certificate)
    if kind == "tls":
        variant = _variant("failed", where)
        return observe("network.tls", Status.FAIL, data, variant=variant, reason=_why(error))
    if certificate is None or not faults:
        return observe("network.tls", Status.FAIL, data, variant=_variant("untrusted", where))
    said = [_fault_in_words(fault, where["host"], certificate) for fault in faults]
    first, second, third, *_ = [*said, None, None]
    return observe(
        "network.tls",
        Status.FAIL,
        data,
        variant=_variant("invalid", where),
        fault=first,
        second_fault=second,
        third_fault=third,
        trusted_issuer=None if "untrusted" in faults else certificate.issuer,
    )


async def _read_anyway(
    context: ProbeContext, open_: Callable[[], Awaitable[Streams]], host: str
) -> Certificate | None:
    """Read the certificate without trusting it; nothing is sent over the connection."""
    open_minded = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    open_minded.check_hostname = False
    open_minded.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(OSError, EOFError, TimeoutError, TunnelError):
        async with asyncio.timeout(context.client.budget.connect_s):
            _, certificate = await _shake_hands(await open_(), host, open_minded)
            return certificate
    return None


async def _shake_hands(
    streams: Streams, host: str, trusted: ssl.SSLContext
) -> tuple[str, Certificate | None]:
    _, writer = streams
    try:
        await writer.start_tls(trusted, server_hostname=host)
        connection = writer.get_extra_info("ssl_object")
        der = connection.getpeercert(binary_form=True) if connection is not None else None
        version = connection.version() if connection is not None else None
        return version or "TLS", read_certificate(der) if der else None
    finally:
        writer.close()


def _faults(
    kind: str, host: str, certificate: Certificate | None, now: datetime
) -> tuple[str, ...]:
    """Name everything that is wrong with a certificate; verifying stops at the first fault.

    It begins with the issuer: a fault of name or date means that the issuer is trusted.
    """
    if certificate is None:
        return ()
    found = {
        "early": now < certificate.begins,
        "expired": now > certificate.ends,
        "other-name": not certificate.holds_for(host),
        "untrusted": kind == "tls-untrusted",
    }
    return tuple(fault for fault, is_so in found.items() if is_so)


def _why(error: BaseException) -> str | None:
    """Return why no encryption was agreed on, in words without a full stop; None where unknown."""
    if isinstance(error, ConnectionError | EOFError | ssl.SSLEOFError):
        return phrase("tls-failure", "closed")
    reason = error.reason if isinstance(error, ssl.SSLError) else None
    return phrase("tls-failure", reason) if reason and has_phrase("tls-failure", reason) else None


def _fault_in_words(fault: str, host: str, certificate: Certificate) -> str:
    names = ", ".join(certificate.names[:_MOST_NAMES])
    if fault == "other-name" and not names:
        fault = "no-name"
    elif fault == "untrusted" and certificate.self_signed:
        fault = "self-signed"
    return phrase(
        "certificate",
        fault,
        begins=f"{certificate.begins:%Y-%m-%d}",
        ends=f"{certificate.ends:%Y-%m-%d}",
        names=names,
        host=host,
        issuer=certificate.issuer,
    )


def _described(certificate: Certificate | None) -> dict[str, Any]:
    if certificate is None:
        return {}
    return {
        "issuer": certificate.issuer,
        "names": list(certificate.names[:_MOST_NAMES]),
        "begins": timestamp(certificate.begins.astimezone(UTC)),
        "ends": timestamp(certificate.ends.astimezone(UTC)),
    }
