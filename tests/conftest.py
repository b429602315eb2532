"""What all tests share."""

import os
from typing import Any

import pytest_textual_snapshot
from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
"""No example has a deadline: how long one takes tells of the machine, not of the code. On a build
machine the examples are always the same, so that a change fails for what it changed."""

_Diff = pytest_textual_snapshot.SvgSnapshotDiff


def _without_environment(**facts: Any) -> Any:
    return _Diff(**{**facts, "environment": {}})


pytest_textual_snapshot.SvgSnapshotDiff = _without_environment
"""The report of a snapshot that differs would hold every environment variable, keys among them."""
