"""``check``: exit codes, JSON that validates, history, and no key anywhere."""

import base64
from pathlib import Path

import pytest

from pinned_tui.redaction.leak_scan import find_leaks
from pinned_tui.redaction.secret import Secret
from pinned_tui.report.json_report import validate
from pinned_tui.sandbox.scenarios import load_scenario, scenario_names
from pinned_tui.sandbox.server import Sandbox
from tests.cli.program import Program, key_of


def words_for(sandbox: Sandbox, folder: Path) -> list[str]:
    situation = sandbox.situation
    words = ["check", "--base-url", situation.base_url, "--format", "json"]
    words += ["--channel", situation.channel] if situation.channel else []
    words += ["--event", situation.event] if situation.event else []
    for scope in situation.needs:
        words += ["--need", scope]
    if situation.payload is not None:
        (folder / "payload.json").write_bytes(situation.payload)
        words += ["--payload", str(folder / "payload.json")]
    if load_scenario(sandbox.scenario).check.allow_write_probes:
        words.append("--allow-write-probes")
    return words


@pytest.mark.parametrize("name", scenario_names())
def test_each_situation(name: str, program: Program, tmp_path: Path) -> None:
    with Sandbox(name) as sandbox:
        secret = sandbox.situation.secret
        result = program(*words_for(sandbox, tmp_path), key=secret.reveal() if secret else None)
        expected = sandbox.expected
    document = result.json
    assert validate(document) == []
    causes = [verdict["cause"] for verdict in document["verdicts"]] or ["healthy"]
    assert causes[0] == expected.cause
    assert result.code == expected.exit_code
    assert document["outcome"] == {0: "healthy", 1: "problem", 3: "inconclusive"}[result.code]

    (entry,) = program("history", "list", "--format", "json").json
    assert entry["id"] == document["id"]
    assert entry["outcome"] == document["outcome"]
    assert entry["cause"] == (causes[0] if document["verdicts"] else None)
    assert {"id", "started_at", "finished_at", "outcome", "cause", "target"} <= set(entry)

    if secret is not None:
        told = (result.out + result.err).encode()
        assert find_leaks(told, [secret]) == ()
        for path in result.files():
            assert find_leaks(path.read_bytes(), [secret]) == (), path


def test_a_deployment_that_is_refused_is_told_and_kept(program: Program, healthy: Sandbox) -> None:
    words = ("check", "--base-url", healthy.base_url, "--refused-elsewhere")
    result = program(*words, "--format", "json", key=key_of(healthy))
    assert result.code == 1
    document = result.json
    assert validate(document) == []
    assert document["target"]["refused_elsewhere"] is True
    (verdict,) = document["verdicts"]
    assert (verdict["cause"], verdict["certainty"]) == ("key-old-copy-in-use", "likely")
    shown = program("history", "show", "last").out
    assert "The API accepts the key here; your deployment is refused, as you say." in shown


def test_the_key_comes_from_a_file_or_from_standard_input(
    program: Program, healthy: Sandbox, tmp_path: Path
) -> None:
    key = key_of(healthy)
    (tmp_path / "key").write_text(key + "\n")
    base = ("check", "--base-url", healthy.base_url)
    assert program(*base, "--key-file", str(tmp_path / "key")).code == 0
    assert program(*base, "--key-stdin", stdin=key.encode() + b"\n").code == 0
    assert program(*base, "--key-stdin", stdin=key.encode() + b"\n\n").code == 1
    assert program("check", env={"PINNED_EVENTS_BASE_URL": healthy.base_url}, key=key).code == 0


def test_text_output_puts_the_fix_last(program: Program, healthy: Sandbox) -> None:
    words = ("check", "--base-url", healthy.base_url, "--channel", "424242")
    result = program(*words, key=key_of(healthy))
    assert result.code == 1
    assert "✗ problem" in result.out.splitlines()[0]
    lines = [line for line in result.out.splitlines() if line.strip()]
    assert lines.index("What to do") > lines.index("What was checked")
    last = lines[lines.index("What to do") :]
    assert any(line.strip().startswith("How to check the fix:") for line in last)
    assert "\x1b" not in result.out


def test_copies_are_looked_for_where_that_is_asked(program: Program) -> None:
    with Sandbox("duplicate-events") as sandbox:
        words = ["check", "--base-url", sandbox.situation.base_url, "--format", "json"]
        plain = program(*words, key=key_of(sandbox))
        asked = program(*words, "--duplicates", key=key_of(sandbox))
    assert plain.json["outcome"] == "healthy"
    assert plain.json["target"]["duplicates"] is False
    assert asked.json["verdicts"][0]["cause"] == "duplicates-present"
    assert asked.json["target"]["duplicates"] is True


def test_the_day_that_was_asked_about_is_kept(program: Program, healthy: Sandbox) -> None:
    words = ["check", "--base-url", healthy.situation.base_url, "--event-title", "no such title"]
    words += ["--event-date", "2027-03-05"]
    told = program(*words, "--format", "json", key=key_of(healthy)).json
    assert told["target"]["event_day"] == "2027-03-05"
    report = program(*words, "--format", "markdown", key=key_of(healthy)).out
    assert "**Day on which it begins:** `2027-03-05`" in report


def test_a_namespace_in_the_base_url_is_corrected_with_a_note(
    program: Program, healthy: Sandbox
) -> None:
    url = healthy.base_url + "/api/public/v1"
    result = program("check", "--base-url", url, key=key_of(healthy))
    assert result.code == 0
    assert "/api/public/v1" in result.err


SECRET = "pe_live_n0bodyMaySeeThis_8f3kq29xzLmW"

BAD_INPUT = [
    (["check", "--key", SECRET], "--key"),
    (["check", f"--api-key={SECRET}"], "--api-key"),
    (["check", SECRET], "PINNED_EVENTS_API_KEY"),
    ([SECRET], "PINNED_EVENTS_API_KEY"),
    (["check", "--base-url", "http://pinned.events"], "http://pinned.events"),
    (["check", "--base-url", "pinned.events"], "pinned.events"),
    (["check", "--base-url", f"https://user:{SECRET}@pinned.events"], "@"),
    (["check", "--base-url", ""], "empty"),
    (["check", "--base-url", "https://pinned.even\nts"], "pinned.even␊ts"),
    (["check", "--channel", "-7"], "-7"),
    (["check", "--channel", "4.5"], "4.5"),
    (["check", "--event", "../../etc"], "../../etc"),
    (["check", "--need", "events:raed"], "events:read"),
    (["check", "--payload", "nowhere.json"], "nowhere.json"),
    (["check", "--key-file", "nowhere.key"], "nowhere.key"),
    (["check", "--timeout", "soon"], "--timeout"),
    (["check", "--format", "xml"], "xml"),
    (["check", "--fast"], "--fast"),
    (["chekc"], "check"),
    (["demo", "--scenario", "drfat-event"], "draft-event"),
    (["sandbox", "--scenario", "nope"], "nope"),
    (["sandbox", "--port", "99999"], "--port"),
    (["explain", "scope-mising"], "scope-missing"),
    (["open", "nowhere.json"], "nowhere.json"),
    (["history", "show", "20200101-zzzzz"], "history"),
    (["history", "prune"], "--keep"),
    (["report", "last"], "history"),
]


@pytest.mark.parametrize(("words", "named"), BAD_INPUT)
def test_bad_input_is_named_with_what_to_do(program: Program, words: list[str], named: str) -> None:
    result = program(*words, key="a-good-enough-key-for-this-1234567890")
    assert result.code == 2
    assert named in result.err
    assert "Traceback" not in result.err
    assert SECRET not in result.out + result.err
    assert result.out == ""


def test_reports_are_written_and_not_overwritten(program: Program, healthy: Sandbox) -> None:
    key = key_of(healthy)
    program("check", "--base-url", healthy.base_url, "--event", "5001", key=key)
    written = program("report", "last", "--output", "r.md")
    assert written.code == 0
    report = (written.work / "r.md").read_text()
    assert report.startswith("# ")
    assert "5001" in report
    again = program("report", "last", "--output", "r.md")
    assert again.code == 2
    assert "r.md" in again.err
    assert program("report", "last", "--output", "r.md", "--force").code == 0
    json_report = program("report", "last", "--format", "json")
    assert validate(json_report.json) == []


def test_history_shows_deletes_and_prunes(program: Program, healthy: Sandbox) -> None:
    key = key_of(healthy)
    for _ in range(3):
        program("check", "--base-url", healthy.base_url, key=key)
    entries = program("history", "list", "--format", "json").json
    assert len(entries) == 3
    assert [e["started_at"] for e in entries] == sorted(
        (e["started_at"] for e in entries), reverse=True
    )
    assert program("history", "show", entries[0]["id"]).code == 0
    assert program("history", "delete", entries[0]["id"]).code == 0
    assert program("history", "prune", "--keep", "1").code == 0
    assert len(program("history", "list", "--format", "json").json) == 1


def test_a_broken_history_does_not_stop_a_check(program: Program, healthy: Sandbox) -> None:
    key = key_of(healthy)
    first = program("check", "--base-url", healthy.base_url, key=key)
    (file,) = [path for path in first.files() if path.suffix == ".sqlite3"]
    file.write_bytes(b"this is no database" * 500)
    second = program("check", "--base-url", healthy.base_url, key=key)
    assert second.code == 0
    assert "Traceback" not in second.err
    assert len(program("history", "list", "--format", "json").json) == 1
    kept = [path.read_bytes() for path in second.files()]
    assert any(content.startswith(b"this is no database") for content in kept)


def test_an_unwritable_data_folder_is_said_once(program: Program, healthy: Sandbox) -> None:
    env = {"PINNED_TUI_DATA_DIR": "/dev/null/nowhere"}
    result = program("check", "--base-url", healthy.base_url, key=key_of(healthy), env=env)
    assert result.code == 0
    assert result.err.count("/dev/null/nowhere") >= 1
    assert "Traceback" not in result.err


def test_encoded_keys_do_not_slip_through_a_server_that_echoes(program: Program) -> None:
    key = "pe_live_Zk39aPq7Lm2Xw8Tn4Rb6Vy1Cd5Hf0Gj"
    with Sandbox("server-error") as sandbox:
        result = program("check", "--base-url", sandbox.base_url, key=key, env={})
    assert key not in result.out + result.err
    assert base64.b64encode(key.encode()).decode() not in result.out + result.err
    assert find_leaks(result.out.encode(), [Secret(key, source="test")]) == ()


def test_help_and_version(program: Program) -> None:
    assert program("--help").code == 0
    assert program("--version").out.startswith("pinned-tui ")
    for command in ("check", "explain", "history", "report", "open", "demo", "sandbox"):
        assert program(command, "--help").code == 0


@pytest.mark.parametrize(
    ("symptom", "code", "cause"),
    [
        ("403", 1, "scope-missing"),
        ("scope", 1, "scope-missing"),
        ("duplicates", 1, "scope-missing"),
        ("channel", 3, "symptom-not-reproduced"),
        ("401", 3, "symptom-not-reproduced"),
        ("429", 3, "symptom-not-reproduced"),
        ("validation", 3, "symptom-not-reproduced"),
        (None, 0, None),
    ],
)
def test_the_outcome_answers_the_symptom(
    program: Program, symptom: str | None, code: int, cause: str | None
) -> None:
    with Sandbox("missing-scope") as sandbox:
        words = ["check", "--base-url", sandbox.base_url, "--format", "json"]
        words += ["--symptom", symptom] if symptom else []
        result = program(*words, key=key_of(sandbox))
    assert result.code == code
    document = result.json
    assert validate(document) == []
    assert document["target"]["symptom"] == symptom
    assert document["outcome"] == {0: "healthy", 1: "problem", 3: "inconclusive"}[code]
    assert [v["cause"] for v in document["verdicts"]][:1] == ([cause] if cause else [])
    (entry,) = program("history", "list", "--format", "json").json
    assert (entry["outcome"], entry["cause"]) == (document["outcome"], cause)
    shown = program("report", "last", "--format", "markdown").out
    headline = shown.splitlines()[0]
    assert headline.startswith({0: "# ✓", 1: "# ✗", 3: "# ? Not explained yet"}[code])


def test_what_was_not_seen_says_what_to_rule_out_next(program: Program, healthy: Sandbox) -> None:
    words = ("check", "--base-url", healthy.base_url, "--symptom", "401")
    result = program(*words, key=key_of(healthy))
    assert result.code == 3
    assert "Not explained yet: these checks got no 401" in result.out
    assert "What to rule out next" in result.out
    assert "✓ healthy" not in result.out
    explained = program("explain", "symptom-not-reproduced")
    assert explained.code == 0
    assert "Not explained yet" in explained.out


def test_a_symptom_that_nobody_knows_is_refused(program: Program, healthy: Sandbox) -> None:
    words = ("check", "--base-url", healthy.base_url, "--symptom", "404")
    result = program(*words, key=key_of(healthy))
    assert result.code == 2
    assert "not-visible" in result.err
