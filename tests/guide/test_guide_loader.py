"""The loader refuses what the walker could not walk, and says where and what to do."""

import re
import subprocess
import sys

import pytest

from pinned_tui.guide.loader import RULES_FILE, GuideError, build, load_guide, symptoms
from tests.guide.files import documents, spoilt


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("forbidden.toml", "[section]", "[section", "forbidden.toml: this is not valid TOML"),
        ("forbidden.toml", 'hint = "', 'hnt = "', "forbidden.toml, [section]: Object contains"),
        ("forbidden.toml", "number = 2", "number = 3", "needs id 'forbidden' and number 2"),
        ("forbidden.toml", 'id = "forbidden"', 'id = "refused"', "needs id 'forbidden'"),
        ("forbidden.toml", 'first = "403-code"', 'first = "nowhere"', "is none of its steps"),
        ("forbidden.toml", "[[step]]", "[[stepp]]\n[[step]]", "unknown table 'stepp'"),
        ("forbidden.toml", 'needs = ["channels:read"]', 'needs = ["channels"]', "at $.needs"),
        ("unauthorized.toml", "question = ", "questoin = ", "step 401-accepted"),
        ("unauthorized.toml", 'probes = ["key"', 'probes = ["ping"', "step 401-accepted"),
        ("unauthorized.toml", 'certainty = "possible"', 'certainty = "sure"', "step 401-header"),
        (
            "unauthorized.toml",
            'next = "401-where"',
            'next = "401-when"',
            "step 401-header: option 'bearer' leads to the unknown step '401-when'",
        ),
        ("unauthorized.toml", 'id = "refused"', 'id = "accepted"', "two options share an id"),
        ("unauthorized.toml", 'id = "401-accepted"', 'id = ""', "step number 1"),
        (
            "duplicates.toml",
            "copies-window",
            "channel-pick",
            "leads to the unknown step",
        ),
        (RULES_FILE, 'id = "full-secret"', 'id = "bearer-header"', "two rules have the id"),
        (RULES_FILE, 'section = "unauthorized"', 'section = "401"', "unknown section '401'"),
        (RULES_FILE, 'digest = "4bf9b', 'digest = "XXX', "rules.toml"),
    ],
)
def test_a_fault_is_named_with_its_place(file: str, old: str, new: str, told: str) -> None:
    with pytest.raises(GuideError, match=re.escape(told)) as raised:
        build(spoilt(file, old, new))
    assert file in str(raised.value)


def test_a_step_id_is_used_once_in_the_whole_guide() -> None:
    made = documents()
    made["forbidden.toml"] = made["forbidden.toml"].replace("403-code", "channel-form")
    with pytest.raises(GuideError, match=r"wrong-channel\.toml, step channel-form: forbidden"):
        build(made)


def test_a_missing_file_is_named() -> None:
    made = documents()
    del made["validation.toml"]
    with pytest.raises(GuideError, match=r"validation\.toml: the file is missing"):
        build(made)


def with_code(name: str, old: str, new: str) -> dict[str, str]:
    made = documents()
    assert old in made[name]
    return {**made, name: made[name].replace(old, new)}


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("forbidden.toml", '"answer.edge"', '"answer.egde"', "no probe observes 'answer.egde'"),
        ("unauthorized.toml", "observed:key.missing", "observed:key.misslaid", "'key.misslaid'"),
        ("unauthorized.toml", "observed:key.missing", "obsurved:key.missing", "begins with none"),
    ],
)
def test_a_slip_in_a_code_is_found_when_the_guide_is_read(
    name: str, old: str, new: str, fault: str
) -> None:
    with pytest.raises(GuideError, match=rf"{name}, step .*{fault}"):
        build(with_code(name, old, new))


def test_it_is_read_once() -> None:
    assert load_guide() is load_guide()
    assert symptoms() is symptoms()


def test_loading_brings_in_nothing_heavy() -> None:
    code = (
        "import sys; from pinned_tui.guide import loader, walker, conditions;"
        "loader.symptoms(); loader.load_guide();"
        "print(sorted({m.split('.')[0] for m in sys.modules}"
        " & {'textual', 'httpx', 'asyncio', 'sqlite3', 'yaml', 'jsonschema', 'socket', 'starlette'}"
        "| {m for m in sys.modules if m.startswith('pinned_tui.')"
        " and m.split('.')[1] not in ('guide', 'session', 'redaction')}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
