"""Observations: the table of codes, and the sentences, which are data."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pinned_tui import checks, diagnosis
from pinned_tui.checks.observations import (
    NOT_KNOWN,
    Sentences,
    load_sentences,
    observe,
    phrase,
    read_sentences,
)
from pinned_tui.diagnosis.catalog import CatalogError
from pinned_tui.diagnosis.templates import placeholders
from pinned_tui.session import Status
from pinned_tui.session.codes import CODES, INSPECT, PROBE_IDS, fault_of, unknown_codes

SENTENCES = load_sentences()
SPOKEN = {code for code, row in CODES.items() if row.probes != (INSPECT,)}
OF_OTHERS = {"socks", "tls-failure"}
"""Groups of phrases whose names come from elsewhere: a proxy's codes, OpenSSL's reasons."""


def trees(package: str) -> Iterator[ast.Module]:
    for path in sorted(Path(package).rglob("*.py")):
        yield ast.parse(path.read_text("utf-8"))


SOURCES = list(trees(checks.__path__[0]))
CONSTANTS = {
    node.value
    for tree in SOURCES
    for node in ast.walk(tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}
CALLS = [
    node
    for tree in SOURCES
    for node in ast.walk(tree)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
]


def strings(node: ast.expr | None) -> set[str]:
    """Return the texts that an argument may be; none where it is computed."""
    if isinstance(node, ast.IfExp):
        return strings(node.body) | strings(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def given(code: str) -> set[str]:
    """Return the values that the sentences of a code can name, by the table and every call."""
    names = set(CODES[code].fields | CODES[code].optional)
    for call in CALLS:
        if getattr(call.func, "id", "") not in {"observe", "_dated"} or not call.args:
            continue
        codes = strings(call.args[0])
        if not codes or code in codes:  # a code that is computed may be any
            names |= {one.arg for one in call.keywords if one.arg is not None}
    return names


def test_every_code_that_a_probe_names_is_in_the_table() -> None:
    named = [
        code
        for call in CALLS
        if getattr(call.func, "id", "") in {"observe", "_dated", "ProbeObservation"} and call.args
        for code in strings(call.args[0])
    ]
    assert len(named) > 90
    assert unknown_codes(named) == []


def test_no_probe_words_an_observation_by_itself() -> None:
    made = [call.lineno for call in CALLS if getattr(call.func, "id", "") == "ProbeObservation"]
    assert len(made) == 1, "observe() makes them all"


def test_no_code_of_the_table_is_unused() -> None:
    stages = {code.removeprefix("network.").removeprefix("proxy-") for code in CONSTANTS}
    unused = {
        code
        for code in CODES
        if code not in CONSTANTS
        and not (code.startswith("network.") and code[8:].removeprefix("proxy-") in stages)
    }
    assert unused <= {"event.read"}, "which diagnosis/event names"


def test_every_code_is_reported_by_a_probe_there_is() -> None:
    assert {probe for row in CODES.values() for probe in row.probes} == {*PROBE_IDS, INSPECT}


def test_the_rules_ask_for_codes_that_there_are() -> None:
    named = {
        code
        for tree in trees(f"{diagnosis.__path__[0]}")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in {"all", "first", "asked", "has"}
        for argument in node.args
        for code in strings(argument)
    }
    assert len(named) > 30
    assert unknown_codes(named) == []


@pytest.mark.parametrize("code", sorted(SPOKEN))
def test_each_value_that_a_sentence_names_is_given(code: str) -> None:
    keys = [key for key in SENTENCES.sentences if key.partition(":")[0] == code]
    named = {name for key in keys for text in SENTENCES.of(key) for name in placeholders(text)}
    assert named - given(code) == set()


def test_no_sentence_is_unused() -> None:
    variants = {key.partition(":")[2] for key in SENTENCES.sentences} - {""}
    endings = ("-through-proxy", "-on-day")
    bare = {name.removesuffix(endings[0]).removesuffix(endings[1]) for name in variants}
    bare -= {f"no-{what}" for what in ("start", "timezone")}  # put together of two words
    assert bare - CONSTANTS == set()


def test_no_phrase_is_unused() -> None:
    for group, phrases in SENTENCES.phrases.items():
        assert group in CONSTANTS
        if group not in OF_OTHERS:
            parts = {part.removesuffix("-one").removesuffix("-several") for part in phrases}
            assert {name for name in parts if name not in CONSTANTS} <= {"them"}, group


def test_each_phrase_that_a_probe_names_is_there() -> None:
    found = 0
    for call in CALLS:
        if getattr(call.func, "id", "") != "phrase":
            continue
        for group in strings(call.args[0]):
            for name in strings(call.args[1]):
                text = SENTENCES.phrases[group][name]
                found += 1
                assert placeholders(text) <= {one.arg for one in call.keywords}, text
    assert found > 20


def test_an_observation_says_its_sentences_with_its_values() -> None:
    data = {"host": "h", "port": 1, "proxy": None, "version": "TLSv1.3", "issuer": None}
    seen = observe("network.tls", Status.PASS, data, variant="trusted")
    assert seen.summary == "The connection is encrypted (TLSv1.3) and the certificate is trusted."
    known = observe("network.tls", Status.PASS, data | {"issuer": "A Inc."}, variant="trusted")
    assert known.summary.endswith("trusted. It is issued by A Inc.")


def test_the_first_sentence_is_said_whatever_is_known() -> None:
    seen = observe("event.draft", Status.FAIL, {})
    assert seen.summary == "It is a draft, not published."
    assert observe("event.city", Status.PASS, {"city": " "}).summary == f"Its city is {NOT_KNOWN}."
    assert phrase("wait", "told", wait=None) == f"wait {NOT_KNOWN}"


def test_what_stands_in_a_value_is_no_placeholder() -> None:
    seen = observe("event.city", Status.PASS, {"city": "{host}"})
    assert seen.summary == "Its city is {host}."


def test_they_are_not_read_before_a_check_speaks() -> None:
    code = (
        "import pinned_tui.checks.run, pinned_tui.checks.observations as o;"
        "print(o.load_sentences.cache_info().currsize)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "0"


GOOD = (Path(checks.__path__[0]) / "data" / "observations.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"key.missing" =', '"key.mislaid" =', "no probe reports key.mislaid"),
        ('"key.missing" = "There is no key to check."', "", "no sentence for key.missing"),
        ("no key to check.", "no {key to check.", "stray brace"),
        ("no key to check.", "no key to check. ", "space at an end"),
        ("[sentences]", "[sentence]", "sentence"),
        ('"There is no key to check."', "7", "sentences"),
        ('"{count} event fits"', '"{count event fits"', "stray brace"),
    ],
)
def test_a_slip_is_found_when_they_are_read(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in GOOD
    file = tmp_path / "observations.toml"
    file.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(CatalogError, match=rf"observations\.toml: .*{fault}"):
        read_sentences(file)


def test_what_an_observation_has_is_held_against_the_table() -> None:
    assert fault_of("key.missing", "key", ()) is None
    assert fault_of("key.mislaid", "key", ()) == "key.mislaid: not in the table"
    assert fault_of("key.missing", "network", ()) == "key.missing: reported by network"
    assert fault_of("payload.readable", "payload-form", ()) == "payload.readable: lacks fields"
    assert fault_of("key.missing", "key", ("host",)) == "key.missing: has host"


def test_one_sentence_needs_no_list() -> None:
    made = Sentences({"a": "A.", "b": ("B.", "C.")}, {})
    assert (made.of("a"), made.of("b")) == (("A.",), ("B.", "C."))
