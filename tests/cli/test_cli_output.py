"""Where the result goes: told before anything is sent whether it can go there."""

import sys
from pathlib import Path

import pytest

from pinned_tui.sandbox.server import Sandbox
from tests.cli.program import Program, key_of


def requests(sandbox: Sandbox) -> int:
    return sandbox.state.counts.requests


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("there.md", "--force"),
        ("nowhere/r.md", "folder"),
        ("there.md/r.md", "is a file, not a folder"),
        ("folder", "This is a folder"),
        pytest.param(
            "link.md",
            "link",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="links need a right there"),
        ),
    ],
)
def test_a_place_that_can_not_be_written_is_refused_before_anything_is_sent(
    name: str, words: str, program: Program, healthy: Sandbox, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    (work / "there.md").write_text("mine")
    (work / "folder").mkdir()
    if sys.platform != "win32":
        (work / "link.md").symlink_to(work / "there.md")
    result = program(
        *("check", "--base-url", healthy.base_url, "--need", "events:create"),
        *("--allow-write-probes", "--output", name),
        key=key_of(healthy),
    )
    assert result.code == 2
    assert words in result.err
    assert name.partition("/")[0] in result.err
    assert requests(healthy) == 0
    assert (work / "there.md").read_text() == "mine"
    assert program("history", "list", "--format", "json").json == []


def test_a_dash_is_standard_output(program: Program, healthy: Sandbox) -> None:
    words = ("check", "--base-url", healthy.base_url, "--format", "json", "--output", "-")
    result = program(*words, key=key_of(healthy))
    assert result.code == 0
    assert result.json["outcome"] == "healthy"
    assert list(result.work.iterdir()) == []
    assert program("report", "last", "--output", "-").out.startswith("# ")
