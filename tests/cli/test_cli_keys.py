"""A key in the wrong place: it is not sent, not kept, and not repeated."""

import contextlib
from pathlib import Path

import pytest

from pinned_tui.core.clock import SystemClock
from pinned_tui.core.input_files import LARGEST_KEY
from pinned_tui.history.store import HistoryStore
from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.sandbox.server import Sandbox
from tests import samples
from tests.cli.program import Program, key_of

KEY = "pe_live_n0bodyMaySeeThis_8f3kq29xzLmW"


@pytest.mark.parametrize(
    "option", ["--channel", "--event", "--need", "--payload", "--base-url", "--output"]
)
@pytest.mark.parametrize("around", ["{}", "x/{}", "http://127.0.0.1:9/{}"])
def test_the_key_in_use_is_refused_as_a_value_of_anything(
    option: str, around: str, program: Program, healthy: Sandbox
) -> None:
    key = key_of(healthy)
    words = ["check", option, around.format(key)]
    words += ["--base-url", healthy.base_url] if option != "--base-url" else []
    result = program(*words, key=key)
    assert result.code == 2
    assert find_leaks(result.out + result.err, [Secret(key, source="test")]) == ()
    assert healthy.state.counts.requests == 0
    assert not result.home.exists()
    if option != "--output":
        assert option in result.err
        assert "contains the key" in result.err


def test_the_key_in_the_variable_of_the_base_url_is_refused(
    program: Program, healthy: Sandbox
) -> None:
    key = key_of(healthy)
    env = {"PINNED_EVENTS_BASE_URL": f"{healthy.base_url}/{key}"}
    result = program("check", key=key, env=env)
    assert result.code == 2
    assert "PINNED_EVENTS_BASE_URL" in result.err
    assert key not in result.err
    assert healthy.state.counts.requests == 0


def test_a_payload_file_named_by_the_key_is_refused(program: Program, healthy: Sandbox) -> None:
    key = key_of(healthy)
    (program("--version").work / f"{key}.json").write_text("{}")
    words = ("check", "--base-url", healthy.base_url, "--payload", f"{key}.json")
    result = program(*words, key=key)
    assert result.code == 2
    assert "--payload" in result.err
    assert key not in result.err


WRONG_PLACES = [
    ["check", "--key-file", KEY],
    ["check", "--key-file", f"~/{KEY}"],
    ["check", "--need", KEY],
    ["check", "--payload", KEY],
    ["check", "--payload", f"~{KEY}/x"],
    ["check", "--output", f"{KEY}/report.md"],
    ["check", "--base-url", KEY],
    ["check", "--base-url", f"http://{KEY}"],
    ["check", "--event", f"{KEY} {KEY}"],
    ["check", "--channel", KEY],
    ["check", "--output", f"{KEY[:12]}/{KEY[12:]}"],
    ["check", "--format", KEY],
    ["check", "--timeout", KEY],
    ["check", f"--force={KEY}"],
    ["check", f"--no-history={KEY}"],
    ["check", f"--{KEY}"],
    ["check", f"-{KEY}"],
    ["explain", KEY],
    ["explain", "why", "is", KEY, "refused"],
    ["explain", "--format", KEY, "403"],
    ["open", KEY],
    ["history", KEY],
    ["history", "--outcome", KEY],
    ["history", "--limit", KEY],
    ["history", "show", KEY],
    ["history", "delete", KEY],
    ["report", KEY],
    ["sandbox", "--port", KEY],
    ["sandbox", "--scenario", KEY],
    ["demo", "--scenario", KEY],
]


@pytest.mark.parametrize("words", WRONG_PLACES)
def test_what_may_be_a_key_is_not_repeated(
    words: list[str], program: Program, tmp_path: Path
) -> None:
    path = tmp_path / "data" / "history.sqlite3"
    with contextlib.closing(HistoryStore.open(path, clock=SystemClock())) as store:
        store.save(samples.plain())
    result = program(*words)
    assert result.code == 2
    assert find_leaks(result.out + result.err, [Secret(KEY, source="test")]) == ()
    assert "because of an error of its own" not in result.err
    assert result.out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "--key-file", "keys/prod.key"], "keys/prod.key"),
        (["check", "--payload", "createEvent-2026-06-12.json"], "createEvent-2026-06-12.json"),
        (["check", "--payload", "~no-such-user/x.json"], "~no-such-user"),
        (["check", "--format", "yaml"], "unknown value “yaml”; choose from: text, json, markdown"),
        (["check", "--force=yes"], "--force"),
        (["explain", "insuficient_scope"], "“insuficient_scope”"),
        (["history", "lst"], "unknown value “lst”; choose from: list, show"),
        (["history", "--outcome", "good"], "“good”"),
        (["open", "sessions/last-week.json"], "last-week.json"),
    ],
)
def test_an_ordinary_slip_is_repeated(words: list[str], said: str, program: Program) -> None:
    result = program(*words)
    assert result.code == 2
    assert said in result.err


def test_a_key_that_is_too_long_is_refused_wherever_it_comes_from(
    program: Program, tmp_path: Path, healthy: Sandbox
) -> None:
    data = b"k" * LARGEST_KEY + b"\n"
    (tmp_path / "key").write_bytes(data)
    base = ("check", "--base-url", healthy.base_url)
    for words, stdin in ((("--key-stdin",), data), (("--key-file", str(tmp_path / "key")), b"")):
        result = program(*base, *words, stdin=stdin)
        assert result.code == 2
        assert "is over 16 KiB" in result.err
    assert healthy.state.counts.requests == 0


@pytest.mark.parametrize(
    "key", ["pe_live_wrongkey", "my-old-api-key-known-wrong", "pinned-tui-known-wrong-key"]
)
def test_a_key_made_of_words_does_not_cost_the_report(
    key: str, program: Program, healthy: Sandbox
) -> None:
    """The constant that no key is, sent for comparison, is in the ledger of every refusal."""
    result = program("check", "--base-url", healthy.base_url, "--format", "json", key=key)
    assert result.code == 1, result.err
    assert result.json["verdicts"][0]["cause"] == "key-placeholder"
    listed = program("history", "list", "--format", "json")
    assert [one["cause"] for one in listed.json] == ["key-placeholder"]
