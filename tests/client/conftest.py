"""Fixtures for tests of the client."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from pinned_tui.api_spec.routes import parse_base_url
from pinned_tui.client.client import ApiClient
from pinned_tui.client.network_env import survey
from pinned_tui.client.throttle import Budget
from pinned_tui.core.clock import SystemClock
from pinned_tui.redaction.secret import Secret
from pinned_tui.session import Exchange
from tests.client.raw_server import KEY, Clients, Play


@pytest.fixture
def heard() -> list[Exchange]:
    return []


@pytest.fixture
def client_of(heard: list[Exchange]) -> Clients:
    """Start a server that plays ``play`` to every connection, and a client of it."""

    @asynccontextmanager
    async def make(
        play: Play, *, budget: Budget | None = None, key: str = KEY
    ) -> AsyncIterator[ApiClient]:
        playing: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            playing.add(task)
            await play(reader, writer)
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        base = parse_base_url(f"http://127.0.0.1:{port}")
        async with ApiClient(
            base,
            Secret(key, source="test"),
            survey(base, {}),
            clock=SystemClock(),
            budget=budget or Budget(),
            run="run-1",
            first_number=1,
            on_exchange=heard.append,
        ) as client:
            yield client
        server.close()
        await asyncio.gather(*playing)

    return make
