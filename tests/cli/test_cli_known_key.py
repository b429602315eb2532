"""The key of the environment is known to every command, and a public text is no key."""

from pathlib import Path

import pytest

from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.server import Sandbox
from tests.cli.program import Program

SHORT = "hunter2!x"
"""A key that nothing but the environment tells to be one."""


@pytest.mark.parametrize(
    "pasted",
    [
        f"GET /api/public/v1/channels HTTP/1.1\nHost: pinned.events\nX-Note: {SHORT}\n",
        f"2026-11-28T10:00:00Z GET https://pinned.events/api/public/v1/channels 401 {SHORT}\n",
        f"the key {SHORT} does not work\n",
    ],
    ids=["a header", "a log", "a sentence"],
)
def test_inspect_knows_the_key_of_the_environment(
    pasted: str, program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "pasted.txt"
    file.write_text(pasted, encoding="utf-8")
    secret = Secret(SHORT, source="environment")
    for shape in ("text", "json", "markdown"):
        result = program("inspect", str(file), "--format", shape, key=SHORT)
        assert result.code in {1, 3, 0}, result.err
        assert find_leaks(result.out + result.err, [secret]) == ()
    for kept in result.files():
        assert find_leaks(kept.read_bytes(), [secret]) == () or kept == file


@pytest.mark.parametrize(
    "words", [("history", "list"), ("history", "show", "last"), ("report", "last")]
)
def test_what_was_kept_before_the_key_was_known_is_shown_without_it(
    words: tuple[str, ...], program: Program, tmp_path: Path
) -> None:
    file = tmp_path / f"note {SHORT}.log"
    line = f"2026-11-28T10:00:00Z GET https://pinned.events/api/public/v1/channels 401 {SHORT}\n"
    file.write_text(line, encoding="utf-8")
    program("inspect", str(file))
    result = program(*words, key=SHORT)
    assert result.code == 0, result.err
    assert SHORT not in result.out + result.err


@pytest.mark.parametrize(
    "key", ["the address", "authentication", "application/json", "2026-11-28T10:00:00Z"]
)
def test_a_key_that_the_tool_prints_itself_does_not_cost_the_verdict(
    key: str, program: Program, healthy: Sandbox
) -> None:
    """C5: it is of the wrong kind; looking for it would hold every report back."""
    given = healthy.base_url if key == "the address" else key
    for shape in ("text", "json", "markdown"):
        result = program("check", "--base-url", healthy.base_url, "--format", shape, key=given)
        assert result.code == 1, result.err
        if shape == "json":
            assert result.json["verdicts"][0]["cause"] == "key-wrong-kind"
