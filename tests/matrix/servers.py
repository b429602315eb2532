"""What answers in a situation: the sandbox, or a server that answers by the row's script.

Both count what arrives, so that a session's own count can be held against it.
"""

import asyncio
import contextlib
import json
import random
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from pinned_tui.client.client import WRONG_KEY
from pinned_tui.client.throttle import Budget
from pinned_tui.sandbox.behaviour import Behaviour
from pinned_tui.sandbox.fixes import ChangeNothing
from pinned_tui.sandbox.scenarios import CheckData, Expected, Scenario, base
from pinned_tui.sandbox.server import Sandbox
from pinned_tui.sandbox.world import SandboxChannel, SandboxEvent
from tests.matrix.model import Scripted, Situation
from tests.matrix.model import World as Row

KEY = "pe_test_4Qz7mWxN2vR9tLkD8sJfH3bYcA6uGpE1"
NAMESPACE = "/api/public/v1"

_CHANNEL = {"id": 101, "name": "Riverside Concert Hall", "slug": "riverside-concert-hall"}
ORDINARY: Mapping[str, Scripted] = {
    "/channels": Scripted(
        json={"docs": [_CHANNEL], "page": 1, "limit": 100, "totalDocs": 1, "totalPages": 1}
    ),
    "/events": Scripted(json={"docs": [], "totalDocs": 0, "limit": 100, "page": 1}),
    "/classifications": Scripted(
        json={"docs": [{"slug": "concert"}], "totalDocs": 1, "limit": 100, "page": 1}
    ),
}
"""What a small and healthy account answers; a row's own answers stand before it."""


@dataclass
class Witness:
    """What a server saw.

    Attributes:
        requests: Method and path of each request, in order of arrival.
        after_limit: Requests that arrived after a 429 was answered, but for those that were on
            their way by then, where no answer had told how many are left.
        made: Objects created or changed.
    """

    base_url: str = ""
    key: str = KEY
    requests: list[str] = field(default_factory=list)
    after_limit: int = 0
    made: int = 0
    limited_at: float | None = None

    def arrived(self, method: str, path: str) -> None:
        self.requests.append(f"{method} {path}")
        if self.limited_at is not None and time.monotonic() > self.limited_at + _ON_THE_WAY_S:
            self.after_limit += 1


_ON_THE_WAY_S = 0.05
"""A request that was sent before a 429 arrived may still come this much later."""


@dataclass
class Server:
    """What answers, with the witness of the present run.

    Attributes:
        mend: Puts it into another situation, with a new witness.
        tls: Its encryption, if it has one.
    """

    witness: Witness
    mend: Callable[[Situation], Awaitable[None]]
    tls: ssl.SSLContext | None = None


@asynccontextmanager
async def sandbox(row: Situation) -> AsyncIterator[Server]:
    """Serve the row's world by the sandbox."""
    own = {row.name: scenario_of(row)}
    behaviour = msgspec.convert(row.world.behaviour, Behaviour)
    server = Sandbox(row.name, rng=random.Random(7), behaviour=behaviour, own=own)
    server.clock.advance(row.world.clock_ahead_s)
    await asyncio.to_thread(server.start)

    async def mend(after: Situation) -> None:
        nonlocal behaviour
        _take_down(server, served.witness, behaviour)
        own[row.name] = scenario_of(after)
        behaviour = msgspec.convert(after.world.behaviour, Behaviour)
        await asyncio.to_thread(server.enter, row.name, behaviour)
        server.clock.advance(after.world.clock_ahead_s)
        served.witness = _witness(server, after)

    try:
        served = Server(_witness(server, row), mend)
        yield served
        _take_down(server, served.witness, behaviour)
    finally:
        await asyncio.to_thread(server.stop)


def _on_the_way(behaviour: Behaviour) -> int:
    """Return how many requests may be on their way beside the one that a 429 answers."""
    return Budget().at_once_untold - 1 if behaviour.rate_fields == "none" else 0


def _witness(server: Sandbox, row: Situation) -> Witness:
    return Witness(server.base_url, server.secrets()[row.ask.owner].reveal())


def _take_down(server: Sandbox, witness: Witness, behaviour: Behaviour) -> None:
    """Let a witness tell what the sandbox saw since the situation began."""
    state = server.state
    witness.requests += [one.route for one in state.requests]
    statuses = [one.status for one in state.requests]
    if 429 in statuses:
        later = len(statuses) - statuses.index(429) - 1
        witness.after_limit = max(0, later - _on_the_way(behaviour))
    witness.made = len(state.created) + len(state.changed)


def scenario_of(row: Situation) -> Scenario:
    world = row.world
    return Scenario(
        title=row.name,
        story=row.why,
        section="unauthorized",
        check=CheckData(key=row.ask.owner),
        expected=Expected(cause=row.expect.cause, exit_code=1),
        fix=ChangeNothing(done="Nothing."),
        trouble=world.trouble,
        keys=world.keys,
        channels=(*world.channels, *_more_channels(world)),
        events=(*world.events, *_more_events(world)),
    )


def _more_channels(world: Row) -> list[SandboxChannel]:
    return [
        SandboxChannel(id=number, name=f"Branch {number}", slug=f"branch-{number}", owner="ada")
        for number in range(1001, 1001 + world.more_channels)
    ]


def _more_events(world: Row) -> list[SandboxEvent]:
    like = next(event for event in base().events if event.id == 5001)
    return [
        msgspec.structs.replace(like, id=number, title=f"Evening {number}")
        for number in range(20001, 20001 + world.more_events)
    ]


@asynccontextmanager
async def scripted(
    answers: Mapping[str, Scripted], tls: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[Server]:
    """Answer as ``answers`` say, on a loopback port."""
    present = dict(answers)
    over = asyncio.Event()
    connections: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            connections.add(task)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, target = head.split(" ")[:2]
            path = target.partition("?")[0].removeprefix(NAMESPACE)
            witness = served.witness
            witness.arrived(method, path)
            told = _chosen(present, _who(head), method, path)
            await asyncio.sleep(told.after_s)
            if told.status.startswith("429"):
                witness.limited_at = witness.limited_at or time.monotonic()
            witness.made += method not in {"GET", "HEAD"} and told.status.startswith("20")
            await _play(told, writer, over, witness.base_url)
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    async def mend(after: Situation) -> None:
        present.clear()
        present.update(after.answers or {})
        served.witness = Witness(served.witness.base_url)

    server = await asyncio.start_server(answer, "127.0.0.1", port, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    served = Server(Witness(f"{'https' if tls else 'http'}://127.0.0.1:{port}"), mend, tls)
    try:
        yield served
    finally:
        over.set()
        server.close()
        await asyncio.sleep(0.01)
        if connections:
            await asyncio.wait(connections, timeout=1)


def _who(head: str) -> str:
    low = head.lower()
    if WRONG_KEY in head:
        return "wrong"
    if "\r\nauthorization: " in low:
        return "bearer"
    return "x-api-key" if "\r\nx-api-key: " in low else "none"


def _chosen(answers: Mapping[str, Scripted], who: str, method: str, path: str) -> Scripted:
    places = (f"{who} {path}", f"{method} {path}", path, f"{who} *", f"{method} *", "*")
    for place in places:
        if place in answers:
            return answers[place]
    return ORDINARY.get(path, Scripted(status="404 Not Found", json=_error("not_found")))


def _error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": "as documented", "requestId": "req_matrix"}}


async def _play(
    told: Scripted, writer: asyncio.StreamWriter, over: asyncio.Event, origin: str
) -> None:
    if told.raw is not None:
        writer.write(told.raw.encode("latin-1"))
        return await writer.drain()
    body, kind = _body(told, origin)
    length = {"cut": len(body) + 999, "endless": 10**9}.get(told.manner, len(body))
    lines = [f"HTTP/1.1 {told.status}", f"Content-Length: {length}", "Connection: close", kind]
    head = "\r\n".join([*lines, *told.headers]).encode() + b"\r\n\r\n"
    match told.manner:
        case "slow":
            await over.wait()
        case "drip":
            writer.write(head)
            for byte in body:
                writer.write(bytes([byte]))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(over.wait(), 0.1)
                    break
        case "endless":
            writer.write(head)
            while not (over.is_set() or writer.is_closing()):
                writer.write(b"[" * 65536)
                await writer.drain()
                await asyncio.sleep(0.001)
        case _:
            writer.write(head + body)
    return await writer.drain()


def _body(told: Scripted, origin: str) -> tuple[bytes, str]:
    """Return the body and its type; ``{origin}`` in it stands for the server itself."""
    if told.page is not None:
        return told.page.encode(), "Content-Type: text/html; charset=utf-8"
    if told.text is not None:
        return told.text.encode(), "Content-Type: text/plain"
    body = json.dumps(told.json if told.json is not None else {}).encode()
    body = body.replace(b"{origin}", origin.encode())
    if told.manner == "bomb":
        body = zlib.compress(b'{"docs":"' + b" " * 4_000_000 + b'"}')
        return body, "Content-Encoding: deflate\r\nContent-Type: application/json"
    return body, "Content-Type: application/json"
