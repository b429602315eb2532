"""How an inspection reads: the place, the line, what it is, the timeline, and the fix last."""

import random
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from pinned_tui.checks.inspection_run import Handed, inspected, new_inspection
from pinned_tui.inspect.dispatch import look
from pinned_tui.inspect.model import InspectionContext, read_text
from pinned_tui.report import markdown, text
from pinned_tui.report.text import windowed
from pinned_tui.session import Session
from tests.inspect.traffic import BODY, FIRST, SECOND, ndjson, row
from tests.samples import TurnedClock


def session_of(pasted_text: str) -> Session:
    pasted = read_text(pasted_text)
    inspection = look(pasted, InspectionContext(now=datetime(2026, 11, 28, 12, tzinfo=UTC)))
    begun = new_inspection(
        base_url="https://pinned.events", clock=TurnedClock(), chance=random.Random(1)
    )
    handed = Handed(pasted.text, "pasted", pasted.size)
    return inspected(begun, handed, inspection, clock=TurnedClock())


LOG = ndjson(
    row(0, 504, FIRST, body=BODY),
    row(2, 201, SECOND, body=BODY, response={"doc": {"id": 4711}}),
    row(400, 201, SECOND, body=BODY, response={"doc": {"id": 4711}}),
)
WIDE = '{"題名":"音楽の夕べ","error":{"code":"conflict","message":"x","requestId":"r"}}'


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_no_line_is_wider_than_asked_for(width: int) -> None:
    for pasted in (LOG, WIDE):
        lines = text.render(session_of(pasted), width=width).splitlines()
        assert max(map(cell_len, lines)) <= min(width, 100)


def test_the_mark_stands_below_its_part_of_a_line_with_wide_characters() -> None:
    lines = text.render(session_of(WIDE)).splitlines()
    at = next(number for number, one in enumerate(lines) if set(one) & {"^"})
    above, marks = lines[at - 1], lines[at]
    before = above[: above.index('"conflict"')]
    assert cell_len(before) == marks.index("^")
    assert marks.count("^") == len('"conflict"')


def test_what_was_not_asked_of_a_server_is_not_spoken_of() -> None:
    session = session_of(LOG)
    for written in (text.render(session), markdown.render(session)):
        assert "Sent 0" not in written
        assert "none was given" not in written
        assert "Scopes" not in written
        assert "Nothing was sent" in written


def test_the_timeline_tells_times_marks_and_keys_at_a_glance() -> None:
    written = text.render(session_of(LOG))
    assert "10:00:00 POST /events 504 ✗ failed" in written
    assert "+2.0 s POST /events 201 ✓ created" in written
    assert "⋮" in written
    assert "↺ replayed" in written
    assert f"A = {FIRST}" in written
    assert f"B = {SECOND}" in written


def test_the_fix_is_last_in_text() -> None:
    written = text.render(session_of(LOG))
    places = [written.index(part) for part in ("What was found", "Timeline", "What to do")]
    assert places == sorted(places)


def test_the_report_says_what_was_inspected() -> None:
    report = markdown.render(session_of(LOG))
    assert "## What was inspected" in report
    assert "## Timeline of 3 requests" in report
    assert "| 2 | \\+2.0 s | `POST /events` | 201 | ✓ created | B |" in report


def test_a_healthy_input_says_so() -> None:
    healthy = session_of(ndjson(row(0, body=BODY, response={"doc": {"id": 1}})))
    assert "No problems found in this input" in text.render(healthy)
    assert "No problems found in this input" in markdown.render(healthy)


@pytest.mark.parametrize("width", range(10, 60, 7))
@pytest.mark.parametrize("at", [0, 5, 50, 99])
def test_the_part_in_question_stays_in_the_window(width: int, at: int) -> None:
    line = ("x語" * 60)[:at] + "!" + ("語y" * 60)
    shown, mark = windowed(line, (at, 1), width)
    assert cell_len(shown) <= width
    assert mark is not None
    assert shown[mark[0]] == "!"
