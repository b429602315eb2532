"""How long the way to the API and each part of a request took, in short. Pure.

Slow names, slow connections and slow answers have different causes, so the total alone helps
nobody.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pinned_tui.session import Observation, Session, Status
from pinned_tui.wording import duration

_STAGES: Final[Mapping[str, str]] = {
    "network.proxy-name": "proxy's name",
    "network.proxy-connect": "connect to it",
    "network.proxy": "through it",
    "network.name": "name",
    "network.connect": "connect",
    "network.tls": "TLS",
}
"""What each stage of the way is called, by the code of its observation."""

_PHASES: Final[Mapping[str, str]] = {"tls": "TLS", "proxy": "through the proxy"}
_FAMILIES: Final = ("IPv4", "IPv6")


def way_in_short(session: Session) -> str | None:
    """Return what each stage of the latest run took, down to the first answer; None if unknown.

    For example ``name 12 ms · connect IPv4 31 ms, IPv6 29 ms · TLS 58 ms · answer 210 ms``.
    """
    told = [
        f"{_STAGES[one.code]} {took}"
        for one in session.latest()
        if one.code in _STAGES and one.status is Status.PASS and (took := _took(one))
    ]
    if not told:
        return None
    return " · ".join([*told, *_first_answer(session)])


def _took(stage: Observation) -> str | None:
    """Return a stage's time, of each kind of address where there is more than one."""
    both = stage.data.get("ms_by_family")
    if isinstance(both, dict) and len(both) > 1:
        kinds = [(kind, _milliseconds(both.get(kind))) for kind in _FAMILIES]
        return ", ".join(f"{kind} {took}" for kind, took in kinds if took) or None
    return _milliseconds(stage.data.get("ms"))


def _milliseconds(value: object) -> str | None:
    return duration(value / 1000) if isinstance(value, int | float) else None


def _first_answer(session: Session) -> Iterator[str]:
    run = session.run.id if session.run is not None else None
    for exchange in session.exchanges:
        times = exchange.timings_ms
        if exchange.run == run and exchange.error is None and "wait" in times:
            yield f"answer {duration((times['wait'] + times.get('read', 0.0)) / 1000)}"
            return


def phases_in_words(timings_ms: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Yield each phase of a request with its time, rounded so that they still add up to the total.

    Args:
        timings_ms: As an exchange has them, in order.
    """
    reached = shown = 0.0
    for name, took in timings_ms.items():
        if name == "total":
            yield name, duration(round(took) / 1000)
            continue
        reached += took
        whole = round(reached) - shown
        shown += whole
        yield _PHASES.get(name, name), duration(whole / 1000)
