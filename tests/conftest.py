"""What all tests share."""

import os
import re
from typing import Any

import pytest
import pytest_textual_snapshot
from hypothesis import HealthCheck, Phase, given, settings

from pinned_tui.session import Session
from tests.strategies import sessions

settings.register_profile(
    "default", deadline=None, max_examples=15, derandomize=bool(os.environ.get("CI"))
)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile("default")
"""No example has a deadline: how long one takes tells of the machine, not of the code. On a build
machine the examples are always the same, so that a change fails for what it changed. No test says
how many examples it wants, so that a profile says it of all. Where it is worth the time:
``python -m tests --hypothesis-profile=thorough``."""


@pytest.fixture(scope="session")
def thorough(request: pytest.FixtureRequest) -> bool:
    """Whether everything is to be gone through, instead of a part of everything."""
    return is_thorough(request.config)


@pytest.fixture(scope="session")
def any_sessions() -> list[Session]:
    """Sessions of any state, drawn once for all that only reads them: one takes 40 ms to draw."""
    drawn: list[Session] = []

    @settings(
        max_examples=min(settings().max_examples, 200),
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(sessions())
    def draw(session: Session) -> None:
        drawn.append(session)

    draw()
    return drawn


def is_thorough(config: pytest.Config) -> bool:
    profile = config.getoption("hypothesis_profile")
    return profile == "thorough" or "thorough" in config.option.markexpr


_Diff = pytest_textual_snapshot.SvgSnapshotDiff


def _without_environment(**facts: Any) -> Any:
    return _Diff(**{**facts, "environment": {}})


pytest_textual_snapshot.SvgSnapshotDiff = _without_environment
"""The report of a snapshot that differs would hold every environment variable, keys among them."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked as thorough, unless that profile or that mark is asked for."""
    if is_thorough(config):
        return
    left_out = [item for item in items if item.get_closest_marker("thorough") is not None]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item.get_closest_marker("thorough") is None]


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a text by its words: whole documents and control characters make no name of a test."""
    if not isinstance(val, str) or re.fullmatch(r"[\w./=@+-]{1,60}", val, re.ASCII):
        return None
    words = "-".join(re.findall(r"\w+", val[:200], re.ASCII))[:40]
    return words or f"{len(val)}-signs"
