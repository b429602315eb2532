"""Stage by stage to the host: the name, a connection for each kind of address, the encryption.

The HTTP client would report a missing name, a refusal, a dead proxy and a bad certificate as the
same error, so the way is walked before anything is sent.
"""

import asyncio
import socket
from typing import Any

from pinned_tui.probes.model import Context, Probe, Seen
from pinned_tui.probes.reach import Connected, connect, family, resolve
from pinned_tui.probes.tls import encrypt
from pinned_tui.session import Status


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
    seen, address = await _connect(context, name, port, where)
    if address is None:
        context.halt("no connection came about")
        return [name, *seen]
    if proxy is not None or not base.secure:
        return [name, *seen]
    context.say(f"setting up the encryption with {host}")
    encrypted = await encrypt(context, address, port, where)
    if encrypted.status is Status.FAIL:
        context.halt("no trusted connection came about")
    return [name, *seen, encrypted]


async def _look_up(context: Context, host: str, port: int, where: dict[str, Any]) -> Seen:
    begin = context.clock.monotonic()
    budget = context.client.budget.name_s
    try:
        async with asyncio.timeout(budget):
            addresses = await resolve(host, port)
    except TimeoutError:
        summary = f"Looking up {host} took over {budget:g} s."
        return Seen("network.name", Status.FAIL, summary, where | {"kind": "dns-timeout"})
    except (socket.gaierror, UnicodeError):
        summary = f"The name {host} could not be found."
        return Seen("network.name", Status.FAIL, summary, where | {"kind": "dns"})
    took = round((context.clock.monotonic() - begin) * 1000, 1)
    kinds = sorted({family(address) for address in addresses})
    data = where | {"addresses": addresses[:8], "kinds": kinds, "ms": took}
    return Seen("network.name", Status.PASS, f"{host} is at {addresses[0]}.", data)


async def _connect(
    context: Context, name: Seen, port: int, where: dict[str, Any]
) -> tuple[list[Seen], str | None]:
    host = where["host"]
    begin = context.clock.monotonic()
    budget = context.client.budget.connect_s
    reached = await connect(name.data["addresses"], port, within_s=budget)
    data = where | {"by_family": dict(reached.by_family)}
    if reached.address is not None:
        took = round((context.clock.monotonic() - begin) * 1000, 1)
        summary = f"Connected to {host}:{port}."
        connected = Seen("network.connect", Status.PASS, summary, data | {"ms": took})
        return [connected, *_broken_kind(reached, data)], reached.address
    if reached.silent:
        kind = "timeout"
        summary = f"{host}:{port} did not accept a connection within {budget:g} s."
    elif reached.refused:
        kind, summary = "refused", f"{host} refused the connection to port {port}."
    else:
        kind, summary = "unreachable", f"No way to {host}:{port} from this machine."
    return [Seen("network.connect", Status.FAIL, summary, data | {"kind": kind})], None


def _broken_kind(reached: Connected, data: dict[str, Any]) -> list[Seen]:
    """Tell of IPv6 that fails while IPv4 works; a machine without IPv6 is nothing to tell of."""
    how = reached.by_family.get("IPv6", "no way")
    if how in {"connected", "no way"} or reached.by_family.get("IPv4") != "connected":
        return []
    words = {"refused": "is refused", "silent": "gets no answer", "unreachable": "finds no way"}
    summary = f"Over IPv6 the connection {words[how]}, over IPv4 it comes about."
    return [Seen("network.ipv6", Status.WARN, summary, data, False)]


NETWORK = Probe(
    id="network",
    title="Find and reach the host",
    route=None,
    could_change="nothing",
    leaves="nothing; connections are opened and closed",
    after=("key",),
    wanted=lambda asked: asked.secret is not None,
    run=_walk,
)
