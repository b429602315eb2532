"""An API that answers as a test tells it to, over a real socket, and a check against it."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from pinned_tui.checks.request import RawCheckRequest
from pinned_tui.checks.run import new_session, run_check
from pinned_tui.client.public_links import Reach
from pinned_tui.client.throttle import Budget
from pinned_tui.core.clock import SystemClock
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Session
from tests.checks.follower import Follower

KEY = "pe_test_4Qz7mWxN2vR9tLkD8sJfH3bYcA6uGpE1"
HTML = "Content-Type: text/html"

Answer = bytes | Callable[[str], bytes]
Answers = Mapping[str, Answer]


def http(status: str, body: str | dict[str, object], *headers: str) -> bytes:
    content = (body if isinstance(body, str) else json.dumps(body)).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def error(code: str, **more: object) -> dict[str, object]:
    return {"error": {"code": code, "message": "as documented", **more}}


CHANNELS = http("200 OK", {"docs": [{"id": 7, "name": "Seven", "slug": "seven"}], "page": 1,
                           "limit": 100, "totalDocs": 1, "totalPages": 1})  # fmt: skip
NEVER = b""
"""An answer that never comes, where a function of the query gives it."""

EVENTS = http("200 OK", {"docs": [], "totalDocs": 0, "limit": 100, "page": 1})


@asynccontextmanager
async def serving(answers: Answers, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Answer each path (without namespace and query) as told; ``*`` stands for the others.

    An answer that is a function gets the query; an answer ``POST /path`` is for that method alone,
    and ``keyless /path`` for requests without a key.
    """

    answering: set[asyncio.Task[None] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering.add(asyncio.current_task())
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            method, target = head.decode("latin-1").split(" ")[:2]
            path, _, query = target.removeprefix("/api/public/v1").partition("?")
            if "\r\nauthorization:" not in head.decode("latin-1").lower():
                method = "keyless" if f"keyless {path}" in answers else method
            told = answers.get(f"{method} {path}", answers.get(path, answers.get("*", b"")))
            content = told(query) if callable(told) else told
            if callable(told) and content == NEVER:
                await reader.read()
            writer.write(content)
            await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    await asyncio.sleep(0.01)
    # A connection that is left open when the loop ends is a warning, and so a fault, of some test.
    if under_way := {task for task in answering if task is not None and not task.done()}:
        await asyncio.wait(under_way, timeout=5)


HERE = Reach(frozenset({"127.0.0.1"}))
"""Lets the links of an event lead to the servers of the tests."""


async def checked(
    base_url: str,
    ask: RawCheckRequest | None = None,
    budget: Budget | None = None,
    environ: Mapping[str, str] | None = None,
    reach: Reach = HERE,
) -> Session:
    ask = ask or RawCheckRequest(secret=Secret(KEY, source="test"))
    clock = SystemClock()
    session = new_session(ask, base_url=base_url, clock=clock)
    return await run_check(
        session, ask, clock=clock, listener=Follower(), environ=environ or {}, budget=budget,
        reach=reach,
    )  # fmt: skip
