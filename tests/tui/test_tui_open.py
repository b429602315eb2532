"""``open`` of a report that is far larger than any: it is drawn, and ends when it is asked to."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pinned_tui.session import Session, encode, replace
from tests import samples
from tests.sampling import one_in
from tests.tui.terminal import Terminal, environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")


def copied(what: object, **changes: object) -> object:
    fields = {name: getattr(what, name) for name in type(what).__struct_fields__}  # type: ignore[attr-defined]
    return type(what)(**{**fields, **changes})


def one_text() -> Session:
    session = samples.failing()
    verdict = copied(session.verdicts[0], summary="long " * 4_000_000)
    return replace(session, verdicts=(verdict,))


def many_observations() -> Session:
    session = samples.failing()
    seen = session.observations[0]
    many = tuple(copied(seen, id=f"obs-{n}", summary=f"{n} " + "seen " * 500) for n in range(3000))
    return replace(session, observations=many)


def many_steps() -> Session:
    session = samples.failing()
    verdict = copied(session.verdicts[0], fix=("do this",) * 100_000)
    return replace(session, verdicts=(verdict, *(session.verdicts * 5000)))


@pytest.mark.parametrize(
    ("make", "way"),
    one_in(2, [(one_text, "ctrl+c"), (one_text, "q"), (many_steps, "q"), (many_observations, "q")]),
)
def test_a_huge_report_is_shown_and_left(
    make: Callable[[], Session], way: str, tmp_path: Path
) -> None:
    (tmp_path / "report.json").write_bytes(encode(make()))
    words = ("-m", "pinned_tui", "open", str(tmp_path / "report.json"))
    with Terminal(*words, env=environment(tmp_path)) as terminal:
        terminal.shows("The key lacks")
        if way == "q":
            terminal.type("q")
            assert terminal.ended() == 0
        else:
            terminal.send(signal.SIGINT)
            assert terminal.ended() == 130
        assert terminal.restored
