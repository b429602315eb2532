"""The bounds of the dependencies: each has an oldest version that the tests are run with."""

import re
import runpy
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture
def oldest() -> Any:
    return runpy.run_path(str(ROOT / ".ci" / "oldest.py"))["constraints"]


def test_every_requirement_has_an_oldest_version_and_none_is_left_out(oldest: Any) -> None:
    extras = PROJECT["optional-dependencies"].values()
    required = [*PROJECT["dependencies"], *(one for extra in extras for one in extra)]
    names = {re.split(r"[\[<>=~! ]", one)[0].lower() for one in required}
    lines = oldest(PROJECT)
    assert {line.partition("==")[0] for line in lines} == names
    assert all(re.fullmatch(r"[a-z0-9.-]+==\d[\w.]*", line) for line in lines)


@pytest.mark.parametrize("requirement", ["textual", "textual<9", "textual==8.2.8", "a @ file:///a"])
def test_a_requirement_without_a_lower_bound_is_refused(oldest: Any, requirement: str) -> None:
    project = {"dependencies": [requirement], "optional-dependencies": {}}
    with pytest.raises(SystemExit, match="has no lower bound"):
        oldest(project)


def test_of_two_bounds_on_one_package_the_higher_one_counts(oldest: Any) -> None:
    project = {
        "dependencies": ["textual>=8.2.5,<9"],
        "optional-dependencies": {"test": ["textual>=8.10,<9"], "web": ["aiohttp[speedups]>=3"]},
    }
    assert oldest(project) == ["aiohttp==3", "textual==8.10"]
