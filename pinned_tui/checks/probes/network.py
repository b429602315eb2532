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

    @property
    def aside(self) -> str:
        """Where the proxy's setting comes from, to follow its name; nothing for the API."""
        return f", which {self.proxy.source} names," if self.proxy else ""


def _proxy_data(proxy: Proxy | None) -> dict[str, Any]:
    if proxy is None:
        return {"proxy": None}
    return {"proxy": proxy.shown, "proxy_source": proxy.source}


async def _walk(context: ProbeContext) -> list[ProbeObservation]:
    fault = context.surroundings.fault
    if fault is not None:
        context.halt("the proxy or certificate settings of this machine are wrong")
        data = {"kind": f"{fault.concerns}-settings"}
        return [ProbeObservation("network.settings", Status.FAIL, fault.message, data)]
    note = context.surroundings.note
    aside = (
        [ProbeObservation("network.settings-unused", Status.WARN, note, asked=False)]
        if note
        else []
    )
    return [*aside, *await _to_the_api(context)]


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
        context.halt(f"{'the proxy' if stop.proxy else 'the host'} was not found")
        return names, None
    context.say(f"connecting to {stop.named}:{stop.port}")
    seen, address = await _connect(context, names[0], stop)
    if address is None:
        context.halt("no connection came about")
    return [*names, *seen], address


async def _look_up(context: ProbeContext, stop: _Stop) -> list[ProbeObservation]:
    """Return what came of the name, and of a kind of address that got no answer."""
    budget = context.client.budget.name_s
    named = await resolve(stop.host, stop.port, within_s=budget, clock=context.clock)
    code, data = stop.code("name"), stop.data | {"look_ups": dict(named.by_family)}
    if not named.addresses and named.silent:
        summary = f"Looking up {stop.named}{stop.aside} took over {budget:g} s."
        return [ProbeObservation(code, Status.FAIL, summary, data | {"kind": "dns-timeout"})]
    if not named.addresses:
        summary = f"The name {stop.host} could not be found"
        whose = f": it is the proxy that {stop.proxy.source} names." if stop.proxy else "."
        return [ProbeObservation(code, Status.FAIL, summary + whose, data | {"kind": "dns"})]
    took = dict(named.took_ms)
    data |= {
        "addresses": list(named.addresses),
        "kinds": [kind for kind, how in named.by_family.items() if how == "found"],
        "ms": max(took.values(), default=None),
        "ms_by_family": took,
    }
    if stop.host.strip("[]") in named.addresses:
        where = "an address; there is nothing to look up"
    else:
        where = f"at {' and '.join(named.first_of_each)}"
    summary = _capital(f"{stop.named}{stop.aside} is {where}.")
    seen = [ProbeObservation(code, Status.PASS, summary, data)]
    for kind in named.silent:
        other = next(iter(took))
        summary = f"Looking up the {kind} address of {stop.named} gets no answer; {other} does."
        told = data | {"unanswered": kind}
        seen.append(
            ProbeObservation(stop.code("name-unanswered"), Status.WARN, summary, told, False)
        )
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
        summary = f"Connected to {stop.named}:{stop.port}."
        connected = ProbeObservation(code, Status.PASS, summary, data)
        return [connected, *_broken_kind(reached, stop, data)], reached.address
    place = _capital(f"{stop.named}:{stop.port}{stop.aside}")
    if reached.silent:
        kind, summary = "timeout", f"{place} did not accept a connection within {budget:g} s."
    elif reached.refused:
        kind = "refused"
        host = _capital(f"{stop.named}{stop.aside}")
        summary = f"{host} refused the connection to port {stop.port}."
    else:
        kind = "unreachable"
        summary = f"No way to {stop.named}:{stop.port}{stop.aside} from this machine."
    return [ProbeObservation(code, Status.FAIL, summary, data | {"kind": kind})], None


def _broken_kind(reached: Connected, stop: _Stop, data: dict[str, Any]) -> list[ProbeObservation]:
    """Tell of IPv6 that fails while IPv4 works; a machine without IPv6 is nothing to tell of."""
    how = reached.by_family.get("IPv6", "no way")
    if how in {"connected", "no way"} or reached.by_family.get("IPv4") != "connected":
        return []
    words = {"refused": "is refused", "silent": "gets no answer", "unreachable": "finds no way"}
    whither = " to the proxy" if stop.proxy else ""
    summary = f"Over IPv6 the connection{whither} {words[how]}, over IPv4 it comes about."
    return [ProbeObservation(stop.code("ipv6"), Status.WARN, summary, data, False)]


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
        summary = f"The proxy {proxy.host}{_named_by(proxy)} took no second connection."
        data = where | {"kind": "unreachable"}
        return [
            _halting(context, ProbeObservation("network.proxy-connect", Status.FAIL, summary, data))
        ]
    took = round((context.clock.monotonic() - begin) * 1000, 1)
    summary = f"The proxy lets connections to {base.host}:{base.port} through."
    seen = ProbeObservation("network.proxy", Status.PASS, summary, where | {"ms": took})
    context.say(f"setting up the encryption with {base.host}")
    return [seen, _halting(context, await encrypt(context, tunnel.open, where, streams))]


def _not_through(
    error: TunnelError, tunnel: ProxyTunnel, where: dict[str, Any]
) -> ProbeObservation:
    proxy, target = tunnel.proxy, f"{tunnel.host}:{tunnel.port}"
    place = f"The proxy {proxy.host}:{proxy.port}{_named_by(proxy)}"
    said = f": {error.said}" if error.said else ""
    match error.kind:
        case "proxy-auth":
            offers = f" It offers {', '.join(error.offers)}." if error.offers else ""
            asks = "does not accept the" if tunnel.signs_in else "asks for a"
            summary = f"{place} {asks} user name and password{said}.{offers}"
        case "proxy-blocked":
            summary = f"{place} does not connect to {target}{said}."
        case "proxy-silent":
            summary = f"{place} took the connection and did not answer in {tunnel.within_s:g} s."
        case "proxy-tls":
            summary = f"{place} set up no encrypted connection that is trusted here."
        case "proxy-broken":
            summary = f"{place} does not answer as a proxy{said}."
    data = where | {"kind": error.kind, "status": error.status, "offers": list(error.offers)}
    return ProbeObservation("network.proxy", Status.FAIL, summary, data)


def _named_by(proxy: Proxy) -> str:
    return f", which {proxy.source} names,"


def _halting(context: ProbeContext, seen: ProbeObservation) -> ProbeObservation:
    """End the run where a stage failed: nothing is sent over a way that is not trusted."""
    if seen.status is Status.FAIL:
        tls = seen.code == "network.tls"
        context.halt("no trusted connection came about" if tls else "the proxy is in the way")
    return seen


def _capital(sentence: str) -> str:
    """Begin a sentence with a capital, unless it begins with a host's name."""
    return f"The{sentence[3:]}" if sentence.startswith("the proxy ") else sentence


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
