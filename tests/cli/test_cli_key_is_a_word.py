"""A key that equals a text which the program prints itself never costs the result."""

import json
from pathlib import Path

import pytest

from pinned_tui.cli.parser import main
from pinned_tui.report.json_report import validate
from pinned_tui.sandbox.server import Sandbox
from tests.cli.program import Program

WORDS = (
    "authentication",
    "application/json",
    "content-type",
    "retry-after",
    "2026-11-23T12:00:00.000Z",
    "20261123T120000Z",
    "channels:read",
    "insufficient_scope",
    "invalid_api_key",
    "observations",
    "schema_version",
    "requests_sent",
    "timings_ms",
    "answered_by",
    "key-rejected",
    "key-wrong-kind",
    "network.connect",
    "confirmed",
    "inconclusive",
    "/api/public/v1/channels",
    "Unauthorized",
    "text/plain",
    "https://pinned.events",
    "https://pinned.events/developers/docs/authentication",
    "developers/docs/authentication",
    "pinned.events",
    "pinned-tui-known-wrong-key",
    "environment",
    "127.0.0.1:8765",
)

OF_A_KEY = {"key-rejected", "key-wrong-kind", "key-placeholder", "key-whitespace"}


@pytest.fixture
def kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINNED_TUI_DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize(
    ("word", "form"),
    [
        pytest.param(word, form, marks=() if turn == number % 6 else pytest.mark.thorough)
        for number, word in enumerate(WORDS)
        for turn, form in enumerate(("json", "text", "markdown"))
    ],
)
@pytest.mark.usefixtures("kept_apart")
def test_a_check_with_it_comes_to_its_verdict(
    word: str,
    form: str,
    healthy: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.setenv("PINNED_EVENTS_API_KEY", word)
    code = main(["check", "--base-url", healthy.base_url, "--format", form])
    shown = capsysbinary.readouterr().out
    assert code == 1
    if form == "json":
        document = json.loads(shown)
        assert validate(document) == []
        assert document["outcome"] == "problem"
        assert document["verdicts"][0]["cause"] in OF_A_KEY
    else:
        assert b"problem" in shown
        assert shown.count(b"\n") > 10


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("kind", ["key", None])
@pytest.mark.usefixtures("kept_apart")
def test_an_inspection_of_it_comes_to_its_outcome(
    word: str,
    kind: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.setenv("PINNED_EVENTS_API_KEY", word)
    (tmp_path / "pasted").write_text(f"PINNED_EVENTS_API_KEY={word}\n")
    words = ["--kind", kind] if kind else []
    code = main(["inspect", str(tmp_path / "pasted"), "--format", "json", *words])
    document = json.loads(capsysbinary.readouterr().out)
    assert validate(document) == []
    assert code == {"healthy": 0, "problem": 1, "inconclusive": 3}[document["outcome"]]


@pytest.mark.parametrize("word", ["schema_version", "application/json"])
def test_the_report_says_that_the_word_was_cut_out_and_the_process_ends_well(
    word: str, program: Program, healthy: Sandbox
) -> None:
    result = program("check", "--base-url", healthy.base_url, "--output", "r.json",
                     "--format", "json", key=word)  # fmt: skip
    assert result.code == 1
    document = json.loads((result.work / "r.json").read_text("utf-8"))
    assert validate(document) == []
    assert "Traceback" not in result.err
