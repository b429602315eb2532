"""The small parts of the TUI, each by itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from rich.segment import Segment
from textual.color import Color
from textual.geometry import Size

from pinned_tui.checks.run import Progress
from pinned_tui.core.crash_report import describe, record
from pinned_tui.guide.loader import load_guide
from pinned_tui.guide.walker import answer, enter
from pinned_tui.redaction.sanitize import is_clean
from pinned_tui.redaction.secret import Secret
from pinned_tui.report.before_after import both_in_short
from pinned_tui.report.comparison import compare
from pinned_tui.session import Fate, Observation, Proven, Status, replace
from pinned_tui.tui.services import Notices
from pinned_tui.tui.state import merged, reported_causes
from pinned_tui.tui.terminal import ControlGuard
from pinned_tui.tui.widgets.blocks import draw
from pinned_tui.tui.widgets.checks import check_body
from pinned_tui.tui.widgets.text import HangingIndent
from tests.samples import plain, told
from tests.sampling import one_in
from tests.tui.tui_stage import StandingClock, demo, services, staged

KEY = "pe_live_Zq8sT3vX0aLm7RkYw2NcB5hJ"


# -- crashes -----------------------------------------------------------------------------------


def failing(secret: str) -> None:
    local = secret
    try:
        dict[str, str]()[local]
    except KeyError as error:
        raise ValueError(f"no use for {local}") from error


def test_a_crash_is_described_by_places_and_never_by_values() -> None:
    with pytest.raises(ValueError, match="no use") as caught:
        failing(KEY)
    text = describe(caught.value, at="2026-06-12T09:30:00Z", secrets=[Secret(KEY, source="file")])
    assert "ValueError" in text
    assert "KeyError" in text
    assert "test_tui_parts.py" in text
    assert ":failing" in text
    assert KEY not in text
    assert "local" not in text
    assert str(Path(__file__).parent) not in text


def test_a_crash_that_cannot_be_written_is_shown_instead(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("not a folder")
    crash = record(RuntimeError("boom"), clock=StandingClock(), folder=taken, secrets=[])
    assert crash.path is None
    assert "RuntimeError" in crash.apology


# -- the guard ---------------------------------------------------------------------------------


@given(st.lists(st.text(max_size=20), max_size=4))
def test_no_unsafe_character_comes_through_the_guard(texts: list[str]) -> None:
    segments = [Segment(text.replace("\n", "").replace("\t", "")) for text in texts]
    drawn = ControlGuard().apply(segments, Color(0, 0, 0))
    assert all(is_clean(text) for text, _, _ in drawn)


def test_clean_lines_go_through_the_guard_as_they_are() -> None:
    segments = [Segment("plain"), Segment(" and “typeset” ✓")]
    assert ControlGuard().apply(segments, Color(0, 0, 0)) == segments


# -- text --------------------------------------------------------------------------------------


@given(st.text(max_size=200), st.integers(min_value=6, max_value=60))
def test_a_hanging_paragraph_is_as_high_as_it_says(text: str, width: int) -> None:
    paragraph = HangingIndent("12.", text)
    lines = paragraph._lines(width)
    assert paragraph.get_content_height(Size(80, 24), Size(80, 24), width) == len(lines)
    assert lines[0].plain.startswith("12. ")
    assert all(line.plain.startswith("    ") for line in lines[1:])


# -- merging -----------------------------------------------------------------------------------


def test_a_check_and_a_walk_at_the_same_time_lose_nothing() -> None:
    guide = load_guide()
    begun = enter(guide, plain(), "unauthorized")
    walked = answer(guide, begun, "unsure", at="2026-06-12T09:30:00Z")
    both = merged(walked, begun)
    assert both.answers == walked.answers
    assert both.step == walked.step
    assert both.observations == begun.observations


def test_answers_from_before_a_fix_conclude_nothing_after_it() -> None:
    guide = load_guide()
    at = "2026-06-12T09:30:00Z"
    session = enter(guide, plain(), "duplicates")
    session = answer(guide, session, "copies", at=at)
    session = answer(guide, session, "missing", at=at)
    assert [one.cause for one in reported_causes(session, guide)] == ["idempotency-key-missing"]
    assert reported_causes(session, guide, since=len(session.answers)) == ()


# -- notices -----------------------------------------------------------------------------------


def test_what_is_said_before_there_is_a_screen_waits_for_it() -> None:
    notices = Notices()
    notices("first")
    heard: list[str] = []
    notices.listen(heard.append)
    notices("second")
    assert heard == ["first", "second"]
    notices.unlisten()
    notices("third")
    assert heard == ["first", "second"]
    assert notices.rest() == ["third"]
    assert notices.rest() == []


# -- odd terminals -----------------------------------------------------------------------------


@pytest.mark.parametrize("size", one_in(3, [((24, 8),), ((200, 12),), ((40, 60),)]))
async def test_odd_sizes_do_no_harm(tmp_path: Path, size: tuple[int, int]) -> None:
    with demo() as sandbox:
        async with staged(services(tmp_path, demo=sandbox), size) as stage:
            await stage.press("2")
            await stage.on("connect")
            await stage.press("enter")
            await stage.on("step")
            await stage.idle()
            await stage.walk()
            await stage.press("x")
            await stage.on("exchanges")
            await stage.press("escape", "question_mark")
            await stage.on("HelpScreen")


# -- live checks -------------------------------------------------------------------------------


def test_a_check_keeps_the_reason_why_it_failed_whatever_the_question_is_about() -> None:
    look = Progress("event", "Look the event up", "done", "It has no image.", Status.FAIL)
    fine = Observation(
        id="obs-1", run="run-1", probe="event", code="event.published", status=Status.PASS,
        summary="Its status is published.",
    )  # fmt: skip
    own = structs.replace(fine, summary=look.message, status=Status.FAIL)

    def body(*seen: Observation, beside: bool) -> list[str]:
        return check_body(look, seen, brief=True, beside=beside).plain.splitlines()

    assert body(fine, beside=False) == [
        "Look the event up", "✗ It has no image.", "✓ Its status is published.",
    ]  # fmt: skip
    assert body(own, beside=False) == ["Look the event up", "✗ It has no image."]
    assert body(fine, beside=True) == ["Look the event up", "fail: It has no image."]
    assert body(own, beside=True) == ["Look the event up"], "it is said beside it"


# -- before and after --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fate", "sign", "word"),
    [
        ("gone", "✓", "Fixed"),
        ("staying", "✗", "Not fixed"),
        ("not proven", "?", "Not verified"),
        ("asked differently", "–", "Different question"),  # noqa: RUF001 - a dash as wide
        ("only told", "–", "Not re-tested"),  # noqa: RUF001 - a dash as wide
    ],
)
def test_what_became_of_a_fault_has_a_sign_a_word_and_its_reason(
    fate: Fate, sign: str, word: str
) -> None:
    session = told()
    verdict = session.runs[0].verdicts[0]
    proof = Proven(
        cause=verdict.cause, subject=verdict.subject, title=verdict.title, fate=fate,
        certainty=verdict.certainty, why="That is why.",
    )  # fmt: skip
    comparison = compare(replace(session, proof=(proof,)))
    assert comparison is not None
    shown = next(one for one in draw(both_in_short(comparison)) if isinstance(one, HangingIndent))
    lines = [content.plain.rstrip() for content in shown._lines(60)]
    assert lines == [f"{sign} {word}: The key lacks the scope events:read", "  That is why."]
