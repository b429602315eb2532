"""What most lines of most logs are, about something else, is told without reading them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinned_tui.inspect.logs import reader
from pinned_tui.inspect.logs.cues import NextCue
from pinned_tui.inspect.logs.reader import read_log
from pinned_tui.inspect.model import InspectionContext
from pinned_tui.inspect.secrets import CredentialCollector
from tests.corpus.reading import NOW
from tests.inspect.traffic import BODY, row

LOG_LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                json.dumps(row(1)),
                json.dumps(row(2, 429, trace_id="t1")),
                json.dumps(row(3, None, trace_id="t2")),
                json.dumps({"trace_id": "t2", "status": 201}),
                json.dumps({"level": "info", "msg": "event imported successfully"}),
                json.dumps({"level": "info", "msg": "job done"}),
                json.dumps(BODY),
                json.dumps({"title": "x", "timezone": "UTC"}),
                json.dumps({"error": {"code": "conflict", "message": "No."}}),
                "2026-11-28 10:00:00 POST https://pinned.events/api/public/v1/events",
                "2026-11-28 10:00:01 status 401",
                "2026-11-28 10:00:01 connection reset",
                "{ status: 401 }",
                "{",
                "",
                " \r",
            ]
        ),
        st.integers(1, 50).map(lambda count: "\n".join([f"{count} jobs"] * count)),
        st.integers(1, 50).map(lambda count: "\n".join(['{"level": "info"}'] * count)),
    ),
    max_size=12,
)


@settings(max_examples=300)
@given(LOG_LINES)
def test_lines_about_something_else_are_passed_over_as_if_they_were_read(lines: list[str]) -> None:
    text = "\n".join(["2026-11-28 09:59:00 start", *lines])
    context = InspectionContext(now=NOW)
    shortly = read_log(text, context, CredentialCollector(whole=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_ANY", ("",))  # which is in every line
        thoroughly = read_log(text, context, CredentialCollector(whole=False))
    assert shortly.seen == thoroughly.seen
    assert shortly.passed_over == thoroughly.passed_over
    assert shortly.unread == thoroughly.unread


@given(st.text("abx", max_size=40), st.lists(st.text("ab", min_size=1, max_size=3), max_size=4))
def test_the_next_cue_is_the_first_of_all(text: str, words: list[str]) -> None:
    cues = NextCue(text, tuple(words))
    for start in range(len(text)):
        found = [at for word in words if (at := text.find(word, start)) >= 0]
        assert cues.after(start) == min(found, default=len(text))
