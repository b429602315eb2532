"""Stage by stage to the host: the name, then a connection.

The HTTP client would report a missing name, a refusal, a dead proxy and a bad certificate as the
same error, so the way is walked before anything is sent.
"""

import asyncio
import socket
import threading
from typing import Any

from pinned_tui.probes.model import Context, Probe, Seen
from pinned_tui.session import Status

_MOST_ADDRESSES = 8


async def _walk(context: Context) -> list[Seen]:
    fault = context.surroundings.fault
    if fault is not None:
        context.halt("the proxy or certificate settings of this machine are wrong")
        data = {"kind": f"{fault.concerns}-settings"}
        return [Seen("network.settings", Status.FAIL, fault.message, data)]
    proxy = context.surroundings.proxy
    base = context.client.base
    host, port = (proxy.host, proxy.port) if proxy else (base.host, base.port)
    where: dict[str, Any] = {"host": host, "port": port, "proxy": proxy.shown if proxy else None}
    context.say(f"looking up {host}")
    name = await _look_up(context, host, port, where)
    if name.status is Status.FAIL:
        context.halt("the host was not found")
        return [name]
    context.say(f"connecting to {host}:{port}")
    connection = await _connect(context, name, port, where)
    if connection.status is Status.FAIL:
        context.halt("no connection came about")
    return [name, connection]


async def _look_up(context: Context, host: str, port: int, where: dict[str, Any]) -> Seen:
    begin = context.clock.monotonic()
    budget = context.client.budget.name_s
    try:
        async with asyncio.timeout(budget):
            addresses = await _resolve(host, port)
    except TimeoutError:
        summary = f"Looking up {host} took over {budget:g} s."
        return Seen("network.name", Status.FAIL, summary, where | {"kind": "dns-timeout"})
    except (socket.gaierror, UnicodeError):
        summary = f"The name {host} could not be found."
        return Seen("network.name", Status.FAIL, summary, where | {"kind": "dns"})
    took = round((context.clock.monotonic() - begin) * 1000, 1)
    data = where | {"addresses": addresses[:8], "ms": took}
    return Seen("network.name", Status.PASS, f"{host} is at {addresses[0]}.", data)


async def _resolve(host: str, port: int) -> list[str]:
    """Look ``host`` up in a daemon thread: a hung look-up must not hold up the exit."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[str]] = loop.create_future()

    def deliver(addresses: list[str] | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(addresses or [])

    def work() -> None:
        addresses: list[str] | None = None
        failed: BaseException | None = None
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        except (OSError, UnicodeError) as error:
            failed = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(deliver, addresses, failed)

    threading.Thread(target=work, name="name-look-up", daemon=True).start()
    return await future


async def _connect(context: Context, name: Seen, port: int, where: dict[str, Any]) -> Seen:
    """Try the host's addresses at the same time; one that accepts is enough."""
    host = where["host"]
    begin = context.clock.monotonic()
    budget = context.client.budget.connect_s
    addresses = name.data["addresses"][:_MOST_ADDRESSES]
    attempts = [asyncio.create_task(_attempt(address, port)) for address in addresses]
    failed: list[OSError] = []
    try:
        async with asyncio.timeout(budget):
            for attempt in asyncio.as_completed(attempts):
                error = await attempt
                if error is None:
                    took = round((context.clock.monotonic() - begin) * 1000, 1)
                    summary = f"Connected to {host}:{port}."
                    return Seen("network.connect", Status.PASS, summary, where | {"ms": took})
                failed.append(error)
    except TimeoutError:
        summary = f"{host}:{port} did not accept a connection within {budget:g} s."
        return Seen("network.connect", Status.FAIL, summary, where | {"kind": "timeout"})
    finally:
        for attempt in attempts:
            attempt.cancel()
    if all(isinstance(error, ConnectionRefusedError) for error in failed):
        summary = f"{host} refused the connection to port {port}."
        return Seen("network.connect", Status.FAIL, summary, where | {"kind": "refused"})
    summary = f"No way to {host}:{port} from this machine."
    return Seen("network.connect", Status.FAIL, summary, where | {"kind": "unreachable"})


async def _attempt(address: str, port: int) -> OSError | None:
    try:
        _, writer = await asyncio.open_connection(address, port)
    except OSError as error:
        return error
    writer.close()
    return None


NETWORK = Probe(
    id="network",
    title="Find and reach the host",
    route=None,
    could_change="nothing",
    leaves="nothing; a connection is opened and closed",
    after=("key",),
    wanted=lambda asked: asked.secret is not None,
    run=_walk,
)
