"""What the way and each part of a request took, in short, as every face shows it."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from pinned_tui.report import markdown, text
from pinned_tui.report.evidence import phases_in_words, way_in_short
from pinned_tui.session import Observation, Session, Status, replace
from tests.samples import told


def seen(code: str, number: int, run: str, data: Mapping[str, Any]) -> Observation:
    return Observation(
        id=f"obs-{number}", probe="network", run=run, code=code, status=Status.PASS,
        summary="It is so.", data=dict(data),
    )  # fmt: skip


def took(stages: Mapping[str, Mapping[str, Any]], timings: Mapping[str, float]) -> Session:
    session = told()
    first, *rest = session.exchanges
    run = session.runs[-1].id
    observations = tuple(seen(code, n, run, data) for n, (code, data) in enumerate(stages.items()))
    timed = msgspec.structs.replace(first, run=run, timings_ms=dict(timings), error=None)
    exchanges = (timed, *rest)
    return replace(session, observations=observations, exchanges=exchanges)


DIRECT = {
    "network.name": {"ms": 12.4, "ms_by_family": {"IPv4": 12.4}},
    "network.connect": {"ms": 31.0, "ms_by_family": {"IPv6": 33.3, "IPv4": 31.0}},
    "network.tls": {"ms": 58.2},
}
PROXIED = {
    "network.proxy-name": {"ms": 1.0},
    "network.proxy-connect": {"ms": 2.0},
    "network.proxy": {"ms": 40.0},
    "network.tls": {"ms": 58.0},
}
ANSWER = {"connect": 3.0, "wait": 200.0, "read": 10.4, "total": 213.4}


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        (DIRECT, "name 12 ms · connect IPv4 31 ms, IPv6 33 ms · TLS 58 ms · response 210 ms"),
        (
            PROXIED,
            (
                "proxy's name 1 ms · connect to it 2 ms · through it 40 ms · TLS 58 ms"
                " · response 210 ms"
            ),
        ),
    ],
)
def test_the_way_in_short(stages: Mapping[str, Mapping[str, Any]], said: str) -> None:
    session = took(stages, ANSWER)
    assert way_in_short(session) == said
    assert f"It took: {said}." in " ".join(text.render(session, width=100).split())
    assert f"**It took:** {said}." in markdown.render(session)


def test_nothing_is_said_of_what_was_not_measured() -> None:
    assert way_in_short(took({}, ANSWER)) is None
    odd: dict[str, dict[str, Any]] = {
        "network.name": {"ms": "12"},
        "network.connect": {"ms_by_family": [1, 2]},
    }
    assert way_in_short(took(odd, {})) is None


@pytest.mark.parametrize(
    "parts", [(0.4, 0.4, 0.4, 0.4), (142.4, 2.4, 2.4, 60.5), (7.0,), (0.5, 0.5, 0.5)]
)
def test_phases_that_are_shown_add_up(parts: tuple[float, ...]) -> None:
    timings = {f"phase {n}": part for n, part in enumerate(parts)}
    *shown, (last, total) = phases_in_words(timings | {"total": round(sum(parts), 1)})
    assert last == "total"
    assert sum(int(words.removesuffix(" ms")) for _, words in shown) == int(
        total.removesuffix(" ms")
    )
