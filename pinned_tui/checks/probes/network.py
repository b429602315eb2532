"""Stage by stage to the host: the name, a connection for each kind of address, the encryption.

The HTTP client would report a missing name, a refusal, a dead proxy and a bad certificate as the
same error, so the way is walked before anything is sent. Behind a proxy the first stages are the
proxy's and say so; then it is asked to connect, and the encryption is set up through it.
"""

import asyncio
import functools
from dataclasses import dataclass
from typing import Any

from pinned_tui.checks.model import Probe, ProbeContext, ProbeObservation
from pinned_tui.checks.observations import observe
from pinned_tui.checks.probes.connectivity import Connected, connect, resolve
from pinned_tui.checks.probes.proxy import ProxyTunnel, TunnelError
from pinned_tui.checks.probes.tls import encrypt
from pinned_tui.client.network_env import Proxy
from pinned_tui.session import Status


@dataclass(frozen=True, slots=True)
class _Stop:
    """What is looked up and connected to: the API's host, or the proxy before it.

    Attributes:
        proxy: The proxy, where it is that one.
    """

    host: str
    port: int
    proxy: Proxy | None = None

    @property
    def data(self) -> dict[str, Any]:
        """The particulars that go with every observation of it."""
        return {"host": self.host, "port": self.port, **_proxy_data(self.proxy)}

    def code(self, stage: str) -> str:
        """Return the code of an observation: what is seen of a proxy is not seen of the API."""
        return f"network.proxy-{stage}" if self.proxy else f"network.{stage}"

    @property
    def named(self) -> str:
        """What to call it."""
        return f"the proxy {self.host}" if self.proxy else self.host


def _proxy_data(proxy: Proxy | None) -> dict[str, Any]:
    if proxy is None:
        return {"proxy": None}
    return {"proxy": proxy.shown, "proxy_source": proxy.source}


async def _walk(context: ProbeContext) -> list[ProbeObservation]:
    fault = context.surroundings.fault
    if fault is not None:
        context.halt("settings")
        data = {"kind": f"{fault.concerns}-settings"}
        return [observe("network.settings", Status.FAIL, data, detail=fault.message)]
    note = context.surroundings.note
    unused = (
        [observe("network.settings-unused", Status.WARN, asked=False, detail=note)] if note else []
    )
    return [*unused, *await _to_the_api(context)]


async def _to_the_api(context: ProbeContext) -> list[ProbeObservation]:
    """Walk the way itself: to the host, or to the proxy and through it."""
    proxy, base = context.surroundings.proxy, context.client.base
    stop = _Stop(proxy.host, proxy.port, proxy) if proxy else _Stop(base.host, base.port)
    seen, address = await _to(context, stop)
    if address is None:
        return seen
    if proxy is not None:
        return [*seen, *await _through(context, proxy, address)]
    if base.secure:
        open_ = functools.partial(asyncio.open_connection, address, base.port)
        context.say(f"setting up the encryption with {base.host}")
        seen.append(_halting(context, await encrypt(context, open_, stop.data)))
    return seen


async def _to(context: ProbeContext, stop: _Stop) -> tuple[list[ProbeObservation], str | None]:
    """Look up ``stop`` and connect to it; return an address that connects, if any."""
    context.say(f"looking up {stop.named}")
    names = await _look_up(context, stop)
    if names[0].status is Status.FAIL:
        context.halt("proxy-not-found" if stop.proxy else "host-not-found")
        return names, None
    context.say(f"connecting to {stop.named}:{stop.port}")
    seen, address = await _connect(context, names[0], stop)
    if address is None:
        context.halt("not-connected")
    return [*names, *seen], address


async def _look_up(context: ProbeContext, stop: _Stop) -> list[ProbeObservation]:
    """Return what came of the name, and of a kind of address that got no answer."""
    budget = context.client.budget.name_s
    named = await resolve(stop.host, stop.port, within_s=budget, clock=context.clock)
    code, data = stop.code("name"), stop.data | {"look_ups": dict(named.by_family)}
    if not named.addresses and named.silent:
        data |= {"kind": "dns-timeout"}
        return [observe(code, Status.FAIL, data, variant="timeout", seconds=f"{budget:g}")]
    if not named.addresses:
        return [observe(code, Status.FAIL, data | {"kind": "dns"}, variant="not-found")]
    took = dict(named.took_ms)
    data |= {
        "addresses": list(named.addresses),
        "kinds": [kind for kind, how in named.by_family.items() if how == "found"],
        "ms": max(took.values(), default=None),
        "ms_by_family": took,
    }
    found = " and ".join(named.first_of_each)
    variant = "address" if stop.host.strip("[]") in named.addresses else "found"
    seen = [observe(code, Status.PASS, data, variant=variant, found=found)]
    for kind in named.silent:
        code, answered = stop.code("name-unanswered"), next(iter(took))
        about = data | {"unanswered": kind}
        seen.append(observe(code, Status.WARN, about, asked=False, answered=answered))
    return seen


async def _connect(
    context: ProbeContext, name: ProbeObservation, stop: _Stop
) -> tuple[list[ProbeObservation], str | None]:
    budget = context.client.budget.connect_s
    reached = await connect(name.data["addresses"], stop.port, within_s=budget, clock=context.clock)
    code, data = stop.code("connect"), stop.data | {"by_family": dict(reached.by_family)}
    if reached.address is not None:
        took = dict(reached.took_ms)
        data |= {"ms": min(took.values()), "ms_by_family": took}
        connected = observe(code, Status.PASS, data, variant="connected")
        return [connected, *_ipv6_broken(reached, stop, data)], reached.address
    kind = "timeout" if reached.silent else "refused" if reached.refused else "unreachable"
    data |= {"kind": kind}
    return [observe(code, Status.FAIL, data, variant=kind, seconds=f"{budget:g}")], None


def _ipv6_broken(reached: Connected, stop: _Stop, data: dict[str, Any]) -> list[ProbeObservation]:
    """Report IPv6 that fails while IPv4 works; a machine without IPv6 has nothing to report."""
    how = reached.by_family.get("IPv6", "no way")
    if how in {"connected", "no way"} or reached.by_family.get("IPv4") != "connected":
        return []
    return [observe(stop.code("ipv6"), Status.WARN, data, asked=False, variant=how)]


async def _through(context: ProbeContext, proxy: Proxy, address: str) -> list[ProbeObservation]:
    """Ask the proxy to connect to the API, and set up the encryption through it."""
    base, budget = context.client.base, context.client.budget
    within_s = budget.name_s + budget.connect_s  # it looks up and connects in our place
    ca_file = context.surroundings.ca_file
    tunnel = ProxyTunnel(proxy, address, base.host, base.port, within_s, ca_file)
    where = {"host": base.host, "port": base.port, **_proxy_data(proxy)}
    context.say(f"asking the proxy to connect to {base.host}")
    begin = context.clock.monotonic()
    try:
        streams = await tunnel.open()
    except TunnelError as error:
        return [_halting(context, _not_through(error, tunnel, where))]
    except OSError:
        data = where | {"kind": "unreachable"}
        seen = observe(
            "network.proxy-connect", Status.FAIL, data, variant="second", proxy_host=proxy.host
        )
        return [_halting(context, seen)]
    took = round((context.clock.monotonic() - begin) * 1000, 1)
    seen = observe("network.proxy", Status.PASS, where | {"ms": took}, variant="open")
    context.say(f"setting up the encryption with {base.host}")
    return [seen, _halting(context, await encrypt(context, tunnel.open, where, streams))]


def _not_through(
    error: TunnelError, tunnel: ProxyTunnel, where: dict[str, Any]
) -> ProbeObservation:
    match error.kind:
        case "proxy-auth":
            variant = "sign-in-refused" if tunnel.signs_in else "sign-in"
        case "proxy-blocked":
            variant = "blocked"
        case "proxy-silent":
            variant = "silent"
        case "proxy-tls":
            variant = "untrusted"
        case "proxy-broken":
            variant = "broken"
    return observe(
        "network.proxy",
        Status.FAIL,
        where | {"kind": error.kind, "status": error.status, "offers": list(error.offers)},
        variant=variant,
        proxy_host=tunnel.proxy.host,
        proxy_port=tunnel.proxy.port,
        said=error.said or None,
        schemes=", ".join(error.offers) or None,
        seconds=f"{tunnel.within_s:g}",
    )


def _halting(context: ProbeContext, seen: ProbeObservation) -> ProbeObservation:
    """End the run where a stage failed: nothing is sent over a way that is not trusted."""
    if seen.status is Status.FAIL:
        tls = seen.code == "network.tls"
        context.halt("not-trusted" if tls else "proxy-in-the-way")
    return seen


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
