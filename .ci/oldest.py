"""Prints the oldest version of everything that pyproject.toml allows, as constraints for pip.

    python .ci/oldest.py > oldest.txt && pip install -c oldest.txt -e '.[test]'

A lower bound that nothing is ever installed at is a guess. Plain on purpose: it runs before
anything is installed, so it reads the bounds with the standard library alone.
"""

import re
import sys
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"

_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?:\[[^\]]*\])?\s*>=\s*(?P<lower>[\w.]+)")


def constraints(project: dict[str, object]) -> list[str]:
    """Return ``name==lower`` for each requirement of ``project``, its extras included.

    Raises:
        SystemExit: a requirement has no lower bound, so nothing could be tried at it.
    """
    extras: dict[str, list[str]] = project["optional-dependencies"]  # type: ignore[assignment]
    required: list[str] = project["dependencies"]  # type: ignore[assignment]
    found: dict[str, str] = {}
    for requirement in [*required, *(one for extra in extras.values() for one in extra)]:
        bound = _REQUIREMENT.match(requirement)
        if bound is None:
            raise SystemExit(f"{PYPROJECT.name}: {requirement!r} has no lower bound.")
        name, lower = bound["name"].lower(), bound["lower"]
        found[name] = max(found.get(name, "0"), lower, key=_in_order)
    return [f"{name}=={lower}" for name, lower in sorted(found.items())]


def _in_order(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


if __name__ == "__main__":
    sys.stdout.write("\n".join(constraints(tomllib.loads(PYPROJECT.read_text("utf-8"))["project"])))
    sys.stdout.write("\n")
