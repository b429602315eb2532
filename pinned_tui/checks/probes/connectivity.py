"""The name of a host and a connection to it, each kind of address apart, nothing sent."""

import asyncio
import errno
import ipaddress
import socket
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Literal

from pinned_tui.core.clock import Clock

Family = Literal["IPv4", "IPv6"]
LookedUp = Literal["found", "none", "silent"]
"""How looking up one kind of address ended; ``silent`` is a resolver that did not answer."""

Reached = Literal["connected", "refused", "unreachable", "silent", "no way"]
"""How a connection over one kind of address ended; ``no way`` is a machine without that kind."""

_FAMILIES: Mapping[Family, socket.AddressFamily] = {
    "IPv4": socket.AF_INET,
    "IPv6": socket.AF_INET6,
}
_MOST_ADDRESSES = 8
_GRACE_S = 1.0
"""How long the other kind of address may take once one is found or has connected."""

_NO_SUCH_NETWORK = {errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


@dataclass(frozen=True, slots=True)
class Named:
    """What looking up a host gave.

    Attributes:
        addresses: Those found, of each kind in turn.
        by_family: How it ended for each kind of address that was looked for.
        took_ms: How long it took for each kind that was found; an address takes no time.
    """

    addresses: tuple[str, ...]
    by_family: Mapping[Family, LookedUp]
    took_ms: Mapping[Family, float]

    @property
    def silent(self) -> tuple[Family, ...]:
        """The kinds of address for which the resolver did not answer."""
        return tuple(kind for kind, how in self.by_family.items() if how == "silent")

    @property
    def first_of_each(self) -> tuple[str, ...]:
        """One address of each kind that was found."""
        firsts: dict[Family, str] = {}
        for address in self.addresses:
            firsts.setdefault(family(address), address)
        return tuple(firsts.values())


@dataclass(frozen=True, slots=True)
class Connected:
    """What trying a host's addresses gave.

    Attributes:
        by_family: How it ended for each kind of address that the host has.
        address: The address that connected first, or None.
        took_ms: How long it took for each kind that connected.
    """

    by_family: Mapping[Family, Reached]
    address: str | None
    took_ms: Mapping[Family, float]

    @property
    def refused(self) -> bool:
        """Whether every kind was refused."""
        return set(self.by_family.values()) <= {"refused", "no way"} and not self.address

    @property
    def silent(self) -> bool:
        """Whether no connection came about because of at least one that nobody answered."""
        return not self.address and "silent" in self.by_family.values()


def family(address: str) -> Family:
    """Return which kind of address ``address`` is."""
    return "IPv6" if ipaddress.ip_address(address.partition("%")[0]).version == 6 else "IPv4"


async def resolve(host: str, port: int, *, within_s: float, clock: Clock) -> Named:
    """Look ``host`` up, each kind of address by itself and at the same time.

    A resolver that leaves one kind without an answer does not take the other with it: once one
    kind is found, the other gets a moment more. An address needs no looking up.
    """
    own = _kind_of(host)
    if own is not None:
        return Named((host,), {own: "found"}, {})
    loop = asyncio.get_running_loop()
    began = clock.monotonic()
    look_ups = {asyncio.create_task(_look_up(host, port, kind)): kind for kind in _FAMILIES}
    found: dict[Family, list[str]] = {}
    took: dict[Family, float] = {}
    deadline = loop.time() + within_s
    waiting = set(look_ups)
    while waiting and (left := deadline - loop.time()) > 0:
        done, waiting = await asyncio.wait(
            waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED
        )
        for look_up in done:
            kind = look_ups[look_up]
            found[kind] = look_up.result()
            if found[kind]:
                took[kind] = round((clock.monotonic() - began) * 1000, 1)
                deadline = min(deadline, loop.time() + _GRACE_S)
    for look_up in waiting:
        look_up.cancel()
    ended: dict[Family, LookedUp] = {
        kind: "silent" if kind not in found else "found" if found[kind] else "none"
        for kind in look_ups.values()
    }
    return Named(_in_turn(found), ended, took)


def _kind_of(host: str) -> Family | None:
    """Return which kind of address ``host`` is, or None where it is a name."""
    try:
        return family(host)
    except ValueError:
        return None


def _in_turn(found: Mapping[Family, list[str]]) -> tuple[str, ...]:
    """Return a few addresses, so that each kind is among them."""
    pairs = zip_longest(*(found.get(kind, []) for kind in _FAMILIES))
    return tuple(one for one in chain.from_iterable(pairs) if one is not None)[:_MOST_ADDRESSES]


async def _look_up(host: str, port: int, kind: Family) -> list[str]:
    """Return the addresses of one kind; in a daemon thread, which can't hold up the exit."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[str]] = loop.create_future()

    def deliver(addresses: list[str]) -> None:
        if not future.done():
            future.set_result(addresses)

    def work() -> None:
        addresses: list[str] = []
        try:
            found = socket.getaddrinfo(host, port, family=_FAMILIES[kind], type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        except (OSError, UnicodeError):  # not found, or no name at all
            pass
        if not loop.is_closed():
            loop.call_soon_threadsafe(deliver, addresses)

    threading.Thread(target=work, name="name-look-up", daemon=True).start()
    return await future


async def connect(
    addresses: Iterable[str], port: int, *, within_s: float, clock: Clock
) -> Connected:
    """Open and close a connection to each address, all at the same time.

    As soon as one kind of address connects, the other gets a moment more, so that a broken kind is
    seen without holding up a check that works.
    """
    tried = list(addresses)[:_MOST_ADDRESSES]
    attempts = {asyncio.create_task(_attempt(each, port)): each for each in tried}
    ended: dict[str, Reached] = {}
    took: dict[Family, float] = {}
    first: str | None = None
    waiting = set(attempts)
    loop = asyncio.get_running_loop()
    began = clock.monotonic()
    deadline = loop.time() + within_s
    while waiting and (left := deadline - loop.time()) > 0:
        done, waiting = await asyncio.wait(
            waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED
        )
        for attempt in done:
            address = attempts[attempt]
            ended[address] = attempt.result()
            if ended[address] == "connected":
                ms = round((clock.monotonic() - began) * 1000, 1)
                took.setdefault(family(address), ms)
                first = first or address
                deadline = min(deadline, loop.time() + _GRACE_S)
        if _settled(tried, ended):
            break
    for attempt in waiting:
        attempt.cancel()
    return Connected(_by_family(tried, ended), first, took)


def _settled(tried: Iterable[str], ended: Mapping[str, Reached]) -> bool:
    """Return whether every kind of address has connected, so that nothing is left to learn."""
    connected = {family(each) for each, how in ended.items() if how == "connected"}
    return connected == {family(each) for each in tried}


def _by_family(tried: Iterable[str], ended: Mapping[str, Reached]) -> dict[Family, Reached]:
    """Return the best end of each kind; what has not ended is silent."""
    best: dict[Family, Reached] = {}
    order: tuple[Reached, ...] = ("connected", "silent", "refused", "unreachable", "no way")
    for each in tried:
        how, kind = ended.get(each, "silent"), family(each)
        if kind not in best or order.index(how) < order.index(best[kind]):
            best[kind] = how
    return best


async def _attempt(address: str, port: int) -> Reached:
    try:
        _, writer = await asyncio.open_connection(address, port)
    except ConnectionRefusedError:
        return "refused"
    except OSError as error:
        return "no way" if error.errno in _NO_SUCH_NETWORK else "unreachable"
    writer.close()
    return "connected"
