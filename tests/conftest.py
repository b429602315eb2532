"""What all tests share."""

import os
from typing import Any

import pytest
import pytest_textual_snapshot
from hypothesis import settings

settings.register_profile(
    "default", deadline=None, max_examples=50, derandomize=bool(os.environ.get("CI"))
)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile("default")
"""No example has a deadline: how long one takes tells of the machine, not of the code. On a build
machine the examples are always the same, so that a change fails for what it changed. Where it is
worth the time: ``python -m tests --hypothesis-profile=thorough``."""

_Diff = pytest_textual_snapshot.SvgSnapshotDiff


def _without_environment(**facts: Any) -> Any:
    return _Diff(**{**facts, "environment": {}})


pytest_textual_snapshot.SvgSnapshotDiff = _without_environment
"""The report of a snapshot that differs would hold every environment variable, keys among them."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked as thorough, unless that profile or that mark is asked for."""
    if config.getoption("hypothesis_profile") == "thorough" or "thorough" in config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("thorough") is not None]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item.get_closest_marker("thorough") is None]
