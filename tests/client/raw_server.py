"""A server that answers with exactly the bytes it is told to, over a real socket."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from pinned_tui.client.client import ApiClient

KEY = "pe_test_4Qz7mWxN2vR9tLkD8sJfH3bYcA6uGpE1"

Play = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Clients = Callable[..., AbstractAsyncContextManager[ApiClient]]


def http(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def plays(answer: bytes) -> Play:
    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        writer.close()

    return play
