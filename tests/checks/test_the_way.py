"""The way to the host, stage by stage: families of addresses, certificates in words, clocks."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme

from pinned_tui.checks.probes.connectivity import connect, resolve
from pinned_tui.client.certificate import Certificate, read_certificate
from pinned_tui.core.clock import SystemClock
from pinned_tui.session import Observation, Session, Status, encode
from tests.checks.scripted import CHANNELS, EVENTS, checked, serving
from tests.matrix.model import situations
from tests.matrix.runner import run


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
        reached = await connect(["::1", "127.0.0.1"], port, within_s=3, clock=SystemClock())
    assert reached.address == "127.0.0.1"
    assert reached.by_family == {"IPv4": "connected", "IPv6": "refused"}


@needs_ipv6
async def test_both_kinds_refused_is_refused() -> None:
    async with listening("127.0.0.1") as port:
        pass
    reached = await connect(["::1", "127.0.0.1"], port, within_s=3, clock=SystemClock())
    assert reached.refused
    assert not reached.silent


async def test_one_kind_that_answers_is_not_waited_for_longer_than_a_moment() -> None:
    async with listening("127.0.0.1") as port:
        began = asyncio.get_running_loop().time()
        reached = await connect(["127.0.0.1"], port, within_s=5, clock=SystemClock())
    assert reached.address == "127.0.0.1"
    assert asyncio.get_running_loop().time() - began < 1


V4 = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 443))]
V6 = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", 443, 0, 0))]


@pytest.mark.parametrize("hangs", [socket.AF_INET, socket.AF_INET6])
async def test_a_resolver_that_hangs_for_one_kind_does_not_lose_the_other(
    hangs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def half(_host: str, _port: int, *, family: int, type: int) -> list[object]:  # noqa: A002
        if family == hangs:
            over.wait(10)
        return list(V4 if family == socket.AF_INET else V6)

    monkeypatch.setattr(socket, "getaddrinfo", half)
    began = asyncio.get_running_loop().time()
    named = await resolve("pinned.events", 443, within_s=5, clock=SystemClock())
    took = asyncio.get_running_loop().time() - began
    over.set()
    answered, silent = ("IPv6", "IPv4") if hangs == socket.AF_INET else ("IPv4", "IPv6")
    assert dict(named.by_family) == {answered: "found", silent: "silent"}
    assert list(named.took_ms) == [answered]
    assert named.silent == (silent,)
    assert named.addresses == (("2001:db8::1",) if hangs == socket.AF_INET else ("192.0.2.1",))
    assert took < 3


async def test_both_kinds_are_looked_up_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits until the other has begun: one after the other they would never end."""
    both = threading.Barrier(2, timeout=5)

    def together(_host: str, _port: int, *, family: int, type: int) -> list[object]:  # noqa: A002
        both.wait()
        return list(V4 if family == socket.AF_INET else V6)

    monkeypatch.setattr(socket, "getaddrinfo", together)
    named = await resolve("pinned.events", 443, within_s=5, clock=SystemClock())
    assert named.first_of_each == ("192.0.2.1", "2001:db8::1")


async def test_an_address_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", None)
    for address, kind in (("192.0.2.1", "IPv4"), ("2001:db8::1", "IPv6")):
        named = await resolve(address, 443, within_s=5, clock=SystemClock())
        assert named.addresses == (address,)
        assert dict(named.by_family) == {kind: "found"}
        assert dict(named.took_ms) == {}


async def test_a_name_that_is_none_is_not_found() -> None:
    named = await resolve("a" * 70 + ".invalid", 443, within_s=5, clock=SystemClock())
    assert named.addresses == ()
    assert set(named.by_family.values()) == {"none"}


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
        ("127.0.0.1", YESTERDAY, None, False, "net-tls-invalid", "is issued by Prying Eyes Inc,"),
        ("elsewhere.example", YESTERDAY, None, False, "net-tls-invalid", "not for 127.0.0.1"),
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


async def test_a_name_that_ends_in_a_full_stop_gets_no_second_one(tmp_path: Path) -> None:
    authority = trustme.CA(organization_name="Zscaler Inc.")
    context = context_of(authority.issue_cert("127.0.0.1"))
    for trusted in (True, False):
        session = await secured(tmp_path, authority, context, trusted=trusted)
        tls = seen(session, "network.tls")
        assert tls is not None
        assert "Zscaler Inc" in tls.summary
        assert ".." not in tls.summary


@pytest.mark.parametrize(
    ("name", "host", "holds"),
    [
        ("pinned.events", "pinned.events", True),
        ("Pinned.Events", "pinned.events.", True),
        ("*.pinned.events", "www.pinned.events", True),
        ("*.pinned.events", "pinned.events", False),
        ("*.pinned.events", "a.b.pinned.events", False),
        ("*", "pinned.events", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
    ],
)
def test_the_names_of_a_certificate(name: str, host: str, holds: bool) -> None:
    now = datetime.now(UTC)
    certificate = Certificate("Notary", (name,), now, now, self_signed=False)
    assert certificate.holds_for(host) is holds


BY_NAME = {row.name: row for row in situations()}


async def through(name: str) -> Session:
    result = await run(BY_NAME[name])
    assert not result.faults
    assert result.session is not None
    return result.session


async def test_what_is_seen_of_a_proxy_is_not_seen_of_the_api() -> None:
    session = await through("the company's authority is trusted, and it reads along")
    codes = {one.code for one in session.latest()}
    assert not codes & {"network.name", "network.connect"}
    for stage in ("network.proxy-name", "network.proxy-connect", "network.proxy", "network.tls"):
        one = seen(session, stage)
        assert one is not None
        assert one.data["proxy_source"] == "HTTPS_PROXY"
        assert one.data["proxy"].startswith("http://127.0.0.1:")
        assert one.data["ms"] is None if stage.endswith("name") else one.data["ms"] >= 0
    excluded = {row.cause for row in session.considered if row.standing == "ruled out"}
    assert not excluded & {"net-dns", "net-refused", "net-timeout"}


@pytest.mark.parametrize(
    "name",
    ["the proxy gets the user name and password that it wants", "the proxy does not accept them"],
)
async def test_the_proxy_s_password_is_nowhere(name: str) -> None:
    document = encode(await through(name)).decode()
    assert "hunter2" not in document
    assert "YWRhOmh1bnRlcjI" not in document
    assert "@127.0.0.1" not in document


@pytest.mark.parametrize(
    ("offers", "told"),
    [
        ("Proxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate", ["NTLM", "Negotiate"]),
        ("Proxy-Authenticate: hunter2", []),
    ],
)
async def test_a_proxy_s_offers_are_told_where_they_are_known(offers: str, told: list[str]) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):  # the look whether it listens
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 407 ada:hunter2\r\n{offers}\r\n\r\n".encode())
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        environ = {"HTTPS_PROXY": f"http://ada:hunter2@127.0.0.1:{port}"}
        session = await checked("https://pinned.events", environ=environ)
    refused = seen(session, "network.proxy")
    assert refused is not None
    assert refused.data["offers"] == told
    assert b"hunter2" not in encode(session)
    assert session.verdicts[0].subject == f"http://127.0.0.1:{port}"
