"""The words of the house: what a user reads, and what a class is called."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "pinned_tui"

UNIDIOMATIC = {
    r"\bmend(s|ed|ing)?\b": "fix",
    r"\bthe person\b": "user, or you",
    r"\btaken for\b": "this looks like",
    r"\bcan't be (a|meant|the)\b": "invalid",
    r"\bone word too many\b": "unexpected argument",
    r"\bas far as it shows\b": "no problems found",
    r"\bno longer found\b|\bnot proven\b|\basked differently\b|\bnot tested again\b": (
        "fixed, not fixed, not verified, different question, not re-tested"
    ),
    r"\bstill found\b": "not fixed",
    r"\bthis and not another\b": "why this cause",
    r"\bof an earlier text\b": "results are for the previous text",
    r"\b(does not|doesn't) tell\b|\btold (by|of)\b": "show, say",
    r"\bsomebody('s|s| else)?\b": "someone, or the name of who it is",
    r"\b(the|an|this|its|each|every|first|last) (HTTP )?answers? "
    r"(of|from|for|has|was|is|came|comes|carries|with|without|in question)\b": "response",
    r"\b(no|one|whole|raw|whose|API's) answers?\b|\bgives (this|an) answer\b": "response",
    r"\bnobody knows whom\b|\bso that nothing tells\b|\btold to wait\b": "unknown, show, asked",
    r"(?<!there )\b(is|are) no (valid |whole )?(?!longer\b|more\b)\w+": "isn't a, or invalid",
}
"""What an English-speaking engineer would not have written, and what they would have."""

STATES = {"not proven", "asked differently", "only told"}
"""Values of the JSON document that stand for themselves in code; users read their labels."""

HOMONYMS: dict[str, str] = {}
"""Public classes of one name in several modules, each with the reason."""


def _docstrings(tree: ast.Module) -> set[int]:
    """Return the ids of the nodes that are docstrings, of attributes too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(id(node.value))
    return found


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


@cache
def sentences() -> tuple[tuple[str, str], ...]:
    """Return where and what: every text of the package that has words, and the README."""
    return tuple(_sentences())


def _sentences() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        skipped = _docstrings(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            text = node.value.strip()
            if id(node) not in skipped and " " in text and text not in STATES:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", text
    for path in sorted(PACKAGE.rglob("*.toml")):
        for text in _texts(tomllib.loads(path.read_text("utf-8"))):
            yield str(path.relative_to(ROOT)), text
    for name in ("README.md", "CHANGELOG.md"):
        for number, line in enumerate((ROOT / name).read_text("utf-8").splitlines(), start=1):
            yield f"{name}:{number}", line


@pytest.mark.parametrize("pattern", UNIDIOMATIC)
def test_no_user_reads_a_word_that_the_glossary_replaces(pattern: str) -> None:
    wrong = re.compile(pattern, re.IGNORECASE)
    found = [f"{where}: {text.strip()[:120]}" for where, text in sentences() if wrong.search(text)]
    assert not found, f"better: {UNIDIOMATIC[pattern]}\n" + "\n".join(found)


def test_a_public_class_name_means_one_thing() -> None:
    defined = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                defined[node.name].append(str(path.relative_to(PACKAGE)))
    several = {name: where for name, where in defined.items() if len(where) > 1}
    assert several.keys() == HOMONYMS.keys(), several
    assert len(HOMONYMS) <= 10
    assert all(HOMONYMS.values())


RESPONSE_ROOMS = ("api_spec", "client", "inspect", "diagnosis/rules")
"""Where an answer is never the reply to a question of the guide."""

CONTRACTS = {"ANSWER", "answered_by"}
"""Names that stand in JSON or on the command line as they are."""


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Name():
                yield node.id
            case ast.Attribute():
                yield node.attr


@pytest.mark.parametrize("room", RESPONSE_ROOMS)
def test_an_http_response_is_called_one(room: str) -> None:
    wrong = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for name in _names(ast.parse(path.read_text("utf-8")))
        if "answer" in name.lower().replace("unanswered", "") and name not in CONTRACTS
    }
    assert not wrong


def test_the_top_of_the_package_holds_no_module() -> None:
    assert {one.name for one in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}
