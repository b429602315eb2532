"""A request on its way: what each phase took, and a proxy that is to blame and not the API."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from pinned_tui.api_spec.routes import LIST_CHANNELS, parse_base_url
from pinned_tui.client.client import ApiClient
from pinned_tui.client.errors import from_exception
from pinned_tui.client.network_env import survey
from pinned_tui.client.throttle import Budget
from pinned_tui.core.clock import SystemClock
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Exchange
from tests.client.raw_server import KEY, Clients, http, plays

Play = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[object]]


@asynccontextmanager
async def behind(play: Play) -> AsyncIterator[ApiClient]:
    """Yield a client whose proxy does as ``play`` says."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await play(reader, writer)
        writer.close()

    base = parse_base_url("https://pinned.events")
    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, ApiClient(
        base, Secret(KEY, source="test"),
        survey(base, {"HTTPS_PROXY": f"http://127.0.0.1:{port}"}),
        clock=SystemClock(), budget=Budget(request_s=0.4), run="run-1", first_number=1,
        on_exchange=lambda _: None,
    ) as client:  # fmt: skip
        yield client
    await asyncio.sleep(0.01)


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    while await reader.read(4096):
        pass


async def closing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read(4096)


async def greeting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9\r\n")
    await reader.read(4096)


async def refusing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(http("403 Forbidden", b""))


@pytest.mark.parametrize(
    ("play", "kind"),
    [
        (silent, "proxy-silent"),
        (closing, "proxy-broken"),
        (greeting, "proxy-broken"),
        (refusing, "proxy-blocked"),
    ],
)
async def test_what_goes_wrong_at_a_proxy_is_not_told_of_the_api(play: Play, kind: str) -> None:
    async with behind(play) as client:
        reply = await client.send(LIST_CHANNELS, probe="p")
    assert reply.failure is not None
    assert reply.failure.kind == kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ProxyError("Requested NO AUTHENTICATION REQUIRED"), "proxy-auth"),
        (httpx.ProxyError("Invalid username/password"), "proxy-auth"),
        (httpx.ProxyError("Proxy Server could not connect: Not allowed."), "proxy-blocked"),
        (ValueError("no SOCKS"), "proxy-broken"),
        (httpx.ReadTimeout(""), "proxy-silent"),
    ],
)
def test_what_a_socks_proxy_does_is_told_of_it(error: Exception, kind: str) -> None:
    assert from_exception(error, through_proxy=True, phase="proxy").kind == kind


def adds_up(exchange: Exchange) -> bool:
    *phases, (last, total) = exchange.timings_ms.items()
    return last == "total" and round(sum(took for _, took in phases), 1) == total


async def test_the_phases_add_up_to_the_total(client_of: Clients, heard: list[Exchange]) -> None:
    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.1)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{")
            await asyncio.sleep(0.05)
            writer.write(b"}")
        writer.close()

    async with client_of(play) as client:
        for _ in range(2):
            await client.send(LIST_CHANNELS, probe="p")
    first, second = heard
    assert list(first.timings_ms) == ["prepare", "connect", "send", "wait", "read", "total"]
    assert list(second.timings_ms) == ["send", "wait", "read", "total"]
    for exchange in heard:
        assert adds_up(exchange)
        assert exchange.timings_ms["wait"] >= 95
        assert exchange.timings_ms["read"] >= 45


async def test_the_phase_that_was_not_finished_is_where_the_time_went(
    client_of: Clients, heard: list[Exchange]
) -> None:
    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with client_of(play, budget=Budget(request_s=0.2)) as client:
        await client.send(LIST_CHANNELS, probe="p")
    (exchange,) = heard
    assert list(exchange.timings_ms)[-2:] == ["wait", "total"]
    assert adds_up(exchange)
    assert exchange.timings_ms["wait"] > exchange.timings_ms["total"] / 2


async def test_a_proxy_s_part_of_the_time_is_told() -> None:
    async with behind(silent) as client:
        reply = await client.send(LIST_CHANNELS, probe="p")
    assert adds_up(reply.exchange)
    assert list(reply.exchange.timings_ms)[-2:] == ["proxy", "total"]


@pytest.mark.parametrize(
    ("greeting", "kind", "words"),
    [(b"", "closed", "before any response"), (b"RFB 003.008\n", "not-http", "remote desktop")],
)
async def test_who_listens_is_looked_for_where_no_answer_begins(
    greeting: bytes, kind: str, words: str, client_of: Clients, heard: list[Exchange]
) -> None:
    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await reader.read(4096)
        writer.close()

    async with client_of(play) as client:
        reply = await client.send(LIST_CHANNELS, probe="p")
        assert client.sent == 1
    assert reply.failure is not None
    assert reply.failure.kind == kind
    assert words in reply.failure.message
    assert len(heard) == 1


async def test_an_answer_that_had_begun_is_cut(client_of: Clients) -> None:
    async with client_of(plays(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")) as client:
        reply = await client.send(LIST_CHANNELS, probe="p")
    assert reply.failure is not None
    assert reply.failure.kind == "interrupted"
