"""One port of this computer, held from the beginning to the end, and the server behind it."""

import asyncio
import logging
import socket
import sys

import uvicorn
from starlette.types import ASGIApp

_GRACE_S = 1
"""Seconds that unfinished requests get when a listener closes."""

_QUIET = logging.NullHandler()


class LoopbackServer:
    """Holds one port from the beginning to the end.

    While it isn't open, the port stays bound without listening: connections are refused, and
    no other program gets it. All methods but the constructor belong to one event loop.
    """

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        """Bind ``port``, or any free one for 0.

        Raises:
            OSError: the port is taken or not allowed.
        """
        self._app = app
        self._host = host
        self._socket = _bind(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._open: _Server | None = None
        self._leaving: list[asyncio.Task[None]] = []
        # Without a handler of its own, uvicorn's warnings would be written over a terminal.
        logging.getLogger("uvicorn").addHandler(_QUIET)

    async def open(self) -> None:
        """Listen, and return once requests are answered. Does nothing when it listens already."""
        if self._open is not None:
            return
        self._open = server = _Server(_config(self._app))
        server.serving = asyncio.create_task(server.serve(sockets=[self._socket]))
        began = asyncio.create_task(server.began.wait())
        await asyncio.wait({server.serving, began}, return_when=asyncio.FIRST_COMPLETED)
        began.cancel()
        if server.serving.done():
            await server.serving

    def refuse(self) -> None:
        """Stop listening at once; requests on the way are still answered, see :meth:`drain`."""
        if self._open is not None:
            self._leave(self._open)
            self._socket = _bind(self._host, self.port)

    async def drain(self) -> None:
        """Wait until the connections from before it refused are closed."""
        leaving, self._leaving = self._leaving, []
        await asyncio.gather(*leaving)

    async def close(self) -> None:
        """Stop listening, close all connections and let go of the port."""
        if self._open is not None:
            self._leave(self._open)
        self.abandon()
        await self.drain()

    def abandon(self) -> None:
        """Let go of the port of a listener that isn't open."""
        self._socket.close()

    def _leave(self, server: "_Server") -> None:
        server.leave()
        if server.serving is not None:
            self._leaving.append(server.serving)
        self._open = None


class _Server(uvicorn.Server):
    """A uvicorn server that begins and leaves by events instead of looking every 0.1 s."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving: asyncio.Task[None] | None = None
        self.began = asyncio.Event()
        self._left = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self.began.set()
        await self._left.wait()

    def leave(self) -> None:
        """Stop listening now, and shut down."""
        for server in self.servers:
            server.close()
        self.should_exit = True
        self._left.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        date_header=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_S,
    )


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sets TCP_NODELAY; without, each response waits for 40 ms.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound
