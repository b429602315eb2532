"""Explanations of causes, statuses, error codes and sections, and how they are laid out."""

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.diagnosis import catalog as module
from pinned_tui.diagnosis.catalog import SECTIONS, CatalogError, load_catalogue
from pinned_tui.diagnosis.explain import Explanation, explain, render_text, suggestions
from pinned_tui.diagnosis.explain_topics import load_topics, read_topics

CODES = {
    "invalid_request": 400,
    "invalid_api_key": 401,
    "insufficient_scope": 403,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "rate_limited": 429,
    "internal_error": 500,
}
"""The error codes that the vendor documents."""

GUIDE = (
    "unauthorized",
    "forbidden",
    "missing-scope",
    "wrong-channel",
    "validation",
    "duplicates",
    "rate-limits",
    "lost-secret",
    "not-visible",
)
"""The ids of the guide's sections, in order."""


def explained(code: str) -> Explanation:
    explanation = explain(code, load_catalogue(), load_topics())
    assert explanation is not None, code
    return explanation


def everything() -> list[Explanation]:
    codes = [cause.id for cause in load_catalogue()]
    codes += [*CODES, *SECTIONS, *(str(status) for status in range(100, 600))]
    return [explained(code) for code in codes]


# What can be explained


@pytest.mark.parametrize("cause", load_catalogue(), ids=lambda cause: cause.id)
def test_every_cause_is_explained(cause: module.Cause) -> None:
    for code in (cause.id, cause.id.upper(), f"  {cause.id}\n", cause.id.replace("-", " ")):
        explanation = explained(code)
        assert (explanation.kind, explanation.code) == ("cause", cause.id)
    explanation = explained(cause.id)
    assert explanation.section == cause.section
    assert explanation.docs == cause.docs_url
    assert explanation.verify
    assert tuple(named.id for named in explanation.causes) == cause.related


def test_every_status_is_explained() -> None:
    for status in range(100, 600):
        for code in (f"{status}", f"HTTP {status}", f"http{status}", f"status code {status}"):
            explanation = explained(code)
            assert (explanation.kind, explanation.code) == ("status", str(status))
            assert explanation.title.startswith(f"HTTP {status}: ")
            assert explanation.causes, code


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("HTTP/1.1 404 Not Found", "404"),
        ("HTTP/2 503", "503"),
        ("429 Too Many Requests", "429"),
        ("HTTP 403 Forbidden", "403"),
    ],
)
def test_a_status_line_is_understood(line: str, status: str) -> None:
    assert (explained(line).kind, explained(line).code) == ("status", status)


@pytest.mark.parametrize(("code", "status"), CODES.items())
def test_every_error_code_is_explained(code: str, status: int) -> None:
    for written in (code, code.upper(), f" {code} "):
        explanation = explained(written)
        assert (explanation.kind, explanation.code) == ("code", code)
    assert str(status) in explained(code).title
    assert explained(code).causes


@pytest.mark.parametrize(("number", "section_id"), list(enumerate(GUIDE, start=1)))
def test_every_section_of_the_guide_is_explained(number: int, section_id: str) -> None:
    title = SECTIONS[number - 1]
    for code in (title, title.upper(), str(number), f"Section {number}"):
        explanation = explained(code)
        assert (explanation.kind, explanation.code) == ("section", section_id)
        assert explanation.title == f"Section {number}: {title}"
    if section_id not in CODES:
        assert explained(section_id) == explained(title)


def test_forbidden_is_the_error_code_and_leads_to_the_section() -> None:
    assert explained("forbidden").kind == "code"
    assert any("pinned-tui explain 2" in text for text in explained("forbidden").paragraphs)
    assert explained("2").title == "Section 2: 403 Forbidden"


def test_a_section_names_all_of_its_causes() -> None:
    for title in SECTIONS:
        own = {cause.id for cause in load_catalogue() if cause.section == title}
        named = [cause.id for cause in explained(title).causes]
        assert own <= set(named)
        assert len(named) == len(set(named))


def test_hyphen_and_underscore_tell_a_cause_from_an_error_code() -> None:
    assert explained("rate-limited").kind == "cause"
    assert explained("rate_limited").kind == "code"
    assert explained("INSUFFICIENT SCOPE").code == "insufficient_scope"
    assert explained("missing_scope").code == "missing-scope"


@pytest.mark.parametrize("code", ["", " ", "0", "10", "99", "600", "4030", "zzzz", "🙂"])
def test_what_nothing_goes_by_is_not_explained(code: str) -> None:
    assert explain(code, load_catalogue(), load_topics()) is None


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("scope-misssing", "scope-missing"),
        ("KEY_REJECTD", "key-rejected"),
        ("insuficient_scope", "insufficient_scope"),
        ("Rate limitz", "rate-limits"),
        ("chanel-not-accessible", "channel-not-accessible"),
    ],
)
def test_a_slip_of_the_pen_gets_suggestions(code: str, meant: str) -> None:
    names = suggestions(code, load_catalogue(), load_topics())
    assert names[0] == meant
    assert len(names) <= 3
    assert all(explain(name, load_catalogue(), load_topics()) for name in names)


def test_nonsense_gets_no_suggestions() -> None:
    assert suggestions("zzzz", load_catalogue(), load_topics()) == ()


NAMES = [name for code in everything() for name in (code.code, code.title)]


@given(st.text() | st.sampled_from(NAMES).flatmap(lambda name: st.text(alphabet=name, max_size=30)))
def test_any_text_gives_an_explanation_or_none(text: str) -> None:
    explanation = explain(text, load_catalogue(), load_topics())
    close = suggestions(text, load_catalogue(), load_topics())
    assert all(explain(name, load_catalogue(), load_topics()) is not None for name in close)
    if explanation is not None:
        again = explain(explanation.code, load_catalogue(), load_topics())
        assert again is not None
        assert again.code == explanation.code


# How it reads


def test_every_explanation_is_complete_and_short() -> None:
    for explanation in everything():
        assert explanation.title
        assert explanation.paragraphs
        assert explanation.fix
        assert explanation.docs.startswith("https://pinned.events/developers/docs/")
        for text in (explanation.title, *explanation.fix, *explanation.alternatives):
            assert len(text) <= 220, text
        for text in (explanation.title, *explanation.paragraphs, *explanation.fix):
            assert not re.search(r"[{}!]|  |\.\.", text), text


def test_commands_in_topics_are_ours() -> None:
    for explanation in everything():
        for text in (*explanation.paragraphs, *explanation.fix):
            for command in re.findall(r": pinned-tui (\S+)", text):
                assert command in {"check", "explain", "sandbox"}, text


@pytest.mark.parametrize("width", [30, 60, 80, 120])
def test_lines_keep_to_the_width(width: int) -> None:
    """Only a single word may be longer: an address, a variable, an id of a cause."""
    one_word = re.compile(r" *(?:\d+\. |- )?\S+|Documentation: \S+")
    for explanation in everything():
        advice = explanation.advice
        code = {x for s in advice.samples for x in s.text.splitlines()} if advice else set()
        for line in render_text(explanation, width).splitlines():
            if width < 80 and line.removeprefix("    ") in code:
                continue  # code stays as it is, so that it can be copied
            assert len(line) <= width or one_word.fullmatch(line), line


def test_the_text_holds_all_of_the_explanation() -> None:
    for explanation in everything():
        text = " ".join(render_text(explanation, 60).split())
        parts = (
            explanation.title,
            *explanation.paragraphs,
            *explanation.alternatives,
            *explanation.fix,
            *(cause.id for cause in explanation.causes),
            *(cause.title for cause in explanation.causes),
            explanation.verify or "",
            explanation.docs,
        )
        assert [part for part in parts if " ".join(part.split()) not in text] == []


def test_an_explanation_as_text() -> None:
    assert render_text(explained("event-draft"), 60) == (
        "The event is a draft\n"
        "event-draft · Event not visible\n"
        "\n"
        "The event in question exists, and its status is draft.\n"
        "Drafts are not shown to the public.\n"
        "\n"
        "pinned-tui finds it by a live check with your key, or in\n"
        "what you paste or name, without sending anything. If this is\n"
        "likely or certain, the check ends with exit code 1: there is\n"
        "something to fix.\n"
        "\n"
        "What to do\n"
        "  1. Publish the event: in Pinned Events, or through the API\n"
        "     by setting its status to published.\n"
        "  2. If your integration creates events that should be\n"
        "     public right away, send status published with the\n"
        "     create request.\n"
        "\n"
        "How you see that it worked\n"
        "  Run the check again: the event's status should be\n"
        "  published.\n"
        "\n"
        "See also\n"
        "  event-in-moderation  The event has not passed its review\n"
        "                       yet\n"
        "\n"
        "Documentation: https://pinned.events/developers/docs/create-events\n"
    )


# The loader is strict


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the topics of the package to where they can be spoilt."""
    return shutil.copytree(Path(module.__file__).parent / "data" / "explain", tmp_path / "explain")


def test_the_topics_of_the_package_are_read(folder: Path) -> None:
    assert read_topics(folder, load_catalogue()) == load_topics()
    assert load_topics() is load_topics()


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("codes.toml", 'causes = ["scope-missing"]', 'causes = ["scope-mising"]', "scope-mising"),
        ("codes.toml", 'code = "conflict"', 'code = "not_found"', "not_found appears twice"),
        ("codes.toml", "status = 409", 'status = "409"', "int"),
        ("codes.toml", 'docs = "idempotency"', 'docs = "idempotence"', "idempotence"),
        ("sections.toml", 'title = "Rate limits"', 'title = "Rate limit"', "titles"),
        ("sections.toml", "number = 9", "place = 9", "place"),
        ("statuses.toml", "first = 405", "first = 404", "404- appears twice"),
        ("words.toml", "note = ", "# note = ", "each outcome"),
        ("words.toml", "asked = ", "# asked = ", "each way"),
        ("words.toml", "asked = ", "guessed = ", "guessed"),
        ("words.toml", "[outcome]", "[outcome", "can't be read"),
    ],
)
def test_a_slip_in_a_topic_is_refused_and_named(
    folder: Path, file: str, old: str, new: str, complaint: str
) -> None:
    path = folder / file
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        read_topics(folder, load_catalogue())
    assert str(caught.value).startswith(f"{file}: ")
    assert complaint in str(caught.value)
