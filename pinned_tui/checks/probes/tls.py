"""The encrypted connection before anything is sent over it: whose certificate, and is it trusted.

The key is never sent to find out. A certificate that is not trusted is read in a second connection
that is closed at once, so that the person learns who issued it.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from pinned_tui.checks.model import ProbeContext, ProbeObservation
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
        summary = f"{host} did not set up an encrypted connection within {budget:g} s."
        return ProbeObservation("network.tls", Status.FAIL, summary, where | {"kind": "tls"})
    except (OSError, EOFError, TunnelError) as error:  # an SSLError is an OSError
        return await _refused(context, open_, where, error)
    data = where | {"version": version, "ms": took} | _described(certificate)
    issuer = f", issued by {certificate.issuer}" if certificate else ""
    through = ", through the proxy" if where["proxy"] else ""
    summary = f"The connection is encrypted ({version}{through}); the certificate is trusted"
    return ProbeObservation("network.tls", Status.PASS, _ended(summary + issuer), data)


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
    if kind == "tls":
        through = f" through the proxy {where['proxy']}" if where["proxy"] else ""
        summary = f"No encrypted connection to {where['host']}{through} came about{_why(error)}."
    else:
        summary = _in_words(faults, where, certificate)
    data = where | {"kind": kind, "faults": list(faults)} | _described(certificate)
    return ProbeObservation("network.tls", Status.FAIL, summary, data)


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


_REASONS = {
    "WRONG_VERSION_NUMBER": "what listens there does not speak TLS",
    "UNSUPPORTED_PROTOCOL": "it speaks only versions of TLS that are too old",
    "TLSV1_ALERT_PROTOCOL_VERSION": "it wants another version of TLS",
    "TLSV1_UNRECOGNIZED_NAME": "it does not know this host name",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "it broke off the negotiation",
}
"""Why no encryption was agreed on, by OpenSSL's names."""


def _why(error: BaseException) -> str:
    told = _REASONS.get(error.reason or "") if isinstance(error, ssl.SSLError) else None
    if isinstance(error, ConnectionError | EOFError | ssl.SSLEOFError):
        told = "the connection was closed meanwhile"
    return f": {told}" if told else ""


def _in_words(
    faults: tuple[str, ...], where: dict[str, Any], certificate: Certificate | None
) -> str:
    host = where["host"]
    proxy = f", as it comes through the proxy {where['proxy']}," if where["proxy"] else ""
    if certificate is None or not faults:
        return f"The certificate of {host}{proxy} is not trusted here."
    what = _fault_in_words(faults[0], host, certificate)
    told = [_ended(f"The certificate of {host}{proxy} {what}")]
    told += [_ended(f"It {_fault_in_words(fault, host, certificate)}") for fault in faults[1:]]
    if "untrusted" not in faults:
        told.append(_ended(f"It is issued by {certificate.issuer}"))
    return " ".join(told)


def _fault_in_words(fault: str, host: str, certificate: Certificate) -> str:
    match fault:
        case "early":
            return f"holds from {certificate.begins:%Y-%m-%d} on; this machine's clock is before"
        case "expired":
            return f"expired on {certificate.ends:%Y-%m-%d}"
        case "other-name":
            names = ", ".join(certificate.names[:_MOST_NAMES]) or "no name at all"
            return f"holds for {names}, not for {host}"
    if certificate.self_signed:
        return f"is signed by itself ({certificate.issuer}), which this machine does not trust"
    return f"is issued by {certificate.issuer}, which this machine does not trust"


def _ended(sentence: str) -> str:
    """End a sentence with a full stop, unless a name such as *Inc.* has ended it already."""
    return sentence if sentence.endswith(".") else f"{sentence}."


def _described(certificate: Certificate | None) -> dict[str, Any]:
    if certificate is None:
        return {}
    return {
        "issuer": certificate.issuer,
        "names": list(certificate.names[:_MOST_NAMES]),
        "begins": timestamp(certificate.begins.astimezone(UTC)),
        "ends": timestamp(certificate.ends.astimezone(UTC)),
    }
