"""``pinned-tui inspect``: inputs from files and pipes, exit codes, formats, no key repeated."""

import json
from pathlib import Path

import jsonschema
import pytest

from pinned_tui.inspect.model import InputKind
from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.report.schema import json_schema
from tests.cli.program import Program

KEY = "Zq3vR8pLw2Nc7XdT5yHbM4sK"
BROKEN = b'{"channelId": "42", "title": "Secret garden party"}'


def test_a_broken_payload_from_a_pipe_is_a_problem(program: Program) -> None:
    result = program("inspect", "-", stdin=BROKEN)
    assert result.code == 1
    assert "channelId" in result.out
    assert result.err == ""


def test_without_a_file_the_pipe_is_read(program: Program) -> None:
    assert program("inspect", stdin=BROKEN).code == 1


def test_json_is_valid_and_names_what_it_is(program: Program) -> None:
    result = program("inspect", "-", "--format", "json", stdin=BROKEN)
    jsonschema.validate(result.json, json_schema())
    assert result.json["outcome"] == "problem"
    assert result.json["requests_sent"] == 0
    assert result.json["inputs"][0]["kind"] == "payload"
    assert {v["subject"] for v in result.json["verdicts"]} >= {"channelId", "startAt"}


def test_what_nothing_recognises_is_inconclusive_and_says_what_was_looked_for(
    program: Program,
) -> None:
    result = program("inspect", "-", stdin=b"it just does not work, please help me soon\n")
    assert result.code == 3
    assert "a HAR file" in result.out
    assert "--kind" in result.out


@pytest.mark.parametrize("stdin", [b"", b" \n\t ", b"\xff\xfe\x00", b"\x00" * 100])
def test_nothing_and_noise_are_no_crash(stdin: bytes, program: Program) -> None:
    result = program("inspect", "-", stdin=stdin)
    assert result.code in {1, 3}
    assert "Traceback" not in result.err


@pytest.mark.parametrize("kind", list(InputKind))
def test_each_kind_can_be_named(kind: InputKind, program: Program) -> None:
    result = program("inspect", "-", "--kind", kind, "--format", "json", stdin=b"See you at nine.")
    assert result.code in {1, 3}
    assert result.json["inputs"][0]["kind"] == kind
    assert "can't tell what this is" not in result.out


def test_the_kind_can_be_overruled(program: Program) -> None:
    result = program("inspect", "-", "--kind", "payload", "--format", "json", stdin=b"hello")
    assert result.code == 1
    assert result.json["verdicts"][0]["cause"] == "body-malformed-json"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("inspect", "nowhere.json"), "nowhere.json"),
        (("inspect", "."), "."),
        (("inspect", "-", "--kind", "curll"), "curll"),
    ],
)
def test_what_cant_be_read_or_meant_is_a_usage_error_that_names_it(
    words: tuple[str, ...], named: str, program: Program
) -> None:
    result = program(*words, stdin=BROKEN)
    assert result.code == 2
    assert named in result.err
    assert "Traceback" not in result.err


def test_a_file_is_named_without_its_folder(program: Program) -> None:
    work = program("--version").work
    (work / "sub").mkdir()
    (work / "sub" / "event.json").write_bytes(BROKEN)
    result = program("inspect", str(Path("sub", "event.json")), "--format", "json")
    assert result.json["inputs"][0]["name"] == "event.json"


def test_the_inspection_is_in_the_history_without_the_payload(program: Program) -> None:
    assert program("inspect", "-", stdin=BROKEN).code == 1
    row = json.loads(program("history", "list", "--format", "json").out)[0]
    assert row["outcome"] == "problem"
    assert row["cause"] == "field-missing"
    result = program("history", "show", "last", "--format", "json")
    assert "Secret garden party" not in result.out
    stored = b"".join(path.read_bytes() for path in result.files())
    assert b"Secret garden party" not in stored
    assert program("report", "last").code == 0


def test_no_history_keeps_nothing(program: Program) -> None:
    result = program("inspect", "-", "--no-history", stdin=BROKEN)
    assert list(result.files()) == []


@pytest.mark.parametrize("shape", ["text", "json", "markdown"])
@pytest.mark.parametrize("around", ["{}", "Bearer {}", '"{}"', "KEY={}", "{}\u00a0", "{}\r\n\r\n"])
def test_a_pasted_key_is_never_repeated(around: str, shape: str, program: Program) -> None:
    result = program("inspect", "-", "--format", shape, stdin=around.format(KEY).encode())
    secret = [Secret(KEY, source="test")]
    assert find_leaks(result.out + result.err, secret) == ()
    assert KEY[:6] not in result.out + result.err
    for path in result.files():
        assert find_leaks(path.read_bytes(), secret) == ()
    if shape == "json":
        assert result.json["inputs"][0]["kind"] == "key"


def test_the_result_goes_into_a_file(program: Program) -> None:
    result = program("inspect", "-", "--output", "found.md", "--format", "markdown", stdin=BROKEN)
    assert result.code == 1
    assert result.out == ""
    assert "channelId" in (result.work / "found.md").read_text(encoding="utf-8")
