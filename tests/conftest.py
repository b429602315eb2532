"""What all tests share."""

import os
from typing import Any

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
