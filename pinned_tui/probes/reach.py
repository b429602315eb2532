"""The name of a host and a connection to it, each kind of address apart, nothing sent."""

import asyncio
import errno
import ipaddress
import socket
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Family = Literal["IPv4", "IPv6"]
Reached = Literal["connected", "refused", "unreachable", "silent", "no way"]
"""How a connection over one kind of address ended; ``no way`` is a machine without that kind."""

_MOST_ADDRESSES = 8
_GRACE_S = 1.0
"""How long the other kind of address may take once one has connected."""

_NO_SUCH_NETWORK = {errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


@dataclass(frozen=True, slots=True)
class Connected:
    """What trying a host's addresses gave.

    Attributes:
        by_family: How it ended for each kind of address that the host has.
        address: The address that connected first, or None.
    """

    by_family: Mapping[Family, Reached]
    address: str | None

    @property
    def refused(self) -> bool:
        """Whether every kind was refused."""
        return set(self.by_family.values()) <= {"refused", "no way"} and not self.address

    @property
    def silent(self) -> bool:
        """Whether no connection came about because of at least one that nobody answered."""
        return not self.address and "silent" in self.by_family.values()


def family(address: str) -> Family:
    """Tell which kind of address ``address`` is."""
    return "IPv6" if ipaddress.ip_address(address.partition("%")[0]).version == 6 else "IPv4"


async def resolve(host: str, port: int) -> list[str]:
    """Look ``host`` up in a daemon thread: a hung look-up must not hold up the exit.

    Raises:
        OSError: the name was not found.
        UnicodeError: the name can't be one.
    """
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


async def connect(addresses: Iterable[str], port: int, *, within_s: float) -> Connected:
    """Open and close a connection to each address, all at the same time.

    As soon as one kind of address connects, the other gets a moment more, so that a broken kind is
    seen without holding up a check that works.
    """
    tried = list(addresses)[:_MOST_ADDRESSES]
    attempts = {asyncio.create_task(_attempt(each, port)): each for each in tried}
    ended: dict[str, Reached] = {}
    first: str | None = None
    waiting = set(attempts)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_s
    while waiting and (left := deadline - loop.time()) > 0:
        done, waiting = await asyncio.wait(
            waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED
        )
        for attempt in done:
            address = attempts[attempt]
            ended[address] = attempt.result()
            if ended[address] == "connected" and first is None:
                first = address
                deadline = min(deadline, loop.time() + _GRACE_S)
        if _settled(tried, ended):
            break
    for attempt in waiting:
        attempt.cancel()
    return Connected(_by_family(tried, ended), first)


def _settled(tried: Iterable[str], ended: Mapping[str, Reached]) -> bool:
    """Tell whether every kind of address has connected, so that nothing is left to learn."""
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
