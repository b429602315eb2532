"""The sentences of an inspection: none is missing or unused, and each gets what it asks for."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pinned_tui.inspect
from pinned_tui.diagnosis.templates import SentenceError, placeholders
from pinned_tui.inspect.sentences import load_sentences, say
from pinned_tui.inspect.tables import load_table

ROOM = Path(pinned_tui.inspect.__file__).parent
FILES = sorted(path.stem for path in (ROOM / "data" / "sentences").glob("*.toml"))


@dataclass(frozen=True)
class Call:
    """A call of :func:`say`: which sentences it may choose, and the values that it gives."""

    place: str
    keys: tuple[str, ...]
    given: frozenset[str]
    chosen_at_run_time: bool


def _all_keys() -> dict[str, str]:
    return {f"{file}.{key}": text for file in FILES for key, text in load_sentences(file).items()}


ALL = _all_keys()


def _patterns(node: ast.expr) -> Iterator[str]:
    """Return what a key may be, as regular expressions."""
    match node:
        case ast.Constant(value=str() as text):
            yield re.escape(text)
        case ast.IfExp():
            yield from _patterns(node.body)
            yield from _patterns(node.orelse)
        case ast.JoinedStr():
            yield "".join(
                re.escape(part.value)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
                else "[A-Za-z0-9-]+"
                for part in node.values
            )
        case _:
            raise AssertionError(f"a key of say() that nobody can search for: {ast.dump(node)}")


def _calls() -> Iterator[Call]:
    for path in sorted(ROOM.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"):
                continue
            place = f"{path.relative_to(ROOM)}:{node.lineno}"
            patterns = list(_patterns(node.args[0]))
            keys = tuple(k for k in ALL if any(re.fullmatch(p, k) for p in patterns))
            assert keys, f"{place}: no such sentence: {patterns}"
            given = frozenset(word.arg for word in node.keywords if word.arg is not None)
            assert len(given) == len(node.keywords), f"{place}: values must be named"
            yield Call(place, keys, given, isinstance(node.args[0], ast.JoinedStr))


CALLS = list(_calls())


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.place)
def test_each_call_gives_what_its_sentences_ask_for(call: Call) -> None:
    for key in call.keys:
        asked = placeholders(ALL[key])
        if call.chosen_at_run_time:
            assert asked <= call.given, key
        else:
            assert asked == call.given, key


def test_no_sentence_is_unused() -> None:
    used = {key for call in CALLS for key in call.keys}
    assert sorted(ALL.keys() - used) == []


def test_no_value_is_given_in_vain() -> None:
    """Where a variant is chosen at run time, each value belongs to one of them at least."""
    for call in CALLS:
        asked = frozenset[str]().union(*(placeholders(ALL[key]) for key in call.keys))
        assert call.given <= asked, call.place


BEGINNINGS = re.compile(
    r"input\.(?:command\.\w+|log\.(?:lines|har)|[\w-]+\.short)"
    r"|response\.(?:beginning\.[\w-]+|summary\.body)"
)
"""What begins with a capital and is no sentence: a title, and how a summary begins."""


@pytest.mark.parametrize("key", ALL)
def test_a_sentence_reads_as_one(key: str) -> None:
    """It begins with a capital and ends with a full stop; a part of one does neither."""
    text = ALL[key]
    assert "  " not in text
    if text[0].isupper() and not text.endswith("}") and not BEGINNINGS.fullmatch(key):
        assert text.endswith("."), text


@given(st.text(max_size=40))
def test_any_text_can_be_put_into_a_sentence(text: str) -> None:
    said = say("request.url-wrong-host.other", host=text, api="pinned.events")
    assert (text if text.strip() else "(empty)") in said
    assert said.endswith("the API is at pinned.events.")


def test_an_unknown_sentence_and_a_missing_value_are_errors_of_the_program() -> None:
    with pytest.raises(SentenceError, match="unknown sentence"):
        say("request.url-wrong-host.nowhere")
    with pytest.raises(SentenceError, match="not given"):
        say("request.url-wrong-host.other", host="a")


def test_a_table_that_is_not_what_it_should_be_is_refused() -> None:
    with pytest.raises(ValueError, match=r"sentences/request\.toml"):
        load_table("sentences/request", dict[str, int])
