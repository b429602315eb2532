"""A handful of walks through the storm; ``python -m tests.storm`` takes many."""

import sys
from collections.abc import Iterator

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)

from tests.sampling import one_in
from tests.storm.places import KINDS
from tests.storm.running import Storm

KEYS, SESSIONS = 40, 200


@pytest.fixture(scope="module")
def storm() -> Iterator[Storm]:
    with Storm(sessions=SESSIONS) as running:
        yield running


@pytest.mark.parametrize("number", one_in(2, range(len(KINDS))))
def test_nothing_that_is_typed_ends_or_hangs_the_app(storm: Storm, number: int) -> None:
    outcome = storm.walk(KINDS[number % len(KINDS)], f"test-{number}", KEYS)
    assert not outcome.faults, (outcome.faults, outcome.typed)
