"""What the ways to a server share: connections that are passed on, and proxies on loopback."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Playing = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""What a listener does with a connection."""


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    """Let everything pass to a port of this machine and back."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        await closed(writer)

    there = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))


def passing(port: int) -> Playing:
    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await passed_on(reader, writer, port)

    return play


@asynccontextmanager
async def listener(
    players: list[Playing], host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[int]:
    """Listen, and let the first of ``players`` at that moment deal with each connection."""

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await players[0](reader, writer)
        await closed(writer)

    server = await asyncio.start_server(play, host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.sleep(0.01)


def greeting(words: bytes) -> Playing:
    """Greet as no HTTP server does, read a little, and close."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        await reader.read(4096)

    return greet


def http(answer: str | None, port: int) -> Playing:
    """Answer CONNECT with ``answer``, or let everything pass to ``port``."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if answer is None or (answer.startswith("407") and _SIGN_IN in head):
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await passed_on(reader, writer, port)
        else:
            writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n".encode())

    return connect


_SIGN_IN = b"Proxy-Authorization: Basic YWRhOmh1bnRlcjI="
"""``ada`` with the password ``hunter2``."""


def socks(port: int) -> Playing:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3)
        writer.write(b"\x05\x00")
        await reader.readexactly(4)
        await reader.readexactly((await reader.readexactly(1))[0] + 2)
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        await passed_on(reader, writer, port)

    return connect


async def refusing_socks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readexactly(3)
    writer.write(b"\x05\x00")
    await reader.readexactly(5)
    writer.write(b"\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00")


async def saying_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    while await reader.read(4096):
        pass


async def closing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read(4096)


async def connecting_to_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await reader.read(4096)


async def speaking_ssh(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9\r\n")
    await reader.read()
