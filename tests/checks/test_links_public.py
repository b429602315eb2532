"""``--open-links`` connects to public addresses only, whatever the links of an event say."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from pinned_tui.api_spec.routes import parse_base_url
from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.client.call import Reply
from pinned_tui.client.client import ApiClient
from pinned_tui.client.network_env import NetworkEnv, survey
from pinned_tui.client.public_links import PUBLIC, Reach
from pinned_tui.client.throttle import Budget
from pinned_tui.core.clock import SystemClock
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Exchange, Session, Status
from tests.checks.scripted import CHANNELS, EVENTS, HERE, KEY, checked, error, http, serving

BASE = parse_base_url("https://pinned.events")


class Site:
    """A web site on this machine that counts who connects to it."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self.requests: list[str] = []
        self.names: list[str | None] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
            writer.write(http("302 Found", "<html>", "Location: http://169.254.169.254/latest"))
            await writer.drain()
        writer.close()

    def named(self, _connection: ssl.SSLObject, name: str | None, _context: object) -> None:
        self.names.append(name)


@asynccontextmanager
async def site(certificate: trustme.LeafCert | None = None) -> AsyncIterator[Site]:
    there, tls = Site(), None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(tls)
        tls.sni_callback = there.named
    server = await asyncio.start_server(there.answer, "127.0.0.1", 0, ssl=tls)
    async with server:
        there.port = server.sockets[0].getsockname()[1]
        yield there
    await asyncio.sleep(0.01)


class Resolver:
    """Answers each time it is asked with the next list of addresses; then with the last one."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers: Iterator[Sequence[str]] = iter(answers)
        self.asked: list[str] = []
        self._last: Sequence[str] = ()

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        self._last = next(self.answers, self._last)
        return self._last


async def opened(
    url: str, resolve: Resolver, *, reach: Reach = PUBLIC, ca_file: str | None = None
) -> tuple[Reply, int, Exchange]:
    seen: list[Exchange] = []
    around = NetworkEnv(None, "tests", ca_file)
    async with ApiClient(
        BASE, Secret(KEY, source="test"), around, clock=SystemClock(), budget=Budget(), run="run-1",
        first_number=1, on_exchange=seen.append, reach=reach,
    ) as client:  # fmt: skip
        reply = await client.open_elsewhere(url, probe="links", resolve=resolve)
        return reply, client.sent, seen[0]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"], ["10.1.2.3"], ["172.20.0.1"], ["192.168.0.1"], ["169.254.169.254"],
        ["100.64.0.1"], ["0.0.0.0"], ["::1"], ["fd00::1"], ["fe80::1%eth0"], ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"], ["2002:7f00:1::"], ["224.0.0.251"], ["127.0.0.1", "::1", "10.0.0.1"],
    ],
)  # fmt: skip
async def test_a_name_that_leads_to_no_public_address_is_not_connected_to(
    addresses: list[str],
) -> None:
    async with site() as there:
        reply, sent, kept = await opened(f"http://shop.example:{there.port}/", Resolver(addresses))
    assert there.connections == 0
    assert sent == 0
    assert reply.failure is not None
    assert reply.failure.kind == "not-public"
    assert addresses[0] in reply.failure.message
    assert kept.response is None


async def test_the_address_that_was_checked_is_the_one_that_is_connected_to() -> None:
    """A resolver that answers otherwise the second time is never asked a second time."""
    async with site() as there:
        resolver = Resolver(["127.0.0.1"], ["127.0.0.2"])
        url = f"http://shop.example:{there.port}/t?x=1"
        reply, sent, _ = await opened(url, resolver, reach=HERE)
    assert resolver.asked == ["shop.example"]
    assert (reply.status, sent, there.connections) == (302, 1, 1)
    assert there.requests[0].startswith("GET /t?x=1 HTTP/1.1\r\n")
    assert f"host: shop.example:{there.port}" in there.requests[0].lower()
    assert KEY not in there.requests[0]


async def test_an_address_that_is_not_public_is_passed_over_where_the_name_has_another() -> None:
    async with site() as there:
        resolver = Resolver(["10.0.0.1", "fd00::1", "127.0.0.1"])
        url = f"http://shop.example:{there.port}/"
        assert (await opened(url, resolver, reach=HERE))[0].status == 302


async def test_an_address_where_nothing_listens_is_followed_by_the_next() -> None:
    async with site() as there:
        resolver = Resolver(["127.0.0.3", "127.0.0.1"])
        url = f"http://shop.example:{there.port}/"
        reach = Reach(frozenset({"127.0.0.1", "127.0.0.3"}))
        assert (await opened(url, resolver, reach=reach))[0].status == 302


@pytest.mark.parametrize(("certified", "status"), [("shop.example", 302), ("other.example", None)])
async def test_a_certificate_is_verified_by_the_name_and_not_by_the_address(
    certified: str, status: int | None, tmp_path: Path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    async with site(authority.issue_cert(certified)) as there:
        reply, _, _ = await opened(
            f"https://shop.example:{there.port}/", Resolver(["127.0.0.1"]), reach=HERE,
            ca_file=str(tmp_path / "ca.pem"),
        )  # fmt: skip
    assert reply.status == status
    assert there.names == ["shop.example"]
    if status is None:
        assert reply.failure is not None
        assert reply.failure.kind == "tls-invalid"


async def test_a_name_that_is_not_found_is_told_as_that() -> None:
    reply, _, _ = await opened("https://no-such.example/", Resolver([]))
    assert reply.failure is not None
    assert reply.failure.kind == "dns"


async def test_behind_a_proxy_nothing_is_sent_and_the_reason_is_given() -> None:
    around = survey(BASE, {"HTTPS_PROXY": "http://127.0.0.1:9"})
    async with ApiClient(
        BASE, None, around, clock=SystemClock(), budget=Budget(), run="run-1", first_number=1,
        on_exchange=lambda _exchange: None,
    ) as client:  # fmt: skip
        resolver = Resolver(["93.184.216.34"])
        reply = await client.open_elsewhere("https://a.example/", probe="links", resolve=resolver)
        assert client.sent == 0
    assert reply.failure is not None
    assert reply.failure.kind == "unchecked"
    assert "proxy" in reply.failure.message


# -- a whole check, as --open-links makes it -------------------------------------------------------


async def looked_at(*urls: str, reach: Reach = PUBLIC, image: str | None = None) -> Session:
    doc: dict[str, Any] = {
        "id": 5, "title": "T", "startAt": "2099-05-01T18:00:00Z", "timezone": "Europe/Vienna",
        "channelId": 7, "status": "published", "offers": [{"url": url} for url in urls],
        "coverImage": {"id": 3, "url": image} if image else None,
    }  # fmt: skip
    answers = {"/channels": CHANNELS, "/events/5": http("200 OK", {"doc": doc}),
               "/media/3.png": http("200 OK", "a picture"), "/events": EVENTS,
               "*": http("404 Not Found", error("not_found"))}  # fmt: skip
    async with serving(answers) as base_url:
        ask = RawCheckRequest(Secret(KEY, source="test"), event="5", open_links=True,
                  consented=frozenset({"links"}))  # fmt: skip
        return await checked(base_url, ask, reach=reach)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0.0.0.0", "0x7f.0.0.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
     "localhost.", "127.0.0.1.", "127\u30020\u30020\u30021", "\uff11\uff12\uff17.0.0.1"],
)  # fmt: skip
async def test_no_spelling_of_this_machine_is_opened(host: str) -> None:
    async with site() as there:
        session = await looked_at(f"http://{host}:{there.port}/tickets")
    assert there.connections == 0
    assert all(x.response is None for x in session.exchanges if x.probe == "links")
    assert not any(one.code == "event.links-work" for one in session.latest())


async def test_a_link_in_numbers_that_the_public_cannot_reach_is_broken() -> None:
    session = await looked_at("http://10.1.2.3/tickets")
    assert (session.first_cause, session.verdicts[0].subject) == (
        "event-offer-link-broken", "offers[0].url",
    )  # fmt: skip
    (told,) = (one for one in session.latest() if one.code == "event.links-opened")
    assert told.status is Status.WARN
    assert told.summary == (
        "Its 1 ticket link: 1 leads to an address that is not public, and was not opened."
    )
    (broken,) = (one for one in session.latest() if one.code == "event.link-broken")
    assert "10.1.2.3 leads to a private network" in broken.summary


async def test_an_image_at_the_base_url_is_opened_though_that_is_this_machine() -> None:
    session = await looked_at(image="/media/3.png")
    (kept,) = (x for x in session.exchanges if x.probe == "links")
    assert kept.response is not None
    assert kept.response.status == 200


async def test_a_redirect_to_where_nobody_may_go_is_not_followed() -> None:
    async with site() as there:
        session = await looked_at(f"http://127.0.0.1:{there.port}/", reach=HERE)
    (kept,) = (x for x in session.exchanges if x.probe == "links")
    assert kept.response is not None
    assert (there.connections, kept.response.status) == (1, 302)
