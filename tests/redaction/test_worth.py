"""What is worth looking for, and what of it tells something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinned_tui.client.client import WRONG_KEY
from pinned_tui.redaction.secret_strength import (
    Grade,
    grade,
    is_placeholder,
    is_secret_worthy,
    is_wordy,
    weigh,
)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("pinned_events_live_4f9a8b7c", b"4f9a8b7c"),
        ("PinnedEventsLive4f9a8b7c", b"4f9a8b7c"),
        ("sk-test-q7Zr", b"q7Zr"),
        ("Bearer q7Zr", b"q7Zr"),
        ("YOUR_API_KEY", b""),
        (WRONG_KEY, b""),
        ("8f-me-2a", b"8f2a"),
        ("8f3me92a", b"8f3me92a"),
        ("livelihood", b"livelihood"),
        ("clé", b"cl"),
    ],
)
def test_everyday_words_tell_nothing(value: str, told: bytes) -> None:
    assert weigh(value).told == told


def test_signs_weigh_beside_what_tells() -> None:
    weights = weigh("my_key-a1.b2")
    shown = "".join("x" if weighs else "." for weighs in weights.weighing)
    assert shown == "......xxxxxx"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("q7Zr4tKw91xV", Grade.FULL),
        ("pinned_events_live_q7Zr4tKw", Grade.FULL),
        ("correct-horse", Grade.FULL),
        ("$q7Zr4tKw91xV", Grade.FULL),
        ("[q7Zr4tKw91xV]", Grade.FULL),
        ("1234567890123456", Grade.FULL),
        ("20261123120000", Grade.LITERAL),
        ("hunter2!", Grade.LITERAL),
        ("!@#$%^&*()", Grade.LITERAL),
        ("pinned_events_live_q7Zr", Grade.LITERAL),
        (" q7Zr4 ", Grade.NONE),
        ("aaaaaaaa", Grade.NONE),
        ("", Grade.NONE),
        ("YOUR_API_KEY", Grade.NONE),
        ("xxxxxxxx", Grade.NONE),
        ("********", Grade.NONE),
        ("${PINNED_EVENTS_API_KEY}", Grade.NONE),
        ("events:read", Grade.NONE),
    ],
)
def test_grades(value: str, expected: Grade) -> None:
    assert grade(value) is expected
    assert is_secret_worthy(value) is (expected is Grade.FULL)


@pytest.mark.parametrize("value", ["$KEY_9", "[key-1]", "<acme key 7>", "{{ x1 }}", "pk_${E}_q7Zr"])
def test_a_template_is_a_placeholder_but_not_wordy(value: str) -> None:
    assert is_placeholder(value)
    assert not is_wordy(value)


WEIGHTS = weigh("pinned_events_live_q7Zr4tKw91xVbNm2Lp8s")


@pytest.mark.parametrize(
    ("part", "gives_away"),
    [
        ("q7Zr4tKw91xVbNm2Lp8s", True),
        ("7Zr4tKw91xVb", True),
        ("q7Zr4tKw91x", True),
        ("7Zr4tKw91xV", False),
        ("pinned_events_live_q7", False),
        ("live_q7Zr4tKw", False),
    ],
)
def test_a_part_gives_away_what_it_tells(part: str, gives_away: bool) -> None:
    first = WEIGHTS.octets.decode().index(part)
    assert WEIGHTS.gives_away(first, first + len(part) - 1) is gives_away


def test_a_part_of_one_kind_must_be_most_of_the_value() -> None:
    letters = weigh("qzvwkxjhrpbdnqzvwkxjhrpbdn")
    assert not letters.gives_away(0, 11)
    assert letters.gives_away(0, 19)
    repeated = weigh("a1a1a1a1a1a1a1a1-q7Zr4tKw91xV")
    assert not repeated.gives_away(0, 15)


@given(st.text(st.characters(codec=None)))
def test_the_grade_of_any_text_follows_from_what_it_tells(value: str) -> None:
    graded = grade(value)
    if graded is Grade.FULL:
        assert len(weigh(value).told) >= 8
    if is_wordy(value):
        assert graded is Grade.NONE


@given(st.text(), st.data())
def test_more_of_a_value_never_gives_less_away(value: str, data: st.DataObject) -> None:
    weights = weigh(value)
    if not weights.told:
        return
    last = len(weights.octets) - 1
    start = data.draw(st.integers(0, last))
    end = data.draw(st.integers(start, last))
    assert weights.gives_away(0, last)
    if weights.gives_away(start, end):
        assert weights.gives_away(max(start - 1, 0), min(end + 1, last))
