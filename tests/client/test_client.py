import asyncio
import gzip
import json

import pytest

from pinned_tui.api_spec.routes import CREATE_EVENT, LIST_CHANNELS
from pinned_tui.client.throttle import Budget
from pinned_tui.session import Exchange
from tests.client.raw_server import KEY, Clients, http, plays


def envelope(code: str, **more: object) -> bytes:
    return json.dumps({"error": {"code": code, "message": "m", **more}}).encode()


def assert_key_nowhere(heard: list[Exchange]) -> None:
    assert KEY not in repr(heard)


async def test_an_answer_becomes_an_exchange(client_of: Clients, heard: list[Exchange]) -> None:
    body = json.dumps({"docs": [{"id": 7, "name": "N", "slug": "n", "secret": "x"}]}).encode()
    async with client_of(plays(http("200 OK", body, "Content-Type: application/json"))) as client:
        reply = await client.send(LIST_CHANNELS, probe="p", query={"page": 1})
    assert reply.status == 200
    assert reply.document["docs"][0]["id"] == 7
    (exchange,) = heard
    assert exchange.id == "x-1"
    assert exchange.request.url.endswith("/api/public/v1/channels?page=1")
    assert exchange.request.headers["Authorization"] == "Bearer [key-1]"
    assert exchange.response is not None
    assert exchange.response.answered_by == "api"
    assert exchange.response.excerpt["docs"] == [{"id": 7, "slug": "n", "name": "N"}]
    assert exchange.timings_ms["total"] >= 0
    assert_key_nowhere(heard)


async def test_the_key_is_sent_once_and_in_one_header(client_of: Clients) -> None:
    got = bytearray()

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.extend(await reader.readuntil(b"\r\n\r\n"))
        writer.write(http("200 OK", b"{}"))
        writer.close()

    async with client_of(play) as client:
        await client.send(LIST_CHANNELS, probe="p")
    assert got.count(KEY.encode()) == 1
    assert b"\r\nauthorization: bearer " + KEY.encode().lower() + b"\r\n" in bytes(got).lower()
    assert b"cookie" not in bytes(got).lower()


async def test_a_key_echoed_by_the_server_is_taken_out(
    client_of: Clients, heard: list[Exchange]
) -> None:
    body = envelope("invalid_api_key", requestId=KEY, details={"field": KEY, "issue": KEY[::-1]})
    answer = http("401 Unauthorized", body, f"X-Request-Id: {KEY}", f"Location: /{KEY}")
    async with client_of(plays(answer)) as client:
        reply = await client.send(LIST_CHANNELS, probe="p")
    assert reply.error is not None
    assert reply.error.code == "invalid_api_key"
    assert_key_nowhere(heard)
    assert KEY not in repr(reply.document)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (f"200 {KEY}", ()),
        (f"200 {'x' * 70}{KEY}", ()),
        ("200 OK", (f"X-RateLimit-{KEY}: 1",)),
        ("200 OK", (f"X-RateLimit-{'x' * 60}{KEY}: 1",)),
        ("200 OK", (f"X-RateLimit-{KEY[:20]}: {KEY[20:]}",)),
        ("200 OK", (f"X-Request-Id: {KEY[:20]}", f"X-Request-Id: {KEY[20:]}")),
        ("200 OK", (f"Server: {KEY[:13]}", f"Server: {KEY[13:26]}", f"Server: {KEY[26:]}")),
        ("200 OK", (f"Server: {'x' * 490}{KEY}",)),
    ],
    ids=["reason", "cut reason", "name", "cut name", "name and value", "halves", "thirds", "cut"],
)
async def test_a_key_is_taken_out_wherever_it_stands_in_the_head_of_an_answer(
    client_of: Clients, heard: list[Exchange], status: str, headers: tuple[str, ...]
) -> None:
    async with client_of(plays(http(status, b"{}", *headers))) as client:
        await client.send(LIST_CHANNELS, probe="p")
    told = repr(heard[0].response).lower()
    assert heard[0].response is not None
    for start in range(len(KEY) - 12):
        assert KEY[start : start + 12].lower() not in told


@pytest.mark.parametrize("key", ["with\nline", "with space", "ünïcode-key", "", "tab\tkey", "\x00"])
async def test_an_unsendable_key_is_refused_before_anything_is_sent(
    client_of: Clients, heard: list[Exchange], key: str
) -> None:
    connections = 0

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        writer.close()

    async with client_of(play, key=key) as client:
        reply = await client.send(LIST_CHANNELS, probe="p")
        assert client.sent == 0
    assert reply.failure is not None
    assert reply.failure.kind == "unsendable-key"
    assert connections == 0


async def test_redirects_are_recorded_and_not_followed(
    client_of: Clients, heard: list[Exchange]
) -> None:
    answer = http("307 Temporary Redirect", b"", "Location: https://elsewhere.example/x")
    async with client_of(plays(answer)) as client:
        reply = await client.send(CREATE_EVENT, probe="p", body=b"{}")
    assert reply.status == 307
    assert len(heard) == 1
    assert heard[0].response is not None
    assert heard[0].response.answered_by == "redirect"
    assert heard[0].response.headers["location"] == "https://elsewhere.example/x"


async def test_cookies_are_refused_even_broken_ones(client_of: Clients) -> None:
    seen: list[bytes] = []

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n"
            b"Set-Cookie: a=b\r\nSet-Cookie: \xe9=\xff; x\r\n\r\n{}"
        )
        writer.close()

    async with client_of(play) as client:
        for _ in range(2):
            reply = await client.send(LIST_CHANNELS, probe="p")
            assert reply.failure is None
    assert len(seen) == 2
    assert all(b"cookie" not in request.lower() for request in seen)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", "closed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "interrupted"),
        (b"nonsense\r\n\r\n", "not-http"),
        (b"HTTP/1.1 200 OK\r\nno header\r\n\r\n", "malformed"),
        (http("200 OK", b"x", "Content-Encoding: br"), "encoding"),
        (http("200 OK", b"not gzip", "Content-Encoding: gzip"), "malformed"),
        (
            http("200 OK", gzip.compress(b"{}" * 500, mtime=0)[:-9], "Content-Encoding: gzip"),
            "interrupted",
        ),
    ],
    ids=["nothing", "cut", "no HTTP", "no header", "unknown encoding", "no gzip", "cut gzip"],
)
async def test_broken_answers_become_failures(
    client_of: Clients, heard: list[Exchange], answer: bytes, kind: str
) -> None:
    async with client_of(plays(answer)) as client:
        reply = await client.send(LIST_CHANNELS, probe="p")
    assert reply.failure is not None
    assert reply.failure.kind == kind
    assert reply.document is None
    assert len(heard) == 1
    assert_key_nowhere(heard)


async def test_what_arrived_of_a_cut_answer_is_kept(
    client_of: Clients, heard: list[Exchange]
) -> None:
    cut = b"HTTP/1.1 503 Unavailable\r\nContent-Length: 900\r\nServer: edge\r\n\r\n<html>busy"
    async with client_of(plays(cut)) as client:
        await client.send(LIST_CHANNELS, probe="p")
    response = heard[0].response
    assert response is not None
    assert response.status == 503
    assert not response.complete
    assert "busy" in response.excerpt


async def test_a_gzip_bomb_meets_the_budget(client_of: Clients, heard: list[Exchange]) -> None:
    bomb = http("200 OK", gzip.compress(b"0" * 20_000_000), "Content-Encoding: gzip")
    budget = Budget(decoded_bytes=100_000)
    async with client_of(plays(bomb), budget=budget) as client:
        reply = await client.send(LIST_CHANNELS, probe="p")
    assert reply.failure is not None
    assert reply.failure.kind == "too-large"
    assert heard[0].response is not None
    assert not heard[0].response.complete


async def test_an_endless_body_meets_the_budget(client_of: Clients) -> None:
    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while not writer.is_closing():
                writer.write(b"x" * 65536)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async with client_of(play, budget=Budget(wire_bytes=300_000)) as client:
        reply = await client.send(LIST_CHANNELS, probe="p")
    assert reply.failure is not None
    assert reply.failure.kind == "too-large"


async def test_a_server_that_trickles_meets_the_deadline(client_of: Clients) -> None:
    stop = asyncio.Event()

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not stop.is_set() and not writer.is_closing():
            writer.write(b"y")
            try:
                await writer.drain()
            except ConnectionError:
                break
            await asyncio.sleep(0.02)
        writer.close()

    async with client_of(play, budget=Budget(request_s=0.2)) as client:
        reply = await client.send(LIST_CHANNELS, probe="p")
        stop.set()
    assert reply.failure is not None
    assert reply.failure.kind == "slow"


async def test_cancelling_records_the_exchange(client_of: Clients, heard: list[Exchange]) -> None:
    asked = asyncio.Event()

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        writer.close()

    async with client_of(play) as client:
        task = asyncio.create_task(client.send(LIST_CHANNELS, probe="p"))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert heard[0].error is not None
    assert heard[0].error.kind == "cancelled"


async def test_foreign_text_is_cleaned_where_it_enters(
    client_of: Clients, heard: list[Exchange]
) -> None:
    evil = "\x1b]52;c;aGk=\x07\u202eevil\x9b31m"
    body = json.dumps({"docs": [{"id": 1, "name": evil, "slug": "s"}], "note": evil}).encode()
    async with client_of(plays(http("200 OK", body))) as client:
        reply = await client.send(LIST_CHANNELS, probe="p")
    for text in (repr(heard[0].response), json.dumps(reply.document, ensure_ascii=False)):
        assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e"}


async def test_retry_after_and_rate_fields_are_read(
    client_of: Clients, heard: list[Exchange]
) -> None:
    answer = http(
        "429 Too Many Requests",
        envelope("rate_limited"),
        "Retry-After: 17",
        "X-RateLimit-Limit: 60",
        "X-RateLimit-Remaining: 0",
    )
    async with client_of(plays(answer)) as client:
        await client.send(LIST_CHANNELS, probe="p")
    assert heard[0].response is not None
    limit = heard[0].response.rate_limit
    assert limit is not None
    assert limit.retry_after_s == 17
    assert limit.fields["x-ratelimit-remaining"] == "0"
