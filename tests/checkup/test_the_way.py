"""The way to the host, stage by stage: families of addresses, certificates in words, clocks."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme

from pinned_tui.api.certificate import read_certificate
from pinned_tui.probes.reach import connect
from pinned_tui.session import Observation, Session, Status
from tests.checkup.scripted import CHANNELS, EVENTS, checked, serving


def seen(session: Session, code: str) -> Observation | None:
    return next((one for one in session.latest() if one.code == code), None)


@asynccontextmanager
async def listening(host: str) -> AsyncIterator[int]:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(greet, host, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def has_ipv6() -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as tried:
        tried.bind(("::1", 0))
        return True
    return False


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="no IPv6 on this machine")


@needs_ipv6
async def test_the_kinds_of_address_are_told_apart() -> None:
    async with listening("127.0.0.1") as port:
        reached = await connect(["::1", "127.0.0.1"], port, within_s=3)
    assert reached.address == "127.0.0.1"
    assert reached.by_family == {"IPv4": "connected", "IPv6": "refused"}


@needs_ipv6
async def test_both_kinds_refused_is_refused() -> None:
    async with listening("127.0.0.1") as port:
        pass
    reached = await connect(["::1", "127.0.0.1"], port, within_s=3)
    assert reached.refused
    assert not reached.silent


async def test_one_kind_that_answers_is_not_waited_for_longer_than_a_moment() -> None:
    async with listening("127.0.0.1") as port:
        began = asyncio.get_running_loop().time()
        reached = await connect(["127.0.0.1"], port, within_s=5)
    assert reached.address == "127.0.0.1"
    assert asyncio.get_running_loop().time() - began < 1


async def secured(
    tmp_path: Path, authority: trustme.CA, context: ssl.SSLContext, *, trusted: bool
) -> Session:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    environ = {"SSL_CERT_FILE": str(tmp_path / "ca.pem")} if trusted else {}
    answers = {"/channels": CHANNELS, "/events": EVENTS}
    async with serving(answers, tls=context) as base_url:
        return await checked(base_url.replace("http:", "https:"), environ=environ)


def context_of(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


YESTERDAY = datetime.now(UTC) - timedelta(days=1)
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "ends", "begins", "trusted", "cause", "words"),
    [
        ("127.0.0.1", None, None, False, "net-tls-untrusted", "Prying Eyes Inc"),
        ("elsewhere.example", None, None, True, "net-tls-invalid", "elsewhere.example, not for"),
        ("127.0.0.1", YESTERDAY, None, True, "net-tls-invalid", "expired on"),
        ("127.0.0.1", None, TOMORROW, True, "net-tls-invalid", "clock is before"),
    ],
)
async def test_a_bad_certificate_is_described_and_nothing_is_sent(
    name: str, ends: datetime | None, begins: datetime | None, trusted: bool, cause: str,
    words: str, tmp_path: Path,
) -> None:  # fmt: skip
    authority = trustme.CA(organization_name="Prying Eyes Inc")
    certificate = authority.issue_cert(name, not_after=ends, not_before=begins)
    session = await secured(tmp_path, authority, context_of(certificate), trusted=trusted)
    assert session.first_cause == cause
    assert words in session.verdicts[0].summary
    assert session.requests_sent == 0


async def test_a_good_certificate_is_told_with_its_issuer(tmp_path: Path) -> None:
    authority = trustme.CA(organization_name="Honest Notary")
    context = context_of(authority.issue_cert("127.0.0.1"))
    session = await secured(tmp_path, authority, context, trusted=True)
    tls = seen(session, "network.tls")
    assert session.verdicts == ()
    assert tls is not None
    assert tls.status is Status.PASS
    assert "Honest Notary" in tls.summary


@pytest.mark.parametrize("der", [b"", b"nonsense", b"\x30\x03\x02\x01\x00"])
def test_what_is_no_certificate_is_none(der: bytes) -> None:
    assert read_certificate(der) is None


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, None), (4, None), (-9, "ahead of the"), (90, "behind the")]
)
async def test_clocks_that_differ_are_a_note(minutes: int, words: str | None) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=minutes), usegmt=True)
    dated = CHANNELS.replace(b"\r\n\r\n", f"\r\nDate: {date}\r\n\r\n".encode(), 1)
    async with serving({"/channels": dated, "/events": EVENTS}) as base_url:
        session = await checked(base_url)
    note = seen(session, "clock.skew")
    assert session.verdicts == ()
    if words is None:
        assert note is None
    else:
        assert note is not None
        assert words in note.summary
